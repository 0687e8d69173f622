import CanonicalJSON
import Glibc
import Testing

@Suite("import")
struct ImportTests {
    private let place = Workplace()

    private func counts(_ answer: Answer) throws -> [Int64?] {
        let json = try answer.json
        #expect(json.keys == ["schema", "read", "added", "already", "rejected"])
        return ["read", "added", "already", "rejected"].map { json.count($0) }
    }

    @Test("files, standard input, and the same again, which adds nothing")
    func repeated() throws {
        let lines = SampleArchive.lines.joined(separator: "\n")
        try place.write(lines, to: "some lines.jsonl")
        let first = try place.run("import", "some lines.jsonl", "--json")
        #expect(first.status == 0, "\(first)")
        // Progress is for terminals.
        #expect(first.errorText == "created archive at \(place.absolute("archive"))\n")
        #expect(try counts(first) == [13, 13, 0, 0])
        let second = try place.run("import", "-", "--json", input: lines)
        #expect(second.status == 0)
        #expect(try counts(second) == [13, 0, 13, 0])
        #expect(
            try place.run("import", "some lines.jsonl").text
                == "read 13 observations: 0 added, 13 there already, 0 rejected\n")
        #expect(try place.run("stats", "--json").json["observations"] == .integer(13))
    }

    @Test("bad lines are reported with file and line and do not stop the rest: 3; nothing but bad lines: 2")
    func badLines() throws {
        let good = SampleArchive.lines[0]
        try place.write(
            [good, "{", #"{"player":"x"}"#, "", SampleArchive.lines[2]].joined(separator: "\n"), to: "mixed.jsonl")
        let answer = try place.run("import", "mixed.jsonl", "--json")
        #expect(answer.status == 3, "\(answer)")
        #expect(try counts(answer) == [4, 2, 0, 2])
        #expect(answer.errorText.contains("mixed.jsonl:2"), "\(answer)")
        #expect(answer.errorText.contains("mixed.jsonl:3"), "\(answer)")
        let bad = try place.run("import", "-", "--json", "--format", "jsonl", input: "nonsense\nnonsense\n")
        #expect(bad.status == 2, "\(bad)")
        #expect(try counts(bad) == [2, 0, 0, 2])
    }

    @Test("of many bad lines of a file the first are told, and how many there are; with --json each")
    func manyBadLines() throws {
        let bad = String(repeating: "nonsense\n", count: 30)
        try place.write(SampleArchive.lines[0] + "\n" + bad, to: "bad.jsonl")
        let answer = try place.run("import", "bad.jsonl")
        #expect(answer.status == 3)
        #expect(answer.text == "read 31 observations: 1 added, 0 there already, 30 rejected\n")
        #expect(answer.errorText.split(separator: "\n").count { $0.contains("not imported") } == 20, "\(answer)")
        #expect(answer.errorText.contains("bad.jsonl:21:") && !answer.errorText.contains("bad.jsonl:22:"))
        #expect(answer.errorText.contains("bad.jsonl: and 10 more"), "\(answer)")
        let json = try place.run("import", "bad.jsonl", "--json")
        #expect(json.errorText.contains("bad.jsonl:31:") && !json.errorText.contains("more"), "\(json)")
    }

    @Test("pipes are read like standard input")
    func pipes() throws {
        try place.write(SampleArchive.lines.joined(separator: "\n"), to: "lines.jsonl")
        unsafe mkfifo(place.absolute("pipe"), 0o600)
        let command = "cat lines.jsonl >pipe & '\(Program.archive)' import --json pipe; cat lines.jsonl | "
        let answer = try place.run("/bin/sh", ["-c", command + "'\(Program.archive)' import --json /dev/fd/0"])
        #expect(try answer.lines.map { $0.count("added") } == [13, 0], "\(answer)")
        let hash = try place.run("/bin/sh", ["-c", "echo '[1 ]' | '\(Program.archive)' hash --canonical /dev/stdin"])
        #expect(hash.text == "[1]", "\(hash)")
    }

    @Test("what is no text that an import knows is called what it is")
    func unknownBytes() throws {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        for (bytes, words) in [
            ([UInt8(ascii: "<"), 0x00, 0xFF, 0x07], "nothing that an import knows"),
            (Array("<".utf8) + [UInt8](repeating: 0x80, count: 500), "nothing that an import knows"),
            (Array("<html><body>Down</body></html>".utf8), "a web page"),
            (Array("<!DOCTYPE html>".utf8), "a web page"), (mark + Array("{}".utf8), "a byte order mark"),
            (mark + Array(SampleArchive.lines[0].utf8), "a byte order mark"),
        ] {
            try place.write(bytes, to: "file")
            let answer = try place.run("import", "file")
            #expect(answer.status == 2 && answer.errorText.contains(words), "\(answer)")
        }
    }

    @Test("a single body needs player, board and time: 64 without, never guessed")
    func singleBody() throws {
        try place.write(SampleArchive.first, to: "zezima.json")
        for given in [
            [], ["--player", "Alice"], ["--player", "Alice", "--board", "main"],
            ["--board", "main", "--at", "2026-01-01"],
        ] {
            let answer = try place.run(Program.archive, ["import", "zezima.json", "--json"] + given)
            #expect(answer.status == 64, "\(given): \(answer)")
            #expect(answer.errorText.contains("--player") || answer.errorText.contains("--at"), "\(answer)")
        }
        let whole = ["--player", "Alice", "--board", "main", "--at", "2026-01-01T00:00:00Z"]
        let answer = try place.run(Program.archive, ["import", "zezima.json", "--json"] + whole)
        #expect(answer.status == 0, "\(answer)")
        #expect(try counts(answer) == [1, 1, 0, 0])
        #expect(try place.run("rev-parse", "alice", "--json").json.text("captured_at") == "2026-01-01T00:00:00.000Z")
        #expect(
            try place.run("import", "zezima.json", "--player", "a", "--board", "main", "--at", "5m").status == 64)
    }

    @Test("a file that is not there, or is empty, is named and does not stop the rest: 3; alone it is 2")
    func missingFile() throws {
        let answer = try place.run("import", "absent.jsonl", "--json")
        #expect(answer.status == 2, "\(answer)")
        #expect(answer.errorText.contains("absent.jsonl") && answer.errorText.contains("no_such_file"))
        #expect(try place.run("stats").status == 10, "an archive was made for a file that is not there")
        let both = try place.run("import", "absent.jsonl", "-", "--json", input: SampleArchive.lines[0])
        #expect(both.status == 3, "\(both)")
        #expect(try counts(both) == [2, 1, 0, 1])
        #expect(try place.run("import", "-", input: "").status == 2)
    }

    @Test("another archive is merged: observations, failures and tags")
    func merge() throws {
        let samples = try SampleArchive.shared.get().path
        try place.run("import", "-", input: SampleArchive.lines[0])
        let answer = try place.run("import", samples, "--json")
        #expect(answer.status == 0, "\(answer)")
        #expect(try place.run("stats", "--json").json["observations"] == .integer(13))
        #expect(try place.run("rev-parse", "tag:dave", "--json").json.text("captured_at") == "2026-01-01T00:00:00.000Z")
        let text = try place.run("import", samples).text
        #expect(text.hasPrefix("read 13 observations and 1 tag or rename: 0 added, 14 there already"), "\(text)")
        #expect(try answer.json["read"] == .integer(14))
        let again = try place.run("import", samples, "--json")
        #expect(again.status == 0)
        #expect(try again.json["added"] == .integer(0))
        let exports = try [[], ["--archive", samples]].map {
            try place.run(Program.archive, ["export", "--format", "jsonl"] + $0).text.split(separator: "\n").sorted()
        }
        #expect(exports[0] == exports[1])
    }
}
