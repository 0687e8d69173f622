import Glibc

/// Other programs that are run to their end.
public enum ChildProgram {
    /// Whether a program of that name is to be found in `PATH`.
    public static func exists(_ name: String) -> Bool {
        guard let path = unsafe getenv("PATH").map({ unsafe String(cString: $0) }) else { return false }
        return path.split(separator: ":").contains { folder in unsafe access("\(folder)/\(name)", X_OK) == 0 }
    }

    /// Runs a program that `PATH` finds, with these arguments, nothing on its standard streams and no environment. Its
    /// exit status; nil where it cannot be started, or a signal ended it.
    public static func run(_ name: String, _ arguments: [String]) -> Int32? {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            unsafe posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0)
        }
        var words: [UnsafeMutablePointer<CChar>?] = unsafe ([name] + arguments).map { unsafe strdup($0) }
        unsafe words.append(nil)
        defer { unsafe words.forEach { unsafe free($0) } }
        var process: pid_t = 0
        guard unsafe posix_spawnp(&process, name, &actions, nil, words, nil) == 0 else { return nil }
        var status: CInt = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { return nil }
        }
        return status & 0x7F == 0 ? Int32(status >> 8 & 0xFF) : nil
    }

    /// What a command of the shell writes to its standard output, up to `limit` bytes; nil where it fails.
    public static func shellOutput(_ command: String, limit: Int) -> [UInt8]? {
        guard let stream = unsafe popen(command, "r") else { return nil }
        var output = [UInt8](repeating: 0, count: limit)
        let count = unsafe fread(&output, 1, limit, stream)
        guard unsafe pclose(stream) == 0 else { return nil }
        return Array(output[..<count])
    }
}
