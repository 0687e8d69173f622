/// Everything that can be set from outside. The raw value is the setting's name in `config show` and in the project
/// file.
public enum Setting: String, Hashable, Sendable, CaseIterable {
    /// The archive's folder.
    case archiveFolder = "archive_dir"
    /// Whom to capture where nobody is named.
    case players
    /// Minutes between two captures of a player.
    case intervalMinutes = "interval_min"
    /// The base URL of the hiscore service.
    case endpoint
    /// Whom the service may write to: part of the User-Agent.
    case contact
    /// Requests a second.
    case pace
    /// How often a request that failed is sent again.
    case retries
    /// The longest wait before the first retry.
    case backoffMilliseconds = "backoff_ms"
    /// A clock that is not the machine's: `TIME[xFACTOR]`.
    case now
    /// How long a writer waits for another one.
    case lockTimeoutSeconds = "lock_timeout_seconds"
    /// The longest wait for a connection.
    case connectTimeoutMilliseconds = "connect_timeout_ms"
    /// The longest wait for a whole answer.
    case totalTimeoutMilliseconds = "total_timeout_ms"
    /// The longest answer that is taken.
    case bodyLimitBytes = "body_limit_bytes"
    /// Whether captures write to the progress log.
    case scribe
    /// From which level on captures write log lines to standard error.
    case logLevel = "log_level"
    /// The project file itself.
    case projectFile = "project_file"
    /// The passphrase of an encrypted archive.
    case password
    /// A file that holds the passphrase.
    case passwordFile = "password_file"
    /// A command that prints the passphrase.
    case passwordCommand = "password_command"
    /// The key file of an encrypted archive.
    case keyFile = "key_file"
    /// The passphrase of backups.
    case backupPassword = "backup_password"
    /// A file that holds the passphrase of backups.
    case backupPasswordFile = "backup_password_file"
    /// A command that prints the passphrase of backups.
    case backupPasswordCommand = "backup_password_command"
}

extension Setting {
    /// What values a setting takes.
    enum Kind {
        /// Text on one line, not empty.
        case line
        /// Names parted by commas.
        case names
        /// A base URL.
        case url
        /// A whole number in a range.
        case number(ClosedRange<Int>)
        /// A decimal number in a range.
        case decimal(ClosedRange<Double>)
        /// On or off.
        case toggle
        /// Any text; never shown.
        case secret
    }

    /// One row of the table of settings.
    struct Definition {
        var flag: String?
        /// Environment variables, the first one that is set and not empty counts; in `.env` too.
        let variables: [String]
        let kind: Kind
        var defaultText: String?
        /// Secrets, the clock, whom to track and the project file's own place do not belong into a file that is shared.
        var isInProjectFile = true
    }

    /// The row of this setting.
    var definition: Definition {
        switch self {
        case .archiveFolder:
            Definition(
                flag: "--archive", variables: ["OSRS_ARCHIVE_DIR", "DATA_PATH"], kind: .line, defaultText: "./archive")
        case .players: Definition(variables: ["HISCORES_USER"], kind: .names, isInProjectFile: false)
        case .intervalMinutes: Definition(variables: ["HISCORES_INTERVAL_MIN"], kind: .number(1...525_600))
        case .endpoint:
            Definition(
                flag: "--endpoint", variables: ["OSRS_HISCORES_URL"], kind: .url,
                defaultText: "https://secure.runescape.com")
        case .contact: Definition(variables: ["OSRS_ARCHIVE_CONTACT"], kind: .line)
        case .pace:
            Definition(flag: "--pace", variables: ["OSRS_ARCHIVE_PACE"], kind: .decimal(0.001...50), defaultText: "1")
        case .retries:
            Definition(
                flag: "--retries", variables: ["OSRS_ARCHIVE_RETRIES"], kind: .number(0...20), defaultText: "4")
        case .backoffMilliseconds:
            Definition(
                flag: "--backoff", variables: ["OSRS_ARCHIVE_BACKOFF_MS"], kind: .number(0...60_000),
                defaultText: "1000")
        case .now: Definition(variables: ["OSRS_ARCHIVE_NOW"], kind: .line, isInProjectFile: false)
        case .lockTimeoutSeconds:
            Definition(
                flag: "--lock-timeout", variables: ["OSRS_ARCHIVE_LOCK_TIMEOUT"], kind: .number(0...86_400),
                defaultText: "60")
        case .connectTimeoutMilliseconds:
            Definition(
                variables: ["OSRS_ARCHIVE_CONNECT_TIMEOUT_MS"], kind: .number(1...3_600_000), defaultText: "10000")
        case .totalTimeoutMilliseconds:
            Definition(variables: ["OSRS_ARCHIVE_TOTAL_TIMEOUT_MS"], kind: .number(1...3_600_000), defaultText: "30000")
        case .bodyLimitBytes:
            Definition(
                variables: ["OSRS_ARCHIVE_BODY_LIMIT_BYTES"], kind: .number(1024...(64 << 20)), defaultText: "1048576")
        case .scribe: Definition(variables: ["OSRS_ARCHIVE_SCRIBE"], kind: .toggle, defaultText: "on")
        case .logLevel: Definition(variables: ["OSRS_ARCHIVE_LOG_LEVEL"], kind: .line, defaultText: "off")
        case .projectFile:
            Definition(
                flag: "--config", variables: ["OSRS_ARCHIVE_PROJECT"], kind: .line, defaultText: "config/project.json",
                isInProjectFile: false)
        case .password: Definition(variables: ["OSRS_ARCHIVE_PASSWORD"], kind: .secret, isInProjectFile: false)
        case .passwordFile: Definition(variables: ["OSRS_ARCHIVE_PASSWORD_FILE"], kind: .secret, isInProjectFile: false)
        case .passwordCommand:
            Definition(variables: ["OSRS_ARCHIVE_PASSWORD_COMMAND"], kind: .secret, isInProjectFile: false)
        case .keyFile: Definition(variables: ["OSRS_ARCHIVE_KEY_FILE"], kind: .line)
        case .backupPassword: Definition(variables: ["OSRS_BACKUP_PASSWORD"], kind: .secret, isInProjectFile: false)
        case .backupPasswordFile:
            Definition(variables: ["OSRS_BACKUP_PASSWORD_FILE"], kind: .secret, isInProjectFile: false)
        case .backupPasswordCommand:
            Definition(variables: ["OSRS_BACKUP_PASSWORD_COMMAND"], kind: .secret, isInProjectFile: false)
        }
    }

    /// Whether the value is never shown.
    public var isSecret: Bool {
        if case .secret = definition.kind { true } else { false }
    }
}

/// Where a value came from.
public enum SettingOrigin: Hashable, Sendable {
    /// A flag of the command line.
    case flag(String)
    /// A variable of the environment.
    case environment(variable: String)
    /// A variable of the `.env` file.
    case environmentFile(path: String, variable: String)
    /// A member of the project file.
    case projectFile(path: String, member: String)
    /// Nobody set it.
    case `default`
}

extension SettingOrigin: CustomStringConvertible {
    /// For a person: `flag --archive`, `environment DATA_PATH`, `.env DATA_PATH`, `config/project.json archive_dir`,
    /// `default`.
    public var description: String {
        switch self {
        case .flag(let name): "flag \(name)"
        case .environment(let variable): "environment \(variable)"
        case .environmentFile(let path, let variable): "\(path) \(variable)"
        case .projectFile(let path, let member): "\(path) \(member)"
        case .default: "default"
        }
    }
}
