public import ObjectStore

/// The parity that lies beside a bundle, read without the program par2 and without any key.
public struct BundleParity {
    /// Files of it: the index and those with recovery blocks.
    public let files: [String]
    /// What the bundle's bytes are cut into for it.
    public let blockBytes: Int
    /// Recovery blocks that are whole: as many blocks of the bundle can be mended.
    public let recoveryBlocks: Int
    /// What is wrong with it; nil where all of it is as it was written.
    public let finding: BackupError?

    /// The MD5 of each block; none where they cannot be those of a file of `subjectBytes`.
    private let blocks: [[UInt8]]
    /// Bytes of the file that the parity was made of.
    let subjectBytes: Int

    /// The longest block that may be longer than its file.
    private static let blockLimit = 1 << 20

    /// The names of a bundle's parity among those of a folder.
    public static func names(of bundle: BundleName, among names: [String]) -> [String] {
        names.filter { $0.hasPrefix(bundle.text + ".") && isParity($0) }.sorted()
    }

    /// The index of a bundle's parity. It is there once all of the parity is.
    public static func index(of bundle: BundleName) -> String { bundle.text + suffix }

    /// The folder of a backup folder in which the parity of a bundle is written; it is there for so long.
    public static func workplace(of bundle: BundleName) -> String { ".parity-\(bundle.text)" }

    private static let suffix = ".par2"

    /// Whether a file is parity, by its name.
    static func isParity(_ name: String) -> Bool { name.hasSuffix(suffix) }

    /// Puts the parity of a bundle in place that was written to a folder of the backup folder: durable when this returns.
    /// The index comes last, and only when the rest is durable.
    public static func install(
        _ bundle: BundleName, from temporary: String, of folder: any Storage
    ) throws(StorageError) {
        let index = index(of: bundle)
        let names = try folder.list(temporary)
        for name in names { try folder.synchronize("\(temporary)/\(name)") }
        for name in names where name != index { try folder.rename("\(temporary)/\(name)", to: name) }
        try folder.synchronizeFolder("")
        try folder.rename("\(temporary)/\(index)", to: index)
        try folder.synchronizeFolder("")
    }

    /// Reads the parity of a bundle whose folder holds these names; nil where there is none. Throws what the storage
    /// reports.
    public init?(of bundle: BundleName, in folder: any Storage, names: [String]) throws(BackupError) {
        files = Self.names(of: bundle, among: names)
        guard !files.isEmpty else { return nil }
        let files = files
        var packets = ParityPackets()
        try BackupError.ofStorage { () throws(StorageError) in
            for name in files { try packets.read(try folder.open(name)) }
        }
        (blockBytes, recoveryBlocks) = (packets.blockBytes ?? 0, packets.recovery.count)
        subjectBytes = packets.subject?.bytes ?? 0
        blocks = Self.areThose(of: packets.subject?.bytes, packets) ? packets.blocks ?? [] : []
        finding = Self.finding(
            packets, bundle, files, promised: files.reduce(0) { $0 + Self.recoveryBlocks(named: $1) })
    }

    /// Whether there are as many blocks as a file of so many bytes has, none much longer than that: all of them together are
    /// hashed, whoever wrote the parity.
    private static func areThose(of bytes: Int?, _ packets: ParityPackets) -> Bool {
        guard let bytes, let block = packets.blockBytes, let sums = packets.blocks else { return false }
        return block <= max(bytes, blockLimit) && sums.count == (bytes + block - 1) / block
    }

    private static func finding(
        _ packets: ParityPackets, _ bundle: BundleName, _ files: [String], promised: Int
    ) -> BackupError? {
        let advice =
            "it could not be repaired as it should; remove its .par2 files, and `backup create` writes new ones"
        guard files.contains(index(of: bundle)), promised > 0 else {
            return BackupError(.missing, "a part of the parity of \(bundle.text) is missing: \(advice)")
        }
        guard packets.areWhole, packets.recovery.count >= promised, let subject = packets.subject,
            subject.name.elementsEqual(bundle.text.utf8), areThose(of: subject.bytes, packets)
        else { return BackupError(.corrupt, "the parity of \(bundle.text) is damaged: \(advice)") }
        return nil
    }

    /// How much of the bundle can be mended, in per cent, rounded up; 0 where the parity cannot tell.
    var percent: Int {
        blocks.isEmpty ? 0 : (min(recoveryBlocks, blocks.count) * 100 + blocks.count - 1) / blocks.count
    }

    /// How many recovery blocks a file has by its name: `….vol012+34.par2`.
    private static func recoveryBlocks(named name: String) -> Int {
        let parts = name.dropLast(suffix.count).split(separator: "+", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = parts.first?.split(separator: ".").last, first.hasPrefix("vol") else {
            return 0
        }
        return parts.last.flatMap { UInt16($0) }.map(Int.init) ?? 0
    }

    /// The blocks of the bundle that are not as they were when the parity was made: all that lies behind bytes that were
    /// inserted or taken out, too. Nil where the parity cannot tell. Reads the bundle; throws what the storage reports.
    func damagedBlocks(of bundle: BundleName, in folder: any Storage) throws(BackupError) -> (damaged: Int, of: Int)? {
        guard blockBytes > 0, !blocks.isEmpty else { return nil }
        return try BackupError.ofStorage { () throws(StorageError) in
            guard try folder.size(of: bundle.text) != nil else { return (blocks.count, blocks.count) }
            let file = try folder.open(bundle.text)
            var damaged = 0
            for (number, sum) in blocks.enumerated() where try digest(ofBlock: number, of: file) != sum { damaged += 1 }
            return (damaged, blocks.count)
        }
    }

    /// The MD5 of a block of a file, zeros behind the end that it had; nil where the file ends before.
    private func digest(ofBlock number: Int, of file: any StorageFile) throws(StorageError) -> [UInt8]? {
        let (start, hasOverflown) = number.multipliedReportingOverflow(by: blockBytes)
        guard !hasOverflown, start < subjectBytes, file.size >= min(subjectBytes, start + blockBytes) else {
            return nil
        }
        var digest = MD5Stream()
        var left = blockBytes
        while left > 0 {
            let offset = start + blockBytes - left
            var piece = offset < file.size ? try file.read(from: offset, count: min(left, Self.pieceBytes)) : []
            if piece.isEmpty { piece = [UInt8](repeating: 0, count: min(left, Self.pieceBytes)) }
            digest.update(piece.span)
            left -= piece.count
        }
        return digest.finish()
    }

    private static let pieceBytes = 1 << 20
}
