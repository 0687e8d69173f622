/// The header lines of one HTTP answer, its status line first (RFC 9112, section 2.1).
struct HeaderFields {
    private let lines: [UInt8]

    /// The header part of an answer, as served.
    init(_ lines: [UInt8]) { self.lines = lines }

    /// Whether the empty line that ends them has come; a chunked body's trailer fields may follow it.
    var areWhole: Bool {
        lines.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            .contains { $0.isEmpty || $0.elementsEqual([UInt8(ascii: "\r")]) }
    }

    /// The value of the first field of that name (given in lower case), white space around it taken off; nil without
    /// one, and for an empty value.
    ///
    /// Values end up in records and on terminals: at most 2,048 bytes are taken, control characters as `?`, bytes that
    /// are not UTF-8 as U+FFFD.
    subscript(name: String) -> String? {
        for line in lines.split(separator: UInt8(ascii: "\n")) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
                line[..<colon].lazy.map(Self.lowercase).elementsEqual(name.utf8)
            else { continue }
            var value = line[(colon + 1)...]
            while let last = value.last, Self.isSpace(last) { value.removeLast() }
            let text = value.drop(while: Self.isSpace).prefix(2048).map {
                $0 < 0x20 || $0 == 0x7F ? UInt8(ascii: "?") : $0
            }
            return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
        }
        return nil
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
    }
}
