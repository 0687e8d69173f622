import ObjectStore

/// What building blocks needs and reuses.
struct BlockTools: ~Copyable {
    var encoder: RowBlockEncoder
    var decoder: RowBlockDecoder
    let deflater: Deflater
    /// The layouts of templates that were used last: parsing one costs more than encoding a row.
    private var documentLayouts = TemplateLayouts()
    private var recordLayouts: [[UInt8]: RowLayout] = [:]
    let rawLayout: RowLayout

    /// Layouts that are kept.
    private static let cacheLimit = 16

    init() throws(PackError) {
        let rawLayout = try DocumentTemplate.rawLayout()
        let encoder = try PackError.zlib { () throws(DeflateError) in try RowBlockEncoder() }
        let decoder = try PackError.zlib { () throws(DeflateError) in try RowBlockDecoder() }
        let deflater = try PackError.zlib { () throws(DeflateError) in try Deflater(.raw) }
        self.rawLayout = rawLayout
        self.encoder = encoder
        self.decoder = decoder
        self.deflater = deflater
    }

    mutating func documentLayout(_ text: [UInt8]) throws(PackError) -> RowLayout {
        do { return try documentLayouts.layout(of: text) } catch {
            throw .corrupt("a document's template is none: \(error)", offset: 0)
        }
    }

    mutating func recordLayout(_ text: [UInt8]) throws(PackError) -> RowLayout {
        if let layout = recordLayouts[text] { return layout }
        if recordLayouts.count == Self.cacheLimit { recordLayouts.removeAll(keepingCapacity: true) }
        let layout = try RecordTemplate(text: text).layout
        recordLayouts[text] = layout
        return layout
    }
}

/// The blocks of one log of a pack that is being built: one that fills, and those that are closed.
final class LogBuilder {
    /// An observation to be added.
    struct Row {
        var number: Int
        var capturedAt: Int64
        var record: [UInt8]
        var document: PreparedDocument?
    }

    /// A row with a document.
    struct Sighting {
        var prefix: UInt64
        var row: Int
        var number: Int
        var isSuccess: Bool
        /// What a reader takes it for where no exception says otherwise.
        var expected: PackBlock.Novelty
        var novelty = PackBlock.Novelty.newInArchive
    }

    /// A block that is ready but for what it refers to.
    struct Closed {
        var base: Int
        var rows: Int
        var successes: Int
        var first: OpenBlock.RowNote
        var last: OpenBlock.RowNote
        var lowestNumber: Int
        var recordTemplates: [[UInt8]]
        var documentTemplates: [[UInt8]]
        var strings: [[UInt8]]
        var hasRawDocuments: Bool
        var payload: [UInt8]
        var sightings: [Sighting]
    }

    var closed: [Closed] = []
    private var open = OpenBlock()
    private var closedBytes = 0

    /// Bytes of one without rows, about.
    static let emptyBytes = 1024
    /// Bytes of documents that fit no table at which a block is closed.
    private static let rawLimit = 4 << 20

    /// Bytes in memory, about.
    var memoryBytes: Int { closedBytes + open.memoryBytes }

    func add(_ row: Row, _ tools: inout BlockTools) throws(PackError) {
        if open.rows.count == PackFormat.rowsPerBlock || open.rawBytes > Self.rawLimit { try close(&tools) }
        if try open.append(row, tools.deflater) { return }
        try close(&tools)
        guard try open.append(row, tools.deflater) else {
            throw .corrupt("an observation has no place in a block", offset: 0)
        }
    }

    /// Closes the block that fills.
    func close(_ tools: inout BlockTools) throws(PackError) {
        if let block = takeOpen() { append(try block.close(&tools)) }
    }

    /// Takes out the block that fills, to be closed and appended; nil where it has no rows.
    func takeOpen() -> OpenBlock? {
        guard !open.rows.isEmpty else { return nil }
        defer { open = OpenBlock(continuing: open) }
        return open
    }

    /// Appends a block that was taken out and closed.
    func append(_ block: Closed) {
        closedBytes += block.payload.count + 32 * block.sightings.count + 512
        closed.append(block)
    }

    /// Takes memory off the rows of the block that fills.
    func compact(_ tools: inout BlockTools) { open.compact(&tools) }

    /// Says of each row with a document, by its number, whether it is the first to name it.
    func setNovelties(_ novelty: (Int) -> PackBlock.Novelty) {
        for block in closed.indices {
            for place in closed[block].sightings.indices {
                closed[block].sightings[place].novelty = novelty(closed[block].sightings[place].number)
            }
        }
    }

    /// The closed blocks by time, ready to be written; the number 0 of a row is `first` in the sequence. They are not
    /// kept.
    func takeBlocks(of key: SeriesKey, from first: Int = 0) -> [PackWriter.Block] {
        let blocks = closed.sorted {
            ($0.first.capturedAt, $0.first.number) < ($1.first.capturedAt, $1.first.number)
        }
        closed = []
        return blocks.map { $0.block(of: key, from: first) }
    }
}

extension LogBuilder.Closed {
    fileprivate func block(of key: SeriesKey, from start: Int) -> PackWriter.Block {
        let successes = sightings.filter(\.isSuccess)
        let newInLog = successes.count { $0.novelty != .known }
        let newInArchive = successes.count { $0.novelty == .newInArchive }
        return PackWriter.Block(
            entry: PackBlockEntry(
                series: key, offset: 0, length: 0, rows: rows, successes: self.successes, newInLog: newInLog,
                newInArchive: newInArchive, first: first.capturedAt, last: last.capturedAt,
                firstNumber: start + first.number, lastNumber: start + last.number,
                lowestNumber: start + lowestNumber),
            base: start + base, recordTemplates: recordTemplates, documentTemplates: documentTemplates,
            strings: strings,
            exceptions: successes.filter { $0.novelty != $0.expected }
                .map { PackBlock.Exception(row: $0.row, novelty: $0.novelty) },
            payload: payload[...], prefixes: sightings.map(\.prefix))
    }
}
