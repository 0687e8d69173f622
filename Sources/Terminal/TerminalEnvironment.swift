import Glibc

/// What a person says about terminals in the environment.
public enum TerminalEnvironment {
    /// `NO_COLOR`, `FORCE_COLOR`, `TERM` and `PAGER`, those that are set.
    public static func variables() -> [String: String] {
        var variables: [String: String] = [:]
        for name in ["NO_COLOR", "FORCE_COLOR", "TERM", "PAGER"] {
            variables[name] = unsafe getenv(name).map { unsafe String(cString: $0) }
        }
        return variables
    }
}
