import Capture
import CivilTime
import Hiscores
import HiscoresClient
import Synchronization
import Testing

/// The threads of an engine.
@Suite("The capture engine")
struct CaptureEngineTests {
    /// Holds every request up until it is opened.
    private final class Gate: Transport {
        private let state = Mutex((waiting: 0, most: 0, isOpen: false))

        var waiting: Int { state.withLock { $0.waiting } }
        var most: Int { state.withLock { $0.most } }
        func open() { state.withLock { $0.isOpen = true } }

        func get(_ request: HTTPRequest) throws(TransportError) -> HTTPAnswer {
            state.withLock { state in
                state.waiting += 1
                state.most = max(state.most, state.waiting)
            }
            while !state.withLock({ $0.isOpen }) { SystemClock().sleep(milliseconds: 1) }
            state.withLock { $0.waiting -= 1 }
            return HTTPAnswer(status: 200, body: Array(#"{"skills":[]}"#.utf8))
        }
    }

    private let gate = Gate()
    private let clock = SystemClock()

    private func makeEngine(_ policy: CapturePolicy = CapturePolicy(requestsPerSecond: 1000)) throws -> CaptureEngine {
        let endpoint = try HiscoresEndpoint("http://simulated.test")
        return CaptureEngine(policy: policy, clock: clock) { [gate] in
            HiscoresClient(transport: gate, endpoint: endpoint, userAgent: UserAgent(version: "0", contact: nil))
        }
    }

    /// Adds so many targets and waits until so many requests hang in the gate.
    private func fill(_ engine: CaptureEngine, _ count: Int, untilWaiting waiting: Int) throws {
        for number in 0..<count { try engine.add(try CaptureTarget(name: "p\(number)", board: .main)) }
        for _ in 0..<10_000 where gate.waiting < waiting { clock.sleep(milliseconds: 1) }
        try #require(gate.waiting == waiting)
    }

    @Test("five requests are in flight and never more, each on its own client; all arrive")
    func inFlight() throws {
        let engine = try makeEngine()
        try fill(engine, 30, untilWaiting: 5)
        clock.sleep(milliseconds: 50)
        #expect(gate.most == 5)
        guard case .nothingYet = engine.next(waitingAtMost: .milliseconds(10)) else {
            Issue.record("something arrived")
            return
        }
        gate.open()
        var arrived: Set<String> = []
        while case .arrived(let arrival) = engine.next() { arrived.insert(arrival.target.name) }
        #expect(arrived.count == 30 && gate.most == 5)
        // It lives on: whoever is added is asked.
        try engine.add(try CaptureTarget(name: "late", board: .main))
        guard case .arrived(let late) = engine.next() else {
            Issue.record("nothing arrived")
            return
        }
        #expect(late.target.name == "late" && late.ending == .answered)
    }

    @Test("stopped, it waits a little for what is on its way, then counts it as interrupted, with a reason")
    func stopped() throws {
        let engine = try makeEngine()
        try fill(engine, 8, untilWaiting: 5)
        let start = clock.elapsed()
        #expect(engine.stop())
        #expect(!engine.stop() && engine.isStopped)
        var givenUp = 0
        while case .arrived(let arrival) = engine.next() {
            guard case .nothing(let reason, _) = arrival.content else {
                Issue.record("an answer")
                return
            }
            #expect(arrival.ending == .interrupted && arrival.attempts == 1 && reason.contains("interrupted"))
            givenUp += 1
        }
        #expect(givenUp == 5 && engine.unfinished == 3)
        #expect(clock.elapsed() - start >= CaptureEngine.grace)
        gate.open()
        clock.sleep(milliseconds: 20)
        guard case .finished = engine.next() else {
            Issue.record("an answer came late and was taken")
            return
        }
    }

    @Test("stopped while it waits for its pace, it ends at once; what arrives in time is taken")
    func stoppedWhileWaiting() throws {
        let engine = try makeEngine(CapturePolicy(requestsPerSecond: 0.01))
        try fill(engine, 3, untilWaiting: 1)
        engine.stop()
        gate.open()
        guard case .arrived(let arrival) = engine.next(), case .answer = arrival.content else {
            Issue.record("nothing arrived")
            return
        }
        guard case .finished = engine.next() else {
            Issue.record("not finished")
            return
        }
        #expect(engine.unfinished == 2)
    }

    @Test("the pace holds by the clock, threads or not")
    func pace() throws {
        gate.open()
        let engine = try makeEngine(CapturePolicy(requestsPerSecond: 20))
        let start = clock.elapsed()
        for number in 0..<6 { try engine.add(try CaptureTarget(name: "p\(number)", board: .main)) }
        while case .arrived = engine.next() {}
        #expect(clock.elapsed() - start >= .milliseconds(250))
    }
}
