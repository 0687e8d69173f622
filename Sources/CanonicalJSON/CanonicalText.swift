/// Single values in canonical form (RFC 8785), for a program that lays out an object of fixed members itself: it writes
/// the members in canonical order, and needs no tree.
public enum CanonicalText {
    /// Appends text in quotes, escaped where it must be.
    public static func append(_ text: String, to output: inout [UInt8]) {
        guard isPlain(text.utf8.span) else {
            StringText.append(Array(text.utf8), to: &output)
            return
        }
        output.append(JSONCharacter.quote)
        output.append(contentsOf: text.utf8)
        output.append(JSONCharacter.quote)
    }

    /// Appends a whole number; like `JSONValue.integer`, exact up to 2^53 either way.
    public static func append(_ value: Int64, to output: inout [UInt8]) {
        NumberText.append(Double(value), to: &output)
    }

    /// Whether a text stands for itself, without any escape.
    private static func isPlain(_ utf8: Span<UInt8>) -> Bool {
        // Every byte is looked at, without a branch for each, so that the loop is vectorised.
        var hasSpecials = false
        for index in utf8.indices {
            let byte = utf8[index]
            let isSpecial = byte < 0x20 || byte == JSONCharacter.quote || byte == JSONCharacter.backslash
            if isSpecial { hasSpecials = true }
        }
        return !hasSpecials
    }
}
