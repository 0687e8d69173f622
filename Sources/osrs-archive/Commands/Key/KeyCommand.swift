import Archive
import ArgumentParser
import ObjectStore
import Reporting

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Who can open an encrypted archive.",
        discussion: """
            An encrypted archive has one master key, and any number of slots that give it to whoever has a passphrase, a \
            key file or a recovery code. Slots come and go without a change to the data. Removing one does not help \
            against somebody who has opened the archive with it: he may have copied the master key, and only `reencrypt` \
            into a new folder has another one.
            """,
        subcommands: [
            KeyListCommand.self, KeyAddCommand.self, KeyRemoveCommand.self, KeyPasswdCommand.self,
            KeyRecoveryCommand.self,
        ])
}

extension CommandContext {
    /// The configuration of an encrypted archive, not opened.
    func encryptedConfiguration(_ storage: FileStorage) throws -> ArchiveConfiguration {
        let configuration = try Archive.readLockedConfiguration(storage)
        guard configuration.isEncrypted else {
            throw Failure(
                code: "plain_archive", exit: ExitStatus.key,
                message: "\(storage.root) is a plain archive: it has no keys; "
                    + "`osrs-archive reencrypt --to DIR` makes an encrypted copy")
        }
        return configuration
    }

    /// Opens an encrypted archive and changes its key slots. `change` gets the slot that was opened, with the master key, and
    /// gives the new slots and the one of them, or of the old ones, that it is about, which is returned.
    func changeKeySlots(
        _ change: (_ opened: OpenedSlot, _ archive: ArchiveID, _ slots: [KeySlot]) throws -> ([KeySlot], KeySlot)
    ) throws -> KeySlot {
        let storage = try storage()
        let configuration = try encryptedConfiguration(storage)
        let opened = try openSlot(of: configuration, storage)
        let unlocked = UnlockedStorage(storage, try opened.sealing(of: configuration.archive))
        let archive = try Archive.open(unlocked)
        // Decided before the lock is taken: scrypt takes its time, and a person may have to type.
        let known = archive.configuration.slots
        let (changed, slot) = try change(opened, configuration.archive, known)
        try archive.changeKeySlots(lockTimeout: lockTimeout) { slots throws(ArchiveError) in
            guard slots == known else {
                throw ArchiveError(.locked, "somebody else has changed the key slots meanwhile; run it again")
            }
            return changed
        }
        return slot
    }

    /// Tells what became of a slot.
    func report(_ verb: String, _ slot: KeySlot) throws {
        if output.isJSON {
            try output.json(KeySlotShape.json(slot))
        } else {
            output.note("\(verb) the \(slot.kind.noun) slot \(slot.name)")
        }
        try output.finish()
    }
}
