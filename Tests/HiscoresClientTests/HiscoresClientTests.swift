import Hiscores
import HiscoresClient
import Synchronization
import Testing

/// A transport that gives back what it was told and notes what it was asked.
private final class ScriptedTransport: Transport {
    private let result: Result<HTTPAnswer, TransportError>
    private let asked = Mutex<[HTTPRequest]>([])

    init(_ result: Result<HTTPAnswer, TransportError>) { self.result = result }

    var requests: [HTTPRequest] { asked.withLock { $0 } }

    func get(_ request: HTTPRequest) throws(TransportError) -> HTTPAnswer {
        asked.withLock { $0.append(request) }
        return try result.get()
    }
}

@Suite struct HiscoresClientTests {
    private let agent = UserAgent(version: "9.9", contact: "me@example.org")

    @Test func itAsksTheBoardForTheNameAsTyped() throws {
        let transport = ScriptedTransport(.success(HTTPAnswer(status: 404)))
        let limits = RequestLimits(connectMilliseconds: 1, totalMilliseconds: 2, bodyBytes: 3)
        let client = HiscoresClient(
            transport: transport, endpoint: try HiscoresEndpoint("http://localhost:1/x/"), userAgent: agent,
            limits: limits)
        let answer = client.look(board: .ultimate, player: "Iron Hyger")
        let url = "http://localhost:1/x/m=hiscore_oldschool_ultimate/index_lite.json?player=Iron%20Hyger"
        #expect(answer.url == url)
        #expect(answer.outcome == .notFound)
        #expect(
            transport.requests == [
                HTTPRequest(url: url, userAgent: "osrs-archive/9.9 (+me@example.org)", limits: limits)
            ])
    }

    @Test func aTransportErrorIsAnAnswerToo() {
        let error = TransportError(.libraryMissing, url: "u", detail: "d")
        let answer = HiscoresClient(transport: ScriptedTransport(.failure(error)), userAgent: agent)
            .look(board: .main, player: "x")
        #expect(answer.outcome == .unavailable)
        #expect(answer.response == .failure(error))
    }

    @Test func overARealSocketASnapshotArrives() throws {
        let body = #"{"name":"Zed","skills":[{"id":0,"name":"Overall","rank":5,"level":32,"xp":1154}],"activities":[]}"#
        let answer = try LoopbackServer.run([.init(body: body)]) { server in
            HiscoresClient(transport: CurlTransport(), endpoint: try HiscoresEndpoint(server.base), userAgent: agent)
                .look(board: .main, player: "Zed")
        }
        let snapshot = try #require(answer.snapshot)
        #expect(snapshot.displayName == "Zed")
        #expect(answer.http?.status == 200)
        #expect(answer.reason == nil)
    }

    @Test func aRealBodyCutAnywhereIsNeverASnapshot() throws {
        let body = Array(
            #"{"name":"Zed","skills":[{"id":0,"rank":5,"xp":1154}],"activities":[{"name":"Zulrah"}]}"#.utf8)
        for length in 0..<body.count {
            let http = HTTPAnswer(status: 200, contentType: "application/json", body: Array(body[..<length]))
            #expect(Answer(url: "u", response: .success(http)).outcome == .unavailable, "cut to \(length) bytes")
        }
    }

    /// Cut where the length is right again: the encoded stream ends too early, and HTTP does not notice.
    @Test func anEncodedBodyCutAnywhereIsNeverHalfASnapshot() throws {
        let whole: [UInt8] = [
            0x78, 0x9C, 0xAB, 0x56, 0xCA, 0x4B, 0xCC, 0x4D, 0x55, 0xB2, 0x52, 0x8A, 0x4A, 0x4D, 0x51, 0xD2, 0x51, 0x2A,
            0xCE,
            0xCE, 0xCC, 0xC9, 0x29, 0x56, 0xB2, 0x8A, 0x8E, 0xD5, 0x51, 0x4A, 0x4C, 0x2E, 0xC9, 0x2C, 0xCB, 0x2C, 0xC9,
            0x4C,
            0x05, 0xF3, 0x6B, 0x01, 0x23, 0x36, 0x0E, 0x0A,
        ]
        let canonical = #"{"activities":[],"name":"Zed","skills":[]}"#
        let script = (0...whole.count).map {
            LoopbackServer.Reply(headers: ["Content-Encoding: deflate"], body: Array(whole[..<$0]))
        }
        try LoopbackServer.run(script) { server in
            let client = HiscoresClient(
                transport: CurlTransport(), endpoint: try HiscoresEndpoint(server.base), userAgent: agent)
            for length in 0...whole.count {
                switch client.look(board: .main, player: "Zed").outcome {
                case .ok(let snapshot): #expect(String(decoding: snapshot.canonical, as: UTF8.self) == canonical)
                case .unavailable: #expect(length < whole.count)
                case let other: Issue.record("cut to \(length) bytes: \(other)")
                }
            }
        }
    }
}
