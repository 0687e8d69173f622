import Archive
import CanonicalJSON
import Capture
import CivilTime
import Hiscores
import HiscoresClient
import ObjectStore
import TestSupport
import Testing

/// Every way for an attempt to end, and the record that it leaves.
@Suite("A capture run")
struct CaptureRunTests {
    private static let document =
        #"{"name":"Lynx Titan","skills":[{"id":0,"name":"Overall","rank":1,"level":99,"xp":7}],"activities":[]}"#

    @Test("an answer becomes an observation with all its evidence, and its canonical document is kept")
    func stored() throws {
        let bench = try CaptureBench([.json(Self.document, latency: 42)])
        let result = try bench.capture("  Lynx titan ")
        let observation = result.entry.observation
        #expect(result.outcome == .stored && result.previous == nil)
        #expect(observation.result == .ok && observation.player.key == "lynx_titan" && observation.board == .main)
        #expect(observation.displayName == "Lynx Titan")
        #expect(observation.capturedAt == CaptureBench.start)
        let evidence = observation.evidence
        #expect(evidence.httpStatus == 200 && evidence.latencyMilliseconds == 42 && evidence.attempt == 1)
        #expect(evidence.error == nil && evidence.redirect == nil && evidence.body == nil)
        #expect(
            evidence.source == "http://simulated.test/x" && evidence.agent == "osrs-archive/0" && evidence.run == "run")
        #expect(!evidence.clockIsSet)
        let canonical = try JSONDocument(parsing: Array(Self.document.utf8)).root.canonicalBytes()
        let snapshot = try #require(observation.snapshot)
        #expect(snapshot == SHA256.digest(canonical))
        #expect(try bench.archive.document(snapshot) == canonical)
        let progress = try JSONDocument(parsing: canonical).root.canonicalBytes(omitting: "rank")
        #expect(observation.progress == SHA256.digest(progress))
        #expect(
            bench.transport.requests.map(\.url) == [
                "http://simulated.test/x/m=hiscore_oldschool/index_lite.json?player=Lynx%20titan"
            ])
        #expect(result.entry.sequenceNumber == 0)
        #expect(result.target.name == "Lynx titan")
    }

    @Test("the name as asked for stands in where the answer has none; a set clock is marked")
    func unnamed() throws {
        let bench = try CaptureBench(
            [.json(#"{"skills":[]}"#)], clock: SetClock(start: CaptureBench.start, factor: 1e-6))
        let observation = try bench.capture("Zezima", on: .ironman).entry.observation
        #expect(observation.displayName == "Zezima" && observation.board == .ironman)
        #expect(observation.evidence.clockIsSet)
    }

    @Test("the same answer again is unchanged: one object, two records, also in the same millisecond")
    func unchanged() throws {
        let bench = try CaptureBench([.json(Self.document), .json(" " + Self.document), .json(Self.document)])
        let first = try bench.capture("a")
        let results = [try bench.capture("a"), try bench.capture("a")]
        #expect(results.map(\.outcome) == [.unchanged, .unchanged])
        #expect(results.map(\.previous) == [first.entry, results[0].entry])
        let times = [first, results[0], results[1]].map {
            $0.entry.observation.capturedAt.milliseconds(since: CaptureBench.start)
        }
        #expect(times == [0, 1, 2])
        #expect(try bench.archive.statistics().looseObjects == 1)
        #expect(bench.archive.history.observationCount == 3)
    }

    @Test("equal failures in one millisecond are events of their own; another player's or board's stay at it")
    func failuresAtOnce() throws {
        let bench = try CaptureBench([.status(404), .status(404), .status(503), .status(404), .status(404)])
        func moment(_ name: String, _ board: Board = .main) throws -> Int64 {
            try bench.capture(name, on: board).entry.observation.capturedAt.milliseconds(since: CaptureBench.start)
        }
        #expect(try moment("a") == 0)
        #expect(try moment("a") == 1)
        // Another result at the same moment is another observation already.
        #expect(try moment("a") == 0)
        #expect(try moment("b") == 0)
        #expect(try moment("a", .ironman) == 0)
    }

    @Test("a document that changed is stored, and what came before is the last ok one, not a failure")
    func changed() throws {
        let clock = ManualClock(CaptureBench.start)
        let later = Self.document.replacing("\"xp\":7", with: "\"xp\":8")
        let bench = try CaptureBench([.json(Self.document), .status(503), .json(later)], clock: clock)
        let first = try bench.capture("a")
        clock.advance(milliseconds: 60_000)
        let failed = try bench.capture("a")
        #expect(failed.outcome == .unavailable && failed.previous == first.entry)
        clock.advance(milliseconds: 60_000)
        let second = try bench.capture("a")
        #expect(second.outcome == .stored && second.previous == first.entry)
    }

    /// Answers that are no snapshot, and what each comes to.
    private static let failures: [(answer: ScriptedAnswer, outcome: Outcome, word: String)] = [
        (.status(404), .notFound, "404"), (.status(429), .throttled, "429"), (.status(403), .throttled, "403"),
        (.status(500), .unavailable, "500"), (.status(418), .unavailable, "418"), (.status(204), .unavailable, "204"),
        (.redirect("https://example.org/down"), .unavailable, "redirect"),
        (.body("<html>", type: "text/html"), .unavailable, "HTML"), (.body(""), .unavailable, "empty"),
        (.body(#"{"skills":["#), .unavailable, "cut off"), (.overLimit, .unavailable, "limit"),
        (.brokenOff, .unavailable, "broke"), (.error(.timedOut), .unavailable, "too long"),
        (.error(.notConnected), .unavailable, "connection"), (.error(.unknownHost), .unavailable, "host"),
        (.error(.tlsFailure), .unavailable, "secure"),
        (.body("[]"), .invalid, "skills"), (.body("{}"), .invalid, "skills"), (.body("hello"), .invalid, "document"),
        (.body(#"{"skills":[],"skills":[]}"#), .invalid, ""),
    ]

    @Test("every failure leaves a record with its reason and no snapshot; only an invalid answer's body is kept")
    func failures() throws {
        for failure in Self.failures {
            let bench = try CaptureBench([failure.answer])
            let result = try bench.capture("a")
            let observation = result.entry.observation
            #expect(result.outcome == failure.outcome, "\(failure.answer)")
            #expect(observation.snapshot == nil && observation.progress == nil)
            #expect(observation.evidence.error?.contains(failure.word) == true, "\(observation.evidence.error ?? "-")")
            #expect(bench.archive.history.observationCount == 1)
            let isKept = observation.evidence.body?.isKept ?? false
            #expect(isKept == (failure.outcome == .invalid), "\(failure.answer)")
            #expect(try bench.archive.statistics().looseObjects == (isKept ? 1 : 0))
        }
    }

    @Test("the evidence of a failure: status, redirect, and the body's type, size and id")
    func evidence() throws {
        let page = "<html>down</html>"
        let bench = try CaptureBench([
            .redirect("https://example.org/down"), .body(page, type: "text/html"),
            .body("[1]", type: "application/json"),
            .error(.timedOut),
        ])
        let redirect = try bench.capture("a").entry.observation.evidence
        #expect(redirect.redirect == "https://example.org/down" && redirect.httpStatus == 302 && redirect.body == nil)
        let html = try bench.capture("a").entry.observation.evidence
        #expect(html.body?.contentType == "text/html" && html.body?.bytes == page.utf8.count)
        #expect(html.body?.id == SHA256.digest(Array(page.utf8)) && html.body?.isKept == false)
        let invalid = try bench.capture("a").entry.observation.evidence
        let body = try #require(invalid.body)
        #expect(body.isKept)
        #expect(try bench.archive.document(body.id) == Array("[1]".utf8))
        let timeout = try bench.capture("a").entry.observation.evidence
        #expect(timeout.httpStatus == nil && timeout.body == nil && timeout.latencyMilliseconds == 30)
    }

    @Test("what fails on this machine leaves no record: the service was never asked")
    func local() throws {
        let bench = try CaptureBench([.error(.libraryMissing), .error(.invalidRequest)])
        for _ in 0..<2 {
            let error = #expect(throws: LocalFailure.self) { try bench.capture("a") }
            #expect(error?.description.isEmpty == false)
        }
        #expect(bench.archive.history.observationCount == 0)
    }

    @Test("a record that cannot be kept is an error, not a capture")
    func locked() throws {
        let bench = try CaptureBench([.json(Self.document), .json(Self.document)])
        guard case .taken(let lock) = bench.storage.tryLock("lock") else {
            Issue.record("the lock was not free")
            return
        }
        let error = #expect(throws: ArchiveError.self) { try bench.capture("a") }
        #expect(error?.code == .locked)
        lock.release()
        #expect(try bench.capture("a").outcome == .stored)
    }

    @Test("what another process captured meanwhile is seen")
    func otherWriters() throws {
        let bench = try CaptureBench([.json(Self.document), .json(Self.document)])
        let other = try Archive.open(bench.storage)
        let first = try bench.capture("a")
        let second = try bench.capture("a", into: other)
        #expect(second.outcome == .unchanged && second.previous == first.entry)
        #expect(second.entry.observation.capturedAt.milliseconds(since: CaptureBench.start) == 1)
    }

    @Test("names are checked before anything is asked")
    func names() {
        for name in ["", "   ", "thirteen chars", "a/b", "käse", "-_-"] {
            #expect(throws: PlayerNameError.self) { try CaptureTarget(name: name, board: .main) }
        }
    }

    // MARK: Names that change hands

    private static func document(xp: Int) -> String {
        #"{"name":"a","skills":[{"id":0,"name":"Overall","rank":1,"level":99,"xp":\#(xp)}],"activities":[]}"#
    }

    @Test("a fall that no account makes is flagged, kept and exported; a rollback, growth and failures are not")
    func changedHands() throws {
        let answers = [900_000_000, 890_000_000, 910_000_000, 1_000, 2_000].map {
            ScriptedAnswer.json(Self.document(xp: $0))
        }
        let bench = try CaptureBench(answers + [.status(404)])
        var flags: [[String]] = []
        for _ in 0...answers.count { flags.append(try bench.capture("a").entry.observation.evidence.suspicions) }
        #expect(flags == [[], [], [], ["changed_hands"], [], []])
        let log = try #require(try Archive.open(bench.storage).history.logs(of: try bench.player("a")).first)
        var rows = log.rows(.oldestFirst, failures: false)
        var kept: [[String]] = []
        while let row = try rows.next() { kept.append(try log.entry(of: row).observation.evidence.suspicions) }
        #expect(kept == Array(flags.dropLast()))
    }

    @Test("each board has its own past, and boards that begin anew have no suspicion")
    func boards() throws {
        let bench = try CaptureBench([900_000_000, 5, 900_000_000, 5].map { .json(Self.document(xp: $0)) })
        for board in [Board.main, .ironman, .seasonal, .seasonal] {
            #expect(try bench.capture("a", on: board).entry.observation.evidence.suspicions.isEmpty)
        }
    }

    @Test("after a rename the first capture is compared with the last one under the old name")
    func renamed() throws {
        let bench = try CaptureBench(
            [Self.document(xp: 7), Self.document(xp: 7), Self.document(xp: 9)].map { .json($0) })
        let first = try bench.capture("a")
        _ = try bench.archive.rename(
            try bench.player("a"), to: try bench.player("b"), at: CaptureBench.start.advanced(byMilliseconds: 1),
            now: CaptureBench.start, lockTimeout: LockTimeout(milliseconds: 0))
        let second = try bench.capture("b", clock: 1)
        #expect(second.outcome == .unchanged && second.previous == first.entry)
        let other = try bench.capture("a", clock: 2)
        #expect(other.outcome == .stored && other.previous == nil)
    }
}
