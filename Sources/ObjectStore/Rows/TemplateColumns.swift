/// Reads the structure of a template: where its slots stand and where its members are.
///
/// The path of a slot is written as components, each a byte and a text: 0x00 and a member's name, 0x01 and the `name` of
/// an array element that is an object with a string so called, 0x02 and the decimal index of any other element. Its
/// column key is the text of the last component, then the path of the container it stands in. So the rank of Attack is
/// `rank 0x00 skills 0x01 Attack` wherever Attack stands in its list.
enum TemplateColumns {
    /// The most bytes of all column keys of a template together.
    static let maximumKeyBytes = 1 << 20
    private static let maximumDepth = 512

    /// A piece of structure in the order of the text.
    private struct Event {
        enum Kind { case object, array, close, name, slot, scalar }
        let kind: Kind
        /// Of a name: its bytes between the quotes. Of an object: those of its string member `name`, if it has one.
        var range: Range<Int>?
    }

    /// The column keys of a text, in the order of its slots.
    static func layout(of text: [UInt8]) throws(TemplateError) -> RowLayout {
        guard text.count <= Template.maximumTextBytes else { throw TemplateError(code: .tooLarge, offset: text.count) }
        let keys = try keys(of: text, events(of: text.span))
        return RowLayout(numberingEqual: keys)
    }

    /// Checks the text and lists what it consists of. One pass, no recursion.
    private static func events(of text: Span<UInt8>) throws(TemplateError) -> [Event] {
        var events: [Event] = []
        /// The events that opened the containers around `position`.
        var open: [Int] = []
        var position = 0
        var slots = 0
        func byte() -> UInt8? { position < text.count ? text[position] : nil }
        func malformed() -> TemplateError { TemplateError(code: .malformed, offset: position) }
        func readString() throws(TemplateError) -> Range<Int> {
            let start = position
            guard byte() == UInt8(ascii: "\""), TemplateSplitter.skipString(text, &position) else { throw malformed() }
            return start + 1..<position - 1
        }
        func readName() throws(TemplateError) {
            events.append(Event(kind: .name, range: try readString()))
            guard byte() == UInt8(ascii: ":") else { throw malformed() }
            position += 1
        }
        /// Notes the string value of a member `name` for the object around it.
        func noteName(_ value: Range<Int>) {
            guard let container = open.last, events[container].kind == .object, events[container].range == nil,
                let name = events.last?.range, name.count == 4, text[name.lowerBound] == UInt8(ascii: "n"),
                text[name.lowerBound + 1] == UInt8(ascii: "a"), text[name.lowerBound + 2] == UInt8(ascii: "m"),
                text[name.lowerBound + 3] == UInt8(ascii: "e")
            else { return }
            events[container].range = value
        }
        while true {
            // A value begins here.
            switch byte() {
            case UInt8(ascii: "{")?, UInt8(ascii: "[")?:
                guard open.count < maximumDepth else { throw TemplateError(code: .tooDeep, offset: position) }
                let isObject = byte() == UInt8(ascii: "{")
                open.append(events.count)
                events.append(Event(kind: isObject ? .object : .array))
                position += 1
                if byte() != (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
                    if isObject { try readName() }
                    continue
                }
            case 0?:
                guard slots < Template.maximumSlots else { throw TemplateError(code: .tooLarge, offset: position) }
                slots += 1
                events.append(Event(kind: .slot))
                position += 1
            case UInt8(ascii: "\"")?:
                noteName(try readString())
                events.append(Event(kind: .scalar))
            default:
                try skipLiteral(text, &position)
                events.append(Event(kind: .scalar))
            }
            // A value ended here, and perhaps containers with it.
            closing: while true {
                guard let container = open.last else {
                    guard position == text.count else { throw malformed() }
                    return events
                }
                let isObject = events[container].kind == .object
                switch byte() {
                case UInt8(ascii: ",")?:
                    position += 1
                    if isObject { try readName() }
                    break closing
                case UInt8(ascii: "}")? where isObject, UInt8(ascii: "]")? where !isObject:
                    position += 1
                    open.removeLast()
                    events.append(Event(kind: .close))
                default: throw malformed()
                }
            }
        }
    }

    /// Passes a number, of which only the bytes are looked at, or `true`, `false` or `null`.
    private static func skipLiteral(_ text: Span<UInt8>, _ position: inout Int) throws(TemplateError) {
        let start = position
        while position < text.count, TemplateSplitter.isNumberByte(text[position]) { position += 1 }
        if position > start, text[start] | 0x20 != UInt8(ascii: "e") { return }
        position = start
        for word in literals where start + word.count <= text.count {
            guard word.indices.allSatisfy({ text[start + $0] == word[$0] }) else { continue }
            position += word.count
            return
        }
        throw TemplateError(code: .malformed, offset: start)
    }

    private static let literals = ["true", "false", "null"].map { Array($0.utf8) }

    /// The key of each slot.
    private static func keys(of text: [UInt8], _ events: [Event]) throws(TemplateError) -> ColumnKeyList {
        /// A container around the current event: how long its path is and how many elements it had.
        struct Frame {
            let isObject: Bool
            let pathLength: Int
            var index = 0
        }
        var keys = ColumnKeyList()
        var frames: [Frame] = []
        var path: [UInt8] = []
        var name = 0..<0
        for event in events {
            switch event.kind {
            case .name: name = event.range ?? 0..<0
            case .close:
                frames.removeLast()
            case .object, .array, .slot, .scalar:
                var mark: UInt8 = 0x00
                var component = text[name]
                if let frame = frames.last, !frame.isObject {
                    (mark, component) = (0x02, Array("\(frame.index)".utf8)[...])
                    frames[frames.count - 1].index += 1
                    if event.kind == .object, let range = event.range { (mark, component) = (0x01, text[range]) }
                }
                path.removeLast(path.count - (frames.last?.pathLength ?? 0))
                if event.kind == .slot {
                    keys.append(frames.isEmpty ? [] : component, path)
                    guard keys.bytes.count <= maximumKeyBytes else {
                        throw TemplateError(code: .tooLarge, offset: text.count)
                    }
                } else if event.kind != .scalar {
                    if !frames.isEmpty {
                        path.append(mark)
                        path += component
                    }
                    frames.append(Frame(isObject: event.kind == .object, pathLength: path.count))
                }
            }
        }
        return keys
    }

    /// Where in a template's text the members of that name stand, each with a comma beside it, outermost ones only. What
    /// is left is JSON again where no object repeats a name.
    static func ranges(ofMembersNamed member: [UInt8], in text: Span<UInt8>) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        var position = 0
        while position < text.count {
            guard text[position] == UInt8(ascii: "\"") else {
                position += 1
                continue
            }
            let start = position
            guard TemplateSplitter.skipString(text, &position) else { break }
            guard position < text.count, text[position] == UInt8(ascii: ":"),
                position - start == member.count + 2,
                member.indices.allSatisfy({ text[start + 1 + $0] == member[$0] })
            else { continue }
            skipValue(text, &position)
            if position < text.count, text[position] == UInt8(ascii: ",") {
                position += 1
                ranges.append(start..<position)
            } else {
                let follows = text[start - 1] == UInt8(ascii: ",") && ranges.last?.upperBound != start
                ranges.append((follows ? start - 1 : start)..<position)
            }
        }
        return ranges
    }

    /// Passes a member's value from the colon before it, in a text that was checked.
    private static func skipValue(_ text: Span<UInt8>, _ position: inout Int) {
        var depth = 0
        while position < text.count {
            switch text[position] {
            case UInt8(ascii: "\""):
                guard TemplateSplitter.skipString(text, &position) else { return }
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return }
                depth -= 1
            case UInt8(ascii: ","):
                if depth == 0 { return }
            default: break
            }
            position += 1
        }
    }
}
