import Glibc

/// All settings of one run, each from the first place that has it: flag, environment, `.env` in the working folder,
/// project file, default.
public struct Settings: Sendable {
    /// The archive's folder. One that the project file names is relative to the project's root.
    public let archiveFolder: String
    /// Whom to capture where nobody is named; as typed, not yet checked against the rules for names.
    public let players: [String]
    /// Minutes between two captures of a player, or nil.
    public let intervalMinutes: Int?
    /// The base URL of the hiscore service.
    public let endpoint: String
    /// Whom the service may write to, or nil.
    public let contact: String?
    /// Requests a second.
    public let requestsPerSecond: Double
    /// How often a request that failed is sent again.
    public let retries: Int
    /// The longest wait before the first retry.
    public let backoffMilliseconds: Int
    /// `TIME[xFACTOR]` as typed, or nil for the machine's clock.
    public let now: String?
    /// How long a writer waits for another one.
    public let lockTimeoutSeconds: Int
    /// The longest wait for a connection.
    public let connectTimeoutMilliseconds: Int
    /// The longest wait for a whole answer.
    public let totalTimeoutMilliseconds: Int
    /// The longest answer that is taken.
    public let bodyLimitBytes: Int
    /// Whether captures write to the progress log.
    public let scribe: Bool
    /// `off`, or the name of a level of swift-log; as typed, not yet checked.
    public let logLevel: String
    /// The project file, read.
    public let project: ProjectFile
    /// The passphrase of an encrypted archive, or nil.
    public let password: Secret?
    /// A file that holds the passphrase, or nil.
    public let passwordFile: Secret?
    /// A command that prints the passphrase, or nil.
    public let passwordCommand: Secret?
    /// The key file of an encrypted archive, or nil.
    public let keyFile: String?
    /// The passphrase of backups, or nil.
    public let backupPassword: Secret?
    /// A file that holds the passphrase of backups, or nil.
    public let backupPasswordFile: Secret?
    /// A command that prints the passphrase of backups, or nil.
    public let backupPasswordCommand: Secret?

    private let found: [Setting: FoundSetting]

    /// Reads all settings.
    ///
    /// - Parameters:
    ///   - flags: the settings that the command line gives, as typed.
    ///   - environment: the variables of the environment; an empty one counts as unset, here and in `.env`.
    ///   - readFile: gives the bytes of a file, or nil where there is none; asked for `.env` and the project file.
    public init(
        flags: [Setting: String] = [:], environment: [String: String] = Settings.processEnvironment(),
        readFile: (String) throws(SettingsError) -> [UInt8]? = Settings.readFile
    ) throws(SettingsError) {
        var sources: [SettingSource] = [.values(flags) { .flag($0.definition.flag ?? $0.rawValue) }]
        sources += SettingSource.variables(environment) { .environment(variable: $0) }
        if let bytes = try readFile(".env") {
            let variables = try EnvironmentFile.variables(parsing: bytes, path: ".env")
            sources += SettingSource.variables(variables) { .environmentFile(path: ".env", variable: $0) }
        }
        // Everything but the project file says where the project file lies.
        var location = SettingReader(sources)
        let path = try location.required(.projectFile, Setting.Kind.line)
        let project = ProjectFile(path: path, bytes: try readFile(path))
        let origin = location.found[.projectFile]?.origin ?? .default
        guard project.bytes != nil || origin == .default else {
            throw .projectFileNotFound(path: path, origin: origin)
        }
        sources.append(.values(try project.values(), origin: project.origin))
        try self.init(sources, project: project)
    }

    /// Reads all settings but the project file from sources, the first one first.
    init(_ sources: [SettingSource], project: ProjectFile) throws(SettingsError) {
        var reader = SettingReader(sources)
        self.project = project
        archiveFolder = try reader.required(.archiveFolder, Setting.Kind.line)
        players = try reader.optional(.players, Setting.Kind.names) ?? []
        intervalMinutes = try reader.optional(.intervalMinutes, Setting.Kind.number)
        endpoint = try reader.required(.endpoint, Setting.Kind.line)
        contact = try reader.optional(.contact, Setting.Kind.line)
        requestsPerSecond = try reader.required(.pace, Setting.Kind.decimal)
        retries = try reader.required(.retries, Setting.Kind.number)
        backoffMilliseconds = try reader.required(.backoffMilliseconds, Setting.Kind.number)
        now = try reader.optional(.now, Setting.Kind.line)
        lockTimeoutSeconds = try reader.required(.lockTimeoutSeconds, Setting.Kind.number)
        connectTimeoutMilliseconds = try reader.required(.connectTimeoutMilliseconds, Setting.Kind.number)
        totalTimeoutMilliseconds = try reader.required(.totalTimeoutMilliseconds, Setting.Kind.number)
        bodyLimitBytes = try reader.required(.bodyLimitBytes, Setting.Kind.number)
        scribe = try reader.required(.scribe, Setting.Kind.toggle)
        logLevel = try reader.required(.logLevel, Setting.Kind.line)
        password = try reader.optional(.password, Setting.Kind.secret)
        passwordFile = try reader.optional(.passwordFile, Setting.Kind.secret)
        passwordCommand = try reader.optional(.passwordCommand, Setting.Kind.secret)
        keyFile = try reader.optional(.keyFile, Setting.Kind.line)
        backupPassword = try reader.optional(.backupPassword, Setting.Kind.secret)
        backupPasswordFile = try reader.optional(.backupPasswordFile, Setting.Kind.secret)
        backupPasswordCommand = try reader.optional(.backupPasswordCommand, Setting.Kind.secret)
        _ = try reader.required(.projectFile, Setting.Kind.line)
        found = reader.found
    }
}

/// One line of `config show`.
public struct SettingDescription: Hashable, Sendable {
    /// The setting; its raw value is its name.
    public let setting: Setting
    /// Its value as text, `Secret.placeholder` for a secret, nil where it is not set.
    public let value: String?
    /// Where the value came from.
    public let origin: SettingOrigin
}

extension Settings {
    /// Every setting with its value and origin, secrets hidden, in the order of `Setting.allCases`.
    public func describe() -> [SettingDescription] {
        Setting.allCases.map { setting in
            let value = found[setting].map { setting.isSecret ? Secret.placeholder : $0.text }
            return SettingDescription(setting: setting, value: value, origin: origin(of: setting))
        }
    }

    /// Where a setting's value came from; `default` for one that is not set.
    public func origin(of setting: Setting) -> SettingOrigin { found[setting]?.origin ?? .default }

    /// The error for a value whose rules another room knows (`now`, `players`): it names the origin as all others do.
    public func rejection(of setting: Setting, allowed: String) -> SettingsError {
        .invalidValue(
            setting, origin: origin(of: setting), value: setting.isSecret ? nil : found[setting]?.text,
            allowed: allowed)
    }

    /// Where temporary files go: `TMPDIR`, else `/tmp`.
    public static func temporaryFolder() -> String {
        let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? ""
        return folder.isEmpty ? "/tmp" : folder
    }

    /// The variables of this process that settings come from. Only those are looked up: making a dictionary of the
    /// whole environment, as swift-configuration's provider does, costs a quarter of all that settings cost at start.
    public static func processEnvironment() -> [String: String] {
        var variables: [String: String] = [:]
        for name in Setting.allCases.flatMap(\.definition.variables) {
            variables[name] = unsafe getenv(name).map { unsafe String(cString: $0) }
        }
        return variables
    }
}
