/// The elements of an array.
public struct JSONElements: Sequence, IteratorProtocol, Sendable {
    let storage: JSONDocument.Storage
    var index: Int
    let end: Int

    /// The next element.
    public mutating func next() -> JSONNode? {
        guard index < end else { return nil }
        defer { index = Int(storage.tape[index].next) }
        return JSONNode(storage: storage, index: index)
    }
}

/// The members of an object.
public struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    let storage: JSONDocument.Storage
    var index: Int
    let end: Int

    /// One member of an object of a parsed document.
    public struct Member: Sendable {
        let nameNode: JSONNode

        /// Its name, made when asked for.
        public var name: JSONText { nameNode.text ?? "" }

        /// Where its name lies in the bytes that were parsed, without the quotes.
        public var nameRange: Range<Int> { nameNode.storage.tape[nameNode.index].content }

        /// Its value.
        public var value: JSONNode { JSONNode(storage: nameNode.storage, index: nameNode.index + 1) }

        /// Whether it has that name, found without making a text of it.
        public func hasName(_ name: JSONText) -> Bool {
            let storage = nameNode.storage
            return StringScanner.content(of: storage.tape[nameNode.index], storage.source, equals: name.utf8)
        }
    }

    /// The next member.
    public mutating func next() -> Member? {
        guard index < end else { return nil }
        defer { index = Int(storage.tape[index + 1].next) }
        return Member(nameNode: JSONNode(storage: storage, index: index))
    }
}
