import Archive
import ObjectStore
import Terminal

/// A file that a person named, or standard input.
enum InputFile {
    /// All bytes of a file; `-` is standard input. Fails for more than `limit` bytes.
    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        guard path == "-" else {
            do {
                return try FileStorage(root: path).readAll("", limit: limit)
            } catch {
                throw Failure(ofFile: error)
            }
        }
        var bytes: [UInt8] = []
        while true {
            let chunk = try StandardInput.read(1 << 20)
            if chunk.isEmpty { return bytes }
            bytes += chunk
            guard bytes.count <= limit else {
                throw Failure(
                    code: "io", exit: ExitStatus.failure, message: "standard input has more than \(limit) bytes")
            }
        }
    }

    /// The lines of standard input that are not blank, as names: without the byte order mark that editors put in front,
    /// and with spaces where a web page had some that do not break.
    static func namesOnStandardInput() throws -> [String] {
        var text = String(decoding: try read("-", limit: 16 << 20), as: UTF8.self)
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        return text.split(whereSeparator: \.isNewline).compactMap { line in
            line.allSatisfy(\.isWhitespace) ? nil : String(line.map { $0 == "\u{A0}" ? " " : $0 })
        }
    }
}
