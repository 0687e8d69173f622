/// What the intervals of all accounts ask of the service, against what the pace allows.
public struct CaptureLoad: Hashable, Sendable {
    /// Requests a minute that the intervals need, on average and without retries.
    public let needed: Double
    /// Requests a minute that the pace allows.
    public let allowed: Double

    /// The load of accounts, each with how many boards are asked for and every how many minutes, at a pace of so many
    /// requests a second.
    public init(_ accounts: some Sequence<(boards: Int, intervalMinutes: Int)>, pacePerSecond: Double) {
        needed = accounts.reduce(0) { $0 + Double($1.boards) / Double(max(1, $1.intervalMinutes)) }
        allowed = pacePerSecond * 60
    }

    /// The load of the entries that are not paused. One whose board is to be found out counts as one board: it is at
    /// least that.
    public init(_ entries: [AccountEntry], defaultIntervalMinutes: Int, pacePerSecond: Double) {
        self.init(
            entries.lazy.filter { !$0.isPaused }.map { (1, $0.intervalMinutes ?? defaultIntervalMinutes) },
            pacePerSecond: pacePerSecond)
    }

    /// Whether more is needed than allowed: then captures fall behind.
    public var isTooMuch: Bool { needed > allowed }

    /// What to say where it is too much: `the intervals need 66.7 requests a minute, …`.
    public var warning: String {
        "the intervals of the accounts need \(Self.text(needed)) requests a minute and the pace allows "
            + "\(Self.text(allowed)): captures will be late; make intervals longer or pause accounts"
    }

    /// With one decimal, rounded up where needed, so that too much never looks like enough.
    private static func text(_ number: Double) -> String {
        let tenths = Int(min((number * 10).rounded(.up), 1e15))
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
