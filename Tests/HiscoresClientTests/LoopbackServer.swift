import Glibc
import Synchronization

/// A server on 127.0.0.1 that answers with scripted bytes: one reply for each request, in order, then no more.
///
/// It runs on one thread, serves one connection at a time, and gives up on a silent peer after two seconds, so that no
/// test can hang on it.
final class LoopbackServer: Sendable {
    /// What to do with one request.
    struct Reply: Sendable {
        /// The bytes to send.
        var bytes: [UInt8]
        /// What to do once they are sent.
        var then = Next.close

        enum Next { case close, keepOpen, waitForPeer }

        /// Raw bytes.
        init(_ text: String, then: Next = .close) { (bytes, self.then) = (Array(text.utf8), then) }

        /// A whole answer with a Content-Length.
        init(
            status: String = "200 OK", headers: [String] = ["Content-Type: application/json"], body: [UInt8],
            then: Next = .close
        ) {
            let lines = ["HTTP/1.1 \(status)"] + headers + ["Content-Length: \(body.count)", "", ""]
            (bytes, self.then) = (Array(lines.joined(separator: "\r\n").utf8) + body, then)
        }

        /// A whole answer with a Content-Length.
        init(
            status: String = "200 OK", headers: [String] = ["Content-Type: application/json"], body: String,
            then: Next = .close
        ) { self.init(status: status, headers: headers, body: Array(body.utf8), then: then) }
    }

    /// Why it cannot start.
    struct StartError: Error { let call: String }

    private struct Seen {
        var requests: [String] = []
        var connections = 0
    }

    private let listener: Int32
    let port: UInt16
    private let script: [Reply]
    private let seen = Mutex(Seen())

    private init(_ script: [Reply]) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { throw StartError(call: "socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(listener, address, size) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        (self.listener, self.script) = (listener, script)
        port = UInt16(bigEndian: address.sin_port)
        guard isListening else { throw StartError(call: "bind") }
    }

    deinit { close(listener) }

    /// Runs `body` beside a server with this script, and ends the server's thread before it returns.
    static func run<Result>(_ script: [Reply], _ body: (LoopbackServer) throws -> Result) throws -> Result {
        let server = try LoopbackServer(script)
        var thread = pthread_t()
        let retained = unsafe Unmanaged.passRetained(server)
        let started = unsafe pthread_create(
            &thread, nil,
            { context in
                if let context = unsafe context {
                    unsafe Unmanaged<LoopbackServer>.fromOpaque(context).takeRetainedValue().serve()
                }
                return nil
            }, retained.toOpaque())
        guard started == 0 else {
            unsafe retained.release()
            throw StartError(call: "pthread_create")
        }
        defer {
            shutdown(server.listener, Int32(SHUT_RDWR))  // Wakes accept.
            pthread_join(thread, nil)
        }
        return try body(server)
    }

    /// A port on which nobody listens.
    static func unusedPort() throws -> UInt16 { try LoopbackServer([]).port }

    /// The address of the server, without a slash at its end.
    var base: String { "http://127.0.0.1:\(port)" }

    /// The heads of the requests so far.
    var requests: [String] { seen.withLock { $0.requests } }

    /// The connections so far.
    var connections: Int { seen.withLock { $0.connections } }

    private func serve() {
        while true {
            let peer = accept(listener, nil, nil)
            guard peer >= 0 else { return }
            seen.withLock { $0.connections += 1 }
            var patience = timeval(tv_sec: 2, tv_usec: 0)
            unsafe setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            unsafe setsockopt(peer, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            while converse(peer) {}
            close(peer)
        }
    }

    /// Serves one request; true where the connection is to stay open.
    private func converse(_ peer: Int32) -> Bool {
        guard let head = readHead(peer) else { return false }
        let number = seen.withLock { seen in
            seen.requests.append(head)
            return seen.requests.count - 1
        }
        guard script.indices.contains(number) else { return false }
        var rest = script[number].bytes[...]
        while !rest.isEmpty {
            let sent = unsafe rest.withUnsafeBytes {
                unsafe send(peer, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return false }
            rest = rest.dropFirst(sent)
        }
        if script[number].then == .waitForPeer {
            var byte: UInt8 = 0
            unsafe recv(peer, &byte, 1, 0)
        }
        return script[number].then == .keepOpen
    }

    /// The lines of a request up to its empty line, at most 8 KiB; nil where the peer leaves before.
    private func readHead(_ peer: Int32) -> String? {
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while head.count < 8192, unsafe recv(peer, &byte, 1, 0) == 1 {
            head.append(byte)
            if head.suffix(4) == Array("\r\n\r\n".utf8)[...] { return String(decoding: head, as: UTF8.self) }
        }
        return nil
    }
}
