public import ObjectStore

/// The files that make a backup folder readable without this program.
public enum ReaderFiles {
    /// Their names.
    static let names: Set<String> = ["README.txt", "FORMAT.md", "restore.py"]

    /// How every version of them begins.
    private static let beginnings = [
        ("README.txt", "BACKUPS OF AN OSRS-ARCHIVE\n"),
        ("FORMAT.md", "# The format on disk\nThe bytes of everything in an archive's folder"),
        ("restore.py", "#!/usr/bin/env python3\n\"\"\"Restores all snapshots and records from backups of osrs-archive"),
    ]
    private static let temporaryPrefix = ".reader-file-"

    /// Puts them in a folder; those that are there and the same stay. `signer` is whose backup is made: several machines
    /// may write to one folder at once, and what each of them is writing has a name of its own. Throws `exists` where a
    /// file of such a name is somebody else's and the folder is no backup yet: then nothing is written.
    public static func write(to folder: any Storage, for signer: BackupSignerKey) throws(BackupError) {
        let temporary = "\(temporaryPrefix)\(SHA256.digest(signer.bytes).hex.prefix(16))"
        let files = [
            ("README.txt", ReaderText.readme), ("FORMAT.md", ReaderText.format), ("restore.py", ReaderText.restore),
        ]
        try checkOwnership(of: folder)
        for (name, text) in files {
            let bytes = Array(text.utf8)
            try BackupError.ofStorage { () throws(StorageError) in
                if try folder.size(of: name) == bytes.count,
                    try folder.read(name, from: 0, count: bytes.count) == bytes
                {
                    return
                }
                try folder.replace(name, with: bytes, by: temporary)
            }
        }
    }

    private static func checkOwnership(of folder: any Storage) throws(BackupError) {
        let others = try BackupFolder.list(folder).others
        let isBackup = others.contains { $0.hasPrefix(BackupFolder.partialPrefix) || $0.hasPrefix(temporaryPrefix) }
        guard !isBackup, try BundleCheck.names(in: folder).isEmpty else { return }
        for (name, text) in beginnings where others.contains(name) {
            let beginning = Array(text.utf8)
            let start = try BackupError.ofStorage { () throws(StorageError) in
                try folder.read(name, from: 0, count: beginning.count)
            }
            guard start == beginning else {
                throw BackupError(
                    .exists,
                    "\(folder.describe(name)) is not this program's, and a backup puts a file of that name there: move it, or "
                        + "name an empty folder")
            }
        }
    }
}
