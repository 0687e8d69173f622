import CanonicalJSON
import ObjectStore

/// How a key slot stands in `config.json` (docs/FORMAT.md, "config.json").
extension KeySlot {
    /// Slots in an archive at most.
    static let countLimit = 64

    var json: JSONValue {
        var object = JSONObjectBuilder()
        object["id"] = .text(Hexadecimal.text(id))
        object["kind"] = .text(kind.rawValue)
        if let derivation {
            object["n"] = .integer(derivation.parameters.cost)
            object["p"] = .integer(derivation.parameters.parallelization)
            object["r"] = .integer(derivation.parameters.blockSize)
            object["salt"] = .text(Hexadecimal.text(derivation.salt))
        }
        object["wrapped"] = .text(Hexadecimal.text(wrapped))
        return object.value
    }

    /// A slot as it was read; nil where it is none, or asks for more work than anybody waits for.
    init?(json: JSONValue) {
        guard let id = json["id"]?.string.flatMap(Hexadecimal.bytes),
            let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)),
            let wrapped = json["wrapped"]?.string.flatMap(Hexadecimal.bytes)
        else { return nil }
        var parameters: ScryptParameters?
        if let cost = json["n"]?.integer, let blockSize = json["r"]?.integer, let parallelization = json["p"]?.integer {
            parameters = ScryptParameters(
                cost: Int(cost), blockSize: Int(blockSize), parallelization: Int(parallelization))
        }
        self.init(
            id: id, kind: kind, parameters: parameters, salt: json["salt"]?.string.flatMap(Hexadecimal.bytes),
            wrapped: wrapped)
    }
}
