import Archive
import ArgumentParser
import Capture
import CivilTime
import Hiscores
import HiscoresClient
import ObjectStore
import Settings
import Terminal

struct CaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture", abstract: "Ask the hiscores about players and keep the answers.",
        discussion: """
            Every attempt leaves a record, failures too. Where no player is named: the accounts of \
            config/accounts.json that are not paused (nobody where all are), then HISCORES_USER. At most five requests are on their way at a time, no more go out in \
            a second than the pace allows, and 429, 5xx, time-outs and broken connections are tried again. While the \
            whole service is out, single requests probe it for five minutes; then the rest is recorded as not asked. \
            Retry-After is obeyed by asking nobody until then; where it is more than five minutes, the rest is recorded as \
            not asked at once. \
            All answers of a run are committed together, and every minute in between. Lines are printed once their \
            answers are kept, those of one commit in the order of the accounts.

            With the board auto, the boards main, ironman, hardcore_ironman and ultimate are asked one after the other, \
            and what the account is follows from what they say; config/mode_cache.json remembers it and spares requests. \
            That is the default for a player whom the archive does not know; others are asked about where they were seen.
            """)

    @Option(
        help: ArgumentHelp(
            "The board to look at, or auto; otherwise what the accounts file says, or where the player was seen.",
            valueName: "board|auto"))
    var board: BoardChoice?

    @OptionGroup(title: "Service") var service: ServiceOptions

    @Flag(
        help:
            "Only accounts that are due: whose interval, of the list or of the settings, has begun and has no attempt yet."
    )
    var due = false

    @Flag(help: "Fail where there is no archive yet.") var noCreate = false

    @Argument(
        help: "Whom to capture; - reads names from standard input, one a line; lines that begin with # are passed over."
    ) var players: [String] = []

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global, flags: service.settingFlags)
        let accounts = try selectAccounts(context)
        let endpoint = try HiscoresEndpoint(context.settings.endpoint)
        let archive = try context.openOrCreateArchive(mayCreate: !noCreate)
        let engine = context.engine(endpoint)
        Signals.handle { _ in engine.stop() }
        let run = RandomIdentifier.run()
        let recorder = context.recorder(into: archive, from: endpoint, run: run)
        let detection = try context.accountDetection(showingNames: service.showsNames(of: archive))
        let reporter = try CaptureReporter(
            context, service.destinations, run: run, showsNames: service.showsNames(of: archive))
        let now = context.clock.now()
        var rounds = try accounts.map {
            try detection.round(of: $0.account, in: archive.history, at: now, keepsToKnown: board == nil)
        }
        try reporter.measure(rounds, archive.history)
        if due {
            rounds = try zip(rounds, accounts).filter { round, listed in
                try recorder.isDue(round.account, everyMinutes: listed.intervalMinutes, at: now)
            }.map(\.0)
            context.output.note(rounds.isEmpty ? "nobody is due" : "\(rounds.count) due")
        }
        rounds = AccountRound.withoutRepeats(rounds)
        rounds.forEach(reporter.expect)
        let order = Dictionary(rounds.flatMap(\.targets).enumerated().map { ($1, $0) }) { first, _ in first }
        context.output.outlivesItsReader = true
        var results: [CaptureResult] = []
        var exits: [Int32] = []
        let startedAt = context.clock.now()
        let isAlone = rounds.count == 1
        var isWhole = false
        do {
            let view = LiveView(rounds, engine, context)
            isWhole = try CaptureRun(engine: engine, recorder: recorder).capture(rounds, pulse: view.pulse) { arrival in
                view.show(after: arrival)
            } finished: { round in
                if detection.learn(from: round, at: context.clock.now()) {
                    recorder.suspect(.changedHands, of: round.account.player)
                }
            } report: { answered in
                // Whose answer came first is chance: two runs that bring the same print the same.
                let committed = answered.sorted { order[$0.target, default: 0] < order[$1.target, default: 0] }
                exits += try reporter.report(committed, recorder.archive, isWholeRun: isAlone)
                results += committed
            }
        } catch {
            reporter.recordFailure(error)
            reporter.finishEvents(isStopped: true)
            throw error
        }
        context.save(detection)
        reporter.finish(results, startedAt: startedAt, isWholeRun: isAlone)
        reporter.finishEvents(isStopped: !isWhole)
        context.collectGarbage(in: archive)
        try context.output.finish()
        guard isWhole else {
            let answered = Set(results.map(\.target))
            let done = rounds.count { !answered.isDisjoint(with: $0.targets) }
            context.output.warn(
                "interrupted: \(done) of \(rounds.count) accounts are done or begun, and what arrived is kept")
            throw ExitCode(ExitStatus.interrupted)
        }
        let code = Self.exit(forAll: Self.exits(of: rounds, results, exits))
        if code != 0 { throw ExitCode(code) }
    }

    // MARK: Whom

    private func selectAccounts(
        _ context: CommandContext
    ) throws -> [(account: CaptureAccount, intervalMinutes: Int)] {
        var accounts: [(account: CaptureAccount, intervalMinutes: Int)] = []
        let ranks = service.ranks ?? .every
        if !players.isEmpty {
            guard service.accounts == nil else { throw Failure.usage("name players or give --accounts, not both") }
            let names = try players.flatMap { $0 == "-" ? try InputFile.namesOnStandardInput() : [$0] }
            guard !names.isEmpty else { throw Failure.usage("standard input names nobody: write a name a line") }
            accounts = try names.map {
                (try CaptureAccount(name: $0, board: board ?? .auto, ranks: ranks), context.intervalMinutes)
            }
        } else {
            let watched = try context.watchedAccounts(service, board: board)
            accounts = watched.accounts
            watched.faults.forEach(context.output.warn)
            if accounts.isEmpty, watched.pausedCount > 0 {
                // That somebody paused them all is no mistake of whoever runs this on a schedule.
                context.output.note("nobody is captured: all accounts of the list are paused")
                return []
            }
            if let path = service.accounts, accounts.isEmpty { throw Failure.usage("\(path) lists nobody to capture") }
        }
        guard !accounts.isEmpty else {
            throw Failure.usage(
                "nobody to capture: name a player, or list accounts in config/accounts.json, or set HISCORES_USER")
        }
        // Each account and board once, in the order in which they were first named.
        var seen: Set<CaptureAccount.Key> = []
        return accounts.filter { seen.insert($0.account.key).inserted }
    }

    // MARK: How it ended

    /// The exit codes that count: where an account's boards were found out and one of them is ok, a 404 of another says
    /// only that it is no account of that kind.
    private static func exits(of rounds: [AccountRound], _ results: [CaptureResult], _ exits: [Int32]) -> [Int32] {
        let detected = Set(rounds.filter { $0.boards.count > 1 }.map(\.account.player))
        let found = Set(
            zip(results, exits).filter { $1 == 0 && detected.contains($0.target.player) }.map(\.0.target.player))
        return zip(results, exits).filter { result, exit in
            exit != ExitStatus.notFound || !found.contains(result.target.player)
        }.map(\.1)
    }

    /// All well: 0; some failed: 3; all failed alike: that code; all failed differently: 21.
    static func exit(forAll exits: [Int32]) -> Int32 {
        guard exits.contains(where: { $0 != 0 }) else { return 0 }
        if exits.contains(0) { return ExitStatus.partial }
        return Set(exits).count == 1 ? exits[0] : ExitStatus.service
    }
}
