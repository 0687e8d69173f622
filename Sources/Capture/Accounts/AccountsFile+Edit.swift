import Archive
import CanonicalJSON
public import Hiscores

extension AccountsFile {
    /// What `add` can say of an account beyond its name.
    public struct Details: Hashable, Sendable {
        /// The board.
        public var board: BoardChoice
        /// Minutes between two captures.
        public var intervalMinutes: Int?
        /// The name to show.
        public var displayName: String?
        /// Which snapshots are stored.
        public var ranks: RankPolicy?

        /// Details; what is nil is left to the settings. An interval lies within `AccountEntry.intervals`.
        public init(
            board: BoardChoice = .auto, intervalMinutes: Int? = nil, displayName: String? = nil,
            ranks: RankPolicy? = nil
        ) {
            (self.board, self.intervalMinutes) = (board, intervalMinutes)
            (self.displayName, self.ranks) = (displayName, ranks)
        }
    }

    /// Why the list cannot be changed as asked.
    public enum EditError: Error, Hashable, Sendable {
        /// The service can have no account of that name.
        case name(PlayerNameError)
        /// That account and board are listed already.
        case listed(name: String, board: Board?)
        /// That account is named twice among those to be added.
        case namedTwice(name: String)
        /// Nobody of that name is listed (on that board, where one was named); some names that are like it.
        case notListed(name: String, board: BoardChoice?, similar: [String])
        /// What was changed cannot be used any more.
        case malformed(String)
    }

    /// Adds accounts at the end, all or none. Two entries are the same when normalised name and board are. O(list).
    public mutating func add(_ names: [String], _ details: Details) throws(EditError) {
        let listed = Set(entries.map { Key(player: $0.player, board: $0.board) })
        var named: Set<Key> = []
        var added: [AccountEntry] = []
        for text in names {
            let name: String
            do { name = try PlayerName.validated(text) } catch { throw .name(error) }
            let entry = try Self.entry(source: Self.value(name, details).compactBytes())
            let key = Key(player: entry.player, board: entry.board)
            guard !listed.contains(key) else { throw .listed(name: name, board: entry.board) }
            guard named.insert(key).inserted else { throw .namedTwice(name: name) }
            added.append(entry)
        }
        entries += added
    }

    /// Takes accounts off the list, all or none, and gives their entries. Without a board all entries of a name go.
    public mutating func remove(_ names: [String], board: BoardChoice?) throws(EditError) -> [AccountEntry] {
        let indices = Set(try self.indices(of: names, board: board))
        let removed = entries.indices.filter(indices.contains).map { entries[$0] }
        entries = entries.indices.filter { !indices.contains($0) }.map { entries[$0] }
        return removed
    }

    /// Pauses or resumes accounts, all or none, and gives their new entries. Those that are so already stay as they are.
    public mutating func setPaused(
        _ isPaused: Bool, _ names: [String], board: BoardChoice?
    ) throws(EditError) -> [AccountEntry] {
        var changed = entries
        let indices = try self.indices(of: names, board: board)
        for index in indices where changed[index].isPaused != isPaused {
            changed[index] = try Self.entry(source: Self.setting(isPaused, in: changed[index]))
        }
        entries = changed
        return indices.map { entries[$0] }
    }

    /// What makes two entries the same.
    struct Key: Hashable {
        let player: PlayerName
        let board: Board?
    }

    private static func entry(source: [UInt8]) throws(EditError) -> AccountEntry {
        do { return try AccountEntry(source: source) } catch {
            throw .malformed("the account \(error.reason)")
        }
    }

    private static func value(_ name: String, _ details: Details) -> JSONValue {
        var members = [JSONMember(AccountEntry.Member.name, .text(name))]
        if let board = details.board.board {
            members.append(JSONMember(AccountEntry.Member.board, .text(board.rawValue)))
        }
        if let minutes = details.intervalMinutes {
            members.append(JSONMember(AccountEntry.Member.interval, .integer(minutes)))
        }
        if let displayName = details.displayName {
            members.append(JSONMember(AccountEntry.Member.displayName, .text(displayName)))
        }
        if let ranks = details.ranks { members.append(JSONMember(AccountEntry.Member.ranks, .text(ranks.rawValue))) }
        return .object(members)
    }

    /// The entry's members, as they are written, with another `paused`; one that is resumed has none.
    private static func setting(_ isPaused: Bool, in entry: AccountEntry) -> [UInt8] {
        var members = entry.members.filter { $0.name != AccountEntry.Member.paused }.map(\.source)
        if isPaused { members.append(Array("\"\(AccountEntry.Member.paused)\":true".utf8)[...]) }
        return Array("{".utf8) + Array(members.joined(separator: Array(",".utf8))) + Array("}".utf8)
    }

    /// The entries of names, in the order of the list, each once.
    private func indices(of names: [String], board: BoardChoice?) throws(EditError) -> [Int] {
        var byPlayer: [PlayerName: [Int]] = [:]
        for (index, entry) in entries.enumerated() where board == nil || entry.board == board?.board {
            byPlayer[entry.player, default: []].append(index)
        }
        var found: Set<Int> = []
        for name in names {
            guard let player = PlayerName(normalising: name), let indices = byPlayer[player] else {
                throw .notListed(name: name, board: board, similar: similar(to: name))
            }
            found.formUnion(indices)
        }
        return found.sorted()
    }

    /// Some listed names that are spelled nearly so.
    private func similar(to name: String) -> [String] {
        guard let key = PlayerName(normalising: name)?.key else { return [] }
        let near = entries.lazy.filter { EditDistance.between($0.player.key, key) <= 2 }
        return Array(near.prefix(5).map(\.name))
    }
}

extension AccountsFile.EditError: CustomStringConvertible {
    /// What is wrong, with whom, and what to do next.
    public var description: String {
        switch self {
        case .name(let error): return "\(error)"
        case .listed(let name, let board):
            return "\(name) is listed already\(board.map { " on \($0.rawValue)" } ?? ""); nobody was added"
        case .namedTwice(let name):
            return "\(name) is named twice: letter case, space, - and _ make no difference; name each account once. "
                + "Nobody was added"
        case .notListed(let name, let board, let similar):
            let place = board.map { " with the board \($0.name)" } ?? ""
            let hint =
                similar.isEmpty
                ? "`osrs-archive accounts list` shows who is" : "did you mean \(similar.joined(separator: " or "))?"
            return "\(name) is not listed\(place); \(hint)"
        case .malformed(let reason): return reason
        }
    }
}
