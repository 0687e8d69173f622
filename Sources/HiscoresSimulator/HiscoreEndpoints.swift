import CanonicalJSON
import CivilTime
import Hiscores
import SimulatedPlayers

/// The paths of the official service: `/m=hiscore_oldschool…/index_lite.json` and `index_lite.ws`.
struct HiscoreEndpoints {
    let service: SimulatedService

    /// The answer to a request, once its delay has passed, or nil for a path that is not of the hiscores.
    ///
    /// `sleep` waits for so many milliseconds; `nanoseconds` is the time of arrival on a clock that never goes back.
    func answer(
        path: String, query: Query, arrivedAt nanoseconds: Int64, sleep: (Int64) async -> Void
    ) async -> Answer? {
        if path == Answer.mainPagePath { return .mainPage }
        guard let (board, form) = Self.target(of: path) else { return nil }
        guard let name = PlayerName(normalising: query["player"] ?? "") else { return .notFound }
        let reception = service.receive(name, on: board, at: nanoseconds)
        var answer = answer(for: name, on: board, as: form, at: reception.now)
        if let fault = reception.fault { answer = answer.struck(by: fault) }
        if answer.delayMilliseconds > 0 { await sleep(answer.delayMilliseconds) }
        service.finish(reception, status: answer.status)
        return answer
    }

    private enum Form {
        case json
        case separatedValues
    }

    private func answer(for name: PlayerName, on board: Board, as form: Form, at now: Timestamp) -> Answer {
        guard let player = service.player(name) else { return .notFound }
        switch form {
        case .json:
            return player.document(board: board, at: now).map { .json($0.compactBytes()) } ?? .notFound
        case .separatedValues:
            return player.separatedValues(board: board, at: now).map { Answer(200, "text/plain", $0) } ?? .notFound
        }
    }

    private static func target(of path: String) -> (board: Board, form: Form)? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty, parts[1].hasPrefix("m="),
            let board = Board.allCases.first(where: { $0.servicePath == parts[1].dropFirst(2) })
        else { return nil }
        switch parts[2] {
        case "index_lite.json": return (board, .json)
        case "index_lite.ws": return (board, .separatedValues)
        default: return nil
        }
    }
}
