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
import Terminal

struct CaptureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture", abstract: "Ask the hiscores about players and keep the answers.",
        discussion: """
            Every attempt leaves a record, failures too. Where no player is named: the accounts of \
            config/accounts.json, then HISCORES_USER. At most five requests are on their way at a time, no more go out in \
            a second than the pace allows, and 429, 5xx, time-outs and broken connections are tried again. While the \
            whole service is out, single requests probe it for five minutes; then the rest is recorded as not asked. \
            All answers of a run are committed together, and every minute in between. A line is printed once its \
            answer is kept.
            """)

    @Option(help: "The board to look at; main, or what the accounts file says.") var board: Board?

    @Option(help: ArgumentHelp("A list of accounts as JSON.", valueName: "file"), completion: .file()) var accounts:
        String?

    @Option(help: ArgumentHelp("Another service than the official one.", valueName: "url")) var endpoint: String?

    @Option(help: ArgumentHelp("Requests a second over all accounts; 1 unless set.", valueName: "number")) var pace:
        String?

    @Option(help: ArgumentHelp("How often a request that failed is sent again; 4 unless set.", valueName: "number"))
    var retries: String?

    @Option(
        help: ArgumentHelp(
            "The longest wait before the first retry, in milliseconds; it doubles with each. 1000 unless set.",
            valueName: "ms"))
    var backoff: String?

    @Flag(help: "Fail where there is no archive yet.") var noCreate = false

    @Argument(help: "Whom to capture; - reads names from standard input, one a line.") var players: [String] = []

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global, flags: settingFlags)
        let targets = Self.withoutRepetitions(try selectTargets(context))
        let endpoint = try HiscoresEndpoint(context.settings.endpoint)
        let archive = try context.openOrCreateArchive(mayCreate: !noCreate)
        let engine = Self.engine(context, endpoint)
        Signals.handleStop { engine.stop() }
        let recorder = CaptureRecorder(
            archive,
            origin: CaptureOrigin(
                source: endpoint.base, agent: ProgramVersion.agent, run: RandomIdentifier.run(),
                clockIsSet: context.clock.isSet),
            lockTimeout: context.lockTimeout)
        let scribe = ScribeReporter(context)
        context.output.outlivesItsReader = true
        var exits: [Int32] = []
        var isWhole = false
        do {
            isWhole = try CaptureRun(archive, engine: engine, recorder: recorder).capture(targets) { finished in
                context.output.progress("captured", done: finished, total: targets.count)
            } report: { result in
                let exit = try report(result, archive, scribe, context.output)
                if result.ending != .interrupted { exits.append(exit) }
            }
        } catch {
            scribe.record(failureOf: (error as? LocalFailure)?.target, error, at: context.clock.now())
            throw error
        }
        context.collectGarbage(in: archive)
        try context.output.finish()
        guard isWhole else {
            context.output.warn(
                "interrupted: \(exits.count) of \(targets.count) accounts are done, and what arrived is kept")
            throw ExitCode(ExitStatus.interrupted)
        }
        let code = Self.exit(forAll: exits)
        if code != 0 { throw ExitCode(code) }
    }

    /// The settings that the options give.
    private var settingFlags: [Setting: String] {
        let options: [(Setting, String?)] = [
            (.endpoint, endpoint), (.pace, pace), (.retries, retries), (.backoffMilliseconds, backoff),
        ]
        return Dictionary(uniqueKeysWithValues: options.compactMap { setting, text in text.map { (setting, $0) } })
    }

    /// What sends the requests, by the settings.
    private static func engine(_ context: CommandContext, _ endpoint: HiscoresEndpoint) -> CaptureEngine {
        let settings = context.settings
        let policy = CapturePolicy(
            requestsPerSecond: settings.requestsPerSecond,
            retry: RetryPolicy(
                retries: settings.retries, firstDelay: .milliseconds(settings.backoffMilliseconds)))
        let userAgent = UserAgent(version: ProgramVersion.text, contact: settings.contact)
        let limits = RequestLimits(
            connectMilliseconds: settings.connectTimeoutMilliseconds,
            totalMilliseconds: settings.totalTimeoutMilliseconds, bodyBytes: settings.bodyLimitBytes)
        return CaptureEngine(policy: policy, clock: context.clock) {
            HiscoresClient(transport: CurlTransport(), endpoint: endpoint, userAgent: userAgent, limits: limits)
        }
    }

    /// Says what came of one account; the exit code that it alone would end with.
    private func report(
        _ result: CaptureResult, _ archive: Archive, _ scribe: ScribeReporter, _ output: Output
    ) throws -> Int32 {
        var exit = Self.exit(for: result.outcome)
        var comparison: Comparison?
        do {
            comparison = try Self.comparison(of: result, archive)
        } catch let error as ArchiveError {
            // The capture is kept; what it is compared with is damaged.
            output.warn("what \(result.target.name) changed is not known: \(error)")
            exit = ExitStatus.corruption
        }
        scribe.record(result, summary: comparison.map { ChangeSummary($0.diff).description })
        try print(result, comparison, exit, output)
        return exit
    }

    // MARK: Whom

    private func selectTargets(_ context: CommandContext) throws -> [CaptureTarget] {
        if !players.isEmpty {
            guard accounts == nil else { throw Failure.usage("name players or give --accounts, not both") }
            let names = try players.flatMap { $0 == "-" ? try Self.namesOnStandardInput() : [$0] }
            guard !names.isEmpty else { throw Failure.usage("standard input names nobody: write a name a line") }
            return try names.map { try CaptureTarget(name: $0, board: board ?? .main) }
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

    /// The lines of standard input that are not blank.
    private static func namesOnStandardInput() throws -> [String] {
        let text = String(decoding: try InputFile.read("-", limit: 16 << 20), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).filter { !$0.allSatisfy(\.isWhitespace) }.map { String($0) }
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

    private func print(
        _ result: CaptureResult, _ comparison: Comparison?, _ exit: Int32, _ output: Output
    ) throws {
        if output.isJSON {
            try output.json(
                CaptureShape.json(
                    result.entry, outcome: result.outcome, attempts: result.attempts,
                    previous: result.previous?.observation.snapshot,
                    diff: comparison.map { DiffShape.json($0.diff, $0.ends) }, exit: Int(exit)))
        } else {
            try output.text(
                CaptureText.line(
                    result.entry, outcome: result.outcome, attempts: result.attempts, diff: comparison?.diff,
                    listedSince: result.listedSince, style: output.style))
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
