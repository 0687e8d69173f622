import ArgumentParser
import Terminal

/// The way in: takes the arguments, runs the command, and turns whatever it throws into a message and an exit code.
@main
struct Main {
    static func main() {
        Signals.install()
        let arguments = GlobalOptions.movedBehindTheCommand(Array(CommandLine.arguments.dropFirst()))
        do {
            var command = try RootCommand.parseAsRoot(arguments)
            try command.run()
        } catch {
            exit(error, asJSON: GlobalOptions.askForJSON(arguments))
        }
    }

    private static func exit(_ error: any Error, asJSON: Bool) -> Never {
        if case StandardStream.WriteError.closed = error { RootCommand.exit() }
        if let code = error as? ExitCode { RootCommand.exit(withError: code) }
        guard let failure = Failure(error) else {
            guard asJSON, RootCommand.exitCode(for: error) != .success else { RootCommand.exit(withError: error) }
            Failure(code: "usage", exit: ExitStatus.usage, message: RootCommand.message(for: error)).report(
                asJSON: true)
            RootCommand.exit(withError: ExitCode(ExitStatus.usage))
        }
        failure.report(asJSON: asJSON)
        RootCommand.exit(withError: ExitCode(failure.exit))
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
            folder. Options that every command takes may stand before the command or behind it.
            """,
        version: ProgramVersion.text,
        subcommands: [
            InitCommand.self, CaptureCommand.self, ImportCommand.self, ExportCommand.self, LogCommand.self,
            ShowCommand.self, CatCommand.self, RevParseCommand.self, DiffCommand.self, PlayersCommand.self,
            TagCommand.self, StatsCommand.self, VerifyCommand.self, HashCommand.self, ScribeCommand.self,
            ConfigCommand.self,
        ])
}

/// The version of the program.
enum ProgramVersion {
    static let text = "0.1.0"
    /// As observations and requests name it.
    static let agent = "osrs-archive/\(text)"
}
