import CanonicalJSON
import Testing

/// Another process makes the archive while this one is about to. It is the command that gives the passphrase here, which runs
/// after this one has looked and before it creates.
@Suite("an archive that another process makes first")
struct RacedCreationTests {
    private let place = Workplace()

    init() throws {
        place.environment["OSRS_ARCHIVE_SCRIBE"] = "off"
        #expect(try place.run("import", "-", input: SampleArchive.lines.joined(separator: "\n")).status == 0)
        let recipient = try #require(
            try place.run("backup", "keygen", "owner.key", "--json").json.text("public_key"))
        #expect(
            try place.run("backup", "create", "--to", "disk", "--recipient", recipient, "--parity", "0").status == 0)
    }

    /// Runs a command whose passphrase is `words`, with an archive made in `new` by these arguments just before.
    private func raced(_ creation: String, _ arguments: [String]) throws -> Answer {
        let other = "OSRS_ARCHIVE_PASSWORD_COMMAND= OSRS_ARCHIVE_PASSWORD=\(creation.isEmpty ? "" : "words")"
        return try place.run(
            Program.archive, arguments + ["--json"],
            environment: [
                "OSRS_ARCHIVE_PASSWORD_COMMAND":
                    "test -e new/config.json || \(other) '\(Program.archive)' --archive new init \(creation) >&2; "
                    + "echo words"
            ])
    }

    @Test("is merged into where it is named, whatever archive the settings name")
    func joined() throws {
        let before = try place.bytes(of: "archive/journal")
        let merged = try raced(
            "--encrypt",
            [
                "backup", "restore", "--from", "disk", "--identity", "owner.key", "--to", "new", "--player", "alice",
                "--encrypt",
            ])
        #expect(merged.status == 0, "\(merged)")
        #expect(try place.bytes(of: "archive/journal") == before)
        let listed = try place.run(
            "--archive", "new", "players", "--json", environment: ["OSRS_ARCHIVE_PASSWORD": "words"])
        #expect(try listed.lines.map { $0.text("player") } == ["alice"], "\(listed)")
    }

    @Test("is not taken for one of another kind", arguments: ["init", "restore"])
    func otherKind(command: String) throws {
        let words =
            command == "init"
            ? ["--archive", "new", "init"]
            : ["backup", "restore", "--from", "disk", "--identity", "owner.key", "--to", "new", "--player", "alice"]
        let refused = try raced("", words + ["--encrypt"])
        #expect(try refused.status == 2 && refused.failure.text("code") == "archive_exists", "\(refused)")
        #expect(refused.errorText.contains("plain archive") && !refused.errorText.contains("it is encrypted"))
        #expect(try place.run("--archive", "new", "stats", "--json").json.count("observations") == 0)
    }

    @Test("is no archive that init has made")
    func ownInit() throws {
        let refused = try raced("--encrypt", ["--archive", "new", "init", "--encrypt"])
        #expect(try refused.status == 2 && refused.failure.text("code") == "archive_exists", "\(refused)")
    }
}
