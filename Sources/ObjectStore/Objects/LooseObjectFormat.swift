/// The bytes of a loose object, format version 1 (docs/FORMAT.md, "Loose objects"):
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 4 | `OSRO` |
/// | 4 | 1 | format version, 1 |
/// | 5 | 1 | codec: 1 is a zlib stream (RFC 1950) |
/// | 6 | 2 | zero |
/// | 8 | 4 | bytes in the document, little-endian, at most 16 MiB |
/// | 12 | n | the document in that codec |
/// | 12 + n | 4 | CRC-32 of all bytes before, little-endian |
///
/// The checksum covers the stored bytes: a flip in the padding of a deflate stream decodes to the same document and
/// would pass a check of the id alone.
public struct LooseObjectFormat: ~Copyable {
    /// The largest document in bytes.
    public static let documentLimit = 16 << 20
    /// The largest file in bytes: zlib adds 5 bytes for every 16 KiB that it cannot compress (zlib.h, deflateBound).
    public static let fileLimit = documentLimit + documentLimit / 1024 + 64

    private static let magic = Array("OSRO".utf8)
    private static let version: UInt8 = 1
    private static let zlibCodec: UInt8 = 1
    private static let headerBytes = 12

    private let hasher: SHA256
    private let deflater: Deflater
    private let inflater: Inflater

    /// Why a file's bytes are no loose object.
    public enum Failure: Error, Hashable, Sendable {
        /// The bytes are damaged; the text says where.
        case corrupt(String)
        /// The format version or the codec is newer than this program.
        case unsupported(String)
        /// zlib found no memory; the bytes may be well.
        case outOfMemory

        init(_ error: DeflateError) {
            switch error {
            case .outOfMemory: self = .outOfMemory
            case .corrupt, .tooLong: self = .corrupt("its zlib stream is broken (\(error))")
            }
        }
    }

    /// An encoder and decoder with contexts of its own. Throws where zlib finds no memory.
    public init() throws(DeflateError) {
        let deflater = try Deflater()
        let inflater = try Inflater()
        self.deflater = deflater
        self.inflater = inflater
        hasher = SHA256()
    }

    /// The id of a document.
    func id(of document: [UInt8]) -> ObjectID { hasher.digest(document) }

    /// The file for a document of at most `documentLimit` bytes; nil for a larger one.
    public func encode(_ document: [UInt8]) -> [UInt8]? {
        guard document.count <= Self.documentLimit else { return nil }
        var file = Self.magic
        file += [Self.version, Self.zlibCodec, 0, 0]
        file.appendLittleEndian(UInt32(document.count))
        file += deflater.deflate(document)
        file.appendLittleEndian(CRC32.of(file))
        return file
    }

    /// The document in a file, checked against its checksum and against `id`.
    public func decode(_ file: [UInt8], id: ObjectID) throws(Failure) -> [UInt8] {
        let size = try Self.check(file)
        let document: [UInt8]
        do {
            document = try inflater.inflate(file[Self.headerBytes..<file.count - 4], size: size)
        } catch {
            throw Failure(error)
        }
        guard hasher.digest(document) == id else { throw .corrupt("its document does not hash to its name") }
        return document
    }

    /// Checks a file's beginning and its checksum, and nothing of the document; returns the document's bytes.
    static func check(_ file: [UInt8]) throws(Failure) -> Int {
        guard file.count >= headerBytes + 4 else { throw .corrupt("the file has only \(file.count) bytes") }
        guard file.starts(with: magic) else { throw .corrupt("it does not begin with OSRO") }
        let end = file.count - 4
        guard file.littleEndian(at: end) == CRC32.of(file[..<end]) else { throw .corrupt("its checksum is wrong") }
        guard file[4] == version, file[5] == zlibCodec, file[6] == 0, file[7] == 0 else {
            throw .unsupported("format \(file[4]), codec \(file[5])")
        }
        guard let size = file.littleEndian(at: 8), size <= documentLimit else {
            throw .corrupt("it announces a document over the limit")
        }
        return Int(size)
    }
}
