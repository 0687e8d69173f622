import Glibc

/// The scripts that know the format from docs/FORMAT.md alone.
enum Script {
    private struct Unreachable: Error {}

    /// Runs one with arguments as a shell takes them; what it prints to both streams, line by line, and its exit code.
    static func run(_ name: String, _ arguments: String) throws -> (code: Int32, lines: [String]) {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        guard let stream = unsafe popen("/usr/bin/python3 '/\(root)/scripts/\(name)' \(arguments) 2>&1", "r") else {
            throw Unreachable()
        }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, stream)
            guard count > 0 else { break }
            output += buffer[..<count]
        }
        let status = unsafe pclose(stream)
        return ((status >> 8) & 0xFF, String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init))
    }
}
