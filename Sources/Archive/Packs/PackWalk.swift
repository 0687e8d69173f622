import CivilTime
import ObjectStore

/// Goes through a pack in the order of the sequence, past blocks that are damaged.
///
/// Blocks are in the order of time, and the sequence may go through them in any other. So a window of observations is
/// rendered at once, block by block and each from its first row on: whatever the order, a window costs each block that it
/// touches once. What is held is the window, a few decoded blocks, and eight bytes for each row of the blocks that were
/// begun and not ended.
final class PackWalk {
    /// A block and its rows by their numbers, the highest first.
    private final class Lane {
        /// A row: its number less the pack's first, and its place in the block. Both are below 2^20.
        struct Place {
            var number: Int32
            var row: Int32
        }

        let block: PackBlockEntry
        var order: [Place]
        /// The rows that are in the window to come, and their places there.
        var picked: [(row: Int, place: Int)] = []

        init(_ block: PackBlockEntry, _ order: [Place]) { (self.block, self.order) = (block, order) }

        var number: Int { order.last.map { Int($0.number) } ?? .max }
    }

    /// An observation of a window, with its document where it is held.
    private typealias Item = Result<(entry: LogEntry, document: [UInt8]?), ArchiveError>

    private let history: PackHistory
    private let selection: ExportSelection
    private let cache = PackCache(limit: PackWalk.cacheBytes)
    /// The blocks that were not opened yet, the lowest number last.
    private var waiting: [PackBlockEntry]?
    private var lanes = BinaryHeap<Lane> { $0.number < $1.number }
    /// What is rendered, the next one last.
    private var window: [Item] = []
    /// How many observations the next window has.
    private var windowCount = PackWalk.windowCounts.lowerBound
    private var goesBack = false
    /// The document of the observation that was given last, where it is held.
    private(set) var documentAtHand: [UInt8]?

    /// Bytes of observations and documents that a window holds, about.
    private static let windowBytes = 8 << 20
    private static let windowCounts = 256...8192
    /// What an observation takes beside its document, about.
    private static let entryBytes = 1 << 10
    private static let cacheBytes = 8 << 20

    init(_ history: PackHistory, _ selection: ExportSelection) {
        (self.history, self.selection) = (history, selection)
    }

    /// The next selected observation.
    func next() throws(ArchiveError) -> LogEntry? {
        documentAtHand = nil
        if window.isEmpty { try fillWindow() }
        guard let item = window.popLast() else { return nil }
        let (entry, document) = try item.get()
        documentAtHand = document
        return entry
    }

    // MARK: Windows

    private func fillWindow() throws(ArchiveError) {
        let touched = try pick()
        var items: [Item?] = Array(repeating: nil, count: touched.reduce(0) { $0 + $1.picked.count })
        var bytes = 0
        // Now from one end, now from the other: the blocks that are still decoded are those of the last ones.
        for lane in goesBack ? touched.reversed() : touched {
            render(lane, into: &items, &bytes)
            lane.picked = []
        }
        goesBack.toggle()
        window = items.reversed().compactMap(\.self)
        let average = bytes / max(1, items.count) + 1
        windowCount = min(
            max(Self.windowBytes / average, Self.windowCounts.lowerBound), Self.windowCounts.upperBound)
    }

    /// Chooses the next observations; the lanes that they are in, in the order of the file.
    private func pick() throws(ArchiveError) -> [Lane] {
        if waiting == nil {
            waiting = history.legibleBlocks().filter(mayHoldSelected).sorted { $0.lowestNumber > $1.lowestNumber }
        }
        let first = history.pack.trailer.first
        var touched: [Lane] = []
        for place in 0..<windowCount {
            while let block = waiting?.last, block.lowestNumber - first < lanes.top?.number ?? .max {
                waiting?.removeLast()
                do {
                    let lane = try open(block)
                    if !lane.order.isEmpty { lanes.insert(lane) }
                } catch {
                    guard error.isDamage else { throw error }
                }
            }
            guard let lane = lanes.popTop(), let next = lane.order.popLast() else { break }
            if lane.picked.isEmpty { touched.append(lane) }
            lane.picked.append((Int(next.row), place))
            if !lane.order.isEmpty { lanes.insert(lane) }
        }
        return touched.sorted { $0.block.offset < $1.block.offset }
    }

    private func mayHoldSelected(_ block: PackBlockEntry) -> Bool {
        selection.includes(block.series.player, block.series.board)
            && selection.since.map { $0.millisecondsSinceEpoch <= block.last } ?? true
            && selection.until.map { block.first <= $0.millisecondsSinceEpoch } ?? true
    }

    private func open(_ block: PackBlockEntry) throws(ArchiveError) -> Lane {
        let cached = try history.wholeRows(of: block, cache)
        return try history.reading { () throws(PackError) in
            let first = history.pack.trailer.first
            var order: [Lane.Place] = []
            for row in 0..<block.rows {
                let point = try cached.rows.logRow(row).point
                guard selection.includes(point.capturedAt) else { continue }
                order.append(
                    Lane.Place(
                        number: Int32(truncatingIfNeeded: point.sequenceNumber - first),
                        row: Int32(truncatingIfNeeded: row)))
            }
            return Lane(block, order.sorted { $0.number > $1.number })
        }
    }

    /// Renders a lane's rows of the window. `bytes` grows by what they take.
    private func render(_ lane: Lane, into items: inout [Item?], _ bytes: inout Int) {
        var last: (id: ObjectID, document: [UInt8])?
        for (row, place) in lane.picked.sorted(by: { $0.row < $1.row }) {
            do throws(ArchiveError) {
                let (entry, document) = try history.reading { () throws(PackError) in
                    let cached = try cache.rows(of: lane.block, in: history.pack)
                    let (entry, id) = try PackHistory.entry(row, &cached.rows)
                    // Where the two differ, asking for the document tells what is wrong.
                    guard let id, id == entry.observation.documentID else { return (entry, [UInt8]?.none) }
                    if let last, last.id == id { return (entry, last.document) }
                    let document = try cached.rows.document(row)
                    bytes += document.count
                    // Where there is more of them than expected, they are asked for when their turn comes.
                    guard bytes <= 2 * Self.windowBytes else { return (entry, [UInt8]?.none) }
                    last = (id, document)
                    return (entry, document)
                }
                bytes += Self.entryBytes
                items[place] = .success((entry, document))
            } catch {
                items[place] = .failure(error)
            }
        }
    }
}
