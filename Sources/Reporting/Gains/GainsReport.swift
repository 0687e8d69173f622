public import CivilTime
import Diffing
import Hiscores

/// What several accounts gained in a time, for people and spreadsheets. Lines are joined by line feeds, none at the end.
public struct GainsReport: Hashable, Sendable {
    let row: MetricRow
    let since: Timestamp
    let until: Timestamp
    let gains: [PlayerGains]

    /// What was gained in a row from `since` to `until`, in the order in which it shall stand.
    public init(_ gains: [PlayerGains], in row: MetricRow, since: Timestamp, until: Timestamp) {
        (self.gains, self.row, self.since, self.until) = (gains, row, since, until)
    }

    /// Of what and of which time, and a line a player.
    public func text(style: Style = .plain) -> String {
        ([style.paint(Printable.text(title), .heading), "  " + period, ""] + table.lines(style))
            .joined(separator: "\n")
    }

    /// The same, to be pasted into a chat or an issue.
    public var markdown: String {
        (["### \(MarkdownTable.escaped(title))", "", period, ""] + MarkdownTable(table).lines).joined(separator: "\n")
    }

    /// The titles of the columns of `csv`.
    public static let header =
        "player,display_name,board,metric,start_at,start_rank,start_level,start_value,"
        + "end_at,end_rank,end_level,end_value,gained,coverage"

    /// A header and a line a player (RFC 4180). Numbers are as served, empty where absent or unknown.
    public var csv: String {
        let lines = gains.map { gains in
            let (rank, level, value) = (gains.metric?.rank, gains.metric?.level, gains.metric?.value)
            let numbers = [
                [gains.start?.capturedAt.description, rank?.from?.text, level?.from?.text, value?.from?.text],
                [gains.end?.capturedAt.description, rank?.to?.text, level?.to?.text, value?.to?.text],
                [gains.gained?.text],
            ]
            return CSVLine.text(
                [gains.player.key, Printable.text(gains.displayName ?? ""), gains.board?.rawValue ?? "", row.name]
                    + numbers.joined().map { $0 ?? "" } + [gains.coverage.rawValue])
        }
        return ([Self.header] + lines).joined(separator: "\n")
    }

    private var title: String { "Gained: \(row.name)" }

    private var period: String { "\(Times.moment(since)) to \(Times.moment(until))" }

    private var table: TextTable {
        TextTable(
            [
                ("Player", .leading), ("Board", .leading), ("Start", .trailing), ("End", .trailing),
                ("Gained", .trailing), ("From", .leading), ("To", .leading), ("Coverage", .leading),
            ], rows: gains.map(cells))
    }

    private func cells(_ gains: PlayerGains) -> [TextTable.Cell] {
        let gained = gains.gained
        let role: Style.Role = (gained ?? 0) > 0 ? .gain : (gained ?? 0) < 0 ? .fall : .muted
        return [
            .init(gains.displayName ?? gains.player.key), .init(gains.board?.rawValue ?? ""),
            .init(Self.value(gains.metric?.value.from)), .init(Self.value(gains.metric?.value.to)),
            .init(gained.map { Numbers.signed($0) } ?? "-", role),
            .init(Times.moment(gains.start?.capturedAt), .muted), .init(Times.moment(gains.end?.capturedAt), .muted),
            .init(gains.coverage.words, gains.coverage == .full ? .plain : .caution),
        ]
    }

    /// A number as served; `-` for what the service does not tell.
    private static func value(_ number: Int64??) -> String {
        guard let number = number ?? nil, number >= 0 else { return "-" }
        return Numbers.grouped(number)
    }
}

extension Int64 {
    fileprivate var text: String { String(self) }
}

extension PlayerGains.Coverage {
    /// For people.
    fileprivate var words: String {
        switch self {
        case .full: "full"
        case .sinceFirstCapture: "since first capture"
        case .noCapture: "no capture in this time"
        }
    }
}
