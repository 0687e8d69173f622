import Testing

/// What the README says of tracking a clan, run as it is written there.
@Suite("The README's section on tracking a clan")
struct ReadmeTests {
    @Test("its commands work as written, against the simulated service")
    func clan() throws {
        let place = Workplace()
        let simulator = try Simulator(in: place)
        place.asks(simulator)
        let readme = try place.text(of: Package.folder + "/README.md")
        let section = try #require(readme.ranges(of: "\n## Track a clan\n").first).upperBound
        let parts = readme[section...].split(separator: "```", maxSplits: 2, omittingEmptySubsequences: false)
        let commands = String(try #require(parts.dropFirst().first))
        place.environment["HOME"] = place.path
        let programs = Program.archive.split(separator: "/").dropLast().map { "/\($0)" }.joined()
        place.environment["PATH"] = programs + ":/usr/bin:/bin"
        let answer = try place.run("/bin/sh", ["-e", "-c", commands])
        #expect(answer.status == 0, "\(answer)")
        for name in ["Your Name", "A Friend", "Your Iron", "Zezima", "Woox"] { #expect(answer.text.contains(name)) }
        #expect(answer.errorText.contains("5 accounts: "))
        let status = try place.run(
            "status", "--json", "--archive", "hiscores/archive", environment: ["OSRS_ARCHIVE_PROJECT": ""])
        #expect(try status.lines.count == 5)
    }
}
