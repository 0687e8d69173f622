public import Archive

/// The picture of a run while it goes on: a row for each account, and how far it is. When and where to draw it is the
/// command's affair.
public struct LiveTable: Hashable, Sendable {
    /// Where an account stands.
    public enum State: Hashable, Sendable {
        /// Its turn has not come.
        case waiting
        /// It is being asked for the `attempt`th time.
        case asking(attempt: Int)
        /// It will be asked again in so many milliseconds; how the last attempt ended.
        case again(milliseconds: Int64, after: Outcome)
        /// It was answered; what that brings is known once it is kept.
        case answered
        /// It failed, and is not asked about again.
        case failed(Outcome)
    }

    /// One account on one board.
    public struct Row: Hashable, Sendable {
        /// `main/lynx_titan`.
        public let place: String
        /// Where it stands.
        public let state: State

        /// A row of given parts.
        public init(place: String, state: State) { (self.place, self.state) = (place, state) }
    }

    /// The accounts in their order.
    public let rows: [Row]
    /// Requests a second that are allowed.
    public let pace: Double
    /// Milliseconds until all are done, as far as that can be told.
    public let millisecondsLeft: Int64?

    /// A picture of given parts.
    public init(rows: [Row], pace: Double, millisecondsLeft: Int64?) {
        (self.rows, self.pace, self.millisecondsLeft) = (rows, pace, millisecondsLeft)
    }

    /// The lines that fit into `width` columns and `height` lines: the accounts first, the line of how far it is last.
    /// Where not all fit, those stand there that something happens to, then failures, then what is done, then what
    /// waits; each in its order.
    public func lines(width: Int, height: Int, style: Style = .plain) -> [String] {
        let room = max(0, height - 1)
        let shown: [Row]
        if rows.count <= room {
            shown = rows
        } else {
            let chosen = rows.indices.sorted { (Self.urgency(rows[$0].state), $0) < (Self.urgency(rows[$1].state), $1) }
            shown = chosen.prefix(room).sorted().map { rows[$0] }
        }
        let placeWidth = shown.map { DisplayWidth.of(Printable.text($0.place)) }.max() ?? 0
        let lines = shown.map { row -> String in
            let place = Printable.text(row.place)
            let gap = String(repeating: " ", count: max(0, placeWidth - DisplayWidth.of(place)) + 2)
            let room = width - placeWidth - 2
            guard room > 0 else { return DisplayWidth.cut(place, to: width) }
            let (words, role) = Self.words(row.state)
            return place + gap + style.paint(DisplayWidth.cut(words, to: room), role)
        }
        return lines + [DisplayWidth.cut(progress, to: width)]
    }

    /// `3/500 boards, 1 failed, pace 1 a second, some 8 min 17 s left`.
    private var progress: String {
        let failed = rows.count { if case .failed = $0.state { true } else { false } }
        let ended = rows.count { $0.state == .answered } + failed
        var parts = ["\(Numbers.grouped(ended))/\(Numbers.count(rows.count, "board"))"]
        if failed > 0 { parts.append("\(Numbers.grouped(failed)) failed") }
        parts.append("pace \(Self.number(pace)) a second")
        if ended < rows.count, let millisecondsLeft {
            parts.append("some \(Times.span(milliseconds: millisecondsLeft)) left")
        }
        return parts.joined(separator: ", ")
    }

    /// A number without decimals that say nothing.
    private static func number(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? String(Int64(value)) : String(value)
    }

    /// What is shown first where not everything can be.
    private static func urgency(_ state: State) -> Int {
        switch state {
        case .asking: 0
        case .again: 1
        case .failed: 2
        case .answered: 3
        case .waiting: 4
        }
    }

    private static func words(_ state: State) -> (String, Style.Role) {
        switch state {
        case .waiting: ("waiting", .muted)
        case .asking(let attempt): (attempt > 1 ? "asking, attempt \(attempt)" : "asking", .plain)
        case .again(let wait, let outcome):
            ("\(outcome.words), again in \(Times.span(milliseconds: wait))", .caution)
        case .answered: ("answered", .gain)
        case .failed(let outcome): (outcome.words, outcome.role)
        }
    }
}
