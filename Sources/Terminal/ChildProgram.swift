import Glibc

/// Other programs that are run to their end.
public enum ChildProgram {
    /// Whether a program of that name is to be found in `PATH`.
    public static func exists(_ name: String) -> Bool { path(of: name) != nil }

    /// Where `PATH` has a program. Folders that are not named from the root on are passed over: they would be others in
    /// another working directory.
    private static func path(of name: String) -> String? {
        guard let path = unsafe getenv("PATH").map({ unsafe String(cString: $0) }) else { return nil }
        return path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
            .first { unsafe access($0, X_OK) == 0 }
    }

    /// Runs a program that `PATH` finds, with these arguments, in a folder, nothing on its standard streams and no
    /// environment. Its exit status; nil where it cannot be started, or a signal ended it.
    public static func run(_ name: String, _ arguments: [String], in folder: String) -> Int32? {
        guard let program = path(of: name) else { return nil }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
            unsafe posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_RDWR, 0)
        }
        var words: [UnsafeMutablePointer<CChar>?] = unsafe (["env", "-C", folder, program] + arguments).map {
            unsafe strdup($0)
        }
        unsafe words.append(nil)
        defer { unsafe words.forEach { unsafe free($0) } }
        var process: pid_t = 0
        // Glibc shows posix_spawn_file_actions_addchdir_np to C alone.
        guard unsafe posix_spawn(&process, "/usr/bin/env", &actions, nil, words, nil) == 0 else { return nil }
        var status: CInt = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { return nil }
        }
        return status & 0x7F == 0 ? Int32(status >> 8 & 0xFF) : nil
    }

    /// What a command of the shell writes to its standard output, up to `limit` bytes; nil where it fails. It may be a secret,
    /// so no copy of it stays behind; the caller wipes the answer.
    public static func shellOutput(_ command: String, limit: Int) -> [UInt8]? {
        guard let stream = unsafe popen(command, "r") else { return nil }
        // Without a buffer of the C library's, which nobody wipes.
        unsafe setvbuf(stream, nil, _IONBF, 0)
        var output = [UInt8](repeating: 0, count: limit)
        defer {
            unsafe output.withUnsafeMutableBytes { bytes in
                if let start = bytes.baseAddress { unsafe explicit_bzero(start, bytes.count) }
            }
        }
        let count = unsafe fread(&output, 1, limit, stream)
        guard unsafe pclose(stream) == 0 else { return nil }
        return Array(output[..<count])
    }
}
