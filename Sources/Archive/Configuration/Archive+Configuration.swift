public import ObjectStore

/// Reading and writing `config.json`.
extension Archive {
    /// What `config.json` says. Its checksum holds; that somebody with the key wrote it is checked where the storage has
    /// the key. Throws `noArchive`, `corrupt`, `missing`, `unsupported`, `keyNeeded`, `keyRefused` or `io`.
    static func readConfiguration(_ storage: any Storage) throws(ArchiveError) -> ArchiveConfiguration {
        let configuration = try readLockedConfiguration(storage)
        guard let sealing = storage.sealing else {
            guard !configuration.isEncrypted else { throw .keyNeeded(for: storage.describe("")) }
            return configuration
        }
        guard configuration.isEncrypted else {
            throw ArchiveError(
                .keyRefused,
                "\(storage.describe("")) is a plain archive, and a key was given for it: nothing is done, "
                    + "for what is meant to be encrypted is not written as plain; unset the key")
        }
        guard (try? configuration.isAuthentic(sealing)) == true else {
            throw damagedConfiguration(storage, "nobody with the archive's key wrote it")
        }
        return configuration
    }

    /// What `config.json` says, of a plain archive or of an encrypted one that is not opened: which archive it is, and
    /// what opens it. Throws `noArchive`, `corrupt`, `missing`, `unsupported` or `io`.
    public static func readLockedConfiguration(
        _ storage: any Storage
    ) throws(ArchiveError) -> ArchiveConfiguration {
        let path = storage.describe(ArchiveLayout.configuration)
        let bytes: [UInt8]
        do {
            bytes = try storage.readAll(ArchiveLayout.configuration, limit: ArchiveConfiguration.fileLimit)
        } catch {
            guard error.code == .missing else { throw ArchiveError(error, path: ArchiveLayout.configuration) }
            if try exists(in: storage) {
                throw ArchiveError(
                    .missing, "\(path) is missing, but there is an archive: \(copyAdvice(storage))",
                    path: ArchiveLayout.configuration)
            }
            if try ArchiveRestoration.isUnfinished(in: storage) {
                throw ArchiveError(
                    .noArchive,
                    "\(storage.describe("")) holds a restore or copy that was never finished, and is no archive yet: run the "
                        + "same again")
            }
            throw ArchiveError(
                .noArchive,
                "there is no archive in \(storage.describe("")); make one with `osrs-archive init`, "
                    + "or name another folder with --archive")
        }
        do {
            return try ArchiveConfiguration(decoding: bytes)
        } catch {
            switch error {
            case .corrupt(let detail): throw damagedConfiguration(storage, detail)
            case .unauthentic: throw damagedConfiguration(storage, "nobody with the archive's key wrote it")
            case .unsupported(let detail):
                throw ArchiveError(
                    .unsupported, "\(path) needs a newer osrs-archive: \(detail)", path: ArchiveLayout.configuration)
            }
        }
    }

    private static func damagedConfiguration(_ storage: any Storage, _ detail: String) -> ArchiveError {
        ArchiveError(
            .corrupt,
            "\(storage.describe(ArchiveLayout.configuration)) is damaged: \(detail); \(copyAdvice(storage))",
            path: ArchiveLayout.configuration)
    }

    /// What to do where the file is lost: an encrypted archive keeps a copy, that of a plain one can be made anew.
    private static func copyAdvice(_ storage: any Storage) -> String {
        guard (try? storage.entry(at: ArchiveLayout.configurationCopy)) != nil else {
            return
                "put the file back from a copy, or, of a plain archive, run `osrs-archive verify --repair`, which makes it "
                + "anew of what the other files say"
        }
        guard let bytes = try? storage.readAll(ArchiveLayout.configurationCopy, limit: ArchiveConfiguration.fileLimit),
            (try? ArchiveConfiguration(decoding: bytes)) != nil
        else { return "put the file back from a copy" }
        // As a POSIX shell takes it.
        let words = [ArchiveLayout.configurationCopy, ArchiveLayout.configuration].map { name in
            let parts = storage.describe(name).split(separator: "'", omittingEmptySubsequences: false)
            return "'" + parts.joined(separator: "'\\''") + "'"
        }
        return "put it back from the copy beside it: cp \(words.joined(separator: " "))"
    }

    /// What is wrong with the copy of an encrypted archive's configuration; nil where it could stand for it, or is not
    /// there. A newer one is what a killed writer left, and could.
    func findingInConfigurationCopy() -> String? {
        guard hasConfigurationCopy, let sealing = storage.sealing else { return nil }
        do {
            let bytes = try storage.readAll(
                ArchiveLayout.configurationCopy, limit: ArchiveConfiguration.fileLimit)
            if try ArchiveConfiguration(decoding: bytes).isAuthentic(sealing) { return nil }
            return "nobody with the archive's key wrote it"
        } catch {
            return "\(error)"
        }
    }

    /// Whether the copy is there. A creation that was killed at its end leaves none.
    var hasConfigurationCopy: Bool { (try? storage.entry(at: ArchiveLayout.configurationCopy)) != nil }

    /// Puts a configuration in place, durable when this returns; that of an encrypted archive with its copy. The writers'
    /// lock is held.
    func write(_ changed: ArchiveConfiguration) throws(ArchiveError) {
        let bytes = try Self.encode(changed, for: storage)
        do {
            try storage.createFolder(ArchiveLayout.temporary)
            try Self.put(bytes, of: changed, in: storage)
        } catch {
            throw stop(error)
        }
        configuration = changed
    }

    /// The bytes of a configuration.
    static func encode(
        _ configuration: ArchiveConfiguration, for storage: any Storage
    ) throws(ArchiveError) -> [UInt8] {
        do { return try configuration.encoded(storage.sealing) } catch {
            throw ArchiveError(.invalidRecord, "config.json cannot be written: \(error)")
        }
    }

    /// Puts the bytes of a configuration in place.
    static func put(
        _ bytes: [UInt8], of configuration: ArchiveConfiguration, in storage: any Storage
    ) throws(StorageError) {
        let temporary = ArchiveLayout.temporary + "/config.json"
        // The copy comes first, so that it is never older than what it may have to stand for; but a copy alone would say
        // that there is an archive before there is one.
        let isFirst = try storage.entry(at: ArchiveLayout.configuration) == nil
        if configuration.isEncrypted, !isFirst {
            try storage.replace(ArchiveLayout.configurationCopy, with: bytes, by: temporary)
        }
        try storage.replace(ArchiveLayout.configuration, with: bytes, by: temporary)
        if configuration.isEncrypted, isFirst {
            try storage.replace(ArchiveLayout.configurationCopy, with: bytes, by: temporary)
        }
    }
}
