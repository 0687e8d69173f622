public import ObjectStore

/// `key list` for a person.
public enum KeySlotText {
    /// The line of a slot: the beginning of its id, and what opens it.
    public static func line(_ slot: KeySlot, style: Style) -> String {
        let work = slot.derivation.map { derivation in
            let parameters = derivation.parameters
            return "  scrypt N=\(parameters.cost) r=\(parameters.blockSize) p=\(parameters.parallelization)"
        }
        return "\(style.paint(slot.name, .arrival))  \(slot.kind.noun)\(work ?? "")"
    }
}

extension KeySlot {
    /// How a person names it: the first eight digits of its id.
    public var name: String { String(Hexadecimal.text(id).prefix(8)) }
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
