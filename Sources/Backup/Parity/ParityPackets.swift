import ObjectStore

/// The packets of a parity file, format of par2 (Parity Volume Set Specification 2.0):
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 8 | `PAR2` ‖ 0x00 ‖ `PKT` |
/// | 8 | 8 | bytes of the packet with these, a multiple of four, lowest byte first |
/// | 16 | 16 | MD5 of everything behind it |
/// | 32 | 16 | the id of the set |
/// | 48 | 16 | the type |
/// | 64 | | the body |
///
/// Nothing here repairs: the program par2 does. This tells, without it, whether a repair would have what it needs.
struct ParityPackets: Hashable {
    /// What the parity says of the file that it protects.
    struct Subject: Hashable {
        var name: [UInt8]
        var bytes: Int
    }

    /// The packet that says how long a block is.
    private(set) var blockBytes: Int?
    /// What is protected; nil where no packet says it.
    private(set) var subject: Subject?
    /// The MD5 of each block of it, the last one filled up with zeros.
    private(set) var blocks: [[UInt8]]?
    /// The numbers of the recovery blocks that are whole.
    private(set) var recovery: Set<UInt32> = []
    /// Whether every byte of the files belongs to a packet that is whole.
    private(set) var areWhole = true
    /// Bytes of what looked like packets of the file and was none.
    private var hashedInVain = 0

    private static let magic = Array("PAR2\0PKT".utf8)
    private static let headerBytes = 64
    private static let typeLength = 16
    /// The longest body that is kept, not only checked: the sums of 32,768 blocks.
    private static let keptLimit = 1 << 20
    private static let pieceBytes = 1 << 18

    private static let main = "PAR 2.0\0Main\0\0\0\0"
    private static let description = "PAR 2.0\0FileDesc"
    private static let sums = "PAR 2.0\0IFSC\0\0\0\0"
    private static let recoverySlice = "PAR 2.0\0RecvSlic"

    /// No packet yet.
    init() {}

    /// Adds the packets of a file. Bytes that belong to none are passed over. Throws what the storage reports. O(bytes): a
    /// crafted file could announce a packet up to its end at each step, so after twice its bytes the rest is given up.
    mutating func read(_ file: any StorageFile) throws(StorageError) {
        var offset = 0
        hashedInVain = 0
        while offset < file.size {
            guard hashedInVain <= 2 * file.size else { return areWhole = false }
            if let length = try readPacket(of: file, at: offset) {
                offset += length
            } else {
                areWhole = false
                offset = try Self.nextPacket(of: file, behind: offset)
            }
        }
        if file.size == 0 { areWhole = false }
    }

    /// Where the next packet may begin.
    private static func nextPacket(of file: any StorageFile, behind offset: Int) throws(StorageError) -> Int {
        var start = offset + 1
        while start < file.size {
            let piece = try file.read(from: start, count: pieceBytes)
            guard piece.count >= magic.count else { return file.size }
            for index in 0...(piece.count - magic.count)
            where piece[index] == magic[0] && piece[index..<index + magic.count].elementsEqual(magic) {
                return start + index
            }
            start += piece.count - magic.count + 1
        }
        return file.size
    }

    /// Takes the packet at an offset and returns its length; nil where there is no whole one.
    private mutating func readPacket(of file: any StorageFile, at offset: Int) throws(StorageError) -> Int? {
        let header = try file.read(from: offset, count: Self.headerBytes)
        // Every number below is at most 2^53: nothing overflows.
        guard header.count == Self.headerBytes, header.starts(with: Self.magic),
            let length = header.littleEndianNumber(at: 8), length >= Self.headerBytes, length % 4 == 0,
            length <= file.size - offset
        else { return nil }
        let end = offset + length
        var digest = MD5Stream()
        digest.update(header.span.extracting(32..<Self.headerBytes))
        var body: [UInt8] = []
        var place = offset + Self.headerBytes
        while place < end {
            let piece = try file.read(from: place, count: min(Self.pieceBytes, end - place))
            guard !piece.isEmpty else { return nil }
            digest.update(piece.span)
            if body.count < Self.keptLimit { body += piece }
            place += piece.count
        }
        guard digest.finish().elementsEqual(header[16..<32]) else {
            hashedInVain += length
            return nil
        }
        take(String(decoding: header[48..<Self.headerBytes], as: UTF8.self), body, length - Self.headerBytes)
        return length
    }

    private mutating func take(_ type: String, _ body: [UInt8], _ length: Int) {
        switch type {
        case Self.main:
            guard let bytes = body.littleEndianNumber(at: 0), bytes > 0, bytes % 4 == 0 else { return }
            blockBytes = bytes
        case Self.description:
            guard body.count == length, body.count >= 56, let bytes = body.littleEndianNumber(at: 48) else { return }
            let name = body[56...]
            let end = name.lastIndex { $0 != 0 }.map { $0 + 1 } ?? name.startIndex
            subject = Subject(name: Array(name[..<end]), bytes: bytes)
        case Self.sums:
            guard body.count == length, body.count >= 16, (body.count - 16) % 20 == 0 else { return }
            blocks = stride(from: 16, to: body.count, by: 20).map { Array(body[$0..<$0 + MD5Stream.byteCount]) }
        case Self.recoverySlice:
            guard let exponent = body.littleEndian(at: 0) else { return }
            recovery.insert(exponent)
        default: break
        }
    }
}

extension [UInt8] {
    /// The number of eight bytes, lowest first; nil where they are not there, or it is larger than 2^53.
    fileprivate func littleEndianNumber(at offset: Int) -> Int? {
        guard let low = littleEndian(at: offset), let high = littleEndian(at: offset + 4), high < 1 << 21 else {
            return nil
        }
        return Int(high) << 32 | Int(low)
    }
}
