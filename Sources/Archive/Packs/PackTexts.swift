import ObjectStore

/// A table of texts in a section of a pack: templates or strings, each once, found by number.
///
/// A page is the texts one behind the other, each after its length as a varint.
enum PackTexts {
    /// The texts of a page.
    static func decode(_ bytes: [UInt8], items: Int, at offset: Int) throws(PackError) -> [ArraySlice<UInt8>] {
        var reader = BinaryReader(bytes)
        var texts: [ArraySlice<UInt8>] = []
        do {
            for _ in 0..<min(items, bytes.count) {
                texts.append(try reader.take(try reader.varint(limit: reader.remaining)))
            }
        } catch {
            throw .corrupt("a page of texts ends early", offset: offset)
        }
        guard reader.isAtEnd, texts.count == items else {
            throw .corrupt("a page of texts has another size than the footer says", offset: offset)
        }
        return texts
    }
}

/// Gathers items of a section in pages, each item after its length.
struct PackItems {
    private var page: [UInt8] = []
    private var items = 0
    private(set) var stored: [UInt8] = []
    private(set) var section = PackSection()
    private let pageBytes: Int
    private let itemsPerPage: Int

    /// Pages of so many items and about so many bytes, at most; a longer item has a page of its own.
    init(pageBytes: Int = 60 << 10, itemsPerPage: Int = 512) {
        (self.pageBytes, self.itemsPerPage) = (pageBytes, itemsPerPage)
    }

    var memoryBytes: Int { page.count + stored.count }

    /// Whether a page has begun that does not take another item of so many bytes.
    func isFull(for bytes: Int) -> Bool { items > 0 && (page.count + bytes > pageBytes || items == itemsPerPage) }

    mutating func append(_ item: [UInt8], _ deflater: borrowing Deflater) {
        if isFull(for: item.count) { flush(deflater) }
        page.appendVarint(item.count)
        page += item
        items += 1
    }

    /// Ends the last page.
    mutating func flush(_ deflater: borrowing Deflater) {
        guard items > 0 else { return }
        let (bytes, entry) = PackSection.store(page, items: items, deflater)
        stored += bytes
        section.pages.append(entry)
        page.removeAll(keepingCapacity: true)
        items = 0
    }
}

/// Gathers a table of texts, each once.
struct PackTextsBuilder: ~Copyable {
    private var numbers: [ObjectID: Int] = [:]
    private var items = PackItems()
    /// What the texts of the page that has begun are derived from; nil where they stand whole, without a mark.
    private var page: PackDerivedTexts.Page?
    private let hasher = SHA256()

    /// An empty table, of texts that are derived from each other or not.
    init(areDerived: Bool = false) { if areDerived { page = PackDerivedTexts.Page() } }

    /// The pages as they are stored.
    var stored: [UInt8] { items.stored }
    /// How the footer lists them.
    var section: PackSection { items.section }

    /// The number of a text, which joins the table where it is new.
    mutating func number(of text: [UInt8], _ deflater: borrowing Deflater) -> Int {
        let id = hasher.digest(text)
        if let number = numbers[id] { return number }
        items.append(item(of: text), deflater)
        let number = numbers.count
        numbers[id] = number
        return number
    }

    private mutating func item(of text: [UInt8]) -> [UInt8] {
        guard var page else { return text }
        var item = page.item(of: text)
        if items.isFull(for: item.bytes.count) {
            page = PackDerivedTexts.Page()
            item = page.item(of: text)
        }
        page.append(text, isWhole: item.isWhole)
        self.page = page
        return item.bytes
    }

    /// Ends the last page. Nothing is added after this.
    mutating func flush(_ deflater: borrowing Deflater) { items.flush(deflater) }
}
