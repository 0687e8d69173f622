import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore

/// A line of JSONL: one observation with its document (docs/FORMAT.md, "Exported lines").
///
/// What other programs write needs `player`, `board`, `captured_at` and either `body` (the JSON answer) or `csv` (an
/// `index_lite.ws` text). What `export` writes has every member of an observation, `null` where unknown:
/// `{"schema":1,"player","display_name","board","captured_at","result","snapshot","progress","http_status",
/// "latency_ms","attempt","error","redirect","source","agent","run","clock","provenance","suspicions",
/// "answer":{"content_type","bytes","id","kept"},"body_base64","body"}`. `body` is the document in canonical form,
/// `body_base64` the kept bytes of an answer that is no snapshot (RFC 4648, section 4). An id that a line gives must be
/// that of what it carries.
enum ObservationLine {
    /// Whether a JSON object looks like a line of ours, whole or not.
    static func isOne(_ root: JSONNode) -> Bool {
        root["captured_at"] != nil || root["body"] != nil || root["csv"] != nil || root["result"] != nil
    }

    // MARK: Reading

    /// The observation of a line.
    static func decode(
        _ line: [UInt8], _ options: ImportOptions, _ builder: ObservationBuilder
    ) throws(ImportFailure) -> ImportedObservation {
        if let (root, body) = split(line, builder) {
            return try decode(root, options, builder) { place, displayName, evidence throws(ImportFailure) in
                builder.snapshot(body, in: line, at: place, displayName: displayName, evidence: evidence)
            }
        }
        let root: JSONNode
        do { root = try JSONDocument(parsing: line).root } catch { throw ImportFailure(.malformed, "\(error)") }
        guard root.kind == .object else { throw ImportFailure(.malformed, "the line is no JSON object") }
        return try decode(root, options, builder) { place, displayName, evidence throws(ImportFailure) in
            guard let body = ImportMembers(root)["body"] else {
                throw ImportFailure(.notASnapshot, "the line has neither body nor csv")
            }
            let imported = try builder.snapshot(body, at: place, displayName: displayName, evidence: evidence)
            builder.learn(line[body.byteRange])
            return imported
        }
    }

    /// How far into a line its body is looked for.
    private static let searchLimit = 4096
    private static let bodyLabel = Array(#""body":"#.utf8)

    /// A line whose body is like one that was learned: the line with a 0 in the body's place, and the body. Nil where the
    /// whole line must be parsed.
    ///
    /// What was learned is JSON, so the line is JSON exactly where it is with another value in that place.
    private static func split(
        _ line: [UInt8], _ builder: ObservationBuilder
    ) -> (root: JSONNode, body: DocumentShape.Reading)? {
        guard let start = bodyStart(line), let body = builder.document(in: line, from: start) else { return nil }
        var rest: [UInt8] = []
        rest.reserveCapacity(start + 1 + line.count - body.end)
        rest += line[..<start]
        rest.append(UInt8(ascii: "0"))
        rest += line[body.end...]
        guard let root = try? JSONDocument(parsing: rest).root, let member = root[bodyName],
            member.byteRange == start..<start + 1, root[csvName] == nil
        else { return nil }
        if let result = root[resultName], !result.isNull, result.string != Observation.Result.ok.rawValue { return nil }
        return (root, body)
    }

    private static let bodyName: JSONText = "body"
    private static let csvName: JSONText = "csv"
    private static let resultName: JSONText = "result"

    /// Behind the first `"body":` before an object.
    private static func bodyStart(_ line: [UInt8]) -> Int? {
        let (text, label) = (line.span, bodyLabel.span)
        var index = 0
        let limit = min(text.count - label.count, searchLimit)
        while index < limit {
            if text[index] == label[0], text[index + 1] == label[1], text[index + 2] == label[2],
                text[index + 3] == label[3], text[index + 4] == label[4], text[index + 5] == label[5],
                text[index + 6] == label[6], text[index + 7] == UInt8(ascii: "{")
            {
                return index + label.count
            }
            index += 1
        }
        return nil
    }

    /// The observation of a line that is parsed; `snapshot` makes the one of its body.
    private static func decode(
        _ root: JSONNode, _ options: ImportOptions, _ builder: ObservationBuilder,
        snapshot: (ImportPlace, String?, Evidence) throws(ImportFailure) -> ImportedObservation
    ) throws(ImportFailure) -> ImportedObservation {
        let members = ImportMembers(root)
        let place = try ImportPlace(
            player: try members.text("player"), board: try members.board("board"),
            capturedAt: try members.moment("captured_at"), or: options)
        guard let result = Observation.Result(rawValue: try members.text("result") ?? Observation.Result.ok.rawValue)
        else {
            let known = Observation.Result.allCases.map(\.rawValue).joined(separator: ", ")
            throw ImportFailure(.malformed, "result is none of \(known)")
        }
        let evidence = try Evidence(members)
        let displayName = try members.text("display_name")
        if result == .ranksOnly { return try decodeRanksOnly(members, place, displayName, evidence) }
        guard result == .ok else {
            return try decodeFailure(members, result, place, displayName, evidence, builder)
        }
        var imported: ImportedObservation
        if let csv = members["csv"] {
            guard let text = csv.text else { throw ImportFailure(.malformed, "csv is no text") }
            imported = try builder.snapshot(
                indexLite: text.utf8, at: place, displayName: displayName, evidence: evidence)
        } else {
            imported = try snapshot(place, displayName, evidence)
        }
        let observation = imported.observation
        guard try members.id("snapshot") ?? observation.snapshot == observation.snapshot,
            try members.id("progress") ?? observation.progress == observation.progress
        else { throw ImportFailure(.damaged, "the document does not have the id that the line gives it") }
        if isExported(members) { imported.observation.displayName = displayName }
        return imported
    }

    /// Whether the line has all members, so that `null` means unknown and nothing is to be filled in.
    private static func isExported(_ members: ImportMembers) -> Bool { members["schema"] != nil }

    /// An observation whose document is declared absent: what the line says of it cannot be checked.
    private static func decodeRanksOnly(
        _ members: ImportMembers, _ place: ImportPlace, _ displayName: String?, _ evidence: Evidence
    ) throws(ImportFailure) -> ImportedObservation {
        guard ["body", "csv", "body_base64", "answer"].allSatisfy({ members[$0] == nil }) else {
            throw ImportFailure(.malformed, "a line of result ranks_only carries a document")
        }
        guard let snapshot = try members.id("snapshot"), let progress = try members.id("progress") else {
            throw ImportFailure(.malformed, "a line of result ranks_only lacks snapshot or progress")
        }
        return ImportedObservation(
            observation: Observation(
                board: place.board, player: place.player,
                displayName: displayName ?? (isExported(members) ? nil : place.spelling),
                capturedAt: place.capturedAt, result: .ranksOnly, snapshot: snapshot, progress: progress,
                evidence: evidence),
            document: nil)
    }

    private static func decodeFailure(
        _ members: ImportMembers, _ result: Observation.Result, _ place: ImportPlace, _ displayName: String?,
        _ evidence: Evidence, _ builder: ObservationBuilder
    ) throws(ImportFailure) -> ImportedObservation {
        guard members["body"] == nil, members["csv"] == nil, members["snapshot"] == nil, members["progress"] == nil
        else { throw ImportFailure(.malformed, "a line of result \(result.rawValue) carries a snapshot") }
        var evidence = evidence
        var document: [UInt8]?
        if let text = try members.text("body_base64") {
            guard let bytes = Base64.bytes(text) else {
                throw ImportFailure(.malformed, "body_base64 is no base64")
            }
            guard bytes.count <= LooseObjectFormat.documentLimit else {
                throw ImportFailure(
                    .tooLarge, "a body of \(bytes.count) bytes is over \(LooseObjectFormat.documentLimit)")
            }
            document = bytes
        }
        if let node = members["answer"] {
            let answer = ImportMembers(node)
            guard let bytes = try answer.count("bytes"), let id = try answer.id("id") else {
                throw ImportFailure(.malformed, "answer lacks bytes or id")
            }
            guard document.map({ builder.id(of: $0) == id && $0.count == bytes }) ?? true else {
                throw ImportFailure(.damaged, "body_base64 does not have the id that the line gives it")
            }
            guard answer["kept"]?.bool != true || document != nil else {
                throw ImportFailure(.damaged, "the line lacks the body that it says is kept")
            }
            evidence.body = AnswerBody(
                contentType: try answer.text("content_type"), bytes: bytes, id: id, isKept: document != nil)
        } else if let document {
            evidence.body = AnswerBody(
                contentType: nil, bytes: document.count, id: builder.id(of: document), isKept: true)
        }
        let observation = Observation(
            board: place.board, player: place.player,
            displayName: displayName ?? (isExported(members) ? nil : place.spelling),
            capturedAt: place.capturedAt, result: result, evidence: evidence)
        return ImportedObservation(
            observation: observation, document: document.flatMap { PreparedDocument($0, of: observation) })
    }

    // MARK: Writing

    /// The line of an observation, with its line feed. `document` is what the archive keeps for it, if anything.
    static func encode(_ observation: Observation, document: [UInt8]?) -> [UInt8] {
        var members = [
            JSONMember("schema", .integer(1)), JSONMember("player", .text(observation.player.key)),
            JSONMember("display_name", .textOrNull(observation.displayName)),
            JSONMember("board", .text(observation.board.rawValue)),
            JSONMember("captured_at", .text(observation.capturedAt.description)),
            JSONMember("result", .text(observation.result.rawValue)),
            JSONMember("snapshot", .textOrNull(observation.snapshot?.hex)),
            JSONMember("progress", .textOrNull(observation.progress?.hex)),
        ]
        members += observation.evidence.members
        members.append(JSONMember("answer", observation.evidence.body.map(encode) ?? .null))
        let isSnapshot = observation.result == .ok
        let kept = isSnapshot ? nil : document.map(Base64.text)
        members.append(JSONMember("body_base64", .textOrNull(kept)))
        var line = JSONValue.object(members).compactBytes()
        // The document goes in as it is: its bytes are its identity.
        line.removeLast()
        line += ",\"body\":".utf8
        if isSnapshot, let document { line += document } else { line += "null".utf8 }
        line += "}\n".utf8
        return line
    }

    private static func encode(_ body: AnswerBody) -> JSONValue {
        .object([
            JSONMember("content_type", .textOrNull(body.contentType)), JSONMember("bytes", .integer(body.bytes)),
            JSONMember("id", .text(body.id.hex)), JSONMember("kept", .bool(body.isKept)),
        ])
    }
}
