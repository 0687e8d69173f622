import Archive
import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore

@testable import Backup

/// A small archive, and keys to back it up with.
final class BackupSample {
    static let start = Timestamp(rfc3339: "2026-01-01T00:00:00Z") ?? .earliest
    static let atOnce = LockTimeout(milliseconds: 0)

    let archive: Archive
    let identity: BackupIdentity
    let signer: BackupSigner
    var notes = ChainNotes()
    private var minute = 0

    init(storage: any Storage = MemoryStorage(), id: UInt8 = 1) throws {
        let id = ArchiveID(bytes: Array(repeating: id, count: 16))
        archive = try Archive.create(
            in: storage, id: try Self.required(id), createdAt: Self.start, lockTimeout: Self.atOnce)
        (identity, signer) = (try .generate(), try .generate())
    }

    private struct Missing: Error {}

    private static func required<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Missing() }
        return value
    }

    var keys: BackupKeys { BackupKeys(identities: [identity]) }

    static func moment(_ minute: Int) -> Timestamp { start.advanced(byMilliseconds: Int64(minute) * 60_000) }

    /// Captures a player some times, a minute apart, and one failure.
    func capture(_ player: String = "Zezima", count: Int = 3) throws {
        var batch = Batch()
        for _ in 0..<count {
            minute += 1
            let document = Array(
                #"{"activities":[],"name":"\#(player)","skills":[{"id":0,"level":99,"name":"Overall","rank":7,"xp":\#(minute)}]}"#
                    .utf8)
            let progress = try JSONDocument(parsing: document).root.canonicalBytes(omitting: "rank")
            batch.add(
                Observation(
                    board: .main, player: try Self.required(PlayerName(normalising: player)), displayName: player,
                    capturedAt: Self.moment(minute), result: .ok, snapshot: SHA256.digest(document),
                    progress: SHA256.digest(progress), evidence: Evidence(httpStatus: 200)), document: document)
        }
        minute += 1
        batch.add(
            Observation(
                board: .main, player: try Self.required(PlayerName(normalising: player)), displayName: player,
                capturedAt: Self.moment(minute), result: .unavailable, evidence: Evidence(httpStatus: 503)),
            document: nil)
        try archive.commit(batch, lockTimeout: Self.atOnce)
    }

    func gc() throws { _ = try archive.collectGarbage(lockTimeout: Self.atOnce) }

    /// Makes a backup, and keeps its notes.
    @discardableResult
    func backUp(
        to folder: any Storage, at minute: Int? = nil, isFull: Bool = false, parity: Int = 0,
        for others: [BackupIdentity] = [], passphrase: String? = nil
    ) throws -> BackupCreation.Summary {
        var options = BackupCreation.Options()
        options.recipients = others.isEmpty && passphrase == nil ? [identity.recipient] : others.map(\.recipient)
        options.passphrase = passphrase.map { Array($0.utf8) }
        options.scrypt = ScryptParameters(cost: 16, blockSize: 1, parallelization: 1) ?? .standard
        options.isFull = isFull
        options.parityPercent = parity
        let creation = BackupCreation(of: archive, to: folder, signer: signer, options)
        return try creation.run(notes, at: Self.moment(minute ?? self.minute)) { notes = $0 }
    }

    /// What a folder gives back, in memory.
    func restored(
        from folder: any Storage, _ options: BackupRestoration.Options = BackupRestoration.Options(),
        keys: BackupKeys? = nil
    ) throws -> Archive {
        try BackupRestoration(from: folder, keys ?? self.keys, options).rebuild(
            in: MemoryStorage(), at: Self.moment(10_000), lockTimeout: Self.atOnce
        ).archive
    }
}

extension Archive {
    /// The ids of all observations' records, in the order of the sequence.
    func recordIDs() throws -> [ObjectID] {
        let entries = history.entriesInSequenceOrder()
        var ids: [ObjectID] = []
        while let entry = try entries.next() { ids.append(entry.record) }
        return ids
    }
}
