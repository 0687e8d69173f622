/// Which column each number of a row belongs to: one *column key* a slot, any distinct byte strings. Slots of different
/// layouts with equal keys are one column, so a column outlives a change of layout.
///
/// Columns are ordered by their keys, byte by byte. What is alike compresses best side by side, so a key begins with what
/// kind of number it is: `rank`, then where it stands.
public struct RowLayout: Hashable, Sendable {
    /// The keys in order, each with its slot.
    let columns: [Column]

    /// A key and the slot that it names.
    struct Column: Hashable, Sendable {
        let key: ColumnKey
        let slot: Int32
    }

    /// How many slots a row has.
    public var count: Int { columns.count }

    /// A layout of at most `Template.maximumSlots` distinct keys, given in slot order.
    public init(keys: [[UInt8]]) throws(RowBlockError) {
        guard keys.count <= Template.maximumSlots else { throw RowBlockError(.tooLarge, "a layout of over 4096 slots") }
        self.init(unchecked: keys)
        guard zip(columns, columns.dropFirst()).allSatisfy({ $0.key != $1.key }) else {
            throw RowBlockError(.layoutMismatch, "two slots of a layout have one key")
        }
    }

    /// A layout of keys of which equal ones are told apart: the second `K` becomes `K 0x03 1`, the third `K 0x03 2`.
    init(numberingEqual keys: [[UInt8]]) {
        self.init(unchecked: keys)
        var numbered = keys
        var ordinal = 0
        for (column, next) in zip(columns, columns.dropFirst()) {
            ordinal = column.key == next.key ? ordinal + 1 : 0
            if ordinal > 0 { numbered[Int(next.slot)] += [0x03] + Array("\(ordinal)".utf8) }
        }
        if numbered != keys { self.init(unchecked: numbered) }
    }

    private init(unchecked keys: [[UInt8]]) {
        columns = keys.indices.map { Column(key: ColumnKey(keys[$0]), slot: Int32($0)) }
            .sorted { $0.key == $1.key ? $0.slot < $1.slot : $0.key < $1.key }
    }
}

/// A column key, compared byte by byte.
struct ColumnKey: Hashable, Comparable, Sendable {
    let bytes: [UInt8]
    /// The first eight bytes, which decide most comparisons of keys of different kinds.
    private let prefix: UInt64

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        prefix = ByteWord(bytes.span, at: 0).bits.byteSwapped
    }

    static func < (left: ColumnKey, right: ColumnKey) -> Bool {
        if left.prefix != right.prefix { return left.prefix < right.prefix }
        let (first, second) = (left.bytes.span, right.bytes.span)
        let common = min(first.count, second.count)
        var offset = 8
        while offset < common {
            let (word, other) = (ByteWord(first, at: offset).bits, ByteWord(second, at: offset).bits)
            if word != other { return word.byteSwapped < other.byteSwapped }
            offset += 8
        }
        return first.count < second.count
    }
}

extension ColumnKey {
    /// The key without what it begins with, the kind of number: the members of one object have this in common.
    var path: ArraySlice<UInt8> { bytes[(bytes.firstIndex { $0 < 0x03 } ?? bytes.endIndex)...] }

    /// Whether two keys differ only in the text of the path's last component: numbers of one kind in one list.
    func isSibling(of other: ColumnKey) -> Bool {
        let (list, otherList) = (bytes.lastIndex { $0 < 0x03 }, other.bytes.lastIndex { $0 < 0x03 })
        guard let list, list == otherList else { return false }
        return bytes[...list] == other.bytes[...list]
    }
}
