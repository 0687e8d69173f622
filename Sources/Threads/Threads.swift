import Glibc

/// Calls `body` with each number below `count`, each on a thread of its own and 0 on the caller's, and returns when all
/// have returned.
///
/// The calls must not wait for one another: where the system gives no more threads, the caller's makes the rest of them
/// one after the other.
func concurrently(_ count: Int, _ body: @Sendable (Int) -> Void) {
    guard count > 0 else { return }
    withThreads(count - 1) {
        body($0 + 1)
    } meanwhile: { started in
        body(0)
        for missing in started + 1..<max(count, started + 1) { body(missing) }
    }
}

/// Runs `body` with each number below `count` on a POSIX thread of its own and `work` on the caller's; returns or throws
/// what `work` does, after all threads have ended. `work` is told how many threads the system gave; the numbers up to
/// that are running.
///
/// Stacks have the system's default size (`ulimit -s`, 8 MiB as a rule).
func withThreads<Failure: Error>(
    _ count: Int, _ body: @Sendable (Int) -> Void, meanwhile work: (_ started: Int) throws(Failure) -> Void
) throws(Failure) {
    // Every thread has ended, and let go of `body`, when the scope below does.
    let outcome: Result<Void, Failure> = withoutActuallyEscaping(body) { body in
        var threads: [pthread_t] = []
        while threads.count < count, let thread = startThread(number: threads.count, body) { threads.append(thread) }
        defer { for thread in threads { pthread_join(thread, nil) } }
        do throws(Failure) {
            return .success(try work(threads.count))
        } catch {
            return .failure(error)
        }
    }
    try outcome.get()
}

/// Runs `body` on a POSIX thread of its own that nobody waits for; false where the system gives none. The end of the
/// process ends it.
public func startDetachedThread(_ body: @escaping @Sendable () -> Void) -> Bool {
    guard let thread = startThread(number: 0, { _ in body() }) else { return false }
    pthread_detach(thread)
    return true
}

/// What a new thread is handed.
private final class ThreadStart: Sendable {
    let number: Int
    let body: @Sendable (Int) -> Void

    init(_ number: Int, _ body: @escaping @Sendable (Int) -> Void) { (self.number, self.body) = (number, body) }
}

/// A new thread that runs `body`, or nil where the system has none left.
private func startThread(number: Int, _ body: @escaping @Sendable (Int) -> Void) -> pthread_t? {
    let start = unsafe Unmanaged.passRetained(ThreadStart(number, body))
    var thread = pthread_t()
    let code = unsafe pthread_create(
        &thread, nil,
        { argument in
            if let argument = unsafe argument {
                let start = unsafe Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue()
                start.body(start.number)
            }
            return nil
        }, start.toOpaque())
    guard code == 0 else {
        unsafe start.release()
        return nil
    }
    return thread
}
