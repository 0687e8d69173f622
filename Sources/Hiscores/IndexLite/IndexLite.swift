public import CanonicalJSON
public import CivilTime

/// `index_lite.ws`: the older answer of the service. A line a row, `rank,level,xp` for a skill and `rank,score` for an
/// activity, without names: what a line is about follows from its place alone.
public enum IndexLite {
    /// A text with names given to its rows.
    public struct Conversion: Hashable, Sendable {
        /// `{name?, skills: [{id, name, rank, level, xp}], activities: [{id, name, rank, score}]}`, as
        /// `index_lite.json` would have had it.
        public let document: JSONValue
        /// The layout that the names were taken from.
        public let layout: Layout
        /// The names given to rows beyond the layout, in order: `unknown:N`, N being the row's id. Where the service
        /// put the new row between others, as it mostly does, the rows below it bear the names of their neighbours, so
        /// whoever converts such a text says so.
        public let unknownRows: [String]
    }

    /// How long before the known hours of a change its new layout is believed when the number of rows fits it exactly.
    /// More rows than expected are never a cut-off answer, so this is safe; a smaller number before the hours of a
    /// change is not taken for the older layout, since a cut-off answer looks the same.
    static let graceBeforeChange: Int64 = 36 * 3_600_000

    /// The document that a text captured at `moment` stands for.
    ///
    /// The layout is the one in force at that moment, cross-checked by the number of skills and activities: during the
    /// hours of a change, the one of the two that fits. Fewer rows are `truncated`; more are kept as `unknown:N`.
    /// Lines end in LF or CRLF, blank ones at the end are passed over, and the last may lack its line break.
    public static func document(_ text: [UInt8], at moment: Timestamp, name: String? = nil) throws(IndexLiteError)
        -> Conversion
    {
        let rows = try Rows(parsing: text)
        return try rows.named(by: try layout(of: rows, at: moment), name: name)
    }

    /// The document that a text of a known layout stands for.
    public static func document(_ text: [UInt8], layout: Layout, name: String? = nil) throws(IndexLiteError)
        -> Conversion
    {
        try Rows(parsing: text).named(by: layout, name: name)
    }

    /// The text that the service gives for a document: its rows in their order, absent numbers as -1.
    public static func text(of document: HiscoreDocument) -> [UInt8] {
        var text: [UInt8] = []
        func append(_ numbers: ServedNumber...) {
            text.append(contentsOf: numbers.map { String($0 ?? -1) }.joined(separator: ",").utf8)
            text.append(UInt8(ascii: "\n"))
        }
        for row in document.skills { append(row.rank, row.level, row.xp) }
        for row in document.activities { append(row.rank, row.score) }
        return text
    }

    private static func layout(of rows: Rows, at moment: Timestamp) throws(IndexLiteError) -> Layout {
        let possible = Layout.possible(at: moment)
        guard let newest = possible.first else { throw IndexLiteError(.unknownLayout(moment)) }
        let fitting = possible.filter(rows.fit)
        guard fitting.count < 2 else { throw IndexLiteError(.ambiguousLayout(moment)) }
        if let layout = fitting.first { return layout }
        if let next = Layout.next(after: moment, within: graceBeforeChange), rows.fit(next) { return next }
        return newest
    }
}

/// The numbers of a text, before they are given names.
private struct Rows {
    var skills: [(rank: Int64, level: Int64, xp: Int64)] = []
    var activities: [(rank: Int64, score: Int64)] = []

    /// The greatest number that every JSON reader holds exactly.
    private static let limit: Int64 = 1 << 53

    init(parsing text: [UInt8]) throws(IndexLiteError) {
        var end = text.count
        while end > 0, text[end - 1].isBlank { end -= 1 }
        guard let start = text[..<end].firstIndex(where: { !$0.isBlank }) else { throw IndexLiteError(.empty) }
        guard text[start] != UInt8(ascii: "<") else { throw IndexLiteError(.webPage) }
        var line = 0
        var position = 0
        while position < end {
            line += 1
            let lineFeed = text[position..<end].firstIndex(of: UInt8(ascii: "\n")) ?? end
            var lineEnd = lineFeed
            if lineEnd > position, text[lineEnd - 1] == UInt8(ascii: "\r") { lineEnd -= 1 }
            try append(text[position..<lineEnd], line: line)
            position = lineFeed + 1
        }
    }

    /// The leading lines of three fields are the skills.
    private mutating func append(_ text: ArraySlice<UInt8>, line: Int) throws(IndexLiteError) {
        guard let first = text.first else { throw IndexLiteError(.malformed(.blank), line: line) }
        var numbers: [Int64] = []
        var damaged: Int?
        let fields = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        for (index, field) in fields.prefix(3).enumerated() {
            if let number = Self.number(field) { numbers.append(number) } else { damaged = damaged ?? index + 1 }
        }
        if let damaged {
            let isMarkup = first == UInt8(ascii: "<") || first.isBlank && text.contains(UInt8(ascii: "<"))
            throw IndexLiteError(isMarkup ? .webPage : .malformed(.number(field: damaged)), line: line)
        }
        if fields.count == 3, activities.isEmpty {
            skills.append((numbers[0], numbers[1], numbers[2]))
        } else if fields.count == 2, !skills.isEmpty {
            activities.append((numbers[0], numbers[1]))
        } else {
            let isSkill = activities.isEmpty && fields.count != 2 || skills.isEmpty
            throw IndexLiteError(
                .malformed(isSkill ? .skill(fields: fields.count) : .activity(fields: fields.count)), line: line)
        }
    }

    private static func number(_ field: ArraySlice<UInt8>) -> Int64? {
        let digits = field.first == UInt8(ascii: "-") ? field.dropFirst() : field
        guard !digits.isEmpty, digits.count <= 16 else { return nil }
        var value: Int64 = 0
        for byte in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        guard value <= limit else { return nil }
        return digits.count == field.count ? value : -value
    }

    var count: Int { skills.count + activities.count }

    func fit(_ layout: Layout) -> Bool {
        skills.count == layout.skills.count && activities.count == layout.activities.count
    }

    func named(by layout: Layout, name: String?) throws(IndexLiteError) -> IndexLite.Conversion {
        guard count >= layout.rowCount else {
            throw IndexLiteError(.truncated(rows: count, expected: layout.rowCount))
        }
        guard skills.count >= layout.skills.count else {
            throw IndexLiteError(.malformed(.skill(fields: 2)), line: skills.count + 1)
        }
        guard activities.count >= layout.activities.count else {
            throw IndexLiteError(
                .truncated(rows: count, expected: layout.rowCount + skills.count - layout.skills.count))
        }
        var unknownRows: [String] = []
        func rowName(_ index: Int, _ names: [String]) -> String {
            if index < names.count { return names[index] }
            unknownRows.append("unknown:\(index)")
            return "unknown:\(index)"
        }
        var document = HiscoreDocument(name: name, skills: [], activities: [])
        for (index, row) in skills.enumerated() {
            document.skills.append(
                SkillRow(
                    id: Int64(index), name: rowName(index, layout.skills), rank: row.rank, level: row.level, xp: row.xp)
            )
        }
        for (index, row) in activities.enumerated() {
            document.activities.append(
                ActivityRow(
                    id: Int64(index), name: rowName(index, layout.activities), rank: row.rank, score: row.score))
        }
        return IndexLite.Conversion(document: document.documentValue, layout: layout, unknownRows: unknownRows)
    }
}

extension UInt8 {
    /// Space, tab, carriage return or line feed.
    fileprivate var isBlank: Bool { self == 0x20 || self == 0x09 || self == 0x0D || self == 0x0A }
}
