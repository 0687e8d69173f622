import Archive
import CivilTime
import Hiscores

/// A run as metrics for Prometheus, in the text format that the textfile collector of node_exporter reads
/// (https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4).
public enum PrometheusText {
    /// The page for a run; it takes the place of the page of the run before. Of `accounts`, the newest item of each
    /// account and board, where they are not those of the run, each has samples of its own. Without `names` no player and
    /// no board stands in it, only sums.
    public static func page(_ report: RunReport, accounts: [RunReport.Item]? = nil, names: Bool = true) -> String {
        let accounts = accounts ?? report.items
        var page = Page()
        page.family(
            "run_start_timestamp_seconds", "When the last run began.", [Sample(seconds(report.startedAt))])
        page.family("run_end_timestamp_seconds", "When the last run ended.", [Sample(seconds(report.endedAt))])
        page.family(
            "run_duration_seconds", "How long the last run took.",
            [Sample(seconds(milliseconds: report.durationMilliseconds))])
        page.family("run_requests", "Requests of the last run.", [Sample("\(report.attempts)")])
        page.family("run_answer_bytes", "Bytes in the answers of the last run.", [Sample("\(report.bytes)")])
        page.family(
            "run_boards", "Boards that the last run asked, by how they ended.",
            Outcome.allCases.map { Sample("\(report.count($0))", [("outcome", $0.rawValue)]) })
        guard names else { return page.text }
        page.family(
            "capture_last_success_timestamp_seconds", "When the newest snapshot of the account was captured.",
            accounts.compactMap { item in item.lastSuccess.map { Sample(seconds($0), labels(item)) } })
        page.family(
            "capture_success", "Whether the last capture of the account brought a snapshot.",
            accounts.map { Sample($0.outcome.isFailure ? "0" : "1", labels($0)) })
        page.family(
            "capture_outcome", "How the last capture of the account ended: 1 for that outcome.",
            accounts.map { Sample("1", labels($0) + [("outcome", $0.outcome.rawValue)]) })
        page.family(
            "capture_requests", "Requests of the last capture of the account.",
            accounts.map { Sample("\($0.attempts)", labels($0)) })
        page.family(
            "capture_answer_bytes", "Bytes in the last answer for the account.",
            accounts.compactMap { item in item.bytes.map { Sample("\($0)", labels(item)) } })
        page.family(
            "capture_duration_seconds", "How long the last answer for the account took.",
            accounts.compactMap { item in
                item.durationMilliseconds.map { Sample(seconds(milliseconds: $0), labels(item)) }
            })
        return page.text
    }

    private static func labels(_ item: RunReport.Item) -> [(String, String)] {
        [("player", item.player.key), ("board", item.board.rawValue)]
    }

    private static func seconds(_ moment: Timestamp) -> String {
        seconds(milliseconds: moment.millisecondsSinceEpoch)
    }

    /// Milliseconds as seconds with three decimals, exact.
    private static func seconds(milliseconds: Int64) -> String {
        let (whole, rest) = milliseconds.magnitude.quotientAndRemainder(dividingBy: 1000)
        return "\(milliseconds < 0 ? "-" : "")\(whole).\(String(rest + 1000).dropFirst())"
    }

    /// One value with its labels.
    private struct Sample {
        let value: String
        let labels: [(name: String, value: String)]

        init(_ value: String, _ labels: [(String, String)] = []) { (self.value, self.labels) = (value, labels) }
    }

    /// The page as it grows: families of samples, each under its help and type.
    private struct Page {
        var text = ""

        mutating func family(_ name: String, _ help: String, _ samples: [Sample]) {
            guard !samples.isEmpty else { return }
            let name = "osrs_archive_\(name)"
            text += "# HELP \(name) \(help)\n# TYPE \(name) gauge\n"
            for sample in samples {
                let labels = sample.labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
                text += "\(name)\(labels.isEmpty ? "" : "{\(labels)}") \(sample.value)\n"
            }
        }

        /// A label's value: backslash, quote and line feed are escaped.
        static func escaped(_ value: String) -> String {
            var text = ""
            for scalar in value.unicodeScalars {
                switch scalar {
                case "\\": text += "\\\\"
                case "\"": text += "\\\""
                case "\n": text += "\\n"
                default: text.unicodeScalars.append(scalar)
                }
            }
            return text
        }
    }
}
