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
    static let start = Timestamp(rfc3339: "2026-01-01T00:00:00Z") ?? .earliest

    let storage = MemoryStorage()
    let archive: Archive
    let transport: ScriptedTransport
    private let run: (any WallClock) -> CaptureRun
    private let clock: any WallClock

    init(_ answers: [ScriptedAnswer], clock: any WallClock = ManualClock(start)) throws {
        let atOnce = LockTimeout(milliseconds: 0)
        let id = ArchiveID(bytes: Array(0..<16))
        guard let id else { throw PlayerNameError.empty }
        archive = try Archive.create(in: storage, id: id, createdAt: Self.start, lockTimeout: atOnce)
        transport = ScriptedTransport(answers)
        let endpoint = try HiscoresEndpoint("http://simulated.test/x/")
        self.clock = clock
        run = { [transport] clock in
            CaptureRun(
                client: HiscoresClient(
                    transport: transport, endpoint: endpoint, userAgent: UserAgent(version: "0", contact: nil)),
                clock: clock, lockTimeout: atOnce, source: endpoint.base, agent: "osrs-archive/0", id: "run")
        }
    }

    /// The key of a name.
    func player(_ name: String) throws -> PlayerName {
        guard let player = PlayerName(normalising: name) else { throw PlayerNameError.empty }
        return player
    }

    /// Captures so many milliseconds after the start.
    func capture(_ name: String, clock milliseconds: Int64) throws -> CaptureResult {
        let clock = ManualClock(Self.start.advanced(byMilliseconds: milliseconds))
        return try run(clock).capture(try CaptureTarget(name: name, board: .main), into: archive)
    }

    func capture(_ name: String, on board: Board = .main, into archive: Archive? = nil) throws -> CaptureResult {
        try run(clock).capture(try CaptureTarget(name: name, board: board), into: archive ?? self.archive)
    }
}
