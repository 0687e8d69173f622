import Glibc

/// A command of the shell that is handed bytes on its standard input. What it prints goes to standard error: standard
/// output belongs to data.
public enum ShellCommand {
    /// Why a command did not do what it was asked for.
    public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// The system refuses to start it; the text is its word on it.
        case notStarted(String)
        /// It ended with this status.
        case exited(Int)
        /// A signal of this number ended it.
        case killed(signal: Int)
        /// It took longer than so many milliseconds and was ended.
        case tooSlow(milliseconds: Int)
        /// It was ended, for nobody could wait any longer.
        case cutShort

        /// For a person.
        public var description: String {
            switch self {
            case .notStarted(let reason): "it cannot be started: \(reason)"
            case .exited(let status): "it ended with status \(status)"
            case .killed(let signal): "signal \(signal) ended it"
            case .tooSlow(let milliseconds): "it took longer than \(milliseconds / 1000) s and was ended"
            case .cutShort: "it was still running at the end and was ended"
            }
        }
    }

    /// Runs `sh -c COMMAND` with `input`, SIGPIPE being ignored (`Signals`), and waits for its end, `limit` milliseconds at
    /// most and only until `isCutShort`, which is asked often; then it and what it started are killed. A command that does
    /// not read all of its input has not failed for that.
    public static func run(
        _ command: String, input: [UInt8], limitMilliseconds limit: Int, isCutShort: () -> Bool = { false }
    ) throws(Failure) {
        var pipe: [CInt] = [-1, -1]
        guard unsafe Glibc.pipe(&pipe) == 0 else { throw .notStarted(lastError) }
        for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let (reading, writing) = (pipe[0], pipe[1])
        let process: pid_t
        do throws(Failure) { process = try start(command, reading) } catch {
            close(reading)
            close(writing)
            throw error
        }
        close(reading)
        let deadline = now() + limit
        write(input, to: writing, until: deadline, isCutShort)
        close(writing)
        try wait(for: process, until: deadline, limit, isCutShort)
    }

    /// Starts the shell as the head of a process group of its own, with the signals as they are by default.
    private static func start(_ command: String, _ input: CInt) throws(Failure) -> pid_t {
        var process = pid_t()
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, signal) }
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        let error = unsafe "sh".withCString { shell in
            unsafe "-c".withCString { flag in
                unsafe command.withCString { command in
                    let words = unsafe [shell, flag, command].map { unsafe UnsafeMutablePointer(mutating: $0) } + [nil]
                    return unsafe posix_spawn(&process, "/bin/sh", &actions, &attributes, words, environ)
                }
            }
        }
        guard error == 0 else { throw .notStarted(unsafe String(cString: strerror(error))) }
        return process
    }

    /// Writes until all is written, nobody reads any more, or the time is over.
    private static func write(
        _ bytes: [UInt8], to descriptor: CInt, until deadline: Int, _ isCutShort: () -> Bool
    ) {
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        var written = 0
        while written < bytes.count {
            let put = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), bytes.count - written)
            }
            if put >= 0 {
                written += put
            } else if errno == EAGAIN {
                let left = deadline - now()
                guard left > 0, !isCutShort() else { return }
                var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                unsafe Glibc.poll(&poll, 1, CInt(clamping: min(left, 50)))
            } else if errno != EINTR {
                return
            }
        }
    }

    /// Waits for the end of a process; kills its group when the time is over.
    private static func wait(
        for process: pid_t, until deadline: Int, _ limit: Int, _ isCutShort: () -> Bool
    ) throws(Failure) {
        var status = CInt()
        var failure: Failure?
        while true {
            let ended = unsafe waitpid(process, &status, failure != nil ? 0 : WNOHANG)
            if ended == process { break }
            if ended < 0, errno != EINTR { throw .notStarted(lastError) }
            guard ended == 0 else { continue }
            if now() >= deadline {
                failure = .tooSlow(milliseconds: limit)
            } else if isCutShort() {
                failure = .cutShort
            }
            if failure == nil {
                usleep(5000)
            } else {
                kill(-process, SIGKILL)
            }
        }
        if let failure { throw failure }
        // As WIFSIGNALED and WEXITSTATUS of <sys/wait.h> take the status apart.
        let signal = Int(status & 0x7F)
        guard signal == 0 else { throw .killed(signal: signal) }
        let code = Int(status >> 8) & 0xFF
        guard code == 0 else { throw .exited(code) }
    }

    private static var lastError: String { unsafe String(cString: strerror(errno)) }

    /// Milliseconds of a clock that nobody sets.
    private static func now() -> Int {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}
