import CivilTime
public import Hiscores

/// A reference as typed: `[board/]player[@{S}][~N]`, `tag[~N]` or an id prefix, with `player:`, `tag:` or `id:` in front
/// to force a kind. What it stands for in an archive is a `Revision`.
public struct Reference: Hashable, Sendable {
    /// What the words may name.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// An account's ref log.
        case player
        /// A name for a moment.
        case tag
        /// The beginning of a snapshot's id.
        case id
    }

    /// How far back from a log's head.
    public enum Selector: Hashable, Sendable {
        /// `@{N}`: N ok observations before the head, unchanged ones included.
        case back(Int)
        /// `@{first}`: the first ok observation.
        case first
        /// `@{TIME}`: the last ok observation at or before a moment. The text is read against the present later.
        case time(String)
    }

    /// The whole text.
    public let text: String
    /// The kinds that the form of the text allows, in the order in which they are listed.
    public let kinds: [Kind]
    /// The player, tag or id part.
    public let name: String
    /// The board in front of a player.
    public let board: Board?
    /// `@{…}`.
    public let selector: Selector?
    /// `~N`: so many changes of snapshot id before; 0 where nothing is said.
    public let changes: Int
    /// Whether a player means an account under all its names, rather than one name alone.
    public var followsRenames = true

    /// Whether it goes back from the head.
    public var hasSelector: Bool { selector != nil || changes > 0 }

    /// Reads a reference. Throws `malformedRef` with what is wrong.
    public init(parsing text: String) throws(ArchiveError) {
        self.text = text
        var rest = Substring(text)
        var kinds = Kind.allCases
        if let colon = rest.firstIndex(of: ":"), let kind = Kind(rawValue: String(rest[..<colon])) {
            kinds = [kind]
            rest = rest[rest.index(after: colon)...]
        }
        changes = try Self.takeChanges(from: &rest, text)
        selector = try Self.takeSelector(from: &rest, text)
        if selector != nil { kinds.removeAll { $0 != .player } }
        if changes > 0 { kinds.removeAll { $0 == .id } }
        var board: Board?
        if let slash = rest.firstIndex(of: "/") {
            guard let named = Board(name: String(rest[..<slash])) else {
                throw Self.malformed(text, "\(rest[..<slash]) is no board", Board.allCases.map(\.rawValue))
            }
            board = named
            rest = rest[rest.index(after: slash)...]
            kinds.removeAll { $0 != .player }
        }
        self.board = board
        name = String(rest)
        guard !name.isEmpty else { throw Self.malformed(text, "it names nothing") }
        if !Self.isIDPrefix(name) { kinds.removeAll { $0 == .id } }
        guard !kinds.isEmpty else {
            throw Self.malformed(text, "an id is 8 to 64 hex digits, and takes no selector; a tag takes ~N only")
        }
        self.kinds = kinds
    }

    private static func takeChanges(from rest: inout Substring, _ text: String) throws(ArchiveError) -> Int {
        guard let tilde = rest.lastIndex(of: "~") else { return 0 }
        let digits = rest[rest.index(after: tilde)...]
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let changes = Int(digits) else {
            throw malformed(text, "after ~ stands the number of changes to go back")
        }
        rest = rest[..<tilde]
        return changes
    }

    private static func takeSelector(from rest: inout Substring, _ text: String) throws(ArchiveError) -> Selector? {
        guard let at = rest.firstIndex(of: "@") else { return nil }
        let braced = rest[rest.index(after: at)...]
        guard braced.hasPrefix("{"), braced.hasSuffix("}"), braced.count > 2 else {
            throw malformed(text, "a selector is written @{…}, with a number, `first`, or a time inside")
        }
        let inner = braced.dropFirst().dropLast()
        rest = rest[..<at]
        if inner == "first" { return .first }
        if inner.allSatisfy({ $0.isASCII && $0.isNumber }) {
            guard let back = Int(inner) else { throw malformed(text, "\(inner) is too large") }
            return .back(back)
        }
        return .time(String(inner))
    }

    private static func isIDPrefix(_ name: String) -> Bool {
        (8...64).contains(name.utf8.count) && name.allSatisfy { $0.isASCII && $0.isHexDigit }
    }

    static func malformed(_ text: String, _ reason: String, _ candidates: [String] = []) -> ArchiveError {
        ArchiveError(.malformedRef, "`\(text)` is no reference: \(reason)", ref: text, candidates: candidates)
    }
}
