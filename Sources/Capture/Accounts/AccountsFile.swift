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
        do { root = try JSONDocument(parsing: bytes).root } catch {
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
