public import CanonicalJSON
public import CivilTime
public import Hiscores

/// A made-up player. What the hiscores say about it at a moment follows from its name, its seed and that moment alone;
/// experience and kills never fall.
///
/// The first question about a moment costs under a microsecond for each day since 2024 (or since the account's start)
/// in a release build; later ones some tens of microseconds wherever they fall. Copies share that work.
public struct SimulatedPlayer: Sendable {
    /// The name as the hiscores show it.
    public let displayName: String
    /// The name under which it is found.
    public let name: PlayerName
    /// What kind of account it is.
    public let kind: AccountKind
    /// The moment from which it is listed, where it is a new account.
    public let start: Timestamp?

    private let career: Career

    /// A player of a chosen kind. With a `start`, a new account that begins there with nothing; without, one that was
    /// there on 2024-01-01 with years behind it, and is not listed before. Nil for a name with nothing in it.
    public init?(name text: String, kind: AccountKind, start: Timestamp? = nil, seed: UInt64) {
        guard let name = PlayerName(normalising: text) else { return nil }
        (displayName, self.name, self.kind, self.start) = (text, name, kind, start)
        career = Career(seed: Seed.mixed(seed, Seed.named(name.key)), start: start)
    }

    /// A player whose kind and history follow from name and seed. The shown name is the normalised one with spaces and
    /// capitals, however it was asked for.
    public init?(name text: String, seed: UInt64) {
        guard let name = PlayerName(normalising: text) else { return nil }
        let words = name.key.split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }
        self.init(
            name: words.joined(separator: " "),
            kind: AccountKind(seed: Seed.mixed(seed ^ 0x6B69_6E64, Seed.named(name.key))), seed: seed)
    }

    /// Reads `NAME:KIND` or `NAME:KIND:START`: KIND as in `AccountKind`, START an RFC 3339 time or a bare date. Nil for
    /// anything else.
    public init?(parsing text: String, seed: UInt64) {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, let kind = AccountKind(parsing: parts[1]) else { return nil }
        var start: Timestamp?
        if parts.count == 3 {
            start = Timestamp(rfc3339: parts[2]) ?? Timestamp(date: parts[2])
            guard start != nil else { return nil }
        }
        self.init(name: String(parts[0]), kind: kind, start: start, seed: seed)
    }

    /// What `board` shows of the player at `now`, in the layout in force then, or nil where the player is not listed:
    /// not there yet, not on that board, or ranked in nothing.
    public func hiscores(on board: Board, at now: Timestamp) -> HiscoreDocument? {
        guard let moment = kind.momentShown(on: board, at: now), let first = start ?? Self.established, moment >= first,
            let layout = try? Layout.inForce(at: now)
        else { return nil }
        let scores = career.scores(at: moment)
        let rows = RowBuilder(scores: scores, board: board, now: now, hidesUnranked: hidesUnranked(at: moment))
        let skills = layout.skills.enumerated().map { rows.skill($1, id: $0, among: layout.skills) }
        let activities = layout.activities.enumerated().map { rows.activity($1, id: $0) }
        guard skills.contains(where: { $0.rank != -1 }) || activities.contains(where: { $0.rank != -1 }) else {
            return nil
        }
        return HiscoreDocument(name: displayName, skills: skills, activities: activities)
    }

    /// `hiscores(on:at:)` as the JSON document that `index_lite.json` answers.
    public func document(board: Board, at now: Timestamp) -> JSONValue? {
        hiscores(on: board, at: now)?.documentValue
    }

    /// `hiscores(on:at:)` as the text that `index_lite.ws` answers.
    public func separatedValues(board: Board, at now: Timestamp) -> [UInt8]? {
        hiscores(on: board, at: now).map(IndexLite.text)
    }

    private static let established = Timestamp(
        millisecondsSinceEpoch: Int64(Career.establishedDay) * Timestamp.millisecondsPerDay)

    /// In the night to 2025-11-15 the service began to show the score of unranked rows; an account turned with its
    /// first logout after that.
    private func hidesUnranked(at moment: Timestamp) -> Bool {
        guard let turn = Self.turn, moment >= turn else { return true }
        if let start, start >= turn { return false }
        return !career.loggedOut(from: turn, through: moment)
    }

    private static let turn = Timestamp(Timestamp.Fields(year: 2025, month: 11, day: 14, hour: 12))
}
