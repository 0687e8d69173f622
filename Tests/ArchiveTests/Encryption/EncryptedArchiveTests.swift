import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@testable import Archive

/// An encrypted archive does what a plain one does, says nothing to who has no key, and takes nothing for its own that is
/// not.
@Suite struct EncryptedArchiveTests {
    /// Some history in packs, some in the journal.
    private static func live(in storage: any Storage) throws -> Archive {
        let archive = try SampleData.archive(in: storage)
        for (place, player) in ["Zezima", "Iron Mole", "Lynx Titan"].enumerated() {
            try archive.commit(
                try SampleData.batch(xp: 100 * place..<100 * place + 6, from: 10 * place, player: player),
                lockTimeout: SampleData.atOnce)
        }
        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        try archive.commit(try SampleData.batch(xp: 900..<903, from: 5000), lockTimeout: SampleData.atOnce)
        var failed = Batch()
        failed.add(SampleData.failure(.notFound, at: 5010, player: "Iron Mole"), document: nil)
        try archive.commit(failed, lockTimeout: SampleData.atOnce)
        return archive
    }

    @Test func itHoldsWhatAPlainOneHolds() throws {
        let (plain, sealed) = (MemoryStorage(), MemoryStorage())
        let one = try Self.live(in: plain)
        let other = try Self.live(in: try SampleKeys.unlock(sealed))
        #expect(one.head == other.head)
        let again = try Archive.open(try SampleKeys.unlock(sealed))
        #expect(try again.entries() == one.entries())
        for entry in try again.entries() { #expect(try again.document(of: entry) == one.document(of: entry)) }
        #expect(again.configuration.isEncrypted && again.configuration.features == ["encrypted", "packs"])
        let report = try Verification.run(on: try SampleKeys.unlock(sealed))
        #expect(report.findings == [] && report.notes == [])
        #expect(report.head == one.head)
    }

    @Test func forgettingAndCollectingWorkAsInAPlainOne() throws {
        let storage = try SampleKeys.unlock(MemoryStorage())
        let archive = try Self.live(in: storage)
        _ = try archive.forget(
            ForgetSelection(player: SampleData.player("Iron Mole")), reason: "asked to", at: SampleData.moment(6000),
            lockTimeout: SampleData.atOnce)
        let collected = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        #expect(collected.packs == 1)
        #expect(try Verification.run(on: storage).findings == [])
        #expect(try Archive.open(storage).history.log(SampleData.player("Iron Mole"), .main) == nil)
    }

    @Test func nothingInItsFilesTellsWhatItHolds() throws {
        let storage = MemoryStorage()
        let archive = try Self.live(in: try SampleKeys.unlock(storage))
        var secrets = [
            "Zezima", "zezima", "Iron Mole", "iron_mole", "lynx", "main", "captured_at", "example.org", "OSRO",
        ]
        .map { Array($0.utf8) }
        secrets += [PackFormat.head, Array("OSRT".utf8), Array("\"result\"".utf8)]
        for entry in try archive.entries() {
            let ids = [entry.record, entry.observation.snapshot, entry.observation.progress].compactMap(\.self)
            for id in ids { secrets += [id.bytes, Array(id.hex.utf8), Array(id.hex.prefix(16).utf8)] }
            let moment = entry.observation.capturedAt
            secrets += [Array("\(moment.millisecondsSinceEpoch)".utf8)]
            if let document = try archive.document(of: entry) {
                secrets += [document, Array(try Deflater().deflate(document).prefix(40))]
            }
        }
        // The archive was made at the moment of the first capture, and says so.
        secrets.removeAll { $0 == Array("\(SampleData.start.millisecondsSinceEpoch)".utf8) }
        #expect(storage.files.count > 6)
        for (path, bytes) in storage.files {
            for secret in secrets {
                let isLegible = bytes.contains(secret) || Array(path.utf8).contains(secret)
                #expect(!isLegible, "\(path) holds \(String(decoding: secret, as: UTF8.self))")
            }
        }
    }

    @Test func eachFlippedByteIsFound() throws {
        let sound = MemoryStorage()
        let archive = try SampleData.archive(in: try SampleKeys.unlock(sound))
        try archive.commit(try SampleData.batch(xp: 0..<2, from: 0), lockTimeout: SampleData.atOnce)
        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        try archive.commit(try SampleData.batch(xp: 5..<6, from: 50), lockTimeout: SampleData.atOnce)
        for (path, bytes) in sound.files where path != "lock" {
            for place in bytes.indices {
                var altered = bytes
                altered[place] ^= 1 << UInt8(place % 8)
                let storage = try SampleKeys.unlock(sound.changing([path: altered]))
                let found: Bool
                do { found = try !Verification.run(on: storage).isSound } catch {
                    found = [.corrupt, .unsupported].contains(error.code)
                }
                #expect(found, "byte \(place) of \(path)")
            }
        }
    }

    @Test func filesThatWereSwappedRenamedCutOrTakenFromElsewhereAreRefused() throws {
        let storage = MemoryStorage()
        let archive = try Self.live(in: try SampleKeys.unlock(storage))
        _ = archive
        func isFound(_ changes: [String: [UInt8]?]) throws -> Bool {
            let altered = try SampleKeys.unlock(storage.changing(changes))
            do { return try !Verification.run(on: altered).isSound } catch {
                return error.code == .corrupt || error.code == .missing
            }
        }
        let files = storage.files
        let objects = files.keys.filter { $0.hasPrefix("objects/") }.sorted()
        #expect(objects.count == 3)
        #expect(try isFound([objects[0]: files[objects[1]], objects[1]: files[objects[0]]]))
        #expect(try isFound([objects[0]: files[objects[1]]]))
        let journal = try #require(files["journal"])
        for cut in [1, 20, 31, 32, 40] { #expect(try isFound(["journal": Array(journal.prefix(cut))]), "\(cut)") }
        let pack = try #require(files.keys.first { $0.hasPrefix("packs/") })
        for path in [pack, objects[0]] {
            let bytes = try #require(files[path])
            for cut in [0, 10, 24, 80, bytes.count - 16, bytes.count - 1] {
                #expect(try isFound([path: Array(bytes.prefix(cut))]), "\(path) cut to \(cut)")
            }
            #expect(try isFound([path: bytes + [0]]))
            #expect(try isFound([path: nil]))
        }
        // The same contents, sealed for another archive with the same key, and under another key.
        for sealing in [
            try SampleKeys.sealing(archive: ArchiveID(bytes: [UInt8](repeating: 1, count: 16)) ?? SampleData.archiveID),
            try SampleKeys.sealing(8),
        ] {
            let document = SampleData.document(xp: 900)
            let name = try SampleKeys.sealing().name(of: SHA256.digest(document))
            let format = try LooseObjectFormat()
            let file = format.encode(document) ?? []
            let sealed = try sealing.seal(file, as: .object, place: .named(name))
            #expect(try isFound([LooseObjects.path(of: name): sealed]))
        }
    }

    @Test func framesThatWereReorderedRepeatedOrReplacedAreRefused() throws {
        let storage = MemoryStorage()
        let unlocked = try SampleKeys.unlock(storage)
        let archive = try SampleData.archive(in: unlocked)
        var ends: [Int] = [archive.journal.end]
        for minute in 0..<3 {
            try archive.commit(
                try SampleData.batch(xp: minute..<minute + 1, from: minute), lockTimeout: SampleData.atOnce)
            ends.append(archive.journal.end)
        }
        let journal = try #require(storage.files["journal"])
        let frames = zip(ends, ends.dropFirst()).map { Array(journal[$0..<$1]) }
        let start = Array(journal.prefix(ends[0]))
        func records(_ parts: [UInt8]...) -> (count: Int, isDamaged: Bool) {
            let scan = JournalScan(parts.flatMap(\.self), unlocked.sealing)
            return (scan.records.count, !scan.damage.isEmpty)
        }
        #expect(records(start, frames[0], frames[1], frames[2]) == (3, false))
        #expect(records(start, frames[0], frames[2]).isDamaged)
        #expect(records(start, frames[1]).isDamaged)
        // The second frame of another journal of the same archive and key: number and checksums fit.
        let other = MemoryStorage()
        let twin = try SampleData.archive(in: try SampleKeys.unlock(other))
        let twinStart = twin.journal.end
        try twin.commit(try SampleData.batch(xp: 9..<10, from: 0), lockTimeout: SampleData.atOnce)
        let foreign = Array(try #require(other.files["journal"])[twinStart...])
        #expect(records(start, foreign) == (0, true))
        // One that was sealed behind another frame of this journal.
        try twin.commit(try SampleData.batch(xp: 11..<12, from: 1), lockTimeout: SampleData.atOnce)
        #expect(records(start, frames[0], Array(foreign), frames[2]).isDamaged)
        // A damaged frame costs itself and the next, which is bound to its bytes.
        var damaged = frames[0]
        damaged[30] ^= 1
        #expect(records(start, damaged, frames[1], frames[2]).count == 1)
    }

    @Test func noSaltComesTwice() throws {
        let salts = RecordedSalts()
        let storage = UnlockedStorage(MemoryStorage(), try SampleKeys.sealing(random: salts.source))
        let archive = try Self.live(in: storage)
        for round in 0..<20 {
            try archive.commit(
                try SampleData.batch(xp: 2000 + 10 * round..<2010 + 10 * round, from: 10_000 + 100 * round),
                lockTimeout: SampleData.atOnce)
            if round % 5 == 4 { _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce) }
        }
        #expect(salts.all.count > 400)
        // A message's key and nonces follow from its salt and its context: where no salt comes twice, no pair does.
        #expect(Set(salts.all).count == salts.all.count)
        #expect(try Verification.run(on: storage).findings == [])
    }

    @Test func withoutItsKeyItIsNotOpenedAndWithAKeyNoPlainOneIs() throws {
        let storage = MemoryStorage()
        _ = try Self.live(in: try SampleKeys.unlock(storage))
        #expect(throws: ArchiveError.self) { try Archive.open(storage) }
        do { _ = try Archive.open(storage) } catch { #expect(error.code == .keyNeeded) }
        do { _ = try Archive.open(UnlockedStorage(storage, try SampleKeys.sealing(8))) } catch let error as ArchiveError
        {
            #expect(error.code == .corrupt)
        }
        let plain = MemoryStorage()
        _ = try SampleData.archive(in: plain)
        do { _ = try Archive.open(try SampleKeys.unlock(plain)) } catch let error as ArchiveError {
            #expect(error.code == .keyRefused)
        }
    }

    @Test func aLostOrAlteredConfigurationNamesTheCopyAndIsNeverTakenForNoArchive() throws {
        let storage = MemoryStorage()
        _ = try Self.live(in: try SampleKeys.unlock(storage))
        #expect(storage.files["config.json"] == storage.files["config.json.copy"])
        let stripped = try #require(
            try? ArchiveConfiguration(archive: SampleData.archiveID, createdAt: SampleData.start).encoded(nil))
        let older = try ArchiveConfiguration(
            archive: SampleData.archiveID, createdAt: SampleData.start, slots: [try SampleKeys.slot()]
        ).encoded(try SampleKeys.sealing(8))
        for changed in [nil, [], stripped, older] as [[UInt8]?] {
            let altered = storage.changing(["config.json": changed])
            #expect(try Archive.exists(in: altered))
            let error = #expect(throws: ArchiveError.self) { try Archive.open(try SampleKeys.unlock(altered)) }
            #expect([.missing, .corrupt, .keyRefused].contains(error?.code))
            if changed != stripped { #expect(error?.message.contains("config.json.copy") == true) }
            #expect(throws: ArchiveError.self) { try SampleData.archive(in: altered) }
            let repaired = altered.changing(["config.json": altered.files["config.json.copy"]])
            #expect(try Verification.run(on: try SampleKeys.unlock(repaired)).findings == [])
        }
    }
}

/// A source of random bytes that keeps the salts it gave.
private final class RecordedSalts: @unchecked Sendable {
    // One thread asks at a time: archives are for one thread, and packs are written by it.
    private(set) var all: [[UInt8]] = []

    var source: RandomSource {
        RandomSource { count in
            guard let bytes = try? RandomSource.system.bytes(count) else { return nil }
            if count == 24 { self.all.append(bytes) }
            return bytes
        }
    }
}

extension [UInt8] {
    /// Whether these bytes stand somewhere in it.
    fileprivate func contains(_ part: [UInt8]) -> Bool {
        guard let first = part.first, count >= part.count else { return false }
        return (0...count - part.count).contains { self[$0] == first && self[$0..<$0 + part.count].elementsEqual(part) }
    }
}
