import Archive
public import CivilTime
import Hiscores
import HiscoresClient

/// The accounts that are being captured: hands their boards to the engine, one after the other, and what arrives to the
/// recorder. One thread at a time.
public final class AccountRounds {
    private let engine: CaptureEngine
    private let recorder: CaptureRecorder
    /// The waits before a player whom a board listed at the last look, and now answers 404 for, is asked about again.
    private let secondLooks: [Duration]
    private var rounds: [PlayerName: [AccountRound]] = [:]
    /// How often a target was asked about again after a 404.
    private var looks: [CaptureTarget: Int] = [:]

    /// Nobody yet. `secondLooks` are the waits before a 404 that may be a lie is asked about again.
    public init(engine: CaptureEngine, recorder: CaptureRecorder, secondLooks: [Duration]) {
        (self.engine, self.recorder, self.secondLooks) = (engine, recorder, secondLooks)
    }

    /// Accounts that are not finished.
    public var unfinished: Int { rounds.values.reduce(0) { $0 + $1.count } }

    /// Whether an account is being captured.
    public func contains(_ account: CaptureAccount) -> Bool {
        rounds[account.player]?.contains { $0.account.key == account.key } ?? false
    }

    /// Begins a round; boards that could not be asked by `deadline` are given up. An account that is being asked about
    /// goes on as it is. Throws where the system gives no thread to send requests.
    public func begin(_ round: AccountRound, by deadline: Timestamp? = nil) throws(LocalFailure) {
        guard !contains(round.account) else { return }
        var round = round
        round.deadline = deadline
        for target in round.targets { recorder.keep(round.account.ranks, of: target) }
        rounds[round.account.player, default: []].append(round)
        try engine.add(round.target, by: deadline)
    }

    /// Hands what arrived to the recorder; gives the round that is finished by it, nil where none is. Throws
    /// `LocalFailure` where nothing could be sent, and `ArchiveError` where the archive cannot be read.
    public func take(_ arrival: CaptureArrival) throws -> AccountRound? {
        var arrival = arrival
        if case .answer(let answer) = arrival.content {
            if case .failure(let error) = answer.response, error.isLocal {
                throw LocalFailure(target: arrival.target, description: error.description)
            }
            if answer.outcome == .notFound, try looksAgain(arrival) { arrival.ending = nil }
        }
        recorder.add(arrival)
        guard let ending = arrival.ending, ending != .interrupted else { return nil }
        looks[arrival.target] = nil
        return try goOn(from: arrival)
    }

    /// The service says 404 of listed players at times. Whether one whom the board listed at the last look is asked
    /// about again.
    private func looksAgain(_ arrival: CaptureArrival) throws -> Bool {
        let look = looks[arrival.target] ?? 0
        guard arrival.ending != nil, look < secondLooks.count, !engine.isStopped,
            try look > 0 || recorder.wasListed(arrival.target, at: arrival.moment)
        else { return false }
        let deadline = rounds[arrival.target.player]?.first { $0.target == arrival.target }?.deadline
        // Beyond that the next interval brings the next look.
        let next = arrival.moment.advanced(byMilliseconds: secondLooks[look].roundedUpToMilliseconds)
        if let deadline, next >= deadline { return false }
        looks[arrival.target] = look + 1
        try engine.add(
            arrival.target, after: secondLooks[look], by: deadline, requestsBefore: arrival.attempts)
        return true
    }

    /// Asks the next board of the round that waited for this one; gives the round where that was its last.
    private func goOn(from arrival: CaptureArrival) throws(LocalFailure) -> AccountRound? {
        let player = arrival.target.player
        guard var waiting = rounds[player], let index = waiting.firstIndex(where: { $0.target == arrival.target })
        else { return nil }
        let isLast = !waiting[index].moveOn(after: arrival.testimony)
        if isLast || engine.isStopped {
            let finished = waiting.remove(at: index)
            rounds[player] = waiting.isEmpty ? nil : waiting
            return isLast ? finished : nil
        }
        rounds[player] = waiting
        try engine.add(waiting[index].target, by: waiting[index].deadline)
        return nil
    }
}

extension CaptureArrival {
    /// What it tells of the account's type.
    var testimony: BoardTestimony {
        guard case .answer(let answer) = content else { return .unknown }
        switch answer.outcome {
        case .ok(let served): return BoardTestimony(.ok, document: served.canonical)
        case .notFound: return .notListed
        case .unavailable, .throttled, .invalid: return .unknown
        }
    }
}
