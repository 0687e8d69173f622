import Glibc
import Synchronization
import TestSupport

/// A small archive with known contents that tests read and never change.
///
/// - alice: main, four ok observations (the second one is the first again, the third moved ranks alone, the fourth
///   played) and a failure between the last two; ironman, one, older than the newest of main.
/// - bob: two failures and nothing else.
/// - carol: ironman is newer than main, seasonal newer than both.
/// - dave: main and ironman at the same moment. A tag is called dave, too.
final class SampleArchive: Sendable {
    /// The archive's folder.
    let path: String

    private static let made = Mutex<TemporaryFolder?>(nil)

    /// The archive, made at the first use and removed at the end of the process.
    static let shared = Result { () throws in
        let place = Workplace()
        try place.write(lines.joined(separator: "\n"), to: "lines.jsonl")
        let imported = try place.run("import", "lines.jsonl")
        let tagged = try place.run("tag", "dave", "main/alice@{first}")
        guard imported.status == 0, tagged.status == 0 else {
            throw ChildProcess.Failure(description: "\(imported)\(tagged)")
        }
        let folder = place.folder
        made.withLock { $0 = folder }
        atexit { SampleArchive.made.withLock { $0 = nil } }
        return SampleArchive(path: place.absolute("archive"))
    }

    private init(path: String) { self.path = path }

    // MARK: What is in it

    static let lines = [
        line("Alice", "main", "2026-01-01T00:00:00.000Z", first),
        line("Alice", "main", "2026-01-02T12:00:00.000Z", first),
        line("Alice", "main", "2026-01-03T00:00:00.000Z", ranksMoved),
        line("Alice", "ironman", "2026-01-04T00:00:00.000Z", ironman),
        failure("Alice", "2026-01-05T10:00:00.000Z", "unavailable", 503),
        line("Alice", "main", "2026-01-06T00:00:00.000Z", played),
        failure("Bob", "2026-01-02T00:00:00.000Z", "not_found", 404),
        failure("Bob", "2026-01-03T00:00:00.000Z", "throttled", 429),
        line("Carol", "main", "2026-01-02T00:00:00.000Z", small("Carol", xp: 10)),
        line("Carol", "ironman", "2026-01-05T00:00:00.000Z", small("Carol", xp: 20)),
        line("Carol", "seasonal", "2026-01-09T00:00:00.000Z", small("Carol", xp: 30)),
        line("Dave", "main", "2026-01-02T00:00:00.000Z", small("Dave", xp: 40)),
        line("Dave", "ironman", "2026-01-02T00:00:00.000Z", small("Dave", xp: 50)),
    ]

    /// Alice's first document.
    static let first = """
        {"name":"Alice","skills":[{"id":0,"name":"Overall","rank":1000,"level":100,"xp":50000},\
        {"id":1,"name":"Attack","rank":500,"level":40,"xp":40000},\
        {"id":2,"name":"Cooking","rank":-1,"level":1,"xp":-1},\
        {"id":3,"name":"Mining","rank":700,"level":20,"xp":5000}],\
        "activities":[{"id":0,"name":"Zulrah","rank":-1,"score":-1},\
        {"id":1,"name":"Clue Scrolls (all)","rank":300,"score":7},{"id":2,"name":"Vorkath","rank":90,"score":60}]}
        """
    /// The same with other ranks.
    static let ranksMoved = first.replacing("\"rank\":1000", with: "\"rank\":1001")
        .replacing("\"rank\":500", with: "\"rank\":502")
    /// Attack gained 5,000, Cooking and Zulrah entered the tables, Mining moved its rank, Sailing came, the clues went,
    /// Vorkath fell by 2 and has another number.
    static let played = """
        {"name":"Alice","skills":[{"id":0,"name":"Overall","rank":990,"level":111,"xp":56200},\
        {"id":1,"name":"Attack","rank":480,"level":41,"xp":45000},\
        {"id":2,"name":"Cooking","rank":9000,"level":10,"xp":1200},\
        {"id":3,"name":"Mining","rank":701,"level":20,"xp":5000},\
        {"id":4,"name":"Sailing","rank":50,"level":2,"xp":100}],\
        "activities":[{"id":0,"name":"Zulrah","rank":800,"score":5},{"id":1,"name":"Vorkath","rank":95,"score":58}]}
        """
    static let ironman = first.replacing("\"rank\":1000", with: "\"rank\":10")

    /// A document of one row.
    static func small(_ name: String, xp: Int) -> String {
        #"{"name":"\#(name)","skills":[{"id":0,"name":"Overall","rank":5,"level":9,"xp":\#(xp)}],"activities":[]}"#
    }

    /// A line of JSONL as other programs write it.
    static func line(_ player: String, _ board: String, _ time: String, _ body: String) -> String {
        #"{"player":"\#(player)","board":"\#(board)","captured_at":"\#(time)","body":\#(body)}"#
    }

    /// A line that says that an attempt failed.
    static func failure(_ player: String, _ time: String, _ result: String, _ status: Int) -> String {
        #"{"player":"\#(player)","board":"main","captured_at":"\#(time)","result":"\#(result)","#
            + #""http_status":\#(status),"error":"the service answered \#(status)"}"#
    }
}

extension Workplace {
    /// A place whose commands look at the sample archive.
    static func readingSamples() throws -> Workplace {
        let place = Workplace()
        place.environment["OSRS_ARCHIVE_DIR"] = try SampleArchive.shared.get().path
        place.setTime("2026-01-10T06:00:00Z")
        return place
    }

    /// A place whose captures ask this simulator, at a time that stands still.
    func asks(_ simulator: Simulator, at now: String = "2026-03-01T12:00:00Z") {
        environment["OSRS_HISCORES_URL"] = simulator.endpoint
        // Tests of how it is asked say themselves how fast and how often again.
        environment["OSRS_ARCHIVE_PACE"] = "50"
        environment["OSRS_ARCHIVE_RETRIES"] = "0"
        setTime(now)
    }

    /// Sets the programs' time, which then stands still.
    func setTime(_ now: String) { environment["OSRS_ARCHIVE_NOW"] = now + "x0.000001" }
}

/// The real series, which lie beside the repository.
enum RealSeries {
    /// Whether they are there; what needs them is skipped otherwise.
    static var arePresent: Bool { SharedFiles.exists("data/series") }

    /// All of them, in the order of their names.
    static let paths = ["ArchonBorn", "GIM_Foolin", "vaOPA", "vaOPA.ws", "vaRautaMake"].map {
        "\(SharedFiles.folder)/data/series/\($0).jsonl"
    }
}
