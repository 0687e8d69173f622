import ArgumentParser
import Capture
import Hiscores
import Reporting

struct AccountsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accounts", abstract: "List and change whom to track.",
        subcommands: [List.self, Add.self, Remove.self, Pause.self, Resume.self])

    /// The option that every command on the list takes.
    struct Place: ParsableArguments {
        @Option(
            help: ArgumentHelp("The list of accounts; config/accounts.json otherwise.", valueName: "file"),
            completion: .file()) var accounts: String?
    }

    /// Which entries of a list are meant.
    struct Selection: ParsableArguments {
        @Option(help: "Only the entry with this board (`auto`: the one without); all entries of a name otherwise.")
        var board: BoardChoice?

        @Argument(help: "Names; letter case, space, `-` and `_` make no difference.") var players: [String]
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List whom to track.",
            discussion: "What is not set for an account is shown as the settings have it.")

        @OptionGroup var place: Place

        @OptionGroup(title: "Options of every command") var global: GlobalOptions

        func run() throws {
            let context = try CommandContext(global)
            let list = try context.accountsFile(place.accounts) ?? AccountsFile()
            let entries = list.entries
            try AccountsCommand.show(entries, context)
            list.faults.forEach(context.output.warn)
            if entries.isEmpty {
                context.output.note("nobody is listed; `osrs-archive accounts add NAME` does that")
            }
        }
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "add", abstract: "Track more accounts.",
            discussion: """
                All are added, or none where a name cannot be or is listed already with the same board. The file is made \
                where it is missing; other entries and members that this program does not know stay as they are.
                """)

        @Option(help: "The board to capture; `auto` finds out which ones there are.")
        var board: BoardChoice = .auto

        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("Minutes between two captures, up to a year.", valueName: "min"))
        var interval: Int?

        @Option(help: ArgumentHelp("The name to show, for one account.", valueName: "name")) var displayName: String?

        @Option(help: "Which snapshots to store: every, daily or changed (see docs/CLI.md).") var ranks: RankPolicy?

        @OptionGroup var place: Place

        @Argument(
            help:
                "Names as they show in the game; `-` reads them from standard input, one a line; lines that begin with # are passed over."
        )
        var players: [String]

        @OptionGroup(title: "Options of every command") var global: GlobalOptions

        func validate() throws {
            if let interval, !AccountEntry.intervals.contains(interval) {
                let allowed = AccountEntry.intervals
                throw ValidationError("--interval must be from \(allowed.lowerBound) to \(allowed.upperBound) minutes")
            }
            if displayName != nil, players.count != 1 || players == ["-"] {
                throw ValidationError("--display-name goes with one account")
            }
        }

        func run() throws {
            let context = try CommandContext(global)
            let names = try players.flatMap { try $0 == "-" ? InputFile.namesOnStandardInput() : [$0] }
            guard !names.isEmpty else { throw Failure.usage("standard input names nobody") }
            let details = AccountsFile.Details(
                board: board, intervalMinutes: interval, displayName: displayName, ranks: ranks)
            let (list, path) = try context.editAccounts(place.accounts) { list in
                try list.add(names, details)
                return list
            }
            try AccountsCommand.show(list.entries.suffix(names.count), context)
            list.faults.forEach(context.output.warn)
            let command = "osrs-archive capture" + (place.accounts.map { " --accounts \($0)" } ?? "")
            context.output.note("added to \(path); `\(command)` takes them from now on")
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove", abstract: "Track accounts no longer.",
            discussion: "What was captured of them stays in the archive; only `forget` deletes.")

        @OptionGroup var selection: Selection

        @OptionGroup var place: Place

        @OptionGroup(title: "Options of every command") var global: GlobalOptions

        func run() throws {
            let context = try CommandContext(global)
            let (removed, path) = try context.editAccounts(place.accounts) {
                try $0.remove(selection.players, board: selection.board)
            }
            try AccountsCommand.show(removed, context)
            context.output.note("removed from \(path); what was captured stays in the archive")
        }
    }

    struct Pause: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pause", abstract: "Leave accounts out until they are resumed.")

        @OptionGroup var selection: Selection

        @OptionGroup var place: Place

        @OptionGroup(title: "Options of every command") var global: GlobalOptions

        func run() throws { try AccountsCommand.setPaused(true, selection, place, global) }
    }

    struct Resume: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "resume", abstract: "Capture paused accounts again.")

        @OptionGroup var selection: Selection

        @OptionGroup var place: Place

        @OptionGroup(title: "Options of every command") var global: GlobalOptions

        func run() throws { try AccountsCommand.setPaused(false, selection, place, global) }
    }

    private static func setPaused(
        _ isPaused: Bool, _ selection: Selection, _ place: Place, _ global: GlobalOptions
    ) throws {
        let context = try CommandContext(global)
        let (changed, _) = try context.editAccounts(place.accounts) {
            try $0.setPaused(isPaused, selection.players, board: selection.board)
        }
        try show(changed, context)
    }

    private static func show(_ entries: some Sequence<AccountEntry>, _ context: CommandContext) throws {
        let accounts = entries.map { ListedAccount($0) }
        if context.output.isJSON {
            for account in accounts { try context.output.json(AccountsShape.json(account)) }
        } else if !accounts.isEmpty {
            try context.output.text(
                AccountsText.table(
                    accounts, defaultIntervalMinutes: context.intervalMinutes, style: context.output.style))
        }
        try context.output.flush()
    }
}
