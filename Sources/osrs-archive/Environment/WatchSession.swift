import Archive
import Capture
import CivilTime
import Hiscores
import ObjectStore
import Reporting
import Threads

/// What a watch asks for and tells: the list of accounts, their boards, and what came of them.
final class WatchSession {
    let reporter: CaptureReporter
    private let context: CommandContext
    private let service: ServiceOptions
    private let recorder: CaptureRecorder
    private let requests: WatchRequests
    private let detection: AccountDetection
    private var list: [UInt8]?
    private var lastBatch: Timestamp
    /// Why the list could not be read the last time: said once.
    private var unreadable: String?

    init(
        _ context: CommandContext, _ service: ServiceOptions, recorder: CaptureRecorder, requests: WatchRequests,
        reporter: CaptureReporter
    ) throws {
        (self.context, self.service, self.recorder) = (context, service, recorder)
        (self.requests, self.reporter) = (requests, reporter)
        detection = try context.accountDetection(showingNames: service.showsNames(of: recorder.archive))
        lastBatch = context.clock.now()
    }

    /// The handlers of the watch.
    var handlers: Watch.Handlers {
        Watch.Handlers(
            accounts: { self.changedAccounts() },
            round: { account in
                let history = self.recorder.archive.history
                let round = try self.detection.round(of: account, in: history, at: self.context.clock.now())
                self.reporter.expect(round)
                return round
            },
            finished: { round in
                if self.detection.learn(from: round, at: self.context.clock.now()) {
                    self.recorder.suspect(.changedHands, of: round.account.player)
                }
            },
            committed: { try self.report($0) },
            cannotWrite: { error, answers, bytes, isEnding in
                let times =
                    isEnding
                    ? "for \(Watch.lastWait.components.seconds) s before it ends without them; another signal ends it at once"
                    : "every \(Watch.writeRetry.components.seconds) s"
                // What the error advises, to run it again, is for those who do not go on.
                let archive = self.recorder.archive.storage.describe("")
                let what =
                    error.code == .noSpace
                    ? "no space is left to write the archive \(archive): free some" : error.message
                let stay = answers == 1 ? "1 answer (\(bytes) bytes) stays" : "\(answers) answers (\(bytes) bytes) stay"
                self.context.output.warn("\(what); \(stay) in memory meanwhile, and it is tried again \(times)")
            },
            canWriteAgain: { self.context.output.note("the archive can be written again") })
    }

    /// The accounts, where their list has changed or a signal asked for it. A list that cannot be used is told of, and
    /// the one before goes on.
    private func changedAccounts() -> [(account: CaptureAccount, intervalMinutes: Int)]? {
        do {
            let isAsked = requests.takeReload()
            if isAsked { unreadable = nil }
            let bytes = try context.accountsBytes(service.accounts)
            guard isAsked || bytes != list else { return nil }
            // Until all went well: what stood in the way may be gone the next time.
            list = nil
            let selection = try context.watchedAccounts(service)
            selection.faults.forEach(context.output.warn)
            let watched = selection.accounts
            let load = CaptureLoad(
                // An account whose boards are found out mostly has two: of four types one has one, one two, two three.
                watched.map { (boards: $0.account.board.board == nil ? 2 : 1, intervalMinutes: $0.intervalMinutes) },
                pacePerSecond: context.pacePerSecond)
            if load.isTooMuch { context.output.warn(load.warning) }
            if watched.isEmpty {
                context.output.warn(
                    "nobody is watched; `osrs-archive accounts add NAME` lists somebody, and `resume` takes up who is paused"
                )
            }
            let (history, now) = (recorder.archive.history, context.clock.now())
            try reporter.measure(
                watched.map { try detection.round(of: $0.account, in: history, at: now) }, history)
            context.output.note("\(watched.count) account\(watched.count == 1 ? " is" : "s are") watched")
            list = bytes
            return watched
        } catch {
            let reason = Failure(error)?.message ?? "\(error)"
            if unreadable != reason {
                context.output.warn("the list of accounts is not taken: \(reason); the one before goes on")
            }
            unreadable = reason
            return nil
        }
    }

    /// Says whose answers could not be written and end with the process.
    func reportLoss() {
        let lost = recorder.gatheredAnswers
        guard !lost.isEmpty else { return }
        context.output.warn("\(lost.count) answer\(lost.count == 1 ? "" : "s") could not be written, and are lost:")
        let moments = Dictionary(grouping: lost, by: \.target).mapValues { $0.map(\.moment) }
        var told: Set<CaptureTarget> = []
        for target in lost.map(\.target) where told.insert(target).inserted {
            guard let moments = moments[target], let first = moments.min(), let last = moments.max() else { continue }
            let place = "\(target.board.rawValue)/\(target.player.key)"
            let time = first == last ? "at \(first.readable)" : "from \(first.readable) to \(last.readable)"
            context.output.warn("lost: \(place), \(moments.count) \(time)")
        }
    }

    private func report(_ results: [CaptureResult]) throws {
        guard !results.isEmpty else { return }
        let isAlone = results.count == 1
        _ = try reporter.report(results, recorder.archive, isWholeRun: isAlone)
        reporter.finish(results, startedAt: lastBatch, isWholeRun: isAlone)
        lastBatch = context.clock.now()
        context.save(detection)
        guard recorder.archive.needsGarbageCollection else { return }
        context.collectGarbage(in: recorder.archive)
        // Merging takes tens of megabytes for a moment, which glibc keeps for itself; a watch runs for years.
        releaseFreeMemory()
    }
}
