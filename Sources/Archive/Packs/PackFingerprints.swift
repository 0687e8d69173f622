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
                writer.writeRice(value - before, riceBits)
                writer.write(UInt64(entries[next].block), blockBits)
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
        var reader = BitReader(bytes)
        var entries: [(fingerprint: UInt64, block: Int)] = []
        entries.reserveCapacity(items)
        var value: UInt64 = UInt64(page) << UInt64(bits - pageBits)
        for _ in 0..<items {
            guard let difference = reader.readRice(riceBits, limit: 1 << UInt64(bits)),
                let block = reader.read(blockBits), block < blocks
            else { throw .corrupt("a page of the index is not what was written", offset: offset) }
            value += difference
            guard value >> UInt64(bits) == 0, self.page(of: value) == page else {
                throw .corrupt("a page of the index leaves its range", offset: offset)
            }
            entries.append((value, Int(block)))
        }
        return entries
    }
}

/// Bits one behind the other, the lowest of each byte first.
struct BitWriter {
    private var bytes: [UInt8] = []
    private var pending: UInt64 = 0
    private var count = 0

    /// The lowest `width` bits of a number, at most 32.
    mutating func write(_ value: UInt64, _ width: Int) {
        pending |= value << UInt64(count)
        count += width
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: pending))
            pending >>= 8
            count -= 8
        }
    }

    /// A Rice code: the quotient by 2^width as that many zeros and a one, then the remainder.
    mutating func writeRice(_ value: UInt64, _ width: Int) {
        for _ in 0..<(value >> UInt64(width)) { write(0, 1) }
        write(1, 1)
        write(value & (1 << UInt64(width) - 1), width)
    }

    /// All bits, the last byte filled with zeros.
    consuming func finish() -> [UInt8] {
        if count > 0 { bytes.append(UInt8(truncatingIfNeeded: pending)) }
        return bytes
    }
}

/// Reads what `BitWriter` wrote; nil where the bits are over.
struct BitReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func read(_ width: Int) -> UInt64? {
        guard position + width <= 8 * bytes.count else { return nil }
        var value: UInt64 = 0
        var got = 0
        while got < width {
            let taken = min(8 - position & 7, width - got)
            let part = bytes[position >> 3] >> UInt8(position & 7) & UInt8(truncatingIfNeeded: 1 << taken - 1)
            value |= UInt64(part) << UInt64(got)
            got += taken
            position += taken
        }
        return value
    }

    mutating func readRice(_ width: Int, limit: UInt64) -> UInt64? {
        var quotient: UInt64 = 0
        while let bit = read(1) {
            if bit == 1 { return read(width).map { quotient << UInt64(width) | $0 } }
            quotient += 1
            if quotient << UInt64(width) > limit { return nil }
        }
        return nil
    }
}
