import Archive
import CanonicalJSON
import Capture
import CivilTime
import Diffing
import Hiscores
import Logging
import ObjectStore
import Reporting
import Terminal

/// Tells of captures once they are durable: a line each, the progress log, metrics, and events for a command of the
/// person's own.
final class CaptureReporter {
    /// Where metrics and events go.
    struct Destinations {
        /// The file for Prometheus.
        var metricsFile: String?
        /// The command of the shell that is handed events.
        var eventCommand: String?
    }

    private let context: CommandContext
    private let output: Output
    private let scribe: ScribeReporter
    private let destinations: Destinations
    private let eventCommand: EventCommand?
    private let run: String
    private let showsNames: Bool
    private let logger: Logger?
    private var metricsFailed = false
    /// The newest item of each account and board, in the order in which they first came.
    private var newest: [RunReport.Item] = []
    private var places: [CaptureTarget: Int] = [:]
    /// Whose boards are found out, and who of them is listed on some board.
    private var foundOut: Set<PlayerName> = []
    private var listed: Set<PlayerName> = []

    /// Without `showsNames` neither player nor board nor id stands in the progress log, the metrics and log lines.
    init(_ context: CommandContext, _ destinations: Destinations, run: String, showsNames: Bool) throws {
        self.showsNames = showsNames
        logger = try context.logger()
        (self.context, output) = (context, context.output)
        (self.destinations, self.run) = (destinations, run)
        eventCommand = destinations.eventCommand.map { EventCommand($0) }
        scribe = ScribeReporter(context, showsNames: showsNames)
    }

    /// A round begins. Where it has several boards, a 404 of one of them is no failure as long as another lists the account.
    func expect(_ round: AccountRound) {
        if round.boards.count > 1 { foundOut.insert(round.account.player) }
    }

    /// The accounts of these rounds and no others have samples in the metrics from now on: until an account is captured,
    /// those that the archive has.
    func measure(_ rounds: [AccountRound], _ history: History) throws {
        guard destinations.metricsFile != nil else { return }
        let before = Dictionary(grouping: newest, by: \.player)
        (newest, places) = ([], [:])
        for round in rounds {
            let items = try before[round.account.player] ?? RunReport.Item.known(of: round, in: history)
            for item in items { note(item, of: try CaptureTarget(name: round.account.name, board: item.board)) }
        }
    }

    private func note(_ item: RunReport.Item, of target: CaptureTarget) {
        if let place = places[target] {
            newest[place] = item
        } else {
            places[target] = newest.count
            newest.append(item)
        }
    }

    /// Tells of each result, in the progress log only where it is the whole run; gives the exit codes that they alone
    /// would end with, in their order.
    func report(_ results: [CaptureResult], _ archive: Archive, isWholeRun: Bool) throws -> [Int32] {
        var exits: [Int32] = []
        var events: [CaptureEvent] = []
        noteListed(results)
        for result in results {
            var exit = Self.exit(for: result.outcome)
            var diff: HiscoreDiff?
            var ends: DiffEnds?
            do {
                let comparison = try Self.comparison(of: result, archive)
                (diff, ends) = (comparison?.diff, comparison?.ends)
            } catch let error as ArchiveError {
                // The capture is kept; what it is compared with is damaged.
                output.warn("what \(result.target.name) changed is not known: \(error)")
                exit = ExitStatus.corruption
            }
            if eventCommand != nil, !isAside(result) { events += try Self.events(of: result, diff) }
            if isWholeRun { scribe.record(result, summary: diff.map { ChangeSummary($0).description }) }
            log(result)
            try print(result, diff, ends, exit)
            exits.append(exit)
        }
        eventCommand?.handOn(events)
        tellOfEvents()
        return exits
    }

    /// Waits until the events are handed on: for as long as the command may take, or a few seconds where the end was
    /// asked for; then the command is ended.
    func finishEvents(isStopped: Bool) {
        eventCommand?.finish(within: isStopped ? .seconds(3) : .seconds(31))
        tellOfEvents()
    }

    private func tellOfEvents() {
        for failure in eventCommand?.takeFailures() ?? [] { output.warn("--on-event: \(failure)") }
    }

    /// Ends a run, or a batch of a watch: the summary in the progress log, and the metrics.
    func finish(_ results: [CaptureResult], startedAt: Timestamp, isWholeRun: Bool) {
        // That an account is not of another kind as well is no failure.
        let results = results.filter { !isAside($0) }
        let items = results.map { result in
            RunReport.Item(
                player: result.target.player, board: result.target.board, outcome: result.outcome,
                attempts: result.attempts, bytes: result.answerBytes,
                durationMilliseconds: result.entry.observation.evidence.latencyMilliseconds.map(Int64.init),
                lastSuccess: result.lastSuccess)
        }
        for (result, item) in zip(results, items) { note(item, of: result.target) }
        let report = RunReport(run: run, startedAt: startedAt, endedAt: context.clock.now(), items: items)
        if !isWholeRun, !items.isEmpty {
            scribe.record(report)
            for result in results where !result.entry.observation.result.isServed {
                scribe.record(result, summary: nil)
            }
        }
        writeMetrics(report)
        logger?.log(level: report.failures == 0 ? .info : .warning, "\(report.summary)", metadata: ["run": "\(run)"])
    }

    /// What could not be asked or kept, and ended the run.
    func recordFailure(_ error: any Error) {
        scribe.record(failureOf: (error as? LocalFailure)?.target, error, at: context.clock.now())
    }

    private func noteListed(_ results: [CaptureResult]) {
        for result in results where result.entry.observation.result.isServed { listed.insert(result.target.player) }
    }

    /// Whether a result says only that the account is no account of another kind: its boards are found out, this one never
    /// listed it, and another one does.
    private func isAside(_ result: CaptureResult) -> Bool {
        let player = result.target.player
        return result.outcome == .notFound && result.listedSince == nil && foundOut.contains(player)
            && listed.contains(player)
    }

    private func log(_ result: CaptureResult) {
        guard let logger else { return }
        let observation = result.entry.observation
        var metadata: Logger.Metadata = [
            "outcome": "\(result.outcome.rawValue)", "attempts": "\(result.attempts)", "bytes": "\(result.answerBytes)",
            "run": "\(run)",
        ]
        if showsNames {
            metadata["player"] = "\(observation.player)"
            metadata["board"] = "\(observation.board.rawValue)"
            if let error = observation.evidence.error { metadata["error"] = "\(error)" }
        }
        if let latency = observation.evidence.latencyMilliseconds { metadata["latency_ms"] = "\(latency)" }
        if observation.result.isServed {
            logger.info("captured", metadata: metadata)
        } else if isAside(result) {
            logger.info("not listed there", metadata: metadata)
        } else {
            logger.warning("capture failed", metadata: metadata)
        }
    }

    // MARK: Metrics and events

    private func writeMetrics(_ report: RunReport) {
        guard let path = destinations.metricsFile else { return }
        let (folder, name) = Self.parts(of: path)
        do throws(StorageError) {
            let storage = try FileStorage(root: folder)
            try storage.replace(
                name, with: Array(PrometheusText.page(report, accounts: newest, names: showsNames).utf8),
                by: ".\(name).tmp")
            metricsFailed = false
        } catch {
            if !metricsFailed { output.warn("the metrics are not written: \(error)") }
            metricsFailed = true
        }
    }

    /// The folder and the name of a path.
    private static func parts(of path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = String(path[..<slash])
        return (folder.isEmpty ? "/" : folder, String(path[path.index(after: slash)...]))
    }

    private static func events(of result: CaptureResult, _ diff: HiscoreDiff?) throws -> [CaptureEvent] {
        let observation = result.entry.observation
        guard observation.result == .ok else {
            guard result.outcome != .ranksOnly,
                let streak = try FailureStreak(result.log, until: observation.capturedAt)
            else {
                return []
            }
            return CaptureEvent.failing(observation, times: streak.count).map { [$0] } ?? []
        }
        let changedHands = observation.evidence.suspicions.contains(Suspicion.changedHands.rawValue)
        if changedHands { return [CaptureEvent(observation, .nameChangedHands)] }
        return diff.map { CaptureEvent.events(of: observation, $0) } ?? []
    }

    // MARK: Lines

    private static func comparison(of result: CaptureResult, _ archive: Archive) throws -> Comparison? {
        if let failure = result.pastFailure { throw failure }
        guard result.entry.observation.result == .ok else { return nil }
        return try Comparison(result.entry, after: result.previous, in: result.log, archive)
    }

    private func print(_ result: CaptureResult, _ diff: HiscoreDiff?, _ ends: DiffEnds?, _ exit: Int32) throws {
        if output.isJSON {
            var shape: JSONValue?
            if let diff, let ends { shape = DiffShape.json(diff, ends) }
            try output.json(
                CaptureShape.json(
                    result.entry, outcome: result.outcome, attempts: result.attempts,
                    previous: result.previous?.observation.snapshot, diff: shape, exit: Int(exit)))
        } else {
            try output.text(
                CaptureText.line(
                    result.entry, outcome: result.outcome, attempts: result.attempts, diff: diff,
                    listedSince: result.listedSince, earliest: result.earliest, isAside: isAside(result),
                    style: output.style))
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
}
