public import Hiscores

/// An account as a name stands for it: its history under that name, and under those that it had before.
public struct Account {
    /// The name that stands for it.
    public let name: PlayerName
    /// Its tenures, newest first; the first is one of `name`.
    public let tenures: [Tenure]
    /// Its ref logs, in the order of the boards, each of them over all tenures.
    public internal(set) var logs: [RefLog]
    /// The links with which it left this name and went on, oldest first; empty where it still has the name.
    public let later: [RenameLink]
    /// For each other account that had this name before and left it, oldest first, the same links.
    public let formerHolders: [[RenameLink]]
    /// How many observations under this name are another account's.
    public let foreignObservations: Int

    init(
        _ name: PlayerName, tenures: [Tenure]? = nil, logs: [RefLog], later: [RenameLink] = [],
        formerHolders: [[RenameLink]] = [], foreignObservations: Int = 0
    ) {
        (self.name, self.tenures, self.logs) = (name, tenures ?? [Tenure(player: name)], logs)
        (self.later, self.formerHolders, self.foreignObservations) = (later, formerHolders, foreignObservations)
    }
}
