import CivilTime
import HiscoresClient
import Threads

/// What the threads of an engine share: the queue, what arrived, and who waits for what.
final class CaptureWork: Sendable {
    private struct State: Sendable {
        var queue: CaptureQueue
        /// What the consumer has not taken yet.
        var arrivals: [CaptureArrival] = []
        var threads = 0
        /// When it was stopped, by the machine's clock.
        var stoppedAt: Duration?
        var isClosed = false

        var isEnding: Bool { stoppedAt != nil || isClosed }
    }

    /// So many arrivals that nobody takes hold the threads up, which bounds the memory.
    private static let arrivalLimit = 512

    private let monitor: Monitor<State>
    /// Signalled whenever the state changes.
    private let change = Condition()
    private let clock: any WallClock
    /// What real time is told by.
    private let machineClock = SystemClock()
    private let staysOpen: Bool
    private let makeClient: @Sendable () -> HiscoresClient

    init(
        policy: CapturePolicy, clock: any WallClock, staysOpen: Bool,
        makeClient: @escaping @Sendable () -> HiscoresClient
    ) {
        self.staysOpen = staysOpen
        monitor = Monitor(State(queue: CaptureQueue(policy)))
        (self.clock, self.makeClient) = (clock, makeClient)
    }

    var isStopped: Bool { monitor.withLock { $0.stoppedAt != nil } }

    var places: (now: Duration, places: [CaptureQueue.Place]) {
        monitor.withLock { (clock.elapsed(), $0.queue.places) }
    }

    var isIdle: Bool { monitor.withLock { $0.queue.count == 0 && $0.arrivals.isEmpty } }

    var unfinished: Int { monitor.withLock { $0.queue.count } }

    /// Adds a target, and a thread where none is free; false where the system gives no thread at all.
    func add(
        _ target: CaptureTarget, after delay: Duration, by deadline: Timestamp?, requestsBefore: Int
    ) -> Bool {
        let canWork = monitor.withLock { state in
            let (now, moment) = (clock.elapsed(), clock.now())
            state.queue.add(
                target, at: now, after: delay,
                by: deadline.map { now + .milliseconds($0.milliseconds(since: moment)) }, requestsBefore: requestsBefore
            )
            startThreadIfNeeded(&state)
            return state.threads > 0 || state.isEnding
        }
        change.broadcast()
        return canWork
    }

    /// Starts a thread where all others are busy and there is work for one more. Each has a connection of its own, so no
    /// more are started than the weather asks for.
    private func startThreadIfNeeded(_ state: inout State) {
        guard !state.isEnding, state.threads <= state.queue.inFlight, state.threads < CaptureQueue.mostInFlight,
            state.queue.count > state.queue.inFlight, startDetachedThread({ self.sendRequests() })
        else { return }
        state.threads += 1
    }

    func stop() -> Bool {
        let isFirst = monitor.withLock { state in
            defer { state.stoppedAt = state.stoppedAt ?? machineClock.elapsed() }
            return state.stoppedAt == nil
        }
        change.broadcast()
        return isFirst
    }

    /// Lets the threads end.
    func close() {
        monitor.withLock { $0.isClosed = true }
        change.broadcast()
    }

    // MARK: The consumer's side

    func nextEvent(waitingAtMost limit: Duration?) -> CaptureEngine.Event {
        let start = machineClock.elapsed()
        let event: CaptureEngine.Event = monitor.wait(for: change) { state in
            if let stoppedAt = state.stoppedAt { giveUpAtTheEnd(&state, stoppedAt) }
            if !state.arrivals.isEmpty { return .done(.arrived(state.arrivals.removeFirst())) }
            if let stoppedAt = state.stoppedAt {
                guard state.queue.inFlight > 0 else { return .done(.finished) }
                return .atMost(stoppedAt + CaptureEngine.grace - machineClock.elapsed())
            }
            if state.queue.count == 0, !staysOpen { return .done(.finished) }
            guard let limit else { return .untilSignal }
            let left = start + limit - machineClock.elapsed()
            return left > .zero ? .atMost(left) : .done(.nothingYet)
        }
        // There is room for another arrival.
        change.broadcast()
        return event
    }

    /// Whoever was begun and will not be asked again has a record of that.
    private func giveUpAtTheEnd(_ state: inout State, _ stoppedAt: Duration) {
        let now = clock.elapsed()
        state.queue.stopRetries(at: now)
        if machineClock.elapsed() >= stoppedAt + CaptureEngine.grace { state.queue.abandonRequests(at: now) }
        noteGivenUp(&state, at: now)
    }

    // MARK: The threads' side

    /// What each thread does until the end.
    private func sendRequests() {
        let client = makeClient()
        var random = SystemRandomNumberGenerator()
        while let request = takeRequest() {
            let answer = client.look(board: request.target.board, player: request.target.name)
            let moment = clock.now()
            let verdict = answer.verdict(arrivedAt: moment)
            monitor.withLock { state in
                guard state.queue.awaits(request.number) else { return }
                let ending = state.queue.answered(request.number, verdict, at: clock.elapsed(), &random)
                state.arrivals.append(
                    CaptureArrival(
                        target: request.target, attempts: request.attempt, moment: moment, content: .answer(answer),
                        ending: ending.map { Self.ending($0, at: moment) }))
            }
            change.broadcast()
        }
    }

    /// The next request once its time has come; nil at the end.
    private func takeRequest() -> CaptureQueue.Request? {
        monitor.wait(for: change) { state -> Waiting<CaptureQueue.Request?> in
            if state.isEnding { return .done(nil) }
            guard state.arrivals.count < Self.arrivalLimit else { return .untilSignal }
            let now = clock.elapsed()
            let step = state.queue.next(at: now)
            noteGivenUp(&state, at: now)
            switch step {
            case .send(let request):
                startThreadIfNeeded(&state)
                return .done(request)
            case .idle: return .untilSignal
            case .wait(let time):
                if let wait = clock.realTime(of: time - now) { return .atMost(wait) }
                // A clock that is moved by hand stands still while a request is on its way.
                guard state.queue.inFlight == 0 else { return .untilSignal }
                clock.sleep(milliseconds: (time - now).roundedUpToMilliseconds)
                return .atMost(.zero)
            }
        }
    }

    /// Makes arrivals of what the queue gave up.
    private func noteGivenUp(_ state: inout State, at now: Duration) {
        let givenUp = state.queue.takeGivenUp()
        guard !givenUp.isEmpty else { return }
        let present = clock.now()
        func moment(at time: Duration) -> Timestamp {
            present.advanced(byMilliseconds: -(now - time).roundedUpToMilliseconds)
        }
        for target in givenUp {
            let notAsked = "not asked\(target.attempts > 0 ? " again" : ""): "
            var (ending, isThrottled) = (CaptureArrival.Ending.givenUp, false)
            let reason: String
            switch target.cause {
            case .held(let hold):
                let end = moment(at: hold.until)
                (ending, isThrottled) = (.comeBack(end), hold.isThrottled)
                reason = notAsked + "the service asks not to be asked before \(end.readable)"
            case .outage(let outage):
                isThrottled = outage.isThrottled
                reason = notAsked + Self.words(outage, since: moment(at: outage.since))
            case .late: reason = notAsked + "its turn did not come before its interval was over"
            case .stopped(let wasThrottled):
                (ending, isThrottled) = (.interrupted, wasThrottled)
                reason = notAsked + "interrupted"
            case .abandoned:
                ending = .interrupted
                reason = "interrupted before the answer came"
            }
            state.arrivals.append(
                CaptureArrival(
                    target: target.target, attempts: target.attempts, moment: moment(at: target.time),
                    content: .nothing(reason: reason, isThrottled: isThrottled), ending: ending))
        }
        change.broadcast()
    }

    /// What the service does to everybody, as far as the requests since then show.
    private static func words(_ outage: CircuitBreaker<CaptureTarget>.Outage, since: Timestamp) -> String {
        let probes = outage.probes == 1 ? "1 request" : "\(outage.probes) requests"
        guard outage.isThrottled else {
            return "the service has not answered anybody since \(since.readable)"
                + (outage.probes > 0 ? ", nor \(probes) since then" : "")
        }
        return "the service finds itself asked too often, and has refused everybody since \(since.readable)"
            + (outage.probes > 0 ? ", and \(probes) since then" : "")
    }

    private static func ending(_ ending: Attempt.Ending, at moment: Timestamp) -> CaptureArrival.Ending {
        switch ending {
        case .answered: .answered
        case .retriesSpent: .retriesSpent
        case .comeBack(let wait): .comeBack(moment.advanced(byMilliseconds: wait.roundedUpToMilliseconds))
        }
    }
}
