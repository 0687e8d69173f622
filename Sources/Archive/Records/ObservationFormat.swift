import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore

/// Observations as canonical JSON, part of `RecordFormat`. Nearly every record is one, so they are written straight as
/// bytes: the members stand below in canonical order, those that are unknown are left out.
extension RecordFormat {
    /// Refuses what `decode` would refuse: what is committed must be readable for ever.
    static func checkedBytes(of observation: Observation) throws(RecordFormatError) -> [UInt8] {
        let evidence = observation.evidence
        let counts = [evidence.httpStatus, evidence.latencyMilliseconds, evidence.attempt, evidence.body?.bytes]
        guard counts.allSatisfy({ (0...1 << 53).contains($0 ?? 0) }) else {
            throw .malformed("a count of it is not from 0 to 2^53")
        }
        guard hasItsIDs(observation) else { throw .malformed("exactly what was served has a snapshot") }
        return bytes(of: observation)
    }

    static func bytes(of observation: Observation) -> [UInt8] {
        let evidence = observation.evidence
        var output: [UInt8] = []
        // What a captured observation takes; longer texts grow it.
        output.reserveCapacity(640)
        // The board is always there, so what comes before it ends with a comma and what comes after begins with one.
        output.append(UInt8(ascii: "{"))
        if let agent = evidence.agent {
            append(#""agent":"#, text: agent, to: &output)
            output.append(UInt8(ascii: ","))
        }
        if let attempt = evidence.attempt {
            append(#""attempt":"#, integer: Int64(attempt), to: &output)
            output.append(UInt8(ascii: ","))
        }
        append(#""board":"#, text: observation.board.rawValue, to: &output)
        if let body = evidence.body { append(body, to: &output) }
        append(#","captured_at":"#, integer: observation.capturedAt.millisecondsSinceEpoch, to: &output)
        if evidence.clockIsSet { output.append(contentsOf: #","clock":"set""#.utf8) }
        append(#","display_name":"#, text: observation.displayName, to: &output)
        append(#","error":"#, text: evidence.error, to: &output)
        append(#","http_status":"#, integer: evidence.httpStatus.map(Int64.init), to: &output)
        output.append(contentsOf: #","kind":"observation""#.utf8)
        append(#","latency_ms":"#, integer: evidence.latencyMilliseconds.map(Int64.init), to: &output)
        append(#","player":"#, whole: observation.player.key, to: &output)
        append(#","progress":"#, id: observation.progress, to: &output)
        append(#","provenance":"#, texts: evidence.provenance, to: &output)
        append(#","redirect":"#, text: evidence.redirect, to: &output)
        append(#","result":"#, text: observation.result.rawValue, to: &output)
        append(#","run":"#, text: evidence.run, to: &output)
        append(#","snapshot":"#, id: observation.snapshot, to: &output)
        append(#","source":"#, text: evidence.source, to: &output)
        append(#","suspicions":"#, texts: evidence.suspicions, to: &output)
        output.append(UInt8(ascii: "}"))
        return output
    }

    private static func append(_ body: AnswerBody, to output: inout [UInt8]) {
        append(#","body":{"bytes":"#, integer: Int64(body.bytes), to: &output)
        append(#","content_type":"#, text: body.contentType, to: &output)
        append(#","id":"#, id: body.id, to: &output)
        output.append(contentsOf: (body.isKept ? #","kept":true}"# : #","kept":false}"#).utf8)
    }

    /// Appends a member with a list of texts; nothing for an empty one.
    private static func append(_ name: String, texts: [String], to output: inout [UInt8]) {
        guard !texts.isEmpty else { return }
        output.append(contentsOf: name.utf8)
        for (index, word) in texts.enumerated() {
            output.append(index == 0 ? UInt8(ascii: "[") : UInt8(ascii: ","))
            CanonicalText.append(word, to: &output)
        }
        output.append(UInt8(ascii: "]"))
    }

    /// Appends a member with a text that is cut where it is too long; nothing for nil.
    private static func append(_ name: String, text: String?, to output: inout [UInt8]) {
        guard let text else { return }
        append(name, whole: bounded(text), to: &output)
    }

    private static func append(_ name: String, whole text: String, to output: inout [UInt8]) {
        output.append(contentsOf: name.utf8)
        CanonicalText.append(text, to: &output)
    }

    private static func append(_ name: String, integer: Int64?, to output: inout [UInt8]) {
        guard let integer else { return }
        output.append(contentsOf: name.utf8)
        CanonicalText.append(integer, to: &output)
    }

    private static func append(_ name: String, id: ObjectID?, to output: inout [UInt8]) {
        guard let id else { return }
        output.append(contentsOf: name.utf8)
        output.append(UInt8(ascii: "\""))
        id.appendHex(to: &output)
        output.append(UInt8(ascii: "\""))
    }

    /// A text of at most `textLimit` bytes, cut between characters.
    private static func bounded(_ text: String) -> String {
        guard text.utf8.count > textLimit else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: textLimit)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }
}

extension RecordFormat {
    /// Asks for the members in canonical order, in which each is found at once.
    static func decodeObservation(_ members: inout RecordMembers) throws(RecordFormatError) -> Observation {
        var evidence = Evidence()
        evidence.agent = members.optionalText("agent")
        evidence.attempt = try members.optionalCount("attempt")
        let board = try members.board("board")
        if var body = members.nested("body") { evidence.body = try decodeBody(&body) }
        let capturedAt = try members.moment("captured_at")
        evidence.clockIsSet = members.optionalText("clock") == "set"
        let displayName = members.optionalText("display_name")
        evidence.error = members.optionalText("error")
        evidence.httpStatus = try members.optionalCount("http_status")
        evidence.latencyMilliseconds = try members.optionalCount("latency_ms")
        let player = try members.player("player")
        let progress = try members.optionalID("progress")
        evidence.provenance = members.value("provenance")?.elements.compactMap(\.string) ?? []
        evidence.redirect = members.optionalText("redirect")
        guard let result = Observation.Result(rawValue: try members.text("result")) else {
            throw .malformed("its result is unknown")
        }
        evidence.run = members.optionalText("run")
        let snapshot = try members.optionalID("snapshot")
        evidence.source = members.optionalText("source")
        evidence.suspicions = members.value("suspicions")?.elements.compactMap(\.string) ?? []
        let observation = Observation(
            board: board, player: player, displayName: displayName, capturedAt: capturedAt, result: result,
            snapshot: snapshot, progress: progress, evidence: evidence)
        guard hasItsIDs(observation) else { throw .malformed("exactly what was served has a snapshot") }
        return observation
    }

    /// Whether both ids are there where a snapshot was served, and neither otherwise.
    private static func hasItsIDs(_ observation: Observation) -> Bool {
        let isServed = observation.result.isServed
        return (observation.snapshot != nil) == isServed && (observation.progress != nil) == isServed
    }

    private static func decodeBody(_ body: inout RecordMembers) throws(RecordFormatError) -> AnswerBody {
        let bytes = try body.count("bytes")
        let contentType = body.optionalText("content_type")
        let id = try body.id("id")
        guard let kept = body.value("kept")?.bool else { throw .malformed("its body lacks kept") }
        return AnswerBody(contentType: contentType, bytes: bytes, id: id, isKept: kept)
    }
}
