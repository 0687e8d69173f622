import CanonicalJSON
import Glibc
import Testing

@Suite("The writers' lock")
struct LockTests {
    private let place = Workplace()

    init() throws { try place.run("import", "-", input: SampleArchive.lines[0]) }

    /// Takes the lock as another writer does, from this process.
    private func withLock(_ body: () throws -> Void) throws {
        let file = unsafe open(place.absolute("archive/lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(file) }
        try #require(flock(file, LOCK_EX | LOCK_NB) == 0)
        let mine = Array("\(getpid())\n".utf8)
        ftruncate(file, 0)
        unsafe pwrite(file, mine, mine.count, 0)
        try body()
    }

    @Test("a second writer waits, then gives up with 11 and the holder's process id; readers never wait")
    func held() throws {
        try withLock {
            for command in [
                ["tag", "now", "alice"], ["import", "-"],
                ["capture", "--board", "main", "zezima", "--endpoint", "http://127.0.0.1:9", "--retries", "0"],
            ] {
                let start = ContinuousClock.now
                let answer = try place.run(
                    Program.archive, command + ["--lock-timeout", "1", "--json"],
                    input: Array(SampleArchive.lines[2].utf8))
                let waited = ContinuousClock.now - start
                #expect(answer.status == 11, "\(answer)")
                #expect(answer.output.isEmpty)
                #expect(waited >= .seconds(1) && waited < .seconds(30), "waited \(waited)")
                #expect(try answer.failure.text("code") == "locked")
                #expect(try answer.failure.text("message")?.contains("process \(getpid())") == true)
            }
            #expect(try place.run("tag", "now", "alice", "--lock-timeout", "0").status == 11)
            #expect(
                try place.run("tag", "now", "alice", environment: ["OSRS_ARCHIVE_LOCK_TIMEOUT": "0"]).status == 11)
            for command in [["log"], ["show", "alice"], ["verify"], ["stats"], ["export", "--format", "jsonl"]] {
                #expect(try place.run(Program.archive, command + ["--lock-timeout", "0"]).status == 0)
            }
        }
        #expect(try place.run("tag", "now", "alice").status == 0)
    }

    @Test("a writer that waits goes on when the lock comes free")
    func freed() throws {
        var waiting: (process: ChildProcess, streams: ChildProcess.Streams)?
        try withLock {
            waiting = try place.start(Program.archive, ["tag", "now", "alice", "--lock-timeout", "30"])
            usleep(300_000)
            #expect(waiting?.process.exitCode == nil)
        }
        #expect(try waiting?.process.wait(seconds: 30) == 0)
        #expect(try place.run("rev-parse", "now").status == 0)
    }

    @Test("writers at the same time all get through, and nothing is lost")
    func together() throws {
        let writers = try (0..<8).map { number in
            let line = SampleArchive.line(
                "P\(number)", "main", "2026-01-01T00:00:00Z", SampleArchive.small("P\(number)", xp: number))
            return try place.start(Program.archive, ["import", "-"], input: Array(line.utf8)).process
        }
        for writer in writers { #expect(try writer.wait(seconds: 60) == 0) }
        #expect(try place.run("verify", "--json").json["observations"] == .integer(9))
    }

    @Test("a capture does not hold the lock while it waits for the network")
    func network() throws {
        let simulator = try Simulator(in: place)
        place.asks(simulator)
        try simulator.fail("slow", "&delay=3000&count=1")
        let (capture, _) = try place.start(Program.archive, ["capture", "--board", "main", "zezima"])
        _ = try poll(seconds: 20) { try simulator.requests > 0 ? true : nil }
        #expect(try place.run("tag", "now", "alice", "--lock-timeout", "0").status == 0)
        #expect(capture.exitCode == nil)
        #expect(try capture.wait(seconds: 30) == 0)
    }
}
