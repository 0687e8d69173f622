import CanonicalJSON
import ObjectStore

/// How a service writes its documents, told from one of them: the next one that differs in nothing but its integers and
/// the player's name becomes canonical, and gets both ids, without being parsed.
struct DocumentShape: Sendable {
    /// As it is served.
    private let served: TextShape
    /// In canonical form, and that without members named `rank`. Both take the numbers in the canonical order.
    private let canonical: TextShape
    private let progress: TextShape
    /// Which number of the served form each of the canonical form is.
    private let order: [Int]
    /// The text of its template before and behind the name.
    private let head: [UInt8]
    private let tail: [UInt8]
    /// The template that was made last: the documents of a player share one array.
    private var lastTemplate: (name: [UInt8], text: [UInt8])?

    /// A document of this shape.
    struct Reading {
        var document: PreparedDocument
        var ids: PackedRows.PackedIDs
        /// Where the name stands between its quotes.
        var name: Range<Int>?
        /// Where the document ends.
        var end: Int
    }

    /// Whole numbers up to here are their own canonical text (RFC 8785 has numbers as doubles).
    private static let exactLimit: Int64 = 1 << 53
    private static let name: JSONText = "name"
    private static let rank: JSONText = "rank"

    /// The shape of a document; nil where there is none: it has no canonical form, fits no template, or its name has
    /// escapes.
    init?(of document: [UInt8]) {
        guard let served = Self.split(document), let root = try? JSONDocument(parsing: document).root,
            root.isHiscoreDocument, let canonical = Self.forms(of: document)
        else { return nil }
        self.served = TextShape(served.text)
        // The same document with each integer replaced by its place tells where it goes.
        let places = (0..<served.numbers.count).map { Int64($0) }
        var marked: [UInt8] = []
        guard self.served.render(places, string: 0..<0, of: document.span, into: &marked),
            let forms = Self.forms(of: marked), forms.canonical.text == canonical.canonical.text,
            forms.progress.text == canonical.progress.text,
            // A number that only its canonical form shows, such as that of `-0`, has no place.
            forms.canonical.numbers.count == places.count, Set(forms.canonical.numbers) == Set(places)
        else { return nil }
        order = forms.canonical.numbers.map { Int($0) }
        var inverse = [Int32](repeating: 0, count: order.count)
        for (place, number) in order.enumerated() {
            guard inverse.indices.contains(number) else { return nil }
            inverse[number] = Int32(place)
        }
        guard forms.progress.numbers.allSatisfy({ inverse.indices.contains(Int($0)) }) else { return nil }
        let text = forms.canonical.text
        self.canonical = TextShape(text)
        progress = TextShape(forms.progress.text, order: forms.progress.numbers.map { inverse[Int($0)] })
        let slot = text.firstIndex(of: 1)
        head = Array(text[..<(slot ?? text.count)])
        tail = slot.map { Array(text[($0 + 1)...]) } ?? []
    }

    private typealias Form = (text: [UInt8], numbers: [Int64])

    private static func forms(of document: [UInt8]) -> (canonical: Form, progress: Form)? {
        guard let root = try? JSONDocument(parsing: document).root, let whole = try? root.canonicalBytes(),
            let reduced = try? root.canonicalBytes(omitting: rank), let canonical = split(whole),
            let progress = split(reduced)
        else { return nil }
        return (canonical, progress)
    }

    /// A document without its integers and the name that it has as a whole.
    private static func split(_ document: [UInt8]) -> Form? {
        guard let root = try? JSONDocument(parsing: document).root else { return nil }
        guard let node = root[name] else { return TextShape.split(document, string: nil) }
        guard node.kind == .string, node.byteRange.count >= 2 else { return nil }
        let content = node.byteRange.lowerBound + 1..<node.byteRange.upperBound - 1
        guard !document[content].contains(UInt8(ascii: "\\")) else { return nil }
        return TextShape.split(document, string: content)
    }

    /// Reads the document that begins at `start` of `source`; nil where it has another shape. `scratch` is reused.
    mutating func read(
        _ source: [UInt8], from start: Int, _ scratch: inout Scratch, _ hasher: borrowing SHA256
    ) -> Reading? {
        guard let match = served.match(source.span, from: start, numbers: &scratch.numbers),
            scratch.numbers.allSatisfy({ $0.magnitude <= Self.exactLimit })
        else { return nil }
        let string = match.string ?? 0..<0
        guard head.count + string.count + tail.count <= Template.maximumTextBytes,
            Self.isUTF8(source[string])
        else { return nil }
        let numbers = order.map { scratch.numbers[$0] }
        guard canonical.render(numbers, string: string, of: source.span, into: &scratch.text),
            scratch.text.count <= LooseObjectFormat.documentLimit
        else { return nil }
        guard progress.render(numbers, string: string, of: source.span, into: &scratch.progress) else { return nil }
        let (document, progressID) = hasher.digests(scratch.text, scratch.progress)
        let ids = PackedRows.PackedIDs(document: document, progress: progressID)
        let content = PreparedDocument.Content.table(template: template(source[string]), numbers: numbers)
        return Reading(
            document: PreparedDocument(content: content, ids: ids), ids: ids, name: match.string, end: match.end)
    }

    private mutating func template(_ name: ArraySlice<UInt8>) -> [UInt8] {
        if let lastTemplate, name.elementsEqual(lastTemplate.name) { return lastTemplate.text }
        let text = head + name + tail
        lastTemplate = (Array(name), text)
        return text
    }

    private static func isUTF8(_ text: ArraySlice<UInt8>) -> Bool {
        text.allSatisfy { $0 < 0x80 } || String(validating: text, as: UTF8.self) != nil
    }

    /// Memory that readings reuse.
    struct Scratch {
        fileprivate var numbers: [Int64] = []
        fileprivate var text: [UInt8] = []
        fileprivate var progress: [UInt8] = []
    }
}
