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
}
