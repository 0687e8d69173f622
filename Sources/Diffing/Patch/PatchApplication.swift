import CanonicalJSON

extension JSONPatch {
    /// The document after every step, or the first step that fails; there is no half-patched result (RFC 6902,
    /// section 5).
    ///
    /// A step costs the length of its path, the members it passes, and the elements it shifts. Copies of copies
    /// share their storage here but not when written, so a hostile patch can grow a document without bound.
    func apply(to document: JSONValue) throws(PatchError) -> JSONValue {
        var result = document
        for (index, operation) in operations.enumerated() {
            switch operation {
            case .add(let path, let value): try result.perform(.add(value), at: path, operation: index)
            case .remove(let path): try result.perform(.remove, at: path, operation: index)
            case .replace(let path, let value): try result.perform(.replace(value), at: path, operation: index)
            case .move(let from, let path):
                let value = try result.value(at: from, operation: index)
                guard from != path else { continue }
                guard !path.tokens.starts(with: from.tokens) else {
                    throw PatchError(.movedIntoItself, operation: index, place: path.description)
                }
                try result.perform(.remove, at: from, operation: index)
                try result.perform(.add(value), at: path, operation: index)
            case .copy(let from, let path):
                let value = try result.value(at: from, operation: index)
                try result.perform(.add(value), at: path, operation: index)
            case .test(let path, let value):
                guard try result.value(at: path, operation: index).isEquivalent(to: value) else {
                    throw PatchError(.testFailed, operation: index, place: path.description)
                }
            }
        }
        return result
    }
}

/// What a step does to the one place that it names.
private enum Edit {
    case add(JSONValue)
    case remove
    case replace(JSONValue)
}

extension JSONValue {
    fileprivate func value(at pointer: JSONPointer, operation: Int) throws(PatchError) -> JSONValue {
        var value = self
        do throws(PatchError.Code) {
            for token in pointer.tokens {
                switch value {
                case .array(let elements): value = elements[try token.index(below: elements.count)]
                case .object(let members): value = members[try token.index(in: members)].value
                default: throw .notAContainer
                }
            }
        } catch {
            throw PatchError(error, operation: operation, place: pointer.description)
        }
        return value
    }

    fileprivate mutating func perform(_ edit: Edit, at pointer: JSONPointer, operation: Int) throws(PatchError) {
        do throws(PatchError.Code) {
            if pointer.tokens.isEmpty {
                switch edit {
                case .add(let value), .replace(let value): self = value
                case .remove: throw .rootRemoved
                }
            } else {
                try perform(edit, at: pointer.tokens[...])
            }
        } catch {
            throw PatchError(error, operation: operation, place: pointer.description)
        }
    }

    /// `path` has at least one token. A failure leaves the value in pieces: the document is given up with it.
    private mutating func perform(_ edit: Edit, at path: ArraySlice<JSONText>) throws(PatchError.Code) {
        guard let token = path.first else { return }
        let rest = path.dropFirst()
        if var elements = takeElements() {
            if rest.isEmpty {
                try elements.perform(edit, at: token)
            } else {
                try elements[try token.index(below: elements.count)].perform(edit, at: rest)
            }
            self = .array(elements)
        } else if var members = takeMembers() {
            if rest.isEmpty {
                try members.perform(edit, at: token)
            } else {
                try members[try token.index(in: members)].value.perform(edit, at: rest)
            }
            self = .object(members)
        } else {
            throw .notAContainer
        }
    }

    /// The elements of an array, taken out: they then have one owner, and are edited in place instead of copied for
    /// every step. (A pattern that binds them in place holds them twice in debug builds.)
    private mutating func takeElements() -> [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        self = .null
        return elements
    }

    /// The members of an object, taken out in the same way.
    private mutating func takeMembers() -> [JSONMember]? {
        guard case .object(let members) = self else { return nil }
        self = .null
        return members
    }
}

extension [JSONValue] {
    fileprivate mutating func perform(_ edit: Edit, at token: JSONText) throws(PatchError.Code) {
        switch edit {
        case .add(let value): insert(value, at: token.isEndOfArray ? count : try token.index(below: count + 1))
        case .remove: remove(at: try token.index(below: count))
        case .replace(let value): self[try token.index(below: count)] = value
        }
    }
}

extension [JSONMember] {
    fileprivate mutating func perform(_ edit: Edit, at name: JSONText) throws(PatchError.Code) {
        switch edit {
        case .add(let value):
            if let index = firstIndex(where: { $0.name == name }) {
                self[index].value = value
            } else {
                append(JSONMember(name, value))
            }
        case .remove: remove(at: try name.index(in: self))
        case .replace(let value): self[try name.index(in: self)].value = value
        }
    }
}

extension JSONText {
    /// This token as an index into an array, below `count`.
    fileprivate func index(below count: Int) throws(PatchError.Code) -> Int {
        if isEndOfArray { throw .notFound }
        guard let index = arrayIndex else { throw .invalidIndex }
        guard index < count else { throw .notFound }
        return index
    }

    /// The place of the first member of this name.
    fileprivate func index(in members: [JSONMember]) throws(PatchError.Code) -> Int {
        guard let index = members.firstIndex(where: { $0.name == self }) else { throw .notFound }
        return index
    }
}
