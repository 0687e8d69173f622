import Archive
import ArgumentParser
import CanonicalJSON
import Capture
import CivilTime
import Diffing
import Hiscores
import HiscoresClient
import ObjectStore
import Reporting
import Settings

struct CaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture", abstract: "Ask the hiscores about players and keep the answers.",
        discussion: """
            Every attempt leaves a record, failures too. Where no player is named: the accounts of \
            config/accounts.json, then HISCORES_USER. Names are captured one after the other.
            """)

    @Option(help: "The board to look at; main, or what the accounts file says.") var board: Board?

    @Option(help: ArgumentHelp("A list of accounts as JSON.", valueName: "file"), completion: .file()) var accounts:
        String?

    @Option(help: ArgumentHelp("Another service than the official one.", valueName: "url")) var endpoint: String?

    @Flag(help: "Fail where there is no archive yet.") var noCreate = false

    @Argument(help: "Whom to capture.") var players: [String] = []

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global, flags: endpoint.map { [.endpoint: $0] } ?? [:])
        let targets = Self.withoutRepetitions(try selectTargets(context))
        let endpoint = try HiscoresEndpoint(context.settings.endpoint)
        let archive = try context.openOrCreateArchive(mayCreate: !noCreate)
        let settings = context.settings
        let client = HiscoresClient(
            transport: CurlTransport(), endpoint: endpoint,
            userAgent: UserAgent(version: ProgramVersion.text, contact: settings.contact),
            limits: RequestLimits(
                connectMilliseconds: settings.connectTimeoutMilliseconds,
                totalMilliseconds: settings.totalTimeoutMilliseconds, bodyBytes: settings.bodyLimitBytes))
        let run = CaptureRun(
            client: client, clock: context.clock, lockTimeout: context.lockTimeout, source: endpoint.base,
            agent: ProgramVersion.agent, id: RandomIdentifier.run())
        let scribe = ScribeReporter(context)
        context.output.outlivesItsReader = true
        var exits: [Int32] = []
        for target in targets {
            do {
                exits.append(try capture(target, run, archive, scribe, context.output))
            } catch {
                scribe.record(failureOf: target, error, at: context.clock.now())
                throw error
            }
        }
        context.collectGarbage(in: archive)
        try context.output.finish()
        let code = Self.exit(forAll: exits)
        if code != 0 { throw ExitCode(code) }
    }

    /// Captures one account and says so; the exit code that it alone would end with.
    private func capture(
        _ target: CaptureTarget, _ run: CaptureRun, _ archive: Archive, _ scribe: ScribeReporter, _ output: Output
    ) throws -> Int32 {
        let result = try run.capture(target, into: archive)
        var exit = Self.exit(for: result.outcome)
        var comparison: Comparison?
        do {
            comparison = try Self.comparison(of: result, archive)
        } catch let error as ArchiveError {
            // The capture is kept; what it is compared with is damaged.
            output.warn("what \(target.name) changed is not known: \(error)")
            exit = ExitStatus.corruption
        }
        scribe.record(result, summary: comparison.map { ChangeSummary($0.diff).description })
        try report(result, comparison, exit, output)
        return exit
    }

    // MARK: Whom

    private func selectTargets(_ context: CommandContext) throws -> [CaptureTarget] {
        if !players.isEmpty {
            guard accounts == nil else { throw Failure.usage("name players or give --accounts, not both") }
            return try players.map { try CaptureTarget(name: $0, board: board ?? .main) }
        }
        let listed = try readAccounts(context)
        if let accounts, listed.isEmpty { throw Failure.usage("\(accounts) lists nobody to capture") }
        if !listed.isEmpty {
            return try listed.map { try CaptureTarget(name: $0.name, board: board ?? $0.board ?? .main) }
        }
        guard !context.settings.players.isEmpty else {
            throw Failure.usage(
                "nobody to capture: name a player, or list accounts in config/accounts.json, or set HISCORES_USER")
        }
        return try context.settings.players.map { try CaptureTarget(name: $0, board: board ?? .main) }
    }

    /// Each account and board once, in the order in which they were first named.
    private static func withoutRepetitions(_ targets: [CaptureTarget]) -> [CaptureTarget] {
        var seen: Set<String> = []
        return targets.filter { seen.insert("\($0.board.rawValue)/\($0.player)").inserted }
    }

    /// The accounts of the file that was named, or of `config/accounts.json`, which may be missing.
    private func readAccounts(_ context: CommandContext) throws -> [AccountsFile.Account] {
        let path = accounts ?? context.settings.project.root + "/config/accounts.json"
        let bytes: [UInt8]
        do {
            let file = try FileStorage(root: path)
            if accounts == nil, try file.size(of: "") == nil { return [] }
            bytes = try file.readAll("", limit: 16 << 20)
        } catch {
            throw Failure(ofFile: error)
        }
        do { return try AccountsFile(parsing: bytes, path: path).accounts } catch {
            throw Failure(code: "bad_accounts", exit: ExitStatus.usage, message: "\(error)")
        }
    }

    // MARK: What came of it

    private static func comparison(of result: CaptureResult, _ archive: Archive) throws -> Comparison? {
        if let failure = result.pastFailure { throw failure }
        guard result.entry.observation.result == .ok else { return nil }
        return try Comparison(result.entry, after: result.previous, in: result.log, archive)
    }

    private func report(
        _ result: CaptureResult, _ comparison: Comparison?, _ exit: Int32, _ output: Output
    ) throws {
        if output.isJSON {
            try output.json(
                CaptureShape.json(
                    result.entry, outcome: result.outcome, attempts: 1,
                    previous: result.previous?.observation.snapshot,
                    diff: comparison.map { DiffShape.json($0.diff, $0.ends) }, exit: Int(exit)))
        } else {
            try output.text(
                CaptureText.line(
                    result.entry, outcome: result.outcome, attempts: 1, diff: comparison?.diff, style: output.style))
        }
        try output.flush()
    }

    private static func exit(for outcome: Outcome) -> Int32 {
        switch outcome {
        case .stored, .unchanged, .ranksOnly: 0
        case .notFound: ExitStatus.notFound
        case .unavailable, .throttled, .invalid: ExitStatus.service
        }
    }

    /// All well: 0; some failed: 3; all failed alike: that code; all failed differently: 21.
    static func exit(forAll exits: [Int32]) -> Int32 {
        guard exits.contains(where: { $0 != 0 }) else { return 0 }
        if exits.contains(0) { return ExitStatus.partial }
        return Set(exits).count == 1 ? exits[0] : ExitStatus.service
    }
}
