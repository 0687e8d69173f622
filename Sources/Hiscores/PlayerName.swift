/// The normalised name of a player: the key under which an archive keeps an account.
///
/// Trimmed, lower case (ASCII), and every run of space, `-`, `_` and NBSP (U+00A0; U+FFFD, which clients put in its
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
            case " ", "-", "_", "\t", "\u{A0}", "\u{FFFD}":
                pendingSeparator = !key.isEmpty
            default:
                if pendingSeparator { key.append("_") }
                pendingSeparator = false
                key.unicodeScalars.append(Self.lowercase(scalar))
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

    private static func lowercase(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard ("A"..."Z").contains(scalar), let lower = Unicode.Scalar(scalar.value + 32) else { return scalar }
        return lower
    }
}
