/// What one board told about a player, as far as the type of the account goes.
public enum BoardTestimony: Hashable, Sendable {
    /// The board lists the player, with this experience in Overall; nil where it shows none.
    case listed(experience: Int64?)
    /// The board does not list that name (404).
    case notListed
    /// It was not asked, or did not answer: nothing is learned from that.
    case unknown

    /// Whether the board lists the player.
    public var isListed: Bool { if case .listed = self { true } else { false } }

    /// The testimony of a document that the board served.
    public init(_ document: HiscoreDocument) {
        let overall = document.skills.first { $0.name == "Overall" }
        self = .listed(experience: overall.flatMap { $0.isUnknown ? nil : $0.xp })
    }
}

/// What the boards that tell an account's type said in one run.
///
/// They are to be asked in the order of `AccountEvidence.boards`, one after the other: a logout in between then only makes
/// the later ones show more, which means nothing, while less would look like a death.
public struct AccountEvidence: Hashable, Sendable {
    /// The boards that tell the type, in the order in which to ask them.
    public static let boards: [Board] = [.main, .ironman, .hardcoreIronman, .ultimate]

    private var testimonies: [Board: BoardTestimony] = [:]

    /// Evidence; unknown where a board is not given.
    public init(_ testimonies: [Board: BoardTestimony] = [:]) { self.testimonies = testimonies }

    /// What a board said.
    public subscript(board: Board) -> BoardTestimony {
        get { testimonies[board] ?? .unknown }
        set { testimonies[board] = newValue }
    }
}
