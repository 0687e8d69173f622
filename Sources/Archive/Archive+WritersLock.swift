import ObjectStore

extension Archive {
    /// Takes the writers' lock for an archive that is sound: under it the journal is read anew. Throws `io` once a write
    /// has failed, `locked`, and `corrupt` where the journal is damaged; then the lock is free again.
    func lockForWriting(_ timeout: LockTimeout) throws(ArchiveError) -> any StorageLock {
        let lock = try takeWritersLock(timeout)
        do throws(ArchiveError) {
            try reload()
            try refuseDamage()
        } catch {
            lock.release()
            throw error
        }
        return lock
    }

    /// Takes the writers' lock, whatever the archive is like, and tidies what a restore left that was killed at its end.
    /// Throws `io` once a write has failed, and `locked`.
    func takeWritersLock(_ timeout: LockTimeout) throws(ArchiveError) -> any StorageLock {
        guard !hasFailed else {
            throw ArchiveError(.io, "an earlier write to \(storage.describe("")) failed; start again")
        }
        let lock = try LockTimeout.take(timeout, on: storage)
        do { try removeRestorationMarker() } catch {
            lock.release()
            throw error
        }
        return lock
    }
}
