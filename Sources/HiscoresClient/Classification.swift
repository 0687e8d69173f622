import CanonicalJSON

/// The rules by which an answer of a service that lies becomes an outcome.
///
/// During outages the service redirects to a page that answers 200 with HTML, serves HTML itself, or breaks off; so
/// the status alone proves nothing, and only a body that reads as a snapshot is one.
enum Classification {
    /// The outcome, and a sentence of why for every outcome but `ok`.
    static func outcome(of response: Result<HTTPAnswer, TransportError>) -> (Answer.Outcome, String?) {
        switch response {
        case .failure(let error): (.unavailable, error.description)
        case .success(let answer): answer.status == 200 ? outcome(ofBodyIn: answer) : outcome(ofStatusIn: answer)
        }
    }

    /// Whether a status is a redirect.
    static func isRedirect(_ status: Int) -> Bool { (300..<400).contains(status) }

    /// Any status but 200 speaks for itself, whatever its body.
    private static func outcome(ofStatusIn answer: HTTPAnswer) -> (Answer.Outcome, String?) {
        let said = "the service answered \(answer.status)"
        let wait = answer.retryAfter.map { " (Retry-After: \($0))" } ?? ""
        switch answer.status {
        case 404: return (.notFound, "\(said): the board does not list that name")
        case 429: return (.throttled, "\(said): too many requests\(wait)")
        case 403: return (.throttled, "\(said): its wall against bots\(wait)")
        case let status where isRedirect(status):
            let target = answer.location.map { " to \($0)" } ?? ""
            return (.unavailable, "\(said): a redirect\(target), as when it is down")
        case 400..<500: return (.unavailable, "\(said): it refused the request\(wait)")
        case 500...: return (.unavailable, "\(said): it is down or overloaded\(wait)")
        default: return (.unavailable, "\(said), which is no answer to the question")
        }
    }

    /// A 200 is what its body is. A body that is JSON is no page, whatever its label says: the service's labels are not
    /// to be trusted, and no snapshot may be lost to one.
    private static func outcome(ofBodyIn answer: HTTPAnswer) -> (Answer.Outcome, String?) {
        switch answer.ending {
        case .overLimit(let limit): return (.unavailable, "the answer is longer than the limit of \(limit) bytes")
        case .brokenOff(let error):
            return (.unavailable, "only \(answer.body.count) bytes of the answer could be read: \(error)")
        case .whole: break
        }
        guard let first = firstCharacter(of: answer.body) else { return (.unavailable, "the answer is empty") }
        do {
            return (.ok(try ServedSnapshot(parsing: answer.body)), nil)
        } catch {
            return outcome(of: error, first: first, contentType: answer.contentType)
        }
    }

    /// A body that is no snapshot: a page or a piece says that the service is down, everything else is kept.
    private static func outcome(
        of refusal: ServedSnapshot.Refusal, first: UInt8, contentType: String?
    ) -> (Answer.Outcome, String?) {
        switch refusal {
        case .noRows: return (.invalid, "the answer is JSON, but no object with an array skills or activities")
        case .noCanonicalForm(let error): return (.invalid, "the answer has no canonical form: \(error)")
        case .notJSON(let error):
            if first == UInt8(ascii: "<") || isHTML(contentType) {
                return (.unavailable, "the answer is an HTML page, as it is when the service is down")
            }
            // Whole by the rules of HTTP (a connection closed early can look so), but not by its own.
            if error.code == .unexpectedEnd { return (.unavailable, "the answer is cut off: \(error)") }
            return (.invalid, "the answer is no hiscore document: \(error)")
        }
    }

    /// The first byte that is neither white space nor part of a byte order mark; nil without one.
    private static func firstCharacter(of body: [UInt8]) -> UInt8? {
        let text = body.starts(with: [0xEF, 0xBB, 0xBF]) ? body.dropFirst(3) : body[...]
        return text.first { ![0x09, 0x0A, 0x0C, 0x0D, 0x20].contains($0) }
    }

    /// Whether a Content-Type says HTML or XHTML.
    private static func isHTML(_ contentType: String?) -> Bool {
        let type = contentType?.lowercased() ?? ""
        return type.hasPrefix("text/html") || type.hasPrefix("application/xhtml")
    }
}
