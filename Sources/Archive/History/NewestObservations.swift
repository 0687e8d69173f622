import CivilTime

/// The newest observations of a source, in the order of `ListingPoint`, the newest first.
protocol NewestObservations: AnyObject {
    /// Whether these are all that the source has.
    var isWhole: Bool { get }

    /// The one with so many before it; nil behind the last.
    func entry(at index: Int) -> LogEntry?

    /// The ok observation of the source before another one, in its log. What was asked for so far has to be enough.
    func success(before entry: LogEntry) -> EarlierSuccess
}

/// What a source says of the ok observation before another one.
enum EarlierSuccess: Hashable {
    /// There is none.
    case none
    /// It stands there, and has the same snapshot or not.
    case at(LogPoint, isSame: Bool)
    /// If there is one, it was captured at this moment or before.
    case unknown(upTo: Timestamp)
}
