/// Which column each number of a row belongs to: one *column key* a slot, any distinct byte strings. Slots of different
/// layouts with equal keys are one column, so a column outlives a change of layout.
///
/// Columns are ordered by their keys, byte by byte. What is alike compresses best side by side, so a key begins with what
/// kind of number it is: `rank`, then where it stands.
public struct RowLayout: Hashable, Sendable {
    /// The keys one behind the other: one array for all of them, since a layout is read for each decoded block.
    private let keyBytes: [UInt8]
    /// The keys in order, each with its slot.
    private let columns: [Column]

    private struct Column: Hashable, Sendable {
        /// The first eight bytes, which decide most comparisons of keys of different kinds.
        let prefix: UInt64
        /// Where the key stands among `keyBytes`.
        let start: Int32
        let end: Int32
        let slot: Int32
    }

    /// How many slots a row has.
    public var count: Int { columns.count }

    /// A layout of at most `Template.maximumSlots` distinct keys, given in slot order.
    public init(keys: [[UInt8]]) throws(RowBlockError) {
        guard keys.count <= Template.maximumSlots else { throw RowBlockError(.tooLarge, "a layout of over 4096 slots") }
        var list = ColumnKeyList()
        for key in keys { list.append(key[...], []) }
        self.init(sorting: list)
        guard (1..<max(1, count)).allSatisfy({ compare($0 - 1, self, $0) != 0 }) else {
            throw RowBlockError(.layoutMismatch, "two slots of a layout have one key")
        }
    }

    /// A layout of keys of which equal ones are told apart: the second `K` becomes `K 0x03 1`, the third `K 0x03 2`.
    init(numberingEqual keys: ColumnKeyList) {
        self.init(sorting: keys)
        var suffixes: [Int: [UInt8]] = [:]
        var ordinal = 0
        for column in 1..<max(1, count) {
            ordinal = compare(column - 1, self, column) == 0 ? ordinal + 1 : 0
            if ordinal > 0 { suffixes[slot(of: column)] = [0x03] + Array("\(ordinal)".utf8) }
        }
        guard !suffixes.isEmpty else { return }
        var numbered = ColumnKeyList()
        for slot in 0..<keys.count { numbered.append(keys[slot], suffixes[slot] ?? []) }
        self.init(sorting: numbered)
    }

    /// The columns by their keys, equal ones by their slots.
    private init(sorting keys: ColumnKeyList) {
        let bytes = keys.bytes
        var columns: [Column] = []
        columns.reserveCapacity(keys.count)
        for slot in 0..<keys.count {
            let range = keys.range(slot)
            columns.append(
                Column(
                    prefix: Self.word(bytes.span, range.lowerBound, range.upperBound), start: Int32(range.lowerBound),
                    end: Int32(range.upperBound), slot: Int32(slot)))
        }
        columns.sort {
            let order = Self.compare(bytes.span, $0, bytes.span, $1)
            return order == 0 ? $0.slot < $1.slot : order < 0
        }
        (keyBytes, self.columns) = (bytes, columns)
    }

    /// The slot of a column.
    func slot(of column: Int) -> Int { Int(columns[column].slot) }

    /// The key of a column.
    func key(of column: Int) -> ColumnKey {
        ColumnKey(bytes: Array(keyBytes[Int(columns[column].start)..<Int(columns[column].end)]))
    }

    /// How the keys of two columns compare, byte by byte: negative, 0 or positive.
    func compare(_ column: Int, _ other: RowLayout, _ otherColumn: Int) -> Int {
        Self.compare(keyBytes.span, columns[column], other.keyBytes.span, other.columns[otherColumn])
    }

    private static func compare(
        _ bytes: Span<UInt8>, _ left: Column, _ otherBytes: Span<UInt8>, _ right: Column
    ) -> Int {
        if left.prefix != right.prefix { return left.prefix < right.prefix ? -1 : 1 }
        let (count, otherCount) = (Int(left.end - left.start), Int(right.end - right.start))
        var offset = 8
        while offset < min(count, otherCount) {
            let word = word(bytes, Int(left.start) + offset, Int(left.end))
            let other = Self.word(otherBytes, Int(right.start) + offset, Int(right.end))
            if word != other { return word < other ? -1 : 1 }
            offset += 8
        }
        return count - otherCount
    }

    /// Eight bytes from `offset`, the first one highest, zeros from `end` on.
    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, _ offset: Int, _ end: Int) -> UInt64 {
        let word = ByteWord(bytes, at: offset).bits.byteSwapped
        let kept = end - offset
        return kept >= 8 ? word : kept <= 0 ? 0 : word & ~(UInt64.max >> UInt64(8 * kept))
    }
}

/// Column keys in slot order.
struct ColumnKeyList {
    private(set) var bytes: [UInt8] = []
    private var ends: [Int] = []

    var count: Int { ends.count }

    /// Appends a key of two parts.
    mutating func append(_ first: ArraySlice<UInt8>, _ second: [UInt8]) {
        bytes += first
        bytes += second
        ends.append(bytes.count)
    }

    /// Where a slot's key stands among `bytes`.
    func range(_ slot: Int) -> Range<Int> { (slot == 0 ? 0 : ends[slot - 1])..<ends[slot] }

    /// A slot's key.
    subscript(slot: Int) -> ArraySlice<UInt8> { bytes[range(slot)] }
}

/// A column key, for those who look for columns that go together.
struct ColumnKey {
    let bytes: [UInt8]

    /// The key without what it begins with, the kind of number: the members of one object have this in common.
    var path: ArraySlice<UInt8> { bytes[(bytes.firstIndex { $0 < 0x03 } ?? bytes.endIndex)...] }

    /// Whether two keys differ only in the text of the path's last component: numbers of one kind in one list.
    func isSibling(of other: ColumnKey) -> Bool {
        let (list, otherList) = (bytes.lastIndex { $0 < 0x03 }, other.bytes.lastIndex { $0 < 0x03 })
        guard let list, list == otherList else { return false }
        return bytes[...list] == other.bytes[...list]
    }
}
