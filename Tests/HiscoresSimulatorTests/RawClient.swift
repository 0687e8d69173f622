import Dispatch
import Glibc
import Testing

/// A response as its bytes came over the wire: nothing is followed, repaired or guessed.
struct RawResponse: Sendable {
    var status: Int
    var headers: [String: String]
    var body: [UInt8]
    /// What `Content-Length` announced.
    var announcedLength: Int?

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// Why a raw request got no response.
enum RawClientError: Error {
    case notConnected
    case notSent
    case noResponse
}

/// A blocking client of the plainest kind: one connection a request, read until it closes.
struct RawClient: Sendable {
    let port: UInt16

    /// The response to a GET, fetched on a thread outside Swift's concurrency.
    func get(_ target: String, method: String = "GET") async throws -> RawResponse {
        try await withCheckedThrowingContinuation { continuation in
            // A queue of its own has a thread of its own; the global ones share theirs with Swift's concurrency.
            DispatchQueue(label: "raw client").async {
                continuation.resume(with: Result { try blockingGet(target, method: method) })
            }
        }
    }

    /// A connection that has sent nothing yet. The caller closes it.
    func connect() throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw RawClientError.notConnected
        }
        return descriptor
    }

    private func blockingGet(_ target: String, method: String) throws -> RawResponse {
        let descriptor = try connect()
        defer { close(descriptor) }
        var patience = timeval(tv_sec: 60, tv_usec: 0)
        unsafe setsockopt(
            descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let request = Array("\(method) \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        guard unsafe send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw RawClientError.notSent
        }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            received += buffer[..<count]
        }
        return try parse(received)
    }

    private func parse(_ bytes: [UInt8]) throws -> RawResponse {
        guard let end = bytes.indices.first(where: { bytes[$0...].starts(with: Array("\r\n\r\n".utf8)) }) else {
            throw RawClientError.noResponse
        }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        guard let first = lines.first, let status = Int(first.split(separator: " ")[1]) else {
            throw RawClientError.noResponse
        }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = parts.count == 2 ? String(parts[1].drop { $0 == " " }) : ""
        }
        return RawResponse(
            status: status, headers: headers, body: Array(bytes[(end + 4)...]),
            announcedLength: headers["content-length"].flatMap { Int($0) })
    }
}
