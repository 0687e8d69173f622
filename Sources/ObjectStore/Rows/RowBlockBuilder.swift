/// The rows of a block to be, kept small: each row as its differences to the one before, some three bytes a changed
/// number, beside one whole row.
public struct RowBlockBuilder: Sendable {
    /// The most rows that it takes.
    public static let maximumRows = 256

    /// The caller's layout numbers in order of first use.
    public private(set) var layouts: [Int] = []
    /// How many rows it holds.
    public private(set) var rowCount = 0
    /// Which of `layouts` the rows have, and how many rows in turn.
    private(set) var runs: [RowRun] = []
    /// Of each row, in order: the first of a run as all its numbers, any other as a count of changed slots and for each
    /// the slots skipped since the last one and the difference. All as varints, numbers and differences signed.
    private var log: [UInt8] = []
    /// Earlier pieces of the log, deflated one by one, each with its size.
    private var deflatedLog: [(size: Int, bytes: [UInt8])] = []
    private var deflatedBytes = 0
    /// How many slots each of `layouts` has.
    private(set) var slotCounts: [Int] = []
    private var last: [Int64] = []

    /// A block without rows.
    public init() {}

    /// Bytes of memory that it holds.
    public var memoryBytes: Int {
        log.capacity + deflatedBytes + 8 * last.capacity + MemoryLayout<RowRun>.stride * runs.capacity
            + 8 * (layouts.capacity + slotCounts.capacity) + 5 * 32 + MemoryLayout<Self>.size
    }

    /// Takes a third off the memory of rows that wait for others: what was written of them since the last time is deflated.
    mutating func compact(_ deflater: borrowing Deflater) {
        guard !log.isEmpty else { return }
        let deflated = deflater.deflate(log)
        // What the deflater gives has room for more than it is.
        deflatedLog.append((log.count, Array(deflated[...])))
        deflatedBytes += deflated.count + 64
        log = []
    }

    /// The log from its beginning.
    func wholeLog(_ inflater: borrowing Inflater) throws(RowBlockError) -> [UInt8] {
        guard !deflatedLog.isEmpty else { return log }
        var whole: [UInt8] = []
        whole.reserveCapacity(deflatedLog.reduce(log.count) { $0 + $1.size })
        for piece in deflatedLog {
            do { whole += try inflater.inflate(piece.bytes[...], size: piece.size) } catch {
                throw RowBlockError(error == .outOfMemory ? .outOfMemory : .corrupt, "pending rows do not inflate")
            }
        }
        return whole + log
    }

    /// Appends a row of the layout that the caller numbers so, from 0 up; rows of one layout have as many numbers. False,
    /// and nothing is appended, where the block is full, the row has over `Template.maximumSlots` numbers, or not as
    /// many as its layout had before.
    public mutating func append(layout: Int, numbers: [Int64]) -> Bool {
        guard rowCount < Self.maximumRows, numbers.count <= Template.maximumSlots, layout >= 0 else { return false }
        if let run = runs.last, layouts[run.layout] == layout {
            guard numbers.count == slotCounts[run.layout] else { return false }
            appendDifferences(numbers)
            runs[runs.count - 1].count += 1
        } else {
            guard let index = index(of: layout, slots: numbers.count) else { return false }
            for number in numbers { log.appendSignedVarint(number) }
            runs.append(RowRun(layout: index, count: 1))
            last.removeAll(keepingCapacity: true)
            last.append(contentsOf: numbers)
        }
        rowCount += 1
        return true
    }

    private mutating func appendDifferences(_ numbers: [Int64]) {
        let before = last
        let (earlier, now) = (before.span, numbers.span)
        var changed = 0
        for slot in now.indices where now[slot] != earlier[slot] { changed += 1 }
        log.appendVarint(UInt64(changed))
        var next = 0
        for slot in now.indices where now[slot] != earlier[slot] {
            log.appendVarint(UInt64(slot - next))
            log.appendSignedVarint(now[slot] &- earlier[slot])
            next = slot + 1
        }
        last = numbers
    }

    /// The place in `layouts` of a layout, a new one if need be; nil where it does not fit.
    private mutating func index(of layout: Int, slots: Int) -> Int? {
        if let index = layouts.firstIndex(of: layout) { return slotCounts[index] == slots ? index : nil }
        guard slotCounts.reduce(slots, +) <= RowBlockFormat.maximumColumns, layout <= RowBlockFormat.greatestLayout
        else { return nil }
        layouts.append(layout)
        slotCounts.append(slots)
        return layouts.count - 1
    }
}

/// Rows of one layout that follow each other.
struct RowRun: Hashable, Sendable {
    /// The place of the layout among the block's.
    let layout: Int
    var count: Int
}
