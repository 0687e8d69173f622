import Archive
import Capture
import CivilTime
import Hiscores
import HiscoresClient
import ObjectStore
import Synchronization

/// An answer of the service, as a test writes it down.
enum ScriptedAnswer: Sendable {
    case body(String, type: String = "application/json", latency: Int = 1)
    case status(Int)
    /// 429 with so many seconds of `Retry-After`.
    case wait(Int)
    case redirect(String)
    case overLimit
    case brokenOff
    case error(TransportError.Code)

    static func json(_ text: String, latency: Int = 1) -> ScriptedAnswer { .body(text, latency: latency) }

    func result(for url: String) throws(TransportError) -> HTTPAnswer {
        switch self {
        case .body(let text, let type, let latency):
            HTTPAnswer(status: 200, contentType: type, body: Array(text.utf8), latencyMilliseconds: latency)
        case .status(let status): HTTPAnswer(status: status, body: Array("no".utf8))
        case .wait(let seconds): HTTPAnswer(status: 429, retryAfter: String(seconds))
        case .redirect(let target): HTTPAnswer(status: 302, location: target)
        case .overLimit: HTTPAnswer(status: 200, body: Array("{".utf8), ending: .overLimit(1))
        case .brokenOff:
            HTTPAnswer(
                status: 200, body: Array("{".utf8),
                ending: .brokenOff(TransportError(.brokenOff, url: url, detail: "closed")))
        case .error(let code): throw TransportError(code, url: url, detail: "scripted", latencyMilliseconds: 30)
        }
    }
}

/// A transport that gives written answers in their order and notes what it was asked.
final class ScriptedTransport: Transport {
    private let state: Mutex<(answers: ArraySlice<ScriptedAnswer>, requests: [HTTPRequest])>

    init(_ answers: [ScriptedAnswer]) { state = Mutex((answers[...], [])) }

    var requests: [HTTPRequest] { state.withLock { $0.requests } }

    func get(_ request: HTTPRequest) throws(TransportError) -> HTTPAnswer {
        let answer = state.withLock { state in
            state.requests.append(request)
            return state.answers.popFirst()
        }
        guard let answer else { throw TransportError(.other, url: request.url, detail: "no answer is left") }
        return try answer.result(for: request.url)
    }
}

/// An empty archive in memory and a run that captures into it, at a time that stands still.
struct CaptureBench {
    /// A clock so fast that no wait takes any time, while what is told by the machine's stands still.
    static var hastyClock: any WallClock { SetClock(start: start, factor: 1e6) }

    static let start = Timestamp(rfc3339: "2026-01-01T00:00:00Z") ?? .earliest

    let storage = MemoryStorage()
    let archive: Archive
    let transport: ScriptedTransport
    let clock: any WallClock
    private let endpoint: HiscoresEndpoint
    private let policy: CapturePolicy

    /// Asks as fast as it may and never again, unless a policy says otherwise.
    init(
        _ answers: [ScriptedAnswer], clock: any WallClock = ManualClock(start),
        policy: CapturePolicy = CapturePolicy(requestsPerSecond: 1000, retry: RetryPolicy(retries: 0))
    ) throws {
        let atOnce = LockTimeout(milliseconds: 0)
        let id = ArchiveID(bytes: Array(0..<16))
        guard let id else { throw PlayerNameError.empty }
        archive = try Archive.create(in: storage, id: id, createdAt: Self.start, lockTimeout: atOnce)
        transport = ScriptedTransport(answers)
        endpoint = try HiscoresEndpoint("http://simulated.test/x/")
        (self.clock, self.policy) = (clock, policy)
    }

    /// The key of a name.
    func player(_ name: String) throws -> PlayerName {
        guard let player = PlayerName(normalising: name) else { throw PlayerNameError.empty }
        return player
    }

    /// An engine and a recorder for one run, by the bench's clock where no other is given.
    func makeRun(
        into archive: Archive? = nil, clock: (any WallClock)? = nil
    ) -> (engine: CaptureEngine, recorder: CaptureRecorder) {
        let clock = clock ?? self.clock
        let engine = CaptureEngine(policy: policy, clock: clock) { [transport, endpoint] in
            HiscoresClient(
                transport: transport, endpoint: endpoint, userAgent: UserAgent(version: "0", contact: nil))
        }
        let origin = CaptureOrigin(
            source: endpoint.base, agent: "osrs-archive/0", run: "run", clockIsSet: clock.isSet)
        let recorder = CaptureRecorder(
            archive ?? self.archive, origin: origin, lockTimeout: LockTimeout(milliseconds: 0),
            clock: clock.isSet ? SystemClock() : clock)
        return (engine, recorder)
    }

    /// One run over some names on the main board.
    func capture(_ names: [String]) throws -> [CaptureResult] {
        let (engine, recorder) = makeRun()
        var results: [CaptureResult] = []
        let rounds = try names.map {
            AccountRound(try CaptureAccount(name: $0, board: .board(.main)), boards: .main)
        }
        let isWhole = try CaptureRun(engine: engine, recorder: recorder).capture(rounds) { results += $0 }
        guard isWhole else { throw Unfinished() }
        return results
    }

    /// One run over one name, so many milliseconds after the start.
    func capture(_ name: String, clock milliseconds: Int64) throws -> CaptureResult {
        try capture(name, clock: ManualClock(Self.start.advanced(byMilliseconds: milliseconds)))
    }

    /// One run over one name.
    func capture(
        _ name: String, on board: Board = .main, into archive: Archive? = nil, clock: (any WallClock)? = nil
    ) throws -> CaptureResult {
        let (engine, recorder) = makeRun(into: archive, clock: clock)
        var results: [CaptureResult] = []
        let round = AccountRound(try CaptureAccount(name: name, board: .board(board)), boards: board)
        _ = try CaptureRun(engine: engine, recorder: recorder).capture([round]) { results += $0 }
        guard let result = results.first, results.count == 1 else { throw Unfinished() }
        return result
    }

    /// One run over the boards of one account, in their order; what came of each board, and what they told together.
    func capture(
        _ account: CaptureAccount, boards: [Board], clock: (any WallClock)? = nil
    ) throws -> (results: [CaptureResult], round: AccountRound?) {
        let (engine, recorder) = makeRun(clock: clock)
        var results: [CaptureResult] = []
        var finished: AccountRound?
        let round = AccountRound(account, boards: boards[0], boards.dropFirst())
        _ = try CaptureRun(engine: engine, recorder: recorder).capture([round], finished: { finished = $0 }) {
            results += $0
        }
        return (results, finished)
    }

    struct Unfinished: Error {}
}
