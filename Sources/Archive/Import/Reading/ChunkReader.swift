import ObjectStore

/// Reads a file or stream in chunks, by lines or whole, and holds no more of it than a chunk and a line.
struct ChunkReader {
    /// Bytes that a format is told by, and that are asked for at once of a text that is read as a whole.
    static let chunkBytes = 256 << 10
    /// Bytes of lines that are asked for at once: so few that the memory of those before serves again.
    private static let lineBytes = 64 << 10
    /// The longest line, and the longest text that is read as a whole, in bytes.
    static let textLimit = 64 << 20

    /// What stands in one or more lines.
    enum Lines {
        /// Whole lines with their line breaks; the last of all may lack it.
        case texts([UInt8])
        /// One that is longer than the limit; it was passed over.
        case tooLong
    }

    private let read: (Int) throws(StorageError) -> [UInt8]
    private var buffer: [UInt8] = []
    /// Where the bytes that were not handed out yet begin.
    private var start = 0
    private var isAtEnd = false

    /// A reader of what `read` gives: at most so many bytes a call, none at the end.
    init(_ read: @escaping (Int) throws(StorageError) -> [UInt8]) { self.read = read }

    /// A reader of a file.
    init(_ storage: any Storage, _ path: String) {
        var offset = 0
        self.init { count throws(StorageError) in
            let bytes = try storage.read(path, from: offset, count: count)
            offset += bytes.count
            return bytes
        }
    }

    /// The first bytes, a chunk or all there are, without taking them; and whether they are all.
    mutating func head() throws(StorageError) -> (bytes: ArraySlice<UInt8>, isWhole: Bool) {
        while !isAtEnd, buffer.count - start < Self.chunkBytes { try fill() }
        return (buffer[start...], isAtEnd)
    }

    /// The next lines, some kilobytes of them, or nil at the end. Lines end in LF or CRLF; the last may lack its line break.
    mutating func lines() throws(StorageError) -> Lines? {
        // Bytes at the front of what is not handed out in which there is no line feed.
        var searched = 0
        var isTooLong = false
        while true {
            if isTooLong {
                // Only its end is looked for.
                if let end = buffer.firstIndex(of: UInt8(ascii: "\n"), from: start) {
                    start = end + 1
                    return .tooLong
                }
                start = buffer.count
            } else if let end = buffer[(start + searched)...].lastIndex(of: UInt8(ascii: "\n")) {
                // The buffer itself goes, and the little behind the last line is what is copied.
                var text = Array(buffer[(end + 1)...])
                swap(&text, &buffer)
                text.removeLast(text.count - 1 - end)
                if start > 0 { text.removeFirst(start) }
                start = 0
                return .texts(text)
            }
            if isAtEnd {
                guard start < buffer.count || isTooLong else { return nil }
                defer { start = buffer.count }
                return isTooLong ? .tooLong : .texts(Array(buffer[start...]))
            }
            searched = buffer.count - start
            if searched > Self.textLimit { isTooLong = true }
            try fill(Self.lineBytes)
        }
    }

    /// All bytes that are left, or nil where they are more than the limit.
    mutating func rest() throws(StorageError) -> [UInt8]? {
        while !isAtEnd {
            guard buffer.count - start <= Self.textLimit else { return nil }
            try fill()
        }
        defer { start = buffer.count }
        return buffer.count - start <= Self.textLimit ? Array(buffer[start...]) : nil
    }

    private mutating func fill(_ count: Int = Self.chunkBytes) throws(StorageError) {
        if start > 0 {
            buffer.removeFirst(start)
            start = 0
        }
        let bytes = try read(count)
        if bytes.isEmpty { isAtEnd = true } else { buffer += bytes }
    }
}

extension [UInt8] {
    /// The line, from 1, in which a byte stands.
    func lineNumber(ofByteAt offset: Int) -> Int {
        1 + prefix(Swift.max(0, offset)).count { $0 == UInt8(ascii: "\n") }
    }
}
