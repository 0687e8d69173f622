import CanonicalJSON
public import Hiscores

/// One entry of the accounts file.
public struct AccountEntry: Hashable, Sendable {
    /// The name as typed.
    public let name: String
    /// The name under which the archive keeps the account.
    public let player: PlayerName
    /// The board; nil where it is to be found out (`auto`, or none is named).
    public let board: Board?
    /// Whether the account is left out for now.
    public let isPaused: Bool
    /// Minutes between two captures, where the entry says so.
    public let intervalMinutes: Int?
    /// The name to show, where the entry says so.
    public let displayName: String?
    /// Which snapshots are stored, where the entry says so.
    public let ranks: RankPolicy?

    /// The entry as the file has it.
    let source: [UInt8]

    /// How entries are read: numbers that this program has no use for may be any.
    static let limits = JSONLimits(checksNumbers: false)

    /// What an interval may be, in minutes: up to a year.
    public static let intervals = 1...525_600

    /// Why an entry cannot be used; follows `account 3`.
    struct Malformed: Error {
        let reason: String
    }

    /// The members that this program gives a meaning.
    enum Member {
        static let name: JSONText = "name"
        static let board: JSONText = "board"
        static let mode: JSONText = "mode"
        static let interval: JSONText = "interval_minutes"
        static let displayName: JSONText = "display_name"
        static let paused: JSONText = "paused"
        static let ranks: JSONText = "ranks"
        static let all = [name, board, mode, interval, displayName, paused, ranks]
    }

    init(_ value: JSONValue, source: [UInt8]) throws(Malformed) {
        guard let name = value[Member.name]?.string, let player = PlayerName(normalising: name) else {
            throw Malformed(reason: "has no name")
        }
        (self.name, self.player, self.source) = (name, player, source)
        isPaused = try Self.member(Member.paused, of: value, name, "true or false") { $0.bool } ?? false
        // A paused entry may be paused because of its board.
        do { board = try Self.board(of: value, name) } catch {
            guard isPaused else { throw error }
            board = nil
        }
        intervalMinutes = try Self.member(
            Member.interval, of: value, name,
            "a whole number of minutes from \(Self.intervals.lowerBound) to \(Self.intervals.upperBound)"
        ) { $0.integer.flatMap { Int(exactly: $0) }.flatMap { Self.intervals.contains($0) ? $0 : nil } }
        displayName = try Self.member(Member.displayName, of: value, name, "text") { $0.string }
        ranks = try Self.member(
            Member.ranks, of: value, name, RankPolicy.allCases.map(\.rawValue).joined(separator: ", ")
        ) { $0.string.flatMap { RankPolicy(rawValue: $0) } }
    }

    /// The entry that these bytes hold.
    init(source: [UInt8]) throws(Malformed) {
        let value: JSONValue
        do { value = try JSONValue(parsing: source, limits: Self.limits) } catch {
            throw Malformed(reason: "is not valid JSON: \(error)")
        }
        try self.init(value, source: source)
    }

    /// The members in their order, each with the bytes of its name, colon and value as the file has them.
    var members: [(name: JSONText, source: ArraySlice<UInt8>)] {
        guard let root = try? JSONDocument(parsing: source, limits: Self.limits).root else { return [] }
        // The quote before the name counts.
        return root.members.map {
            ($0.name, source[($0.nameRange.lowerBound - 1)..<$0.value.byteRange.upperBound])
        }
    }

    /// What is odd about its members, each a phrase that follows the entry's name.
    var oddities: [String] {
        let names = members.map(\.name)
        var oddities: [String] = []
        for name in Set(names).sorted(by: { "\($0)" < "\($1)" }) {
            if names.count(where: { $0 == name }) > 1 {
                oddities.append("has the member \(name) twice; the first counts")
            }
            guard !Member.all.contains(name),
                let known = Member.all.first(where: { "\($0)" == "\(name)".lowercased() })
            else { continue }
            oddities.append("has the member \(name), which says nothing: letter case counts, so write \(known)")
        }
        let value = try? JSONValue(parsing: source, limits: Self.limits)
        if let board = value?[Member.board]?.string, let mode = value?[Member.mode]?.string,
            BoardChoice(name: board) != BoardChoice(name: mode)
        {
            oddities.append("has the board \(board) and the mode \(mode); the board counts")
        }
        return oddities
    }

    /// A member that may be missing or null. `allowed` follows "must be".
    private static func member<Value>(
        _ member: JSONText, of entry: JSONValue, _ name: String, _ allowed: String, _ read: (JSONValue) -> Value?
    ) throws(Malformed) -> Value? {
        guard let value = entry[member], !value.isNull else { return nil }
        guard let read = read(value) else {
            throw Malformed(reason: "(\(name)): \(member) must be \(allowed)")
        }
        return read
    }

    private static func board(of entry: JSONValue, _ name: String) throws(Malformed) -> Board? {
        let members = [entry[Member.board], entry[Member.mode]].compactMap { $0 }.filter { !$0.isNull }
        guard let member = members.first else { return nil }
        guard let text = member.string else { throw Malformed(reason: "(\(name)): the board is no text") }
        guard !text.isEmpty else { return nil }
        guard let choice = BoardChoice(name: text) else {
            throw Malformed(reason: "(\(name)) has the unknown board \(text); use one of \(BoardChoice.allowed)")
        }
        return choice.board
    }
}

/// Which board of an account is captured: one, or those that the service turns out to have.
public enum BoardChoice: Hashable, Sendable {
    /// Found out.
    case auto
    /// This one.
    case board(Board)

    /// The choice of that name: a board by any of its names, `auto` or `auto-detect`; nil for anything else.
    public init?(name: String) {
        if name == "auto" || name == "auto-detect" {
            self = .auto
        } else if let board = Board(name: name) {
            self = .board(board)
        } else {
            return nil
        }
    }

    /// The board, where one is named.
    public var board: Board? {
        if case .board(let board) = self { board } else { nil }
    }

    /// Its name.
    public var name: String { board?.rawValue ?? "auto" }

    /// What names it may have, for messages.
    public static let allowed = (["auto"] + Board.allCases.map(\.rawValue)).joined(separator: ", ")
}
