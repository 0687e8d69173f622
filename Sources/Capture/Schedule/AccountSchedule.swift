public import CivilTime
public import Hiscores

/// When an account is due: once in each slot of its interval.
///
/// Time is cut into slots as long as the interval. Where they begin is the account's own: it follows from its name and
/// board, so that accounts spread over the interval and each keeps its time of day. An account is due when its slot has
/// begun and has no attempt yet. So:
/// - Slots that were slept through are made up for by one capture, not by one each, and the accounts fall apart again at
///   the next slot, instead of staying in a bunch.
/// - Nothing drifts, however long captures take: every slot has its attempt.
/// - Where the clock goes backwards, an attempt that now lies in the future counts only within the present slot: no
///   account waits longer than one interval, and none is captured twice for a clock that was set back a little.
public struct AccountSchedule: Hashable, Sendable {
    /// The length of a slot, in milliseconds.
    public let interval: Int64
    /// Where slots begin, in milliseconds from any multiple of the interval.
    private let phase: Int64

    /// A schedule of one capture every so many minutes (at least 1). `seed` decides where in the interval.
    public init(intervalMinutes: Int, seed: UInt64) {
        interval = Int64(min(max(1, intervalMinutes), AccountEntry.intervals.upperBound)) * 60_000
        phase = Int64(seed % UInt64(interval))
    }

    /// The schedule of an account, at the place in the interval that its name and board give it.
    public init(intervalMinutes: Int, player: PlayerName, board: BoardChoice) {
        self.init(intervalMinutes: intervalMinutes, seed: Self.seed("\(board.name)/\(player)"))
    }

    /// The slot that a moment lies in, from its first millisecond to its last.
    public func slot(at moment: Timestamp) -> ClosedRange<Timestamp> {
        let offset = moment.millisecondsSinceEpoch - phase
        let past = offset % interval
        let start = moment.advanced(byMilliseconds: -(past < 0 ? past + interval : past))
        return start...start.advanced(byMilliseconds: interval - 1)
    }

    /// By when a capture that begins at `moment` has to be asked for, so that its answer still lies in the slot: 30 s, the
    /// longest that an answer takes, before its end; half of what is left of a slot that is shorter than that.
    public func deadline(at moment: Timestamp) -> Timestamp {
        let left = slot(at: moment).upperBound.milliseconds(since: moment)
        return moment.advanced(byMilliseconds: left - min(30_000, left / 2))
    }

    /// When the account is due next: in the past where it is late, `now` where it was never tried.
    ///
    /// `lastAttempt` is the newest attempt that does not lie behind the slot of `now`; one that does is passed over.
    public func due(lastAttempt: Timestamp?, now: Timestamp) -> Timestamp {
        let present = slot(at: now)
        guard let lastAttempt, lastAttempt <= present.upperBound else {
            return lastAttempt == nil ? now : present.lowerBound
        }
        return slot(at: lastAttempt).upperBound.advanced(byMilliseconds: 1)
    }

    /// Whether a whole slot has gone by since the one of `lastSuccess` without another. `lastSuccess` is the newest ok
    /// observation that does not lie behind the slot of `now`.
    public func isOverdue(lastSuccess: Timestamp, now: Timestamp) -> Bool {
        slot(at: now).lowerBound.milliseconds(since: slot(at: lastSuccess).lowerBound) > interval
    }

    /// FNV-1a (64 bits), folded over once more so that the low bits of short names differ well.
    private static func seed(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash ^ (hash >> 32)
    }
}
