import Glibc
import Synchronization

/// A program that runs beside the test: started with exactly the arguments, variables, folder and streams it is given.
final class ChildProcess {
    /// Its process id.
    let identifier: pid_t
    private var end: CInt?

    /// Why a program could not be run, or did not end.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Where its streams lead: paths of files.
    struct Streams {
        var input = "/dev/null"
        let output: String
        let error: String
    }

    /// Starts a program. `env -C` sets the folder: the C library's own call for that is hidden from Swift.
    init(_ program: String, _ arguments: [String], environment: [String: String], folder: String, _ streams: Streams)
        throws
    {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, streams.input, O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(
            &actions, STDOUT_FILENO, streams.output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        unsafe posix_spawn_file_actions_addopen(
            &actions, STDERR_FILENO, streams.error, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        // Servers of other tests in this process listen on sockets that must not live on in a child. Closing what is not
        // open is no error.
        for descriptor in 3..<CInt(256) { unsafe posix_spawn_file_actions_addclose(&actions, descriptor) }
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // What the test process ignores or blocks is no business of the program.
        var defaults = sigset_t()
        unsafe sigemptyset(&defaults)
        unsafe posix_spawnattr_setsigmask(&attributes, &defaults)
        for signal in [SIGINT, SIGPIPE, SIGTERM] { unsafe sigaddset(&defaults, signal) }
        unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        var words = unsafe (["env", "-C", folder, program] + arguments).map { unsafe strdup($0) } + [nil]
        var variables = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer { unsafe (words + variables).forEach { unsafe free($0) } }
        var identifier: pid_t = 0
        let code = unsafe posix_spawn(&identifier, "/usr/bin/env", &actions, &attributes, &words, &variables)
        guard code == 0 else {
            throw Failure(description: "cannot start \(program): \(unsafe String(cString: strerror(code)))")
        }
        self.identifier = identifier
    }

    deinit {
        guard end == nil else { return }
        kill(identifier, SIGKILL)
        var status: CInt = 0
        unsafe waitpid(identifier, &status, 0)
    }

    /// Its exit code once it has ended, 128 and the signal's number where one ended it; nil while it runs.
    var exitCode: CInt? {
        if end != nil { return end }
        var status: CInt = 0
        guard unsafe waitpid(identifier, &status, WNOHANG) == identifier else { return nil }
        let signal = status & 0x7F
        end = signal == 0 ? (status >> 8) & 0xFF : 128 + signal
        return end
    }

    /// Waits for its end and gives the exit code; kills it and throws once the time is over.
    func wait(seconds: Double) throws -> CInt {
        guard let code = poll(seconds: seconds, { exitCode }) else {
            kill(identifier, SIGKILL)
            throw Failure(description: "process \(identifier) did not end within \(seconds) s")
        }
        return code
    }

    /// Sends it a signal.
    func send(_ signal: CInt) { kill(identifier, signal) }
}

/// Asks again and again until there is an answer, or until the time is over: then nil.
func poll<Answer>(seconds: Double, _ question: () throws -> Answer?) rethrows -> Answer? {
    let pause: Double = 0.002
    for _ in 0..<Int(seconds / pause) {
        if let answer = try question() { return answer }
        usleep(UInt32(pause * 1_000_000))
    }
    return try question()
}

/// How long something takes on this machine, now: what is to be killed in the middle is timed first.
func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    let taken = ContinuousClock.now - start
    return Double(taken.components.seconds) + Double(taken.components.attoseconds) / 1e18
}

/// The programs of this package that are tested from outside.
enum Program {
    static let archive = path(of: "osrs-archive")
    static let simulator = path(of: "hiscores-simulator")

    /// A product beside the test bundle, else in the package's build folder.
    private static func path(of name: String) -> String {
        var target = [CChar](repeating: 0, count: 4096)
        let count = unsafe readlink("/proc/self/exe", &target, target.count)
        let bundle = String(decoding: target.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let candidates = [folder(of: bundle), Package.folder + "/.build/debug"].map { "\($0)/\(name)" }
        return candidates.first { unsafe access($0, X_OK) == 0 } ?? candidates[0]
    }
}

/// Where things lie.
enum Package {
    /// The package's folder.
    static let folder = CommandLineTests.folder(of: #filePath, levels: 4)
}

private func folder(of path: String, levels: Int = 1) -> String {
    path.split(separator: "/", omittingEmptySubsequences: false).dropLast(levels).joined(separator: "/")
}
