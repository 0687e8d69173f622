public import ObjectStore

/// A key slot that a secret opened.
public final class OpenedSlot {
    /// The archive's master key.
    public let master: SecretKey
    /// The slot's id.
    public let slot: [UInt8]

    init(master: consuming SecretKey, slot: [UInt8]) {
        self.master = consume master
        self.slot = slot
    }
}

extension ArchiveConfiguration {
    /// The master key, from the first slot that the secret opens. Throws `wrongKey` where it opens none, and `io` where
    /// memory is short. Half a second for each slot of a passphrase.
    public func open(_ secret: ArchiveSecret) throws(ArchiveError) -> OpenedSlot {
        // Passphrases last: each takes its time.
        let ordered = slots.filter { $0.kind != .passphrase } + slots.filter { $0.kind == .passphrase }
        for slot in ordered {
            do throws(SealingError) {
                if let master = try secret.open(slot, of: archive) { return OpenedSlot(master: master, slot: slot.id) }
            } catch {
                guard error.code == .wrongKey else { throw ArchiveError(error, file: "a key slot of config.json") }
            }
        }
        throw ArchiveError(
            .wrongKey, "that opens none of the archive's \(slots.count) key slot(s); `osrs-archive key list` shows them"
        )
    }
}

/// What a new encrypted archive is made with: the key of its files, and the first slot that opens it.
public struct NewArchiveKeys: Sendable {
    /// The archive.
    public let archive: ArchiveID
    /// The key of its files.
    public let sealing: ArchiveSealing
    /// The slot.
    public let slot: KeySlot

    /// A new random master key, in a slot that a secret opens.
    public init(of archive: ArchiveID, _ secret: ArchiveSecret, kind: KeySlot.Kind) throws(ArchiveError) {
        let master: SecretKey
        do { master = try SecretKey.random() } catch { throw ArchiveError(error, file: "a new key") }
        sealing = try ArchiveSealing(archive, master: master)
        slot = try secret.slot(wrapping: master, kind: kind, of: archive)
        self.archive = archive
    }

    /// Keys that nobody keeps, for a folder that is needed once: what a killed process leaves of it tells nothing.
    public static func thrownAway(of archive: ArchiveID) throws(ArchiveError) -> NewArchiveKeys {
        try NewArchiveKeys(of: archive, try .random(), kind: .keyFile)
    }

    /// Those that an unfinished copy was begun with.
    public init(of unfinished: ArchiveConfiguration, _ secret: ArchiveSecret) throws(ArchiveError) {
        let opened = try unfinished.open(secret)
        guard let slot = unfinished.slots.first(where: { $0.id == opened.slot }) else {
            throw ArchiveError(.wrongKey, "that opens none of its key slots")
        }
        sealing = try ArchiveSealing(unfinished.archive, master: opened.master)
        (archive, self.slot) = (unfinished.archive, slot)
    }
}

extension OpenedSlot {
    /// What the files of the archive are sealed with.
    public func sealing(of archive: ArchiveID) throws(ArchiveError) -> ArchiveSealing {
        try ArchiveSealing(archive, master: master)
    }

    /// A new slot that gives the same master key to a secret.
    public func slot(_ secret: ArchiveSecret, kind: KeySlot.Kind, of archive: ArchiveID) throws(ArchiveError) -> KeySlot
    {
        try secret.slot(wrapping: master, kind: kind, of: archive)
    }
}

extension ArchiveSealing {
    /// What the files of an archive are sealed with, under its master key.
    public convenience init(_ archive: ArchiveID, master: borrowing SecretKey) throws(ArchiveError) {
        do { try self.init(archive: archive.bytes, master: master) } catch {
            throw ArchiveError(error, file: "the archive's keys")
        }
    }
}

extension Archive {
    /// Replaces the key slots by what `change` makes of them, durable when this returns; nothing else is touched. Throws
    /// `lastSlot` where none would be left, `locked`, what `change` throws, and what the storage reports.
    public func changeKeySlots(
        lockTimeout: LockTimeout, _ change: ([KeySlot]) throws(ArchiveError) -> [KeySlot]
    ) throws(ArchiveError) {
        let lock = try takeWritersLock(lockTimeout)
        defer { lock.release() }
        var changed = try Self.readConfiguration(storage)
        changed.slots = try change(changed.slots)
        guard !changed.slots.isEmpty else {
            throw ArchiveError(
                .lastSlot, "that is the last key slot: without it nobody could open the archive; add another one first")
        }
        guard changed.slots.count <= KeySlot.countLimit else {
            throw ArchiveError(
                .invalidRecord, "an archive has at most \(KeySlot.countLimit) key slots; remove one first")
        }
        try write(changed)
    }
}
