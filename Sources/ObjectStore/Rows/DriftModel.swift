/// Predicts a column that drifts while the column beside it rests, as ranks do while their player sleeps: at a rate of
/// its own, learned on the way, times the pace that all such columns have in a row.
///
/// Residuals are coded as quotients by a power of two that follows their spread. All of it is integers, `>>` rounds down,
/// and every state is bounded, so that both sides compute the same whatever the numbers are.
struct DriftModel {
    /// Difference a row at pace 1, in units of 2^-8.
    private var rate: Int64 = 0
    /// Sixteen times the running mean of how far predictions were off.
    private var spread: Int64 = 0
    private var updates = 0

    /// The pace of a usual row.
    static let usualPace = 32
    private static let largestRate: Int64 = 1 << 40
    private static let largestSpread: Int64 = 1 << 36

    /// Whether there was a first difference to learn from.
    @inline(__always)
    var isPrimed: Bool { updates > 0 }

    /// The difference to expect.
    @inline(__always)
    func prediction(pace: UInt8) -> Int64 { (rate * Int64(pace) + 128) >> 8 }

    /// By how many bits residuals are shifted.
    @inline(__always)
    var shift: Int { 64 - (spread >> 6).leadingZeroBitCount }

    /// Learns the first difference. At pace 0 there is nothing to learn.
    mutating func prime(_ difference: Int64, pace: UInt8) {
        guard pace > 0 else { return }
        let bounded = min(max(difference, -1 << 30), 1 << 30)
        rate = (bounded << 8) / Int64(pace)
        spread = abs(bounded) << 2
        updates = 1
    }

    /// How strongly a row of that pace counts for the rate.
    static func gain(pace: UInt8) -> Int64 { pace == 0 ? 0 : min(256, 8_192 / Int64(pace)) }

    /// Learns how far a prediction was off, in a row of that gain. One residual far out of line counts as one in line.
    @inline(__always)
    mutating func update(_ residual: Int64, gain: Int64) {
        let limit = 8 * (spread >> 4) + 16
        let bounded = min(max(residual, -limit), limit)
        let step = (bounded * gain) >> (updates == 1 ? 6 : 7)
        rate = min(max(rate + step, -Self.largestRate), Self.largestRate)
        spread = min(spread + abs(bounded) - (spread >> 4), Self.largestSpread)
        updates = 2
    }
}

/// How a residual becomes a quotient symbol and a tail.
enum QuotientCode {
    /// Symbol 0 says that the residual is coded by class instead.
    static let escape: UInt8 = 0
    /// Quotients lie in -20..<20; a symbol is 1 more than the quotient folded: 0, -1, 1, -2.
    private static let limit: Int64 = 20
    static let symbolLimit: UInt8 = 40

    /// The symbol of a quotient; the escape where it is out of range.
    @inline(__always)
    static func symbol(_ quotient: Int64) -> UInt8 {
        guard quotient >= -limit, quotient < limit else { return escape }
        return UInt8(truncatingIfNeeded: 1 + ((quotient << 1) ^ (quotient >> 63)))
    }

    /// The quotient of a symbol from 1 to `symbolLimit`.
    @inline(__always)
    static func quotient(_ symbol: UInt8) -> Int64 {
        let folded = Int64(symbol) - 1
        return (folded >> 1) ^ -(folded & 1)
    }
}
