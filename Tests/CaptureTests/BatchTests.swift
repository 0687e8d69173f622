import Archive
import Capture
import CivilTime
import Hiscores
import HiscoresClient
import ObjectStore
import TestSupport
import Testing

/// Runs over several accounts: retries, second looks, commits.
@Suite("A batch of captures")
struct BatchTests {
    private static let document = #"{"skills":[{"id":0,"name":"Overall","rank":1,"level":99,"xp":7}]}"#

    private static func policy(retries: Int = 0) -> CapturePolicy {
        CapturePolicy(requestsPerSecond: 1, retry: RetryPolicy(retries: retries))
    }

    private func records(_ archive: Archive) throws -> [Observation] {
        let entries = archive.history.entriesInSequenceOrder()
        var observations: [Observation] = []
        while let entry = try entries.next() { observations.append(entry.observation) }
        return observations
    }

    @Test("every attempt is recorded with its number, the last one counts, and the clock waited between them")
    func retries() throws {
        let clock = ManualClock(CaptureBench.start)
        let bench = try CaptureBench(
            [.status(503), .error(.timedOut), .brokenOff, .status(429), .json(Self.document)], clock: clock,
            policy: Self.policy(retries: 4))
        let result = try bench.capture("a")
        #expect(result.outcome == .stored && result.attempts == 5 && result.ending == .answered)
        let records = try records(bench.archive)
        #expect(records.map(\.evidence.attempt) == [1, 2, 3, 4, 5])
        #expect(records.map(\.result) == [.unavailable, .unavailable, .unavailable, .throttled, .ok])
        #expect(
            zip(records, records.dropFirst()).allSatisfy { $1.capturedAt.milliseconds(since: $0.capturedAt) >= 1000 })
    }

    @Test("what is not worth a retry gets none; what is gets as many as there are")
    func noRetries() throws {
        for answer in [
            .status(404), .status(403), .status(405), .redirect("http://x/"), .body("<html>"), .body(""), .body("[]"),
            .overLimit,
        ] as [ScriptedAnswer] {
            let bench = try CaptureBench([answer, .json(Self.document)], policy: Self.policy(retries: 4))
            #expect(try bench.capture("a").attempts == 1, "\(answer)")
        }
        let bench = try CaptureBench(
            Array(repeating: .status(500), count: 9), policy: Self.policy(retries: 3))
        let result = try bench.capture("a")
        #expect(result.attempts == 4 && result.ending == .retriesSpent && result.outcome == .unavailable)
        #expect(try records(bench.archive).count == 4)
    }

    @Test("another writer that asks the same player in the same millisecond costs no record")
    func sameMillisecond() throws {
        let bench = try CaptureBench([.json(Self.document), .json(Self.document)])
        let first = try bench.capture("a")
        let files = bench.storage
        let beside = first.entry.observation
        // What this run will see, kept by somebody else between its look at the archive and its lock.
        var other = beside
        other.capturedAt = other.capturedAt.advanced(byMilliseconds: 60_000)
        let storage = SwitchedStorage(files) { [other] in
            var batch = Batch()
            batch.add(other, document: nil)
            _ = try? Archive.open(files).commit(batch, lockTimeout: LockTimeout(milliseconds: 0))
        }
        let clock = ManualClock(other.capturedAt)
        let result = try bench.capture("a", into: Archive.open(storage), clock: clock)
        #expect(result.outcome == .unchanged)
        let moments = try records(Archive.open(files)).map(\.capturedAt)
        #expect(moments == [beside.capturedAt, other.capturedAt, other.capturedAt.advanced(byMilliseconds: 1)])
    }

    /// How many observations survive when the last bytes of the journal are lost.
    private func countWithoutLastFrame(_ bench: CaptureBench) throws -> Int {
        var files = bench.storage.files
        files["journal"]?.removeLast(16)
        return try Archive.open(MemoryStorage(files: files, folders: bench.storage.folders)).history.observationCount
    }

    @Test("all of a run is one batch of the journal, in the order of arrival")
    func oneBatch() throws {
        let names = (0..<40).map { "p\($0)" }
        let bench = try CaptureBench(
            Array(repeating: .json(Self.document), count: 41), clock: CaptureBench.hastyClock, policy: Self.policy())
        _ = try bench.capture("before")
        let results = try bench.capture(names)
        #expect(results.map(\.entry.sequenceNumber) == Array(1...40))
        #expect(Set(results.map(\.target.name)) == Set(names))
        #expect(try countWithoutLastFrame(bench) == 1)
    }

    @Test("512 answers are committed, and so is one that has waited for a minute")
    func batches() throws {
        let many = (0..<530).map { "p\($0)" }
        let bench = try CaptureBench(
            Array(repeating: .json(Self.document), count: 530), clock: CaptureBench.hastyClock, policy: Self.policy())
        #expect(try bench.capture(many).count == 530)
        // So large a batch is a pack, the rest of them lies in the journal.
        #expect(bench.storage.files.keys.count { $0.hasPrefix("packs/") } == 1)
        #expect(try countWithoutLastFrame(bench) == 512)

        let clock = ManualClock(CaptureBench.start)
        let (engine, recorder) = try CaptureBench([.json(Self.document)], clock: clock).makeRun()
        #expect(recorder.timeLeft == nil)
        try engine.add(try CaptureTarget(name: "a", board: .main))
        guard case .arrived(let arrival) = engine.next() else {
            Issue.record("nothing arrived")
            return
        }
        recorder.add(arrival)
        clock.advance(milliseconds: 59_999)
        #expect(recorder.timeLeft == .milliseconds(1))
        clock.advance(milliseconds: 1)
        #expect(recorder.timeLeft == .zero)
    }

    @Test("a 404 for a player whom the archive knows is asked again some seconds later, after the others")
    func secondLook() throws {
        let bench = try CaptureBench(
            [.json(Self.document), .status(404), .json(Self.document), .status(404), .json(Self.document)],
            policy: Self.policy())
        _ = try bench.capture("a")
        let results = try bench.capture(["a", "b", "new"])
        #expect(results.map(\.target.name) == ["b", "new", "a"])
        #expect(results.map(\.outcome) == [.stored, .notFound, .unchanged], "a lie of the service")
        #expect(results[1].attempts == 1, "nobody knows of that one")
        #expect(results[2].attempts == 2 && results[2].entry.observation.evidence.attempt == 2)
        let attempts = try records(bench.archive).filter { $0.player.key == "a" }
        #expect(attempts.map(\.result) == [.ok, .notFound, .ok])
        #expect(attempts[2].capturedAt.milliseconds(since: attempts[1].capturedAt) >= 5000)
    }

    @Test("a second 404 stands, with the moment since when the board has listed the player")
    func missing() throws {
        let bench = try CaptureBench([.json(Self.document), .status(404), .status(404)], policy: Self.policy())
        let first = try bench.capture("a")
        let result = try bench.capture("a")
        #expect(result.outcome == .notFound && result.attempts == 2)
        #expect(result.listedSince == first.entry.observation.capturedAt)
        #expect(result.previous == first.entry)
    }

    @Test("an outage is waited out by probes; in one that stays, the rest is recorded as not asked")
    func outage() throws {
        let names = (0..<20).map { "p\($0)" }
        let passing = try CaptureBench(
            Array(repeating: .redirect("http://x/"), count: 7) + Array(repeating: .json(Self.document), count: 13),
            policy: Self.policy())
        let results = try passing.capture(names)
        #expect(results.count == 20 && results.count { $0.outcome == .stored } == 13)
        let staying = try CaptureBench(Array(repeating: .status(502), count: 99), policy: Self.policy())
        let failed = try staying.capture(names)
        #expect(failed.count == 20 && failed.allSatisfy { $0.outcome == .unavailable })
        let unasked = failed.filter { $0.ending == .givenUp }
        #expect(unasked.count == 20 - staying.transport.requests.count && unasked.count > 5)
        for result in unasked {
            let evidence = result.entry.observation.evidence
            #expect(evidence.attempt == 0 && evidence.httpStatus == nil && evidence.latencyMilliseconds == nil)
            #expect(evidence.error?.contains("not asked") == true && evidence.error?.contains("requests") == true)
        }
        // Without patience nobody probes, and nothing is said of that.
        var policy = Self.policy()
        policy.outage.patience = .zero
        let hasty = try CaptureBench(Array(repeating: .status(502), count: 99), policy: policy).capture(names)
        #expect(hasty.last?.entry.observation.evidence.error?.hasSuffix("UTC") == true)
        #expect(staying.archive.history.observationCount == 20)
    }

    @Test("where the service refuses everybody for asking too often, the rest is throttled, and no outage")
    func throttled() throws {
        let bench = try CaptureBench(Array(repeating: .status(429), count: 99), policy: Self.policy())
        let results = try bench.capture((0..<20).map { "p\($0)" })
        #expect(results.count == 20 && results.allSatisfy { $0.outcome == .throttled })
        for result in results where result.ending == .givenUp {
            #expect(result.entry.observation.evidence.error?.contains("asked too often") == true)
        }
        #expect(results.contains { $0.ending == .givenUp })
    }

    @Test("a wait that is too long ends the run with what was answered, and says of everybody when to come back")
    func comeBack() throws {
        let bench = try CaptureBench([.wait(7200)], policy: Self.policy(retries: 4))
        let results = try bench.capture(["a", "b", "c"])
        #expect(bench.transport.requests.count == 1)
        #expect(results.map(\.attempts) == [1, 0, 0] && results.allSatisfy { $0.outcome == .throttled })
        for result in results {
            #expect(result.ending == .comeBack(CaptureBench.start.advanced(byMilliseconds: 7_200_000)))
            #expect(result.entry.observation.evidence.error?.contains("2026-01-01 02:00:00 UTC") == true)
        }
        #expect(results[1].entry.observation.evidence.error?.hasPrefix("not asked: ") == true)
        #expect(results[1].entry.observation.evidence.httpStatus == nil)
    }

    @Test("a failed commit keeps what gathered, to be committed later")
    func failedCommit() throws {
        let bench = try CaptureBench([.json(Self.document)], policy: Self.policy())
        let (engine, recorder) = bench.makeRun()
        try engine.add(try CaptureTarget(name: "a", board: .main))
        guard case .arrived(let arrival) = engine.next(), case .taken(let lock) = bench.storage.tryLock("lock") else {
            Issue.record("nothing arrived")
            return
        }
        recorder.add(arrival)
        #expect(throws: ArchiveError.self) { try recorder.commit() }
        lock.release()
        #expect(try recorder.commit().map(\.outcome) == [.stored])
        #expect(recorder.timeLeft == nil)
        #expect(try recorder.commit().isEmpty)
    }

    @Test("a failure on this machine ends the run, and what arrived before it is kept")
    func localFailure() throws {
        let bench = try CaptureBench([.json(Self.document), .error(.libraryMissing)], policy: Self.policy())
        let error = #expect(throws: LocalFailure.self) { try bench.capture(["a", "b", "c"]) }
        #expect(error?.target.name == "b")
        #expect(bench.archive.history.observationCount == 1)
    }
}
