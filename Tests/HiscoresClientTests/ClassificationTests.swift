import HiscoresClient
import Testing

/// What an answer is taken for: one line a rule, with the word of its reason that tells it from the others.
@Suite struct ClassificationTests {
    private func answer(_ http: HTTPAnswer) -> Answer { Answer(url: "http://x/y", response: .success(http)) }

    private func answer(
        _ body: String, type: String? = "application/json", ending: HTTPAnswer.Ending = .whole
    ) -> Answer {
        answer(HTTPAnswer(status: 200, contentType: type, body: Array(body.utf8), ending: ending))
    }

    @Test(
        arguments: [
            (301, .unavailable, "redirect"), (302, .unavailable, "redirect"), (303, .unavailable, "redirect"),
            (304, .unavailable, "redirect"), (307, .unavailable, "redirect"), (308, .unavailable, "redirect"),
            (404, .notFound, "does not list"), (429, .throttled, "too many"), (403, .throttled, "wall"),
            (400, .unavailable, "refused"), (401, .unavailable, "refused"), (405, .unavailable, "refused"),
            (410, .unavailable, "refused"), (451, .unavailable, "refused"), (500, .unavailable, "down"),
            (502, .unavailable, "down"), (503, .unavailable, "down"), (504, .unavailable, "down"),
            (520, .unavailable, "down"), (999, .unavailable, "down"), (201, .unavailable, "no answer to"),
            (204, .unavailable, "no answer to"), (206, .unavailable, "no answer to"),
        ] as [(Int, Answer.Outcome, String)])
    func statusesOtherThan200SpeakForThemselves(status: Int, outcome: Answer.Outcome, word: String) {
        let endings: [HTTPAnswer.Ending] = [
            .whole, .overLimit(3), .brokenOff(TransportError(.timedOut, url: "", detail: "")),
        ]
        for body in ["", "<html>", #"{"skills":[],"activities":[]}"#] {
            for ending in endings {
                let answer = answer(HTTPAnswer(status: status, body: Array(body.utf8), ending: ending))
                #expect(answer.outcome == outcome)
                #expect(answer.reason?.contains("\(status)") == true)
                #expect(answer.reason?.contains(word) == true)
            }
        }
    }

    @Test(
        arguments: [
            // Pages.
            ("<!doctype html><p>down", "application/json", .unavailable, "HTML"),
            ("\n\t <HTML>", nil, .unavailable, "HTML"), ("\u{FEFF}<html>", nil, .unavailable, "HTML"),
            ("<?xml version='1.0'?>", "application/xml", .unavailable, "HTML"),
            ("We are down.", "text/html; charset=UTF-8", .unavailable, "HTML"),
            ("We are down.", "Application/XHTML+xml", .unavailable, "HTML"),
            // Nothing, or not all of it.
            ("", "application/json", .unavailable, "empty"), (" \r\n", nil, .unavailable, "empty"),
            ("\u{FEFF}", nil, .unavailable, "empty"), ("", "text/html", .unavailable, "empty"),
            (#"{"name":"Zed","skills":[{"id":0,"#, "application/json", .unavailable, "cut off"),
            (#"{"name":"Zed","skills":[],"activities":["#, nil, .unavailable, "cut off"),
            (#"{"skills":[],"activities":[{"name":"Zul"#, nil, .unavailable, "cut off"),
            // Whole, and no snapshot.
            ("{}", "application/json", .invalid, "skills or activities"), ("[]", nil, .invalid, "skills or activities"),
            ("null", nil, .invalid, "skills or activities"), ("17", nil, .invalid, "skills or activities"),
            (#"{"error":"maintenance"}"#, "text/html", .invalid, "skills or activities"),
            (#"{"skills":{},"activities":null}"#, nil, .invalid, "skills or activities"),
            (#"[{"skills":[]}]"#, nil, .invalid, "skills or activities"),
            (#"{"data":{"skills":[]}}"#, nil, .invalid, "skills or activities"),
            ("1,2277,4600000000\n1,99,200000000\n", "text/plain", .invalid, "no hiscore document"),
            ("Service temporarily unavailable", "text/plain", .invalid, "no hiscore document"),
            (#"{"skills":[]} trailing"#, nil, .invalid, "no hiscore document"),
            (#"{"skills":[],}"#, nil, .invalid, "no hiscore document"),
            (#"{"skills":[],"skills":[]}"#, nil, .invalid, "canonical form"),
            (#"{"skills":[],"activities":[],"x":9007199254740993}"#, nil, .invalid, ""),
            (#"{"skills":[],"x":1e400}"#, nil, .invalid, ""), (#"{"skills":[],"x":"\ud800"}"#, nil, .invalid, ""),
        ] as [(String, String?, Answer.Outcome, String)])
    func a200IsWhatItsBodyIs(body: String, type: String?, outcome: Answer.Outcome, word: String) {
        let answer = answer(body, type: type)
        #expect(answer.outcome == outcome)
        #expect(answer.reason?.contains(word) == true, "\(answer.reason ?? "no reason")")
        #expect(answer.http?.body == Array(body.utf8), "the evidence keeps the body")
    }

    @Test(arguments: [
        #"{"skills":[],"activities":[]}"#, #"{"skills":[]}"#, #"{"activities":[]}"#,
        #"{"skills":[],"activities":null}"#, #"{"activities":[{"new":true}],"later":{"deep":[1,2]}}"#,
        "\n {\"skills\" : [ 1 , \"x\" ] }\n",
    ])
    func anyObjectWithRowsIsASnapshot(body: String) throws {
        for type in ["application/json", "text/plain", "text/html;charset=ISO-8859-1", nil] {
            let answer = answer(body, type: type)
            #expect(answer.snapshot != nil)
            #expect(answer.reason == nil)
        }
    }

    @Test func aSnapshotComesCanonicalWithAndWithoutRanks() throws {
        let body = """
            {"skills": [{"xp": 4.6e9, "rank": 12, "name": "Overall", "level": 2277, "id": 0}],
             "rank": 7, "name": "Lynx\\u0020Titan", "activities": [{"rank": -1, "score": 0, "name": "Kree'Arra"}]}
            """
        let snapshot = try #require(answer(body).snapshot)
        #expect(
            String(decoding: snapshot.canonical, as: UTF8.self)
                == #"{"activities":[{"name":"Kree'Arra","rank":-1,"score":0}],"name":"Lynx Titan","rank":7,"#
                + #""skills":[{"id":0,"level":2277,"name":"Overall","rank":12,"xp":4600000000}]}"#)
        #expect(
            String(decoding: snapshot.progress, as: UTF8.self)
                == #"{"activities":[{"name":"Kree'Arra","score":0}],"name":"Lynx Titan","#
                + #""skills":[{"id":0,"level":2277,"name":"Overall","xp":4600000000}]}"#)
        #expect(snapshot.displayName == "Lynx Titan")
    }

    @Test(arguments: [#"{"skills":[]}"#, #"{"name":null,"skills":[]}"#, #"{"name":7,"skills":[]}"#])
    func aDocumentWithoutANameHasNone(body: String) throws {
        let snapshot = try #require(answer(body).snapshot)
        #expect(snapshot.displayName == nil)
    }

    @Test func aBodyThatIsNotWholeIsNoSnapshot() {
        let whole = #"{"skills":[],"activities":[]}"#
        let broken = answer(
            whole, ending: .brokenOff(TransportError(.brokenOff, url: "http://x", detail: "3 bytes left")))
        #expect(broken.outcome == .unavailable)
        #expect(broken.reason?.contains("only 29 bytes") == true)
        let oversized = answer(whole, ending: .overLimit(29))
        #expect(oversized.outcome == .unavailable)
        #expect(oversized.reason?.contains("limit of 29 bytes") == true)
    }

    @Test(arguments: TransportError.Code.allCases)
    func everyTransportErrorIsUnavailable(code: TransportError.Code) {
        let error = TransportError(code, url: "http://x/y", detail: "some words", latencyMilliseconds: 250)
        let answer = Answer(url: "http://x/y", response: .failure(error))
        #expect(answer.outcome == .unavailable)
        #expect(answer.reason == error.description)
        #expect(answer.reason?.contains("some words") == true)
        #expect(answer.http == nil && answer.redirect == nil && answer.retryAfter == nil)
        #expect(answer.latencyMilliseconds == 250)
    }

    @Test func theEvidenceNamesRedirectAndPatience() {
        let redirect = answer(HTTPAnswer(status: 302, location: "https://example.org/", latencyMilliseconds: 7))
        #expect(redirect.redirect == "https://example.org/")
        #expect(redirect.reason == "the service answered 302: a redirect to https://example.org/, as when it is down")
        #expect(redirect.latencyMilliseconds == 7)
        #expect(answer(HTTPAnswer(status: 201, location: "/new")).redirect == nil)
        let throttled = answer(HTTPAnswer(status: 429, retryAfter: "30"))
        #expect(throttled.retryAfter == .seconds(30))
        #expect(throttled.reason?.contains("Retry-After: 30") == true)
        #expect(answer(HTTPAnswer(status: 503, retryAfter: "soon")).retryAfter == nil)
    }
}
