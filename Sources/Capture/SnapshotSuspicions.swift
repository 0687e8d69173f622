public import Archive
import CanonicalJSON
import CivilTime
import Diffing
import Hiscores

/// What a new snapshot gives reason to suspect. It is kept and marked, never refused: a suspicion may be wrong.
public enum SnapshotSuspicions {
    /// What an ok observation that is about to be committed gives reason to suspect, held against the one before it in
    /// its account's log on that board. Nothing where there is none before, where it has the same document, or where the
    /// past cannot be read: that keeps nobody from capturing.
    public static func of(_ observation: Observation, _ document: [UInt8], in archive: Archive) -> [Suspicion] {
        guard let before = try? previous(to: observation, in: archive),
            before.observation.snapshot != observation.snapshot,
            let previous = try? archive.document(of: before)
        else { return [] }
        return between(previous, document, on: observation.board)
    }

    /// What two documents of one log, one after the other, give reason to suspect. Whatever else tells that a name has
    /// another owner, such as an account type that none can become, belongs here.
    static func between(_ previous: [UInt8], _ document: [UInt8], on board: Board) -> [Suspicion] {
        guard let before = view(of: previous), let after = view(of: document) else { return [] }
        return HiscoreDiff(from: before, to: after).suggestsAnotherAccount(on: board) ? [.changedHands] : []
    }

    private static func previous(to observation: Observation, in archive: Archive) throws(ArchiveError) -> LogEntry? {
        let (player, moment) = (observation.player, observation.capturedAt)
        guard let log = try archive.history.accountLog(of: player, observation.board, at: moment),
            let position = try log.position(atOrBefore: moment)
        else { return nil }
        return try log.success(at: position)
    }

    private static func view(of document: [UInt8]) -> HiscoreDocument? {
        (try? JSONDocument(parsing: document)).flatMap { HiscoreDocument($0.root.value) }
    }
}
