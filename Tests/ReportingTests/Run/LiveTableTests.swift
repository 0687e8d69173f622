import Reporting
import Testing

@testable import Archive

@Suite("The picture of a run while it goes on")
struct LiveTableTests {
    private let rows = [
        LiveTable.Row(place: "main/a", state: .waiting),
        LiveTable.Row(place: "main/lynx_titan", state: .asking(attempt: 2)),
        LiveTable.Row(place: "ironman/b", state: .again(milliseconds: 4_000, after: .throttled)),
        LiveTable.Row(place: "main/c", state: .answered),
        LiveTable.Row(place: "main/d", state: .failed(.notFound)),
    ]

    @Test("A row for each account, then how far it is")
    func whole() {
        let table = LiveTable(rows: rows, pace: 0.5, millisecondsLeft: 6_000)
        #expect(
            table.lines(width: 79, height: 6) == [
                "main/a           waiting",
                "main/lynx_titan  asking, attempt 2",
                "ironman/b        throttled, again in 4 s",
                "main/c           answered",
                "main/d           not found",
                "2/5 boards, 1 failed, pace 0.5 a second, some 6 s left",
            ])
    }

    @Test("Where not all fit, what happens comes first; no line is wider than the terminal")
    func narrow() {
        let table = LiveTable(rows: rows, pace: 1, millisecondsLeft: nil)
        #expect(
            table.lines(width: 24, height: 4) == [
                "main/lynx_titan  asking…", "ironman/b        thrott…", "main/d           not fo…",
                "2/5 boards, 1 failed, p…",
            ])
        #expect(table.lines(width: 24, height: 1) == ["2/5 boards, 1 failed, p…"])
        for width in 0...40 {
            for line in table.lines(width: width, height: 9) { #expect(line.count <= max(width, 0)) }
        }
    }
}
