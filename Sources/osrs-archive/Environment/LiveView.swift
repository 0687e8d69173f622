import Archive
import Capture
import CivilTime
import Hiscores
import HiscoresClient
import Reporting

/// The picture of a run on a terminal, drawn anew as things happen.
final class LiveView {
    /// How often it is drawn in real time; nil where nobody sees it.
    let pulse: Duration?

    private let targets: [CaptureTarget]
    private let engine: CaptureEngine
    private let context: CommandContext
    /// How the targets ended that are done.
    private var ended: [CaptureTarget: LiveTable.State] = [:]
    /// How the last attempt of the others failed.
    private var failures: [CaptureTarget: Outcome] = [:]
    private var drawnAt: Duration?
    private let machineClock = SystemClock()

    init(_ rounds: [AccountRound], _ engine: CaptureEngine, _ context: CommandContext) {
        targets = rounds.flatMap(\.targets)
        (self.engine, self.context) = (engine, context)
        pulse = context.output.showsProgress ? .milliseconds(200) : nil
    }

    /// Takes in what arrived, if anything did, and draws.
    func show(after arrival: CaptureArrival?) {
        guard let pulse else { return }
        if let arrival { note(arrival) }
        let now = machineClock.elapsed()
        if let drawnAt, now < drawnAt + pulse { return }
        drawnAt = now
        context.output.picture(table())
    }

    private func note(_ arrival: CaptureArrival) {
        let outcome = arrival.failure
        failures[arrival.target] = outcome
        ended[arrival.target] = arrival.ending == nil ? nil : outcome.map { .failed($0) } ?? .answered
    }

    private func table() -> LiveTable {
        let (now, places) = engine.places
        let unfinished = Dictionary(places.map { ($0.target, $0) }) { first, _ in first }
        let rows = targets.map { target in
            let name = "\(target.board.rawValue)/\(target.player.key)"
            return LiveTable.Row(place: name, state: state(of: target, unfinished[target], now))
        }
        let left = targets.count - ended.count
        let seconds = Double(left) / max(context.pacePerSecond, 1e-6)
        return LiveTable(
            rows: rows, pace: context.pacePerSecond, millisecondsLeft: Int64(min(seconds * 1000, 1e15)))
    }

    private func state(of target: CaptureTarget, _ place: CaptureQueue.Place?, _ now: Duration) -> LiveTable.State {
        guard let place else { return ended[target] ?? .waiting }
        guard let due = place.due else { return .asking(attempt: max(1, place.requests)) }
        guard let outcome = failures[target] else { return .waiting }
        return .again(milliseconds: max(0, (due - now).roundedUpToMilliseconds), after: outcome)
    }
}

extension CaptureArrival {
    /// How it failed; nil for an answer that is a snapshot.
    fileprivate var failure: Outcome? {
        let answer: Answer
        switch content {
        case .answer(let given): answer = given
        case .nothing(_, let isThrottled): return isThrottled ? .throttled : .unavailable
        }
        return switch answer.outcome {
        case .ok: nil
        case .notFound: .notFound
        case .unavailable: .unavailable
        case .throttled: .throttled
        case .invalid: .invalid
        }
    }
}
