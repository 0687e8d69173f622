public import CanonicalJSON
public import ObjectStore

/// `key list` and the other commands about key slots as JSON.
public enum KeySlotShape {
    /// A slot; `recoveryCode` where it was just made.
    public static func json(_ slot: KeySlot, recoveryCode: String? = nil) -> JSONValue {
        let work = slot.derivation?.parameters
        return Shape.object([
            JSONMember("id", .text(Hexadecimal.text(slot.id))),
            JSONMember("kind", .text(slot.kind.rawValue)),
            JSONMember("scrypt_n", work.map { .integer($0.cost) } ?? .null),
            JSONMember("scrypt_r", work.map { .integer($0.blockSize) } ?? .null),
            JSONMember("scrypt_p", work.map { .integer($0.parallelization) } ?? .null),
            JSONMember("recovery_code", recoveryCode.map { .text($0) } ?? .null),
        ])
    }
}
