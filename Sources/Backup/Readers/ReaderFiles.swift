public import ObjectStore

/// The files that make a backup folder readable without this program.
public enum ReaderFiles {
    /// Their names.
    static let names: Set<String> = ["README.txt", "FORMAT.md", "restore.py"]

    /// Puts them in a folder; those that are there and the same stay. `signer` is whose backup is made: several machines
    /// may write to one folder at once, and what each of them is writing has a name of its own.
    public static func write(to folder: any Storage, for signer: BackupSignerKey) throws(BackupError) {
        let temporary = ".reader-file-\(SHA256.digest(signer.bytes).hex.prefix(16))"
        let files = [
            ("README.txt", ReaderText.readme), ("FORMAT.md", ReaderText.format), ("restore.py", ReaderText.restore),
        ]
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
}
