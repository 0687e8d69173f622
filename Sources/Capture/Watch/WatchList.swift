public import CivilTime
import Hiscores

/// The accounts that are watched, each with its schedule and its last attempt: who is due, and when the next one is.
public struct WatchList: Sendable {
    private struct Place: Sendable {
        let account: CaptureAccount
        let schedule: AccountSchedule
        var lastAttempt: Timestamp?
    }

    private var places: [Place] = []

    /// Nobody.
    public init() {}

    /// How many there are.
    public var count: Int { places.count }

    /// Takes the place of the list. Who was on it goes on from its last attempt; of others `lastAttempt` tells the newest
    /// one up to a moment, the end of the present slot, nil where there was none. The first of several that are the same
    /// counts. O(accounts).
    public mutating func replace<Failure: Error>(
        with accounts: [(account: CaptureAccount, intervalMinutes: Int)], at now: Timestamp,
        lastAttempt: (CaptureAccount, _ until: Timestamp) throws(Failure) -> Timestamp?
    ) throws(Failure) {
        let known = Dictionary(places.map { ($0.account.key, $0.lastAttempt) }) { first, _ in first }
        var seen: Set<CaptureAccount.Key> = []
        var replaced: [Place] = []
        for (account, interval) in accounts where seen.insert(account.key).inserted {
            let schedule = AccountSchedule(intervalMinutes: interval, player: account.player, board: account.board)
            let last: Timestamp?
            if let attempt = known[account.key] {
                last = attempt
            } else {
                last = try lastAttempt(account, schedule.slot(at: now).upperBound)
            }
            replaced.append(Place(account: account, schedule: schedule, lastAttempt: last))
        }
        places = replaced
    }

    /// An account whose turn it is.
    public struct DueAccount: Sendable {
        /// The account.
        public let account: CaptureAccount
        /// By when it is to be asked about, so that its interval has a record.
        public let deadline: Timestamp
    }

    /// Those that are due, the one that has waited longest first; they count as tried from now on. Who is being asked
    /// about stays due: the answer may belong to an interval that is over. O(accounts).
    public mutating func takeDue(
        at now: Timestamp, unless isBeingAsked: (CaptureAccount) -> Bool = { _ in false }
    ) -> [DueAccount] {
        var due: [(since: Timestamp, index: Int)] = []
        for (index, place) in places.enumerated() {
            let moment = place.schedule.due(lastAttempt: place.lastAttempt, now: now)
            if moment <= now, !isBeingAsked(place.account) { due.append((moment, index)) }
        }
        due.sort { $0.since == $1.since ? $0.index < $1.index : $0.since < $1.since }
        for (_, index) in due { places[index].lastAttempt = now }
        return due.map {
            DueAccount(account: places[$0.index].account, deadline: places[$0.index].schedule.deadline(at: now))
        }
    }

    /// When the next one is due of those that are not being asked about; nil where there is none. O(accounts).
    public func nextDue(
        at now: Timestamp, unless isBeingAsked: (CaptureAccount) -> Bool = { _ in false }
    ) -> Timestamp? {
        places.compactMap { isBeingAsked($0.account) ? nil : $0.schedule.due(lastAttempt: $0.lastAttempt, now: now) }
            .min()
    }
}
