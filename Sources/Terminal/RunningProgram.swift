import Glibc

/// What this process is, as schedulers want to know it.
public enum RunningProgram {
    /// The absolute path of the program's file; nil where the system does not tell (proc(5)).
    public static var path: String? {
        guard let resolved = unsafe realpath("/proc/self/exe", nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// The name of the user that it runs as, where the environment says so: `USER`, then `LOGNAME`.
    public static var userName: String? {
        for name in ["USER", "LOGNAME"] {
            if let value = unsafe getenv(name).map({ unsafe String(cString: $0) }), !value.isEmpty { return value }
        }
        return nil
    }
}
