import ObjectStore
import Terminal

/// Debian's `par2`: parity in files beside a file, with which that can be repaired. It runs in the folder, and gets bare
/// names: it takes `*` and `?` in a path for patterns.
enum ParityProgram {
    private static let name = "par2"
    /// Bytes of memory that it may take for its tables, in MiB.
    private static let memory = 48
    /// Bytes of a block at least, and blocks of a file at most, about.
    private static let (blockBytes, blocks) = (4096, 2000)
    /// A stretch of this length can be repaired whatever the per cent say.
    private static let stretchBytes = 64 << 10

    /// Whether it is installed.
    static var isInstalled: Bool { ChildProgram.exists(name) }

    /// What to do where it is not.
    static let advice = "the program par2 is not installed (Debian: apt install par2)"

    /// The index of a file's parity: it is there once all of the parity is.
    static func index(of file: String) -> String { file + ".par2" }

    /// Writes parity beside a file of a folder, all of it or none; whether that went well. What was left by a killed run
    /// is replaced.
    static func create(for file: String, bytes: Int, percent: Int, in folder: FileStorage) throws(StorageError) -> Bool
    {
        let block = max(blockBytes, (bytes / blocks + 3) / 4 * 4)
        let count = (bytes + block - 1) / block
        let spare = min(count, max((count * percent + 99) / 100, (stretchBytes + block - 1) / block + 1))
        let temporary = ".parity-\(file)"
        try folder.createFolder(temporary)
        defer { try? folder.removeFolder(temporary) }
        for name in try folder.list(temporary) { try folder.remove("\(temporary)/\(name)") }
        let status = ChildProgram.run(
            name,
            [
                "create", "-q", "-q", "-s\(block)", "-c\(spare)", "-n1", "-m\(memory)", "-B", "./",
                "\(temporary)/\(index(of: file))", file,
            ], in: folder.root)
        guard status == 0 else {
            for name in try folder.list(temporary) { try folder.remove("\(temporary)/\(name)") }
            return false
        }
        // The index comes last.
        for made in try folder.list(temporary).sorted(by: { $0.count > $1.count }) {
            try folder.synchronize("\(temporary)/\(made)")
            try folder.rename("\(temporary)/\(made)", to: made)
        }
        try folder.synchronizeFolder("")
        return true
    }

    /// Tries to repair a file; what it was before is kept with `.1` behind its name.
    static func repair(_ file: String, in folder: FileStorage) throws(StorageError) {
        let parts = try folder.list("").filter { $0.hasPrefix(file + ".") && $0.hasSuffix(".par2") }.sorted()
        // Where the index is damaged or gone, any other part of the parity tells the same.
        for part in parts where ChildProgram.run(name, ["repair", "-q", "-q", part], in: folder.root) == 0 { return }
    }
}
