import Diffing
import Hiscores
import Testing

@Suite("Whether two documents can be of one account")
struct AccountContinuityTests {
    /// An account with 10 skills of 5 million each.
    private let before = Self.document((0..<10).map { _ in 5_000_000 })

    private static func document(_ skills: [Int64?], overall: Int64? = nil, score: Int64 = 10) -> HiscoreDocument {
        let sum = skills.reduce(0) { $0 &+ ($1 ?? 0) }
        let rows = skills.enumerated().map { index, xp in
            SkillRow(
                id: Int64(index + 1), name: "Skill \(index)", rank: xp == nil ? -1 : 9, level: xp == nil ? 1 : 70,
                xp: xp ?? 0)
        }
        let first = SkillRow(id: 0, name: "Overall", rank: 9, level: 700, xp: overall ?? sum)
        return HiscoreDocument(
            name: nil, skills: [first] + rows,
            activities: [ActivityRow(id: 0, name: "LMS - Rank", rank: 9, score: score)])
    }

    private func suspects(
        _ after: HiscoreDocument, from before: HiscoreDocument? = nil, on board: Board = .main
    ) -> Bool {
        HiscoreDiff(from: before ?? self.before, to: after).suggestsAnotherAccount(on: board)
    }

    private func skills(_ edit: (inout [Int64?]) -> Void) -> HiscoreDocument {
        var skills: [Int64?] = (0..<10).map { _ in 5_000_000 }
        edit(&skills)
        return Self.document(skills)
    }

    @Test("play, ranks, ratings and nothing at all are no reason")
    func play() {
        #expect(!suspects(before))
        #expect(!suspects(skills { $0[3] = 9_000_000 }))
        #expect(!suspects(Self.document((0..<10).map { _ in 5_000_000 }, score: 1)))
        #expect(!HiscoreDiff(from: nil, to: before).suggestsAnotherAccount(on: .main))
    }

    @Test("a rollback takes some hours of a few skills")
    func rollback() {
        #expect(!suspects(skills { $0[0] = 4_000_000 }))
        #expect(!suspects(skills { for index in 0..<4 { $0[index] = 4_900_000 } }))
        let large = Self.document([200_000_000, 200_000_000, 1])
        #expect(!suspects(Self.document([188_000_000, 200_000_000, 1]), from: large))
        #expect(suspects(Self.document([187_999_999, 200_000_000, 1]), from: large))
    }

    @Test("large falls are a reason, also where the whole grew")
    func large() {
        #expect(suspects(Self.document((0..<10).map { _ in 1_000_000 })))
        let other = skills { skills in
            for index in 0..<4 { skills[index] = 1_000_000 }
            skills[4] = 100_000_000
        }
        #expect(suspects(other))
    }

    @Test("most of a small account's experience is a reason")
    func small() {
        let small = Self.document([40_000, 10_000])
        #expect(suspects(Self.document([20_000, 1_000]), from: small))
        #expect(!suspects(Self.document([30_000, 10_000]), from: small))
    }

    @Test("most skills a little lower, or gone together with Overall's experience, are a reason")
    func most() {
        #expect(suspects(skills { for index in 0..<6 { $0[index] = 4_999_999 } }))
        #expect(!suspects(skills { for index in 0..<5 { $0[index] = 4_999_999 } }))
        #expect(suspects(skills { for index in 0..<6 { $0[index] = nil } }))
        // A gap of the answer: Overall goes on.
        let gap = Self.document((0..<10).map { $0 < 6 ? nil : 5_000_000 }, overall: 50_000_001)
        #expect(!suspects(gap))
    }

    @Test("without Overall the skills that are known count")
    func withoutOverall() {
        let without = { (document: HiscoreDocument) in
            var document = document
            document.skills.removeFirst()
            return document
        }
        #expect(
            suspects(without(skills { ($0[0], $0[1]) = (1, 1) }), from: without(Self.document([5_000_000, 5_000_000]))))
        #expect(!suspects(without(before), from: without(before)))
    }

    @Test("boards on which everybody begins anew are left alone; numbers as large as may be do no harm")
    func boards() {
        let fallen = Self.document([1])
        for board in [Board.deadman, .seasonal, .tournament] { #expect(!suspects(fallen, on: board)) }
        for board in [Board.main, .ironman, .ultimate, .skiller] { #expect(suspects(fallen, on: board)) }
        let huge = Self.document([Int64.max, Int64.max], overall: Int64.max)
        #expect(suspects(Self.document([0, 0], overall: 1), from: huge))
    }
}
