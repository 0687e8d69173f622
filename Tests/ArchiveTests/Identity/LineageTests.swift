import Archive
import CivilTime
import Hiscores
import TestSupport
import Testing

@Suite("The lineage that rename links make")
struct LineageTests {
    private func link(
        _ from: String, _ to: String, at minute: Int, recorded: Int = 0, undone: Bool = false
    ) -> Record {
        .rename(
            RenameLink(
                from: SampleData.player(from), to: SampleData.player(to), effectiveAt: SampleData.moment(minute),
                recordedAt: SampleData.moment(recorded), isUndone: undone))
    }

    /// `b[10,20) a[,10)`: the tenures of the account that has a name at a minute, newest first.
    private func chain(_ lineage: Lineage, _ name: String, at minute: Int) -> String {
        let tenure = lineage.tenure(of: SampleData.player(name), at: SampleData.moment(minute))
        func minutes(_ moment: Timestamp?) -> String {
            moment.map { "\($0.milliseconds(since: SampleData.start) / 60_000)" } ?? ""
        }
        return lineage.tenures(upTo: tenure).map { "\($0.player)[\(minutes($0.from)),\(minutes($0.until)))" }
            .joined(separator: " ")
    }

    private func links(_ lineage: Lineage) -> [String] {
        lineage.links.map { "\($0.from)>\($0.to)" }
    }

    @Test("without links every name is one account for ever")
    func none() {
        let lineage = Lineage([.tag(Tag(name: "t", recordedAt: SampleData.start, target: nil))])
        #expect(lineage.isEmpty && lineage.names.isEmpty)
        #expect(chain(lineage, "a", at: 5) == "a[,)")
    }

    @Test("a link joins the old name before it and the new one from it on; the rest is others'")
    func simple() {
        let lineage = Lineage([link("a", "b", at: 10)])
        #expect(chain(lineage, "b", at: 10) == "b[10,) a[,10)")
        #expect(chain(lineage, "b", at: 9) == "b[,10)")
        #expect(chain(lineage, "a", at: 9) == "a[,10)")
        #expect(chain(lineage, "a", at: 10) == "a[10,)")
        #expect(lineage.involves(SampleData.player("a")) && !lineage.involves(SampleData.player("c")))
    }

    @Test("A to B to A comes back")
    func there() {
        let lineage = Lineage([link("b", "a", at: 20), link("a", "b", at: 10)])
        #expect(chain(lineage, "a", at: 25) == "a[20,) b[10,20) a[,10)")
        #expect(chain(lineage, "a", at: 15) == "a[10,20)")
        #expect(chain(lineage, "b", at: 25) == "b[20,)")
        let first = lineage.tenure(of: SampleData.player("a"), at: SampleData.moment(0))
        #expect(lineage.links(after: first).map(\.to.key) == ["b", "a"])
    }

    @Test("several names in a row, and a name that another account takes")
    func several() {
        let lineage = Lineage([link("a", "b", at: 10), link("b", "c", at: 20), link("x", "a", at: 15)])
        #expect(chain(lineage, "c", at: 30) == "c[20,) b[10,20) a[,10)")
        #expect(chain(lineage, "a", at: 30) == "a[15,) x[,15)")
        #expect(chain(lineage, "a", at: 12) == "a[10,15)")
    }

    @Test("names that shift along in one moment are accounts apart")
    func shift() {
        let lineage = Lineage([link("a", "b", at: 10), link("b", "c", at: 10)])
        #expect(chain(lineage, "b", at: 10) == "b[10,) a[,10)")
        #expect(chain(lineage, "c", at: 10) == "c[10,) b[,10)")
    }

    @Test("the record of a link that was made last counts, an undone one among equals")
    func undone() {
        #expect(Lineage([link("a", "b", at: 10), link("a", "b", at: 10, recorded: 1, undone: true)]).isEmpty)
        #expect(Lineage([link("a", "b", at: 10, recorded: 1, undone: true), link("a", "b", at: 10)]).isEmpty)
        #expect(Lineage([link("a", "b", at: 10, undone: true), link("a", "b", at: 10)]).isEmpty)
        #expect(
            !Lineage([link("a", "b", at: 10, recorded: 2), link("a", "b", at: 10, recorded: 1, undone: true)]).isEmpty)
        #expect(!Lineage([link("a", "b", at: 10), link("a", "b", at: 11, recorded: 1, undone: true)]).isEmpty)
    }

    @Test("of links that contradict each other the one that was recorded last stands")
    func contradictions() {
        #expect(links(Lineage([link("a", "b", at: 10), link("a", "c", at: 10, recorded: 1)])) == ["a>c"])
        #expect(links(Lineage([link("a", "c", at: 10, recorded: 1), link("b", "c", at: 10)])) == ["a>c"])
        #expect(links(Lineage([link("a", "b", at: 10), link("a", "c", at: 10)])) == ["a>b"])
        #expect(Lineage([link("a", "a", at: 10)]).isEmpty)
    }

    @Test("the order of records makes no difference, and chains end, whatever the links say", arguments: 0..<20)
    func order(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let names = ["a", "b", "c", "d"]
        var records = (0..<30).map { _ in
            link(
                names.randomElement(using: &random) ?? "a", names.randomElement(using: &random) ?? "b",
                at: Int.random(in: 0..<6, using: &random), recorded: Int.random(in: 0..<4, using: &random),
                undone: Int.random(in: 0..<4, using: &random) == 0)
        }
        let lineage = Lineage(records)
        records.shuffle(using: &random)
        #expect(Lineage(records) == lineage, "seed \(seed)")
        // Each tenure is part of exactly one account that nobody left.
        var seen: [Tenure] = []
        for name in lineage.names {
            for tenure in lineage.tenures(of: name) where lineage.link(endingAt: tenure) == nil {
                seen += lineage.tenures(upTo: tenure)
            }
        }
        let all = lineage.names.flatMap(lineage.tenures)
        #expect(seen.count == all.count && Set(seen) == Set(all), "seed \(seed)")
    }
}
