import Archive
import Hiscores
import ObjectStore
import Terminal

/// A file or pipe that a person named, or standard input.
enum InputFile {
    /// All bytes of a file; `-` is standard input. Fails for more than `limit` bytes.
    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        let pipe = try path == "-" ? nil : NamedPipe(path)
        guard pipe != nil || path == "-" else {
            do {
                return try FileStorage(root: path).readAll("", limit: limit)
            } catch {
                throw Failure(ofFile: error)
            }
        }
        var bytes: [UInt8] = []
        while true {
            let chunk = try pipe?.read(1 << 20) ?? StandardInput.read(1 << 20)
            if chunk.isEmpty { return bytes }
            bytes += chunk
            guard bytes.count <= limit else {
                throw Failure(
                    code: "io", exit: ExitStatus.failure,
                    message: "\(pipe == nil ? "standard input" : path) has more than \(limit) bytes")
            }
        }
    }

    /// The names on standard input, one a line, as the service takes them: without the byte order mark that editors put in
    /// front, and with spaces where a web page had some that do not break. Blank lines, and those that begin with `#`, are
    /// passed over. Throws `bad_player_name` with the line of the first that can be no name.
    static func namesOnStandardInput() throws -> [String] {
        var text = String(decoding: try read("-", limit: 16 << 20), as: UTF8.self)
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        var names: [String] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard let first = line.first(where: { !$0.isWhitespace }), first != "#" else { continue }
            let name = String(line.map { $0 == "\u{A0}" ? " " : $0 })
            do throws(PlayerNameError) { names.append(try PlayerName.validated(name)) } catch {
                throw Failure(
                    code: "bad_player_name", exit: ExitStatus.usage,
                    message: "line \(index + 1) of standard input, `\(name)`: \(error)")
            }
        }
        return names
    }
}
