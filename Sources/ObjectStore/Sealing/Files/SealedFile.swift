/// A sealed file, format version 1:
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 4 | `OSRE` |
/// | 4 | 1 | format version, 1 |
/// | 5 | 1 | kind: 1 object, 2 pack, 3 journal, 4 bundle, 5 config |
/// | 6 | 2 | zero |
/// | 8 | 16 | file id, random |
/// | 24 | n | Cobblestone-256 messages (`CobblestoneFormat`): one, or one for each frame of a journal |
///
/// The header is in the clear; kind and file id are in every message's context (`SealingContext`), so a header that was
/// changed or exchanged opens nothing.
public struct SealedFileHeader: Hashable, Sendable {
    /// Bytes of the header.
    public static let byteCount = 24
    /// Bytes of a file id.
    public static let fileIDBytes = 16

    private static let magic = Array("OSRE".utf8)
    private static let version: UInt8 = 1

    /// What the file holds.
    public let kind: SealingContext.Kind
    /// Its random id: 16 bytes.
    public let file: [UInt8]

    /// The header of a new file.
    public init(_ kind: SealingContext.Kind, random: RandomSource = .system) throws(SealingError) {
        self.kind = kind
        file = try random.bytes(Self.fileIDBytes)
    }

    /// Whether a file begins as a sealed one does.
    public static func isMarked(_ bytes: ArraySlice<UInt8>) -> Bool { bytes.starts(with: magic) }

    /// The header that a file begins with. Throws `notSealed`, `truncated` or `unsupported`.
    public init(decoding bytes: ArraySlice<UInt8>) throws(SealingError) {
        guard Self.isMarked(bytes) else { throw SealingError(.notSealed, "it does not begin with OSRE") }
        let header = Array(bytes.prefix(Self.byteCount))
        guard header.count == Self.byteCount else {
            throw SealingError(.truncated, "it ends within its header, after \(header.count) bytes")
        }
        guard header[4] == Self.version, header[6] == 0, header[7] == 0,
            let kind = SealingContext.Kind(rawValue: header[5])
        else {
            throw SealingError(.unsupported, "it is sealed in format \(header[4]) as kind \(header[5])")
        }
        self.kind = kind
        file = Array(header[8...])
    }

    /// Its 24 bytes.
    public var encoded: [UInt8] { Self.magic + [Self.version, kind.rawValue, 0, 0] + file }

    /// The context of a message in this file.
    public func context(archive: [UInt8], place: SealingContext.Place = .whole) -> [UInt8] {
        SealingContext(archive: archive, kind: kind, file: file, place: place).encoded
    }
}

/// Files of one message, sealed and opened whole.
public enum SealedFile {
    /// How many bytes a file of so many plain ones has; nil beyond the limit.
    public static func byteCount(ofPlain count: Int) -> Int? {
        CobblestoneFormat.sealedBytes(ofPlain: count).map { SealedFileHeader.byteCount + $0 }
    }

    /// A file with these plain bytes.
    public static func seal(
        _ plain: [UInt8], as kind: SealingContext.Kind, place: SealingContext.Place = .whole, archive: [UInt8],
        key: borrowing SecretKey, random: RandomSource = .system
    ) throws(SealingError) -> [UInt8] {
        let header = try SealedFileHeader(kind, random: random)
        var output: [UInt8] = []
        output.reserveCapacity(byteCount(ofPlain: plain.count) ?? 0)
        output += header.encoded
        try CobblestoneSealer.append(
            plain, key: key, context: header.context(archive: archive, place: place), random: random, to: &output)
        return output
    }

    /// The plain bytes of a file. Throws `notSealed`, `unsupported`, `wrongKey` (a file of another kind, name or archive
    /// included), `truncated` or `corrupt`.
    public static func open(
        _ file: [UInt8], as kind: SealingContext.Kind, place: SealingContext.Place = .whole, archive: [UInt8],
        key: borrowing SecretKey
    ) throws(SealingError) -> [UInt8] {
        let header = try SealedFileHeader(decoding: file[...])
        guard header.kind == kind else {
            throw SealingError(.wrongKey, "it is sealed as \(header.kind.name), not as \(kind.name)")
        }
        return try CobblestoneOpener.plain(
            of: file[SealedFileHeader.byteCount...], key: key, context: header.context(archive: archive, place: place))
    }
}
