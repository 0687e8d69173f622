import CanonicalJSON
public import CivilTime
public import Hiscores

/// What the mode cache knows of one account.
public struct ModeCacheEntry: Hashable, Sendable {
    /// What the account was found to be.
    public var standing: AccountStanding
    /// When that was last seen.
    public var updatedAt: Timestamp
    /// What it was found to be since, where that is doubtful (`AccountStanding.Change`) and was seen once only.
    public var suspected: AccountType?

    /// An entry of given parts.
    public init(standing: AccountStanding, updatedAt: Timestamp, suspected: AccountType? = nil) {
        (self.standing, self.updatedAt, self.suspected) = (standing, updatedAt, suspected)
    }

    /// How long an entry spares requests: a week, as Wise Old Man looks at types at most weekly; a day for a hardcore
    /// ironman, who can die.
    public static func lifetimeMilliseconds(of type: AccountType?) -> Int64 {
        type == .hardcore ? Timestamp.millisecondsPerDay : 7 * Timestamp.millisecondsPerDay
    }

    /// Whether it may be relied on. One from the future (a clock was set back), or with a doubt, may not.
    public func isTrusted(at now: Timestamp) -> Bool {
        let age = now.milliseconds(since: updatedAt)
        return suspected == nil && standing.type != nil && age >= 0
            && age < Self.lifetimeMilliseconds(of: standing.type)
    }
}

/// An entry as JSON. The earlier tool's `{"mode","updated_at"}` is one; what this program adds to it that tool passes
/// over.
extension ModeCacheEntry {
    /// The members that are written; all others are somebody else's.
    static let names: Set<JSONText> = [
        "mode", "updated_at", "dead", "deulted", "deironed", "boards", "frozen", "suspected",
    ]

    /// Reads an entry; nil where its mode is none that this program derives, or there is no date.
    init?(_ value: JSONValue) {
        guard let type = value["mode"]?.string.flatMap(Self.type(named:)),
            let updatedAt = value["updated_at"].flatMap(Self.moment)
        else { return nil }
        var standing = AccountStanding(type)
        standing.isDead = value["dead"]?.bool ?? false
        standing.isDeulted = value["deulted"]?.bool ?? false
        standing.isDeironed = value["deironed"]?.bool ?? false
        if let live = value["boards"]?.array { standing.liveBoards = Self.boards(live) }
        if let frozen = value["frozen"]?.array { standing.frozenBoards = Self.boards(frozen) }
        let suspected = value["suspected"]?.string.flatMap(Self.type(named:))
        self.init(standing: standing, updatedAt: updatedAt, suspected: suspected)
    }

    /// The members of the entry, the earlier tool's first.
    var members: [JSONMember] {
        var members = [
            JSONMember("mode", .text(standing.type.map(Self.name(of:)) ?? "")),
            JSONMember("updated_at", .text(updatedAt.description)),
            JSONMember("dead", .bool(standing.isDead)), JSONMember("deulted", .bool(standing.isDeulted)),
            JSONMember("deironed", .bool(standing.isDeironed)),
            JSONMember("boards", .array(standing.liveBoards.map { .text($0.rawValue) })),
            JSONMember("frozen", .array(standing.frozenBoards.map { .text($0.rawValue) })),
        ]
        if let suspected { members.append(JSONMember("suspected", .text(Self.name(of: suspected)))) }
        return members
    }

    /// The earlier tool's word for a type.
    private static func name(of type: AccountType) -> String { type == .regular ? "main" : type.rawValue }

    private static func type(named name: String) -> AccountType? {
        switch Board(name: name) {
        case .main: .regular
        case .ironman: .ironman
        case .hardcoreIronman: .hardcore
        case .ultimate: .ultimate
        default: nil
        }
    }

    private static func boards(_ values: [JSONValue]) -> [Board] {
        let named = Set(values.compactMap { $0.string.flatMap(Board.init(name:)) })
        return AccountEvidence.boards.filter(named.contains)
    }

    /// RFC 3339; as Python's `isoformat` writes it, perhaps without an offset, which then means UTC; or Unix seconds.
    private static func moment(_ value: JSONValue) -> Timestamp? {
        if let text = value.string { return Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + "Z") }
        return value.number.flatMap { Int64(exactly: ($0 * 1000).rounded()) }
            .flatMap(Timestamp.init(millisecondsSinceEpoch:))
    }
}
