import FlyingFox
import FlyingSocks
import Foundation

/// The service on a port of this machine, reachable from this machine alone.
///
/// It runs on the threads of Swift's concurrency. A caller that blocks its thread on a request to it, as a client of
/// synchronous calls does, must do so on a thread of its own, or there may be none left to answer.
public final class SimulatorServer: Sendable {
    /// The service that answers.
    public let service: SimulatedService
    /// The port that it listens on.
    public let port: UInt16

    private let server: HTTPServer
    private let run: Task<Void, any Error>

    /// `http://127.0.0.1:PORT`: what to give to a client as the service's address.
    public var endpoint: String { "http://127.0.0.1:\(port)" }

    /// Serves `service` on `port`, or for 0 on a free one, and returns once it listens. Throws the system's error where
    /// the port is taken.
    public init(_ service: SimulatedService, port: UInt16 = 0) async throws {
        let configuration = HTTPServer.Configuration(
            address: try sockaddr_in.inet(ip4: "127.0.0.1", port: port), timeout: 3600,
            pool: PromptSocketPool(HTTPServer.defaultPool()), logger: DisabledLogger.disabled)
        let server = HTTPServer(config: configuration, handler: RequestHandler(service: service))
        let listening = Task { try await server.waitUntilListening(timeout: 10) }
        let run = Task {
            do {
                try await server.run()
            } catch {
                listening.cancel()
                throw error
            }
        }
        do {
            try await listening.value
        } catch {
            run.cancel()
            try await run.value
            throw error
        }
        guard case .ip4(_, let actualPort)? = await server.listeningAddress else {
            run.cancel()
            throw SocketError.unsupportedAddress
        }
        (self.service, self.port, self.server, self.run) = (service, actualPort, server, run)
    }

    /// Stops listening, cuts off requests that are being answered, and returns once the port is free. Once stopped, it
    /// does nothing.
    public func stop() async {
        await server.stop(timeout: 0)
        run.cancel()
        _ = await run.result
    }
}

/// Sockets that send at once. The head of an answer and its body are written one after the other; on a connection that is
/// used again the body would wait for the head's acknowledgement, which the client delays by 40 ms (RFC 896, RFC 1122).
private struct PromptSocketPool<Pool: AsyncSocketPool>: AsyncSocketPool {
    private let pool: Pool

    init(_ pool: Pool) { self.pool = pool }

    func prepare() async throws { try await pool.prepare() }

    func run() async throws { try await pool.run() }

    /// The first to wait is the one that listens; those that it accepts take its options over.
    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        try? socket.setValue(true, for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
        try await pool.suspendSocket(socket, untilReadyFor: events)
    }
}

/// Hands requests to the endpoints and their answers to the network.
private struct RequestHandler: HTTPHandler {
    let service: SimulatedService

    func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
        let arrival = Int64(clamping: DispatchTime.now().uptimeNanoseconds)
        guard request.method == .GET else { return HTTPResponse(statusCode: .methodNotAllowed) }
        let path = request.target.path()
        let query = Query(request.target.query())
        if let answer = ControlEndpoints(service: service).answer(path: path, query: query) {
            return response(answer)
        }
        let answer = await HiscoreEndpoints(service: service).answer(path: path, query: query, arrivedAt: arrival) {
            try? await Task.sleep(for: .milliseconds($0))
        }
        return response(answer ?? .notFound)
    }

    private func response(_ answer: Answer) -> HTTPResponse {
        var headers = HTTPHeaders()
        headers[.contentType] = answer.contentType
        headers[.location] = answer.location
        headers[HTTPHeader("Retry-After")] = answer.retryAfterSeconds.map { String($0) }
        let status = HTTPStatusCode(answer.status, phrase: Self.phrases[answer.status] ?? "Answer")
        guard let sent = answer.bytesBeforeCut else {
            return HTTPResponse(statusCode: status, headers: headers, body: Data(answer.body))
        }
        let body = CutOffBody(bytes: Array(answer.body.prefix(sent)))
        return HTTPResponse(
            statusCode: status, headers: headers, body: HTTPBodySequence(from: body, count: answer.body.count))
    }

    private static let phrases = [
        200: "OK", 302: "Found", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests",
        500: "Internal Server Error", 502: "Bad Gateway", 503: "Service Unavailable",
    ]
}
