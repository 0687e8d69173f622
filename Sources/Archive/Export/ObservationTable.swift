import CanonicalJSON
import CivilTime
import Hiscores

/// The table that `export --format csv` writes.
enum ObservationTable {
    /// The first line.
    static let header = Array("captured_at,player,board,section,name,rank,level,value\n".utf8)

    /// The lines of one observation.
    static func rows(of observation: Observation, _ document: HiscoreDocument) -> [UInt8] {
        let key = [observation.capturedAt.description, observation.player.key, observation.board.rawValue]
            .map(field).joined(separator: ",")
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
        _ key: String, _ section: String, _ name: String, _ numbers: [ServedNumber], to text: inout [UInt8]
    ) {
        text += "\(key),\(section),\(field(name))".utf8
        for number in numbers {
            text.append(UInt8(ascii: ","))
            if let number { text += String(number).utf8 }
        }
        text.append(UInt8(ascii: "\n"))
    }

    /// A field, in quotes where it has a comma, a quote or a line break (RFC 4180, section 2).
    private static func field(_ text: String) -> String {
        guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
        return "\"" + text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

extension HiscoreDocument {
    /// The view of a document's bytes, or nil where they are none.
    init?(parsing bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes) else { return nil }
        self.init(value)
    }
}
