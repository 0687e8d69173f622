import Archive
import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

/// `scripts/read-archive.py` knows the format from docs/FORMAT.md alone: what it makes of an archive must be what this
/// program makes of it, so the page and the code cannot drift apart.
@Suite struct SecondReaderTests {
    private let folder = TemporaryFolder()
    private let noWait = LockTimeout(milliseconds: 0)
    private let start = Timestamp(rfc3339: "2026-01-01T00:00:00Z") ?? .earliest

    private func player(_ name: String) throws -> PlayerName { try #require(PlayerName(normalising: name)) }

    /// A document with what is hard about canonical form: names that sort differently as UTF-16, numbers at the edges
    /// of the ECMAScript form, escapes, and a rank at depth.
    private func document(xp: Int) throws -> [UInt8] {
        let text = #"""
            {"name": "Zézima \u0007\"\\\/\n", "skills": [{"rank": 7, "name": "Overall", "xp": \#(xp)}],
            "\uE000": 1, "\uD83D\uDE00": [1e21, 1e20, 0.000001, 1e-7, -0, 1152921504606847000, 5e-324, 123.5, {"rank": 1}]}
            """#
        return try JSONDocument(parsing: Array(text.utf8)).root.canonicalBytes()
    }

    private func observation(_ document: [UInt8], minute: Int64) throws -> Observation {
        let progress = try JSONDocument(parsing: document).root.canonicalBytes(omitting: "rank")
        return Observation(
            board: .ironman, player: try player("Lynx Titan"), displayName: "Lynx\u{A0}Titan",
            capturedAt: start.advanced(byMilliseconds: minute * 60_000), result: .ok,
            snapshot: SHA256.digest(document), progress: SHA256.digest(progress),
            evidence: Evidence(
                httpStatus: 200, latencyMilliseconds: 42, attempt: 1, source: "https://example.org", agent: "a/1",
                run: "r", clockIsSet: true, provenance: ["derived", "imputed"],
                suspicions: ["changed_hands"]))
    }

    /// An archive with every kind of record, in batches of one and of several; encrypted where keys are given.
    private func archive(_ keys: NewArchiveKeys? = nil) throws -> Archive {
        let files = try FileStorage(root: folder.path)
        let archive = try Archive.create(
            in: keys.map { UnlockedStorage(files, $0.sealing) } ?? files, id: try Self.archiveID(), createdAt: start,
            slots: keys.map { [$0.slot] } ?? [], lockTimeout: noWait)
        var first = Batch()
        let document = try document(xp: 1)
        first.add(try observation(document, minute: 0), document: document)
        try archive.commit(first, lockTimeout: noWait)
        var second = Batch()
        for number in 1...3 {
            let document = try self.document(xp: number / 2)
            second.add(try observation(document, minute: Int64(number)), document: document)
        }
        for (result, body) in [(Observation.Result.invalid, "<oops>"), (.unavailable, "<html>")] {
            let bytes = Array(body.utf8)
            let isKept = result == .invalid
            second.add(
                Observation(
                    board: .main, player: try player("x-y"), displayName: nil, capturedAt: start, result: result,
                    evidence: Evidence(
                        error: "no answer", redirect: "https://example.org",
                        body: AnswerBody(
                            contentType: "text/html", bytes: bytes.count, id: SHA256.digest(bytes), isKept: isKept))),
                document: isKept ? bytes : nil)
        }
        var ranksOnly = try observation(self.document(xp: 5), minute: 9)
        ranksOnly.result = .ranksOnly
        second.add(ranksOnly, document: nil)
        let sighting = Moment.Sighting(board: .ironman, player: try player("Lynx Titan"), capturedAt: start)
        let id = SHA256.digest(document)
        let targets = [Moment(snapshot: id, sighting: sighting), Moment(snapshot: id, sighting: nil), nil]
        for (number, target) in targets.enumerated() {
            second.add(.tag(Tag(name: "t\(number)", recordedAt: start, target: target)))
        }
        let (one, other) = (try player("one"), try player("other"))
        second.add(
            .rename(RenameLink(from: one, to: other, effectiveAt: start, recordedAt: start, isUndone: false)))
        second.add(
            .tombstone(
                Tombstone(player: one, board: .main, capturedAt: nil, count: 0, reason: "asked", recordedAt: start)))
        try archive.commit(second, lockTimeout: noWait)
        return archive
    }

    private static func archiveID() throws -> ArchiveID { try #require(ArchiveID(bytes: Array(0..<16))) }

    private static let hasCryptography =
        (try? Script.run("unseal-archive.py", "--help"))?.lines.first?.hasPrefix("usage:") == true

    @Test(
        .enabled(if: hasCryptography, "Python has no package cryptography"), arguments: [false, true])
    func anEncryptedArchiveIsTheSameOnceItIsUnsealedWithoutThisProgram(isPacked: Bool) throws {
        let secret = try ArchiveSecret.random()
        let archive = try archive(try NewArchiveKeys(of: try Self.archiveID(), secret, kind: .recovery))
        if isPacked {
            _ = try archive.collectGarbage(lockTimeout: noWait)
            let document = try document(xp: 77)
            var batch = Batch()
            batch.add(try observation(document, minute: 77), document: document)
            try archive.commit(batch, lockTimeout: noWait)
        }
        let other = TemporaryFolder()
        let code = Array((try #require(secret.recoveryCode) + "\n").utf8)
        try FileStorage(root: other.path).create("code", code)
        let unsealed = try Script.run(
            "unseal-archive.py", "--password-file '\(other.path)/code' '\(folder.path)' '\(other.path)/plain'")
        #expect(unsealed.code == 0, "\(unsealed.lines)")
        let (result, lines) = try Script.run("read-archive.py", "'\(other.path)/plain'")
        #expect(result == 0)
        #expect(lines.last == "\(archive.recordCount) records, head \(try #require(archive.head).digest.hex)")
    }

    @Test(.enabled(if: hasCryptography, "Python has no package cryptography"))
    func aPackThatIsMissingIsDamageToTheUnsealerToo() throws {
        let secret = try ArchiveSecret.random()
        _ = try archive(try NewArchiveKeys(of: try Self.archiveID(), secret, kind: .recovery))
            .collectGarbage(lockTimeout: noWait)
        let other = TemporaryFolder()
        let code = Array((try #require(secret.recoveryCode) + "\n").utf8)
        try FileStorage(root: other.path).create("code", code)
        let storage = try FileStorage(root: folder.path)
        let pack = try #require(try storage.list("packs").first)
        try storage.remove("packs/\(pack)")
        let unsealed = try Script.run(
            "unseal-archive.py", "--password-file '\(other.path)/code' '\(folder.path)' '\(other.path)/plain'")
        #expect(unsealed.code == 12)
        #expect(unsealed.lines.contains { $0.contains(pack) && $0.contains("missing") }, "\(unsealed.lines)")
    }

    private func read(_ options: String = "") throws -> (code: Int32, lines: [String]) {
        try Script.run("read-archive.py", "\(options) '\(folder.path)'")
    }

    private func replace(_ path: String, _ change: (inout [UInt8]) -> Void) throws {
        let storage = try FileStorage(root: folder.path)
        var bytes = try storage.readAll(path, limit: 1 << 20)
        change(&bytes)
        try storage.remove(path)
        try storage.create(path, bytes)
    }

    @Test func itFindsTheSameRecordsAndTheSameHead() throws {
        let archive = try archive()
        let head = try #require(archive.head).digest.hex
        let (code, lines) = try read()
        #expect(code == 0)
        #expect(lines.last == "\(archive.recordCount) records, head \(head)")
        #expect(lines.count == archive.recordCount + 1)
        let ids = lines.dropLast().map { try? JSONValue(parsing: Array($0.utf8))["sha256"]?.string }
        #expect(archive.history.observationCount == 7)
        let entries = archive.history.entriesInSequenceOrder()
        while let entry = try entries.next() { #expect(ids[entry.sequenceNumber] == entry.record.hex) }
    }

    @Test func itPrintsADocumentByItsID() throws {
        _ = try archive()
        let document = try document(xp: 1)
        let (code, lines) = try read("--cat \(SHA256.digest(document).hex)")
        #expect(code == 0)
        #expect(lines == [String(decoding: document, as: UTF8.self)])
        #expect(try read("--cat \(String(repeating: "0", count: 64))").code == 20)
    }

    @Test(arguments: ["config.json", "journal", "object"]) func itFindsAFlippedByte(file: String) throws {
        _ = try archive()
        let path = file == "object" ? LooseObjects.path(of: SHA256.digest(try document(xp: 1))) : file
        for part in 0...8 {
            try replace(path) { $0[($0.count - 1) * part / 8] ^= 0x10 }
            #expect(try read("--check").code == 12, "\(path), \(part) eighths")
            #expect(try !Verification.run(on: try FileStorage(root: folder.path)).isSound)
            try replace(path) { $0[($0.count - 1) * part / 8] ^= 0x10 }
        }
        #expect(try read("--check").code == 0)
    }

    @Test func itNamesAMissingDocument() throws {
        _ = try archive()
        let id = SHA256.digest(try document(xp: 1))
        try FileStorage(root: folder.path).remove(LooseObjects.path(of: id))
        let (code, lines) = try read("--check")
        #expect(code == 12)
        #expect(lines.contains { $0.contains(id.hex) && $0.contains("missing") })
    }

    @Test func itTakesATornEndForNoDamage() throws {
        _ = try archive()
        try replace("journal") { $0.removeLast(20) }
        let (code, lines) = try read("--check")
        #expect(code == 0)
        #expect(lines.first?.hasPrefix("note: the journal ends in ") == true)
        #expect(lines.last?.hasPrefix("1 records, head ") == true)
        let report = try Verification.run(on: try FileStorage(root: folder.path))
        #expect(report.isSound && report.observations == 1)
    }

    @Test func itSaysWhereThereIsNoArchive() throws {
        #expect(try read().code == 10)
    }
}
