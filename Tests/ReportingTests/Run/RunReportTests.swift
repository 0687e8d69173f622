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
                # HELP osrs_archive_capture_success Whether the last capture of the account brought a snapshot.
                # TYPE osrs_archive_capture_success gauge
                osrs_archive_capture_success{player="lynx_titan",board="main"} 1
                osrs_archive_capture_success{player="zezima",board="hardcore_ironman"} 0
                # HELP osrs_archive_capture_outcome How the last capture of the account ended: 1 for that outcome.
                # TYPE osrs_archive_capture_outcome gauge
                osrs_archive_capture_outcome{player="lynx_titan",board="main",outcome="stored"} 1
                osrs_archive_capture_outcome{player="zezima",board="hardcore_ironman",outcome="not_found"} 1
                # HELP osrs_archive_capture_requests Requests of the last capture of the account.
                # TYPE osrs_archive_capture_requests gauge
                osrs_archive_capture_requests{player="lynx_titan",board="main"} 2
                osrs_archive_capture_requests{player="zezima",board="hardcore_ironman"} 1
                # HELP osrs_archive_capture_answer_bytes Bytes in the last answer for the account.
                # TYPE osrs_archive_capture_answer_bytes gauge
                osrs_archive_capture_answer_bytes{player="lynx_titan",board="main"} 6639
                osrs_archive_capture_answer_bytes{player="zezima",board="hardcore_ironman"} 0
                # HELP osrs_archive_capture_duration_seconds How long the last answer for the account took.
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
