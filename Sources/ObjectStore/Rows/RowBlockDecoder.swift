/// Reads row blocks (docs/FORMAT.md, "Row blocks") from bytes that may be anything. It holds zlib's context: make one for
/// each thread and reuse it.
///
/// What it allocates is bounded by what a block may hold: 4,096 rows, 16,384 columns and 2^20 changes, some 40 MB for a
/// block made to harm and 1 MB for one of a year of daily captures.
public struct RowBlockDecoder: ~Copyable {
    private let inflater: Inflater

    /// A decoder. Throws where zlib finds no memory.
    public init() throws(DeflateError) { inflater = try Inflater(.raw) }

    /// The caller's numbers of the layouts in a block, in order of first use. Reads the clear header only.
    public static func layouts(in bytes: ArraySlice<UInt8>) throws(RowBlockError) -> [Int] {
        var reader = ByteReader(bytes)
        return try RowBlockHeader(&reader).layouts
    }

    /// The rows of a block, which is all of `bytes`. `layouts` are those that `layouts(in:)` tells, in that order.
    public func decode(_ bytes: ArraySlice<UInt8>, layouts: [RowLayout]) throws(RowBlockError) -> RowBlock {
        var reader = ByteReader(bytes)
        let header = try RowBlockHeader(&reader)
        guard layouts.count == header.layouts.count else {
            throw RowBlockError(.layoutMismatch, "\(layouts.count) layouts for a block of \(header.layouts.count)")
        }
        guard layouts.reduce(0, { $0 + $1.count }) <= RowBlockFormat.maximumColumns else {
            throw RowBlockError(.tooLarge, "layouts of over \(RowBlockFormat.maximumColumns) slots together")
        }
        let columns = RowColumns(layouts)
        let columnCount = columns.keys.count
        let settingsSize = try reader.readCount(upTo: RowBlockFormat.maximumSettingsBytes)
        let forms = try reader.readByte()
        guard forms < 16 else { throw RowBlockError(.corrupt, "unknown forms of streams \(forms)") }

        let settings = try settings(in: try read(settingsSize, &reader, forms & 1), header.rowCount, columnCount)
        let firstClasses = try read(columnCount, &reader, forms & 2)
        let flagBytes = (header.rowCount + 6) / 8
        let changing = settings.count { $0.transform != .constant }
        let flags = try read(changing * flagBytes, &reader, forms & 4)
        let classCount = flags.reduce(0) { $0 + $1.nonzeroBitCount }
        guard classCount <= RowBlockFormat.maximumChanges else { throw RowBlockError(.tooLarge, "over 2^20 changes") }
        let classes = try read(classCount, &reader, forms & 8)
        var tails = BitReader(Array(reader.rest))

        var firstValues: [Int64] = []
        firstValues.reserveCapacity(columnCount)
        for symbol in firstClasses { firstValues.append(try Self.number(symbol, &tails)) }
        var changes = ColumnChanges(rowCount: header.rowCount, capacity: classCount)
        var flagStart = 0
        var symbol = 0
        for (column, setting) in settings.enumerated() {
            if setting.transform != .constant {
                for index in 0..<flagBytes {
                    var bits = flags[flagStart + index]
                    while bits != 0 {
                        let row = 8 * index + bits.trailingZeroBitCount + 1
                        bits &= bits - 1
                        guard row < header.rowCount else {
                            throw RowBlockError(.corrupt, "a change after the last row")
                        }
                        changes.append(try Self.number(classes[symbol], &tails) &* setting.divisor, row)
                        symbol += 1
                    }
                }
                flagStart += flagBytes
            }
            try changes.close(column, setting)
        }
        guard tails.isExhausted else { throw RowBlockError(.corrupt, "its last stream has another length") }
        try changes.addTotals(settings)
        return changes.block(firstValues, header, columns)
    }
}

extension RowBlockDecoder {
    /// A stream of `size` bytes, stored or deflated.
    private func read(
        _ size: Int, _ reader: inout ByteReader, _ isDeflated: UInt8
    ) throws(RowBlockError) -> [UInt8] {
        guard isDeflated != 0 else { return Array(try reader.read(size)) }
        // Deflate makes at most 1,032 bytes of one; this keeps a short block from asking for much.
        guard size > 0, size / 1_032 <= reader.rest.count else {
            throw RowBlockError(.corrupt, "a stream of \(size) bytes cannot be in \(reader.rest.count)")
        }
        do {
            let (output, consumed) = try inflater.inflatePrefix(reader.rest, size: size)
            reader.skip(consumed)
            return output
        } catch .outOfMemory {
            throw RowBlockError(.outOfMemory, "zlib found no memory")
        } catch {
            throw RowBlockError(.corrupt, "a deflate stream is broken (\(error))")
        }
    }

    private func settings(
        in bytes: [UInt8], _ rowCount: Int, _ columnCount: Int
    ) throws(RowBlockError) -> [ColumnSettings] {
        guard rowCount > 1 else {
            guard bytes.isEmpty else { throw RowBlockError(.corrupt, "column settings in a block of one row") }
            return [ColumnSettings](repeating: ColumnSettings(), count: columnCount)
        }
        var reader = ByteReader(bytes[...])
        var settings: [ColumnSettings] = []
        settings.reserveCapacity(columnCount)
        for _ in 0..<columnCount { settings.append(try ColumnSettings(&reader, columnCount: columnCount)) }
        guard reader.rest.isEmpty else { throw RowBlockError(.corrupt, "bytes after the column settings") }
        return settings
    }

    @inline(__always)
    private static func number(_ symbol: UInt8, _ tails: inout BitReader) throws(RowBlockError) -> Int64 {
        guard let number = ResidualCode.decode(symbol, tails: &tails) else {
            throw RowBlockError(.corrupt, "unknown class \(symbol)")
        }
        return number
    }
}

/// The clear part of a block: how many rows, the layouts, and which rows have which.
struct RowBlockHeader {
    let rowCount: Int
    /// The caller's numbers of the layouts.
    let layouts: [Int]
    let runs: [RowRun]

    init(_ reader: inout ByteReader) throws(RowBlockError) {
        rowCount = try reader.readCount(upTo: RowBlockFormat.maximumRows)
        let layoutCount = try reader.readCount(upTo: rowCount)
        guard (rowCount == 0) == (layoutCount == 0) else { throw RowBlockError(.corrupt, "rows without a layout") }
        var layouts: [Int] = []
        for _ in 0..<layoutCount { layouts.append(try reader.readCount(upTo: RowBlockFormat.greatestLayout)) }
        var runs: [RowRun] = []
        if layoutCount == 1 { runs.append(RowRun(layout: 0, count: rowCount)) }
        var rest = layoutCount > 1 ? rowCount : 0
        while rest > 0 {
            let layout = try reader.readCount(upTo: layoutCount - 1)
            let count = try reader.readCount(upTo: rest)
            guard count > 0 else { throw RowBlockError(.corrupt, "a run of no rows") }
            runs.append(RowRun(layout: layout, count: count))
            rest -= count
        }
        (self.layouts, self.runs) = (layouts, runs)
    }
}
