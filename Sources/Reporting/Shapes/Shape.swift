public import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore

/// The form that every answer under `--json` has: an object that begins with `"schema":1`, whose members are always all
/// present and in the order of the command-line contract, `null` where something is unknown.
public enum Shape {
    /// The version of all shapes.
    static let schema = 1

    /// An object of these members behind the schema.
    static func object(_ members: [JSONMember]) -> JSONValue {
        .object([JSONMember("schema", .integer(schema))] + members)
    }

    /// One line of output: the shape on one line (NDJSON where there are many), a line feed at its end.
    public static func line(_ shape: JSONValue) -> [UInt8] { shape.compactBytes() + [0x0A] }
}

/// Values that may be unknown.
extension JSONValue {
    static func text(_ value: String?) -> JSONValue { value.map { .text($0) } ?? .null }

    static func integer(_ value: (some BinaryInteger)?) -> JSONValue { value.map { .integer($0) } ?? .null }

    static func time(_ value: Timestamp?) -> JSONValue { .text(value?.description) }

    static func id(_ value: ObjectID?) -> JSONValue { .text(value?.hex) }

    static func board(_ value: Board?) -> JSONValue { .text(value?.rawValue) }

    static func player(_ value: PlayerName?) -> JSONValue { .text(value?.key) }

    static func texts(_ values: [String]) -> JSONValue { .array(values.map { .text($0) }) }
}
