import CanonicalJSON
import Glibc
import Testing

/// `capture` over many accounts, against the simulated service over real sockets, in time that runs fast.
@Suite("Batches")
struct BatchTests {
    private let place = Workplace()
    private let simulator: Simulator

    init() throws {
        simulator = try Simulator(in: place)
        place.asks(simulator)
        place.environment["OSRS_ARCHIVE_RETRIES"] = "4"
        place.environment["OSRS_ARCHIVE_SCRIBE"] = "off"
    }

    /// Lets the program's time run so many times faster than the real one.
    private func speed(_ factor: Int) { place.environment["OSRS_ARCHIVE_NOW"] = "2026-03-01T12:00:00Zx\(factor)" }

    private func names(_ count: Int) -> [String] { (0..<count).map { "acc \($0)" } }

    private func capture(_ names: [String], _ options: String...) throws -> Answer {
        try place.run(Program.archive, ["capture", "--board", "main", "--json"] + names + options)
    }

    private func observations() throws -> [JSONValue] { try place.run("export", "--format", "jsonl").lines }

    @Test("500 accounts, every fault at 30 %: a line and a record for everybody, five in flight at most, all committed")
    func weather() throws {
        speed(200)
        try simulator.control("faults/mix?rate=0.3&seed=5&delay=20&retry_after=1&bytes=2000000")
        // Ten a second of the program's time are 2,000 a second of ours: then the five in flight are the limit.
        let answer = try capture(names(500), "--pace", "10")
        #expect([0, 3].contains(answer.status), "\(answer)")
        let lines = try answer.lines
        #expect(lines.count == 500 && Set(lines.compactMap { $0.text("player") }).count == 500)
        let statistics = try simulator.control("statistics")
        #expect((statistics.count("most_in_flight") ?? 99) <= 5)
        let records = try place.run("log", "--failures", "--oneline").output.count { $0 == UInt8(ascii: "\n") }
        #expect(Int64(records) == statistics.count("requests"), "every attempt leaves a record")
        #expect(Int64(records) == lines.reduce(0) { $0 + ($1.count("attempts") ?? 0) })
        for line in lines {
            #expect(line["attempt"] == line["attempts"], "the last attempt is what counts")
            #expect(
                line.text("outcome") != "throttled" || line["attempts"] == .integer(5)
                    || line["http_status"] == .integer(403))
        }
        // Once the weather clears, everybody is there.
        try simulator.control("faults/clear")
        let failed = lines.filter { $0["exit"] != .integer(0) }.compactMap { $0.text("display_name") }
        #expect(try failed.isEmpty || capture(failed).status == 0)
        #expect(try place.run("players").text.split(separator: "\n").count == 501)
        #expect(try place.run("verify").status == 0)
    }

    @Test("the pace is kept at any moment, retries included, as the service counts")
    func pace() throws {
        place.environment["OSRS_ARCHIVE_NOW"] = nil
        try simulator.fail("503", "&count=2")
        let answer = try capture(names(4), "--pace", "2", "--backoff", "1")
        #expect(answer.status == 0, "\(answer)")
        let statistics = try simulator.control("statistics")
        #expect(statistics["requests"] == .integer(6))
        // What the network and a busy machine add to the way of one request they take from the interval behind it.
        #expect((statistics["shortest_interval_ms"]?.number ?? 0) > 200, "\(statistics)")
        #expect(try observations().count == 6)
    }

    @Test("Retry-After is obeyed by everybody; a longer one than is waited ends the run and says when")
    func retryAfter() throws {
        speed(100)
        try simulator.fail("429-retry-after", "&retry_after=60&count=1&player=acc 1".replacing(" ", with: "%20"))
        let start = ContinuousClock.now
        let answer = try capture(names(4))
        #expect(answer.status == 0, "\(answer)")
        #expect(ContinuousClock.now - start >= .milliseconds(600))
        let throttled = try #require(try answer.lines.first { $0.text("player") == "acc_1" })
        #expect(throttled["attempts"] == .integer(2))
        try simulator.fail("429-retry-after", "&retry_after=7200&count=1")
        // Else several would be on their way when the answer comes.
        speed(1)
        place.environment["OSRS_ARCHIVE_PACE"] = "0.7"
        let asked = try simulator.requests
        let ended = try capture(names(4))
        #expect(ended.status == 21)
        #expect(try simulator.requests == asked + 1)
        #expect(try ended.lines.map { $0["attempts"] } == [1, 0, 0, 0].map { .integer($0) })
        for line in try ended.lines {
            #expect(line.text("outcome") == "throttled")
            #expect(line.text("error")?.contains("not to be asked before 2026-03-01 14:") == true, "\(ended)")
        }
        try simulator.fail("429-retry-after", "&retry_after=400&count=1&player=acc%202")
        #expect(try capture(names(4)).status == 3)
        #expect(try simulator.requests == asked + 4)
    }

    @Test("an outage of the whole service that ends is waited out by single probes")
    func outage() throws {
        speed(1000)
        try simulator.fail("redirect", "&count=8")
        let answer = try capture(names(30))
        #expect(answer.status == 3, "\(answer)")
        let lines = try answer.lines
        #expect(lines.count == 30 && lines.count { $0.text("outcome") == "stored" } == 22)
        #expect(try simulator.requests == 30)
    }

    @Test("an outage that stays is given up: everybody has a record, nobody is asked in vain, and it ends with 21")
    func longOutage() throws {
        speed(1000)
        try simulator.fail("503")
        let answer = try capture(names(30))
        #expect(answer.status == 21, "\(answer)")
        let lines = try answer.lines
        #expect(lines.count == 30 && lines.allSatisfy { $0.text("outcome") == "unavailable" })
        let unasked = lines.filter { $0["attempts"] == .integer(0) }
        #expect(
            unasked.count >= 10 && unasked.allSatisfy { $0["http_status"] == .null && $0["attempt"] == .integer(0) })
        #expect(unasked.allSatisfy { $0.text("error")?.hasPrefix("not asked") == true })
        #expect(try simulator.requests < 25)
        #expect(try place.run("log", "acc 29", "--failures").text.contains("not asked"))
        #expect(try place.run("verify").status == 0)
    }

    @Test("a 404 for a player whom the archive knows is asked again; a second one says how little it means")
    func secondLook() throws {
        speed(1000)
        #expect(try capture(["a", "b"]).status == 0)
        try simulator.fail("404", "&player=a&count=1")
        let lie = try capture(["a", "b"])
        #expect(lie.status == 0, "\(lie)")
        #expect(try lie.lines.map { $0["attempts"] } == [.integer(2), .integer(1)])
        try simulator.fail("404", "&player=a&count=2")
        let text = try place.run("capture", "--board", "main", "a", "b")
        #expect(text.status == 3, "\(text)")
        #expect(text.text.contains("has listed the name since 2026-03-01"), "\(text)")
        #expect(try place.run("capture", "--board", "main", "missing one").text.contains("check the spelling"))
    }

    @Test("names on standard input, one a line; none is 64")
    func standardInput() throws {
        let answer = try place.run(
            "capture", "--board", "main", "-", "--json", input: "\u{FEFF}Lynx\u{A0}Titan\r\n\n  zezima \n")
        #expect(answer.status == 0, "\(answer)")
        #expect(try answer.lines.compactMap { $0.text("player") }.sorted() == ["lynx_titan", "zezima"])
        #expect(try place.run("capture", "--board", "main", "-", input: "\n").status == 64)
        for option in [
            ["--pace", "0"], ["--pace", "51"], ["--pace", "x"], ["--pace", "-1"], ["--retries", "-1"],
            ["--backoff", "60001"], ["--backoff", "-1"],
        ] {
            let refused = try capture(["zezima"] + option)
            #expect(refused.status == 64 && refused.errorText.contains("number from"), "\(refused)")
        }
    }

    @Test("one batch of the journal for a run: a cut at its end takes all of it, and nothing else")
    func oneBatch() throws {
        #expect(try capture(["before"]).status == 0)
        let answer = try capture(names(20))
        #expect(answer.status == 0, "\(answer)")
        var journal = try place.bytes(of: "archive/journal")
        journal.removeLast(16)
        try place.write(journal, to: "archive/journal")
        #expect(try observations().count == 1)
    }

    @Test("killed in the middle, it loses nothing that it printed, and the next run captures everybody")
    func killed() throws {
        try simulator.fail("slow", "&delay=30")
        let (first, streams) = try place.start(Program.archive, ["capture", "--board", "main", "--json"] + names(40))
        _ = try poll(seconds: 20) { try simulator.requests > 10 ? true : nil }
        first.send(SIGKILL)
        #expect(try first.wait(seconds: 20) == 128 + SIGKILL)
        let printed = try place.bytes(of: streams.output).split(separator: 0x0A).count
        #expect(try observations().count >= printed)
        let second = try capture(names(40))
        #expect(second.status == 0, "\(second)")
        #expect(try place.run("players", "--json").lines.count == 40)
        #expect(try place.run("verify").status == 0)
    }

    @Test("interrupted while an account waits for its retry, that one has its line, and counts as begun")
    func interruptedRetry() throws {
        try simulator.fail("429-retry-after", "&retry_after=250")
        let (process, streams) = try place.start(
            Program.archive, ["capture", "--board", "main", "--json", "--pace", "0.5"] + names(3))
        #expect(try poll(seconds: 20) { try simulator.requests > 0 ? true : nil } == true)
        // The answer is on its way still.
        usleep(300_000)
        process.send(SIGTERM)
        #expect(try process.wait(seconds: 20) == 130)
        let lines = try place.bytes(of: streams.output).split(separator: 0x0A).map { try JSONValue(parsing: Array($0)) }
        #expect(lines.map { $0.text("outcome") } == ["throttled"] && lines[0].count("attempts") == 1)
        #expect(lines[0].text("error") == "not asked again: interrupted")
        #expect(try place.text(of: streams.error).contains("interrupted: 1 of 3"))
    }

    @Test("interrupted, it commits what has arrived and ends with 130", arguments: [SIGINT, SIGTERM])
    func interrupted(signal: CInt) throws {
        let (process, streams) = try place.start(
            Program.archive, ["capture", "--board", "main", "--json"] + names(40) + ["--pace", "5"])
        _ = try poll(seconds: 20) { try simulator.requests > 2 ? true : nil }
        process.send(signal)
        #expect(try process.wait(seconds: 20) == 130)
        let printed = try place.bytes(of: streams.output).split(separator: 0x0A).count
        #expect((2..<40).contains(printed))
        #expect(try observations().count == printed)
        #expect(try place.text(of: streams.error).contains("interrupted: \(printed) of 40"))
        #expect(try place.run("verify").status == 0)
    }
}
