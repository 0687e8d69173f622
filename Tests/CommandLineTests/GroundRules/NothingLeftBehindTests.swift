import CanonicalJSON
import Testing

/// Commands that fail before there is anything to keep.
@Suite("What fails leaves no archive and no folder")
struct NothingLeftBehindTests {
    private let place = Workplace()

    @Test("an import in which nothing can be imported makes no archive")
    func imports() throws {
        try place.write(SampleArchive.first, to: "body.json")
        try place.write("nonsense\n{\n", to: "bad.jsonl")
        place.makeFolder("nothing")
        #expect(try place.run("--archive", "empty", "init").status == 0)
        for (arguments, status, code) in [
            (["body.json"], 64, "usage"), (["bad.jsonl", "--format", "jsonl"], 2, nil),
            (["nothing"], 2, "nothing_found"), (["empty"], 2, "nothing_found"),
        ] as [([String], CInt, String?)] {
            let answer = try place.run(Program.archive, ["import", "--json"] + arguments)
            #expect(answer.status == status, "\(answer)")
            if let code { #expect(try answer.failure.text("code") == code, "\(answer)") }
            #expect(!place.has("archive") && !answer.errorText.contains("created archive"), "\(answer)")
        }
        #expect(try place.run("import", "nothing").errorText.contains("nothing to import was found in nothing"))
        // Where something can be, the rest does not stand in the way.
        let some = try place.run("import", "bad.jsonl", "-", input: SampleArchive.lines[0])
        #expect(some.status == 3 && some.errorText.contains("created archive"), "\(some)")
    }

    @Test("a folder that cannot be made is a failure, not corruption")
    func impossibleFolder() throws {
        try place.write(SampleArchive.lines[0], to: "line.jsonl")
        for arguments in [["init"], ["import", "line.jsonl"]] {
            let answer = try place.run(Program.archive, ["--archive", "/proc/nowhere/archive", "--json"] + arguments)
            #expect(answer.status == 2, "\(answer)")
            #expect(try answer.failure.text("code") == "io", "\(answer)")
            #expect(try answer.failure.text("message")?.contains("/proc/nowhere") == true)
        }
    }

    @Test("a restore of nobody, or that is refused, and a copy without a key make no folder")
    func restores() throws {
        try place.encrypt()
        #expect(try place.run("import", "-", input: SampleArchive.lines[0]).status == 0)
        #expect(try place.run("backup", "keygen", "owner.key").status == 0)
        let key = try #require(try place.text(of: "owner.key").split(separator: " ").last { $0.contains("public-1-") })
        let recipient = String(key.prefix { !$0.isNewline })
        let made = try place.run("backup", "create", "--to", "disk", "--recipient", recipient, "--parity", "0")
        #expect(made.status == 0, "\(made)")
        let restore = ["backup", "restore", "--from", "disk", "--identity", "owner.key", "--to", "far/new"]
        for (more, status) in [
            (["--plain", "--player", "nobody"], 20), (["--encrypt", "--player", "nobody"], 20), ([], 64),
            (["--encrypt", "--key-file", "disk"], 13),
        ] as [([String], CInt)] {
            let answer = try place.run(Program.archive, restore + more)
            #expect(answer.status == status, "\(answer)")
            #expect(!place.has("far"), "\(answer)")
        }
        let copy = try place.run("reencrypt", "--to", "far/new", "--key-file", "disk")
        #expect(copy.status == 13 && !place.has("far"), "\(copy)")
        let whole = try place.run(Program.archive, restore + ["--encrypt", "--player", "alice"])
        #expect(whole.status == 0 && place.has("far/new/config.json"), "\(whole)")
        #expect(try place.files(below: "far").allSatisfy { $0.contains("/far/new/") })
    }
}
