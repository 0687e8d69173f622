/// Writes row blocks (docs/FORMAT.md, "Row blocks"). It holds zlib's contexts: make one for each thread and reuse it.
public struct RowBlockEncoder: ~Copyable {
    private let repetitions: Deflater
    private let frequencies: Deflater
    private let inflater: Inflater

    /// An encoder. Throws where zlib finds no memory.
    public init() throws(DeflateError) {
        let repetitions = try Deflater(.raw, level: 6)
        let frequencies = try Deflater(.raw, level: 9, strategy: .frequencies)
        let inflater = try Inflater(.raw)
        self.inflater = inflater
        self.repetitions = repetitions
        self.frequencies = frequencies
    }

    /// The bytes of a block. `layouts` are those of the builder's `layouts`, in that order.
    public func encode(_ builder: RowBlockBuilder, layouts: [RowLayout]) throws(RowBlockError) -> [UInt8] {
        guard builder.slotCounts == layouts.map(\.count) else {
            throw RowBlockError(.layoutMismatch, "a layout does not have as many slots as its rows have numbers")
        }
        let columns = RowColumns(layouts)
        let table = try SparseColumns(builder, log: try builder.wholeLog(inflater), columns)
        var block = Self.header(builder)
        var streams = ColumnStreams()
        for value in table.firstValues {
            streams.firstClasses.append(ResidualCode.encode(value, tails: &streams.tails))
        }
        if table.rowCount > 1 {
            let analysis = ColumnAnalysis(table, columns)
            streams.paces = analysis.paces
            for setting in analysis.settings { streams.append(setting) }
            for (column, setting) in analysis.settings.enumerated()
            where setting.transform != .constant && setting.transform != .drift {
                streams.append(ColumnResiduals(table, column, setting))
            }
            for (column, setting) in analysis.settings.enumerated() where setting.transform == .drift {
                let moves = table.moves(of: column + setting.guideDistance)
                streams.append(drifting: ColumnResiduals(table, column, setting), moves: moves)
            }
        }
        write(streams, to: &block)
        return block
    }

    /// Takes memory off rows that wait to be encoded.
    public func compact(_ builder: inout RowBlockBuilder) { builder.compact(frequencies) }

    /// How many rows, which layouts, and which rows have which.
    private static func header(_ builder: RowBlockBuilder) -> [UInt8] {
        var header: [UInt8] = []
        header.appendVarint(UInt64(builder.rowCount))
        header.appendVarint(UInt64(builder.layouts.count))
        for layout in builder.layouts { header.appendVarint(UInt64(layout)) }
        if builder.layouts.count > 1 {
            for run in builder.runs {
                header.appendVarint(UInt64(run.layout))
                header.appendVarint(UInt64(run.count))
            }
        }
        return header
    }

    /// The streams in order, each in the form that is smallest, the tails as they are.
    private func write(_ streams: ColumnStreams, to block: inout [UInt8]) {
        block.appendVarint(UInt64(streams.settings.count))
        let forms = block.count
        block.append(0)
        for (index, stream) in streams.inOrder.enumerated() {
            if index == 1, !streams.paces.isEmpty {
                for drift in [streams.driftClasses, streams.smallQuotients, streams.quotients] {
                    block.appendVarint(UInt64(drift.count))
                }
            }
            guard !stream.isEmpty else { continue }
            var deflated = frequencies.deflate(stream)
            // Quotients hardly repeat, and looking for it is what takes the time.
            if index < ColumnStreams.quotientStreams || stream.count < 1_024 {
                let byRepetitions = repetitions.deflate(stream)
                if byRepetitions.count < deflated.count { deflated = byRepetitions }
            }
            if deflated.count < stream.count { block[forms] |= 1 << UInt8(index) }
            block += deflated.count < stream.count ? deflated : stream
        }
        block += streams.tails.finish()
    }
}
