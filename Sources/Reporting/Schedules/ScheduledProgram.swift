/// What a scheduler shall run, with absolute paths.
public struct ScheduledProgram: Hashable, Sendable {
    /// How it keeps capturing.
    public enum Manner: Hashable, Sendable {
        /// `watch` runs all the time.
        case service
        /// `capture` runs once every so many minutes, for everybody.
        case periodic(minutes: Int)
        /// `capture --due` runs so often that each account is captured once in each interval of its own, the shortest of
        /// which is so long.
        case byTheList(shortestMinutes: Int)

        /// Minutes between two runs; nil where one goes on.
        ///
        /// By the list it is half of the shortest interval: then a run begins in the first half of every interval of every
        /// account, wherever those begin, and what it captures belongs to that interval. With a run an interval, one that
        /// begins just before the interval's end would capture for the next one, whose own run then finds nothing to do.
        public var minutesBetweenRuns: Int? {
            switch self {
            case .service: nil
            case .periodic(let minutes): minutes
            case .byTheList(let shortest): max(1, shortest / 2)
            }
        }
    }

    /// The program.
    public var program: String
    /// The folder that it runs in: that of `.env` and `config`.
    public var folder: String
    /// The archive.
    public var archive: String
    /// A list of accounts other than the folder's own.
    public var accounts: String?
    /// A file for metrics.
    public var metricsFile: String?
    /// A command of the shell that is handed events.
    public var eventCommand: String?
    /// As whom it runs, where the scheduler needs to be told.
    public var user: String?
    /// How it keeps capturing.
    public var manner: Manner

    /// A program of given parts.
    public init(
        program: String, folder: String, archive: String, accounts: String?, metricsFile: String? = nil,
        eventCommand: String? = nil, user: String?, manner: Manner
    ) {
        (self.program, self.folder, self.archive) = (program, folder, archive)
        (self.metricsFile, self.eventCommand) = (metricsFile, eventCommand)
        (self.accounts, self.user, self.manner) = (accounts, user, manner)
    }

    /// The command's words behind the program.
    var arguments: [String] {
        let command =
            switch manner {
            case .service: ["watch"]
            case .periodic: ["capture"]
            case .byTheList: ["capture", "--due"]
            }
        let options = [("--accounts", accounts), ("--metrics-file", metricsFile), ("--on-event", eventCommand)]
        return command + ["--archive", archive] + options.flatMap { name, value in value.map { [name, $0] } ?? [] }
    }

    /// The program and its words.
    var words: [String] { [program] + arguments }

    /// Where the output goes when the scheduler keeps none.
    var log: String { folder == "/" ? "/capture.log" : folder + "/capture.log" }

    /// A number that is the same for the same archive: not everybody shall ask the service at the full hour.
    var offset: Int {
        var hash: UInt32 = 0x811C_9DC5
        for byte in archive.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        return Int(hash % 1440)
    }

    /// Throws where a path cannot stand in any unit: none can hold a line break.
    func checkPaths() throws(ScheduleError) {
        for path in [program, folder, archive, accounts, metricsFile, eventCommand, user].compactMap(\.self)
        where path.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F || $0 == "\u{FFFD}" }) {
            throw .path(path, reason: "it has a control character, or is not UTF-8")
        }
    }
}

/// A unit for a scheduler.
public struct ScheduleUnit: Hashable, Sendable {
    /// What to call the file.
    public let name: String
    /// Its text.
    public let text: String
}

/// What writes units.
public enum ScheduleFormat: String, Hashable, Sendable, CaseIterable {
    /// A service, or a service and its timer.
    case systemd
    /// A line for crontab(5).
    case cron
    /// A DAG for Apache Airflow 2 or 3.
    case airflow
    /// A property list for macOS.
    case launchd

    /// Whether it runs `capture` now and then, and cannot keep `watch` running.
    public var isPeriodicOnly: Bool { self == .cron || self == .airflow }

    /// The units, ready to be put in place. Throws where the format cannot say what is asked.
    public func units(for program: ScheduledProgram) throws(ScheduleError) -> [ScheduleUnit] {
        try program.checkPaths()
        return switch self {
        case .systemd: try SystemdUnit.units(for: program)
        case .cron: [try CrontabLine.unit(for: program)]
        case .airflow: [AirflowDAG.unit(for: program)]
        case .launchd: [PropertyList.unit(for: program)]
        }
    }
}

/// Why a unit cannot be written.
public enum ScheduleError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A path, or a command, that the format has no way to write.
    case path(String, reason: String)
    /// An interval that one line of crontab(5) cannot say.
    case interval(minutes: Int)

    /// What is wrong, and what to do next.
    public var description: String {
        switch self {
        case .path(let path, let reason): "\(path) cannot stand in a unit: \(reason); take another"
        case .interval(let minutes):
            "cron cannot run a command every \(minutes) minutes: take a divisor of 60, a whole number of hours that "
                + "divides 24, 1440 (a day) or 10080 (a week)"
        }
    }
}

/// Text as a POSIX shell takes it.
enum ShellText {
    /// A word in single quotes.
    static func quoted(_ word: String) -> String { "'\(word.escaped(["'": "'\\''"]))'" }

    /// Words, quoted where they need it.
    static func words(_ words: [String]) -> String {
        words.map { word in
            let isPlain =
                !word.isEmpty
                && word.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"):
                        true
                    default: "/._-+:@,".utf8.contains(byte)
                    }
                }
            return isPlain ? word : quoted(word)
        }.joined(separator: " ")
    }
}

extension String {
    /// The text with every scalar that stands in a table replaced by what the table has for it. Scalars, not characters:
    /// a quote with a combining mark is still a quote.
    func escaped(_ table: [Unicode.Scalar: String]) -> String {
        var text = ""
        for scalar in unicodeScalars {
            if let replacement = table[scalar] { text += replacement } else { text.unicodeScalars.append(scalar) }
        }
        return text
    }
}
