import CivilTime
import Hiscores
import ObjectStore

@testable import Archive

/// What anybody who may write to an encrypted archive's folder can put there as `journal` or `config.json`, and what a
/// forger with the key can seal in a frame. None of it ends the program, and without the key no record comes out that was
/// not sealed.
///
/// The input is: a byte, which of these; the rest, its bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSealedJournal(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let kind = bytes.first, let sample = Sample.shared else { return 0 }
    let rest = Array(bytes.dropFirst())
    switch kind % 4 {
    case 0: sample.configuration(rest)
    case 1: sample.journal(rest)
    case 2: sample.altered(rest)
    default: sample.forged(rest)
    }
    return 0
}

/// A sound archive of a few records, and its key.
private struct Sample: Sendable {
    static let shared = try? Sample()

    private let files: [String: [UInt8]]
    private let journal: [UInt8]
    private let sealing: ArchiveSealing
    private let records: Set<ArraySlice<UInt8>>

    private struct Absent: Error {}

    init() throws {
        let random = RandomSource { [UInt8](repeating: 5, count: $0) }
        guard let id = ArchiveID(bytes: [UInt8](repeating: 3, count: 16)),
            let player = PlayerName(normalising: "Zezima"), let moment = Timestamp(rfc3339: "2026-01-01T00:00:00Z")
        else { throw Absent() }
        let master = try SecretKey.random(random)
        sealing = try ArchiveSealing(archive: id.bytes, master: master, random: random)
        let slot = try KeySlot(
            wrapping: master, secret: try SecretKey.random(random), kind: .keyFile, archive: id.bytes, random: random)
        let storage = MemoryStorage()
        let archive = try Archive.create(
            in: UnlockedStorage(storage, sealing), id: id, createdAt: moment, slots: [slot],
            lockTimeout: LockTimeout(milliseconds: 0))
        for minute in 0..<3 {
            var batch = Batch()
            batch.add(
                Observation(
                    board: .main, player: player, displayName: "Zezima",
                    capturedAt: moment.advanced(byMilliseconds: Int64(minute) * 60_000), result: .notFound,
                    evidence: Evidence(httpStatus: 404)), document: nil)
            try archive.commit(batch, lockTimeout: LockTimeout(milliseconds: 0))
        }
        guard let journal = storage.files["journal"] else { throw Absent() }
        (files, self.journal) = (storage.files, journal)
        records = Set(JournalScan(journal, sealing).records.map(\.record))
        guard records.count == 3 else { throw Absent() }
    }

    private func storage(_ path: String, _ bytes: [UInt8]) -> MemoryStorage {
        MemoryStorage(files: files.merging([path: bytes]) { $1 }, folders: ["objects", "temporary"])
    }

    /// Any bytes as `config.json`: nothing is opened but by what the key's owner wrote.
    func configuration(_ bytes: [UInt8]) {
        let storage = storage("config.json", bytes)
        guard let read = try? Archive.readLockedConfiguration(storage) else { return }
        precondition(!read.isEncrypted || !read.slots.isEmpty, "an encrypted archive without a way to its key")
        guard bytes != files["config.json"] else { return }
        let opened = try? Archive.open(UnlockedStorage(storage, sealing))
        precondition(opened == nil, "a configuration that nobody with the key wrote was taken")
    }

    /// Any bytes as the journal, as they are.
    func journal(_ bytes: [UInt8]) {
        let storage = storage("journal", bytes)
        _ = try? LockedVerification.run(on: storage)
        let scan = JournalScan(bytes, sealing)
        precondition(scan.records.allSatisfy { records.contains($0.record) }, "a record that nobody sealed came out")
        _ = try? Verification.run(on: UnlockedStorage(storage, sealing), quick: true)
    }

    /// The input laid over the sound journal at a place (16 bits, lowest byte first); the checksum of the frame head
    /// there is made right, for it is no secret.
    func altered(_ bytes: [UInt8]) {
        guard bytes.count > 2 else { return }
        let place = (Int(bytes[0]) | Int(bytes[1]) << 8) % journal.count
        var altered = journal
        for (offset, byte) in bytes.dropFirst(2).enumerated() where place + offset < altered.count {
            altered[place + offset] = byte
        }
        let frame = place / 16 * 16
        if frame + 16 <= altered.count {
            var checksum: [UInt8] = []
            checksum.appendLittleEndian(CRC32.of(altered[frame..<frame + 12]))
            altered.replaceSubrange(frame + 12..<frame + 16, with: checksum)
        }
        journal(altered)
    }

    /// The input sealed as the next record.
    func forged(_ payload: [UInt8]) {
        let scan = JournalScan(journal, sealing)
        var writer = JournalWriter(continuing: scan.frames)
        do { try writer.append([payload], first: scan.nextNumber) } catch { return }
        let forged = journal + writer.bytes
        precondition(JournalScan(forged, sealing).records.count == 4, "a frame that was sealed does not open")
        _ = try? Verification.run(on: UnlockedStorage(storage("journal", forged), sealing), quick: true)
    }
}
