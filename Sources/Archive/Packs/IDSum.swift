import ObjectStore

/// The sum of ids as 256-bit numbers (their bytes, the highest first), modulo 2^256. It is the same whatever the order,
/// so blocks can be checked side by side, and merging packs adds their sums.
struct IDSum: Hashable {
    private var words: (UInt64, UInt64, UInt64, UInt64)

    init() { words = (0, 0, 0, 0) }

    init(_ id: ObjectID) { words = id.words }

    static func += (sum: inout IDSum, other: IDSum) {
        func add(_ left: inout UInt64, _ right: UInt64, _ carry: inout UInt64) {
            let (first, over) = left.addingReportingOverflow(right)
            let (second, overAgain) = first.addingReportingOverflow(carry)
            (left, carry) = (second, (over ? 1 : 0) + (overAgain ? 1 : 0))
        }
        var carry: UInt64 = 0
        add(&sum.words.3, other.words.3, &carry)
        add(&sum.words.2, other.words.2, &carry)
        add(&sum.words.1, other.words.1, &carry)
        add(&sum.words.0, other.words.0, &carry)
    }

    static func += (sum: inout IDSum, id: ObjectID) { sum += IDSum(id) }

    var bytes: [UInt8] { ObjectID(words: words).bytes }

    static func == (left: IDSum, right: IDSum) -> Bool { left.words == right.words }

    func hash(into hasher: inout Hasher) { hasher.combine(words.3) }
}
