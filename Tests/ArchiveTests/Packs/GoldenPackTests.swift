import Glibc
import Hiscores
import ObjectStore
import TestSupport
import Testing

@testable import Archive

/// A small pack of everything that a pack holds, whose bytes lie in `Fixtures/` for ever.
enum GoldenPack {
    /// Two players, a repeated snapshot, one that another log has, a failure, a kept body, a document that fits no table,
    /// another layout, a tag, and times that are out of order and tied.
    static func records() throws -> [SampleRecord] {
        var records: [SampleRecord] = []
        func add(_ document: [UInt8], _ minute: Int, _ player: String = "Zezima", _ board: Board = .main) throws {
            records.append(
                try SampleRecord(
                    .observation(try SampleData.observation(document, at: minute, player: player, board: board)),
                    document: document))
        }
        for xp in 0..<8 { try add(SampleData.document(xp: 1000 + 7 * (xp / 2), rank: 50 - xp), xp) }
        try add(SampleData.document(xp: 1021, rank: 43), 8)
        try add(SampleData.document(xp: 1021, rank: 43), 8, "Lynx Titan", .ironman)
        records.append(try SampleRecord(.observation(SampleData.failure(.unavailable, at: 9))))
        let body = Array("<oops>".utf8)
        var invalid = SampleData.failure(.invalid, at: 10)
        invalid.evidence.body = AnswerBody(
            contentType: "text/html", bytes: body.count, id: SHA256.digest(body), isKept: true)
        records.append(try SampleRecord(.observation(invalid), document: body))
        try add(Array(#"{"activities":[],"name":"Zezima","rank":1,"skills":[],"xp":12}"#.utf8), 5)
        try add(Array(("[" + (0..<4100).map { "\($0 % 7)" }.joined(separator: ",") + "]").utf8), 11, "Lynx Titan")
        records.append(
            try SampleRecord(
                .tag(
                    Tag(
                        name: "before", recordedAt: SampleData.start,
                        target: Moment(snapshot: SHA256.digest(SampleData.document(xp: 1000, rank: 50)), sighting: nil))
                )
            ))
        return records
    }

    /// The same behind a kept body of so many bytes that the newest observations are listed: a snapshot without one
    /// before it, failures, a repeated one, and one that is not.
    static func recordsWithNewest() throws -> [SampleRecord] {
        var random = SeededRandom(seed: 1)
        let body = (0..<25_600).map { _ in UInt8.random(in: 0...255, using: &random) }
        var invalid = SampleData.failure(.invalid, at: 0)
        invalid.evidence.body = AnswerBody(contentType: nil, bytes: body.count, id: SHA256.digest(body), isKept: true)
        return [try SampleRecord(.observation(invalid), document: body)] + (try records())
    }

    /// The same, and players whose documents differ in a name.
    static func recordsWithNames() throws -> [SampleRecord] {
        try recordsWithNewest()
            + ["B0aty", "Settled", "Torvesta"].map { player in
                let skills = (0..<12).map { #"{"name":"Skill \#($0)","rank":\#($0 + 1),"xp":\#($0 * $0)}"# }
                let document = Array(
                    #"{"activities":[],"name":"\#(player)","skills":[\#(skills.joined(separator: ","))]}"#.utf8)
                return try SampleRecord(
                    .observation(try SampleData.observation(document, at: 20, player: player)), document: document)
            }
    }
}

/// A pack of each form that ever landed.
enum PackFixture: String, CaseIterable {
    case plain = "format-1.pack"
    case newest = "format-1-newest.pack"
    case derived = "format-1-derived.pack"

    /// The form that is written now.
    static let current = derived

    var name: String {
        switch self {
        case .plain: "6d0fa9164c50db132e6ecf718b8c1eba073b8289b6672345bb96175c53e2e6d1"
        case .newest: "eb1d5d5f74659f4ea49a0df6daa2a5c6b4a77d0c1faecefbf5534a74ee4e3be5"
        case .derived: "55c575f29c285c1b653e9cf89ca06861d2f2b6bacb5664c87b8e723eb5777d35"
        }
    }

    func records() throws -> [SampleRecord] {
        switch self {
        case .plain: try GoldenPack.records()
        case .newest: try GoldenPack.recordsWithNewest()
        case .derived: try GoldenPack.recordsWithNames()
        }
    }
}

@Suite struct GoldenPackTests {
    private static let path = String(#filePath.dropLast("Packs/GoldenPackTests.swift".count)) + "Fixtures"

    private func file(_ fixture: PackFixture) throws -> PackFile {
        let bytes = try FileStorage(root: Self.path).readAll(fixture.rawValue, limit: 1 << 20)
        return PackFile(name: try #require(ObjectID(hex: fixture.name)), bytes: bytes)
    }

    @Test(arguments: PackFixture.allCases) func theFixtureIsRead(fixture: PackFixture) throws {
        let pack = try file(fixture)
        #expect(SHA256.digest(pack.bytes) == pack.name)
        #expect(pack.findings() == [])
        let records = try fixture.records()
        #expect(try pack.open().trailer.hasNewest == (fixture != .plain))
        #expect(try pack.open().trailer.hasDerivedTemplates == (fixture == .derived))
        #expect(try pack.rows() == PackFile.expectedRows(records))
        #expect(try pack.open().otherRecords().map(\.record) == records.filter { $0.observation == nil }.map(\.bytes))
    }

    /// Other bytes for the same records are no fault, but never an accident: whoever changes what is written adds a
    /// fixture, and this name.
    @Test func theWriterWritesTheFixturesBytes() throws {
        let written = try PackFile(try PackFixture.current.records())
        #expect(written.name.hex == PackFixture.current.name)
        #expect(try written.bytes == file(.current).bytes)
    }

    /// Makes the fixture where there is none: `OSRS_ARCHIVE_WRITE_FIXTURE=1 swift test --filter GoldenPackTests`.
    @Test(.enabled(if: unsafe getenv("OSRS_ARCHIVE_WRITE_FIXTURE") != nil, "fixtures are written once"))
    func writeTheFixture() throws {
        let storage = try FileStorage(root: Self.path)
        let known = try storage.list("")
        guard !known.contains(PackFixture.current.rawValue) else { return }
        let written = try PackFile(try PackFixture.current.records())
        try storage.create(PackFixture.current.rawValue, written.bytes)
        print("pack \(written.name.hex), \(written.bytes.count) bytes")
    }
}
