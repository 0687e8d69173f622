import ObjectStore

/// The frame of a pack, format version 1 (docs/FORMAT.md, "Packs"): a head of 8 bytes, blocks, sections, a footer, and a
/// trailer of fixed size that is read first.
enum PackFormat {
    /// The first bytes of a file: a name, the format's version, zeros.
    static let head: [UInt8] = Array("OSRP".utf8) + [1, 0, 0, 0]
    private static let trailerMagic = Array("OSRT".utf8)
    static let trailerBytes = 152

    /// Records in one pack, at most: it bounds what a reader holds and what a merge rewrites.
    static let recordLimit = 1 << 20
    /// Rows in one block, as this writer fills it; readers take up to `rowReadLimit`.
    static let rowsPerBlock = 256
    static let rowReadLimit = 4096
    /// Strings that one block names, at most: more than any block that this writer fills has values.
    static let stringReadLimit = 1 << 20
    /// The stored bytes of one block, at most.
    static let blockLimit = 64 << 20
    /// Bytes of the footer, stored and inflated, at most.
    static let footerLimit = 16 << 20
    /// Bytes of a section's page, stored and inflated, at most.
    static let pageLimit = 16 << 20
    /// Items in a section's page, at most; those of the index are bounded by the pack's observations instead.
    static let itemReadLimit = 4096

    /// The last bytes of a file.
    struct Trailer: Hashable {
        /// Whether the pack lists its newest observations in an eighth section: the lowest bit of the flags.
        var hasNewest = false
        /// Whether document templates are derived from each other: the next bit.
        var hasDerivedTemplates = false
        /// The footer's bytes as stored, and inflated.
        var footerStored: Int
        var footerInflated: Int
        var footerChecksum: UInt32
        var archive: ArchiveID
        /// The number of the first record in the archive's sequence.
        var first: Int
        /// How many records, those that are gone counted.
        var count: Int
        var headBefore: SequenceHead
        var headAfter: SequenceHead
        /// The sum of all record ids.
        var idSum: IDSum

        func encoded() -> [UInt8] {
            var bytes = trailerMagic
            bytes.appendLittleEndian((hasNewest ? 1 : 0) as UInt32 | (hasDerivedTemplates ? 2 : 0))
            bytes.appendLittleEndian(UInt32(truncatingIfNeeded: footerStored))
            bytes.appendLittleEndian(UInt32(truncatingIfNeeded: footerInflated))
            bytes.appendLittleEndian(footerChecksum)
            bytes += archive.bytes
            bytes.appendLittleEndian(UInt64(first))
            bytes.appendLittleEndian(UInt64(count))
            bytes += headBefore.digest.bytes
            bytes += headAfter.digest.bytes
            bytes += idSum.bytes
            bytes.appendLittleEndian(CRC32.of(bytes))
            return bytes
        }

        /// The trailer with these bytes, the last of a file of `fileBytes`.
        init(decoding bytes: [UInt8], fileBytes: Int) throws(PackError) {
            let offset = fileBytes - bytes.count
            guard bytes.count == trailerBytes, bytes.starts(with: trailerMagic),
                bytes.littleEndian(at: trailerBytes - 4) == CRC32.of(bytes[..<(trailerBytes - 4)])
            else { throw .corrupt("the trailer is not what was written", offset: max(0, offset)) }
            var reader = BinaryReader(bytes[4...])
            do {
                let flags = try reader.littleEndian32()
                guard flags <= 3 else { throw PackError.unsupported("pack with the flags \(flags)") }
                (hasNewest, hasDerivedTemplates) = (flags & 1 == 1, flags & 2 == 2)
                footerStored = Int(try reader.littleEndian32())
                footerInflated = Int(try reader.littleEndian32())
                footerChecksum = try reader.littleEndian32()
                guard let archive = ArchiveID(bytes: Array(try reader.take(ArchiveID.byteCount))) else {
                    throw PackError.corrupt("it has no archive id", offset: offset)
                }
                self.archive = archive
                let (first, count) = (try reader.littleEndian64(), try reader.littleEndian64())
                guard first <= 1 << 53, (1...UInt64(recordLimit)).contains(count),
                    footerStored <= min(footerLimit, offset - head.count), footerInflated <= footerLimit
                else { throw PackError.corrupt("the trailer's numbers are out of range", offset: offset) }
                (self.first, self.count) = (Int(first), Int(count))
                headBefore = SequenceHead(digest: try reader.id())
                headAfter = SequenceHead(digest: try reader.id())
                idSum = IDSum(try reader.id())
            } catch let error as PackError {
                throw error
            } catch {
                throw .corrupt("the trailer ends early", offset: offset)
            }
        }

        init(
            hasNewest: Bool, hasDerivedTemplates: Bool, footerStored: Int, footerInflated: Int, footerChecksum: UInt32,
            archive: ArchiveID, first: Int, count: Int, headBefore: SequenceHead, headAfter: SequenceHead, idSum: IDSum
        ) {
            (self.hasNewest, self.hasDerivedTemplates) = (hasNewest, hasDerivedTemplates)
            (self.footerStored, self.footerInflated) = (footerStored, footerInflated)
            (self.footerChecksum, self.archive) = (footerChecksum, archive)
            (self.first, self.count) = (first, count)
            (self.headBefore, self.headAfter, self.idSum) = (headBefore, headAfter, idSum)
        }

        /// The numbers of the records in the archive's sequence.
        var range: Range<Int> { first..<first + count }
    }

    /// Whether a file with these first bytes says that it is a pack, of whatever format.
    static func isMarked(head bytes: [UInt8]) -> Bool { bytes.starts(with: head.prefix(4)) }

    /// Whether a file with these last bytes says so.
    static func isMarked(trailer bytes: [UInt8]) -> Bool { bytes.starts(with: trailerMagic) }

    /// Checks the first bytes of a file.
    static func check(head bytes: [UInt8]) throws(PackError) {
        guard bytes.count >= 8, isMarked(head: bytes) else {
            throw .corrupt("it does not begin as a pack does", offset: 0)
        }
        guard bytes[4] == head[4] else { throw .unsupported("pack of format \(bytes[4])") }
        guard bytes[5..<8].allSatisfy({ $0 == 0 }) else { throw .unsupported("pack with unknown flags") }
    }
}
