import CanonicalJSON

extension JSONValue {
    /// Whether two values are equal as RFC 6902, section 4.6, says: numbers by value, strings by code points, arrays in
    /// order, objects whatever the order of their members. Objects with two members of one name, which have no
    /// canonical form, are equal only in the same order.
    func isEquivalent(to other: JSONValue) -> Bool {
        switch (self, other) {
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.isEquivalent(to: $1) }
        case (.object(let left), .object(let right)):
            guard left.count == right.count else { return false }
            if zip(left, right).allSatisfy({ $0.name == $1.name }) {
                return zip(left, right).allSatisfy { $0.value.isEquivalent(to: $1.value) }
            }
            guard let index = right.indexByName, left.indexByName != nil else { return false }
            return left.allSatisfy { member in
                guard let place = index[member.name] else { return false }
                return member.value.isEquivalent(to: right[place].value)
            }
        default: return self == other
        }
    }
}

extension [JSONMember] {
    /// Where each member stands, by name; nil where two have one name.
    var indexByName: [JSONText: Int]? {
        var index: [JSONText: Int] = [:]
        index.reserveCapacity(count)
        for (place, member) in enumerated() where index.updateValue(place, forKey: member.name) != nil { return nil }
        return index
    }
}
