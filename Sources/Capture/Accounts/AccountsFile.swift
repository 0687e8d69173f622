import CanonicalJSON
public import Hiscores

/// `config/accounts.json`: whom to capture. A list of `{"name", "mode" or "board"}` and what else is to say of each; the
/// earlier tool's file is valid. Members that nobody knows are kept.
public struct AccountsFile: Hashable, Sendable {
    /// One account to capture.
    public struct Account: Hashable, Sendable {
        /// The name as typed.
        public let name: String
        /// The board, where the file names one.
        public let board: Board?
    }

    /// Why the file cannot be used; the text names the entry.
    public struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong, and where.
        public let description: String
    }

    /// Every entry in the order of the file, paused ones included.
    public internal(set) var entries: [AccountEntry] = []

    /// A list of nobody.
    public init() {}

    /// Reads the file's bytes. `path` is for messages. O(bytes).
    public init(parsing bytes: [UInt8], path: String) throws(Malformed) {
        let root: JSONNode
        do { root = try JSONDocument(parsing: bytes, limits: AccountEntry.limits).root } catch {
            throw Malformed(description: "\(path) is not valid JSON: \(error)")
        }
        guard root.kind == .array else {
            throw Malformed(
                description: "\(path) is no list of accounts: write [{\"name\": \"Zezima\", \"board\": \"main\"}]")
        }
        for (index, element) in root.elements.enumerated() {
            do throws(AccountEntry.Malformed) {
                entries.append(try AccountEntry(element.value, source: Array(bytes[element.byteRange])))
            } catch {
                throw Malformed(description: "\(path): account \(index + 1) \(error.reason)")
            }
        }
    }

    /// The accounts in their order, paused ones left out.
    public var accounts: [Account] {
        entries.filter { !$0.isPaused }.map { Account(name: $0.name, board: $0.board) }
    }

    /// What is wrong with entries that can be read, a sentence each: a name that the service cannot have, which stops every
    /// capture of the list, an account that is listed twice, a member that an entry has twice, one that differs from a known one
    /// in letter case, a `mode` that is not the `board`. Paused entries are passed
    /// over. O(list).
    public var faults: [String] {
        var faults: [String] = []
        var first: [Key: Int] = [:]
        for (index, entry) in entries.enumerated() where !entry.isPaused {
            let place = "account \(index + 1) (\(entry.name.prefix(Self.shownLength)))"
            do { _ = try PlayerName.validated(entry.name) } catch {
                let isLong = entry.name.count > Self.shownLength
                let reason = isLong ? "no name has more than \(PlayerName.longestLength) characters" : "\(error)"
                faults.append("\(place): \(reason); nobody of the list is captured until it is mended or paused")
            }
            faults += entry.oddities.map { "\(place) \($0)" }
            let key = Key(player: entry.player, board: entry.board)
            if let earlier = first[key] {
                faults.append("\(place) is listed already, as account \(earlier + 1)")
            } else {
                first[key] = index
            }
        }
        return faults
    }

    /// So much of a name that cannot be is shown.
    private static let shownLength = 40

    /// The file's bytes: an entry a line. Entries that were not edited stand as they were written.
    public func bytes() -> [UInt8] {
        guard !entries.isEmpty else { return Array("[]\n".utf8) }
        var bytes = Array("[".utf8)
        for (index, entry) in entries.enumerated() {
            bytes += (index == 0 ? "\n  " : ",\n  ").utf8
            bytes += entry.source
        }
        bytes += "\n]\n".utf8
        return bytes
    }
}
