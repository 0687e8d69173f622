/// The type of an account. Group ironmen have no board of their own and look like regular accounts.
public enum AccountType: String, CaseIterable, Hashable, Sendable {
    /// No ironman, or one no longer.
    case regular
    /// An ironman; a dead hardcore and a former ultimate one, too.
    case ironman
    /// A hardcore ironman who is alive.
    case hardcore
    /// An ultimate ironman.
    case ultimate
}

/// What an account is, what it was, and which boards still move, as the boards of one run tell.
///
/// Whoever leaves a mode stays on its board with what was true at that moment: such a board is *frozen*. So a hardcore or
/// ultimate board that shows less than the ironman board, and an ironman board that shows less than main, are frozen.
/// The rules are those of Wise Old Man (AssertPlayerTypeService) and osrs-json-hiscores, but for an ironman board ahead of
/// main: ironmen of low level are not listed on main, and a logout between two requests shows there as well, so only less
/// counts. Where evidence is missing nothing is guessed.
public struct AccountStanding: Hashable, Sendable {
    /// The type; nil where the evidence does not tell.
    public var type: AccountType?
    /// Was a hardcore ironman and died.
    public var isDead = false
    /// Was an ultimate ironman and gave it up.
    public var isDeulted = false
    /// Was an ironman of any kind and gave it up.
    public var isDeironed = false
    /// The boards that list the account and go on showing what it does, in the order of `AccountEvidence.boards`.
    public var liveBoards: [Board] = []
    /// The boards that list it as it once was, in the same order.
    public var frozenBoards: [Board] = []

    /// A standing of a type with nothing behind it, on the boards that show such an account.
    public init(_ type: AccountType) {
        self.type = type
        liveBoards =
            switch type {
            case .regular: [.main]
            case .ironman: [.main, .ironman]
            case .hardcore: [.main, .ironman, .hardcoreIronman]
            case .ultimate: [.main, .ironman, .ultimate]
            }
    }

    /// The standing that evidence gives.
    public init(_ evidence: AccountEvidence) {
        let listed = AccountEvidence.boards.filter { evidence[$0].isListed }
        guard case .listed(let experience) = evidence[.ironman] else {
            // No hardcore or ultimate ironman is missing from the ironman board: one of the two is wrong then.
            let isPlain = evidence[.ironman] == .notListed && listed == [.main]
            (type, liveBoards) = (isPlain ? .regular : nil, listed)
            return
        }
        let (hardcore, ultimate) = (
            Course(of: evidence[.hardcoreIronman], beside: experience),
            Course(of: evidence[.ultimate], beside: experience)
        )
        (isDead, isDeulted) = (hardcore == .behind, ultimate == .behind)
        var frozen: Set<Board> = []
        if isDead { frozen.insert(.hardcoreIronman) }
        if isDeulted { frozen.insert(.ultimate) }
        // Seen from main, the ironman board is the one that may have stopped.
        switch Course(of: evidence[.ironman], beside: evidence[.main]) {
        case .behind:
            (type, isDeironed) = (.regular, true)
            frozen.formUnion([.ironman, .hardcoreIronman, .ultimate])
        case .level, .absent: type = Self.ironmanType(hardcore, ultimate)
        case .unknown: type = nil
        }
        liveBoards = listed.filter { !frozen.contains($0) }
        frozenBoards = listed.filter(frozen.contains)
    }

    /// Which ironman an ironman is. Whoever was a hardcore one can be no ultimate one, and the other way round.
    private static func ironmanType(_ hardcore: Course, _ ultimate: Course) -> AccountType? {
        switch (hardcore, ultimate) {
        case (.level, .level): nil
        case (.level, _): .hardcore
        case (_, .level): .ultimate
        case (.behind, _), (_, .behind), (.absent, .absent): .ironman
        case (.unknown, _), (_, .unknown): nil
        }
    }

    /// How a board goes beside another.
    private enum Course {
        /// It shows as much, or more.
        case level
        /// It shows less: it has stopped.
        case behind
        /// The account is not listed on one of them.
        case absent
        /// It is not known.
        case unknown

        init(of board: BoardTestimony, beside experience: Int64?) {
            self.init(of: board, beside: .listed(experience: experience))
        }

        init(of board: BoardTestimony, beside other: BoardTestimony) {
            switch (board, other) {
            case (.unknown, _), (_, .unknown): self = .unknown
            case (.notListed, _), (_, .notListed): self = .absent
            case (.listed(let own?), .listed(let theirs?)): self = own < theirs ? .behind : .level
            case (.listed, .listed): self = .unknown
            }
        }
    }
}

extension AccountStanding {
    /// What it means that an account of one standing is found in another.
    public enum Change: Hashable, Sendable {
        /// An account can do that, or nothing is known.
        case possible
        /// No account can: the name belongs to another one now.
        case impossible
        /// No account does that without staying on the board that it leaves. The name has changed hands, or a 404 was
        /// wrong: to be asked again before anyone is told.
        case doubtful
    }

    /// What it means that this account is found in a later standing. A name that changed hands is to be flagged, and
    /// nothing of it dropped.
    public func change(to later: AccountStanding) -> Change {
        guard let type, let laterType = later.type else { return .possible }
        switch (type, laterType) {
        case (.regular, .regular), (.ironman, .ironman), (.hardcore, .hardcore), (.ultimate, .ultimate):
            return .possible
        case (.hardcore, .ironman): return later.isDead ? .possible : .doubtful
        case (.ultimate, .ironman): return later.isDeulted ? .possible : .doubtful
        case (_, .regular): return later.isDeironed ? .possible : .doubtful
        case (.regular, _), (_, .hardcore), (_, .ultimate): return .impossible
        }
    }
}
