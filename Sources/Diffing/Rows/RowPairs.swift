import Hiscores

/// A row that has a name and a number, of either section.
protocol NamedRow {
    var name: String { get }
    var id: ServedNumber { get }
}

extension SkillRow: NamedRow {}
extension ActivityRow: NamedRow {}

/// The same row of two documents; at least one side is there.
struct RowPair<Row: NamedRow> {
    let name: String
    let from: Row?
    let to: Row?

    /// Rows matched by name, the nth of one name with the nth: those of `to` in their order, then those that only `from`
    /// has, in theirs. Linear.
    static func pairs(from: [Row], to: [Row]) -> [RowPair] {
        var waiting: [String: [Row]] = [:]  // By name, last first.
        for row in from.reversed() { waiting[row.name, default: []].append(row) }
        var pairs = to.map { RowPair(name: $0.name, from: waiting[$0.name]?.popLast(), to: $0) }
        for row in from {
            guard let left = waiting.removeValue(forKey: row.name) else { continue }
            pairs += left.reversed().map { RowPair(name: $0.name, from: $0, to: nil) }
        }
        return pairs
    }

    /// Whether both documents number the row, and not alike.
    var isRenumbered: Bool {
        guard let old = from?.id, let new = to?.id else { return false }
        return old != new
    }
}
