import Archive
import Capture
import CivilTime
import Hiscores
import HiscoresClient
import ObjectStore
import Testing

@Suite("The boards of one account in one run")
struct AccountRoundTests {
    private static func document(_ experience: Int) -> String {
        #"{"name":"Lynx Titan","skills":[{"id":0,"name":"Overall","rank":1,"level":99,"xp":\#(experience)}],"activities":[]}"#
    }

    private static let boards: [Board] = [.main, .ironman, .hardcoreIronman, .ultimate]

    @Test("are asked one after the other, and tell together what the account is")
    func inTurn() throws {
        let bench = try CaptureBench(
            [.json(Self.document(7)), .json(Self.document(7)), .json(Self.document(5)), .status(404)])
        let account = try CaptureAccount(name: "Lynx Titan", board: .auto)
        let (results, round) = try bench.capture(account, boards: Self.boards)
        #expect(results.map(\.target.board) == Self.boards)
        #expect(results.map(\.outcome) == [.stored, .stored, .stored, .notFound])
        #expect(Set(results.map(\.entry.observation.evidence.run)) == ["run"])
        let standing = AccountStanding(try #require(round).evidence)
        #expect(standing.type == .ironman && standing.isDead && standing.frozenBoards == [.hardcoreIronman])
        #expect(bench.transport.requests.count == 4)
    }

    @Test("a board that is asked where the boards are found out is not asked once more")
    func repeats() throws {
        func round(_ name: String, _ board: Board?, _ boards: Board...) throws -> AccountRound {
            let account = try CaptureAccount(name: name, board: board.map { .board($0) } ?? .auto)
            return AccountRound(account, boards: boards[0], boards.dropFirst())
        }
        let rounds = [
            try round("A", .main, .main), try round("a", nil, .main, .ironman), try round("A", .skiller, .skiller),
            try round("b", .main, .main),
        ]
        #expect(AccountRound.withoutRepeats(rounds) == Array(rounds[1...]))
    }

    @Test("a failure teaches nothing, and does not keep the others from being asked")
    func failures() throws {
        let bench = try CaptureBench([.json(Self.document(7)), .status(503), .error(.timedOut), .status(404)])
        let (results, round) = try bench.capture(
            try CaptureAccount(name: "a", board: .auto), boards: Self.boards)
        #expect(results.map(\.outcome) == [.stored, .unavailable, .unavailable, .notFound])
        #expect(AccountStanding(try #require(round).evidence).type == nil)
    }

    @Test("the mode cache spares requests; an account that nobody asked to be found out keeps to its boards")
    func detection() throws {
        let config = MemoryStorage()
        let detection = AccountDetection(ModeCacheFile(in: config))
        let account = try CaptureAccount(name: "Lynx Titan", board: .auto)
        let bench = try CaptureBench(
            [.json(Self.document(7)), .status(404), .status(404), .status(404)])
        let first = try detection.round(
            of: account, in: bench.archive.history, at: CaptureBench.start, keepsToKnown: true)
        #expect(first.boards == Self.boards)
        let (_, round) = try bench.capture(account, boards: first.boards)
        try bench.archive.reload()
        #expect(
            try detection.round(of: account, in: bench.archive.history, at: CaptureBench.start, keepsToKnown: true)
                .boards
                == [.main])
        #expect(
            try detection.round(of: account, in: bench.archive.history, at: CaptureBench.start).boards == Self.boards)
        #expect(!detection.learn(from: try #require(round), at: CaptureBench.start))
        #expect(detection.standing(of: account.player)?.type == .regular)
        #expect(
            try detection.round(of: account, in: bench.archive.history, at: CaptureBench.start).boards == [.main])
        try detection.save()
        let other = AccountDetection(ModeCacheFile(in: config))
        #expect(other.standing(of: account.player)?.type == .regular && other.warning == nil)
        // One that is named is asked about on that board, whatever is known.
        let named = try CaptureAccount(name: "Lynx Titan", board: .board(.ultimate))
        #expect(try other.round(of: named, in: bench.archive.history, at: CaptureBench.start).boards == [.ultimate])
    }

    @Test("a suspicion that comes when nothing is left to mark marks the next snapshot, once")
    func lateSuspicion() throws {
        let bench = try CaptureBench([.status(404), .json(Self.document(7)), .json(Self.document(8))])
        let account = try CaptureAccount(name: "a", board: .board(.main))
        let (engine, recorder) = bench.makeRun()
        recorder.suspect(.changedHands, of: account.player)
        var marks: [[String]] = []
        for _ in 0..<3 { try engine.add(CaptureTarget(name: "a", board: .main)) }
        while case .arrived(let arrival) = engine.next() { recorder.add(arrival) }
        for result in try recorder.commit() { marks.append(result.entry.observation.evidence.suspicions) }
        #expect(marks == [[], ["changed_hands"], []])
    }

    @Test("ranks: what differs in ranks alone is recorded without its document, within one batch too")
    func ranks() throws {
        func document(_ rank: Int) -> String {
            #"{"skills":[{"id":0,"name":"Overall","rank":\#(rank),"level":99,"xp":7}],"activities":[]}"#
        }
        let bench = try CaptureBench([.json(document(1)), .json(document(2)), .json(document(3))])
        let account = try CaptureAccount(name: "a", board: .board(.main), ranks: .daily)
        let hours = [0, 1, 24].map { CaptureBench.start.advanced(byMilliseconds: Int64($0) * 3_600_000) }
        let outcomes = try hours.map {
            try bench.capture(account, boards: [.main], clock: ManualClock($0)).results.map(\.outcome)
        }
        #expect(outcomes == [[.stored], [.ranksOnly], [.stored]])
        #expect(try Verification.run(on: bench.storage).isSound)
    }
}
