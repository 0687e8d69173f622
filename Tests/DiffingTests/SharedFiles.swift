import CanonicalJSON
import Glibc
import Hiscores
import Testing

/// The conformance files and real captures that lie beside the repository; tests that need them are skipped where they
/// are absent.
enum SharedFiles {
    /// `OSRS_SHARED`, or `../shared` beside the package.
    static let root: String = {
        if let variable = unsafe getenv("OSRS_SHARED") { return unsafe String(cString: variable) }
        return #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/shared"
    }()

    static func exists(_ path: String) -> Bool { unsafe access("\(root)/\(path)", R_OK) == 0 }

    /// The bytes of a file, or nothing where it cannot be read.
    static func bytes(_ path: String) -> [UInt8] {
        let descriptor = unsafe open("\(root)/\(path)", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return bytes }
            bytes += buffer.prefix(count)
        }
    }
}

/// A capture of one of the real series.
struct Capture {
    let capturedAt: String
    let body: JSONValue
    let document: HiscoreDocument

    static let seriesNames = ["vaOPA", "vaRautaMake", "GIM_Foolin", "ArchonBorn"]
    static let areThere = seriesNames.allSatisfy { SharedFiles.exists("data/series/\($0).jsonl") }

    /// The captures of a series, oldest first.
    static func series(_ name: String) throws -> [Capture] { try #require(try loaded.get()[name]) }

    /// All series, read once.
    private static let loaded = Result {
        try Dictionary(uniqueKeysWithValues: seriesNames.map { ($0, try read("data/series/\($0).jsonl")) })
    }

    private static func read(_ path: String) throws -> [Capture] {
        try SharedFiles.bytes(path).split(separator: UInt8(ascii: "\n")).map { line in
            let value = try JSONValue(parsing: Array(line))
            let body = try #require(value["body"])
            return Capture(
                capturedAt: try #require(value["captured_at"]?.string), body: body,
                document: try #require(HiscoreDocument(body)))
        }
    }

    /// The last capture of a series before a day, `YYYY-MM-DD`, and the first on it or later.
    static func around(_ day: String, in name: String) throws -> (before: Capture, after: Capture) {
        let series = try series(name)
        let index = try #require(series.firstIndex { $0.capturedAt >= day })
        return (try #require(index > 0 ? series[index - 1] : nil), series[index])
    }
}
