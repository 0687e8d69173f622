public import ObjectStore

/// `key list` for a person.
public enum KeySlotText {
    /// The line of a slot: the beginning of its id, and what opens it.
    public static func line(_ slot: KeySlot, style: Style) -> String {
        let work = slot.derivation.map { derivation in
            let parameters = derivation.parameters
            return "  scrypt N=\(parameters.cost) r=\(parameters.blockSize) p=\(parameters.parallelization)"
        }
        return "\(style.paint(String(Hexadecimal.text(slot.id).prefix(8)), .arrival))  \(slot.kind.noun)\(work ?? "")"
    }
}

extension KeySlot.Kind {
    /// What a person calls it.
    public var noun: String {
        switch self {
        case .passphrase: "passphrase"
        case .keyFile: "key file"
        case .recovery: "recovery code"
        }
    }
}
