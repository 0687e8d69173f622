import CanonicalJSON
import Hiscores
import TestSupport
import Testing

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
        try SharedFiles.lines(path).map { line in
            let value = try JSONValue(parsing: line)
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
