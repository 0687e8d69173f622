import ObjectStore

/// Writes a pack piece by piece: blocks in the order of their logs, then sections, footer and trailer.
///
/// The file grows beside its final place; nothing counts before `finish`, and the caller puts it in place.
struct PackWriter: ~Copyable {
    private let file: NewFile
    private let first: Int
    private let deflater: Deflater
    private var buffer: [UInt8] = []
    private var footer = PackFooter()
    private var documentTemplates = PackTextsBuilder(areDerived: true)
    private var recordTemplates = PackTextsBuilder()
    private var strings = PackTextsBuilder()
    private var pageEntries: [PackBlockEntry] = []
    private var directory: [UInt8] = []
    private var fingerprints: [PackFingerprints.Entry] = []

    /// Bytes that are gathered before they are written.
    private static let bufferBytes = 1 << 20
    /// Items in a page of records or gaps, at most.
    private static let itemsPerPage = 256

    /// What a pack says of itself beyond its blocks.
    struct Frame {
        var archive: ArchiveID
        var first: Int
        var count: Int
        var headBefore: SequenceHead
        var headAfter: SequenceHead
        var idSum: IDSum
        var otherRecords: [(number: Int, record: [UInt8])] = []
        var gaps: [PackGap] = []
        /// The newest observations, where they are known without reading them back; their numbers count from `first`.
        var newest: NewestCandidates?
    }

    /// A block in its own terms: what it refers to stands here as texts.
    struct Block {
        var entry: PackBlockEntry
        var base: Int
        var recordTemplates: [[UInt8]]
        var documentTemplates: [[UInt8]]
        var strings: [[UInt8]]
        var exceptions: [PackBlock.Exception]
        var payload: ArraySlice<UInt8>
        /// The first 64 bits, or as many as are known, of the id of each document in it.
        var prefixes: [UInt64]
    }

    /// A writer to a file that is not there yet, for a pack whose first record has the number `first`.
    init(to path: String, of storage: any Storage, first: Int) throws(PackError) {
        let deflater = try PackError.zlib { () throws(DeflateError) in try Deflater(.raw) }
        file = try Self.create(path, in: storage)
        self.first = first
        self.deflater = deflater
        buffer = PackFormat.head
    }

    private static func create(_ path: String, in storage: any Storage) throws(PackError) -> NewFile {
        do { return try NewFile(path, in: storage, as: .pack) } catch { throw .storage(error) }
    }

    /// Appends a block. Blocks come in the order of the directory.
    mutating func add(_ block: Block) throws(PackError) {
        var stored = PackBlock(base: block.base - first)
        for text in block.recordTemplates {
            stored.recordTemplates.append(recordTemplates.number(of: text, deflater))
        }
        for text in block.documentTemplates {
            stored.documentTemplates.append(documentTemplates.number(of: text, deflater))
        }
        for text in block.strings { stored.strings.append(strings.number(of: text, deflater)) }
        (stored.exceptions, stored.payload) = (block.exceptions, block.payload)
        let bytes = stored.encoded()
        guard bytes.count <= PackFormat.blockLimit else {
            throw .corrupt("a block of \(bytes.count) bytes is over the limit", offset: file.size)
        }
        var entry = block.entry
        (entry.offset, entry.length) = (position, bytes.count)
        for prefix in Set(block.prefixes) {
            fingerprints.append(.init(prefix: prefix, block: footer.blocks))
        }
        footer.blocks += 1
        footer.blockBytes += bytes.count
        footer.observations += entry.rows
        footer.successes += entry.successes
        footer.newInArchive += entry.newInArchive
        try write(bytes)
        pageEntries.append(entry)
        if pageEntries.count == PackDirectory.entriesPerPage { flushDirectory() }
    }

    /// Writes what follows the blocks and returns the SHA-256 of the file once its bytes are on the medium.
    consuming func finish(_ frame: Frame) throws(PackError) -> ObjectID {
        flushDirectory()
        documentTemplates.flush(deflater)
        recordTemplates.flush(deflater)
        strings.flush(deflater)
        try write(directory)
        try write(documentTemplates.stored)
        try write(recordTemplates.stored)
        try write(strings.stored)
        footer.documentTemplates = documentTemplates.section
        footer.recordTemplates = recordTemplates.section
        footer.strings = strings.section
        footer.otherRecords = try writeOtherRecords(frame)
        footer.gaps = try writeGaps(frame)
        footer.index = try writeIndex()
        footer.newest = try writeNewest(frame)
        let bytes = footer.encoded()
        let stored = deflater.deflate(bytes)
        try write(stored)
        try write(trailer(frame, footer: stored, inflated: bytes.count).encoded())
        try flush()
        do { return try file.finish() } catch { throw .storage(error) }
    }

    // MARK: Sections

    private mutating func flushDirectory() {
        guard let key = pageEntries.first?.series else { return }
        let (bytes, page) = PackSection.store(
            PackDirectory.encode(pageEntries[...], first: first), items: pageEntries.count, deflater)
        directory += bytes
        footer.directory.pages.append(page)
        footer.directoryKeys.append(key)
        footer.directoryBytes.append(pageEntries.reduce(0) { $0 + $1.length })
        pageEntries.removeAll(keepingCapacity: true)
    }

    private mutating func writeOtherRecords(_ frame: Frame) throws(PackError) -> PackSection {
        var texts = PackItems()
        for (number, record) in frame.otherRecords {
            var item: [UInt8] = []
            item.appendVarint(number - frame.first)
            texts.append(item + record, deflater)
        }
        texts.flush(deflater)
        try write(texts.stored)
        return texts.section
    }

    private mutating func writeGaps(_ frame: Frame) throws(PackError) -> PackSection {
        var section = PackSection()
        for start in stride(from: 0, to: frame.gaps.count, by: Self.itemsPerPage) {
            let gaps = frame.gaps[start..<min(start + Self.itemsPerPage, frame.gaps.count)]
            let (bytes, page) = PackSection.store(
                PackGap.encode(gaps, first: frame.first), items: gaps.count, deflater)
            section.pages.append(page)
            try write(bytes)
        }
        return section
    }

    private mutating func writeIndex() throws(PackError) -> PackSection {
        var section = PackSection()
        guard !fingerprints.isEmpty else { return section }
        footer.fingerprints = PackFingerprints(entries: fingerprints.count, blocks: footer.blocks)
        for (page, items) in footer.fingerprints.encode(footer.fingerprints.cut(&fingerprints)) {
            let (bytes, listed) = PackSection.store(page, items: items, deflater)
            section.pages.append(listed)
            try write(bytes)
        }
        return section
    }

    /// What log lists of the newest observations. Where the caller took blocks over as they are, they are read from what is
    /// written; the proof of the pack reads them from there in any case.
    private mutating func writeNewest(_ frame: Frame) throws(PackError) -> PackSection {
        let count = PackNewest.count(blockBytes: footer.blockBytes)
        guard count > 0 else { return PackSection() }
        let newest: [PackNewest]
        if let known = frame.newest {
            newest = try known.newest(count, numberedFrom: frame.first)
        } else {
            newest = try PackHistory.newest(count, inBlocksOf: try unfinishedPack(frame))
        }
        var items = PackItems(itemsPerPage: PackNewest.itemsPerPage)
        for item in newest { items.append(item.encoded(first: frame.first), deflater) }
        items.flush(deflater)
        try write(items.stored)
        return items.section
    }

    /// The pack as far as it is written.
    private mutating func unfinishedPack(_ frame: Frame) throws(PackError) -> Pack {
        try flush()
        let contents: any StorageFile
        do { contents = try file.contents() } catch { throw PackError(reading: error) }
        return try Pack(
            unfinished: contents, trailer(frame),
            try PackFooter(decoding: footer.encoded(), footerOffset: file.size, hasNewest: false))
    }

    private func trailer(_ frame: Frame, footer stored: [UInt8] = [], inflated: Int = 0) -> PackFormat.Trailer {
        PackFormat.Trailer(
            hasNewest: footer.hasNewest, hasDerivedTemplates: !footer.documentTemplates.pages.isEmpty,
            footerStored: stored.count, footerInflated: inflated, footerChecksum: CRC32.of(stored),
            archive: frame.archive, first: frame.first, count: frame.count, headBefore: frame.headBefore,
            headAfter: frame.headAfter, idSum: frame.idSum)
    }

    // MARK: Bytes

    /// Where the next byte will stand.
    private var position: Int { file.size + buffer.count }

    private mutating func write(_ bytes: [UInt8]) throws(PackError) {
        buffer += bytes
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    private mutating func flush() throws(PackError) {
        do { try file.append(buffer) } catch { throw .storage(error) }
        buffer.removeAll(keepingCapacity: true)
    }
}
