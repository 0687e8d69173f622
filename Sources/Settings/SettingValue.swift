/// A text that must not be shown: printing it shows `<hidden>`.
public struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    /// The text itself.
    public let text: String

    /// What is shown instead of a secret.
    public static let placeholder = "<hidden>"

    /// The placeholder.
    public var description: String { Self.placeholder }
    /// The placeholder.
    public var debugDescription: String { Self.placeholder }
}

extension Setting.Kind {
    /// What is allowed, to follow "it must be".
    var allowed: String {
        switch self {
        case .line: "text on one line, not empty"
        case .names: "player names parted by commas"
        case .url: "a URL that starts with http:// or https://"
        case .number(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .decimal(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
        case .toggle: "on or off"
        case .secret: "text, not empty"
        }
    }

    /// A number within the setting's range.
    func number(_ text: String) -> Int? {
        guard case .number(let range) = self, let number = Int(text), range.contains(number) else { return nil }
        return number
    }

    /// A decimal number within the setting's range: digits, and a point where need be.
    func decimal(_ text: String) -> Double? {
        guard case .decimal(let range) = self, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }),
            let number = Double(text), range.contains(number)
        else { return nil }
        return number
    }

    /// `on`, `true`, `yes`, `1` or their opposites, in any case.
    func toggle(_ text: String) -> Bool? {
        switch text.lowercased() {
        case "on", "true", "yes", "1": true
        case "off", "false", "no", "0": false
        default: nil
        }
    }

    /// Names parted by commas, at least one, without spaces around them.
    func names(_ text: String) -> [String]? {
        let names = text.split(separator: ",").map { part in
            var name = part
            while name.first == " " { name.removeFirst() }
            while name.last == " " { name.removeLast() }
            return String(name)
        }
        let given = names.filter { !$0.isEmpty }
        return given.isEmpty ? nil : given
    }

    /// Text that is not empty and has no control character: a NUL would cut a path, a line break split a header.
    func line(_ text: String) -> String? {
        guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
        else { return nil }
        if case .url = self, !text.hasPrefix("http://"), !text.hasPrefix("https://") { return nil }
        return text
    }

    /// Any text but none.
    func secret(_ text: String) -> Secret? { text.isEmpty ? nil : Secret(text: text) }
}
