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
}

@Suite struct GoldenPackTests {
    private static let path = String(#filePath.dropLast("Packs/GoldenPackTests.swift".count)) + "Fixtures"
    private static let file = "format-1.pack"
    private static let name = "6d0fa9164c50db132e6ecf718b8c1eba073b8289b6672345bb96175c53e2e6d1"

    private func fixture() throws -> PackFile {
        let bytes = try FileStorage(root: Self.path).readAll(Self.file, limit: 1 << 20)
        return PackFile(name: try #require(ObjectID(hex: Self.name)), bytes: bytes)
    }

    @Test func theFixtureIsRead() throws {
        let pack = try fixture()
        #expect(SHA256.digest(pack.bytes) == pack.name)
        #expect(pack.findings() == [])
        let records = try GoldenPack.records()
        #expect(try pack.rows() == PackFile.expectedRows(records))
        #expect(try pack.open().otherRecords().map(\.record) == records.filter { $0.observation == nil }.map(\.bytes))
    }

    /// Other bytes for the same records are no fault, but never an accident: whoever changes what is written adds a
    /// fixture, and this name.
    @Test func theWriterWritesTheFixturesBytes() throws {
        let written = try PackFile(try GoldenPack.records())
        #expect(written.name.hex == Self.name)
        #expect(try written.bytes == fixture().bytes)
    }

    /// Makes the fixture where there is none: `OSRS_ARCHIVE_WRITE_FIXTURE=1 swift test --filter GoldenPackTests`.
    @Test(.enabled(if: unsafe getenv("OSRS_ARCHIVE_WRITE_FIXTURE") != nil, "fixtures are written once"))
    func writeTheFixture() throws {
        let written = try PackFile(try GoldenPack.records())
        try FileStorage(root: Self.path).create(Self.file, written.bytes)
        print("pack \(written.name.hex), \(written.bytes.count) bytes")
    }
}
