import Archive
import ArgumentParser
import Terminal

/// The way in: takes the arguments, runs the command, and turns whatever it throws into a message and an exit code.
@main
struct Main {
    static func main() {
        Signals.install()
        let arguments = GlobalOptions.movedBehindTheCommand(Array(CommandLine.arguments.dropFirst()))
        do {
            var command = try PlainArguments.command(arguments) ?? RootCommand.parsed(arguments)
            try command.run()
            endProcess(0)
        } catch {
            exit(error, asJSON: GlobalOptions.askForJSON(arguments))
        }
    }

    /// `usage` is shown to a person behind the message.
    private static func exit(_ error: any Error, asJSON: Bool, usage: String? = nil) -> Never {
        if case StandardStream.WriteError.closed = error { endProcess(0) }
        if let code = error as? ExitCode { endProcess(code.rawValue) }
        guard let failure = Failure(error) else {
            guard RootCommand.exitCode(for: error) != .success else { RootCommand.exit(withError: error) }
            exit(Failure.usage(RootCommand.message(for: error)), asJSON: asJSON, usage: RootCommand.usage(for: error))
        }
        failure.report(asJSON: asJSON)
        if let usage, !asJSON { try? StandardStream.error.write(Array((usage + "\n").utf8)) }
        endProcess(failure.exit)
    }
}

/// The command with no subcommand: what the program is for.
struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "osrs-archive",
        abstract: "A git-like archive of Old School RuneScape hiscores.",
        discussion: """
            It captures what the official hiscores say about a player, keeps every answer for good, proves that nothing \
            was altered, and tells what changed between any two moments.

            The archive lies in ./archive unless --archive, OSRS_ARCHIVE_DIR, .env or config/project.json name another \
            folder. Options that every command takes may stand before the command or behind it: --archive DIR, --json, \
            --quiet, --color auto|always|never, --lock-timeout SECONDS.
            """,
        version: ProgramVersion.text,
        subcommands: [
            InitCommand.self, CaptureCommand.self, ImportCommand.self, ExportCommand.self, LogCommand.self,
            ShowCommand.self, CatCommand.self, RevParseCommand.self, DiffCommand.self, PlayersCommand.self,
            GainsCommand.self, AccountsCommand.self, StatusCommand.self, WatchCommand.self, ScheduleCommand.self,
            TagCommand.self, RenameCommand.self, StatsCommand.self, VerifyCommand.self, GarbageCollectionCommand.self,
            ForgetCommand.self, ReclassifyCommand.self, BackupCommand.self, KeyCommand.self, ReencryptCommand.self,
            HashCommand.self, ScribeCommand.self,
            ConfigCommand.self,
        ])
}

extension RootCommand {
    /// The command that the arguments ask for, from the argument parser.
    static func parsed(_ arguments: [String]) throws -> any ParsableCommand {
        try checkCommandWord(arguments)
        return try parseAsRoot(arguments)
    }

    /// Refuses a first word that is no command, naming the one that it is like.
    static func checkCommandWord(_ arguments: [String]) throws {
        guard let word = arguments.first else { return }
        let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        if ["-q", "--quiet", "--json"].contains(word) {
            throw Failure.usage("a command is missing; `osrs-archive --help` lists them")
        }
        guard !word.hasPrefix("-") else { return }
        guard names.contains(word) else { throw unknown(word, word, among: names, of: "osrs-archive --help") }
        try checkSubcommandWord(Array(arguments.dropFirst()), of: word)
    }

    /// Refuses a group of commands with options alone, and a word behind it that is none of them. A group with nothing
    /// at all shows its help.
    private static func checkSubcommandWord(_ arguments: [String], of group: String) throws {
        let command = configuration.subcommands.first { $0.configuration.commandName == group }
        let names = command?.configuration.subcommands.compactMap { $0.configuration.commandName } ?? []
        let rest = GlobalOptions.dropping(from: arguments)
        guard !names.isEmpty, !arguments.isEmpty else { return }
        guard let word = rest.first else {
            throw Failure.usage(
                "a command of `\(group)` is missing (\(names.joined(separator: ", "))); `osrs-archive help \(group)` tells "
                    + "what they do")
        }
        guard !word.hasPrefix("-"), !names.contains(word), word != "help" else { return }
        throw unknown("\(group) \(word)", word, among: names, of: "osrs-archive help \(group)")
    }

    private static func unknown(_ words: String, _ word: String, among names: [String], of help: String) -> Failure {
        let similar = names.filter { EditDistance.between($0, word) <= 2 || $0.hasPrefix(word) }
        let hint = similar.isEmpty ? "`\(help)` lists them" : "did you mean \(similar.joined(separator: " or "))?"
        return Failure(
            code: "usage", exit: ExitStatus.usage, message: "`\(words)` is no command; \(hint)", candidates: similar)
    }

    /// How the command that an error is about is called, without the error's own message.
    static func usage(for error: any Error) -> String {
        let lines = fullMessage(for: error).split(separator: "\n", omittingEmptySubsequences: false)
        return lines.drop { !$0.hasPrefix("Usage: ") && !$0.hasPrefix("Help: ") }.joined(separator: "\n")
    }
}

/// The version of the program.
enum ProgramVersion {
    static let text = "0.1.0"
    /// As observations and requests name it.
    static let agent = "osrs-archive/\(text)"
}
