import CanonicalJSON
import CivilTime
import Hiscores
import SimulatedPlayers

/// The paths under `/_simulator/`, by which scripts steer the service. All are GET with query parameters and answer
/// JSON; what they do not understand is answered 400 with an `error` and changes nothing.
///
/// - `now[?time=TIME[&factor=F]]`: shows, or sets, the simulated time. TIME is RFC 3339 or a bare date; F is how many
///   milliseconds pass in one, 1 where left out; with 0 the time stands still.
/// - `players[?add=NAME:KIND[:START]]…`: shows the names, after adding some.
/// - `faults[?kind=KIND[&player=NAME][&board=BOARD][&count=N][&from=TIME][&until=TIME][&delay=MS][&retry_after=S]
///   [&bytes=N]]`: shows the rules, after adding one. Without `count` it strikes until cleared.
/// - `faults/mix?rate=R[&kinds=KIND,KIND…][&seed=N][&delay=MS][&retry_after=S][&bytes=N]`: spreads faults by chance;
///   rate 0 ends that.
/// - `faults/clear`: lifts all rules and the mix.
/// - `statistics[?reset=true]`: shows the counts, then starts anew where asked to.
struct ControlEndpoints {
    let service: SimulatedService

    /// Where they lie.
    static let prefix = "/_simulator/"

    /// The answer to a request, or nil for a path that lies elsewhere.
    func answer(path: String, query: Query) -> Answer? {
        guard path.hasPrefix(Self.prefix) else { return nil }
        do throws(Refusal) {
            return .json(try result(of: String(path.dropFirst(Self.prefix.count)), query).compactBytes())
        } catch {
            let body = JSONValue.object([JSONMember("error", .text(error.reason))])
            return Answer(400, "application/json", body.compactBytes())
        }
    }

    /// Why a control request was not obeyed.
    private struct Refusal: Error {
        var reason: String
    }

    private static let measures: Set = ["delay", "retry_after", "bytes"]

    private func result(of action: String, _ query: Query) throws(Refusal) -> JSONValue {
        switch action {
        case "now":
            try check(query, allows: ["time", "factor"])
            if let time = query["time"] { try setClock(time, factor: query["factor"] ?? "1") }
            return .object([JSONMember("now", .text(service.now.description))])
        case "players":
            try check(query, allows: ["add"])
            let players = query.values("add")
            for text in players where SimulatedPlayer(parsing: text, seed: 0) == nil {
                throw Refusal(reason: "add=\(text): expected NAME:KIND[:START]")
            }
            for text in players { _ = service.addPlayer(parsing: text) }
            return .object([JSONMember("players", .array(service.playerNames.map { .text($0.key) }))])
        case "faults":
            try check(query, allows: Self.measures.union(["kind", "player", "board", "count", "from", "until"]))
            if let kind = query["kind"] { service.add(try rule(kind, query)) }
            return .object([JSONMember("faults", .array(service.rules.map(Self.json)))])
        case "faults/mix":
            try check(query, allows: Self.measures.union(["rate", "kinds", "seed"]))
            let mix = try mix(query)
            service.setFaultMix(mix.rate > 0 ? mix : nil)
            return .object([JSONMember("rate", .number(mix.rate))])
        case "faults/clear":
            try check(query, allows: [])
            service.clearFaults()
            return .object([JSONMember("faults", .array([]))])
        case "statistics":
            try check(query, allows: ["reset"])
            let statistics = service.statistics
            if query["reset"] == "true" { service.resetStatistics() }
            return statistics.json
        default:
            throw Refusal(reason: "\(action): expected now, players, faults, faults/mix, faults/clear or statistics")
        }
    }

    private func check(_ query: Query, allows names: Set<String>) throws(Refusal) {
        if let name = query.names(besides: names).first { throw Refusal(reason: "\(name): no such parameter here") }
    }

    private func setClock(_ time: String, factor: String) throws(Refusal) {
        if factor == "0" {
            service.setClock(ManualClock(try moment("time", time)))
        } else if let clock = SetClock(setting: "\(time)x\(factor)") {
            service.setClock(clock)
        } else {
            throw Refusal(reason: "time=\(time)&factor=\(factor): expected RFC 3339 or a date, and 0 to 10000000")
        }
    }

    private func rule(_ kind: String, _ query: Query) throws(Refusal) -> FaultRule {
        var rule = FaultRule(try fault(kind, query))
        if let text = query["player"] {
            guard let player = PlayerName(normalising: text) else { throw Refusal(reason: "player: expected a name") }
            rule.player = player
        }
        if let text = query["board"] {
            guard let board = Board(rawValue: text) else { throw Refusal(reason: "board=\(text): no such board") }
            rule.board = board
        }
        rule.remaining = try number("count", query, 0...Int.max)
        if let text = query["from"] { rule.from = try moment("from", text) }
        if let text = query["until"] { rule.until = try moment("until", text) }
        return rule
    }

    private func mix(_ query: Query) throws(Refusal) -> FaultMix {
        let text = query["rate"] ?? ""
        guard let rate = Double(text), rate >= 0, rate <= 1 else {
            throw Refusal(reason: "rate=\(text): expected a number from 0 to 1")
        }
        var mix = FaultMix(rate: rate)
        if let seed = try number("seed", query, 0...Int.max) { mix.seed = UInt64(seed) }
        let kinds = query["kinds"]?.split(separator: ",").map { String($0) } ?? FaultKind.allCases.map(\.rawValue)
        mix.faults = []
        for kind in kinds { mix.faults.append(try fault(kind, query, delay: 100)) }
        return mix
    }

    private func fault(_ kind: String, _ query: Query, delay: Int64? = nil) throws(Refusal) -> Fault {
        guard let kind = FaultKind(rawValue: kind) else {
            let kinds = FaultKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw Refusal(reason: "\(kind): expected one of \(kinds)")
        }
        var fault = Fault(kind)
        if let delay { fault.delayMilliseconds = delay }
        if let delay = try number("delay", query, 0...3_600_000) { fault.delayMilliseconds = Int64(delay) }
        if let seconds = try number("retry_after", query, 0...86_400) { fault.retryAfterSeconds = seconds }
        if let bytes = try number("bytes", query, 0...(256 << 20)) { fault.bodyBytes = bytes }
        return fault
    }

    private func number(_ name: String, _ query: Query, _ range: ClosedRange<Int>) throws(Refusal) -> Int? {
        guard let text = query[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw Refusal(reason: "\(name)=\(text): expected a whole number from \(range.lowerBound)")
        }
        return number
    }

    private func moment(_ name: String, _ text: String) throws(Refusal) -> Timestamp {
        guard let moment = Timestamp(rfc3339: text) ?? Timestamp(date: text) else {
            throw Refusal(reason: "\(name)=\(text): expected RFC 3339 or a date")
        }
        return moment
    }

    private static func json(_ rule: FaultRule) -> JSONValue {
        var members = [JSONMember("kind", .text(rule.fault.kind.rawValue))]
        if let player = rule.player { members.append(JSONMember("player", .text(player.key))) }
        if let board = rule.board { members.append(JSONMember("board", .text(board.rawValue))) }
        if let remaining = rule.remaining { members.append(JSONMember("count", .integer(remaining))) }
        if let from = rule.from { members.append(JSONMember("from", .text(from.description))) }
        if let until = rule.until { members.append(JSONMember("until", .text(until.description))) }
        return .object(members)
    }
}
