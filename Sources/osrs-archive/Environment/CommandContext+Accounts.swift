import Archive
import Capture
import CivilTime
import Hiscores
import ObjectStore
import Reporting
import Settings

/// The list of accounts that a command works on.
extension CommandContext {
    /// The longest list that is read, in bytes.
    private static let accountsLimit = 16 << 20

    /// Every how many minutes an account is captured where its entry does not say so: the setting, or once a day.
    var intervalMinutes: Int { settings.intervalMinutes ?? 1440 }

    /// Requests a second, over all accounts.
    var pacePerSecond: Double { settings.requestsPerSecond }

    /// The path that was given, or that of `config/accounts.json`.
    func accountsPath(_ given: String?) -> String { given ?? settings.project.root + "/config/accounts.json" }

    /// The list of a path that was given, or of `config/accounts.json`; nil where that one is not there.
    func accountsFile(_ given: String?) throws -> AccountsFile? {
        let file = try accountsStorage(given)
        if let bytes = try ofFile({ () throws(StorageError) in try file.read(limit: Self.accountsLimit) }) {
            return try parse(bytes, file.path)
        }
        guard given != nil else { return nil }
        throw Failure(code: "no_such_file", exit: ExitStatus.failure, message: "there is no file \(file.path)")
    }

    /// The bytes of the list, nil where it is not there.
    func accountsBytes(_ given: String?) throws -> [UInt8]? {
        let file = try accountsStorage(given)
        return try ofFile { () throws(StorageError) in try file.read(limit: Self.accountsLimit) }
    }

    /// Changes the list and writes it under the editors' lock, with its folder where that is missing; gives its path
    /// beside what `edit` gives. What cannot be read is never written over.
    func editAccounts<Answer>(
        _ given: String?, _ edit: (inout AccountsFile) throws -> Answer
    ) throws -> (answer: Answer, path: String) {
        let file = try accountsStorage(given)
        let editing = try waitForLock("\(file.path) is being edited by another process") {
            try ofFile { () throws(StorageError) in try file.tryLock() }
        }
        let bytes = try ofFile { () throws(StorageError) in try file.read(limit: Self.accountsLimit) }
        var list = try bytes.map { try parse($0, file.path) } ?? AccountsFile()
        let answer: Answer
        do { answer = try edit(&list) } catch let error as AccountsFile.EditError { throw Failure(error) }
        let edited = list.bytes()
        // What is written must be readable: an entry that was paused for its faults may not be resumed with them.
        _ = try parse(edited, file.path)
        if edited != bytes {
            do throws(StorageError) { try editing.replace(with: edited) } catch { throw Failure(ofFile: error) }
        }
        return (answer, file.path)
    }

    private func accountsStorage(_ given: String?) throws -> EditableFile {
        let path = accountsPath(given)
        return try ofFile { () throws(StorageError) in try EditableFile(path) }
    }

    private func parse(_ bytes: [UInt8], _ path: String) throws -> AccountsFile {
        do { return try AccountsFile(parsing: bytes, path: path) } catch {
            throw Failure(code: "bad_accounts", exit: ExitStatus.usage, message: "\(error)")
        }
    }

    private func ofFile<Answer: ~Copyable>(_ body: () throws(StorageError) -> Answer) throws -> Answer {
        do { return try body() } catch { throw Failure(ofFile: error) }
    }
}

extension Failure {
    /// A list of accounts cannot be changed as asked.
    init(_ error: AccountsFile.EditError) {
        switch error {
        case .name(let error): self.init(code: "bad_player_name", exit: ExitStatus.usage, message: "\(error)")
        case .listed: self.init(code: "account_listed", exit: ExitStatus.failure, message: "\(error)")
        case .namedTwice: self.init(code: "usage", exit: ExitStatus.usage, message: "\(error)")
        case .notListed(_, _, let similar):
            self.init(
                code: "account_not_listed", exit: ExitStatus.notFound, message: "\(error)", candidates: similar)
        case .malformed: self.init(code: "bad_accounts", exit: ExitStatus.usage, message: "\(error)")
        }
    }
}

extension ListedAccount {
    /// An entry for reports.
    init(_ entry: AccountEntry) {
        self.init(
            name: entry.name, player: entry.player, board: entry.board?.rawValue ?? BoardChoice.auto.name,
            intervalMinutes: entry.intervalMinutes, displayName: entry.displayName, isPaused: entry.isPaused,
            ranks: entry.ranks?.rawValue)
    }
}
