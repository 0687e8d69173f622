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

/// Reads typed members of a record's JSON object.
struct RecordMembers {
    let node: JSONNode

    init(_ node: JSONNode) { self.node = node }

    func text(_ name: JSONText) throws(RecordFormatError) -> String {
        guard let text = node[name]?.string else { throw .malformed("it lacks \(name)") }
        return text
    }

    func optionalText(_ name: JSONText) -> String? { node[name]?.string }

    func count(_ name: JSONText) throws(RecordFormatError) -> Int {
        guard let number = node[name]?.integer, number >= 0 else { throw .malformed("it lacks \(name)") }
        return Int(number)
    }

    func optionalCount(_ name: JSONText) throws(RecordFormatError) -> Int? {
        node[name] == nil ? nil : try count(name)
    }

    func moment(_ name: JSONText) throws(RecordFormatError) -> Timestamp {
        guard let number = node[name]?.integer, let moment = Timestamp(millisecondsSinceEpoch: number) else {
            throw .malformed("\(name) is no moment")
        }
        return moment
    }

    func id(_ name: JSONText) throws(RecordFormatError) -> ObjectID {
        guard let id = ObjectID(hex: try text(name)) else { throw .malformed("\(name) is no id") }
        return id
    }

    func optionalID(_ name: JSONText) throws(RecordFormatError) -> ObjectID? {
        node[name] == nil ? nil : try id(name)
    }

    func board(_ name: JSONText) throws(RecordFormatError) -> Board {
        guard let board = Board(rawValue: try text(name)) else { throw .malformed("\(name) is no board") }
        return board
    }

    func player(_ name: JSONText) throws(RecordFormatError) -> PlayerName {
        guard let player = PlayerName(normalising: try text(name)) else { throw .malformed("\(name) is no player") }
        return player
    }

    func nested(_ name: JSONText) -> RecordMembers? { node[name].map(RecordMembers.init) }
}
