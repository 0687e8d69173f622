import ObjectStore

/// A record's canonical JSON with its values taken out: a *template* that many records share, and a row of numbers.
///
/// In the template stands, in place of
/// - 0x00 an integer whose canonical text is a 64-bit integer,
/// - 0x01 a string that is a value (quotes and all): the row has its number in a table of strings,
/// - 0x02 a string that is the id of the document which the record names: the document proves it, so it is not stored,
/// - 0x03 a string that is that document's progress id: likewise.
///
/// Canonical JSON has no raw control characters, so a template reads back in one way only.
struct RecordTemplate {
    enum Slot {
        static let number: UInt8 = 0
        static let string: UInt8 = 1
        static let document: UInt8 = 2
        static let progress: UInt8 = 3
    }

    let text: [UInt8]
    /// The columns: the record's number in the pack, then one for each slot of kind 0x00 and 0x01.
    let layout: RowLayout
    /// The kind of each of those slots.
    let kinds: [UInt8]
    /// Where in the text all slots stand.
    private let slots: [Int]
    /// Whether the record names a document that the archive keeps.
    let hasDocument: Bool
    /// Whether that document is a snapshot.
    let isSuccess: Bool
    /// Where in a row the record's moment, result and display name stand.
    let capturedAt: Int
    let result: Int
    let displayName: Int?

    /// Columns in front of the slots'.
    static let leadingColumns = 1
    private static let numberKey: [UInt8] = Array("\u{1}number".utf8)

    /// Columns of a template, at most.
    private static let columnLimit = 4096
    /// Bytes of all column keys of a template together, at most.
    private static let keyLimit = 1 << 20

    /// The template with this text, which came from a pack or from `split`.
    init(text: [UInt8]) throws(PackError) {
        guard text.count <= RecordFormat.limit else { throw .corrupt("a record's template is too long", offset: 0) }
        self.text = text
        var scanner = PathScanner(text)
        var keys = [Self.numberKey]
        var keyBytes = Self.numberKey.count
        var (kinds, paths, slots): ([UInt8], [[UInt8]], [Int]) = ([], [], [])
        var (hasDocument, isSuccess) = (false, false)
        while let (path, kind) = try scanner.next() {
            slots.append(scanner.index - 1)
            switch kind {
            case Slot.number, Slot.string:
                keyBytes += path.count
                guard keys.count < Self.columnLimit, keyBytes <= Self.keyLimit else {
                    throw .corrupt("a record has too many values", offset: 0)
                }
                kinds.append(kind)
                paths.append(path)
                keys.append(path)
            case Slot.document:
                hasDocument = true
                isSuccess = isSuccess || path == Array("snapshot".utf8)
            default: break
            }
        }
        guard let capturedAt = paths.firstIndex(of: Array("captured_at".utf8)),
            let result = paths.firstIndex(of: Array("result".utf8)), kinds[capturedAt] == Slot.number,
            kinds[result] == Slot.string
        else { throw .corrupt("a template is that of no observation", offset: 0) }
        do { layout = try RowLayout(keys: keys) } catch {
            throw .corrupt("a record names one value twice", offset: 0)
        }
        (self.kinds, self.slots, self.hasDocument, self.isSuccess) = (kinds, slots, hasDocument, isSuccess)
        (self.capturedAt, self.result) = (Self.leadingColumns + capturedAt, Self.leadingColumns + result)
        displayName = paths.firstIndex(of: Array("display_name".utf8))
            .flatMap { kinds[$0] == Slot.string ? Self.leadingColumns + $0 : nil }
    }

    /// The record with these numbers (those of the slots, without the leading columns); nil where a string is not there.
    func render(
        _ numbers: ArraySlice<Int64>, strings: [ArraySlice<UInt8>], document: ObjectID?, progress: ObjectID?
    ) -> [UInt8]? {
        var record: [UInt8] = []
        record.reserveCapacity(text.count + 160 + 16 * numbers.count)
        var next = numbers.startIndex
        var start = 0
        for slot in slots {
            record += text[start..<slot]
            start = slot + 1
            switch text[slot] {
            case Slot.number:
                guard next < numbers.endIndex else { return nil }
                record += String(numbers[next]).utf8
                next += 1
            case Slot.string:
                guard next < numbers.endIndex, let number = Int(exactly: numbers[next]),
                    strings.indices.contains(number)
                else { return nil }
                record.append(UInt8(ascii: "\""))
                record += strings[number]
                record.append(UInt8(ascii: "\""))
                next += 1
            default:
                guard let id = text[slot] == Slot.document ? document : progress else { return nil }
                record.append(UInt8(ascii: "\""))
                id.appendHex(to: &record)
                record.append(UInt8(ascii: "\""))
            }
        }
        guard next == numbers.endIndex else { return nil }
        record += text[start...]
        return record
    }

    /// Takes a record apart: its template's text, the numbers of its slots, where a string slot's number is an index in
    /// `strings`; nil for bytes that are no canonical JSON of a record.
    static func split(
        _ record: [UInt8], document: ObjectID?, progress: ObjectID?
    ) -> (text: [UInt8], values: [Value])? {
        let documentHex = document.map(Self.hex)
        let progressHex = progress.map(Self.hex)
        var text: [UInt8] = []
        text.reserveCapacity(record.count)
        var values: [Value] = []
        var index = 0
        while index < record.count {
            let byte = record[index]
            switch byte {
            case ..<0x20: return nil
            case UInt8(ascii: "\""):
                guard let end = StringLiteral.end(in: record.span, from: index) else { return nil }
                if end < record.count, record[end] == UInt8(ascii: ":") {
                    text += record[index..<end]
                } else {
                    let content = record[index + 1..<end - 1]
                    if let documentHex, content.elementsEqual(documentHex) {
                        text.append(Slot.document)
                    } else if let progressHex, content.elementsEqual(progressHex) {
                        text.append(Slot.progress)
                    } else {
                        text.append(Slot.string)
                        values.append(.string(content))
                    }
                }
                index = end
                continue
            case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                var end = index + 1
                while end < record.count, Self.isInNumber(record[end]) { end += 1 }
                let literal = String(decoding: record[index..<end], as: UTF8.self)
                if let number = Int64(literal), String(number) == literal {
                    text.append(Slot.number)
                    values.append(.number(number))
                } else {
                    text += record[index..<end]
                }
                index = end
                continue
            default: text.append(byte)
            }
            index += 1
        }
        return (text, values)
    }

    enum Value {
        case number(Int64)
        case string(ArraySlice<UInt8>)
    }

    private static func hex(_ id: ObjectID) -> [UInt8] {
        var digits: [UInt8] = []
        id.appendHex(to: &digits)
        return digits
    }

    private static func isInNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"),
            UInt8(ascii: "+"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// Finds the slots of a template with their paths: the names of members and the indices of elements from the root on,
/// joined by 0x00.
private struct PathScanner {
    private let text: [UInt8]
    /// Behind what was looked at last.
    private(set) var index = 0
    /// For each open container: the path down to it, the index of the next element (nil in an object).
    private var open: [(path: [UInt8], element: Int?)] = []
    private var name: [UInt8] = []

    init(_ text: [UInt8]) { self.text = text }

    mutating func next() throws(PackError) -> (path: [UInt8], kind: UInt8)? {
        while index < text.count {
            let byte = text[index]
            index += 1
            switch byte {
            case ...RecordTemplate.Slot.progress: return (path(), byte)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard open.count < 512 else { throw .corrupt("a record is nested too deeply", offset: 0) }
                open.append((path(), byte == UInt8(ascii: "[") ? 0 : nil))
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                guard open.popLast() != nil else { throw .corrupt("a record closes what it did not open", offset: 0) }
            case UInt8(ascii: ","):
                if let last = open.indices.last, let element = open[last].element { open[last].element = element + 1 }
            case UInt8(ascii: "\""):
                guard let end = StringLiteral.end(in: text.span, from: index - 1) else {
                    throw .corrupt("a record has a string that does not end", offset: 0)
                }
                name = Array(text[index..<end - 1])
                index = end
            default: break
            }
        }
        guard open.isEmpty else { throw .corrupt("a record does not close what it opens", offset: 0) }
        return nil
    }

    private func path() -> [UInt8] {
        guard let container = open.last else { return [] }
        let step = container.element.map { Array(String($0).utf8) } ?? name
        return container.path.isEmpty ? step : container.path + [0] + step
    }
}
