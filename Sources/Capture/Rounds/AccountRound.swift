import CivilTime
public import Hiscores

/// One account in one run: its boards, asked one after the other, and what they told of its type.
public struct AccountRound: Hashable, Sendable {
    /// The account.
    public let account: CaptureAccount
    /// The boards that are asked, in their order; never none.
    public let boards: [Board]
    /// What they said so far, as far as it tells the type.
    public private(set) var evidence = AccountEvidence()
    /// By when its boards are to be asked; nil where there is time.
    var deadline: Timestamp?
    private var place = 0

    /// A round over the first of the boards and the others.
    public init(_ account: CaptureAccount, boards first: Board, _ others: some Sequence<Board> = EmptyCollection()) {
        (self.account, boards) = (account, [first] + others)
    }

    /// All that is asked about, in its order.
    public var targets: [CaptureTarget] { boards.map { CaptureTarget(account, $0) } }

    /// Rounds without those that others make needless: a board of a player is asked once in a run, and where the boards are
    /// found out, that is where it tells something.
    public static func withoutRepeats(_ rounds: [AccountRound]) -> [AccountRound] {
        let found = Set(rounds.lazy.filter { $0.account.board == .auto }.flatMap(Self.places))
        return rounds.filter { $0.account.board == .auto || !Self.places($0).allSatisfy(found.contains) }
    }

    /// A board of a player, however the name is spelled.
    private struct Place: Hashable {
        let player: PlayerName
        let board: Board
    }

    private static func places(_ round: AccountRound) -> [Place] {
        round.boards.map { Place(player: round.account.player, board: $0) }
    }

    /// What is asked about now.
    var target: CaptureTarget { CaptureTarget(account, boards[place]) }

    /// Takes in what the board said that was asked, and moves on to the next one; false at the end.
    mutating func moveOn(after testimony: BoardTestimony) -> Bool {
        evidence[boards[place]] = testimony
        guard place + 1 < boards.count else { return false }
        place += 1
        return true
    }
}
