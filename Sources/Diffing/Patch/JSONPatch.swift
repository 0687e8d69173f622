public import CanonicalJSON

/// A JSON patch (RFC 6902): steps that turn one document into another, done in their order.
public struct JSONPatch: Hashable, Sendable {
    /// One step.
    public enum Operation: Hashable, Sendable {
        /// Sets a member, or inserts an element before an index (`-`: at the end).
        case add(path: JSONPointer, value: JSONValue)
        /// Takes out what stands there.
        case remove(path: JSONPointer)
        /// Puts a value in place of what stands there.
        case replace(path: JSONPointer, value: JSONValue)
        /// Takes out one value and adds it elsewhere.
        case move(from: JSONPointer, path: JSONPointer)
        /// Adds a copy of one value elsewhere.
        case copy(from: JSONPointer, path: JSONPointer)
        /// Fails unless an equivalent value stands there.
        case test(path: JSONPointer, value: JSONValue)
    }

    /// The steps in their order.
    public var operations: [Operation]

    /// A patch of given steps.
    public init(_ operations: [Operation]) { self.operations = operations }

    /// Reads a patch document. Members that RFC 6902 does not define are ignored, as its section 4 demands.
    public init(parsing document: JSONValue) throws(PatchError) {
        guard let elements = document.array else { throw PatchError(.notAPatch, operation: nil, place: "") }
        operations = []
        operations.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            guard let members = element.object else { throw PatchError(.notAPatch, operation: index, place: "") }
            operations.append(try OperationReader(members: members, operation: index).read())
        }
    }

    /// The patch document.
    public var document: JSONValue {
        .array(
            operations.map { operation in
                switch operation {
                case .add(let path, let value): Self.object("add", path, JSONMember("value", value))
                case .remove(let path): Self.object("remove", path)
                case .replace(let path, let value): Self.object("replace", path, JSONMember("value", value))
                case .move(let from, let path): Self.object("move", path, JSONMember("from", .string(from.text)))
                case .copy(let from, let path): Self.object("copy", path, JSONMember("from", .string(from.text)))
                case .test(let path, let value): Self.object("test", path, JSONMember("value", value))
                }
            })
    }

    private static func object(_ name: JSONText, _ path: JSONPointer, _ more: JSONMember...) -> JSONValue {
        .object([JSONMember("op", .string(name)), JSONMember("path", .string(path.text))] + more)
    }
}

/// Reads the members of one operation.
private struct OperationReader {
    let members: [JSONMember]
    let operation: Int

    func read() throws(PatchError) -> JSONPatch.Operation {
        let name = try text("op")
        let path = try pointer("path")
        switch name {
        case "add": return .add(path: path, value: try value("value"))
        case "remove": return .remove(path: path)
        case "replace": return .replace(path: path, value: try value("value"))
        case "move": return .move(from: try pointer("from"), path: path)
        case "copy": return .copy(from: try pointer("from"), path: path)
        case "test": return .test(path: path, value: try value("value"))
        default: throw PatchError(.unknownOperation, operation: operation, place: name.string)
        }
    }

    /// The one member of that name. RFC 6902 demands exactly one `op`; two of any name are ambiguous.
    private func value(_ name: JSONText) throws(PatchError) -> JSONValue {
        let found = members.filter { $0.name == name }
        guard found.count == 1 else { throw PatchError(.invalidMember, operation: operation, place: name.string) }
        return found[0].value
    }

    private func text(_ name: JSONText) throws(PatchError) -> JSONText {
        guard case .string(let text) = try value(name) else {
            throw PatchError(.invalidMember, operation: operation, place: name.string)
        }
        return text
    }

    private func pointer(_ name: JSONText) throws(PatchError) -> JSONPointer {
        let text = try text(name)
        guard let pointer = JSONPointer(parsing: text) else {
            throw PatchError(.invalidPointer, operation: operation, place: text.string)
        }
        return pointer
    }
}
