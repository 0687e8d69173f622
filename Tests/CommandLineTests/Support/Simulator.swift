import CanonicalJSON
import Glibc

/// The simulated hiscores in a process of their own, gone when this value is.
final class Simulator {
    private let process: ChildProcess
    private let port: UInt16

    /// Starts a service whose time stands still at `now`. Without players every name is one, but those that begin with
    /// "missing".
    init(in place: Workplace, now: String = "2026-03-01T12:00:00Z", players: [String] = []) throws {
        let file = place.absolute("../simulator.port")
        (process, _) = try place.start(
            Program.simulator,
            ["--port", "0", "--port-file", file, "--seed", "7"] + players.flatMap { ["--player", $0] })
        guard let port = poll(seconds: 30, { (try? place.text(of: file)).flatMap { UInt16($0.dropLast()) } }) else {
            throw ChildProcess.Failure(description: "the simulator did not start")
        }
        self.port = port
        try setTime(now)
    }

    /// Where it answers.
    var endpoint: String { "http://127.0.0.1:\(port)" }

    /// Sets the simulated time, which then stands still.
    func setTime(_ now: String) throws { try control("now?time=\(now)&factor=0") }

    /// Makes requests fail; `measures` follows the kind in the query.
    func fail(_ kind: String, _ measures: String = "") throws { try control("faults?kind=\(kind)\(measures)") }

    /// How many requests have come.
    var requests: Int64 { get throws { try control("statistics").count("requests") ?? 0 } }

    /// A request to a path under `/_simulator/`.
    @discardableResult
    func control(_ action: String) throws -> JSONValue {
        let answer = try Self.get("/_simulator/" + action, port: port)
        guard let body = answer.ranges(of: Array("\r\n\r\n".utf8)).first.map({ Array(answer[$0.upperBound...]) }),
            answer.starts(with: Array("HTTP/1.1 200".utf8))
        else {
            throw ChildProcess.Failure(description: "\(action): \(String(decoding: answer, as: UTF8.self))")
        }
        return try JSONValue(parsing: body)
    }

    /// A whole HTTP answer of this machine.
    private static func get(_ path: String, port: UInt16) throws -> [UInt8] {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(connection) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { throw ChildProcess.Failure(description: "no connection to the simulator") }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".utf8)
        _ = unsafe send(connection, request, request.count, CInt(MSG_NOSIGNAL))
        var answer: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return answer }
            answer += buffer[..<count]
        }
    }
}
