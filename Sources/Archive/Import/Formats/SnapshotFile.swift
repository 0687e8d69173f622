import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore

/// A snapshot file of the earlier Python tool, `data/snapshots/<player>/<YYYYMMDD_HHMMSS>.json`
/// (paxocial/osrs_hiscore_pull, agents/osrs_snapshot_agent.py), in both of its forms and in the one that `export`
/// writes.
///
/// Schema 1.1: `metadata{schema_version, snapshot_id, player, requested_mode, resolved_mode, fetched_at,
/// fetched_at_unix, endpoint, latency_ms, agent_version}`, `data` (the answer, every negative number as null), `delta`.
/// The first form: `metadata{player, mode, fetched_at, endpoint}`, `data` as served. `export` writes schema 1.1 with
/// `data` as served, and the evidence that schema 1.1 has no place for as further members of `metadata`.
enum SnapshotFile {
    /// What `metadata.agent_version` is the version of.
    static let agent = "osrs-snapshot-agent"

    /// Whether a JSON value has the shape of such a file.
    static func isOne(_ root: JSONNode) -> Bool { root["metadata"]?.kind == .object && root["data"] != nil }

    // MARK: Reading

    /// The observation of a file. The document is `data` exactly as it stands; schema 1.1 lost its negative numbers
    /// before it was written, and is marked `nulled`. The board is the one that answered; `snapshot_id`, by which the
    /// tool's log and reports know the capture, becomes the run.
    static func decode(
        _ root: JSONNode, _ options: ImportOptions, _ builder: ObservationBuilder
    ) throws(ImportFailure) -> ImportedObservation {
        guard let metadata = root["metadata"].map(ImportMembers.init), let data = root["data"] else {
            throw ImportFailure(.malformed, "it lacks metadata or data")
        }
        var board: Board?
        for name: JSONText in ["resolved_mode", "requested_mode", "mode"] where board == nil {
            // What was asked for may have been `auto`, which is no board.
            guard try metadata.text(name)?.lowercased().hasPrefix("auto") == false else { continue }
            board = try metadata.board(name)
        }
        let place = try ImportPlace(
            player: try metadata.text("player"), board: board, capturedAt: try metadata.moment("fetched_at"),
            or: options)
        var evidence = try Evidence(metadata)
        evidence.source = try metadata.text("endpoint")
        evidence.agent = try metadata.text("agent_version").map { $0.contains("/") ? $0 : "\(agent)/\($0)" }
        if metadata.node["run"] == nil { evidence.run = try metadata.text("snapshot_id") }
        if metadata["provenance"] == nil, metadata["schema_version"] != nil { evidence.provenance = ["nulled"] }
        return try builder.snapshot(
            data, at: place, displayName: try metadata.text("display_name"), evidence: evidence)
    }

    // MARK: Writing

    /// The file of an ok observation with its document, indented by 2, and `previous`, the document before it on the
    /// same board, for the delta.
    static func encode(
        _ observation: Observation, document: [UInt8], previous: HiscoreDocument?
    ) throws(JSONError) -> [UInt8] {
        let data = try JSONValue(parsing: document)
        let delta = HiscoreDocument(data).flatMap { current in
            previous.map { SnapshotDelta(from: $0, to: current).value }
        }
        let file = JSONValue.object([
            JSONMember("metadata", metadata(of: observation)), JSONMember("data", data),
            JSONMember("delta", delta ?? .null),
        ])
        return file.indentedBytes() + "\n".utf8
    }

    private static func metadata(of observation: Observation) -> JSONValue {
        let evidence = observation.evidence
        // The served name may be another than the one asked for; reading the file again must find the same player.
        let served = observation.displayName.flatMap { PlayerName(normalising: $0) == observation.player ? $0 : nil }
        let player = served ?? observation.player.key
        let fetchedAt = isoFormat(observation.capturedAt)
        let ownID = evidence.agent?.hasPrefix(agent) == true ? evidence.run : nil
        let snapshotID = ownID ?? NameBasedUUID.text(url: "osrs:\(player):\(fetchedAt)")
        let mode = JSONValue.text(mode(of: observation.board))
        var members = [
            JSONMember("schema_version", .text("1.1")), JSONMember("snapshot_id", .text(snapshotID)),
            JSONMember("player", .text(player)), JSONMember("requested_mode", mode),
            JSONMember("resolved_mode", mode), JSONMember("fetched_at", .text(fetchedAt)),
            JSONMember("fetched_at_unix", .integer(unixSeconds(observation.capturedAt))),
            JSONMember("endpoint", .textOrNull(evidence.source)),
            JSONMember("latency_ms", .integerOrNull(evidence.latencyMilliseconds)),
            JSONMember("agent_version", .textOrNull(evidence.agent)),
            JSONMember("display_name", .textOrNull(observation.displayName)),
        ]
        members += evidence.members.filter { !["latency_ms", "source", "agent"].contains($0.name) }
        return .object(members)
    }

    /// The earlier tool's key of a board.
    private static func mode(of board: Board) -> String {
        board == .hardcoreIronman ? "hardcore" : board.rawValue
    }

    /// As Python's `datetime.isoformat` has it: microseconds, left out where they are zero.
    private static func isoFormat(_ moment: Timestamp) -> String {
        let text = moment.description.dropLast()
        return text.hasSuffix(".000") ? "\(text.dropLast(4))+00:00" : "\(text)000+00:00"
    }

    private static func unixSeconds(_ moment: Timestamp) -> Int64 {
        (moment.millisecondsSinceEpoch - Int64(moment.fields.millisecond)) / 1000
    }
}
