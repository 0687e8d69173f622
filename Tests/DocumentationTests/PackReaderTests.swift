import Archive
import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

/// `scripts/read-pack.py` and `scripts/read-archive.py` read what this program seals: every record, every document, and
/// they find what is damaged.
@Suite struct PackReaderTests {
    private let folder = TemporaryFolder()
    private let noWait = LockTimeout(milliseconds: 0)
    private let start = Timestamp(rfc3339: "2026-01-01T00:00:00Z") ?? .earliest

    private func archive() throws -> Archive {
        try Archive.create(
            in: try FileStorage(root: folder.path), id: try #require(ArchiveID(bytes: Array(0..<16))),
            createdAt: start, lockTimeout: noWait)
    }

    private func add(
        _ document: String, to batch: inout Batch, _ player: String, _ board: Board, minute: Int
    ) throws {
        let document = Array(document.utf8)
        let progress = try JSONDocument(parsing: document).root.canonicalBytes(omitting: "rank")
        batch.add(
            Observation(
                board: board, player: try #require(PlayerName(normalising: player)), displayName: player,
                capturedAt: start.advanced(byMilliseconds: Int64(minute) * 60_000), result: .ok,
                snapshot: SHA256.digest(document), progress: SHA256.digest(progress),
                evidence: Evidence(httpStatus: 200, latencyMilliseconds: abs(minute), provenance: ["derived"])),
            document: document)
    }

    /// Captures of two players on two boards by turns, some of them repeated, out of order or of another layout; failures,
    /// bodies kept and not, ranks alone, documents that no template takes, and tags. So many become a pack; a shorter one
    /// stays in the journal.
    private func batch(_ part: Int, isShort: Bool = false) throws -> Batch {
        var batch = Batch()
        for turn in 0..<(isShort ? 60 : 90) {
            let minute = part * 90 + (turn % 7 == 0 ? -turn : turn)
            let (player, board): (String, Board) = (
                turn % 3 == 0 ? "Zézima" : "Lynx Titan", turn % 2 == 0 ? .main : .ironman
            )
            switch turn % 15 {
            case 0...8:
                let skills = (0..<20 + part).map {
                    #"{"level":\#(turn / 20),"name":"S\#($0)","rank":\#(turn * $0),"xp":\#($0 * minute / 4 * 100)}"#
                }.joined(separator: ",")
                try add(
                    #"{"activities":[1.5,-7,true],"name":"\#(player)","skills":[\#(skills)]}"#, to: &batch, player,
                    board,
                    minute: minute)
            case 9: try add(#"{"a":{"rank":1},"xp":\#(part)}"#, to: &batch, player, board, minute: minute)
            case 10 where turn < 30:
                let numbers = (0..<5000).map { "\($0 % 10)" }.joined(separator: ",")
                try add("[\(numbers)]", to: &batch, player, board, minute: minute)
            case 11:
                batch.add(.tag(Tag(name: "t\(turn)", recordedAt: start, target: nil)))
            case 13 where turn < 30:
                let document = Array(#"{"rank":\#(minute)}"#.utf8)
                batch.add(
                    Observation(
                        board: board, player: try #require(PlayerName(normalising: player)), displayName: player,
                        capturedAt: start.advanced(byMilliseconds: Int64(minute) * 60_000), result: .ranksOnly,
                        snapshot: SHA256.digest(document), progress: SHA256.digest(Array("{}".utf8))),
                    document: nil)
            case 12, 13:
                let body = Array("<oops \(turn % 4)>".utf8)
                let isKept = turn % 15 == 12
                batch.add(
                    Observation(
                        board: board, player: try #require(PlayerName(normalising: player)), displayName: nil,
                        capturedAt: start.advanced(byMilliseconds: Int64(minute) * 60_000), result: .invalid,
                        evidence: Evidence(
                            error: "no answer",
                            body: AnswerBody(
                                contentType: "text/html", bytes: body.count, id: SHA256.digest(body), isKept: isKept))),
                    document: isKept ? body : nil)
            default:
                batch.add(
                    Observation(
                        board: board, player: try #require(PlayerName(normalising: player)), displayName: player,
                        capturedAt: start.advanced(byMilliseconds: Int64(minute) * 60_000), result: .notFound),
                    document: nil)
            }
        }
        return batch
    }

    /// Packs, one of them merged of two, and a tail in the journal.
    private func sealedArchive() throws -> Archive {
        let archive = try archive()
        for part in 0..<4 {
            try archive.commit(try batch(part, isShort: part == 3), lockTimeout: noWait)
            if part < 3 { _ = try archive.collectGarbage(lockTimeout: noWait) }
        }
        return archive
    }

    private func packs() throws -> [String] {
        try FileStorage(root: folder.path).list("packs").map { "\(folder.path)/packs/\($0)" }
    }

    private func replace(_ path: String, _ change: (inout [UInt8]) -> Void) throws {
        let storage = try FileStorage(root: folder.path)
        var bytes = try storage.readAll(path, limit: 1 << 24)
        change(&bytes)
        try storage.remove(path)
        try storage.create(path, bytes)
    }

    /// Whether the script's records are those of the archive.
    private func expectRecords(_ lines: [String], of archive: Archive) throws {
        let records = try lines.map { try JSONValue(parsing: Array($0.utf8)) }
        let entries = archive.history.entriesInSequenceOrder()
        var seen = 0
        while let entry = try entries.next() {
            let line = try #require(records.first { $0["seq"]?.integer == Int64(entry.sequenceNumber) })
            #expect(line["sha256"]?.string == entry.record.hex)
            seen += 1
        }
        #expect(seen == archive.history.observationCount)
    }

    @Test func anArchiveWithPacksIsReadWhole() throws {
        let archive = try sealedArchive()
        let (code, lines) = try Script.run("read-archive.py", "'\(folder.path)'")
        #expect(code == 0, "\(lines.suffix(3))")
        #expect(lines.last == "\(archive.recordCount) records, head \(try #require(archive.head).digest.hex)")
        #expect(lines.count == archive.recordCount + 1)
        try expectRecords(Array(lines.dropLast()), of: archive)
    }

    @Test func severalPacksAreReadAsOneSequence() throws {
        let archive = try archive()
        // So many that the next pack is not merged with them.
        var many = Batch()
        for minute in 0..<4050 {
            many.add(
                Observation(
                    board: .main, player: try #require(PlayerName(normalising: "Zézima")), displayName: nil,
                    capturedAt: start.advanced(byMilliseconds: Int64(minute) * 7_000), result: .throttled),
                document: nil)
        }
        try archive.commit(many, lockTimeout: noWait)
        for part in 0..<2 {
            _ = try archive.collectGarbage(lockTimeout: noWait)
            try archive.commit(try batch(part, isShort: part == 1), lockTimeout: noWait)
        }
        #expect(try packs().count == 2)
        let (code, lines) = try Script.run("read-archive.py", "'\(folder.path)'")
        #expect(code == 0)
        #expect(lines.last == "\(archive.recordCount) records, head \(try #require(archive.head).digest.hex)")
        #expect(lines.count == archive.recordCount + 1)
    }

    @Test func whatIsForgottenOrLostIsReadAsGaps() throws {
        let archive = try sealedArchive()
        _ = try archive.forget(
            ForgetSelection(
                player: try #require(PlayerName(normalising: "Lynx Titan")), board: .ironman, capturedAt: nil),
            reason: "asked", at: start, lockTimeout: noWait)
        let forgotten = try Script.run("read-archive.py", "--check '\(folder.path)'")
        #expect(forgotten.code == 0, "\(forgotten.lines)")
        #expect(forgotten.lines.last?.hasSuffix("records, head \(try #require(archive.head).digest.hex)") == true)
        let pack = try #require(try packs().first)
        let (code, lines) = try Script.run("read-pack.py", "'\(pack)'")
        #expect(code == 0 && lines.contains { $0.contains(#""forgotten": true"#) })

        _ = try archive.collectGarbage(lockTimeout: noWait)
        let path = "packs/" + (try #require(try FileStorage(root: folder.path).list("packs").first))
        try replace(path) { $0[40] ^= 1 }
        #expect(try Script.run("read-archive.py", "--check '\(folder.path)'").code == 12)
        let again = try Archive.open(try FileStorage(root: folder.path))
        _ = try again.repair(at: start, lockTimeout: noWait)
        let repaired = try Script.run("read-archive.py", "--check '\(folder.path)'")
        #expect(repaired.code == 0, "\(repaired.lines)")
        #expect(repaired.lines.last?.hasSuffix("records, head \(try #require(again.head).digest.hex)") == true)
    }

    @Test func aPackIsReadAlone() throws {
        let archive = try archive()
        for part in 0..<2 { try archive.commit(try batch(part), lockTimeout: noWait) }
        _ = try archive.collectGarbage(lockTimeout: noWait)
        let pack = try #require(try packs().first)
        let summary = "\(archive.recordCount) records from 0, 0 gone, head \(try #require(archive.head).digest.hex)"

        let (code, lines) = try Script.run("read-pack.py", "--list '\(pack)'")
        #expect(code == 0 && lines.last == summary)
        let blocks = try lines.dropFirst().dropLast().map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(blocks.count == 4)
        #expect(
            blocks.reduce(0) { $0 + ($1["rows"]?.integer ?? 0) } == archive.history.observationCount)

        let records = try Script.run("read-pack.py", "--records '\(pack)'")
        #expect(records.code == 0 && records.lines.last == summary)
        try expectRecords(records.lines.dropLast(), of: archive)

        let documents = try Script.run("read-pack.py", "--documents '\(pack)'")
        #expect(documents.code == 0 && documents.lines.last == summary)
        var expected: Set<String> = []
        let entries = archive.history.entriesInSequenceOrder()
        while let entry = try entries.next() {
            guard let id = entry.observation.documentID, let bytes = try archive.document(of: entry) else { continue }
            if entry.observation.snapshot != nil {
                expected.insert(#"{"id":"\#(id.hex)","json":\#(String(decoding: bytes, as: UTF8.self))}"#)
            } else {
                expected.insert(#"{"id":"\#(id.hex)","base64":"\#(Self.base64(bytes))"}"#)
            }
        }
        #expect(Set(documents.lines.dropLast()) == expected)
        #expect(documents.lines.count == expected.count + 1)
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = Array(bytes[start..<min(start + 3, bytes.count)])
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0..<4 {
                text.append(place <= group.count ? alphabet[bits >> (6 * (3 - place)) & 63] : "=")
            }
        }
        return text
    }

    @Test func aSealedDocumentIsPrintedByItsID() throws {
        let archive = try archive()
        try archive.commit(try batch(1), lockTimeout: noWait)
        _ = try archive.collectGarbage(lockTimeout: noWait)
        let document = #"{"a":{"rank":1},"xp":1}"#
        let (code, lines) = try Script.run(
            "read-archive.py", "--cat \(SHA256.digest(Array(document.utf8)).hex) '\(folder.path)'")
        #expect(code == 0 && lines == [document])
        let absent = String(repeating: "7", count: 64)
        #expect(try Script.run("read-archive.py", "--cat \(absent) '\(folder.path)'").code == 20)
    }

    @Test func flippedBytesOfAPackAreFound() throws {
        let archive = try archive()
        try archive.commit(try batch(0), lockTimeout: noWait)
        _ = try archive.collectGarbage(lockTimeout: noWait)
        let path = "packs/" + (try #require(try FileStorage(root: folder.path).list("packs").first))
        for part in 0...8 {
            // The head's last bytes say that a newer program wrote it.
            func flip(_ bytes: inout [UInt8]) { bytes[(bytes.count - 1) * part / 8] ^= 0x10 }
            try replace(path, flip)
            #expect(try Script.run("read-pack.py", "--verify '\(folder.path)/\(path)'").code == 12, "\(part) eighths")
            #expect(try Script.run("read-archive.py", "--check '\(folder.path)'").code == 12, "\(part) eighths")
            try replace(path, flip)
        }
        #expect(try Script.run("read-archive.py", "--check '\(folder.path)'").code == 0)
        try FileStorage(root: folder.path).remove(path)
        let (code, lines) = try Script.run("read-archive.py", "--check '\(folder.path)'")
        #expect(code == 12 && lines.contains { $0.contains("missing") })
    }

    @Test func aNewerPackIsRefusedAndAFlippedHeadIsDamage() throws {
        let archive = try archive()
        try archive.commit(try batch(0), lockTimeout: noWait)
        _ = try archive.collectGarbage(lockTimeout: noWait)
        let path = "packs/" + (try #require(try FileStorage(root: folder.path).list("packs").first))
        let storage = try FileStorage(root: folder.path)
        var bytes = try storage.readAll(path, limit: 1 << 24)
        bytes[4] = 2
        let newer = "packs/\(SHA256.digest(bytes).hex).pack"
        try storage.create(newer, bytes)
        let (code, lines) = try Script.run("read-pack.py", "'\(folder.path)/\(newer)'")
        #expect(code == 2 && lines == ["cannot be read: pack format 2, flags 000000"])
        // Under its old name it is damage.
        try replace(path) { $0[4] = 2 }
        #expect(try Script.run("read-pack.py", "'\(folder.path)/\(path)'").code == 12)
        #expect(try Script.run("read-archive.py", "'\(folder.path)'").code == 12)
        try replace(path) { $0[4] = 1 }
        #expect(try Script.run("read-archive.py", "--check '\(folder.path)'").code == 0)
    }

    @Test(.enabled(if: SharedFiles.exists("data/series"), "no real series here"))
    func realSeriesAreReadWhole() throws {
        let archive = try archive()
        let importer = Importer(into: archive, lockTimeout: noWait) { _ in }
        try importer.run(
            try SharedFiles.names("data/series").filter { $0.hasSuffix(".jsonl") }.map {
                try ImportSource.path("\(SharedFiles.folder)/data/series/\($0)")
            })
        _ = try archive.collectGarbage(lockTimeout: noWait)
        let (code, lines) = try Script.run("read-archive.py", "--check '\(folder.path)'")
        #expect(code == 0, "\(lines)")
        #expect(lines.last == "\(archive.recordCount) records, head \(try #require(archive.head).digest.hex)")
    }
}
