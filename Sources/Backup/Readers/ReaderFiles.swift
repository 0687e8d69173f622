public import ObjectStore

/// The files that make a backup folder readable without this program.
public enum ReaderFiles {
    /// Their names.
    static let names: Set<String> = ["README.txt", "FORMAT.md", "restore.py"]
    private static let temporary = ".reader-file.new"

    /// Puts them in a folder; those that are there and the same stay.
    public static func write(to folder: any Storage) throws(BackupError) {
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
