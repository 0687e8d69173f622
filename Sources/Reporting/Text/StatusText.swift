import CivilTime

/// How accounts stand, for people.
public enum StatusText {
    /// A table of accounts.
    public static func table(_ reports: [AccountReport], style: Style = .plain) -> String {
        TextTable(
            [
                ("Account", .leading), ("Board", .leading), ("State", .leading), ("Last ok", .leading),
                ("Last attempt", .leading), ("Every", .leading), ("Due", .leading), ("What is wrong", .leading),
            ], rows: reports.map(row)
        ).lines(style).joined(separator: "\n")
    }

    private static func row(_ report: AccountReport) -> [TextTable.Cell] {
        let role: Style.Role =
            switch report.state {
            case _ where report.isOverdue: .failure
            case "ok": .gain
            case "paused": .muted
            default: .caution
            }
        return [
            .init(report.name), .init(report.board),
            .init(report.state + (report.isOverdue ? ", overdue" : ""), role),
            .init(Times.moment(report.lastSuccess)), .init(Times.moment(report.lastAttempt), .muted),
            .init(Times.span(minutes: report.intervalMinutes)), .init(Times.moment(report.due)),
            .init(wrong(report), report.failures == nil ? .plain : .caution),
        ]
    }

    private static func wrong(_ report: AccountReport) -> String {
        switch report.state {
        case "paused": ""
        case "never": "never tried"
        default: (report.problem ?? (report.isOverdue ? "nobody captures it" : "")) + advice(report)
        }
    }

    /// What to do about a name that no board lists.
    private static func advice(_ report: AccountReport) -> String {
        guard report.isNotFound else { return "" }
        if report.lastSuccess == nil { return ": check the spelling and the board" }
        return report.state == "gone"
            ? ": renamed or banned? list its new name and join both with `rename`, or pause it"
            : ": if it was renamed, list its new name and join both with `rename`"
    }

    /// One line on all of them: `12 accounts: 10 ok, 1 failing, 1 paused; 1 overdue`.
    public static func summary(_ reports: [AccountReport]) -> String {
        let states = ["ok", "never", "failing", "gone", "paused"].compactMap { state -> String? in
            let count = reports.count { $0.state == state }
            return count == 0 ? nil : "\(Numbers.grouped(count)) \(state == "never" ? "never tried" : state)"
        }
        let overdue = reports.count(where: \.isOverdue)
        return Numbers.count(reports.count, "account") + (states.isEmpty ? "" : ": ")
            + states.joined(separator: ", ") + (overdue == 0 ? "" : "; \(Numbers.grouped(overdue)) overdue")
    }
}
