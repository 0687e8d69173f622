/// Strings in canonical form (RFC 8785, section 3.2.2.2).
enum StringText {
    /// Appends UTF-8 text in quotes, with the fewest and shortest escapes: the quote, the backslash and the control
    /// characters below U+0020.
    static func append(_ utf8: [UInt8], to text: inout [UInt8]) {
        text.append(JSONCharacter.quote)
        for byte in utf8 {
            switch byte {
            case JSONCharacter.quote, JSONCharacter.backslash: text += [JSONCharacter.backslash, byte]
            case 0x20...: text.append(byte)
            case 0x08: text += [JSONCharacter.backslash, UInt8(ascii: "b")]
            case 0x09: text += [JSONCharacter.backslash, UInt8(ascii: "t")]
            case 0x0A: text += [JSONCharacter.backslash, UInt8(ascii: "n")]
            case 0x0C: text += [JSONCharacter.backslash, UInt8(ascii: "f")]
            case 0x0D: text += [JSONCharacter.backslash, UInt8(ascii: "r")]
            default:
                text += [JSONCharacter.backslash, UInt8(ascii: "u"), JSONCharacter.zero, JSONCharacter.zero]
                text.append(JSONCharacter.zero + byte >> 4)
                let low = byte & 0x0F
                text.append(low < 10 ? JSONCharacter.zero + low : UInt8(ascii: "a") + low - 10)
            }
        }
        text.append(JSONCharacter.quote)
    }
}
