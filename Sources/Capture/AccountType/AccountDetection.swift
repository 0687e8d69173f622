public import Archive
public import CivilTime
public import Hiscores
public import ObjectStore

/// Which boards each account needs, and what it turns out to be: the mode cache at work. One thread at a time.
public final class AccountDetection {
    private let file: ModeCacheFile?
    private var cache: ModeCache
    private var hasLearned = false
    /// Why the cache that lay there is not used, where it is not.
    public let warning: String?

    /// The detection that a cache file helps; without one it remembers what it learns for as long as it lives.
    public init(_ file: ModeCacheFile?) {
        self.file = file
        (cache, warning) = file?.load() ?? (ModeCache(), nil)
    }

    /// A round over the boards to ask about an account now: the one that is named; else those that the cache says, and all
    /// four where it says nothing.
    ///
    /// With `keepsToKnown`, when nobody asked for the type to be found out, an account that the cache does not know is
    /// asked about on those boards of the four that have shown it; all four are for one that none has.
    public func round(
        of account: CaptureAccount, in history: History, at now: Timestamp, keepsToKnown: Bool = false
    ) throws(ArchiveError) -> AccountRound {
        if let board = account.board.board { return AccountRound(account, boards: board) }
        let logs = try history.logs(of: account.player)
        let entry = cache[account.player]
        if keepsToKnown, entry == nil {
            let known = AccountEvidence.boards.filter { board in
                logs.contains { $0.board == board && $0.successCount > 0 }
            }
            if let first = known.first { return AccountRound(account, boards: first, known.dropFirst()) }
        }
        var lastAsked: [Board: Timestamp] = [:]
        for log in logs { lastAsked[log.board] = try log.last?.capturedAt }
        let boards = BoardPlan.boards(knowing: entry, at: now) { lastAsked[$0] }
        return AccountRound(account, boards: boards.first ?? .main, boards.dropFirst())
    }

    /// Takes in what a round over several boards told; whether the name belongs to another account now.
    public func learn(from round: AccountRound, at now: Timestamp) -> Bool {
        guard round.account.board.board == nil else { return false }
        let lesson = cache.learn(round.evidence, of: round.account.player, at: now)
        if lesson != .nothing { hasLearned = true }
        return lesson == .changedHands
    }

    /// What is known of a player; nil where nothing is.
    public func standing(of player: PlayerName) -> AccountStanding? { cache[player]?.standing }

    /// Puts what was learned into the file, where the folder for it is there. Throws where that cannot be written.
    public func save() throws(StorageError) {
        guard hasLearned, let file, file.hasFolder else { return }
        try file.save(cache)
        hasLearned = false
    }
}
