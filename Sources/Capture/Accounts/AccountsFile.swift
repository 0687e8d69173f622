import CanonicalJSON
public import Hiscores

/// `config/accounts.json`: whom to capture. A list of `{"name", "mode" or "board"}`; the earlier tool's file is valid.
public struct AccountsFile: Hashable, Sendable {
    /// One account.
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

    /// The accounts in their order, paused ones left out.
    public let accounts: [Account]

    /// Reads the file's bytes. `path` is for messages.
    public init(parsing bytes: [UInt8], path: String) throws(Malformed) {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch {
            throw Malformed(description: "\(path) is not valid JSON: \(error)")
        }
        guard let elements = value.array else {
            throw Malformed(
                description: "\(path) is no list of accounts: write [{\"name\": \"Zezima\", \"board\": \"main\"}]")
        }
        var accounts: [Account] = []
        for (index, element) in elements.enumerated() {
            guard let name = element["name"]?.string, !name.isEmpty else {
                throw Malformed(description: "\(path): account \(index + 1) has no name")
            }
            if try Self.isPaused(element, name, path) { continue }
            accounts.append(Account(name: name, board: try Self.board(of: element, name, path)))
        }
        self.accounts = accounts
    }

    private static func isPaused(_ element: JSONValue, _ name: String, _ path: String) throws(Malformed) -> Bool {
        guard let member = element["paused"], !member.isNull else { return false }
        guard let isPaused = member.bool else {
            throw Malformed(description: "\(path): paused of \(name) is neither true nor false")
        }
        return isPaused
    }

    private static func board(of element: JSONValue, _ name: String, _ path: String) throws(Malformed) -> Board? {
        let members = [element["board"], element["mode"]].compactMap { $0 }.filter { !$0.isNull }
        guard let member = members.first else { return nil }
        guard let text = member.string else { throw Malformed(description: "\(path): the board of \(name) is no text") }
        if text.isEmpty || text == "auto" || text == "auto-detect" { return nil }
        guard let board = Board(name: text) else {
            throw Malformed(
                description: "\(path): \(name) has the unknown board \(text); use one of "
                    + Board.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return board
    }
}
