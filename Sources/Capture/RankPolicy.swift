public import Archive
import CivilTime

/// Which snapshots are kept that differ from the one before in ranks alone. On a live board ranks drift while the player
/// sleeps: of captures half an hour apart nine in ten bring nothing else.
public enum RankPolicy: String, CaseIterable, Hashable, Sendable {
    /// Every one: nothing is let go unless somebody asks for it.
    case every
    /// One a UTC day.
    case daily
    /// None: only what changed beyond ranks.
    case changed

    /// What is kept of an answer.
    public enum Decision: Hashable, Sendable {
        /// The observation and its document.
        case store
        /// The observation alone: its ids, and its document declared absent.
        case ranksOnly
    }

    /// What to keep of an ok observation. `stored` is the ok observation before it in its log, whose document the archive
    /// has (`RefLog.success(before:)`), or nil.
    ///
    /// The first one of a log is kept, one that brings anything but ranks, and one whose document is there already, for
    /// it costs nothing. Under `daily` an answer is let go where `stored` is of the same UTC day: an answer of any other
    /// day is kept, one from before a clock was set back included, for in doubt nothing is lost.
    public func decide(_ observation: Observation, after stored: Observation?) -> Decision {
        guard self != .every, observation.result == .ok, let stored, stored.result == .ok,
            observation.progress == stored.progress, observation.snapshot != stored.snapshot
        else { return .store }
        switch self {
        case .every: return .store
        case .daily:
            return observation.capturedAt.startOfDay == stored.capturedAt.startOfDay ? .ranksOnly : .store
        case .changed: return .ranksOnly
        }
    }

    /// The observation as it is to be recorded: as it is, or as one of ranks alone, to which no document belongs.
    public func recorded(_ observation: Observation, after stored: Observation?) -> Observation {
        var recorded = observation
        if decide(observation, after: stored) == .ranksOnly { recorded.result = .ranksOnly }
        return recorded
    }
}
