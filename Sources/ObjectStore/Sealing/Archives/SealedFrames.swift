/// The payloads of a journal's frames, sealed: each is a message of its own with its own salt, bound to the journal's file
/// id, its number, and the stored bytes of the frame before it. Frames go by in their order.
public struct SealedFrames: Sendable {
    /// Bytes before the first frame: the header of a sealed file, and eight zeros, so that frames lie on their grid.
    public static let startBytes = 32

    private let sealing: ArchiveSealing
    private let header: SealedFileHeader
    private var previous: ObjectID

    /// A new journal.
    public init(_ sealing: ArchiveSealing) throws(SealingError) {
        self.init(sealing, try SealedFileHeader(.journal, random: sealing.random))
    }

    /// The journal that a file holds, before its first frame. Throws `notSealed`, `truncated`, `unsupported`, and
    /// `wrongKey` for a file of another kind.
    public init(_ sealing: ArchiveSealing, decoding file: ArraySlice<UInt8>) throws(SealingError) {
        let header = try SealedFileHeader(decoding: file)
        guard header.kind == .journal else {
            throw SealingError(.wrongKey, "it is sealed as something else than a journal")
        }
        self.init(sealing, header)
        guard file.starts(with: start) else {
            throw SealingError(.corrupt, "the bytes behind its header are not zero, or not there")
        }
    }

    private init(_ sealing: ArchiveSealing, _ header: SealedFileHeader) {
        (self.sealing, self.header) = (sealing, header)
        previous = SHA256.digest(header.encoded)
    }

    /// The bytes before the first frame.
    public var start: [UInt8] {
        header.encoded + [UInt8](repeating: 0, count: Self.startBytes - SealedFileHeader.byteCount)
    }

    /// Whether a file begins as a sealed one does.
    public static func isSealed(_ file: ArraySlice<UInt8>) -> Bool { SealedFileHeader.isMarked(file) }

    /// The message that stands in the next frame, which has this number.
    public func seal(_ payload: [UInt8], number: Int) throws(SealingError) -> [UInt8] {
        try CobblestoneSealer.message(
            payload, key: sealing.keys.sealing, context: context(number), random: sealing.random)
    }

    /// The payload that was sealed in the next frame.
    public func open(_ message: ArraySlice<UInt8>, number: Int) throws(SealingError) -> [UInt8] {
        try CobblestoneOpener.plain(of: message, key: sealing.keys.sealing, context: context(number))
    }

    /// Goes on behind a frame with these stored bytes.
    public mutating func pass(_ frame: ArraySlice<UInt8>) { previous = SHA256().digest(frame) }

    private func context(_ number: Int) -> [UInt8] {
        header.context(archive: sealing.archive, place: .frame(UInt64(number), after: previous))
    }
}
