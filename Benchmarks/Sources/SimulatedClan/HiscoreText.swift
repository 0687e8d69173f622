import CanonicalJSON
import Hiscores

/// Writes documents as the service does, byte for byte what `documentValue.compactBytes()` gives, many times as fast:
/// the text between the numbers is prepared once a row and used as long as the row at that place keeps name and number.
/// For whole numbers below 2^53 in magnitude, beyond any that the game has.
struct HiscoreText {
    private var skills = RowTexts()
    private var activities = RowTexts()

    /// Appends the text of a document.
    mutating func append(_ document: HiscoreDocument, to text: inout [UInt8]) {
        let start = text.count
        if !appendPlainly(document, to: &text) {
            text.removeSubrange(start...)
            text += document.documentValue.compactBytes()
        }
    }

    /// Whether the document is one of full rows, all that players of the simulator have. Where it is not, `text` holds
    /// a part of it.
    private mutating func appendPlainly(_ document: HiscoreDocument, to text: inout [UInt8]) -> Bool {
        guard let name = document.name, document.extra.isEmpty else { return false }
        text += #"{"name":"#.utf8
        text += JSONValue.text(name).compactBytes()
        text += #","skills":["#.utf8
        for (index, row) in document.skills.enumerated() {
            guard let id = row.id, let rank = row.rank, let level = row.level, let xp = row.xp, row.extra.isEmpty
            else { return false }
            skills.append(index, id: id, name: row.name, to: &text)
            text.append(decimal: rank)
            text += #","level":"#.utf8
            text.append(decimal: level)
            text += #","xp":"#.utf8
            text.append(decimal: xp)
            text.append(UInt8(ascii: "}"))
        }
        text += #"],"activities":["#.utf8
        for (index, row) in document.activities.enumerated() {
            guard let id = row.id, let rank = row.rank, let score = row.score, row.extra.isEmpty else { return false }
            activities.append(index, id: id, name: row.name, to: &text)
            text.append(decimal: rank)
            text += #","score":"#.utf8
            text.append(decimal: score)
            text.append(UInt8(ascii: "}"))
        }
        text += "]}".utf8
        return true
    }
}

/// The beginnings of rows, up to the first number that changes: `,{"id":1,"name":"Attack","rank":`.
private struct RowTexts {
    private var rows: [(id: Int64, name: String, text: [UInt8])] = []

    mutating func append(_ index: Int, id: Int64, name: String, to text: inout [UInt8]) {
        if index == rows.count { rows.append((id, name, Self.beginning(index, id, name))) }
        if rows[index].id != id || rows[index].name != name {
            rows[index] = (id, name, Self.beginning(index, id, name))
        }
        text += rows[index].text
    }

    private static func beginning(_ index: Int, _ id: Int64, _ name: String) -> [UInt8] {
        Array(#"\#(index == 0 ? "" : ","){"id":\#(id),"name":"#.utf8) + JSONValue.text(name).compactBytes()
            + Array(#","rank":"#.utf8)
    }
}

extension [UInt8] {
    /// Appends a number in decimal digits.
    fileprivate mutating func append(decimal value: Int64) {
        if value < 0 { append(UInt8(ascii: "-")) }
        let first = count
        var rest = value.magnitude
        repeat {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        var (left, right) = (first, count - 1)
        while left < right {
            swapAt(left, right)
            (left, right) = (left + 1, right - 1)
        }
    }
}
