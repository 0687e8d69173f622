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

    /// The canonical JSON of a record.
    public static func encode(_ record: Record) throws(RecordFormatError) -> [UInt8] {
        let value =
            switch record {
            case .observation(let observation): encode(observation)
            case .tag(let tag): encode(tag)
            case .rename(let link): encode(link)
            case .tombstone(let tombstone): encode(tombstone)
            }
        let bytes: [UInt8]
        do { bytes = try value.canonicalBytes() } catch { throw .malformed("\(error)") }
        guard bytes.count <= limit else { throw .malformed("a record of \(bytes.count) bytes is over \(limit)") }
        return bytes
    }

    /// The record with this canonical JSON, which came from a checked frame: members that this version does not know
    /// are passed over. `decodeExactly` is for bytes from anywhere else. With `checkingForm`, bytes that are not
    /// canonical JSON are refused.
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
        let members = RecordMembers(root)
        let kind = try members.text("kind")
        switch kind {
        case "observation": return .observation(try decodeObservation(members))
        case "tag": return .tag(try decodeTag(members))
        case "rename": return .rename(try decodeRename(members))
        case "tombstone": return .tombstone(try decodeTombstone(members))
        default: throw .unknownKind(kind)
        }
    }

    /// The record with exactly these bytes: what encoding it again would not give is refused.
    public static func decodeExactly(_ bytes: [UInt8]) throws(RecordFormatError) -> Record {
        let record = try decode(bytes)
        guard try encode(record) == bytes else { throw .malformed("it is not in canonical form, or has more members") }
        return record
    }
}

// MARK: - Observations

extension RecordFormat {
    private static func encode(_ observation: Observation) -> JSONValue {
        let evidence = observation.evidence
        var object = JSONObjectBuilder()
        object["kind"] = .text("observation")
        object["board"] = .text(observation.board.rawValue)
        object["player"] = .text(observation.player.key)
        object["display_name"] = observation.displayName.map(bounded)
        object["captured_at"] = .integer(observation.capturedAt.millisecondsSinceEpoch)
        object["result"] = .text(observation.result.rawValue)
        object["snapshot"] = observation.snapshot.map { .text($0.hex) }
        object["progress"] = observation.progress.map { .text($0.hex) }
        object["http_status"] = evidence.httpStatus.map { .integer($0) }
        object["latency_ms"] = evidence.latencyMilliseconds.map { .integer($0) }
        object["attempt"] = evidence.attempt.map { .integer($0) }
        object["error"] = evidence.error.map(bounded)
        object["redirect"] = evidence.redirect.map(bounded)
        object["source"] = evidence.source.map(bounded)
        object["agent"] = evidence.agent.map(bounded)
        object["run"] = evidence.run.map(bounded)
        object["clock"] = evidence.clockIsSet ? .text("set") : nil
        object["body"] = evidence.body.map(encode)
        object["provenance"] = evidence.provenance.isEmpty ? nil : .array(evidence.provenance.map(JSONValue.text))
        return object.value
    }

    /// A text of at most `textLimit` bytes, cut between characters.
    private static func bounded(_ text: String) -> JSONValue {
        guard text.utf8.count > textLimit else { return .text(text) }
        var end = text.utf8.index(text.startIndex, offsetBy: textLimit)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return .text(String(text[..<end]))
    }

    private static func encode(_ body: AnswerBody) -> JSONValue {
        var object = JSONObjectBuilder()
        object["content_type"] = body.contentType.map(bounded)
        object["bytes"] = .integer(body.bytes)
        object["id"] = .text(body.id.hex)
        object["kept"] = .bool(body.isKept)
        return object.value
    }

    private static func decodeObservation(_ members: RecordMembers) throws(RecordFormatError) -> Observation {
        guard let result = Observation.Result(rawValue: try members.text("result")) else {
            throw .malformed("its result is unknown")
        }
        var evidence = Evidence(
            httpStatus: try members.optionalCount("http_status"),
            latencyMilliseconds: try members.optionalCount("latency_ms"),
            attempt: try members.optionalCount("attempt"),
            error: members.optionalText("error"), redirect: members.optionalText("redirect"),
            source: members.optionalText("source"), agent: members.optionalText("agent"),
            run: members.optionalText("run"), clockIsSet: members.optionalText("clock") == "set")
        if let body = members.nested("body") {
            guard let kept = body.node["kept"]?.bool else { throw .malformed("its body lacks kept") }
            evidence.body = AnswerBody(
                contentType: body.optionalText("content_type"), bytes: try body.count("bytes"), id: try body.id("id"),
                isKept: kept)
        }
        evidence.provenance = members.node["provenance"]?.elements.compactMap(\.string) ?? []
        let observation = Observation(
            board: try members.board("board"), player: try members.player("player"),
            displayName: members.optionalText("display_name"), capturedAt: try members.moment("captured_at"),
            result: result, snapshot: try members.optionalID("snapshot"), progress: try members.optionalID("progress"),
            evidence: evidence)
        guard (observation.snapshot != nil) == (result == .ok), (observation.progress != nil) == (result == .ok) else {
            throw .malformed("exactly an ok observation has a snapshot")
        }
        return observation
    }
}

// MARK: - Tags, renames and tombstones

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

    private static func decodeTag(_ members: RecordMembers) throws(RecordFormatError) -> Tag {
        var tag = Tag(name: try members.text("name"), recordedAt: try members.moment("recorded_at"), target: nil)
        if let snapshot = try members.optionalID("snapshot") {
            var sighting: Moment.Sighting?
            if members.node["player"] != nil {
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

    private static func decodeRename(_ members: RecordMembers) throws(RecordFormatError) -> RenameLink {
        guard let isUndone = members.node["undone"]?.bool else { throw .malformed("it lacks undone") }
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

    private static func decodeTombstone(_ members: RecordMembers) throws(RecordFormatError) -> Tombstone {
        Tombstone(
            player: try members.player("player"),
            board: members.node["board"] == nil ? nil : try members.board("board"),
            capturedAt: members.node["captured_at"] == nil ? nil : try members.moment("captured_at"),
            count: try members.count("count"), reason: try members.text("reason"),
            recordedAt: try members.moment("recorded_at"))
    }
}
