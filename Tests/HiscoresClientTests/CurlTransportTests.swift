import Testing

@testable import HiscoresClient

/// What the transport makes of a real socket. Time limits are short where the server is silent, ample elsewhere.
@Suite struct CurlTransportTests {
    private typealias Reply = LoopbackServer.Reply
    private static let document = #"{"name":"Zed","skills":[],"activities":[]}"#

    private func get(
        _ server: LoopbackServer, limits: RequestLimits = RequestLimits(), with transport: CurlTransport = .init()
    ) throws(TransportError) -> HTTPAnswer {
        try transport.get(HTTPRequest(url: "\(server.base)/x", userAgent: "osrs-archive/test (+me)", limits: limits))
    }

    /// The answer to a request to a server with one reply.
    private func answer(to reply: Reply, limits: RequestLimits = RequestLimits()) throws -> HTTPAnswer {
        try LoopbackServer.run([reply]) { try get($0, limits: limits) }
    }

    /// The code of the error of a request to a server with one reply.
    private func failure(of reply: Reply, limits: RequestLimits = RequestLimits()) -> TransportError.Code? {
        #expect(throws: TransportError.self) { try answer(to: reply, limits: limits) }?.code
    }

    @Test func aWholeAnswerIsReadAsServed() throws {
        let answer = try answer(
            to: Reply(headers: ["content-TYPE:  application/json;charset=UTF-8 "], body: Self.document))
        #expect(answer.status == 200)
        #expect(answer.contentType == "application/json;charset=UTF-8")
        #expect(answer.body == Array(Self.document.utf8))
        #expect(answer.ending == .whole)
        #expect(answer.location == nil && answer.retryAfter == nil)
        #expect((0..<10_000).contains(answer.latencyMilliseconds))
    }

    @Test func headerValuesAreBoundedAndHoldNoControlCharacters() throws {
        let answer = try answer(
            to: Reply(
                status: "302 Found",
                headers: [
                    "Location: /\u{1B}[31m\u{7}é", "Retry-After: \(String(repeating: "9", count: 5000))",
                    "Content-Type:",
                ],
                body: ""))
        #expect(answer.location == "/?[31m?é")
        #expect(answer.retryAfter?.utf8.count == 2048)
        #expect(answer.contentType == nil)
    }

    @Test func theRequestSaysWhoAsksAndNothingElse() throws {
        let head = try LoopbackServer.run([Reply(body: "{}")]) { server in
            _ = try get(server)
            return server.requests.first ?? ""
        }
        let lines = head.split(separator: "\r\n")
        #expect(lines.first == "GET /x HTTP/1.1")
        #expect(lines.contains("User-Agent: osrs-archive/test (+me)"))
        #expect(lines.contains("Accept-Encoding: gzip, deflate"))
        #expect(!head.contains("Cookie") && !head.contains("Authorization"))
    }

    @Test func chunksAreJoined() throws {
        let answer = try answer(
            to: Reply("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\nX: y\r\n\r\n")
        )
        #expect(answer.body == Array("abcdefg".utf8))
        #expect(answer.ending == .whole)
    }

    @Test(arguments: [
        (
            "gzip",
            "1f8b0800000000000203ab56ca4bcc4d55b2528a4a4d51d2512acececcc92956b28a8ed5514a4c2ec92ccb2cc94c05f36b01222b04bd2a000000"
        ),
        ("deflate", "789cab56ca4bcc4d55b2528a4a4d51d2512acececcc92956b28a8ed5514a4c2ec92ccb2cc94c05f36b0123360e0a"),
    ])
    func encodedBodiesAreDecoded(encoding: String, hex: String) throws {
        let answer = try answer(to: Reply(headers: ["Content-Encoding: \(encoding)"], body: bytes(hex)))
        #expect(answer.body == Array(Self.document.utf8))
        #expect(answer.ending == .whole)
    }

    @Test func aDamagedEncodingIsBrokenOff() throws {
        let answer = try answer(to: Reply(headers: ["Content-Encoding: gzip"], body: "no gzip at all"))
        let error = try #require(answer.breakage)
        #expect(error.code == .malformedAnswer)
    }

    @Test func aRedirectIsAnAnswerAndIsNotFollowed() throws {
        try LoopbackServer.run([Reply(body: "<html>")]) { second in
            let target = "\(second.base)/down"
            let answer = try answer(to: Reply(status: "302 Found", headers: ["Location: \(target)"], body: ""))
            #expect(answer.status == 302)
            #expect(answer.location == target)
            #expect(second.connections == 0)
        }
    }

    @Test(
        arguments: [
            ("404 Not Found", 404, nil), ("429 Too Many Requests", 429, "30"), ("403 Forbidden", 403, nil),
            ("429 Too Many Requests", 429, "Sun, 06 Nov 1994 08:49:37 GMT"), ("500 Internal Server Error", 500, nil),
        ] as [(String, Int, String?)])
    func everyStatusIsAnAnswer(status: String, code: Int, retryAfter: String?) throws {
        let headers = retryAfter.map { ["Retry-After: \($0)"] } ?? []
        let answer = try answer(to: Reply(status: status, headers: headers, body: "words"))
        #expect(answer.status == code)
        #expect(answer.retryAfter == retryAfter)
        #expect(answer.body == Array("words".utf8))
    }

    @Test func aProvisionalAnswerIsPassedOver() throws {
        let answer = try answer(
            to: Reply(
                "HTTP/1.1 103 Early Hints\r\nLocation: /early\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
            ))
        #expect(answer.status == 404)
        #expect(answer.location == nil)
    }

    @Test func aBodyCutOffByItsLengthIsKeptAsFarAsItCame() throws {
        let answer = try answer(to: Reply("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"name\":"))
        let error = try #require(answer.breakage)
        #expect(error.code == .brokenOff)
        #expect(answer.body == Array("{\"name\":".utf8))
    }

    @Test func aBodyCutOffBetweenChunksIsSeen() throws {
        let answer = try answer(to: Reply("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"))
        #expect(answer.breakage != nil)
    }

    @Test func aBodyThatStallsIsATimeOutWithItsStatus() throws {
        let answer = try answer(
            to: Reply("HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\nabc", then: .waitForPeer),
            limits: RequestLimits(totalMilliseconds: 200))
        let error = try #require(answer.breakage)
        #expect(error.code == .timedOut)
        #expect(answer.status == 503)
        #expect(answer.latencyMilliseconds >= 190)
    }

    @Test(arguments: [0, 1]) func theLimitIsExact(excess: Int) throws {
        let body = [UInt8](repeating: 0x20, count: 70_000)
        let answer = try answer(to: Reply(body: body), limits: RequestLimits(bodyBytes: body.count - excess))
        #expect(answer.ending == (excess == 0 ? .whole : .overLimit(69_999)))
        #expect(answer.body.count == 70_000 - excess)
    }

    @Test func theLimitCountsDecodedBytes() throws {
        // 10,000 spaces in 46 bytes of gzip.
        let bomb = bytes("1f8b0800000000000203edc1010d000000c2a02aef9fd21c6e40010000000000000000c0bf0154d6063710270000")
        let answer = try answer(
            to: Reply(headers: ["Content-Encoding: gzip"], body: bomb), limits: RequestLimits(bodyBytes: 1000))
        #expect(answer.ending == .overLimit(1000))
        #expect(answer.body.count == 1000)
    }

    @Test func silenceIsATimeOut() {
        #expect(failure(of: Reply("", then: .waitForPeer), limits: RequestLimits(totalMilliseconds: 150)) == .timedOut)
    }

    @Test func aConnectionClosedAtOnceIsNoAnswer() { #expect(failure(of: Reply("")) == .noAnswer) }

    @Test(arguments: ["\u{1}\u{2}\u{3} what\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n"])
    func whatIsNoHTTPIsMalformed(text: String) { #expect(failure(of: Reply(text)) == .malformedAnswer) }

    @Test func headersWithoutEndAreMalformed() {
        let reply = Reply(
            "HTTP/1.1 200 OK\r\n" + String(repeating: "X-Filler: \(String(repeating: "x", count: 1000))\r\n", count: 80)
        )
        #expect(failure(of: reply) == .malformedAnswer)
    }

    // The status alone is not believed: a 404 is one only with its headers. libcurl takes some of these for whole answers.
    @Test(
        arguments: [
            ("HTTP/1.1 404 Not Found", .noAnswer), ("HTTP/1.1 404 Not Found\r\n", .brokenOff),
            ("HTTP/1.1 404 Not Found\r\nContent-Le", .brokenOff),
            ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n", .brokenOff),
        ] as [(String, TransportError.Code)])
    func headersCutOffAreNoAnswer(text: String, code: TransportError.Code) { #expect(failure(of: Reply(text)) == code) }

    @Test func aRefusedConnectionSaysSo() throws {
        let url = "http://127.0.0.1:\(try LoopbackServer.unusedPort())/x"
        let error = #expect(throws: TransportError.self) {
            try CurlTransport().get(HTTPRequest(url: url, userAgent: "test"))
        }
        #expect(error?.code == .notConnected)
        #expect(error?.description.contains(url) == true)
    }

    @Test(arguments: [
        "file:///etc/hostname", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "http://", "http://127.0.0.1:99999/",
    ])
    func otherProtocolsAndBadAddressesAreNeverAsked(url: String) {
        #expect(throws: TransportError.self) { try CurlTransport().get(HTTPRequest(url: url, userAgent: "test")) }
    }

    @Test(arguments: [("http://127.0.0.1/a\u{0}b", "test"), ("http://127.0.0.1/", "test\r\nX-Forged: yes")])
    func controlCharactersAreRefused(url: String, agent: String) {
        let error = #expect(throws: TransportError.self) {
            try CurlTransport().get(HTTPRequest(url: url, userAgent: agent))
        }
        #expect(error?.code == .invalidRequest && error?.isLocal == true)
    }

    @Test func oneConnectionServesManyRequests() throws {
        let script = (0..<5).map { Reply(body: "\($0)", then: $0 < 4 ? .keepOpen : .close) }
        let transport = CurlTransport()
        try LoopbackServer.run(script) { server in
            let bodies = try (0..<5).map { _ in try get(server, with: transport).body }
            #expect(bodies == (0..<5).map { Array("\($0)".utf8) })
            #expect(server.connections == 1)
        }
    }

    @Test func oneAnswerLeavesNothingBehindForTheNext() throws {
        let transport = CurlTransport()
        let script = [
            Reply(status: "429 Slow", headers: ["Retry-After: 9", "Location: /x"], body: "first body", then: .close),
            Reply(status: "200 OK", headers: [], body: "2", then: .close), Reply(""),
        ]
        try LoopbackServer.run(script) { server in
            _ = try get(server, with: transport)
            let second = try get(server, with: transport)
            #expect(second.retryAfter == nil && second.location == nil && second.contentType == nil)
            #expect(second.body == Array("2".utf8))
            #expect(throws: TransportError.self) { try get(server, with: transport) }
        }
    }

    private func bytes(_ hex: String) -> [UInt8] {
        stride(from: 0, to: hex.count, by: 2).compactMap { UInt8(hex.dropFirst($0).prefix(2), radix: 16) }
    }
}
