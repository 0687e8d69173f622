import Archive
import Capture
import CivilTime
import Hiscores
import HiscoresClient
import ObjectStore
import Synchronization
import TestSupport
import Testing

/// A service that always answers the same way, and counts.
private final class SteadyTransport: Transport {
    private let answer: @Sendable (Int) -> ScriptedAnswer
    private let count = Mutex(0)

    init(_ answer: @escaping @Sendable (Int) -> ScriptedAnswer) { self.answer = answer }

    var requests: Int { count.withLock { $0 } }

    func get(_ request: HTTPRequest) throws(TransportError) -> HTTPAnswer {
        let number = count.withLock { count in
            count += 1
            return count - 1
        }
        return try answer(number).result(for: request.url)
    }
}

@Suite("A watch, in a time that moves by itself", .serialized)
struct WatchTests {
    private static let atOnce = LockTimeout(milliseconds: 0)
    private static let document = #"{"skills":[{"id":0,"name":"Overall","rank":1,"level":99,"xp":7}],"activities":[]}"#

    /// What a watch told, and the parts it was made of.
    private final class Bench {
        let archive: Archive
        let clock = ManualClock(CaptureBench.start)
        let engine: CaptureEngine
        let recorder: CaptureRecorder
        var results: [CaptureResult] = []
        var failures = 0
        var recoveries = 0
        var onFailure: (Bench) -> Void = { _ in }

        init(
            _ storage: any Storage, _ transport: SteadyTransport,
            policy: CapturePolicy = CapturePolicy(requestsPerSecond: 1, retry: RetryPolicy(retries: 0))
        ) throws {
            let id = try #require(ArchiveID(bytes: Array(0..<16)))
            archive = try Archive.create(
                in: storage, id: id, createdAt: CaptureBench.start, lockTimeout: WatchTests.atOnce)
            let endpoint = try HiscoresEndpoint("http://simulated.test")
            engine = CaptureEngine(
                policy: policy, clock: clock,
                staysOpen: true
            ) {
                HiscoresClient(
                    transport: transport, endpoint: endpoint, userAgent: UserAgent(version: "0", contact: nil))
            }
            recorder = CaptureRecorder(
                archive, origin: CaptureOrigin(source: "s", agent: "a", run: "r", clockIsSet: false),
                lockTimeout: WatchTests.atOnce)
        }

        /// Watches accounts until `isOver` says so of the results so far.
        func watch(_ names: [String], every minutes: Int, until isOver: @escaping (Bench) -> Bool) throws {
            let accounts = try names.map { (account: try CaptureAccount(name: $0, board: .board(.main)), minutes) }
            var isFirst = true
            let handlers = Watch.Handlers(
                accounts: {
                    defer { isFirst = false }
                    return isFirst ? accounts.map { (account: $0.account, intervalMinutes: $0.1) } : nil
                },
                round: { AccountRound($0, boards: .main) },
                finished: { _ in if isOver(self) { self.engine.stop() } },
                committed: {
                    self.results += $0
                    if isOver(self) { self.engine.stop() }
                },
                cannotWrite: { _, _, _, _ in
                    self.failures += 1
                    self.onFailure(self)
                }, canWriteAgain: { self.recoveries += 1 })
            let watch = Watch(
                engine: engine, recorder: recorder, clock: clock, handlers: handlers, writeRetry: .milliseconds(50),
                lastWait: .milliseconds(300))
            try watch.run()
        }
    }

    @Test("every account has a record in each of its intervals, in order, at no more than the pace")
    func everyInterval() throws {
        let transport = SteadyTransport { _ in .json(Self.document) }
        let storage = MemoryStorage()
        let bench = try Bench(storage, transport)
        let names = (0..<40).map { "p\($0)" }
        let end = CaptureBench.start.advanced(byMilliseconds: 3 * Timestamp.millisecondsPerDay)
        try bench.watch(names, every: 60) { $0.clock.now() >= end }
        for name in names {
            let account = try CaptureAccount(name: name, board: .board(.main))
            let schedule = AccountSchedule(intervalMinutes: 60, player: account.player, board: account.board)
            let log = try #require(try bench.recorder.archive.history.log(account.player, .main))
            var slots: Set<Timestamp> = []
            var rows = log.rows(.oldestFirst, failures: true)
            while let row = try rows.next() { slots.insert(schedule.slot(at: row.capturedAt).lowerBound) }
            // The interval of the start may be over before its turn comes.
            var slot = schedule.slot(at: CaptureBench.start).upperBound.advanced(byMilliseconds: 1)
            let last = schedule.slot(at: end.advanced(byMilliseconds: -3_600_000)).lowerBound
            while slot < last {
                #expect(slots.contains(slot), "\(name) has nothing in the interval from \(slot)")
                slot = slot.advanced(byMilliseconds: 3_600_000)
            }
        }
        #expect(try Verification.run(on: storage).isSound)
    }

    @Test(
        "asked to come back in an hour, nobody is asked before, and every interval has its record all the same",
        arguments: [["a"], ["a", "b", "c"]])
    func longRetryAfter(names: [String]) throws {
        let transport = SteadyTransport { $0 == 0 ? .wait(3600) : .json(Self.document) }
        let bench = try Bench(
            MemoryStorage(), transport,
            policy: CapturePolicy(
                retry: RetryPolicy(longestRetryAfter: .seconds(RetryAfter.longest)), outage: .init(patience: nil)))
        let end = CaptureBench.start.advanced(byMilliseconds: 7_200_000)
        try bench.watch(names, every: 5) { $0.clock.now() >= end }
        let back = CaptureBench.start.advanced(byMilliseconds: 3_600_000)
        var answers: [Timestamp] = []
        for name in names {
            let player = try CaptureAccount(name: name, board: .auto).player
            let log = try #require(try bench.recorder.archive.history.log(player, .main))
            let schedule = AccountSchedule(intervalMinutes: 5, player: player, board: .board(.main))
            var slots: Set<Timestamp> = []
            var rows = log.rows(.oldestFirst, failures: true)
            while let row = try rows.next() {
                let observation = try log.entry(of: row).observation
                slots.insert(schedule.slot(at: row.capturedAt).lowerBound)
                if observation.evidence.httpStatus != nil { answers.append(row.capturedAt) }
                #expect((observation.result == .ok) == (row.capturedAt >= back), "\(observation)")
                if observation.result != .ok { #expect(observation.result == .throttled) }
            }
            // This clock is moved on from deadline to deadline: of several accounts past the beginning of others' intervals.
            var slot = schedule.slot(at: CaptureBench.start).lowerBound
            while names.count == 1, slot < schedule.slot(at: end).lowerBound {
                #expect(slots.contains(slot), "\(name) has nothing in the interval from \(slot)")
                slot = slot.advanced(byMilliseconds: 300_000)
            }
        }
        answers.sort()
        #expect(answers.first == CaptureBench.start && answers.dropFirst().allSatisfy { $0 >= back })
        #expect(answers.count > 10 * names.count)
    }

    @Test("while the archive cannot be written answers stay in memory, and nothing is lost when it can be again")
    func fullDisk() throws {
        let transport = SteadyTransport { _ in .json(Self.document) }
        let storage = SwitchedStorage(MemoryStorage())
        let bench = try Bench(storage, transport)
        storage.isFull = true
        try bench.watch(["a", "b", "c"], every: 60) { bench in
            if bench.failures > 0 { storage.isFull = false }
            return bench.recoveries > 0 || bench.failures > 3
        }
        #expect(bench.failures == 1)
        #expect(try Verification.run(on: storage).isSound)
        #expect(bench.recorder.gatheredCount == 0)
        #expect(bench.results.count == transport.requests)
    }

    @Test("stopped while the archive cannot be written it tries for a while more, and keeps what it can")
    func fullAtTheEnd() throws {
        let transport = SteadyTransport { _ in .json(Self.document) }
        let storage = SwitchedStorage(MemoryStorage())
        let bench = try Bench(storage, transport)
        bench.onFailure = { bench in
            if bench.failures == 2 { storage.isFull = false }
        }
        storage.isFull = true
        // The first failure is that of the run, the second that of the end.
        try bench.watch(["a", "b", "c"], every: 60) { $0.failures > 0 }
        #expect(bench.failures == 2 && bench.recorder.gatheredCount == 0)
        #expect(bench.results.count == transport.requests)
        #expect(try Verification.run(on: storage).isSound)
    }

    @Test("what cannot be written by the end is an error, and the recorder still has it to tell of")
    func lost() throws {
        let transport = SteadyTransport { _ in .json(Self.document) }
        let storage = SwitchedStorage(MemoryStorage())
        let bench = try Bench(storage, transport)
        storage.isFull = true
        #expect(throws: ArchiveError.self) { try bench.watch(["a", "b", "c"], every: 60) { $0.failures > 0 } }
        #expect(bench.failures == 2 && bench.results.isEmpty)
        #expect(bench.recorder.gatheredAnswers.count == transport.requests)
        // Without their documents they count, too.
        #expect(bench.recorder.gatheredBytes > transport.requests << 10)
        storage.isFull = false
        #expect(try Verification.run(on: storage).isSound)
    }

    @Test("a 404 for a listed player is asked again after 1, 2, 4 and 8 minutes, once for all that follow")
    func notFound() throws {
        let transport = SteadyTransport { $0 == 0 ? .json(Self.document) : .status(404) }
        let bench = try Bench(MemoryStorage(), transport)
        let end = CaptureBench.start.advanced(byMilliseconds: 30 * 3_600_000)
        try bench.watch(["a"], every: 1440) { $0.clock.now() >= end }
        let account = try CaptureAccount(name: "a", board: .board(.main))
        let log = try #require(try bench.recorder.archive.history.log(account.player, .main))
        var moments: [Int64] = []
        var rows = log.rows(.oldestFirst, failures: true)
        while let row = try rows.next(), moments.count < 6 {
            moments.append(row.capturedAt.milliseconds(since: CaptureBench.start) / 60_000)
        }
        let gaps = zip(moments.dropFirst(2), moments.dropFirst()).map { $0 - $1 }
        #expect(gaps.prefix(4) == [1, 2, 4, 8])
        #expect(try #require(try FailureStreak(log, until: .latest)).isGone)
    }
}
