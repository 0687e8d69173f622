import Archive
import ArgumentParser
import Capture
import CivilTime
import Hiscores
import Reporting
import Settings

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Tell who is captured on time, and what is wrong.",
        discussion: """
            Of the accounts of config/accounts.json; without that file of HISCORES_USER, else of all players of the \
            archive. An account is due once in each interval, and overdue (exit code 3) when a whole interval went by \
            without an answer that brought a snapshot, however often it was tried. It counts as gone when at least three \
            answers in a row were 404, over at least 15 minutes.
            """)

    @Option(
        help: ArgumentHelp("The list of accounts; config/accounts.json otherwise.", valueName: "file"),
        completion: .file()) var accounts: String?

    @Argument(help: "Of whom; all otherwise.") var players: [String] = []

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let archive = try context.openArchive()
        let now = context.clock.now()
        let statuses = try select(context, archive.history).map {
            try AccountStatus($0, in: archive.history, now: now)
        }
        let reports = try statuses.map { try AccountReport($0, in: archive.history) }
        if context.output.isJSON {
            for report in reports { try context.output.json(StatusShape.json(report)) }
        } else {
            try context.output.text(StatusText.table(reports, style: context.output.style))
        }
        try context.output.flush()
        let load = CaptureLoad(
            statuses.filter { !$0.account.isPaused }.map {
                (boards: max(1, $0.boards.count), intervalMinutes: $0.account.intervalMinutes)
            }, pacePerSecond: context.pacePerSecond)
        if load.isTooMuch { context.output.warn(load.warning) }
        context.output.note(StatusText.summary(reports))
        try context.finish(archive)
        if statuses.contains(where: \.isOverdue) { throw ExitCode(ExitStatus.partial) }
    }

    /// The accounts in question, in the order of the list.
    private func select(_ context: CommandContext, _ history: History) throws -> [AccountStatus.Account] {
        let known = try self.known(context, history)
        guard !players.isEmpty else { return known }
        return try players.flatMap { name in
            guard let player = PlayerName(normalising: name) else { throw PlayerNameError.empty }
            let listed = known.filter { $0.player == player }
            if !listed.isEmpty { return listed }
            guard try !history.logs(of: player).isEmpty else {
                throw ArchiveError(
                    .playerNotFound, "\(name) is not listed, and the archive knows nothing of that player", ref: name)
            }
            return [account(name, player, context)]
        }
    }

    private func known(_ context: CommandContext, _ history: History) throws -> [AccountStatus.Account] {
        if let list = try context.accountsFile(accounts), accounts != nil || !list.entries.isEmpty {
            list.faults.forEach(context.output.warn)
            return list.entries.map { AccountStatus.Account($0, defaultIntervalMinutes: context.intervalMinutes) }
        }
        let named = context.settings.players
        guard named.isEmpty else {
            return named.compactMap { name in
                PlayerName(normalising: name).map { account(name, $0, context) }
            }
        }
        return try history.players().map { player in
            account(try history.displayName(of: player) ?? player.key, player, context)
        }
    }

    private func account(_ name: String, _ player: PlayerName, _ context: CommandContext) -> AccountStatus.Account {
        AccountStatus.Account(
            name: name, player: player, board: .auto, intervalMinutes: context.intervalMinutes)
    }
}

extension AccountReport {
    /// How an account stands, for reports.
    init(_ status: AccountStatus, in history: History) throws(ArchiveError) {
        var failure: (entry: LogEntry, outcome: Outcome)?
        if let entry = status.lastFailure,
            let log = try history.log(entry.observation.player, entry.observation.board)
        {
            failure = (entry, try log.outcome(of: entry.row))
        }
        self.init(
            name: status.account.name, player: status.account.player, board: status.account.board.name,
            boards: status.boards, state: status.state.rawValue, intervalMinutes: status.account.intervalMinutes,
            lastSuccess: status.lastSuccess, lastAttempt: status.lastAttempt, lastFailure: failure,
            failures: status.streak.map { Failures(count: $0.count, isCut: $0.isCut, since: $0.since) },
            due: status.due, isOverdue: status.isOverdue)
    }
}
