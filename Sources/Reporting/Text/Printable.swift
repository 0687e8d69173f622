/// Text from outside (names, error messages, redirects, file names) made safe to print.
public enum Printable {
    /// The text with every character that could drive a terminal or disguise what stands on the line written as
    /// `\u{1B}`: C0 and C1 controls (line breaks and tabs included), DEL, line and paragraph separators, and the controls
    /// of text direction (Unicode Standard Annex 9). Everything else stays as it is.
    public static func text(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var safe = ""
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar) {
                safe += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                safe.unicodeScalars.append(scalar)
            }
        }
        return safe
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F: true
        case 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
