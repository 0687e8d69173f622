import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore

/// Reads typed members of a JSON object that came from elsewhere. `null` counts as absent; a value of another type is
/// refused rather than lost.
struct ImportMembers {
    let node: JSONNode

    init(_ node: JSONNode) { self.node = node }

    /// The member, unless it is absent or `null`.
    subscript(name: JSONText) -> JSONNode? { node[name].flatMap { $0.isNull ? nil : $0 } }

    func text(_ name: JSONText) throws(ImportFailure) -> String? {
        guard let member = self[name] else { return nil }
        guard let text = member.string else { throw ImportFailure(.malformed, "\(name) is no text") }
        return text
    }

    /// A number of things or milliseconds, a fraction rounded.
    func count(_ name: JSONText) throws(ImportFailure) -> Int? {
        guard let member = self[name] else { return nil }
        guard let number = member.number, (0...9_007_199_254_740_992).contains(number),
            let count = Int(exactly: number.rounded())
        else {
            throw ImportFailure(.malformed, "\(name) is no number from 0 to 2^53")
        }
        return count
    }

    /// RFC 3339 with any offset, cut to milliseconds.
    func moment(_ name: JSONText) throws(ImportFailure) -> Timestamp? {
        guard let text = try text(name) else { return nil }
        guard let moment = Timestamp(rfc3339: text) else {
            throw ImportFailure(.malformed, "\(name) is no time with an offset: write 2025-11-01T04:15:00Z")
        }
        return moment
    }

    func board(_ name: JSONText) throws(ImportFailure) -> Board? {
        guard let text = try text(name) else { return nil }
        guard let board = Board(name: text) else {
            let known = Board.allCases.map(\.rawValue).joined(separator: ", ")
            throw ImportFailure(.malformed, "\(name) is no board (\(known))")
        }
        return board
    }

    func id(_ name: JSONText) throws(ImportFailure) -> ObjectID? {
        guard let text = try text(name) else { return nil }
        guard let id = ObjectID(hex: text) else {
            throw ImportFailure(.malformed, "\(name) is no id of 64 hex digits")
        }
        return id
    }

    func texts(_ name: JSONText) throws(ImportFailure) -> [String]? {
        guard let member = self[name] else { return nil }
        let texts = member.elements.map(\.string)
        guard member.kind == .array, !texts.contains(nil) else {
            throw ImportFailure(.malformed, "\(name) is no list of texts")
        }
        return texts.compactMap(\.self)
    }
}

extension Evidence {
    /// The evidence that stands in an object under the names of the log: what `members` below writes.
    init(_ members: ImportMembers) throws(ImportFailure) {
        self.init(
            httpStatus: try members.count("http_status"), latencyMilliseconds: try members.count("latency_ms"),
            attempt: try members.count("attempt"), error: try members.text("error"),
            redirect: try members.text("redirect"), source: try members.text("source"),
            agent: try members.text("agent"), run: try members.text("run"),
            provenance: try members.texts("provenance") ?? [], suspicions: try members.texts("suspicions") ?? [])
        switch try members.text("clock") {
        case nil: clockIsSet = false
        case "set": clockIsSet = true
        default: throw ImportFailure(.malformed, "clock is neither set nor null")
        }
    }

    /// Its members under the names of the log, `null` where unknown; the kept body apart.
    var members: [JSONMember] {
        [
            JSONMember("http_status", .integerOrNull(httpStatus)),
            JSONMember("latency_ms", .integerOrNull(latencyMilliseconds)),
            JSONMember("attempt", .integerOrNull(attempt)), JSONMember("error", .textOrNull(error)),
            JSONMember("redirect", .textOrNull(redirect)), JSONMember("source", .textOrNull(source)),
            JSONMember("agent", .textOrNull(agent)), JSONMember("run", .textOrNull(run)),
            JSONMember("clock", clockIsSet ? .text("set") : .null),
            JSONMember("provenance", .array(provenance.map(JSONValue.text))),
            JSONMember("suspicions", .array(suspicions.map(JSONValue.text))),
        ]
    }
}

extension JSONValue {
    /// A string, or `null`.
    static func textOrNull(_ text: String?) -> JSONValue { text.map(JSONValue.text) ?? .null }

    /// A whole number, or `null`.
    static func integerOrNull(_ number: Int?) -> JSONValue { number.map { .integer($0) } ?? .null }
}
