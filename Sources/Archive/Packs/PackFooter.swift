import ObjectStore

/// What stands in a pack's footer: counts, and the pages of each section. The sections lie one behind the other behind
/// the blocks, in the order of their names here.
struct PackFooter: Hashable {
    /// Observations, those that are gone not counted.
    var observations = 0
    /// The ok ones among them.
    var successes = 0
    /// Those that are the first in the archive to name their snapshot.
    var newInArchive = 0
    /// Blocks, and their bytes together.
    var blocks = 0
    var blockBytes = 0
    /// The first entry of each page of the directory, and the bytes of the blocks that the page lists.
    var directoryKeys: [SeriesKey] = []
    var directoryBytes: [Int] = []
    var fingerprints = PackFingerprints(entries: 0, blocks: 0)

    var directory = PackSection()
    var documentTemplates = PackSection()
    var recordTemplates = PackSection()
    var strings = PackSection()
    /// Records that are no observations.
    var otherRecords = PackSection()
    /// Records that are gone: forgotten or lost.
    var gaps = PackSection()
    var index = PackSection()
    /// The newest observations; without pages where the pack does not list them.
    var newest = PackSection()

    init() {}

    /// Whether it lists the newest observations.
    var hasNewest: Bool { !newest.pages.isEmpty }

    /// How many sections every pack has, and each by its place. The newest observations come behind them.
    private static let sectionCount = 7
    private subscript(section place: Int) -> PackSection {
        get {
            switch place {
            case 0: directory
            case 1: documentTemplates
            case 2: recordTemplates
            case 3: strings
            case 4: otherRecords
            case 5: gaps
            case 6: index
            default: newest
            }
        }
        set {
            switch place {
            case 0: directory = newValue
            case 1: documentTemplates = newValue
            case 2: recordTemplates = newValue
            case 3: strings = newValue
            case 4: otherRecords = newValue
            case 5: gaps = newValue
            case 6: index = newValue
            default: newest = newValue
            }
        }
    }

    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        for number in [observations, successes, newInArchive, blocks, blockBytes] { bytes.appendVarint(number) }
        for number in [fingerprints.bits, fingerprints.pageBits, fingerprints.riceBits, fingerprints.blockBits] {
            bytes.appendVarint(number)
        }
        for place in 0..<Self.sectionCount { self[section: place].encode(to: &bytes) }
        if hasNewest { newest.encode(to: &bytes) }
        for (key, length) in zip(directoryKeys, directoryBytes) {
            PackDirectory.encode(key: key, to: &bytes)
            bytes.appendVarint(length)
        }
        return bytes
    }

    /// The footer with these bytes, whose own bytes begin at `footerOffset` of the file: blocks and sections must fill
    /// what lies before it. The trailer says whether it lists the newest observations.
    init(decoding bytes: [UInt8], footerOffset: Int, hasNewest: Bool) throws(PackError) {
        var reader = BinaryReader(bytes)
        let limit = PackFormat.recordLimit
        do {
            observations = try reader.varint(limit: limit)
            successes = try reader.varint(limit: observations)
            newInArchive = try reader.varint(limit: successes)
            blocks = try reader.varint(limit: limit)
            blockBytes = try reader.varint(limit: footerOffset)
            fingerprints.bits = try reader.varint(limit: 32)
            fingerprints.pageBits = try reader.varint(limit: fingerprints.bits)
            fingerprints.riceBits = try reader.varint(limit: fingerprints.bits)
            fingerprints.blockBits = try reader.varint(limit: 24)
            for place in 0..<Self.sectionCount - 1 {
                self[section: place] = try PackSection(decoding: &reader, itemLimit: PackFormat.itemReadLimit)
            }
            index = try PackSection(decoding: &reader, itemLimit: observations)
            if hasNewest { newest = try PackSection(decoding: &reader, itemLimit: PackFormat.itemReadLimit) }
            var rest = blockBytes
            for _ in directory.pages {
                directoryKeys.append(try PackDirectory.decodeKey(&reader))
                directoryBytes.append(try reader.varint(limit: rest))
                rest -= directoryBytes[directoryBytes.count - 1]
            }
            guard rest == 0 else { throw PackError.corrupt("the footer lists blocks on no page", offset: footerOffset) }
        } catch let error as PackError {
            throw error
        } catch {
            throw .corrupt("the footer ends early", offset: footerOffset)
        }
        var offset = PackFormat.head.count + blockBytes
        for place in 0...Self.sectionCount {
            self[section: place].offset = offset
            offset += self[section: place].stored
        }
        guard reader.isAtEnd, offset == footerOffset, directory.items == blocks, fingerprints.bits >= 1,
            index.items <= observations, (newest.items > 0) == hasNewest, newest.items <= observations,
            index.pages.count == (index.pages.isEmpty ? 0 : fingerprints.pageCount)
        else { throw .corrupt("the footer does not fit the file", offset: footerOffset) }
    }
}
