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

    private let blocks: [[UInt8]]

    /// The names of a bundle's parity among those of a folder.
    static func names(of bundle: BundleName, among names: [String]) -> [String] {
        names.filter { $0.hasPrefix(bundle.text + ".") && $0.hasSuffix(".par2") }.sorted()
    }

    /// The index of a bundle's parity. It is there once all of the parity is.
    static func index(of bundle: BundleName) -> String { bundle.text + ".par2" }

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
        blocks = packets.blocks ?? []
        finding = Self.finding(
            packets, bundle, files, promised: files.reduce(0) { $0 + Self.recoveryBlocks(named: $1) })
    }

    private static func finding(
        _ packets: ParityPackets, _ bundle: BundleName, _ files: [String], promised: Int
    ) -> BackupError? {
        let advice =
            "it could not be repaired as it should; remove its .par2 files, and `backup create` writes new ones"
        guard files.contains(index(of: bundle)), promised > 0 else {
            return BackupError(.missing, "a part of the parity of \(bundle.text) is missing: \(advice)")
        }
        guard packets.areWhole, packets.recovery.count >= promised, let bytes = packets.blockBytes,
            let subject = packets.subject, let sums = packets.blocks,
            subject.name.elementsEqual(bundle.text.utf8), sums.count == (subject.bytes + bytes - 1) / bytes
        else { return BackupError(.corrupt, "the parity of \(bundle.text) is damaged: \(advice)") }
        return nil
    }

    /// How many recovery blocks a file has by its name: `….vol012+34.par2`.
    private static func recoveryBlocks(named name: String) -> Int {
        let parts = name.dropLast(".par2".count).split(separator: "+", omittingEmptySubsequences: false)
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

    /// The MD5 of a block of a file, zeros behind its end; nil where all of it lies behind the end.
    private func digest(ofBlock number: Int, of file: any StorageFile) throws(StorageError) -> [UInt8]? {
        let (start, hasOverflown) = number.multipliedReportingOverflow(by: blockBytes)
        guard !hasOverflown, start < file.size else { return nil }
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
