import CanonicalJSON
import CivilTime
import Hiscores

/// The table that `export --format csv` writes.
enum ObservationTable {
    /// The first line.
    static let header = Array("captured_at,player,board,section,name,rank,level,value\n".utf8)

    /// The lines of one observation.
    static func rows(of observation: Observation, _ document: HiscoreDocument) -> [UInt8] {
        let key = Array(
            [observation.capturedAt.description, observation.player.key, observation.board.rawValue]
                .map(field).joined(separator: [UInt8(ascii: ",")]))
        var text: [UInt8] = []
        for row in document.skills {
            append(key, "skills", row.name, [row.rank, row.level, row.xp], to: &text)
        }
        for row in document.activities {
            append(key, "activities", row.name, [row.rank, nil, row.score], to: &text)
        }
        return text
    }

    private static func append(
        _ key: [UInt8], _ section: String, _ name: String, _ numbers: [ServedNumber], to text: inout [UInt8]
    ) {
        text += key
        text += ",\(section),".utf8
        text += field(name)
        for number in numbers {
            text.append(UInt8(ascii: ","))
            if let number { text += String(number).utf8 }
        }
        text.append(UInt8(ascii: "\n"))
    }

    /// A field, in quotes where it has a comma, a quote or a line break (RFC 4180, section 2). By bytes: to Swift a
    /// quote with a combining mark behind it is another character than a quote.
    private static func field(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        let quote = UInt8(ascii: "\"")
        guard bytes.contains(where: { $0 == quote || $0 == UInt8(ascii: ",") || $0 == 0x0A || $0 == 0x0D }) else {
            return bytes
        }
        return [quote] + bytes.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
    }
}

extension HiscoreDocument {
    /// The view of a document's bytes, or nil where they are none.
    init?(parsing bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes) else { return nil }
        self.init(value)
    }
}
