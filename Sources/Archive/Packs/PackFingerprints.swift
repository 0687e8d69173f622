import ObjectStore

/// The index from a document's id to the blocks that hold it: the first bits of each id, sorted and delta-coded.
///
/// With n entries a fingerprint has log2(n) + 8 bits or a few more, so an id that is not there is taken for one that is
/// once in 256 times or less; decoding the block tells. Fingerprints with the same highest bits share a page.
struct PackFingerprints: Hashable {
    /// Bits of a fingerprint.
    var bits: Int
    /// Its highest bits, which are the number of its page.
    var pageBits: Int
    /// Bits of the remainder of a Rice-coded difference.
    var riceBits: Int
    /// Bits of a block's number.
    var blockBits: Int

    /// An id's first 64 bits and a block that holds the document.
    struct Entry: Hashable, Comparable {
        var prefix: UInt64
        var block: Int

        static func < (left: Entry, right: Entry) -> Bool { (left.prefix, left.block) < (right.prefix, right.block) }
    }

    /// Entries in one page, on average at most.
    private static let entriesPerPage = 256

    /// What `entries` fingerprints of ids in `blocks` blocks take. The bits come in steps, so that packs of about one
    /// size can be merged without computing ids anew.
    init(entries: Int, blocks: Int) {
        bits = Self.bits(forEntries: entries)
        pageBits = 0
        while pageBits < bits, entries >> pageBits > Self.entriesPerPage { pageBits += 1 }
        riceBits = max(0, bits - Self.width(entries))
        blockBits = Self.width(max(0, blocks - 1))
    }

    /// The entries with their ids cut to fingerprints, sorted, each once. Takes the entries' memory.
    func cut(_ entries: inout [Entry]) -> [Entry] {
        for index in entries.indices {
            entries[index].prefix = fingerprint(entries[index].prefix) << UInt64(64 - bits)
        }
        entries.sort()
        var count = 0
        for index in entries.indices where count == 0 || entries[index] != entries[count - 1] {
            entries[count] = entries[index]
            count += 1
        }
        entries.removeLast(entries.count - count)
        defer { entries = [] }
        return entries
    }

    /// 20, 24 or 28 bits: at least log2(n) + 8.
    static func bits(forEntries entries: Int) -> Int { [20, 24].first { width(entries) + 8 <= $0 } ?? 28 }

    private static func width(_ number: Int) -> Int { Int.bitWidth - number.leadingZeroBitCount }

    var pageCount: Int { 1 << pageBits }

    func fingerprint(_ prefix: UInt64) -> UInt64 { prefix >> UInt64(64 - bits) }

    func page(of fingerprint: UInt64) -> Int { Int(fingerprint >> UInt64(bits - pageBits)) }

    /// The pages of entries as `cut` gives them, with how many entries each holds.
    func encode(_ entries: [Entry]) -> [(bytes: [UInt8], items: Int)] {
        var pages: [(bytes: [UInt8], items: Int)] = []
        var next = 0
        for number in 0..<pageCount {
            var writer = BitWriter()
            var items = 0
            var before: UInt64 = UInt64(number) << UInt64(bits - pageBits)
            while next < entries.count, page(of: fingerprint(entries[next].prefix)) == number {
                let value = fingerprint(entries[next].prefix)
                writer.appendRice(value - before, riceBits)
                writer.append(UInt64(entries[next].block), bits: blockBits)
                before = value
                next += 1
                items += 1
            }
            pages.append((writer.finish(), items))
        }
        return pages
    }

    /// The entries of one page: fingerprints, rising, and block numbers.
    func decode(
        _ bytes: [UInt8], items: Int, page: Int, blocks: Int, at offset: Int
    ) throws(PackError) -> [(fingerprint: UInt64, block: Int)] {
        guard items <= 8 * bytes.count else {
            throw .corrupt("a page of the index has too many entries", offset: offset)
        }
        var reader = BitReader()
        var entries: [(fingerprint: UInt64, block: Int)] = []
        entries.reserveCapacity(items)
        var value: UInt64 = UInt64(page) << UInt64(bits - pageBits)
        for _ in 0..<items {
            guard let difference = reader.readRice(riceBits, limit: 1 << UInt64(bits), bytes.span) else {
                throw .corrupt("a page of the index is not what was written", offset: offset)
            }
            let block = reader.read(blockBits, bytes.span)
            value += difference
            guard value >> UInt64(bits) == 0, self.page(of: value) == page, block < blocks else {
                throw .corrupt("a page of the index leaves its range", offset: offset)
            }
            entries.append((value, Int(block)))
        }
        guard reader.isAtEnd(of: bytes.span) else {
            throw .corrupt("a page of the index does not end with its entries", offset: offset)
        }
        return entries
    }
}

extension BitWriter {
    /// A Rice code: the quotient by 2^width as that many zeros and a one, then the remainder.
    mutating func appendRice(_ value: UInt64, _ width: Int) {
        for _ in 0..<(value >> UInt64(width)) { append(0, bits: 1) }
        append(1, bits: 1)
        append(value & (1 << UInt64(width) - 1), bits: width)
    }
}

extension BitReader {
    /// What `appendRice` wrote; nil for a number over `limit`, and where the bytes end before it.
    mutating func readRice(_ width: Int, limit: UInt64, _ bytes: Span<UInt8>) -> UInt64? {
        var quotient: UInt64 = 0
        while read(1, bytes) == 0 {
            quotient += 1
            if quotient << UInt64(width) > limit || isPastEnd(of: bytes) { return nil }
        }
        return quotient << UInt64(width) | read(width, bytes)
    }
}
