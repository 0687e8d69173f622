/// A difference in one line, in the words of the earlier tool:
/// `ΔXP 12.00K | Levels: Magic(+1) | Activities: Zulrah(+5)`.
///
/// Three names of each kind at most, the largest changes first. Unlike there, Overall is not counted twice, falls are
/// shown with a minus, and rows that enter or leave a table are named instead of counted as gains.
public struct ChangeSummary: Hashable, Sendable, CustomStringConvertible {
    /// The line; no line breaks of its own.
    public let description: String

    /// The line for a difference.
    public init(_ diff: HiscoreDiff) {
        let parts = diff.isFirst ? ["Initial snapshot."] : Self.gains(of: diff) + Self.arrivals(in: diff)
        description = parts.isEmpty ? Self.remainder(of: diff) : parts.joined(separator: " | ")
    }

    /// A whole number as K, M or B with two decimals from a thousand on, rounded half away from zero: `12.35K`.
    public static func abbreviated(_ value: Int64) -> String {
        let magnitude = value.magnitude
        let (unit, suffix): (UInt64, String) =
            switch magnitude {
            case 1_000_000_000...: (1_000_000_000, "B")
            case 1_000_000...: (1_000_000, "M")
            case 1_000...: (1_000, "K")
            default: (1, "")
            }
        guard unit > 1 else { return String(value) }
        let step = unit / 100
        let hundredths = magnitude / step + (magnitude % step >= (step + 1) / 2 ? 1 : 0)
        let decimals = String(hundredths % 100 + 100).dropFirst()
        return "\(value < 0 ? "-" : "")\(hundredths / 100).\(decimals)\(suffix)"
    }

    private static func gains(of diff: HiscoreDiff) -> [String] {
        var parts: [String] = []
        if diff.totals.xpGained != 0 {
            parts.append("ΔXP \(abbreviated(diff.totals.xpGained))")
        } else if let change = diff.overall.xp.change, change != 0 {
            // Gained in a skill that is not ranked.
            parts.append("Overall ΔXP \(abbreviated(change))")
        }
        let bySize = diff.skills.sorted { magnitude($0.xp) > magnitude($1.xp) }
        let levels = bySize.filter { magnitude($0.level) > 0 }
        if levels.isEmpty {
            parts += list("XP gains", bySize.filter { magnitude($0.xp) > 0 }) {
                "\($0.name)(\(abbreviated($0.xp.change ?? 0)))"
            }
        } else {
            parts += list("Levels", levels) { "\($0.name)(\(signed($0.level)))" }
        }
        let activities = diff.activities.filter { magnitude($0.score) > 0 }
            .sorted { magnitude($0.score) > magnitude($1.score) }
        return parts + list("Activities", activities) { "\($0.name)(\(signed($0.score)))" }
    }

    private static func arrivals(in diff: HiscoreDiff) -> [String] {
        let rows =
            diff.skills.map { ($0.name, $0.status, $0.isRankedOnce) }
            + diff.activities.map { ($0.name, $0.status, $0.isRankedOnce) }
        // A row that is ranked on neither side only became known or unknown.
        let kinds: [(String, RowStatus, isRankedOnce: Bool?)] = [
            ("Ranked", .ranked, true), ("Now known", .ranked, false), ("Unranked", .unranked, true),
            ("No longer known", .unranked, false), ("New rows", .added, nil), ("Removed rows", .removed, nil),
        ]
        return kinds.flatMap { title, status, isRankedOnce in
            list(title, rows.filter { $0.1 == status && $0.2 == isRankedOnce ?? $0.2 }) { $0.0 }
        }
    }

    /// What changed where nothing of it is a gain, an arrival or a loss.
    private static func remainder(of diff: HiscoreDiff) -> String {
        let statuses = [diff.overall.status] + diff.skills.map(\.status) + diff.activities.map(\.status)
        // Such as a level that is no longer told.
        let hasOthers = statuses.contains { $0 != .unchanged && $0 != .rankOnly }
        switch (diff.isIdentical, hasOthers, statuses.contains(.rankOnly), diff.layout.isUnchanged) {
        case (true, _, _, _): return "No changes since last snapshot."
        case (_, false, true, true): return "Only ranks moved."
        case (_, false, true, false): return "Only ranks and layout changed."
        case (_, false, false, false): return "Layout changed."
        default: return "Other details changed."
        }
    }

    /// `title: a, b, c`, or nothing.
    private static func list<Row>(_ title: String, _ rows: [Row], _ text: (Row) -> String) -> [String] {
        rows.isEmpty ? [] : ["\(title): \(rows.prefix(3).map(text).joined(separator: ", "))"]
    }

    private static func magnitude(_ change: Change) -> UInt64 { change.change?.magnitude ?? 0 }

    private static func signed(_ change: Change) -> String {
        let value = change.change ?? 0
        return value > 0 ? "+\(value)" : String(value)
    }
}
