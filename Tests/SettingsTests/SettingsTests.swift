import Testing

@testable import Settings

@Suite struct SettingsTests {
    /// Settings from flags, environment, `.env` and `config/project.json`, all in memory.
    private func settings(
        flags: [Setting: String] = [:], environment: [String: String] = [:], dotenv: String? = nil,
        project: String? = nil, files: [String: String] = [:]
    ) throws(SettingsError) -> Settings {
        var files = files
        files[".env"] = dotenv
        files["config/project.json"] = project
        return try Settings(flags: flags, environment: environment) { path throws(SettingsError) in
            files[path].map { Array($0.utf8) }
        }
    }

    @Test func defaults() throws {
        let settings = try settings()
        #expect(settings.archiveFolder == "./archive")
        #expect(settings.players == [])
        #expect(settings.intervalMinutes == nil)
        #expect(settings.endpoint == "https://secure.runescape.com")
        #expect(settings.lockTimeoutSeconds == 60)
        #expect(settings.connectTimeoutMilliseconds == 10_000)
        #expect(settings.totalTimeoutMilliseconds == 30_000)
        #expect(settings.bodyLimitBytes == 1_048_576)
        #expect(settings.scribe)
        #expect(settings.requestsPerSecond == 1 && settings.retries == 4 && settings.backoffMilliseconds == 1000)
        #expect(settings.now == nil && settings.contact == nil)
        #expect(settings.project == ProjectFile(path: "config/project.json", bytes: nil))
        #expect(settings.describe().allSatisfy { $0.origin == .default })
    }

    @Test func precedence() throws {
        // Each step takes the winner of the step before away.
        let flags: [Setting: String] = [.archiveFolder: "flag"]
        var environment = ["OSRS_ARCHIVE_DIR": "variable", "DATA_PATH": "data variable"]
        var dotenv = "OSRS_ARCHIVE_DIR=file\nDATA_PATH=data file"
        let project = #"{"archive_dir": "project"}"#
        func found(_ flags: [Setting: String] = [:], project: String? = project) throws -> [String] {
            let settings = try settings(flags: flags, environment: environment, dotenv: dotenv, project: project)
            return [settings.archiveFolder, "\(settings.origin(of: .archiveFolder))"]
        }
        #expect(try found(flags) == ["flag", "flag --archive"])
        #expect(try found() == ["variable", "environment OSRS_ARCHIVE_DIR"])
        environment["OSRS_ARCHIVE_DIR"] = ""
        #expect(try found() == ["data variable", "environment DATA_PATH"])
        environment = [:]
        #expect(try found() == ["file", ".env OSRS_ARCHIVE_DIR"])
        dotenv = "OSRS_ARCHIVE_DIR=\nDATA_PATH=data file"
        #expect(try found() == ["data file", ".env DATA_PATH"])
        dotenv = ""
        #expect(try found() == ["project", "config/project.json archive_dir"])
        #expect(try found(project: #"{"archive_dir": ""}"#) == ["./archive", "default"])
        #expect(try found(project: nil) == ["./archive", "default"])
    }

    @Test func sourcesCanBeHandedIn() throws {
        let settings = try Settings(
            [
                .values([.scribe: "Off"]) { _ in .flag("first") },
                .values([.scribe: "on", .contact: "c"]) { _ in .flag("second") },
            ],
            project: ProjectFile(path: "p", bytes: nil))
        #expect(!settings.scribe)
        #expect(settings.origin(of: .scribe) == .flag("first"))
        #expect(settings.contact == "c")
        #expect(settings.origin(of: .contact) == .flag("second"))
    }

    @Test func everyVariableReachesItsSetting() throws {
        let settings = try settings(environment: [
            "OSRS_ARCHIVE_DIR": "/a", "HISCORES_USER": " Lynx Titan ,zezima,", "HISCORES_INTERVAL_MIN": "30",
            "OSRS_HISCORES_URL": "http://127.0.0.1:8080", "OSRS_ARCHIVE_CONTACT": "me@example.com",
            "OSRS_ARCHIVE_NOW": "2026-01-01x60", "OSRS_ARCHIVE_LOCK_TIMEOUT": "0", "OSRS_ARCHIVE_PACE": "2.5",
            "OSRS_ARCHIVE_RETRIES": "0", "OSRS_ARCHIVE_BACKOFF_MS": "250",
            "OSRS_ARCHIVE_CONNECT_TIMEOUT_MS": "1", "OSRS_ARCHIVE_TOTAL_TIMEOUT_MS": "2",
            "OSRS_ARCHIVE_BODY_LIMIT_BYTES": "4096", "OSRS_ARCHIVE_SCRIBE": "no", "OSRS_ARCHIVE_PASSWORD": "p",
            "OSRS_ARCHIVE_PASSWORD_FILE": "f", "OSRS_ARCHIVE_PASSWORD_COMMAND": "c",
            "OSRS_BACKUP_PASSWORD": "bp", "OSRS_BACKUP_PASSWORD_FILE": "bf", "OSRS_BACKUP_PASSWORD_COMMAND": "bc",
        ])
        #expect(settings.archiveFolder == "/a")
        #expect(settings.players == ["Lynx Titan", "zezima"])
        #expect(settings.intervalMinutes == 30)
        #expect(settings.endpoint == "http://127.0.0.1:8080")
        #expect(settings.contact == "me@example.com")
        #expect(settings.now == "2026-01-01x60")
        #expect(settings.lockTimeoutSeconds == 0)
        #expect([settings.connectTimeoutMilliseconds, settings.totalTimeoutMilliseconds] == [1, 2])
        #expect(settings.requestsPerSecond == 2.5 && settings.retries == 0 && settings.backoffMilliseconds == 250)
        #expect(settings.bodyLimitBytes == 4096)
        #expect(!settings.scribe)
        #expect(
            [settings.password, settings.passwordFile, settings.passwordCommand].map { $0?.text } == ["p", "f", "c"])
        let backup = [settings.backupPassword, settings.backupPasswordFile, settings.backupPasswordCommand]
        #expect(backup.map { $0?.text } == ["bp", "bf", "bc"])
    }

    @Test func paceIsADecimalNumberInBounds() throws {
        for (text, pace) in [("0.001", 0.001), ("50", 50), ("0.5", 0.5), ("1.", 1)] {
            #expect(try settings(environment: ["OSRS_ARCHIVE_PACE": text]).requestsPerSecond == pace)
        }
        for text in ["0", "50.1", "-1", "1e1", "nan", "inf", "0x1", "1,5", " 1", "fast", "..", "0.0009"] {
            #expect(throws: SettingsError.self, "\(text)") {
                try settings(environment: ["OSRS_ARCHIVE_PACE": text])
            }
        }
        #expect(try settings(project: #"{"pace": 0.25, "retries": 2}"#).requestsPerSecond == 0.25)
        #expect(throws: SettingsError.self) { try settings(project: #"{"pace": "1"}"#) }
    }

    @Test func projectFileGivesTypedValues() throws {
        let settings = try settings(
            project: """
                {"project_name": "p", "lock_timeout_seconds": 5, "scribe": false, "endpoint": "https://h", "contact": null,
                 "now": "2026-01-01", "password": "p", "players": "p"}
                """)
        #expect(settings.lockTimeoutSeconds == 5)
        #expect(!settings.scribe)
        #expect(settings.endpoint == "https://h")
        #expect(settings.contact == nil)
        #expect(settings.now == nil && settings.password == nil && settings.players.isEmpty)
        #expect(settings.origin(of: .scribe) == .projectFile(path: "config/project.json", member: "scribe"))
    }

    @Test func archiveFolderOfAProjectElsewhereIsRelativeToItsRoot() throws {
        let files = ["/repo/config/p.json": #"{"archive_dir": "store"}"#]
        let settings = try settings(environment: ["OSRS_ARCHIVE_PROJECT": "/repo/config/p.json"], files: files)
        #expect(settings.archiveFolder == "/repo/store")
        #expect(settings.describe().contains { $0.value == "/repo/store" && $0.setting == .archiveFolder })
        #expect(settings.origin(of: .projectFile) == .environment(variable: "OSRS_ARCHIVE_PROJECT"))
    }

    @Test(arguments: [
        ("config/project.json", "."), ("./config/project.json", "."), ("a/config/project.json", "a"),
        ("project.json", ".."), ("../project.json", "../.."), ("../config/p.json", ".."), ("/p.json", "/"),
        ("/repo/config//p.json", "/repo"),
    ])
    func rootIsTheFolderAboveTheFilesFolder(path: String, root: String) {
        #expect(ProjectFile(path: path, bytes: nil).root == root)
    }

    @Test func secretsAreHidden() throws {
        let settings = try settings(
            environment: ["OSRS_ARCHIVE_PASSWORD": "swordfish", "OSRS_BACKUP_PASSWORD_COMMAND": "swordfish"],
            dotenv: "OSRS_ARCHIVE_PASSWORD_FILE=swordfish")
        let shown = settings.describe().filter(\.setting.isSecret)
        #expect(shown.map(\.value) == ["<hidden>", "<hidden>", nil, nil, nil, "<hidden>"])
        #expect(
            shown.map(\.origin.description) == [
                "environment OSRS_ARCHIVE_PASSWORD", ".env OSRS_ARCHIVE_PASSWORD_FILE", "default", "default", "default",
                "environment OSRS_BACKUP_PASSWORD_COMMAND",
            ])
        #expect(settings.password?.text == "swordfish")
        #expect(!"\(settings.describe()) \(String(describing: settings.password))".contains("swordfish"))
        #expect(!"\(settings.rejection(of: .password, allowed: "longer"))".contains("swordfish"))
    }

    @Test(arguments: [
        (
            "OSRS_ARCHIVE_LOCK_TIMEOUT", "1m",
            "lock_timeout_seconds (from environment OSRS_ARCHIVE_LOCK_TIMEOUT) is \"1m\": it must be a whole number from 0 to 86400."
        ),
        (
            "OSRS_ARCHIVE_LOCK_TIMEOUT", "-1",
            "lock_timeout_seconds (from environment OSRS_ARCHIVE_LOCK_TIMEOUT) is \"-1\": it must be a whole number from 0 to 86400."
        ),
        (
            "OSRS_ARCHIVE_LOCK_TIMEOUT", "99999999999999999999",
            "lock_timeout_seconds (from environment OSRS_ARCHIVE_LOCK_TIMEOUT) is \"99999999999999999999\": it must be a whole number from 0 to 86400."
        ),
        (
            "HISCORES_INTERVAL_MIN", "0",
            "interval_min (from environment HISCORES_INTERVAL_MIN) is \"0\": it must be a whole number from 1 to 525600."
        ),
        (
            "OSRS_HISCORES_URL", "localhost:80",
            "endpoint (from environment OSRS_HISCORES_URL) is \"localhost:80\": it must be a URL that starts with http:// or https://."
        ),
        (
            "OSRS_ARCHIVE_SCRIBE", "maybe",
            "scribe (from environment OSRS_ARCHIVE_SCRIBE) is \"maybe\": it must be on or off."
        ),
        (
            "HISCORES_USER", " , ",
            "players (from environment HISCORES_USER) is \" , \": it must be player names parted by commas."
        ),
        (
            "OSRS_ARCHIVE_CONTACT", "a\r\nX: y",
            "contact (from environment OSRS_ARCHIVE_CONTACT) is \"a\\r\\nX: y\": it must be text on one line, not empty."
        ),
    ])
    func badValuesNameSettingOriginAndWhatIsAllowed(variable: String, value: String, message: String) {
        #expect { try settings(environment: [variable: value]) } throws: { "\($0)" == message }
    }

    @Test func emptyFlagIsAnError() {
        #expect(
            throws: SettingsError.invalidValue(
                .archiveFolder, origin: .flag("--archive"), value: "", allowed: "text on one line, not empty")
        ) {
            try settings(flags: [.archiveFolder: ""])
        }
    }

    @Test func otherRoomsRejectInTheSameWords() throws {
        let settings = try settings(dotenv: "OSRS_ARCHIVE_NOW=noon")
        #expect(
            "\(settings.rejection(of: .now, allowed: "TIME[xFACTOR]"))"
                == "now (from .env OSRS_ARCHIVE_NOW) is \"noon\": it must be TIME[xFACTOR].")
    }

    @Test(arguments: [
        ("{", "Config file is not valid JSON: config/project.json (the JSON text ends too early at byte 1"),
        ("[]", "Config file is no JSON object: config/project.json"),
        (
            #"{"archive_dir": 5}"#,
            "archive_dir (from config/project.json archive_dir): it must be text on one line, not empty."
        ),
        (#"{"scribe": "on"}"#, "scribe (from config/project.json scribe): it must be on or off."),
        (
            #"{"body_limit_bytes": 1.5}"#,
            "body_limit_bytes (from config/project.json body_limit_bytes): it must be a whole number from 1024 to 67108864."
        ),
    ])
    func brokenProjectFiles(text: String, message: String) {
        #expect { try settings(project: text) } throws: { "\($0)".hasPrefix(message) }
    }

    @Test func brokenEnvironmentFileIsAnError() {
        #expect { try settings(dotenv: "oops") } throws: { "\($0)" == ".env, line 1: expected NAME=value." }
    }

    @Test func projectFileThatWasAskedForMustExist() {
        #expect { try settings(flags: [.projectFile: "no.json"]) } throws: {
            "\($0)" == "Config file not found: no.json (from flag --config)"
        }
    }
}
