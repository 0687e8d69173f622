import ObjectStore

/// A section of a pack: items in pages, so that one item costs one page however many there are.
///
/// A page is stored as its bytes, deflated (raw, RFC 1951) where that is smaller, and the CRC-32 of what is stored. The
/// footer lists the pages.
struct PackSection: Hashable {
    /// One page as the footer lists it.
    struct Page: Hashable {
        /// How many items it holds.
        var items: Int
        /// Its bytes, inflated.
        var bytes: Int
        /// Its bytes in the file, the checksum among them. Equal to `bytes + 4` where the page is not deflated.
        var stored: Int
    }

    var pages: [Page] = []
    /// Where the section begins in the file; known once the footer is read whole.
    var offset = 0

    var items: Int { pages.reduce(0) { $0 + $1.items } }
    var stored: Int { pages.reduce(0) { $0 + $1.stored } }

    func encode(to footer: inout [UInt8]) {
        footer.appendVarint(pages.count)
        for page in pages {
            footer.appendVarint(page.items)
            footer.appendVarint(page.bytes)
            footer.appendVarint(page.stored)
        }
    }

    init(pages: [Page] = []) { self.pages = pages }

    /// The section that the footer lists next; no page has more than `itemLimit` items.
    init(decoding reader: inout BinaryReader, itemLimit: Int) throws {
        let count = try reader.varint(limit: reader.remaining)
        // A large index has thousands of pages, and every command reads this.
        let numbers = try reader.varints(3 * count)
        pages.reserveCapacity(count)
        for place in stride(from: 0, to: numbers.count, by: 3) {
            guard numbers[place] <= UInt64(itemLimit), numbers[place + 1] <= UInt64(PackFormat.pageLimit),
                numbers[place + 2] <= UInt64(PackFormat.pageLimit)
            else { throw BinaryReader.Failure.tooLarge(at: reader.offset) }
            pages.append(
                Page(items: Int(numbers[place]), bytes: Int(numbers[place + 1]), stored: Int(numbers[place + 2])))
        }
    }

    /// The page of an item and the item's place in it; nil where there are fewer items.
    func place(of item: Int) -> (page: Int, index: Int)? {
        var rest = item
        for (number, page) in pages.enumerated() {
            if rest < page.items { return (number, rest) }
            rest -= page.items
        }
        return nil
    }

    /// Where a page stands in the file.
    func range(of page: Int) -> Range<Int> {
        let start = pages[..<page].reduce(offset) { $0 + $1.stored }
        return start..<start + pages[page].stored
    }

    /// The stored form of one page, and how the footer lists it.
    static func store(
        _ bytes: [UInt8], items: Int, _ deflater: borrowing Deflater
    ) -> (stored: [UInt8], page: Page) {
        let deflated = deflater.deflate(bytes)
        var stored = deflated.count < bytes.count ? deflated : bytes
        stored.appendLittleEndian(CRC32.of(stored))
        return (stored, Page(items: items, bytes: bytes.count, stored: stored.count))
    }

    /// The bytes of a page from what is stored at `offset` of the file.
    static func open(
        _ stored: [UInt8], _ page: Page, at offset: Int, _ inflater: borrowing Inflater
    ) throws(PackError) -> [UInt8] {
        guard stored.count == page.stored, stored.count >= 4,
            stored.littleEndian(at: stored.count - 4) == CRC32.of(stored[..<(stored.count - 4)])
        else { throw .corrupt("a page of a section fails its checksum", offset: offset) }
        if page.stored == page.bytes + 4 { return Array(stored[..<page.bytes]) }
        do { return try inflater.inflate(stored[..<(stored.count - 4)], size: page.bytes) } catch {
            throw PackError(error, "a page of a section does not inflate", at: offset)
        }
    }
}
