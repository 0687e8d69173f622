import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@testable import Archive

@Suite("Importing as packs") struct PackImportTests {
    /// Packs of some dozens of records, from 8 records on.
    private static let small = PendingImport.Limits(looseRecords: 8, packBytes: 12 << 10)
    private static let loose = PendingImport.Limits(looseRecords: .max, packBytes: .max)

    enum Order: CaseIterable { case byPlayer, byTime, newestFirst, random }

    /// Captures of five players on two boards, every seventh failed, every fifth as the one before.
    private static func lines(_ order: Order, rounds: Int = 40) -> [String] {
        var captures: [(player: Int, round: Int)] = []
        for player in 0..<5 { for round in 0..<rounds { captures.append((player, round)) } }
        var random = SeededRandom(seed: 11)
        switch order {
        case .byPlayer: break
        case .byTime: captures.sort { ($0.round, $0.player) < ($1.round, $1.player) }
        case .newestFirst: captures.sort { ($0.round, $0.player) > ($1.round, $1.player) }
        case .random: captures.shuffle(using: &random)
        }
        return captures.map(line)
    }

    private static func line(player: Int, round: Int) -> String {
        let name = ["Zezima", "Iron\u{A0}Äon", "B0aty", "a \\\"b\\\"", "x"][player]
        let moment = SampleData.moment(round * 60 + player).description
        let place = #""player":"p\#(player)","board":"\#(player == 1 ? "ironman" : "main")","captured_at":"\#(moment)""#
        if round % 7 == 3 { return #"{\#(place),"result":"unavailable","http_status":503,"error":"it is down"}"# }
        let xp = 1000 * player + round - round % 5 / 4
        let last = round > 20 ? #",{"id":2,"name":"Sailing","rank":-1,"level":1,"xp":0}"# : ""
        let body =
            #"{"name":"\#(name)","skills":[{"id":0,"name":"Overall","rank":\#(5_000_000 - xp),"level":\#(xp),"xp":\#(xp * 1_000_000)},"#
            + #"{"id":1,"name":"Attack","rank":7,"level":99,"xp":\#(xp)}\#(last)],"activities":[]}"#
        return #"{\#(place),"http_status":200,"latency_ms":\#(100 + round),"body":\#(body)}"#
    }

    private static func source(_ lines: [String]) -> ImportSource {
        ImportBench.source(Array(lines.joined(separator: "\n").utf8))
    }

    @discardableResult
    private static func run(
        _ lines: [String], into archive: Archive, _ limits: PendingImport.Limits = small,
        report: @escaping (ImportEvent) -> Void = { _ in }
    ) throws -> ImportSummary {
        try Importer(lockTimeout: SampleData.atOnce, limits: limits, opening: { archive }, report: report)
            .run([source(lines)])
    }

    private static func archive(_ storage: any Storage = MemoryStorage()) throws -> Archive {
        try SampleData.archive(in: storage)
    }

    private static func packs(_ storage: MemoryStorage) -> Int {
        storage.files.keys.count { $0.hasPrefix("packs/") }
    }

    @Test("in any order packs hold what loose objects would, in the same sequence", arguments: Order.allCases)
    func equality(order: Order) throws {
        let lines = Self.lines(order)
        let (storage, loose) = (MemoryStorage(), try Self.archive())
        let archive = try Self.archive(storage)
        var commits = 0
        let summary = try Self.run(lines, into: archive) { if case .committed = $0 { commits += 1 } }
        #expect(summary.counts == [200, 200, 0, 0])
        #expect(commits > 2)
        try Self.run(lines, into: loose, Self.loose)
        #expect(Self.packs(storage) > 0)
        #expect(storage.files.keys.allSatisfy { !$0.hasPrefix("objects/") })
        for archive in [archive, try Archive.open(storage)] {
            #expect(archive.head == loose.head)
            #expect(try ImportBench.contents(of: archive) == ImportBench.contents(of: loose))
            #expect(archive.history.snapshotCount == loose.history.snapshotCount)
            #expect(try archive.history.allLogs().map(\.snapshotCount) == loose.history.allLogs().map(\.snapshotCount))
        }
        #expect(try Verification.run(on: storage).isSound)
    }

    @Test("importing again adds nothing, in any order", arguments: Order.allCases)
    func again(order: Order) throws {
        let archive = try Self.archive()
        try Self.run(Self.lines(.byTime), into: archive)
        let head = archive.head
        #expect(try Self.run(Self.lines(order), into: archive).counts == [200, 0, 200, 0])
        #expect(archive.head == head)
    }

    @Test("repetitions within a pack and in later ones count as there already")
    func repetitions() throws {
        let archive = try Self.archive()
        let lines = Self.lines(.byPlayer)
        let doubled = lines.flatMap { [$0, $0] } + lines.reversed()
        #expect(try Self.run(doubled, into: archive).counts == [600, 200, 400, 0])
        #expect(archive.recordCount == 200)
    }

    @Test("a bad line in the middle is named, and the others go in")
    func rejection() throws {
        let archive = try Self.archive()
        var lines = Self.lines(.byTime)
        lines.insert("{\"player\":", at: 120)
        lines.insert("", at: 60)
        var rejections: [ImportRejection] = []
        let summary = try Self.run(lines, into: archive) {
            if case .rejected(let rejection) = $0 { rejections.append(rejection) }
        }
        #expect(summary.counts == [201, 200, 0, 1])
        #expect(rejections.map(\.line) == [122])
    }

    @Test("a small import stays loose")
    func small() throws {
        for (count, packs) in [(63, 0), (64, 1)] {
            let storage = MemoryStorage()
            let archive = try Self.archive(storage)
            try Self.run(Array(Self.lines(.byTime)[..<count]), into: archive, PendingImport.Limits())
            #expect(Self.packs(storage) == packs)
            #expect(archive.recordCount == count)
        }
    }

    @Test("records that wait in the journal are sealed in front")
    func journalInFront() throws {
        let (storage, loose) = (MemoryStorage(), try Self.archive())
        let archive = try Self.archive(storage)
        let lines = Self.lines(.byTime)
        for archive in [archive, loose] { try Self.run(Array(lines[..<5]), into: archive, Self.loose) }
        try Self.run(lines, into: archive)
        try Self.run(lines, into: loose, Self.loose)
        #expect(archive.head == loose.head)
        #expect(archive.history.snapshotCount == loose.history.snapshotCount)
        #expect(try ImportBench.contents(of: archive) == ImportBench.contents(of: loose))
        #expect(try Verification.run(on: storage).isSound)
    }

    @Test("what another writer committed meanwhile is not added twice", arguments: [true, false])
    func anotherWriter(sameLines: Bool) throws {
        let storage = MemoryStorage()
        let archive = try Self.archive(storage)
        let other = try Archive.open(storage)
        let lines = Self.lines(.byTime)
        let theirs = sameLines ? Array(lines[10..<30]) : [Self.line(player: 4, round: 1000)]
        var text = Array(lines.joined(separator: "\n").utf8)[...]
        var isFirst = true
        let source = ImportSource.stream(name: "lines") { count in
            // The first lines are gathered by the time the others are asked for.
            if !isFirst, other.recordCount == 0 { _ = try? Self.run(theirs, into: other, Self.loose) }
            isFirst = false
            defer { text = text.dropFirst(3000) }
            return Array(text.prefix(min(count, 3000)))
        }
        let limits = PendingImport.Limits(looseRecords: 8, packBytes: .max)
        let summary = try Importer(
            lockTimeout: SampleData.atOnce, limits: limits, opening: { archive }, report: { _ in }
        ).run([source])
        #expect(summary.counts == (sameLines ? [200, 180, 20, 0] : [200, 200, 0, 0]))
        #expect(archive.recordCount == (sameLines ? 200 : 201))
        #expect(Set(try archive.entries().map(\.observation.identity)).count == archive.recordCount)
        #expect(try Verification.run(on: storage).isSound)
    }

    @Test("an import that is killed is whole up to a pack, and resumed by running it again")
    func killed() throws {
        let lines = Self.lines(.byTime, rounds: 5)
        let limits = PendingImport.Limits(looseRecords: 4, packBytes: 6 << 10)
        let whole = try Self.archive()
        try Self.run(lines, into: whole, limits)
        let contents = try ImportBench.contents(of: whole)
        let counting = FaultInjectingStorage(MemoryStorage())
        let archive = try Self.archive(counting)
        let created = counting.operations
        var packs = 0
        try Self.run(lines, into: archive, limits) { if case .committed = $0 { packs += 1 } }
        #expect(packs > 1)
        // A kill strikes each operation, the other faults a quarter of them each, together all.
        let others = [Fault.Kind.killedBefore, .failedSynchronization, .diskFull, .ioError]
        for (part, kinds) in [[Fault.Kind.killedMidWrite], others].enumerated() {
            for operation in created..<counting.operations {
                let kind = kinds[(operation + part) % kinds.count]
                let storage = MemoryStorage()
                let faulty = FaultInjectingStorage(storage, fault: Fault(kind, at: operation))
                var summary = ImportSummary()
                let archive = try Self.archive(faulty)
                _ = try? Self.run(lines, into: archive, limits) {
                    if case .committed(let counts) = $0 { summary = counts }
                }
                let after = try Archive.open(storage)
                #expect(after.recordCount >= summary.added, "\(kind) at \(operation)")
                #expect(try ImportBench.contents(of: after) == Array(contents[..<after.recordCount]))
                try Self.run(lines, into: after, limits)
                #expect(try ImportBench.contents(of: after) == contents, "\(kind) at \(operation)")
                #expect(try Verification.run(on: storage).isSound, "\(kind) at \(operation)")
                let leftover = storage.files.keys.filter { $0.hasPrefix("torn/") && $0.hasSuffix(".pack") }
                #expect(leftover == [], "\(kind) at \(operation)")
            }
        }
    }
}
