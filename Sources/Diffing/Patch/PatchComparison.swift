public import CanonicalJSON

extension JSONPatch {
    /// A patch that turns `from` into `to`: applied to the first it gives a document whose canonical bytes are the
    /// second's. It has no step where both are equivalent, and is the same patch every time.
    ///
    /// It is made to be small where rows were inserted into an array and the rest renumbered: elements that are objects
    /// with a string `name` are matched by it, all others by value, in order. Its steps are `add`, `remove` and
    /// `replace` alone. Time is in n log n of both documents for each level of nesting; so that applying a patch stays
    /// cheap too, a container with very many changes is replaced as a whole.
    public static func between(_ from: JSONValue, _ to: JSONValue) -> JSONPatch {
        var comparison = PatchComparison()
        comparison.compare(from, to)
        return JSONPatch(comparison.operations)
    }
}

/// Walks two documents side by side and writes down the steps from one to the other.
private struct PatchComparison {
    private(set) var operations: [JSONPatch.Operation] = []
    private var path: [JSONText] = []

    /// The most elements or members that applying the steps of one container may have to pass: some 10 to 50 ms.
    private static let workLimit = 1 << 24

    mutating func compare(_ from: JSONValue, _ to: JSONValue) {
        switch (from, to) {
        case (.array(let old), .array(let new)):
            let start = operations.count
            let insertionsAndRemovals = compareElements(old, new)
            replaceWhenCostly(to, since: start, work: insertionsAndRemovals * max(old.count, new.count))
        case (.object(let old), .object(let new)):
            let start = operations.count
            guard let oldIndex = old.indexByName, let newIndex = new.indexByName else {
                // Two members of one name: no pointer tells them apart.
                if from != to { replace(to) }
                return
            }
            compareMembers(old, oldIndex, new, newIndex)
            replaceWhenCostly(to, since: start, work: (operations.count - start) * max(old.count, new.count))
        default:
            if from != to { replace(to) }
        }
    }

    private mutating func replace(_ value: JSONValue) {
        operations.append(.replace(path: JSONPointer(path), value: value))
    }

    private mutating func replaceWhenCostly(_ value: JSONValue, since start: Int, work: Int) {
        guard work > Self.workLimit else { return }
        operations.removeSubrange(start...)
        replace(value)
    }

    private mutating func within(_ token: JSONText, _ body: (inout PatchComparison) -> Void) {
        path.append(token)
        body(&self)
        path.removeLast()
    }

    private mutating func compareMembers(
        _ old: [JSONMember], _ oldIndex: [JSONText: Int], _ new: [JSONMember], _ newIndex: [JSONText: Int]
    ) {
        for member in old where newIndex[member.name] == nil {
            operations.append(.remove(path: JSONPointer(path + [member.name])))
        }
        for member in new {
            if let place = oldIndex[member.name] {
                within(member.name) { $0.compare(old[place].value, member.value) }
            } else {
                operations.append(.add(path: JSONPointer(path + [member.name]), value: member.value))
            }
        }
    }

    /// Returns how many elements are inserted and removed. Steps go from left to right: before each, the array
    /// already holds the new elements up to the index it names, so every index is one of the new array.
    private mutating func compareElements(_ old: [JSONValue], _ new: [JSONValue]) -> Int {
        var insertionsAndRemovals = 0
        let matching = ArrayMatching(old, new)
        var (oldPlace, newPlace) = (matching.prefix, matching.prefix)
        for match in matching.matches {
            insertionsAndRemovals += compareGap(old[oldPlace..<match.old], new[newPlace..<match.new])
            within(JSONText(String(match.new))) { $0.compare(old[match.old], new[match.new]) }
            (oldPlace, newPlace) = (match.old + 1, match.new + 1)
        }
        return insertionsAndRemovals
            + compareGap(old[oldPlace..<old.count - matching.suffix], new[newPlace..<new.count - matching.suffix])
    }

    /// Elements between two matches: replaced one by one as far as both sides go, then removed or inserted.
    private mutating func compareGap(_ old: ArraySlice<JSONValue>, _ new: ArraySlice<JSONValue>) -> Int {
        for (element, (index, replacement)) in zip(old, zip(new.indices, new)) {
            within(JSONText(String(index))) { comparison in
                if element.rowName != nil || replacement.rowName != nil {
                    comparison.replace(replacement)  // Another row: what it has in common with this one is chance.
                } else {
                    comparison.compare(element, replacement)
                }
            }
        }
        let paired = min(old.count, new.count)
        for index in new.indices.dropFirst(paired) {
            operations.append(.add(path: JSONPointer(path + [JSONText(String(index))]), value: new[index]))
        }
        for _ in old.dropFirst(paired) {
            operations.append(.remove(path: JSONPointer(path + [JSONText(String(new.endIndex))])))
        }
        return old.count + new.count - 2 * paired
    }
}
