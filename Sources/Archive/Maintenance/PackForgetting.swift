import CivilTime
import ObjectStore

/// What is forgotten of one pack.
struct PackForgetting {
    let pack: Pack
    /// The blocks of which something is left.
    private(set) var source: NoveltyCorrection.Source
    /// The records that are gone, in no order.
    private(set) var gaps: [PackGap] = []
    /// The first 64 bits of the ids of snapshots of which the first to name them has gone.
    private(set) var prefixes: Set<UInt64> = []
    /// Records that are no observations, and stay.
    private(set) var otherRecords: [(number: Int, record: [UInt8])] = []
    /// Losses that were declared of whose history goes: they stay, but no longer say whose it was.
    private(set) var losses: [Loss] = []

    /// Only records before this number of the sequence are forgotten.
    private let end: Int

    /// Looks for what is forgotten of the records before `end`. Decodes the blocks that hold some of it.
    init(_ selection: ForgetSelection, in pack: Pack, before end: Int = .max) throws(PackError) {
        (self.pack, self.end) = (pack, end)
        source = try NoveltyCorrection.Source(whole: pack)
        for number in source.blocks.indices.reversed() {
            let entry = source.blocks[number].entry
            guard entry.series.player == selection.player, selection.includes(entry.series.board) else { continue }
            try forget(selection, inBlock: number)
            if source.blocks[number].removed.count == entry.rows { source.blocks.remove(at: number) }
        }
        let hasher = SHA256()
        for (number, record) in try pack.otherRecords() {
            let decoded = try? RecordFormat.decode(record)
            guard let decoded, number < end, selection.includes(decoded) else {
                otherRecords.append((number, record))
                continue
            }
            gaps.append(PackGap(number, id: hasher.digest(record), isForgotten: true))
            if case .loss(let loss) = decoded { losses.append(loss) }
        }
    }

    private mutating func forget(_ selection: ForgetSelection, inBlock number: Int) throws(PackError) {
        let entry = source.blocks[number].entry
        if let moment = selection.capturedAt?.millisecondsSinceEpoch, moment < entry.first || entry.last < moment {
            return
        }
        let packed = try pack.block(entry)
        var rows = PackedRows(packed, of: pack)
        let novelties = try rows.novelties()
        for row in 0..<packed.rowCount {
            let listed = try rows.logRow(row)
            guard selection.includes(listed.capturedAt), listed.sequenceNumber < end else { continue }
            let whole = try rows.row(row)
            source.blocks[number].removed.insert(row)
            gaps.append(PackGap(whole.number, id: whole.recordID, isForgotten: true))
            if novelties[row] != .known, let id = whole.ids?.document { prefixes.insert(id.words.0) }
        }
    }

    /// Whether the pack holds nothing of it.
    var isEmpty: Bool { gaps.isEmpty }
}
