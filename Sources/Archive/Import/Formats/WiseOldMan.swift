import CanonicalJSON
import CivilTime
import Hiscores

/// Snapshots as the API of Wise Old Man gives them (wise-old-man/wise-old-man, server/src/api/responses): a player with
/// its `latestSnapshot`, one snapshot, or a page of them.
///
/// The document has the rows that Wise Old Man tells, under the service's names and in the order of the catalogue; -1
/// stays -1. Rows have no `id` and the document no `name`, since the snapshot has none: so a snapshot has one id whether
/// it came in a page or with its player. A metric that the catalogue does not know stands last under the name that Wise
/// Old Man has for it. Efficiency and other computed values are left out: they can be computed again.
enum WiseOldMan {
    /// The name of the service, as the source of what came from it.
    static let source = "wiseoldman.net"

    /// When a player was not ranked in a skill, snapshots of these days may hold the experience of the one before
    /// (wise-old-man/wise-old-man#1489 of 2024-03-22, taken back by #1834 of 2025-12-26).
    private static let imputingDays = (first: Timestamp(date: "2024-03-22"), last: Timestamp(date: "2025-12-26"))

    /// Whether a JSON value has the shape of a snapshot.
    static func isSnapshot(_ node: JSONNode) -> Bool {
        node["createdAt"] != nil && node["data"]?.kind == .object && node["metadata"] == nil
    }

    /// The snapshots of a body, each with the failure where it is none.
    static func decode(
        _ root: JSONNode, _ options: ImportOptions, _ builder: ObservationBuilder
    ) -> [Result<ImportedObservation, ImportFailure>] {
        if root.kind == .array {
            var number = 0
            return root.elements.map { element in
                number += 1
                let context = "snapshot \(number)"
                return Result { () throws(ImportFailure) in
                    do throws(ImportFailure) {
                        return try decode(snapshot: element, player: nil, type: nil, options, builder)
                    } catch {
                        // What no snapshot of the page says is told of the page.
                        guard error.code != .needsPlaceAndTime else { throw error }
                        throw ImportFailure(error.code, "\(context): \(error.reason)")
                    }
                }
            }
        }
        return [Result { () throws(ImportFailure) in try decode(body: root, options, builder) }]
    }

    private static func decode(
        body root: JSONNode, _ options: ImportOptions, _ builder: ObservationBuilder
    ) throws(ImportFailure) -> ImportedObservation {
        guard let latest = root["latestSnapshot"] else {
            return try decode(snapshot: root, player: nil, type: nil, options, builder)
        }
        let members = ImportMembers(root)
        guard !latest.isNull else { throw ImportFailure(.notASnapshot, "the player has no snapshot yet") }
        var player = try members.text("displayName")
        if player == nil { player = try members.text("username") }
        return try decode(snapshot: latest, player: player, type: try members.text("type"), options, builder)
    }

    private static func decode(
        snapshot node: JSONNode, player: String?, type: String?, _ options: ImportOptions,
        _ builder: ObservationBuilder
    ) throws(ImportFailure) -> ImportedObservation {
        let members = ImportMembers(node)
        guard let data = members["data"], data.kind == .object else {
            throw ImportFailure(.notASnapshot, "it has no data")
        }
        let board = options.board ?? type.flatMap(board(ofType:))
        let place = try ImportPlace(
            player: player, board: board, capturedAt: try members.moment("createdAt"),
            or: options)
        let skills = try rows(data["skills"], value: "experience", as: "xp", withLevel: true)
        var activities = try rows(data["activities"], value: "score", as: "score")
        activities += try rows(data["bosses"], value: "kills", as: "score")
        guard !skills.isEmpty || !activities.isEmpty else { throw ImportFailure(.notASnapshot, "it has no rows") }
        let document = JSONValue.object([
            JSONMember("skills", .array(inOrder(skills))), JSONMember("activities", .array(inOrder(activities))),
        ])
        var evidence = Evidence(source: source, provenance: ["derived"])
        if let (first, last) = imputingWindow, first <= place.capturedAt, place.capturedAt <= last {
            evidence.provenance.append("imputed")
        }
        return try builder.snapshot(document, at: place, displayName: player, evidence: evidence)
    }

    private static var imputingWindow: (Timestamp, Timestamp)? {
        guard let first = imputingDays.first, let last = imputingDays.last else { return nil }
        return (first, last.endOfDay)
    }

    /// The board that Wise Old Man asks for a type of account (server/src/services/jagex.service.ts,
    /// `getBaseHiscoresUrl`).
    private static func board(ofType type: String) -> Board? {
        switch type {
        case "unknown", "regular": .main
        case "ironman": .ironman
        case "hardcore": .hardcoreIronman
        case "ultimate": .ultimate
        default: nil
        }
    }

    private static func rows(
        _ group: JSONNode?, value: JSONText, as name: JSONText, withLevel: Bool = false
    ) throws(ImportFailure) -> [(metric: Metric?, row: JSONValue)] {
        var rows: [(metric: Metric?, row: JSONValue)] = []
        guard let group else { return rows }
        for member in group.members {
            let identifier = member.name.string
            let metric = Metric.wiseOldMan(identifier)
            var row = [JSONMember("name", .text(metric?.name ?? identifier))]
            for (from, to) in [("rank", "rank"), ("level", withLevel ? "level" : nil), (value, name)]
                as [(JSONText, JSONText?)]
            {
                guard let to, let node = member.value[from], !node.isNull else { continue }
                guard let number = node.integer else {
                    throw ImportFailure(.malformed, "\(from) of \(identifier) is no whole number")
                }
                row.append(JSONMember(to, .integer(number)))
            }
            rows.append((metric, .object(row)))
        }
        return rows
    }

    private static func inOrder(_ rows: [(metric: Metric?, row: JSONValue)]) -> [JSONValue] {
        rows.enumerated()
            .map { ($0.element.metric.flatMap { places[$0.name] } ?? places.count, $0.offset, $0.element.row) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .map(\.2)
    }

    private static let places = Dictionary(
        uniqueKeysWithValues: Metric.all.enumerated().map { ($0.element.name, $0.offset) })
}
