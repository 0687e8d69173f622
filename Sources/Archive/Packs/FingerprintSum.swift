/// The entries of an index, as a sum that is the same whatever their order: so the documents of blocks can be held against
/// an index without keeping them. Two lists of entries with one count and one sum are the same but for one chance in 2^64:
/// each entry goes through a hash that is keyed anew by every process, so nobody can aim at it.
struct FingerprintSum: Hashable {
    /// Entries in it.
    private(set) var count = 0
    private var sum = 0

    /// An entry of an index.
    mutating func add(_ fingerprint: UInt64, inBlock block: Int) {
        var hasher = Hasher()
        hasher.combine(fingerprint)
        hasher.combine(block)
        sum &+= hasher.finalize()
        count += 1
    }

    /// What an index has of a block whose documents' ids begin so: each fingerprint once. O(n log n).
    mutating func add(_ prefixes: [UInt64], inBlock block: Int, _ format: PackFingerprints) {
        var before: UInt64?
        for fingerprint in prefixes.map(format.fingerprint).sorted() where fingerprint != before {
            add(fingerprint, inBlock: block)
            before = fingerprint
        }
    }
}
