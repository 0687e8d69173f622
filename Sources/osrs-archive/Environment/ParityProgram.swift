import Backup
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

    /// Writes parity beside a bundle of a folder, all of it or none; whether that went well. What was left by a killed run
    /// is replaced.
    static func create(
        for bundle: BundleName, bytes: Int, percent: Int, in folder: FileStorage
    ) throws(StorageError) -> Bool {
        let block = max(blockBytes, (bytes / blocks + 3) / 4 * 4)
        let count = (bytes + block - 1) / block
        let spare = min(count, max((count * percent + 99) / 100, (stretchBytes + block - 1) / block + 1))
        let temporary = BundleParity.workplace(of: bundle)
        try folder.createFolder(temporary)
        defer { try? folder.removeFolder(temporary) }
        for name in try folder.list(temporary) { try folder.remove("\(temporary)/\(name)") }
        let status = ChildProgram.run(
            name,
            [
                "create", "-q", "-q", "-s\(block)", "-c\(spare)", "-n1", "-m\(memory)", "-B", "./",
                "\(temporary)/\(BundleParity.index(of: bundle))", bundle.text,
            ], in: folder.root)
        guard status == 0 else {
            for name in try folder.list(temporary) { try folder.remove("\(temporary)/\(name)") }
            return false
        }
        try BundleParity.install(bundle, from: temporary, of: folder)
        return true
    }

    /// Repairs a bundle as far as its parity goes; whether that is all the way. Throws what `BundleRepair` does.
    static func repair(_ bundle: BundleName, in folder: FileStorage) throws(BackupError) -> Bool {
        try BundleRepair(of: bundle, in: folder) { ChildProgram.run(name, $0, in: folder.root) }.run()
    }
}
