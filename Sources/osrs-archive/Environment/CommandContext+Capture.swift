import Archive
import Capture
import Hiscores
import ObjectStore
import Settings

/// Whom captures are about, and what helps them.
extension CommandContext {
    /// Whom captures are about.
    struct WatchedAccounts {
        /// The accounts, with their intervals in minutes.
        let accounts: [(account: CaptureAccount, intervalMinutes: Int)]
        /// How many of the list are paused.
        var pausedCount = 0
        /// What is wrong with the list, though it can be used.
        var faults: [String] = []
    }

    /// The accounts of the list that are not paused; without a list, or an empty one, those of `HISCORES_USER`. A board that
    /// is given counts for all of them.
    func watchedAccounts(_ service: ServiceOptions, board: BoardChoice? = nil) throws -> WatchedAccounts {
        let ranks = service.ranks ?? .every
        let list = try accountsFile(service.accounts)
        if let list, !list.entries.isEmpty || service.accounts != nil {
            let watched = list.entries.filter { !$0.isPaused }
            let accounts = try watched.map { entry in
                let choice = board ?? entry.board.map { .board($0) } ?? .auto
                let account: CaptureAccount
                do throws(PlayerNameError) {
                    account = try CaptureAccount(name: entry.name, board: choice, ranks: entry.ranks ?? ranks)
                } catch {
                    throw Failure(
                        code: "bad_player_name", exit: ExitStatus.usage,
                        message: "\(accountsPath(service.accounts)) lists `\(entry.name)`: \(error)")
                }
                return (account, entry.intervalMinutes ?? intervalMinutes)
            }
            return WatchedAccounts(
                accounts: accounts, pausedCount: list.entries.count - watched.count, faults: list.faults)
        }
        return WatchedAccounts(
            accounts: try settings.players.map { name in
                (try CaptureAccount(name: name, board: board ?? .auto, ranks: ranks), intervalMinutes)
            })
    }

    /// Every how many minutes each account is captured that is not paused, by the list of that path or
    /// `config/accounts.json`; none where it is not there.
    func watchedIntervals(_ path: String?) throws -> [Int] {
        guard try accountsBytes(path) != nil else { return [] }
        let entries = try accountsFile(path)?.entries.filter { !$0.isPaused } ?? []
        return entries.map { $0.intervalMinutes ?? intervalMinutes }
    }

    /// What finds out which boards accounts need, with `config/mode_cache.json` where names may stand there.
    func accountDetection(showingNames: Bool) throws -> AccountDetection {
        guard showingNames else { return AccountDetection(nil) }
        let folder: FileStorage
        do { folder = try FileStorage(root: settings.project.root + "/config") } catch { throw Failure(ofFile: error) }
        let detection = AccountDetection(ModeCacheFile(in: folder))
        if let warning = detection.warning { output.warn(warning) }
        return detection
    }

    /// Keeps what was learned about accounts, where the project has a folder for it.
    func save(_ detection: AccountDetection) {
        do throws(StorageError) { try detection.save() } catch {
            output.warn("what accounts were found to be is not kept: \(error)")
        }
    }

    /// Takes the lock of the one watch that an archive may have. Its folder, not the archive's, is locked, so writers go
    /// on. Throws `locked` where another process watches.
    func lockForWatching(_ archive: Archive) throws -> any StorageLock {
        let attempt: LockAttempt
        do throws(StorageError) {
            try archive.storage.createFolder("watch")
            let folder = try FileStorage(root: archive.storage.describe("watch"))
            attempt = try folder.tryLock("lock")
        } catch {
            throw ArchiveError(error)
        }
        switch attempt {
        case .taken(let lock): return lock
        case .held(let process):
            let holder = process.map { "process \($0)" } ?? "another process"
            throw ArchiveError(.locked, "\(holder) watches already with this archive; one watch an archive is enough")
        }
    }
}
