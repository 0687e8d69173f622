import CanonicalJSON

/// Which elements of two arrays are the same ones, in the order of both.
///
/// Elements are told by their row name, or else by value, and the nth of equals belongs to the nth. What both arrays
/// begin and end with is set aside first. Then every key is unique, and the longest common subsequence is a longest
/// increasing one of places: n log n, never n times m.
struct ArrayMatching {
    /// How many elements at the beginning are equivalent.
    let prefix: Int
    /// How many elements at the end, none of them in the prefix, are equivalent.
    let suffix: Int
    /// The matched places between those, both increasing. Elements of one name may differ; those told by value are
    /// equal.
    let matches: [(old: Int, new: Int)]

    init(_ old: [JSONValue], _ new: [JSONValue]) {
        let shorter = min(old.count, new.count)
        var prefix = 0
        while prefix < shorter, old[prefix].isEquivalent(to: new[prefix]) { prefix += 1 }
        var suffix = 0
        while suffix < shorter - prefix,
            old[old.count - 1 - suffix].isEquivalent(to: new[new.count - 1 - suffix])
        {
            suffix += 1
        }
        (self.prefix, self.suffix) = (prefix, suffix)
        matches = Self.longestIncreasing(
            Self.pairs(old[prefix..<old.count - suffix], new[prefix..<new.count - suffix]))
    }

    /// What tells an element from the others of its array.
    private struct Key: Hashable {
        enum Identity: Hashable {
            case row(JSONText)
            case value(JSONValue)
        }
        let identity: Identity
        let occurrence: Int

        static func keys(of elements: ArraySlice<JSONValue>) -> [Key] {
            var occurrences: [Identity: Int] = [:]
            return elements.map { element in
                let identity: Identity = element.rowName.map { .row($0) } ?? .value(element)
                let occurrence = occurrences[identity, default: 0]
                occurrences[identity] = occurrence + 1
                return Key(identity: identity, occurrence: occurrence)
            }
        }
    }

    /// The places of equal keys, by place in `old`.
    private static func pairs(_ old: ArraySlice<JSONValue>, _ new: ArraySlice<JSONValue>) -> [(old: Int, new: Int)] {
        if old.isEmpty || new.isEmpty { return [] }
        let places = Dictionary(zip(Key.keys(of: new), new.indices)) { first, _ in first }
        return zip(old.indices, Key.keys(of: old)).compactMap { place, key in places[key].map { (place, $0) } }
    }

    /// The longest run of pairs, not necessarily adjacent, whose new places increase too (patience sorting).
    private static func longestIncreasing(_ pairs: [(old: Int, new: Int)]) -> [(old: Int, new: Int)] {
        var tails: [Int] = []  // For each length, the pair that ends the run with the smallest new place.
        var before = [Int?](repeating: nil, count: pairs.count)
        for (index, pair) in pairs.enumerated() {
            var (low, high) = (0, tails.count)
            while low < high {
                let middle = (low + high) / 2
                if pairs[tails[middle]].new < pair.new { low = middle + 1 } else { high = middle }
            }
            if low > 0 { before[index] = tails[low - 1] }
            if low == tails.count { tails.append(index) } else { tails[low] = index }
        }
        var run: [(old: Int, new: Int)] = []
        var next = tails.last
        while let index = next {
            run.append(pairs[index])
            next = before[index]
        }
        return run.reversed()
    }
}

extension JSONValue {
    /// The `name` of an object that has one as a string: what tells a hiscore row from the others.
    var rowName: JSONText? {
        guard case .string(let name) = self["name"] else { return nil }
        return name
    }
}
