import CivilTime
import HiscoresClient
import Testing

/// Which answers are worth a retry, and which show that the service lives.
@Suite("What an answer says about asking again")
struct AnswerVerdictTests {
    private let moment = Timestamp(rfc3339: "2026-03-01T12:00:00Z") ?? .earliest

    private func verdict(_ response: Result<HTTPAnswer, TransportError>) -> AnswerVerdict {
        Answer(url: "http://h/", response: response).verdict(arrivedAt: moment)
    }

    private func verdict(_ status: Int, _ body: String = "", retryAfter: String? = nil) -> AnswerVerdict {
        verdict(.success(HTTPAnswer(status: status, retryAfter: retryAfter, body: Array(body.utf8))))
    }

    @Test("429, 5xx, time-outs and transport errors are; nothing else is")
    func retries() {
        for status in [429, 500, 502, 503, 504, 520, 599] {
            let expected = AnswerVerdict(isWorthRetrying: true, showsLife: false, isThrottled: status == 429)
            #expect(verdict(status) == expected, "\(status)")
        }
        for status in [204, 301, 302, 307, 400, 401, 403, 405, 408, 410, 418] {
            let expected = AnswerVerdict(isWorthRetrying: false, showsLife: false, isThrottled: status == 403)
            #expect(verdict(status) == expected, "\(status)")
        }
        for body in ["", "<html>", #"{"skills":["#] {
            #expect(verdict(200, body) == AnswerVerdict(isWorthRetrying: false, showsLife: false), "\(body)")
        }
        for (status, body) in [(404, "<html>"), (200, "[]"), (200, "hello"), (200, #"{"skills":[]}"#)] {
            #expect(verdict(status, body) == AnswerVerdict(isWorthRetrying: false, showsLife: true), "\(body)")
        }
        for code in TransportError.Code.allCases {
            let error = TransportError(code, url: "http://h/", detail: "")
            let expected =
                error.isLocal
                ? AnswerVerdict(isWorthRetrying: false, showsLife: nil)
                : AnswerVerdict(isWorthRetrying: true, showsLife: false)
            #expect(verdict(.failure(error)) == expected, "\(code)")
        }
    }

    @Test("a body that broke off is a transport error; one over the limit is not")
    func bodies() {
        let broken = TransportError(.brokenOff, url: "http://h/", detail: "")
        var answer = HTTPAnswer(status: 200, body: [0x7B], ending: .brokenOff(broken))
        #expect(verdict(.success(answer)).isWorthRetrying)
        answer.status = 302
        #expect(!verdict(.success(answer)).isWorthRetrying)
        answer.status = 200
        answer.ending = .overLimit(1)
        #expect(!verdict(.success(answer)).isWorthRetrying)
    }

    @Test("Retry-After counts from the answer's arrival, in seconds and as a date, at most a day")
    func retryAfter() {
        #expect(verdict(429, retryAfter: "7").retryAfter == .seconds(7))
        #expect(verdict(503, retryAfter: "Sun, 01 Mar 2026 12:01:30 GMT").retryAfter == .seconds(90))
        #expect(verdict(503, retryAfter: "Sun, 01 Mar 2026 11:00:00 GMT").retryAfter == .zero)
        #expect(verdict(429, retryAfter: "99999999999999999999").retryAfter == .seconds(86_400))
        #expect(verdict(429, retryAfter: "soon").retryAfter == nil)
        #expect(verdict(404, retryAfter: "7").retryAfter == nil)
    }
}
