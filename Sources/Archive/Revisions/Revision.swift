public import CivilTime
import Hiscores
public import ObjectStore

/// What a reference stands for: a document, and where in history it was seen.
public struct Revision {
    /// The reference as typed.
    public let ref: String
    /// The document's id.
    public let snapshot: ObjectID
    /// The observation, where a log mentions the document.
    public let entry: LogEntry?
    /// The log that the observation stands in.
    public let log: RefLog?
    /// Whether the reference named a player and nothing more.
    public let isBarePlayer: Bool

    /// The document and where it was seen, as a tag keeps it.
    public var moment: Moment {
        Moment(
            snapshot: snapshot,
            sighting: entry.map {
                Moment.Sighting(
                    board: $0.observation.board, player: $0.observation.player, capturedAt: $0.observation.capturedAt)
            })
    }

    /// A revision of given parts.
    public init(ref: String, snapshot: ObjectID, entry: LogEntry?, log: RefLog?, isBarePlayer: Bool = false) {
        (self.ref, self.snapshot, self.entry, self.log) = (ref, snapshot, entry, log)
        self.isBarePlayer = isBarePlayer
    }
}

extension Archive {
    /// What a reference stands for. `now` is what times back from now count from. A player means the account that has
    /// the name, under all its names, unless renames are not to be followed.
    ///
    /// Throws `malformedRef`, `refNotFound` or `playerNotFound` with what could be meant, and `ambiguousRef` where a
    /// bare word fits several kinds or a prefix several ids; `corrupt` where nothing is found, but not all can be read.
    public func resolve(
        _ text: String, now: Timestamp, followingRenames: Bool = true
    ) throws(ArchiveError) -> Revision {
        do { return try resolveReadable(text, now: now, followingRenames) } catch { throw unlessUnreadable(error) }
    }

    private func resolveReadable(
        _ text: String, now: Timestamp, _ followingRenames: Bool
    ) throws(ArchiveError) -> Revision {
        var reference = try Reference(parsing: text)
        reference.followsRenames = followingRenames
        let ids = reference.kinds.contains(.id) ? try ids(startingWith: reference.name) : []
        var meanings: [Reference.Kind] = []
        for kind in reference.kinds {
            let isMeant =
                switch kind {
                case .player: try !logs(ofPlayerIn: reference).isEmpty
                case .tag: history.tag(reference.name) != nil
                case .id: !ids.isEmpty
                }
            if isMeant { meanings.append(kind) }
        }
        guard let meaning = meanings.first else { throw try notFound(reference) }
        guard meanings.count == 1 else {
            let candidates = meanings.map { "\($0.rawValue):\(text)" }
            throw ArchiveError(
                .ambiguousRef, "`\(text)` could be \(candidates.joined(separator: " or ")); write it that way",
                ref: text, candidates: candidates)
        }
        switch meaning {
        case .player: return try resolvePlayer(reference, now: now)
        case .tag: return try resolveTag(reference)
        case .id: return try resolveID(reference, among: ids)
        }
    }

    // MARK: Players

    /// The ref logs of one name, typed alone or behind a board; renames are not followed. Throws `playerNotFound` with
    /// the names that are like it, or `malformedRef`; `corrupt` where there are none, but not all can be read.
    public func logs(named text: String) throws(ArchiveError) -> [RefLog] {
        try account(named: text, followingRenames: false).logs
    }

    /// The account that a player's name, alone or behind a board, stands for, with its log of that board or all; under
    /// that name alone where renames are not to be followed. Throws as `logs(named:)` does.
    public func account(named text: String, followingRenames: Bool) throws(ArchiveError) -> Account {
        do { return try readableAccount(named: text, followingRenames) } catch { throw unlessUnreadable(error) }
    }

    private func readableAccount(named text: String, _ followingRenames: Bool) throws(ArchiveError) -> Account {
        let reference = try Reference(parsing: text)
        guard reference.kinds.contains(.player), !reference.hasSelector else {
            throw Reference.malformed(text, "a player is meant here, without a selector")
        }
        guard let player = PlayerName(normalising: reference.name) else {
            throw try notFound(reference, onlyPlayers: true)
        }
        var account =
            followingRenames ? try history.account(named: player) : Account(player, logs: try history.logs(of: player))
        guard !account.logs.isEmpty else { throw try notFound(reference, onlyPlayers: true) }
        if let board = reference.board { account.logs = [try Self.log(on: board, among: account.logs, reference)] }
        return account
    }

    private func logs(ofPlayerIn reference: Reference) throws(ArchiveError) -> [RefLog] {
        guard let player = PlayerName(normalising: reference.name) else { return [] }
        return reference.followsRenames ? try history.account(named: player).logs : try history.logs(of: player)
    }

    private func resolvePlayer(_ reference: Reference, now: Timestamp) throws(ArchiveError) -> Revision {
        let log = try self.log(named: reference)
        guard log.successCount > 0 else {
            let last = try log.lastFailure
            let words = try last.map { row throws(ArchiveError) in
                ", the last \(try log.outcome(of: row).rawValue) at \(row.capturedAt)"
            }
            throw ArchiveError(
                .refNotFound,
                "there is no snapshot of \(log.player) on \(log.board.rawValue): \(log.count) attempt(s)"
                    + (words ?? "") + "; see `osrs-archive log --failures \(log.player)`", ref: reference.text)
        }
        let position = try self.position(reference, in: log, head: log.successCount - 1, now: now)
        return try revision(reference, log, position)
    }

    /// The log that a player reference means.
    private func log(named reference: Reference) throws(ArchiveError) -> RefLog {
        let logs = try logs(ofPlayerIn: reference)
        guard !logs.isEmpty else { throw try notFound(reference) }
        guard let board = reference.board else {
            // A player with failures only still has a log to say so.
            if let log = try principalLog(among: logs) { return log }
            throw try notFound(reference)
        }
        return try Self.log(on: board, among: logs, reference)
    }

    private static func log(
        on board: Board, among logs: [RefLog], _ reference: Reference
    ) throws(ArchiveError) -> RefLog {
        if let log = logs.first(where: { $0.board == board }) { return log }
        let candidates = logs.map { "\($0.board.rawValue)/\($0.player)" }
        throw ArchiveError(
            .refNotFound,
            "\(reference.name) has nothing on \(board.rawValue); there is \(candidates.joined(separator: ", "))",
            ref: reference.text, candidates: candidates)
    }

    private func position(
        _ reference: Reference, in log: RefLog, head: Int, now: Timestamp
    ) throws(ArchiveError) -> Int {
        switch reference.selector {
        case nil: return head
        case .first: return 0
        case .back(let count):
            guard count <= head else {
                throw ArchiveError(
                    .refNotFound,
                    "\(log.player) has \(head + 1) snapshot(s) on \(log.board.rawValue): the first is @{\(head)}",
                    ref: reference.text)
            }
            return head - count
        case .time(let text):
            let moment: TimeExpression
            do { moment = try Self.time(text, now: now) } catch {
                throw ArchiveError(error.code, "in `\(reference.text)`: \(error.message)", ref: reference.text)
            }
            guard let position = try log.position(atOrBefore: moment.end) else {
                let first = try Self.start(of: log)
                throw ArchiveError(
                    .refNotFound,
                    "nothing of \(log.player) on \(log.board.rawValue) at or before \(moment.end): the first capture is of "
                        + "\(first)" + (try hint(of: log, before: first, reference)),
                    ref: reference.text, candidates: ["\(log.board.rawValue)/\(log.player)@{first}"])
            }
            return position
        }
    }

    /// That there is more under the name, of whoever had it before.
    private func hint(
        of log: RefLog, before first: Timestamp, _ reference: Reference
    ) throws(ArchiveError) -> String {
        guard reference.followsRenames, let named = try history.log(log.player, log.board),
            let earliest = try named.firstSuccess?.capturedAt, earliest < first, history.lineage.involves(log.player)
        else { return "" }
        return "; earlier ones under that name are of another account: --no-follow finds them"
    }

    /// When the first ok observation was made of a log that has one.
    private static func start(of log: RefLog) throws(ArchiveError) -> Timestamp {
        try log.firstSuccess?.capturedAt ?? .earliest
    }

    /// Reads a time as an option or a selector gives it. Throws `malformedRef`, which says how times are written.
    public static func time(_ text: String, now: Timestamp) throws(ArchiveError) -> TimeExpression {
        do {
            return try TimeExpression(parsing: text, now: now)
        } catch {
            let reason =
                switch error {
                case .ambiguousUnit: "could be minutes or months; write min or mo"
                case .malformed:
                    "is no time; write 2025-11-01, 2025-11-01T04:15:00Z, yesterday, or 7d (min, h, d, w, mo, y)"
                }
            throw ArchiveError(.malformedRef, "`\(text)` \(reason)", ref: text)
        }
    }

    private func revision(_ reference: Reference, _ log: RefLog, _ position: Int) throws(ArchiveError) -> Revision {
        guard let target = try log.position(changes: reference.changes, before: position),
            let entry = try log.success(at: target), let snapshot = entry.observation.snapshot
        else {
            let first = try Self.start(of: log)
            throw ArchiveError(
                .refNotFound,
                "\(log.player) did not change \(reference.changes) times on \(log.board.rawValue) since the first capture of \(first)",
                ref: reference.text)
        }
        return Revision(
            ref: reference.text, snapshot: snapshot, entry: entry, log: log,
            isBarePlayer: reference.kinds.contains(.player) && !reference.hasSelector)
    }

    // MARK: Tags and ids

    private func resolveTag(_ reference: Reference) throws(ArchiveError) -> Revision {
        guard let target = history.tag(reference.name)?.target else { throw try notFound(reference) }
        guard let sighting = target.sighting,
            let log = try log(of: sighting.player, sighting.board, at: sighting.capturedAt, reference),
            let position = try log.position(atOrBefore: sighting.capturedAt),
            let entry = try log.success(at: position),
            entry.observation.snapshot == target.snapshot
        else {
            guard reference.changes == 0 else {
                throw ArchiveError(
                    .refNotFound, "the tag \(reference.name) stands for an id that no log mentions", ref: reference.text
                )
            }
            return Revision(ref: reference.text, snapshot: target.snapshot, entry: nil, log: nil)
        }
        let found = try revision(reference, log, position)
        return Revision(ref: found.ref, snapshot: found.snapshot, entry: found.entry, log: found.log)
    }

    private func resolveID(_ reference: Reference, among matches: [ObjectID]) throws(ArchiveError) -> Revision {
        guard let id = matches.first else { throw try notFound(reference) }
        guard matches.count == 1 else {
            let candidates = matches.prefix(8).map(\.hex)
            throw ArchiveError(
                .ambiguousRef,
                "\(matches.count) ids begin with \(reference.name): \(candidates.joined(separator: ", "))",
                ref: reference.text, candidates: candidates)
        }
        guard let entry = try history.sighting(of: id) else {
            return Revision(ref: reference.text, snapshot: id, entry: nil, log: nil)
        }
        let seen = entry.observation
        let log = try log(of: seen.player, seen.board, at: seen.capturedAt, reference)
        return Revision(ref: reference.text, snapshot: id, entry: entry, log: log)
    }

    /// The log that a sighting stands in: of its account up to the present, or of its name alone.
    private func log(
        of player: PlayerName, _ board: Board, at moment: Timestamp, _ reference: Reference
    ) throws(ArchiveError) -> RefLog? {
        guard reference.followsRenames else { return try history.log(player, board) }
        return try history.accountLog(of: player, board, at: moment)
    }

    /// The ids of documents that begin with hex digits, of which there are two or more, sorted.
    private func ids(startingWith prefix: String) throws(ArchiveError) -> [ObjectID] {
        guard let bounds = ObjectID.ids(startingWith: prefix) else { return [] }
        var found = try history.ids(in: bounds)
        do {
            found.formUnion(try objects.ids(in: bounds))
        } catch {
            throw ArchiveError(error)
        }
        return found.sorted()
    }

    // MARK: What could be meant

    /// What is not found may lie in what cannot be read: then that is the error.
    private func unlessUnreadable(_ error: ArchiveError) -> ArchiveError {
        guard [.refNotFound, .playerNotFound].contains(error.code), !damage.isEmpty else { return error }
        return ArchiveError(
            .corrupt, "among what can be read of this archive, \(error.message)", ref: error.ref,
            candidates: error.candidates)
    }

    /// What a repair declared lost of a player of whom nothing is left; or of nobody knows whom, where the name is like
    /// none that is known.
    private func lost(by player: PlayerName?, isUnlikeOthers: Bool) -> String? {
        if let player, let loss = history.losses(of: player).last {
            let times = loss.from.flatMap { from in loss.to.map { " from \(from) to \($0)" } } ?? ""
            return
                "declared lost at \(loss.recordedAt): \(loss.count.counted("record")) of \(player)\(times): \(loss.reason)"
        }
        guard isUnlikeOthers, let loss = history.losses.last(where: { $0.player == nil && $0.count > 0 }) else {
            return nil
        }
        return
            "declared lost at \(loss.recordedAt): \(loss.count.counted("record")) of nobody knows whom: \(loss.reason)"
    }

    private func notFound(
        _ reference: Reference, onlyPlayers: Bool = false
    ) throws(ArchiveError) -> ArchiveError {
        let wanted = PlayerName(normalising: reference.name)?.key ?? reference.name
        let known = try history.players().map(\.key) + (onlyPlayers ? [] : history.tags.keys.sorted())
        let similar =
            known
            .map { (name: $0, distance: EditDistance.between($0, wanted)) }
            .filter { $0.distance <= max(2, wanted.count / 3) || $0.name.hasPrefix(wanted) }
            .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
            .prefix(5).map(\.name)
        var hint =
            similar.isEmpty
            ? "; `osrs-archive players` lists whom this archive knows"
            : "; did you mean \(similar.joined(separator: ", "))?"
        let lost = lost(by: PlayerName(normalising: reference.name), isUnlikeOthers: similar.isEmpty)
        if let lost { hint = "; " + lost }
        let isPlayerOnly = onlyPlayers || reference.kinds == [.player]
        if !isPlayerOnly, similar.isEmpty, lost == nil, (4...7).contains(reference.name.count),
            reference.name.allSatisfy(\.isHexDigit)
        {
            hint = "; an id takes 8 hex digits or more"
        }
        return ArchiveError(
            isPlayerOnly ? .playerNotFound : .refNotFound,
            "`\(reference.text)` is no player\(isPlayerOnly ? "" : ", tag or id") of this archive" + hint,
            ref: reference.text, candidates: Array(similar))
    }
}
