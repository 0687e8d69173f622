import Archive
import ArgumentParser
import CivilTime
import Logging
import ObjectStore
import Reporting
import Settings
import Terminal

/// What a command works with: settings, the clock, the archive and a place for its words.
struct CommandContext {
    let options: GlobalOptions
    let settings: Settings
    /// What the person says about terminals.
    let environment: [String: String]
    let output: Output
    /// The present, and what is slept by.
    let clock: any WallClock

    /// With `folder`, another one than the working folder, `.env` and the project file are those of that folder.
    init(_ options: GlobalOptions, flags: [Setting: String] = [:], folder: String? = nil) throws {
        self.options = options
        environment = TerminalEnvironment.variables()
        output = Output(options, environment: environment)
        settings = try Settings(flags: options.flags.merging(flags) { $1 }) { path throws(SettingsError) in
            guard let folder, !path.hasPrefix("/") else { return try Settings.readFile(path) }
            return try Settings.readFile("\(folder)/\(path)")
        }
        if let now = settings.now {
            guard let set = SetClock(setting: now) else {
                throw settings.rejection(
                    of: .now, allowed: "RFC 3339 or a date, and a speed behind an x: 2026-01-01T00:00:00Zx60")
            }
            clock = set
        } else {
            clock = SystemClock()
        }
    }

    /// How long to wait for other writers, by the machine's clock.
    var lockTimeout: LockTimeout { LockTimeout(milliseconds: Int64(settings.lockTimeoutSeconds) * 1000) }

    /// What `attempt` gives, tried again and again for as long as writers wait for each other. `who` says who has the lock,
    /// for the error. Locks are the machine's: its clock counts, whatever clock is set.
    func waitForLock<Lock: ~Copyable>(_ who: String, _ attempt: () throws -> Lock?) throws -> Lock {
        let (clock, pause) = (SystemClock(), Int64(20))
        var waited: Int64 = 0
        while true {
            if let lock = try attempt() { return lock }
            guard waited < lockTimeout.milliseconds else {
                throw Failure(code: "locked", exit: ExitStatus.locked, message: "\(who); try again when it is done")
            }
            clock.sleep(milliseconds: pause)
            waited += pause
        }
    }

    /// The archive's folder, there or not.
    func storage() throws -> FileStorage {
        guard !settings.archiveFolder.unicodeScalars.contains("\u{FFFD}") else {
            throw Failure.usage("the archive's folder has a name that is not UTF-8; give it another one")
        }
        do {
            let storage = try FileStorage(root: settings.archiveFolder)
            _ = try storage.rootExists()
            return storage
        } catch {
            guard error.code == .wrongKind else { throw ArchiveError(error) }
            throw ArchiveError(
                .noArchive, "\(settings.archiveFolder) is no folder; name the archive's folder with --archive")
        }
    }

    /// The archive. Damage to single records is warned of; `finish` then makes it the exit code.
    func openArchive() throws -> Archive {
        let archive = try Archive.open(try unlocked(try storage()))
        let met = Set(archive.metDamage)
        for damage in archive.damage where !met.contains(damage) { output.warn(DamageText.warning(damage)) }
        return archive
    }

    /// The archive, made where there is none.
    func openOrCreateArchive(mayCreate: Bool) throws -> Archive {
        let storage = try storage()
        if try Archive.exists(in: storage) || !mayCreate { return try openArchive() }
        try refuseKeyForPlainArchive(storage)
        return try createArchive(in: storage, mayJoin: true)
    }

    /// A new archive; says so on standard error. Where another process is faster, the archive that it made in this storage
    /// will do if `mayJoin` and it is of the kind that is meant. Throws `archive_exists` where it will not.
    func createArchive(in storage: FileStorage, mayJoin: Bool, keys: NewArchiveKeys? = nil) throws -> Archive {
        do { try storage.createRoot() } catch {
            // What is missing is a place for the folder, not a file of an archive.
            throw error.code == .missing ? ArchiveError(.io, "\(error)") : ArchiveError(error)
        }
        let id = try keys?.archive ?? RandomIdentifier.archive()
        guard let archive = try made(in: storage, id, keys) else {
            let isEncrypted = try Archive.readLockedConfiguration(storage).isEncrypted
            guard mayJoin, isEncrypted == (keys != nil) else {
                throw ArchiveError(
                    .archiveExists,
                    "another process has just made \(isEncrypted ? "an encrypted" : "a plain") archive in \(storage.root); "
                        + "run this again for that one, or name another folder")
            }
            return try Archive.open(try unlocked(storage))
        }
        output.note(NoticeText.created(path: storage.root))
        return archive
    }

    /// A new archive for an import that has found something for it, or the one that another process has just made.
    func newArchive(in storage: FileStorage, _ keys: NewArchiveKeys? = nil) throws(ArchiveError) -> Archive {
        do { return try createArchive(in: storage, mayJoin: true, keys: keys) } catch {
            if let error = error as? ArchiveError { throw error }
            throw ArchiveError(.io, Failure(error)?.message ?? "\(error)")
        }
    }

    /// A new archive; nil where another process has just made one.
    private func made(in storage: FileStorage, _ id: ArchiveID, _ keys: NewArchiveKeys?) throws(ArchiveError)
        -> Archive?
    {
        do {
            guard let keys else {
                return try Archive.create(in: storage, id: id, createdAt: clock.now(), lockTimeout: lockTimeout)
            }
            return try Archive.create(
                in: UnlockedStorage(storage, keys.sealing), id: id, createdAt: clock.now(), slots: [keys.slot],
                lockTimeout: lockTimeout)
        } catch {
            guard error.code == .archiveExists else { throw error }
            return nil
        }
    }

    /// Ends a command that read an archive: what was asked for is only all there where nothing is damaged. What was
    /// passed over on the way is warned of.
    func finish(_ archive: Archive) throws {
        try output.finish()
        for damage in archive.metDamage { output.warn(DamageText.warning(damage)) }
        guard archive.damage.isEmpty else { throw ExitCode(ExitStatus.corruption) }
    }

    /// Records that are merged within a second or so.
    private static let quickMerge = 20_000

    /// Seals what was captured once there is enough of it, and says so only where it takes long. What was captured is
    /// kept, whatever comes of this: the next time will do.
    func collectGarbage(in archive: Archive) {
        guard archive.needsGarbageCollection else { return }
        do throws(ArchiveError) {
            _ = try archive.collectGarbage(lockTimeout: LockTimeout(milliseconds: 0)) { step in
                if case .merging(_, let records) = step, records > Self.quickMerge {
                    output.note("merging packs of \(records) records; this takes some seconds")
                }
            }
        } catch {
            if error.code != .locked { output.warn("what was captured is kept, but could not be sealed: \(error)") }
        }
    }

    /// Where captures write log lines; nil where nobody wants any.
    func logger() throws -> Logger? {
        guard settings.logLevel != "off" else { return nil }
        guard let level = Logger.Level(rawValue: settings.logLevel) else {
            throw settings.rejection(
                of: .logLevel, allowed: "off, " + Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))
        }
        return Logger(label: ProgramVersion.agent) { [clock] _ in LogLines(level: level, clock: clock) }
    }

    /// A moment as an option gives it.
    func time(_ text: String) throws -> TimeExpression {
        try Archive.time(text, now: clock.now())
    }

    /// The moments that `--since` and `--until` give, nil where one is not given. Throws where nothing lies between them.
    func period(since: String?, until: String?) throws -> (since: Timestamp?, until: Timestamp?) {
        let period = (since: try since.map(time)?.start, until: try until.map(time)?.end)
        if let since = period.since, let until = period.until { try refuseReversed(since, until) }
        return period
    }

    /// A period that ends before it begins is a mistake in the call.
    func refuseReversed(_ since: Timestamp, _ until: Timestamp) throws {
        guard since <= until else { throw Failure.usage("the time from \(since) to \(until) ends before it begins") }
    }
}
