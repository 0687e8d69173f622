import CanonicalJSON

/// Finds out from its first bytes what a text is.
enum FormatDetection {
    /// What the first bytes tell.
    enum Finding: Hashable {
        case format(ImportFormat)
        /// JSON that goes over lines: only the whole of it tells more.
        case json
        /// JSON in one line, of no shape that an import knows.
        case unknownJSON
        case empty
        case webPage
        case byteOrderMark
        case unknown
    }

    /// What a text is that begins with `head`; `isWhole` says that nothing follows.
    static func look(at head: ArraySlice<UInt8>, isWhole: Bool) -> Finding {
        guard let start = head.firstIndex(where: { !isBlank($0) }) else { return isWhole ? .empty : .unknown }
        let text = head[start...]
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { return .byteOrderMark }
        let lineEnd = text.firstIndex(of: UInt8(ascii: "\n"))
        let line = text[..<(lineEnd ?? text.endIndex)]
        switch text[start] {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard lineEnd != nil || isWhole else {
                // A first line longer than what was read: an exported line says when it was captured before its body.
                let label = Array(#""captured_at":"#.utf8)
                return contains(label, in: text.prefix(4096)) ? .format(.jsonl) : .json
            }
            if let root = try? JSONDocument(parsing: Array(line)).root {
                return format(of: root).map(Finding.format) ?? .unknownJSON
            }
            // A first line may be damaged and the others well.
            return hasObservationLine(text[line.endIndex...]) ? .format(.jsonl) : .json
        case UInt8(ascii: "<"):
            return isMarkup(text) ? .webPage : .unknown
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            guard line.allSatisfy(isNumeric) else { return .unknown }
            if line.split(separator: UInt8(ascii: " ")).count == 3 { return .format(.cml) }
            return line.contains(UInt8(ascii: ",")) ? .format(.ws) : .unknown
        default:
            return .unknown
        }
    }

    /// The format of a JSON value, or nil.
    static func format(of root: JSONNode) -> ImportFormat? {
        switch root.kind {
        case .array:
            var elements = root.elements
            return elements.next().map(WiseOldMan.isSnapshot) == true ? .wom : nil
        case .object:
            if SnapshotFile.isOne(root) { return .tree }
            if root["latestSnapshot"] != nil || WiseOldMan.isSnapshot(root) { return .wom }
            if root.isHiscoreDocument { return .official }
            return ObservationLine.isOne(root) ? .jsonl : nil
        default:
            return nil
        }
    }

    private static func hasObservationLine(_ text: ArraySlice<UInt8>) -> Bool {
        text.split(separator: UInt8(ascii: "\n")).prefix(16).contains { line in
            guard let root = try? JSONDocument(parsing: Array(line)).root else { return false }
            return ObservationLine.isOne(root)
        }
    }

    private static func contains(_ label: [UInt8], in text: ArraySlice<UInt8>) -> Bool {
        text.indices.dropLast(label.count - 1).contains { text[$0..<$0 + label.count].elementsEqual(label) }
    }

    /// Whether a text that begins with `<` may be HTML: bytes that are anything may begin so as well.
    private static func isMarkup(_ text: ArraySlice<UInt8>) -> Bool {
        guard let next = text.dropFirst().first else { return false }
        let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(next | 0x20)
        return (isLetter || next == UInt8(ascii: "!") || next == UInt8(ascii: "?"))
            && text.prefix(512).allSatisfy { $0 >= 0x20 || isBlank($0) }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte)
    }

    private static func isNumeric(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: ",")
            || byte == UInt8(ascii: "-") || isBlank(byte)
    }
}
