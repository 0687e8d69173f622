import CanonicalJSON
import ObjectStore

/// The bytes of the journal, format version 1 (docs/FORMAT.md, "The journal").
///
/// The file is a run of frames; each begins at a multiple of 16 bytes:
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 4 | length n of the payload in bytes, little-endian; the highest bit is set on the last frame of a batch |
/// | 4 | 4 | the frame's index in its batch, from 0 |
/// | 8 | 4 | the frame's number in the file, from 0 |
/// | 12 | 4 | CRC-32 of the 12 bytes before |
/// | 16 | n | payload |
/// | 16 + n | 0…15 | zeros, so that the frame's size is a multiple of 16 |
/// | size - 4 | 4 | CRC-32 of payload and zeros |
///
/// Frame 0 is a batch of its own and carries the header, canonical JSON; every other frame carries one record. A batch
/// counts once its last frame is whole: what one commit wrote is there as a whole or not at all.
///
/// In an encrypted archive the file begins with 32 bytes of a sealed file's, the frames follow on the same grid, and each
/// payload is sealed (`SealedFrames`). What the heads say, sizes and numbers, lies in the clear.
///
/// The alignment keeps each 16 bytes of a frame within one sector. None of them is all zeros in a sound frame, so a
/// sector that never reached the disk is told from damage.
enum JournalFormat {
    /// The largest payload in bytes.
    static let payloadLimit = 1 << 20
    /// The largest journal in bytes.
    static let fileLimit = 1 << 32

    static let alignment = 16
    static let headBytes = 16
    private static let lastInBatch: UInt32 = 1 << 31

    /// The first 16 bytes of a frame.
    struct FrameHead: Hashable {
        var length: Int
        var isLastInBatch: Bool
        var indexInBatch: Int
        var number: Int

        /// The index in its batch of the frame that comes next.
        var indexAfter: Int { isLastInBatch ? 0 : indexInBatch + 1 }

        /// The whole frame's bytes, padding included.
        var frameBytes: Int {
            let bare = JournalFormat.headBytes + length + 4
            return (bare + JournalFormat.alignment - 1) / JournalFormat.alignment * JournalFormat.alignment
        }
    }

    /// Appends one frame. The payload has at most `payloadLimit` bytes; numbers stay below 2^32.
    static func append(_ payload: [UInt8], head: FrameHead, to file: inout [UInt8]) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(head.frameBytes)
        bytes.appendLittleEndian(UInt32(payload.count) | (head.isLastInBatch ? lastInBatch : 0))
        bytes.appendLittleEndian(UInt32(truncatingIfNeeded: head.indexInBatch))
        bytes.appendLittleEndian(UInt32(truncatingIfNeeded: head.number))
        bytes.appendLittleEndian(CRC32.of(bytes))
        bytes += payload
        bytes += repeatElement(0, count: head.frameBytes - 4 - bytes.count)
        bytes.appendLittleEndian(CRC32.of(bytes[headBytes...]))
        file += bytes
    }

    /// Where the first frame of a file stands.
    static func start(of file: ArraySlice<UInt8>) -> Int {
        SealedFrames.isSealed(file) ? SealedFrames.startBytes : 0
    }

    /// What stands at an offset of a journal.
    enum Frame: Hashable {
        /// A whole frame; the range is its payload's.
        case whole(FrameHead, payload: Range<Int>)
        /// The file ends inside the frame.
        case cut
        /// The head is sound, the payload, its checksum or the padding is not.
        case damagedPayload(FrameHead)
        /// The head itself is damaged.
        case damagedHead
    }

    /// Reads the frame at `offset`, which is at most the file's size.
    static func frame(in file: [UInt8], at offset: Int) -> Frame {
        guard file.count - offset >= headBytes else { return .cut }
        guard let head = head(in: file, at: offset) else { return .damagedHead }
        guard file.count - offset >= head.frameBytes else { return .cut }
        let payload = offset + headBytes..<offset + headBytes + head.length
        let checked = payload.lowerBound..<offset + head.frameBytes - 4
        guard file.littleEndian(at: checked.upperBound) == CRC32.of(file[checked]),
            file[payload.upperBound..<checked.upperBound].allSatisfy({ $0 == 0 })
        else { return .damagedPayload(head) }
        return .whole(head, payload: payload)
    }

    /// Whether the 16 bytes at `offset` are the head of a frame.
    static func hasSoundHead(in file: [UInt8], at offset: Int) -> Bool { head(in: file, at: offset) != nil }

    private static func head(in file: [UInt8], at offset: Int) -> FrameHead? {
        guard let word = file.littleEndian(at: offset), let index = file.littleEndian(at: offset + 4),
            let number = file.littleEndian(at: offset + 8), let checksum = file.littleEndian(at: offset + 12),
            checksum == CRC32.of(file[offset..<offset + 12])
        else { return nil }
        let head = FrameHead(
            length: Int(word & ~lastInBatch), isLastInBatch: word & lastInBatch != 0, indexInBatch: Int(index),
            number: Int(number))
        return (1...payloadLimit).contains(head.length) ? head : nil
    }

    /// Whether a bad frame looks as if a sector of it never reached the disk: its head is all zeros, or so are the 16
    /// bytes at a sector's start within it. No single flip does that to a sound frame.
    static func hasUnwrittenSector(in file: [UInt8], at offset: Int) -> Bool {
        let sector = 512
        func isZero(at start: Int) -> Bool { file[start..<start + alignment].allSatisfy { $0 == 0 } }
        switch frame(in: file, at: offset) {
        case .whole, .cut: return false
        case .damagedHead: return isZero(at: offset)
        case .damagedPayload(let head):
            let firstSector = (offset / sector + 1) * sector
            return stride(from: firstSector, to: offset + head.frameBytes, by: sector).contains(where: isZero)
        }
    }
}

/// The header in frame 0: which archive the journal belongs to, and where in the sequence its records begin.
struct JournalHeader: Hashable {
    var archive: ArchiveID
    /// The sequence number of the first record in this file.
    var base: Int
    /// The head of the sequence before that record.
    var baseHead: SequenceHead
    /// The packs that hold the records before `base`, in the order of the sequence.
    var packs: [ObjectID] = []
    /// Packs that were taken into others: they may be removed.
    var merged: [ObjectID] = []

    private static let format = 1

    func encoded() throws(JSONError) -> [UInt8] {
        var object = JSONObjectBuilder()
        object["archive"] = .text(archive.description)
        object["base"] = .integer(base)
        object["base_head"] = .text(baseHead.digest.hex)
        object["journal"] = .integer(Self.format)
        if !packs.isEmpty { object["packs"] = .array(packs.map { .text($0.hex) }) }
        if !merged.isEmpty { object["merged"] = .array(merged.map { .text($0.hex) }) }
        return try object.value.canonicalBytes()
    }

    /// Why a header cannot be used.
    enum Failure: Error {
        case corrupt
        case unsupported(format: Int64)
    }

    init(archive: ArchiveID, base: Int, baseHead: SequenceHead, packs: [ObjectID] = [], merged: [ObjectID] = []) {
        (self.archive, self.base, self.baseHead) = (archive, base, baseHead)
        (self.packs, self.merged) = (packs, merged)
    }

    init(decoding bytes: [UInt8]) throws(Failure) {
        guard let value = try? JSONValue(parsing: bytes), let format = value["journal"]?.integer else { throw .corrupt }
        guard format == Self.format else { throw .unsupported(format: format) }
        guard let archive = value["archive"]?.string.flatMap(ArchiveID.init(hex:)),
            let base = value["base"]?.integer, base >= 0,
            let head = value["base_head"]?.string.flatMap({ ObjectID(hex: $0) }),
            let packs = Self.ids(value["packs"]), let merged = Self.ids(value["merged"]),
            packs.isEmpty == (base == 0)
        else { throw .corrupt }
        self.init(
            archive: archive, base: Int(base), baseHead: SequenceHead(digest: head), packs: packs, merged: merged)
    }

    /// The ids in a member; none where it is missing, nil where it holds anything else.
    private static func ids(_ value: JSONValue?) -> [ObjectID]? {
        guard let value else { return [] }
        guard let texts = value.array else { return nil }
        let ids = texts.compactMap { $0.string.flatMap { ObjectID(hex: $0) } }
        return ids.count == texts.count ? ids : nil
    }
}
