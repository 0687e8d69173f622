import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore

/// Why bytes are no record.
public enum RecordFormatError: Error, Hashable, Sendable {
    /// The bytes are no canonical JSON, or a member is missing or has a value that cannot be; the text says which.
    case malformed(String)
    /// The record is of a kind that this version does not know.
    case unknownKind(String)
}

/// A record as canonical JSON (docs/FORMAT.md, "Records"). Members that are unknown are left out; moments are
/// integers, milliseconds since the Unix epoch in UTC; ids are 64 lower-case hex digits.
///
/// A record has one form and one SHA-256.
public enum RecordFormat {
    /// The largest record in bytes.
    public static let limit = 64 << 10

    /// The largest free text (a display name, an error, a redirect) in UTF-8 bytes; longer ones are cut on encoding.
    public static let textLimit = 2 << 10

    /// The canonical JSON of a record. Throws `malformed` for one that `decode` would refuse.
    public static func encode(_ record: Record) throws(RecordFormatError) -> [UInt8] {
        let bytes =
            switch record {
            case .observation(let observation): try checkedBytes(of: observation)
            case .tag(let tag): try bytes(of: encode(tag))
            case .rename(let link): try bytes(of: encode(link))
            case .tombstone(let tombstone): try bytes(of: encode(tombstone))
            case .loss(let loss): try bytes(of: encode(loss))
            }
        guard bytes.count <= limit else { throw .malformed("a record of \(bytes.count) bytes is over \(limit)") }
        return bytes
    }

    private static func bytes(of value: JSONValue) throws(RecordFormatError) -> [UInt8] {
        do { return try value.canonicalBytes() } catch { throw .malformed("\(error)") }
    }

    /// The record with this canonical JSON, which came from a checked frame: members that this version does not know
    /// are passed over. With `checkingForm`, bytes that are not canonical JSON are refused.
    public static func decode(_ bytes: [UInt8], checkingForm: Bool = false) throws(RecordFormatError) -> Record {
        guard bytes.count <= limit else { throw .malformed("a record of \(bytes.count) bytes is over \(limit)") }
        let root: JSONNode
        do throws(JSONError) {
            root = try JSONDocument(parsing: bytes).root
            if checkingForm, try root.canonicalBytes() != bytes {
                throw JSONError(.syntax, offset: 0, detail: "not canonical")
            }
        } catch {
            throw .malformed("\(error)")
        }
        var members = RecordMembers(root, of: bytes)
        let kind = try members.text("kind")
        switch kind {
        case "observation": return .observation(try decodeObservation(&members))
        case "tag": return .tag(try decodeTag(&members))
        case "rename": return .rename(try decodeRename(&members))
        case "tombstone": return .tombstone(try decodeTombstone(&members))
        case "loss": return .loss(try decodeLoss(&members))
        default: throw .unknownKind(kind)
        }
    }
}

// MARK: - Tags, renames, tombstones and losses

extension RecordFormat {
    private static func encode(_ tag: Tag) -> JSONValue {
        var object = JSONObjectBuilder()
        object["kind"] = .text("tag")
        object["name"] = .text(tag.name)
        object["recorded_at"] = .integer(tag.recordedAt.millisecondsSinceEpoch)
        object["snapshot"] = tag.target.map { .text($0.snapshot.hex) }
        if let sighting = tag.target?.sighting {
            object["board"] = .text(sighting.board.rawValue)
            object["player"] = .text(sighting.player.key)
            object["captured_at"] = .integer(sighting.capturedAt.millisecondsSinceEpoch)
        }
        return object.value
    }

    private static func decodeTag(_ members: inout RecordMembers) throws(RecordFormatError) -> Tag {
        var tag = Tag(name: try members.text("name"), recordedAt: try members.moment("recorded_at"), target: nil)
        if let snapshot = try members.optionalID("snapshot") {
            var sighting: Moment.Sighting?
            if members.value("player") != nil {
                sighting = Moment.Sighting(
                    board: try members.board("board"), player: try members.player("player"),
                    capturedAt: try members.moment("captured_at"))
            }
            tag.target = Moment(snapshot: snapshot, sighting: sighting)
        }
        return tag
    }

    private static func encode(_ link: RenameLink) -> JSONValue {
        var object = JSONObjectBuilder()
        object["kind"] = .text("rename")
        object["from"] = .text(link.from.key)
        object["to"] = .text(link.to.key)
        object["effective_at"] = .integer(link.effectiveAt.millisecondsSinceEpoch)
        object["recorded_at"] = .integer(link.recordedAt.millisecondsSinceEpoch)
        object["undone"] = .bool(link.isUndone)
        return object.value
    }

    private static func decodeRename(_ members: inout RecordMembers) throws(RecordFormatError) -> RenameLink {
        guard let isUndone = members.value("undone")?.bool else { throw .malformed("it lacks undone") }
        return RenameLink(
            from: try members.player("from"), to: try members.player("to"),
            effectiveAt: try members.moment("effective_at"), recordedAt: try members.moment("recorded_at"),
            isUndone: isUndone)
    }

    private static func encode(_ tombstone: Tombstone) -> JSONValue {
        var object = JSONObjectBuilder()
        object["kind"] = .text("tombstone")
        object["player"] = .text(tombstone.player.key)
        object["board"] = tombstone.board.map { .text($0.rawValue) }
        object["captured_at"] = tombstone.capturedAt.map { .integer($0.millisecondsSinceEpoch) }
        object["count"] = .integer(tombstone.count)
        object["reason"] = .text(tombstone.reason)
        object["recorded_at"] = .integer(tombstone.recordedAt.millisecondsSinceEpoch)
        return object.value
    }

    private static func decodeTombstone(_ members: inout RecordMembers) throws(RecordFormatError) -> Tombstone {
        Tombstone(
            player: try members.player("player"),
            board: members.value("board") == nil ? nil : try members.board("board"),
            capturedAt: members.value("captured_at") == nil ? nil : try members.moment("captured_at"),
            count: try members.count("count"), reason: try members.text("reason"),
            recordedAt: try members.moment("recorded_at"))
    }

    private static func encode(_ loss: Loss) -> JSONValue {
        var object = JSONObjectBuilder()
        object["kind"] = .text("loss")
        object["player"] = loss.player.map { .text($0.key) }
        object["board"] = loss.board.map { .text($0.rawValue) }
        object["from"] = loss.from.map { .integer($0.millisecondsSinceEpoch) }
        object["to"] = loss.to.map { .integer($0.millisecondsSinceEpoch) }
        object["count"] = .integer(loss.count)
        object["forgotten"] = loss.forgotten == 0 ? nil : .integer(loss.forgotten)
        object["reason"] = .text(loss.reason)
        object["recorded_at"] = .integer(loss.recordedAt.millisecondsSinceEpoch)
        return object.value
    }

    private static func decodeLoss(_ members: inout RecordMembers) throws(RecordFormatError) -> Loss {
        func moment(_ name: String, _ members: inout RecordMembers) throws(RecordFormatError) -> Timestamp? {
            members.value(name) == nil ? nil : try members.moment(name)
        }
        let affected = Affected(
            player: members.value("player") == nil ? nil : try members.player("player"),
            board: members.value("board") == nil ? nil : try members.board("board"),
            from: try moment("from", &members), to: try moment("to", &members))
        return Loss(
            affected, count: try members.count("count"), forgotten: try members.optionalCount("forgotten") ?? 0,
            reason: try members.text("reason"), recordedAt: try members.moment("recorded_at"))
    }
}
