import CanonicalJSON
import Glibc
import Testing

/// Colours, pipes and signals.
@Suite("Streams and signals")
struct StreamTests {
    private static let escape: UInt8 = 0x1B

    @Test("colour follows --color, then NO_COLOR, then FORCE_COLOR, then the terminal")
    func colour() throws {
        let place = try Workplace.readingSamples()
        func isColoured(_ flags: [String], _ variables: [String: String] = [:]) throws -> Bool {
            let answer = try place.run(Program.archive, flags + ["log", "alice"], environment: variables)
            #expect(answer.status == 0, "\(answer)")
            return answer.output.contains(Self.escape)
        }
        #expect(try !isColoured([]))
        #expect(try isColoured(["--color", "always"]))
        #expect(try isColoured([], ["FORCE_COLOR": "1"]))
        #expect(try !isColoured([], ["FORCE_COLOR": "1", "NO_COLOR": "1"]))
        #expect(try isColoured([], ["FORCE_COLOR": "1", "NO_COLOR": ""]))
        #expect(try isColoured(["--color", "always"], ["NO_COLOR": "1"]))
        #expect(try !isColoured(["--color", "never"], ["FORCE_COLOR": "1"]))
        #expect(try !isColoured(["--color", "always", "--json"]))
    }

    @Test("on a terminal there is colour, a pager for log and show, and none where standard output is a pipe")
    func terminal() throws {
        let place = try Workplace.readingSamples()
        // util-linux' script runs a command on a terminal of its own.
        func onTerminal(_ command: String, _ variables: [String: String] = [:]) throws -> String {
            let answer = try place.run(
                "/usr/bin/script", ["-qec", "\(Program.archive) \(command)", "/dev/null"],
                environment: variables.merging(["TERM": "xterm"]) { $1 })
            #expect(answer.status == 0, "\(answer)")
            return answer.text
        }
        guard unsafe access("/usr/bin/script", X_OK) == 0 else { return }
        #expect(try onTerminal("log alice").contains("\u{1B}["))
        #expect(try !onTerminal("log alice", ["NO_COLOR": "1"]).contains("\u{1B}["))
        let pager = ["PAGER": "sed s/^/paged:/"]
        #expect(try onTerminal("log alice", pager).contains("paged:"))
        #expect(try onTerminal("show alice", pager).contains("paged:"))
        #expect(try !onTerminal("players", pager).contains("paged:"))
        #expect(try !onTerminal("log alice --json", pager).contains("paged:"))
        #expect(try !place.run("log", "alice", environment: pager).text.contains("paged:"))
    }

    @Test("a closed pipe ends quietly")
    func closedPipe() throws {
        let place = try Workplace.readingSamples()
        let log = try place.run("/bin/bash", ["-c", #""$0" log | head -1; exit ${PIPESTATUS[0]}"#, Program.archive])
        #expect(log.status == 0 && log.errors.isEmpty, "\(log)")
        #expect(log.output.count { $0 == 0x0A } == 1)
        // More than a pipe holds, so the writer meets its end.
        try place.write("[" + [String](repeating: "\"abcdefgh\"", count: 60_000).joined(separator: ",") + "]", to: "x")
        let hash = try place.run(
            "/bin/bash", ["-c", #""$0" hash --canonical x | head -c 1; exit ${PIPESTATUS[0]}"#, Program.archive])
        #expect(hash.status == 0 && hash.errors.isEmpty, "\(hash)")
        #expect(hash.text == "[")
        let full = try place.run("/bin/bash", ["-c", #""$0" log > /dev/full"#, Program.archive])
        #expect(full.status == 2 && full.errorText.contains("error:"), "\(full)")
    }

    @Test("an interrupt ends a capture that waits with 130, and leaves the archive whole")
    func interrupt() throws {
        let place = Workplace()
        let simulator = try Simulator(in: place)
        place.asks(simulator)
        try place.run("init")
        try simulator.fail("slow", "&delay=60000")
        let (process, _) = try place.start(Program.archive, ["capture", "--board", "main", "zezima"])
        _ = try poll(seconds: 20) { try simulator.requests > 0 ? true : nil }
        process.send(SIGINT)
        #expect(try process.wait(seconds: 20) == 130)
        #expect(try place.run("verify").status == 0)
        let attempt = try place.run("log", "--failures", "--json").json
        #expect(attempt.text("outcome") == "unavailable" && attempt.text("error")?.contains("interrupted") == true)
    }
}
