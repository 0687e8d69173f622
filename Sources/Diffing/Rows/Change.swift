public import Hiscores

/// One number of a row at two moments.
public struct Change: Hashable, Sendable {
    /// The number at the first moment as served; nil only where it is absent.
    public let from: ServedNumber
    /// The number at the second moment as served; nil only where it is absent.
    public let to: ServedNumber
    /// `to` minus `from`; negative for a fall, and for a rank that got better. Nil where either side is unknown, and for
    /// a difference that 64 bits do not hold.
    public let change: Int64?

    /// Numbers as served, and what of them is known.
    init(from: ServedNumber, to: ServedNumber, knownFrom: Int64?, knownTo: Int64?) {
        (self.from, self.to) = (from, to)
        guard let knownFrom, let knownTo else {
            change = nil
            return
        }
        let (difference, overflow) = knownTo.subtractingReportingOverflow(knownFrom)
        change = overflow ? nil : difference
    }
}
