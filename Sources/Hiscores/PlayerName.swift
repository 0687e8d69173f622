/// The normalised name of a player: the key under which an archive keeps an account.
///
/// Trimmed, lower case (ASCII), and every run of white space, `-`, `_` and NBSP (U+00A0; U+FFFD, which clients put in its
/// place, too) is one `_`.
public struct PlayerName: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The normalised name.
    public let key: String

    /// The name under which `text` is kept, or nil where nothing is left of it.
    public init?(normalising text: String) {
        var key = ""
        var pendingSeparator = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case " ", "-", "_", "\t", "\r", "\n", "\u{A0}", "\u{FFFD}":
                pendingSeparator = !key.isEmpty
            default:
                if pendingSeparator { key.append("_") }
                pendingSeparator = false
                key.unicodeScalars.append(scalar.asciiLowercased)
            }
        }
        guard !key.isEmpty else { return nil }
        self.key = key
    }

    /// The normalised name.
    public var description: String { key }

    /// By the bytes of the key.
    public static func < (left: PlayerName, right: PlayerName) -> Bool {
        left.key.utf8.lexicographicallyPrecedes(right.key.utf8)
    }
}

extension PlayerName {
    /// The longest name that the game gives out, in characters.
    public static let longestLength = 12

    /// `text` as it goes to the service: white space trimmed at both ends, otherwise as typed.
    ///
    /// The service knows names of 1 to 12 ASCII letters, digits, spaces, `_` and `-`, at least one of them a letter
    /// or a digit; anything else throws.
    public static func validated(_ text: String) throws(PlayerNameError) -> String {
        let isSpace: (Unicode.Scalar) -> Bool = { [" ", "\t", "\r", "\n", "\u{A0}"].contains($0) }
        let scalars = Array(text.unicodeScalars)
        guard let first = scalars.firstIndex(where: { !isSpace($0) }),
            let last = scalars.lastIndex(where: { !isSpace($0) })
        else { throw .empty }
        let trimmed = scalars[first...last]
        var name = ""
        var hasLetterOrDigit = false
        for scalar in trimmed {
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9": hasLetterOrDigit = true
            case " ", "_", "-": break
            default: throw .unexpectedCharacter(scalar)
            }
            name.unicodeScalars.append(scalar)
        }
        guard trimmed.count <= longestLength else { throw .tooLong(name: name, length: trimmed.count) }
        guard hasLetterOrDigit else { throw .onlySeparators(name: name) }
        return name
    }
}

/// Why a text is no name that the service could know.
public enum PlayerNameError: Error, Hashable, Sendable {
    /// Nothing but white space.
    case empty
    /// More than 12 characters.
    case tooLong(name: String, length: Int)
    /// A character that no name has.
    case unexpectedCharacter(Unicode.Scalar)
    /// Nothing but spaces, `_` and `-`.
    case onlySeparators(name: String)
}

extension PlayerNameError: CustomStringConvertible {
    /// What is wrong, and what to do. Safe to print: of the text it shows plain ASCII only.
    public var description: String {
        switch self {
        case .empty:
            "the player name is empty: give the name as it shows in the game"
        case .tooLong(let name, let length):
            "the player name '\(name)' has \(length) characters, and none has more than "
                + "\(PlayerName.longestLength): check the spelling"
        case .unexpectedCharacter(let scalar):
            "a player name cannot contain \(Self.shown(scalar)): use letters, digits, space, '_' and '-' only"
        case .onlySeparators(let name):
            "the player name '\(name)' has no letter and no digit: give the name as it shows in the game"
        }
    }

    private static func shown(_ scalar: Unicode.Scalar) -> String {
        if ("!"..."~").contains(scalar) { return "'\(scalar)'" }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
