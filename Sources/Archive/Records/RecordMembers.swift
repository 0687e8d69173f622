import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore

/// Collects the members of a JSON object; setting nil leaves a member out.
struct JSONObjectBuilder {
    private var members: [JSONMember] = []

    subscript(name: JSONText) -> JSONValue? {
        get { members.first { $0.name == name }?.value }
        set { if let newValue { members.append(JSONMember(name, newValue)) } }
    }

    var value: JSONValue { .object(members) }
}

/// Reads typed members of a record's JSON object: cheapest in the order of the text, and without a text for any name.
struct RecordMembers {
    private let source: [UInt8]
    private let members: [(name: Range<Int>, value: JSONNode)]
    /// Where the next lookup begins: after the member that was found last.
    private var next = 0

    /// The members of a node of a document that was parsed from `source`.
    init(_ node: JSONNode, of source: [UInt8]) {
        self.source = source
        members = node.members.map { ($0.nameRange, $0.value) }
    }

    /// The value of a member, or nil. Names are compared as they stand: their canonical form has no escapes.
    mutating func value(_ name: String) -> JSONNode? {
        let name = name.utf8.span
        for distance in 0..<members.count {
            let index = next + distance < members.count ? next + distance : next + distance - members.count
            if isEqual(members[index].name, name) {
                next = index + 1
                return members[index].value
            }
        }
        return nil
    }

    private func isEqual(_ range: Range<Int>, _ name: Span<UInt8>) -> Bool {
        guard range.count == name.count else { return false }
        for index in name.indices where source[range.lowerBound + index] != name[index] { return false }
        return true
    }

    mutating func text(_ name: String) throws(RecordFormatError) -> String {
        guard let text = optionalText(name) else { throw .malformed("it lacks \(name)") }
        return text
    }

    mutating func optionalText(_ name: String) -> String? { value(name)?.string }

    mutating func count(_ name: String) throws(RecordFormatError) -> Int {
        guard let count = try optionalCount(name) else { throw .malformed("it lacks \(name)") }
        return count
    }

    mutating func optionalCount(_ name: String) throws(RecordFormatError) -> Int? {
        guard let value = value(name) else { return nil }
        guard let number = value.integer, number >= 0 else { throw .malformed("it lacks \(name)") }
        return Int(number)
    }

    mutating func moment(_ name: String) throws(RecordFormatError) -> Timestamp {
        guard let number = value(name)?.integer, let moment = Timestamp(millisecondsSinceEpoch: number) else {
            throw .malformed("\(name) is no moment")
        }
        return moment
    }

    mutating func id(_ name: String) throws(RecordFormatError) -> ObjectID {
        guard let id = try optionalID(name) else { throw .malformed("it lacks \(name)") }
        return id
    }

    mutating func optionalID(_ name: String) throws(RecordFormatError) -> ObjectID? {
        guard let value = value(name) else { return nil }
        let text = value.byteRange
        guard value.kind == .string,
            // Between the quotes; digits need no escapes.
            let id = ObjectID(hex: source.span.extracting(text.lowerBound + 1..<text.upperBound - 1))
        else { throw .malformed("\(name) is no id") }
        return id
    }

    mutating func board(_ name: String) throws(RecordFormatError) -> Board {
        guard let board = Board(rawValue: try text(name)) else { throw .malformed("\(name) is no board") }
        return board
    }

    mutating func player(_ name: String) throws(RecordFormatError) -> PlayerName {
        guard let player = PlayerName(normalising: try text(name)) else { throw .malformed("\(name) is no player") }
        return player
    }

    mutating func nested(_ name: String) -> RecordMembers? {
        value(name).map { [source] in RecordMembers($0, of: source) }
    }
}
