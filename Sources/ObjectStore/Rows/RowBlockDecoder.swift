/// Reads row blocks (docs/FORMAT.md, "Row blocks") from bytes that may be anything. It holds zlib's context: make one for
/// each thread and reuse it.
///
/// What it allocates is bounded by what a block may hold (`RowBlockFormat`): some 60 MB for a block made to harm, 1 MB
/// for one of a year of daily captures.
public struct RowBlockDecoder: ~Copyable {
    private let inflater: Inflater

    /// A decoder. Throws where zlib finds no memory.
    public init() throws(DeflateError) { inflater = try Inflater(.raw) }

    /// The caller's numbers of the layouts in a block, in order of first use. Reads the clear header only.
    public static func layouts(in bytes: ArraySlice<UInt8>) throws(RowBlockError) -> [Int] {
        var reader = BinaryReader(bytes)
        return try RowBlockHeader(&reader).layouts
    }

    /// How many rows a block has. Reads the clear header only.
    public static func rowCount(in bytes: ArraySlice<UInt8>) throws(RowBlockError) -> Int {
        var reader = BinaryReader(bytes)
        return try RowBlockHeader(&reader).rowCount
    }

    /// The rows of a block, which is all of `bytes`. `layouts` are those that `layouts(in:)` tells, in that order.
    public func decode(_ bytes: ArraySlice<UInt8>, layouts: [RowLayout]) throws(RowBlockError) -> RowBlock {
        var reader = BinaryReader(bytes)
        let header = try RowBlockHeader(&reader)
        guard layouts.count == header.layouts.count else {
            throw RowBlockError(.layoutMismatch, "\(layouts.count) layouts for a block of \(header.layouts.count)")
        }
        guard layouts.reduce(0, { $0 + $1.count }) <= RowBlockFormat.maximumColumns else {
            throw RowBlockError(.tooLarge, "layouts of over \(RowBlockFormat.maximumColumns) slots together")
        }
        let columns = RowColumns(layouts)
        let columnCount = columns.count

        let settingsSize = try reader.readCount(upTo: RowBlockFormat.maximumSettingsBytes)
        let forms = try reader.readByte()
        func stream(_ index: Int, _ size: Int) throws(RowBlockError) -> [UInt8] {
            try readStream(size, isDeflated: forms >> UInt8(index) & 1 == 1, &reader)
        }
        let settings = try ColumnSettings.all(in: stream(0, settingsSize), header.rowCount, columnCount)
        let drifting = settings.count { $0.transform == .drift }
        var driftSizes = [0, 0, 0]
        if drifting > 0 {
            for index in driftSizes.indices {
                driftSizes[index] = try reader.readCount(upTo: RowBlockFormat.maximumChanges)
            }
        }
        let flagBytes = (header.rowCount + 6) / 8
        let steady = settings.count { $0.transform != .constant } - drifting
        var streams = BlockStreams()
        streams.firstClasses = try stream(1, columnCount)
        streams.paces = try stream(2, drifting > 0 ? header.rowCount - 1 : 0)
        streams.flags = try stream(3, (steady + drifting) * flagBytes)
        guard streams.changeCount <= RowBlockFormat.maximumChanges else {
            throw RowBlockError(.tooLarge, "over 2^20 changes")
        }
        streams.classes = try stream(4, BlockStreams.changeCount(streams.flags[..<(steady * flagBytes)]))
        streams.driftClasses = try stream(5, driftSizes[0])
        streams.smallQuotients = try stream(6, driftSizes[1])
        streams.quotients = try stream(7, driftSizes[2])
        streams.tails = Array(reader.rest)
        var changes = ColumnChanges(streams, rowCount: header.rowCount, columnCount: columnCount)
        let firstValues = try changes.readFirstValues()
        try changes.readColumns(settings)
        return changes.block(firstValues, header, columns)
    }

    /// A stream of `size` bytes, stored or deflated.
    private func readStream(
        _ size: Int, isDeflated: Bool, _ reader: inout BinaryReader
    ) throws(RowBlockError) -> [UInt8] {
        guard isDeflated else { return Array(try reader.read(size)) }
        // Deflate makes at most 1,032 bytes of one; this keeps a short block from asking for much.
        guard size > 0, size / 1_032 <= reader.rest.count else {
            throw RowBlockError(.corrupt, "a stream of \(size) bytes cannot be in \(reader.rest.count)")
        }
        let (output, consumed): ([UInt8], Int)
        do {
            (output, consumed) = try inflater.inflatePrefix(reader.rest, size: size)
        } catch .outOfMemory {
            throw RowBlockError(.outOfMemory, "zlib found no memory")
        } catch {
            throw RowBlockError(.corrupt, "a deflate stream is broken (\(error))")
        }
        _ = try reader.read(consumed)
        return output
    }
}
