import CanonicalJSON
import Glibc
import Testing

@Suite("watch")
struct WatchTests {
    private let place = Workplace()
    private let simulator: Simulator

    init() throws {
        simulator = try Simulator(in: place)
        place.asks(simulator)
        place.environment["OSRS_ARCHIVE_SCRIBE"] = "off"
    }

    /// A watch whose time runs so many times faster, and the simulator's with it.
    private func start(
        _ factor: Int, _ arguments: [String] = []
    ) throws -> (process: ChildProcess, streams: ChildProcess.Streams) {
        try simulator.control("now?time=2026-03-01T12:00:00Z&factor=\(factor)")
        return try place.start(
            Program.archive, ["watch", "--json"] + arguments,
            environment: ["OSRS_ARCHIVE_NOW": "2026-03-01T12:00:00Zx\(factor)"])
    }

    private func count(_ streams: ChildProcess.Streams) throws -> Int {
        try place.bytes(of: streams.output).count { $0 == UInt8(ascii: "\n") }
    }

    @Test("captures each account again and again until SIGTERM, which is no failure; then all of it is kept")
    func untilStopped() throws {
        try place.run("accounts", "add", "--board", "main", "--interval", "30", "a", "b", "c")
        let (process, streams) = try start(
            3600, ["--metrics-file", "run.prom", "--on-event", "cat >> '\(place.absolute("events"))'"])
        #expect(poll(seconds: 60, { (try? simulator.requests).flatMap { $0 >= 12 ? true : nil } }) == true)
        process.send(SIGTERM)
        #expect(try process.wait(seconds: 60) == 0)
        #expect(try count(streams) >= 12)
        #expect(try place.run("verify").status == 0)
        #expect(try place.run("log", "a", "--json").lines.count >= 3)
        let metrics = try place.text(of: "run.prom")
        #expect(metrics.contains("osrs_archive_capture_success{player=\"a\",board=\"main\"} 1"))
    }

    @Test("reads the list again when it changes and on SIGHUP; a list that cannot be read leaves the one before")
    func reload() throws {
        try place.run("accounts", "add", "--board", "main", "a")
        let (process, streams) = try start(1)
        #expect(poll(seconds: 60, { (try? simulator.requests).flatMap { $0 >= 1 ? true : nil } }) == true)
        try place.run("accounts", "add", "--board", "main", "b")
        #expect(poll(seconds: 60, { (try? simulator.requests).flatMap { $0 >= 2 ? true : nil } }) == true)
        try place.write("{", to: "config/accounts.json")
        #expect(
            poll(
                seconds: 60,
                { (try? place.text(of: streams.error))?.contains("the one before goes on") == true ? true : nil })
                == true)
        // Who asks for it is told again.
        process.send(SIGHUP)
        #expect(
            poll(seconds: 60) {
                (try? place.text(of: streams.error))?.ranges(of: "the one before goes on").count == 2 ? true : nil
            } == true)
        process.send(SIGINT)
        #expect(try process.wait(seconds: 60) == 130)
        #expect(try place.run("players", "--json").lines.map { $0.text("player") } == ["a", "b"])
    }

    @Test("a list that is missing, or has an entry that cannot be, ends it at the start: there is none before it")
    func unusableList() throws {
        try place.write(#"[{"name":"zezima"},{"name":"a|b"}]"#, to: "bad.json")
        try place.write("[", to: "broken.json")
        for (list, status) in [("nope.json", 2), ("bad.json", 64), ("broken.json", 64)] as [(String, CInt)] {
            let (process, streams) = try start(1, ["--accounts", list])
            let ended = try process.wait(seconds: 20)
            let errors = try place.text(of: streams.error)
            #expect(ended == status, "\(list): \(errors)")
            #expect(!place.has("archive"))
        }
        #expect(try simulator.requests == 0)
    }

    @Test("one watch an archive: the second is told who watches, and writers go on")
    func oneWatch() throws {
        try place.run("accounts", "add", "--board", "main", "a")
        let (process, _) = try start(1)
        #expect(poll(seconds: 60, { (try? simulator.requests).flatMap { $0 >= 1 ? true : nil } }) == true)
        let second = try place.run("watch", "--json")
        #expect(second.status == 11)
        #expect(try second.failure.text("message")?.contains("process \(process.identifier)") == true)
        #expect(try place.run("capture", "--board", "main", "z").status == 0)
        process.send(SIGTERM)
        #expect(try process.wait(seconds: 60) == 0)
    }

    @Test("killed at any moment it leaves a sound archive, and goes on")
    func killed() throws {
        try place.run("accounts", "add", "--board", "main", "--interval", "30", "a", "b", "c")
        for _ in 0..<3 {
            let before = try simulator.requests
            let (process, _) = try start(20_000)
            #expect(poll(seconds: 60, { (try? simulator.requests).flatMap { $0 >= before + 9 ? true : nil } }) == true)
            process.send(SIGKILL)
            _ = try process.wait(seconds: 60)
            let verified = try place.run("verify")
            #expect(verified.status == 0 || verified.status == 10, "\(verified)")
        }
    }

    @Test("a full disk is told of once, with what to do and no other")
    func fullDisk() throws {
        try place.run("accounts", "add", "--board", "main", "--interval", "5", "a", "b", "c")
        try simulator.control("now?time=2026-03-01T12:00:00Z&factor=600")
        // No file may grow beyond 8 KiB, which the program takes for a full disk.
        let (process, streams) = try place.start(
            "/bin/sh", ["-c", "ulimit -f 16; exec '\(Program.archive)' watch > /dev/null"],
            environment: ["OSRS_ARCHIVE_NOW": "2026-03-01T12:00:00Zx600"])
        let told = poll(seconds: 60) {
            (try? place.text(of: streams.error)).flatMap { $0.contains("no space is left") ? $0 : nil }
        }
        process.send(SIGKILL)
        _ = try process.wait(seconds: 20)
        let errors = try #require(told)
        #expect(
            errors.contains("free some; ") && errors.contains("in memory meanwhile, and it is tried again every 15 s"))
        #expect(!errors.contains("run it again") && !errors.contains("1 answers"))
    }

    @Test("intervals that need more than the pace allows are warned of")
    func tooMuch() throws {
        try place.run("accounts", "add", "--board", "main", "--interval", "1", "a", "b", "c")
        let (process, streams) = try start(1, ["--pace", "0.01"])
        #expect(
            poll(
                seconds: 60,
                { (try? place.text(of: streams.error))?.contains("requests a minute") == true ? true : nil })
                == true)
        process.send(SIGTERM)
        #expect(try process.wait(seconds: 60) == 0)
    }
}
