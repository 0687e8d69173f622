import CanonicalJSON
import Testing

@Suite("gc")
struct GarbageCollectionTests {
    private let place = Workplace()

    /// Imports of so few captures that they stay in the journal.
    private func importSome(_ rounds: Range<Int>) throws {
        for round in rounds {
            let lines = (0..<50).map { number in
                SampleArchive.line(
                    "alice", "main", "2026-01-\(10 + round)T10:\(10 + number):00Z",
                    SampleArchive.small("Alice", xp: round * 100 + number))
            }
            #expect(try place.run("import", "-", input: lines.joined(separator: "\n")).status == 0)
        }
    }

    private func count(_ name: JSONText) throws -> Int64? { try place.run("stats", "--json").json.count(name) }

    @Test("the journal goes into a pack, and what it says stays")
    func sealing() throws {
        try importSome(0..<2)
        let (log, head) = (try place.run("log", "--json").text, try place.run("stats", "--json").json.text("head"))
        #expect(try count("packs") == 0 && count("loose_objects") == 100)
        let done = try place.run("gc", "--json")
        let shape = try done.json
        #expect(
            shape.keys == [
                "schema", "sealed", "packs_merged", "packs", "loose_removed", "bytes_before", "bytes_after",
            ])
        #expect(done.status == 0 && shape.count("sealed") == 100 && shape.count("loose_removed") == 100)
        #expect(try shape.count("bytes_after") == count("bytes_total"))
        #expect(try count("packs") == 1 && count("loose_objects") == 0)
        #expect(try place.run("log", "--json").text == log)
        #expect(try place.run("stats", "--json").json.text("head") == head)
        #expect(try place.run("verify").status == 0)
        #expect(try place.run("gc").text.hasPrefix("nothing to seal: 1 pack"))
    }

    @Test("a capture seals by itself once there is enough, and says nothing of it")
    func byItself() throws {
        try importSome(0..<6)
        #expect(try count("packs") == 0)
        let simulator = try Simulator(in: place)
        place.asks(simulator)
        let captured = try place.run("capture", "--board", "main", "Lynx Titan")
        let isQuiet = !captured.errorText.contains("seal") && !captured.errorText.contains("merg")
        #expect(captured.status == 0 && isQuiet, "\(captured)")
        #expect(try count("packs") == 1 && count("loose_objects") == 0 && count("observations") == 301)
        #expect(try place.run("show", "lynx_titan").status == 0)
        #expect(try place.run("verify").status == 0)
    }

    @Test("without an archive it is 10, and nothing is made")
    func nowhere() throws {
        #expect(try place.run("gc").status == 10)
        #expect(!place.has("archive"))
    }
}
