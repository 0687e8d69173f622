import Archive
import ObjectStore
import Synchronization

/// A pack that lies deflated in a payload (raw deflate, RFC 1951). A night's increment has a row or two of each player: its
/// blocks are too short to be compressed well by themselves, and together they shrink by a quarter. Long packs do not, and
/// stay as they are, so that they need not be held in memory.
final class DeflatedPack: StorageFile {
    /// Bytes of a pack at most.
    static let limit = 1 << 22

    /// Bytes of the pack.
    let size: Int
    private let deflated: any StorageFile
    private let path: String
    private let bytes = Mutex<[UInt8]?>(nil)

    /// The pack that a stretch of a payload inflates to.
    init(_ deflated: any StorageFile, size: Int, path: String) {
        (self.deflated, self.size, self.path) = (deflated, size, path)
    }

    /// The deflated bytes of a pack; nil where it is long, or gains less than a sixteenth. Throws `corrupt` where what would
    /// be deflated does not have the pack's name.
    static func deflated(_ pack: ExtractedPack) throws(BackupError) -> [UInt8]? {
        let file = pack.file
        guard file.size <= limit else { return nil }
        let bytes = try BackupError.ofStorage { () throws(StorageError) in try file.read(from: 0, count: file.size) }
        guard bytes.count == file.size, let deflater = try? Deflater(.raw, level: 9) else { return nil }
        let deflated = deflater.deflate(bytes)
        guard deflated.count < bytes.count - bytes.count / 16 else { return nil }
        guard SHA256.digest(bytes) == pack.name else { throw BackupError(damaged: pack) }
        return deflated
    }

    func read(from offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        let range = readableRange(from: offset, count: count)
        guard !range.isEmpty else { return [] }
        let result: Result<[UInt8], StorageError> = bytes.withLock { bytes in
            do throws(StorageError) {
                // No `??`: it would widen the error's type.
                let whole: [UInt8]
                if let known = bytes { whole = known } else { whole = try inflated() }
                bytes = whole
                return .success(Array(whole[range]))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func inflated() throws(StorageError) -> [UInt8] {
        let bytes = try deflated.read(from: 0, count: deflated.size)
        guard let inflated = try? Inflater(.raw).inflate(bytes[...], size: size), inflated.count == size else {
            throw StorageError(.damaged, operation: "inflate", path: path, cause: "it holds no pack of \(size) bytes")
        }
        return inflated
    }
}
