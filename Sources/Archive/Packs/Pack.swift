import Hiscores
import ObjectStore

/// An open pack: its trailer and footer are read, everything else when it is asked for. One thread at a time.
final class Pack {
    /// The SHA-256 of its bytes, which is its file's name.
    let name: ObjectID
    let trailer: PackFormat.Trailer
    let footer: PackFooter
    /// Set where the first bytes are not those of a pack, though it ends as one: all else can be read.
    let headDamage: PackError?
    /// Bytes of the file.
    let size: Int

    let file: any StorageFile
    let inflater: Inflater
    let decoder: RowBlockDecoder
    /// The layouts of its document templates that were used last.
    var layouts = TemplateLayouts()
    // Short lists, searched from the end: making a dictionary's type costs a short command more than the search.
    private var directoryPages: [(number: Int, entries: [PackBlockEntry])] = []
    private var textPages: [(offset: Int, texts: [ArraySlice<UInt8>])] = []
    private var indexPage: (number: Int, entries: [(fingerprint: UInt64, block: Int)])?

    /// How much is read at once from the end of the file: trailer and footer of all but the largest packs.
    private static let tailBytes = 16 << 10
    /// Pages of directory and of texts that are kept, each of some 60 KB: a merge has many packs open on each thread.
    private static let pageCacheLimit = 8

    /// Opens a file of the storage.
    static func open(_ name: ObjectID, in storage: any Storage) throws(PackError) -> Pack {
        let file: any StorageFile
        do { file = try storage.openContents(ArchiveLayout.pack(name), as: .pack) } catch {
            throw PackError(reading: error)
        }
        return try Pack(name, file)
    }

    /// Reads trailer and footer of a file.
    init(_ name: ObjectID, _ file: any StorageFile) throws(PackError) {
        (self.name, self.file, size) = (name, file, file.size)
        do {
            inflater = try Inflater(.raw)
            decoder = try RowBlockDecoder()
        } catch { throw .outOfMemory }
        guard size >= PackFormat.head.count + PackFormat.trailerBytes else {
            throw .corrupt("the file is too short for a pack", offset: size)
        }
        let headDamage = try Self.headDamage(of: file, name)
        self.headDamage = headDamage
        let (tailStart, tail) = try Self.tail(of: file)
        do {
            trailer = try PackFormat.Trailer(
                decoding: Array(tail.suffix(PackFormat.trailerBytes)), fileBytes: size)
        } catch {
            throw headDamage ?? error
        }
        let footerStart = size - PackFormat.trailerBytes - trailer.footerStored
        let stored =
            footerStart >= tailStart
            ? Array(tail[footerStart - tailStart..<tail.count - PackFormat.trailerBytes])
            : try Self.read(file, footerStart..<footerStart + trailer.footerStored)
        guard CRC32.of(stored) == trailer.footerChecksum else {
            throw .corrupt("the footer fails its checksum", offset: footerStart)
        }
        let bytes: [UInt8]
        do { bytes = try inflater.inflate(stored[...], size: trailer.footerInflated) } catch {
            throw PackError(error, "the footer does not inflate", at: footerStart)
        }
        footer = try PackFooter(decoding: bytes, footerOffset: footerStart, hasNewest: trailer.hasNewest)
        guard footer.observations <= trailer.count else {
            throw .corrupt("the footer counts more observations than there are records", offset: footerStart)
        }
    }

    /// A pack whose blocks and other sections are in the file, and whose footer is still being made.
    init(unfinished file: any StorageFile, _ trailer: PackFormat.Trailer, _ footer: PackFooter) throws(PackError) {
        name = ObjectID(words: (0, 0, 0, 0))
        (self.file, size, headDamage, self.trailer, self.footer) = (file, file.size, nil, trailer, footer)
        do {
            inflater = try Inflater(.raw)
            decoder = try RowBlockDecoder()
        } catch { throw .outOfMemory }
    }

    /// The last bytes of a file, and where they begin: more than the trailer where they can be read.
    private static func tail(of file: any StorageFile) throws(PackError) -> (start: Int, bytes: [UInt8]) {
        let start = max(0, file.size - tailBytes)
        do throws(PackError) { return (start, try read(file, start..<file.size)) } catch {
            // A chunk of a sealed file that is damaged costs what lies in it, and no more.
            guard case .corrupt = error, file.size > PackFormat.trailerBytes else { throw error }
            let trailer = file.size - PackFormat.trailerBytes
            return (trailer, try read(file, trailer..<file.size))
        }
    }

    /// What is wrong with the first bytes, which may be that they cannot be read. Throws `unsupported` where a newer program
    /// wrote them: then the file is what its name says.
    private static func headDamage(of file: any StorageFile, _ name: ObjectID) throws(PackError) -> PackError? {
        let bytes: [UInt8]
        do throws(PackError) { bytes = try read(file, 0..<PackFormat.head.count) } catch {
            guard case .corrupt = error else { throw error }
            return error
        }
        do throws(PackError) {
            try PackFormat.check(head: bytes)
            return nil
        } catch {
            guard case .unsupported(let what) = error else { return error }
            if try digest(of: file.stored) == name { throw error }
            return .corrupt("it begins as a \(what), which it is not", offset: 0)
        }
    }

    /// The SHA-256 of the whole file as it lies on the medium: its name, where nothing was altered.
    func digest() throws(PackError) -> ObjectID { try Self.digest(of: file.stored) }

    /// The SHA-256 of the pack itself, which is another one where its file is sealed.
    func digestOfContents() throws(PackError) -> ObjectID { try Self.digest(of: file) }

    /// The SHA-256 of a whole file.
    private static func digest(of file: any StorageFile) throws(PackError) -> ObjectID {
        do { return try file.digest() } catch { throw PackError(reading: error) }
    }

    private static func read(_ file: any StorageFile, _ range: Range<Int>) throws(PackError) -> [UInt8] {
        let bytes: [UInt8]
        do { bytes = try file.read(from: range.lowerBound, count: range.count) } catch {
            throw PackError(reading: error, at: range.lowerBound)
        }
        guard bytes.count == range.count else { throw .corrupt("the file is shorter than it was", offset: bytes.count) }
        return bytes
    }

    // MARK: Sections

    /// Bytes of the file as they are.
    func stored(_ range: Range<Int>) throws(PackError) -> [UInt8] { try Self.read(file, range) }

    func page(_ number: Int, of section: PackSection) throws(PackError) -> [UInt8] {
        let range = section.range(of: number)
        return try PackSection.open(
            try Self.read(file, range), section.pages[number], at: range.lowerBound, inflater)
    }

    /// The entries of a page of the directory.
    func directoryPage(_ number: Int) throws(PackError) -> [PackBlockEntry] {
        if let known = directoryPages.last(where: { $0.number == number }) { return known.entries }
        let offset = footer.directoryBytes[..<number].reduce(PackFormat.head.count, +)
        let entries = try PackDirectory.decode(
            try page(number, of: footer.directory), items: footer.directory.pages[number].items, offset: offset,
            limit: offset + footer.directoryBytes[number], numbers: trailer.range)
        guard entries.first?.series == footer.directoryKeys[number],
            entries.reduce(0, { $0 + $1.length }) == footer.directoryBytes[number]
        else { throw .corrupt("a page of the directory is not the one in the footer", offset: offset) }
        if directoryPages.count == Self.pageCacheLimit { directoryPages.removeFirst(Self.pageCacheLimit / 2) }
        directoryPages.append((number, entries))
        return entries
    }

    /// The blocks of one log, in order. Reads the pages of the directory that list it.
    func blocks(of series: SeriesKey) throws(PackError) -> [PackBlockEntry] {
        var found: [PackBlockEntry] = []
        for number in directoryPages(of: series) {
            found += try directoryPage(number).filter { $0.series == series }
        }
        return found
    }

    /// The pages of the directory that list one log.
    func directoryPages(of series: SeriesKey) -> Range<Int> {
        // The log may begin in the page before the first that begins with it or behind it.
        let keys = footer.directoryKeys
        let first = max(0, keys.partitioningIndex { $0 >= series } - 1)
        return first..<max(first, keys.partitioningIndex { $0 > series })
    }

    /// The pages of the directory that list all logs of one player.
    func directoryPages(of player: PlayerName) -> Range<Int> {
        let keys = footer.directoryKeys
        let first = max(0, keys.partitioningIndex { !$0.player.precedes(player) } - 1)
        return first..<max(first, keys.partitioningIndex { player.precedes($0.player) })
    }

    /// All blocks, in the order of the file. O(blocks).
    func allBlocks() throws(PackError) -> [PackBlockEntry] {
        var entries: [PackBlockEntry] = []
        entries.reserveCapacity(footer.blocks)
        for number in footer.directory.pages.indices { entries += try directoryPage(number) }
        return entries
    }

    /// The items of a page of texts.
    func texts(onPage number: Int, of section: PackSection) throws(PackError) -> [ArraySlice<UInt8>] {
        let offset = section.range(of: number).lowerBound
        if let known = textPages.last(where: { $0.offset == offset }) { return known.texts }
        let texts = try PackTexts.decode(
            try page(number, of: section), items: section.pages[number].items, at: offset)
        if textPages.count == Self.pageCacheLimit { textPages.removeFirst(Self.pageCacheLimit / 2) }
        textPages.append((offset, texts))
        return texts
    }

    /// The numbers, in the order of the file, of blocks that may hold a document whose id begins with one of these
    /// 64-bit prefixes; once in 256 times or less one does not.
    func blocks(mayHold prefixes: ClosedRange<UInt64>) throws(PackError) -> [Int] {
        guard !footer.index.pages.isEmpty else { return [] }
        let (low, high) = (
            footer.fingerprints.fingerprint(prefixes.lowerBound), footer.fingerprints.fingerprint(prefixes.upperBound)
        )
        var found: Set<Int> = []
        for number in footer.fingerprints.page(of: low)...footer.fingerprints.page(of: high) {
            for entry in try indexPage(number) where (low...high).contains(entry.fingerprint) {
                found.insert(entry.block)
            }
        }
        return found.sorted()
    }

    /// The entries of one page of the index.
    func indexPage(_ number: Int) throws(PackError) -> [(fingerprint: UInt64, block: Int)] {
        if let indexPage, indexPage.number == number { return indexPage.entries }
        let listed = footer.index.pages[number]
        let entries = try footer.fingerprints.decode(
            try page(number, of: footer.index), items: listed.items, page: number, blocks: footer.blocks,
            at: footer.index.range(of: number).lowerBound)
        indexPage = (number, entries)
        return entries
    }

    /// The entry of a block by its number in the file.
    func block(number: Int) throws(PackError) -> PackBlockEntry {
        guard let place = footer.directory.place(of: number) else {
            throw .corrupt("the index names a block that is not there", offset: footer.index.offset)
        }
        return try directoryPage(place.page)[place.index]
    }

    /// The records that are no observations, with their numbers in the sequence, in order.
    func otherRecords() throws(PackError) -> [(number: Int, record: [UInt8])] {
        var found: [(number: Int, record: [UInt8])] = []
        for page in footer.otherRecords.pages.indices { found += try otherRecords(onPage: page) }
        return found
    }

    /// Those on one page.
    func otherRecords(onPage number: Int) throws(PackError) -> [(number: Int, record: [UInt8])] {
        let section = footer.otherRecords
        let offset = section.range(of: number).lowerBound
        var found: [(number: Int, record: [UInt8])] = []
        for item in try PackTexts.decode(
            try page(number, of: section), items: section.pages[number].items, at: offset)
        {
            var reader = BinaryReader(item)
            guard let record = try? reader.varint(limit: trailer.count - 1) else {
                throw .corrupt("a record has no number", offset: offset)
            }
            found.append((trailer.first + record, Array(item[reader.offset...])))
        }
        return found
    }

    /// The records that are gone, in order.
    func gaps() throws(PackError) -> [PackGap] {
        var found: [PackGap] = []
        for page in footer.gaps.pages.indices { found += try gaps(onPage: page) }
        return found
    }

    /// Those on one page.
    func gaps(onPage number: Int) throws(PackError) -> [PackGap] {
        try PackGap.decode(
            try page(number, of: footer.gaps), items: footer.gaps.pages[number].items, first: trailer.first,
            count: trailer.count, at: footer.gaps.range(of: number).lowerBound)
    }

    /// The newest observations on one page of those that are listed.
    func newest(onPage number: Int) throws(PackError) -> [PackNewest] {
        let offset = footer.newest.range(of: number).lowerBound
        var found: [PackNewest] = []
        for item in try PackTexts.decode(
            try page(number, of: footer.newest), items: footer.newest.pages[number].items, at: offset)
        {
            let next = try PackNewest(decoding: item, numbers: trailer.range, at: offset)
            if let last = found.last, last.point <= next.point {
                throw .corrupt("the newest observations are out of order", offset: offset)
            }
            found.append(next)
        }
        return found
    }

    /// Lets go of the pages that are kept: half a megabyte, and an import asks every pack of an archive now and then.
    func releasePages() { (directoryPages, textPages, indexPage) = ([], [], nil) }

    // MARK: Blocks

    /// The bytes of a block as they are stored, its checksum checked.
    func storedBlock(_ entry: PackBlockEntry) throws(PackError) -> PackBlock {
        try PackBlock(
            decoding: try Self.read(file, entry.offset..<entry.offset + entry.length), at: entry.offset)
    }
}
