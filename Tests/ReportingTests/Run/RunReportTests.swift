import CanonicalJSON
import CivilTime
import Diffing
import Hiscores
import Reporting
import Testing

@testable import Archive

@Suite("What a run of captures came to")
struct RunReportTests {
    private let report = RunReport(
        run: "00ff00ff00ff00ff", startedAt: Samples.moment("2026-01-08T00:00:00Z"),
        endedAt: Samples.moment("2026-01-08T00:00:14.250Z"),
        items: [
            RunReport.Item(
                player: Samples.player(), board: .main, outcome: .stored, attempts: 2, bytes: 6_639,
                durationMilliseconds: 1_205, lastSuccess: Samples.moment("2026-01-08T00:00:02Z")),
            RunReport.Item(
                player: Samples.player("zezima"), board: .hardcoreIronman, outcome: .notFound, attempts: 1, bytes: 0,
                durationMilliseconds: 90, lastSuccess: nil),
        ])

    @Test("One line says how much, how long and how it ended")
    func summary() {
        #expect(
            report.summary == "Captured 1 of 2 boards in 14 s 250 ms with 3 requests: 1 stored, 1 not found")
        let empty = RunReport(run: "", startedAt: report.endedAt, endedAt: report.startedAt, items: [])
        #expect(empty.summary == "Captured 0 of 0 boards in 0 s with 0 requests")
    }

    @Test("Metrics in the text format of Prometheus, to the byte")
    func prometheus() {
        #expect(
            PrometheusText.page(report) == """
                # HELP osrs_archive_run_start_timestamp_seconds When the last run began.
                # TYPE osrs_archive_run_start_timestamp_seconds gauge
                osrs_archive_run_start_timestamp_seconds 1767830400.000
                # HELP osrs_archive_run_end_timestamp_seconds When the last run ended.
                # TYPE osrs_archive_run_end_timestamp_seconds gauge
                osrs_archive_run_end_timestamp_seconds 1767830414.250
                # HELP osrs_archive_run_duration_seconds How long the last run took.
                # TYPE osrs_archive_run_duration_seconds gauge
                osrs_archive_run_duration_seconds 14.250
                # HELP osrs_archive_run_requests Requests of the last run.
                # TYPE osrs_archive_run_requests gauge
                osrs_archive_run_requests 3
                # HELP osrs_archive_run_answer_bytes Bytes in the answers of the last run.
                # TYPE osrs_archive_run_answer_bytes gauge
                osrs_archive_run_answer_bytes 6639
                # HELP osrs_archive_run_boards Boards that the last run asked, by how they ended.
                # TYPE osrs_archive_run_boards gauge
                osrs_archive_run_boards{outcome="stored"} 1
                osrs_archive_run_boards{outcome="unchanged"} 0
                osrs_archive_run_boards{outcome="ranks_only"} 0
                osrs_archive_run_boards{outcome="not_found"} 1
                osrs_archive_run_boards{outcome="unavailable"} 0
                osrs_archive_run_boards{outcome="throttled"} 0
                osrs_archive_run_boards{outcome="invalid"} 0
                # HELP osrs_archive_capture_last_success_timestamp_seconds When the newest snapshot of the account was captured.
                # TYPE osrs_archive_capture_last_success_timestamp_seconds gauge
                osrs_archive_capture_last_success_timestamp_seconds{player="lynx_titan",board="main"} 1767830402.000
                # HELP osrs_archive_capture_success Whether the last run brought a snapshot of the account.
                # TYPE osrs_archive_capture_success gauge
                osrs_archive_capture_success{player="lynx_titan",board="main"} 1
                osrs_archive_capture_success{player="zezima",board="hardcore_ironman"} 0
                # HELP osrs_archive_capture_outcome How the last run ended for the account: 1 for that outcome.
                # TYPE osrs_archive_capture_outcome gauge
                osrs_archive_capture_outcome{player="lynx_titan",board="main",outcome="stored"} 1
                osrs_archive_capture_outcome{player="zezima",board="hardcore_ironman",outcome="not_found"} 1
                # HELP osrs_archive_capture_requests Requests of the last run for the account.
                # TYPE osrs_archive_capture_requests gauge
                osrs_archive_capture_requests{player="lynx_titan",board="main"} 2
                osrs_archive_capture_requests{player="zezima",board="hardcore_ironman"} 1
                # HELP osrs_archive_capture_answer_bytes Bytes in the answers of the last run for the account.
                # TYPE osrs_archive_capture_answer_bytes gauge
                osrs_archive_capture_answer_bytes{player="lynx_titan",board="main"} 6639
                osrs_archive_capture_answer_bytes{player="zezima",board="hardcore_ironman"} 0
                # HELP osrs_archive_capture_duration_seconds From the first request of the last run for the account to the last answer.
                # TYPE osrs_archive_capture_duration_seconds gauge
                osrs_archive_capture_duration_seconds{player="lynx_titan",board="main"} 1.205
                osrs_archive_capture_duration_seconds{player="zezima",board="hardcore_ironman"} 0.090

                """)
    }

    @Test("Without names no player and no board stands in the metrics")
    func namesLeftOut() {
        let page = PrometheusText.page(report, names: false)
        #expect(page.contains("osrs_archive_run_boards{outcome=\"not_found\"} 1\n"))
        for name in ["lynx", "zezima", "main", "hardcore"] { #expect(!page.contains(name)) }
    }

    @Test("A label's value cannot end the line it stands in")
    func escapedLabels() {
        let item = RunReport.Item(
            player: Samples.player("a\\b\"c"), board: .main, outcome: .stored, attempts: 1, bytes: 1,
            durationMilliseconds: 1, lastSuccess: nil)
        let page = PrometheusText.page(
            RunReport(run: "", startedAt: report.startedAt, endedAt: report.endedAt, items: [item]))
        #expect(page.contains("capture_success{player=\"a\\\\b\\\"c\",board=\"main\"} 1\n"))
    }
}

@Suite("What somebody wants to hear of at once")
struct CaptureEventTests {
    private let observation = Samples.success().observation

    @Test("Levels, 99, first kills; nothing of rows that only became known, nothing of a first snapshot")
    func gains() {
        let events = CaptureEvent.events(of: observation, Samples.diff)
        #expect(events.map(\.kind) == [.level(skill: "Magic", from: 70, to: 71)])
        #expect(CaptureEvent.events(of: observation, HiscoreDiff(from: nil, to: Samples.after)).isEmpty)

        let before = HiscoreDocument(
            name: nil, skills: [SkillRow(id: 1, name: "Magic", rank: 5, level: 97, xp: 1)],
            activities: [
                ActivityRow(id: 0, name: "Zulrah", rank: -1, score: -1),
                ActivityRow(id: 1, name: "TzKal-Zuk", rank: 9, score: 0),
                ActivityRow(id: 2, name: "Soul Wars Zeal", rank: -1, score: -1),
            ])
        let after = HiscoreDocument(
            name: nil, skills: [SkillRow(id: 1, name: "Magic", rank: 5, level: 99, xp: 2)],
            activities: [
                ActivityRow(id: 0, name: "Zulrah", rank: 70, score: 5),
                ActivityRow(id: 1, name: "TzKal-Zuk", rank: 9, score: 1),
                ActivityRow(id: 2, name: "Soul Wars Zeal", rank: 8, score: 200),
            ])
        #expect(
            CaptureEvent.events(of: observation, HiscoreDiff(from: before, to: after)).map(\.kind) == [
                .level99(skill: "Magic", from: 97), .firstKill(boss: "Zulrah", kills: 5),
                .firstKill(boss: "TzKal-Zuk", kills: 1),
            ])
    }

    @Test("Failures in a row are told of at the third and at every doubling")
    func failures() {
        let told = (1...100).filter { CaptureEvent.failing(observation, times: $0) != nil }
        #expect(told == [3, 6, 12, 24, 48, 96])
        #expect(CaptureEvent.failing(observation, times: 0) == nil)
        #expect(CaptureEvent.failing(observation, times: .max) == nil)
    }

    @Test("Every line has every key")
    func lines() {
        func line(_ kind: CaptureEvent.Kind) -> String {
            String(decoding: CaptureEvent(observation, kind).json.compactBytes(), as: UTF8.self)
        }
        let head =
            #""player":"lynx_titan","display_name":"Lynx Titan","board":"main","captured_at":"2026-01-08T00:00:00.000Z","#
        #expect(
            line(.level(skill: "Magic", from: 70, to: 71))
                == #"{"schema":1,"event":"level",\#(head)"metric":"Magic","from":70,"to":71,"times":null,"reason":null}"#
        )
        #expect(
            line(.level99(skill: "Magic", from: 98))
                == #"{"schema":1,"event":"level_99",\#(head)"metric":"Magic","from":98,"to":99,"times":null,"reason":null}"#
        )
        #expect(
            line(.firstKill(boss: "Zulrah", kills: 5))
                == #"{"schema":1,"event":"first_kill",\#(head)"metric":"Zulrah","from":null,"to":5,"times":null,"reason":null}"#
        )
        #expect(
            line(.failing(times: 3, reason: "down"))
                == #"{"schema":1,"event":"failing",\#(head)"metric":null,"from":null,"to":null,"times":3,"reason":"down"}"#
        )
        #expect(
            line(.nameChangedHands)
                == #"{"schema":1,"event":"name_changed_hands",\#(head)"metric":null,"from":null,"to":null,"times":null,"reason":null}"#
        )
    }
}

@Suite("The picture of a run while it goes on")
struct LiveTableTests {
    private let rows = [
        LiveTable.Row(place: "main/a", state: .waiting),
        LiveTable.Row(place: "main/lynx_titan", state: .asking(attempt: 2)),
        LiveTable.Row(place: "ironman/b", state: .again(milliseconds: 4_000, after: .throttled)),
        LiveTable.Row(place: "main/c", state: .done(.stored, detail: "ΔXP 12.00K")),
        LiveTable.Row(place: "main/d", state: .done(.notFound, detail: "")),
    ]

    @Test("A row for each account, then how far it is")
    func whole() {
        let table = LiveTable(rows: rows, pace: 0.5, millisecondsLeft: 6_000)
        #expect(
            table.lines(width: 79, height: 6) == [
                "main/a           waiting",
                "main/lynx_titan  asking, attempt 2",
                "ironman/b        throttled, again in 4 s",
                "main/c           stored: ΔXP 12.00K",
                "main/d           not found",
                "2/5 boards, 1 failed, pace 0.5 a second, some 6 s left",
            ])
    }

    @Test("Where not all fit, what happens comes first; no line is wider than the terminal")
    func narrow() {
        let table = LiveTable(rows: rows, pace: 1, millisecondsLeft: nil)
        #expect(
            table.lines(width: 24, height: 4) == [
                "main/lynx_titan  asking…", "ironman/b        thrott…", "main/d           not fo…",
                "2/5 boards, 1 failed, p…",
            ])
        #expect(table.lines(width: 24, height: 1) == ["2/5 boards, 1 failed, p…"])
        for width in 0...40 {
            for line in table.lines(width: width, height: 9) { #expect(line.count <= max(width, 0)) }
        }
    }
}
