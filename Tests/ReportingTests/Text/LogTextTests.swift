import Diffing
import Reporting
import Testing

@testable import Archive

@Suite("Observations for people")
struct LogTextTests {
    private let brought = LogText.Brought(Samples.diff, Samples.ends)
    private let summary =
        "ΔXP 12.35K | Levels: Magic(+1) | Activities: Zulrah(+15), LMS - Rank(-7) | Ranked: Hunter | "
        + "Unranked: Mimic | New rows: Sailing, Grid Points | Removed rows: Old Row"

    @Test("A block, with the change where the caller gives one")
    func block() {
        let plain = """
            snapshot b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2
            Player:  Lynx Titan (lynx_titan)
            Board:   main
            Date:    2026-01-08 00:00:00 UTC
            Outcome: stored
            """
        #expect(LogText.block(Samples.success(), outcome: .stored) == plain)
        #expect(
            LogText.block(Samples.success(), outcome: .stored, brought: brought) == "\(plain)\n\n    \(summary)")
        let stat = LogText.block(
            Samples.success(), outcome: .stored, brought: .init(Samples.diff, Samples.ends, detail: .stat))
        #expect(stat.hasPrefix("\(plain)\n\n    XP gained      +12,345 (73 per hour)\n    levels gained  +1\n"))
        let table = LogText.block(
            Samples.success(), outcome: .stored, brought: .init(Samples.diff, Samples.ends, detail: .table(.play)))
        #expect(table.hasPrefix("\(plain)\n\n    Skills           Rank  Change"))
        #expect(table.contains("\n\n    Layout\n      added       Sailing"))
        let first = LogText.Brought(HiscoreDiff(from: nil, to: Samples.after), Samples.first, detail: .table(.play))
        #expect(
            LogText.block(Samples.success(), outcome: .stored, brought: first)
                .hasPrefix("\(plain)\n\n    first capture: there is nothing before to compare with\n\n    Skills "))
    }

    @Test("A failure has a reason, and what sets an observation apart is marked")
    func failure() {
        #expect(
            LogText.block(Samples.failure(.unavailable), outcome: .unavailable) == """
                no snapshot (record dddddddddddd)
                Player:  lynx_titan
                Board:   main
                Date:    2026-01-09 12:30:15.250 UTC
                Outcome: unavailable
                Reason:  the service answered 503
                """)
        let redirected = Evidence(httpStatus: 302, redirect: "https://x/\u{1B}]0;", clockIsSet: true)
        let block = LogText.block(Samples.failure(.unavailable, evidence: redirected), outcome: .unavailable)
        #expect(block.hasPrefix("no snapshot (record dddddddddddd) [clock set]\n"))
        #expect(block.hasSuffix("\nReason:  HTTP 302, redirected to https://x/\\u{1B}]0;"))
        let page = Evidence(httpStatus: 200, error: "the answer is an HTML page of 2001 bytes", redirect: "/main-page")
        #expect(
            LogText.line(Samples.failure(.unavailable, evidence: page), outcome: .unavailable).hasSuffix(
                " unavailable HTTP 200: the answer is an HTML page of 2001 bytes, redirected to /main-page"))
        let told = Evidence(
            httpStatus: 302, error: "the service answered 302: a redirect to /main-page", redirect: "/main-page")
        #expect(
            LogText.line(Samples.failure(.unavailable, evidence: told), outcome: .unavailable).hasSuffix(
                " unavailable the service answered 302: a redirect to /main-page"))
        let bare = LogText.block(Samples.failure(.notFound, evidence: Evidence()), outcome: .notFound)
        #expect(bare.hasSuffix("\nOutcome: not found"))
        let suspected = Samples.success(evidence: Evidence(clockIsSet: true, suspicions: ["changed_hands"]))
        #expect(LogText.line(suspected, outcome: .stored).hasSuffix("stored [clock set] [changed hands]"))
        let imputed = Samples.success(evidence: Evidence(provenance: ["derived", "imputed"]))
        #expect(LogText.line(imputed, outcome: .stored).hasSuffix(" stored [derived] [imputed]"))
    }

    @Test("One line")
    func line() {
        #expect(
            LogText.line(Samples.success(), outcome: .stored, brought: brought)
                == "b2b2b2b2b2b2 2026-01-08 00:00:00 UTC main/lynx_titan stored \(summary)")
        #expect(
            LogText.line(Samples.success(), outcome: .unchanged)
                == "b2b2b2b2b2b2 2026-01-08 00:00:00 UTC main/lynx_titan unchanged")
        #expect(
            LogText.line(Samples.failure(.throttled), outcome: .throttled)
                == "------------ 2026-01-09 12:30:15.250 UTC main/lynx_titan throttled the service answered 503"
        )
    }

    @Test("A line a captured board, with what to do after a failure")
    func capture() {
        #expect(
            CaptureText.line(Samples.success(), outcome: .stored, attempts: 1, diff: Samples.diff)
                == "main/lynx_titan stored b2b2b2b2b2b2 in 1,120 ms: \(summary)")
        #expect(
            CaptureText.line(Samples.success(), outcome: .unchanged, attempts: 2, diff: nil)
                == "main/lynx_titan unchanged b2b2b2b2b2b2 in 1,120 ms after 2 attempts")
        #expect(
            CaptureText.line(
                Samples.success(evidence: Evidence(clockIsSet: true)), outcome: .stored, attempts: 1,
                diff: HiscoreDiff(from: nil, to: Samples.after))
                == "main/lynx_titan stored b2b2b2b2b2b2 [clock set]: Initial snapshot.")
        #expect(
            CaptureText.line(Samples.failure(.unavailable), outcome: .unavailable, attempts: 3, diff: nil)
                == "main/lynx_titan unavailable (the service answered 503, in 80 ms after 3 attempts): "
                + "capture again later")
        let throttled = Samples.failure(.throttled, evidence: Evidence())
        let habit = "ask less often: make intervals longer, or lower --pace"
        #expect(
            CaptureText.line(throttled, outcome: .throttled, attempts: 1, diff: nil)
                == "main/lynx_titan throttled: \(habit)")
        #expect(
            CaptureText.line(
                throttled, outcome: .throttled, attempts: 1, diff: nil, earliest: Samples.moment("2026-01-09T14:00:00Z")
            )
                == "main/lynx_titan throttled: capture again after 2026-01-09 14:00:00 UTC, and \(habit)")
        let unknown = Samples.failure(.notFound, evidence: Evidence())
        #expect(
            CaptureText.line(unknown, outcome: .notFound, attempts: 1, diff: nil)
                == "main/lynx_titan not found: check the spelling, or try another --board")
    }

    @Test("Outcomes have colours", arguments: Outcome.allCases)
    func colours(outcome: Outcome) {
        let line = LogText.line(Samples.success(), outcome: outcome, style: Style(isColoured: true))
        let words = outcome.rawValue.split(separator: "_").joined(separator: " ")
        #expect(line.contains("m\(words)\u{1B}[0m"))
    }
}
