/// What the service sends back for one request.
struct Answer: Hashable, Sendable {
    var status: Int
    var contentType: String?
    var location: String?
    var retryAfterSeconds: Int?
    var body: [UInt8]
    /// Milliseconds to wait before the first byte.
    var delayMilliseconds: Int64 = 0
    /// How many bytes of the body are sent before the connection closes, where not all of them are.
    var bytesBeforeCut: Int?

    init(_ status: Int, _ contentType: String?, _ body: [UInt8]) {
        (self.status, self.contentType, self.body) = (status, contentType, body)
    }

    /// A page of HTML.
    static func html(_ status: Int, title: String, text: String) -> Answer {
        let page =
            "<!doctype html>\n<html><head><title>\(title)</title></head><body><h1>\(title)</h1><p>\(text)</p></body></html>\n"
        return Answer(status, "text/html; charset=UTF-8", Array(page.utf8))
    }

    /// JSON as the service sends it.
    static func json(_ body: [UInt8]) -> Answer { Answer(200, "application/json", body) }

    /// What a name that is not on the board gets.
    static let notFound = html(404, title: "404 - Page not found", text: "Sorry, the page could not be found.")

    /// Where the service redirects to while the hiscores are down.
    static let mainPage = html(200, title: "Old School RuneScape", text: "The hiscores are currently unavailable.")

    /// Where `mainPage` lies.
    static let mainPagePath = "/main-page"

    /// This answer as a fault makes it.
    func struck(by fault: Fault) -> Answer {
        var answer: Answer
        switch fault.kind {
        case .redirect:
            answer = .html(302, title: "302 Found", text: "The document has moved.")
            answer.location = Self.mainPagePath
        case .html: answer = .mainPage
        case .throttled: answer = .html(429, title: "429 Too Many Requests", text: "Slow down.")
        case .throttledWithRetryAfter:
            answer = .html(429, title: "429 Too Many Requests", text: "Slow down.")
            answer.retryAfterSeconds = fault.retryAfterSeconds
        case .forbidden: answer = .html(403, title: "403 Forbidden", text: "Request unsuccessful. Incident ID: 0.")
        case .internalError: answer = .html(500, title: "500 Internal Server Error", text: "Something went wrong.")
        case .badGateway: answer = .html(502, title: "502 Bad Gateway", text: "No answer from upstream.")
        case .serviceUnavailable: answer = .html(503, title: "503 Service Unavailable", text: "Try again later.")
        case .slow:
            answer = self
            answer.delayMilliseconds = fault.delayMilliseconds
        case .cutOff:
            answer = self
            answer.bytesBeforeCut = body.count / 2
        case .empty: answer = Answer(200, contentType, [])
        case .wrongSchema: answer = .json(Array(#"{"error":"unexpected","status":"ok"}"#.utf8))
        case .array: answer = .json(Array("[1,2,3]".utf8))
        case .invalidJSON: answer = .json(Array(#"{"name":"Zezima","skills":[}"#.utf8))
        case .oversized: answer = .oversized(bytes: fault.bodyBytes)
        case .notFound: answer = .notFound
        }
        return answer
    }

    /// A JSON object of that length that is too long to be an answer; at least `{"padding":""}`.
    private static func oversized(bytes: Int) -> Answer {
        let (start, end) = (Array(#"{"padding":""#.utf8), Array(#""}"#.utf8))
        let filling = [UInt8](repeating: UInt8(ascii: "x"), count: max(0, bytes - start.count - end.count))
        return .json(start + filling + end)
    }
}
