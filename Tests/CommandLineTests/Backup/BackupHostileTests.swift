import CanonicalJSON
import Glibc
import TestSupport
import Testing

/// Backups by the real program, where machines, disks and people do what they do.
@Suite("backup, in a hostile world")
struct BackupHostileTests {
    private let place = Workplace()

    private func key() throws -> String {
        try #require(try place.run("backup", "keygen", "owner.key", "--json").json.text("public_key"))
    }

    private func importSome(_ day: Int, _ count: Int = 30, archive: String = "archive") throws {
        let lines = (0..<count).map { number in
            SampleArchive.line(
                number % 2 == 0 ? "alice" : "bob", "main", "2026-01-\(10 + day)T10:\(10 + number):00Z",
                SampleArchive.small("Alice", xp: day * 100 + number))
        }
        let done = try place.run("--archive", archive, "import", "-", input: lines.joined(separator: "\n"))
        #expect(done.status == 0, "\(done)")
    }

    /// Runs a command of the shell, in which `$0` is the program.
    private func shell(_ command: String) throws -> Answer {
        try place.run("/bin/sh", ["-c", command, Program.archive])
    }

    @Test("more bundles than a process may have files")
    func manyBundles() throws {
        let key = try key()
        try importSome(0)
        for _ in 0..<20 {
            let words = ["backup", "create", "--to", "disk", "--recipient", key, "--parity", "0", "--full"]
            #expect(try place.run(Program.archive, words).status == 0)
        }
        for command in ["verify", "list", "drill", "verify --identity owner.key", "restore --to new"] {
            let keys = command.hasPrefix("drill") || command.hasPrefix("restore") ? "--identity owner.key" : ""
            let done = try shell("ulimit -n 20; exec \"$0\" backup \(command) --from disk \(keys)")
            #expect(done.status == 0, "\(command): \(done)")
        }
    }

    @Test(
        "several archives, and several runs for one, write to one folder at once, parity and all",
        .enabled(if: BackupCommandTests.hasParity, "par2 is not installed"))
    func manyMachines() throws {
        let key = try key()
        for archive in ["archive", "second", "third"] { try importSome(0, archive: archive) }
        for round in 1...2 {
            for archive in ["archive", "second", "third"] { try importSome(round, archive: archive) }
            let runs = try ["archive", "archive", "second", "third", "third"].map { archive in
                try place.start(
                    Program.archive,
                    ["--archive", archive, "backup", "create", "--to", "disk", "--recipient", key, "--full"])
            }
            for run in runs {
                let status = try run.process.wait(seconds: 60)
                let said = try place.text(of: run.streams.error)
                #expect(status == 0, "\(said)")
            }
        }
        let verified = try place.run("backup", "verify", "--from", "disk", "--identity", "owner.key", "--json")
        #expect(try verified.status == 0 && verified.json.at("chains")?.array?.count == 3, "\(verified)")
        let list = try place.run("backup", "list", "--from", "disk", "--json").lines
        #expect(list.count == 10 && list.allSatisfy { $0.count("parity_percent") == 6 })
        #expect(try place.files(below: "disk").allSatisfy { !$0.contains("/.") })
    }

    @Test("killed at any moment, create and restore leave nothing that counts and is not whole")
    func killed() throws {
        let key = try key()
        try importSome(0)
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SeededRandom(seed: seed)
        var struck = 0
        /// How long the command that is killed takes when it is not.
        func time(_ words: [String]) throws -> UInt64 {
            struck = 0
            let whole = try seconds { () throws in #expect(try place.run(Program.archive, words).status == 0) }
            return UInt64(whole * 1_000_000)
        }
        func kill(_ words: [String], within microseconds: UInt64) throws {
            let run = try place.start(Program.archive, words)
            usleep(UInt32(random.next() % microseconds))
            run.process.send(SIGKILL)
            if try run.process.wait(seconds: 60) == 128 + SIGKILL { struck += 1 }
        }
        var whole = try time(["backup", "create", "--to", "timed", "--recipient", key])
        for round in 0..<12 {
            let words = ["backup", "create", "--to", "disk", "--recipient", key]
            try kill(words + (round % 2 == 0 ? ["--full"] : []), within: whole)
            guard place.has("disk") else { continue }
            let verified = try place.run("backup", "verify", "--from", "disk", "--identity", "owner.key", "--json")
            let parityMayLack =
                verified.status == 12
                && verified.text.contains("the parity of") && !verified.text.contains(#""error":"corrupt""#)
            #expect([0, 10].contains(verified.status) || parityMayLack, "seed \(seed), round \(round): \(verified)")
        }
        #expect(struck > 0, "nothing was killed within \(whole) us")
        #expect(try place.run("backup", "create", "--to", "disk", "--recipient", key).status == 0)
        #expect(try place.run("backup", "verify", "--from", "disk", "--identity", "owner.key").status == 0)
        #expect(try place.files(below: "disk").allSatisfy { !$0.contains("/.") }, "seed \(seed)")

        let own = try place.run("stats", "--json").json
        let words = ["backup", "restore", "--from", "disk", "--identity", "owner.key", "--to"]
        whole = try time(words + ["restored"])
        for round in 0..<12 {
            try kill(words + ["new"], within: whole)
            guard place.has("new/config.json") else { continue }
            #expect(try place.run("--archive", "new", "verify").status == 0, "seed \(seed), round \(round)")
            #expect(try place.run("--archive", "new", "stats", "--json").json["head"] == own["head"])
            try place.run("/bin/rm", ["-r", "new"])
        }
        #expect(struck > 0, "nothing was killed within \(whole) us")
        #expect(try place.run(Program.archive, words + ["new"]).status == 0)
        #expect(try place.run("--archive", "new", "stats", "--json").json["head"] == own["head"])

        for folder in ["timed-merge", "merged"] { #expect(try place.run("--archive", folder, "init").status == 0) }
        whole = try time(words + ["timed-merge"])
        for round in 0..<12 {
            try kill(words + ["merged"], within: whole)
            #expect(try place.run("--archive", "merged", "verify").status == 0, "seed \(seed), round \(round)")
        }
        #expect(struck > 0, "nothing was killed within \(whole) us")
        #expect(try place.run(Program.archive, words + ["merged"]).status == 0)
        #expect(try place.run("--archive", "merged", "stats", "--json").json["observations"] == own["observations"])
        #expect(try place.files(below: ".").allSatisfy { !$0.contains("restoring") }, "plain bytes were left behind")
    }

    @Test("a drill tells what it has not looked at, and logs once what it came to")
    func drillOfAPart() throws {
        try place.write(
            #"{"project_name":"osrs-archive","progress_log":"docs/LOG.md","default_agent":"Scribe"}"#,
            to: "config/project.json")
        place.makeFolder("docs")
        var known = 0
        func entries() throws -> [String] {
            let all = try place.text(of: "docs/LOG.md").split(separator: "\n").map { String($0) }
            defer { known = all.count }
            return Array(all.dropFirst(known))
        }
        let key = try key()
        try importSome(0)
        let create = ["backup", "create", "--to", "disk", "--recipient", key, "--parity", "0"]
        #expect(try place.run(Program.archive, create).status == 0)
        let first = try #require(try place.files(below: "disk").first { $0.hasSuffix(".bundle") })
        let whole = try place.run("backup", "drill", "--from", "disk", "--identity", "owner.key")
        #expect(whole.status == 0)
        let one = try entries()
        #expect(one.count == 1 && one[0].hasPrefix("[✅]") && one[0].contains("everything in"), "\(one)")

        // A full disk below standard output: the drill itself went well.
        let unheard = try shell("exec \"$0\" backup drill --from disk --identity owner.key >/dev/full")
        #expect(unheard.status == 2, "\(unheard)")
        let two = try entries()
        #expect(two.count == 1 && two[0].hasPrefix("[✅]"), "\(two)")

        // Another chain of the same archive.
        try place.run("/bin/rm", ["-r", "archive/backup"])
        try importSome(1)
        #expect(try place.run(Program.archive, create).status == 0)
        let others = try place.run("backup", "drill", "--from", "disk", "--identity", "owner.key")
        let writer = String(first.split(separator: "/").last?.prefix(16) ?? "")
        #expect(others.status == 0 && others.errorText.contains(writer), "\(others)")
        let three = try entries()
        #expect(three.count == 1 && three[0].hasPrefix("[⚠️]") && three[0].contains(writer), "\(three)")
        let chosen = try place.run(
            "backup", "drill", "--from", "disk", "--identity", "owner.key", "--writer", writer)
        #expect(chosen.status == 0 && !chosen.errorText.contains("another chain"), "\(chosen)")
        #expect(try entries().count == 1)

        // That other one cannot be read.
        try place.write(Array(try place.bytes(of: first).dropFirst(9)), to: first)
        let damaged = try place.run("backup", "drill", "--from", "disk", "--identity", "owner.key")
        #expect(damaged.status == 3 && damaged.errorText.contains("not looked at"), "\(damaged)")
        let four = try entries()
        #expect(four.count == 1 && four[0].hasPrefix("[⚠️]") && four[0].contains("not looked at"), "\(four)")
    }

    @Test(
        "folders with names that a shell or par2 takes for something else",
        .enabled(if: BackupCommandTests.hasParity, "par2 is not installed"))
    func oddNames() throws {
        let key = try key()
        try importSome(0)
        for name in ["a b", "*", "x?[a]", "-x", "ä'\"$(id)", "a=b"] {
            let made = try place.run("backup", "create", "--to=\(name)", "--recipient", key)
            #expect(made.status == 0, "\(made)")
            let path = try #require(try place.files(below: name).first { $0.hasSuffix(".bundle") })
            let whole = try place.bytes(of: path)
            try place.write(Array(whole.dropLast(700)), to: path)
            #expect(try place.run("backup", "verify", "--from=\(name)").status == 12)
            #expect(try place.run("backup", "repair", "--from=\(name)").status == 0, "\(name)")
            #expect(try place.bytes(of: path) == whole)
        }
    }

    @Test("a full disk leaves no key that is cut short: later runs go on")
    func fullDisk() throws {
        let key = try key()
        try importSome(0)
        for (command, file) in [
            ("backup keygen new.key", "new.key"), ("--archive vault init --encrypt --key-file vault.key", "vault.key"),
            ("backup create --to disk --parity 0 --recipient \(key)", "archive/backup/signing.key"),
        ] {
            let before = try place.files(below: ".").filter { $0.hasSuffix(".key") || $0.hasSuffix(".new") }
            let full = try shell("ulimit -f 0; exec \"$0\" \(command) > /dev/null 2> /dev/null")
            #expect(full.status == 2, "\(command): \(full)")
            #expect(!place.has(file), "\(file)")
            #expect(try place.files(below: ".").filter { $0.hasSuffix(".key") || $0.hasSuffix(".new") } == before)
            let done = try shell("exec \"$0\" \(command)")
            #expect(done.status == 0 && place.has(file), "\(command): \(done)")
        }
        #expect(try place.run("backup", "verify", "--from", "disk").status == 0)
    }

    @Test("a careless user is told: the archive's own folder, and keys that others may read")
    func careless() throws {
        let key = try key()
        try importSome(0)
        unsafe symlink("archive", place.absolute("link"))
        for folder in ["archive", "archive/backup", "archive/new/folder", "other/../archive/new", "link/new", "link"] {
            #expect(try place.run("backup", "create", "--to", folder, "--recipient", key).status == 64)
        }
        #expect(!place.has("archive/new") && !place.has("archive/backup"))
        #expect(try place.run("backup", "create", "--to", "disk", "--recipient", key, "--parity", "0").status == 0)
        #expect(
            try !place.run("backup", "list", "--from", "disk", "--identity", "owner.key").errorText.contains("chmod"))
        try place.run("/bin/chmod", ["640", "owner.key"])
        let warned = try place.run("backup", "list", "--from", "disk", "--identity", "owner.key")
        #expect(warned.status == 0 && warned.errorText.contains("chmod 600"))
        try place.run("/bin/chmod", ["600", "owner.key"])
        try place.write("x", to: "full/of/things")
        let full = try place.run("backup", "restore", "--from", "disk", "--to", "full", "--identity", "owner.key")
        #expect(full.status == 10 && full.errorText.contains("empty folder"))
        #expect(try place.files(below: "full").count == 1)
    }

    @Test(
        "any lost stretch of 64 KiB is mended, and of what is lost it is said how much",
        .enabled(if: BackupCommandTests.hasParity, "par2 is not installed"))
    func lostStretches() throws {
        let key = try key()
        var random = SeededRandom(seed: 1)
        let lines = (0..<900).map { number in
            let skills = (0..<24).map { skill in
                let (rank, points) = (random.next() % 2_000_000, random.next() % 200_000_000)
                return #"{"id":\#(skill),"level":1,"name":"S\#(skill)","rank":\#(rank),"xp":\#(points)}"#
            }
            let body = #"{"activities":[],"name":"P","skills":[\#(skills.joined(separator: ","))]}"#
            return SampleArchive.line("player\(number)", "main", "2026-01-01T10:00:00Z", body)
        }
        #expect(try place.run("import", "-", input: lines.joined(separator: "\n")).status == 0)
        #expect(try place.run("backup", "create", "--to", "disk", "--recipient", key).status == 0)
        let path = try #require(try place.files(below: "disk").first { $0.hasSuffix(".bundle") })
        let whole = try place.bytes(of: path)
        let stretch = 65_536
        try #require(whole.count > 2 * stretch)
        for start in [0, 1, 1023, 40_000, whole.count / 2, whole.count - stretch - 1, whole.count - stretch] {
            var damaged = whole
            for index in start..<start + stretch { damaged[index] = 0 }
            try place.write(damaged, to: path)
            #expect(try place.run("backup", "repair", "--from", "disk").status == 0, "from \(start)")
            #expect(try place.bytes(of: path) == whole, "from \(start)")
        }
        // Taken out, not overwritten.
        try place.write(Array(whole[..<50_000] + whole[(50_000 + stretch)...]), to: path)
        #expect(try place.run("backup", "repair", "--from", "disk").status == 0)
        #expect(try place.bytes(of: path) == whole)

        var damaged = whole
        for index in 1000..<1000 + 2 * stretch { damaged[index] = 0 }
        try place.write(damaged, to: path)
        let lost = try place.run("backup", "repair", "--from", "disk", "--json")
        #expect(try lost.status == 12 && lost.json.text("state") == "lost", "\(lost)")
        #expect(try lost.json.text("detail")?.contains("blocks of") == true)
        #expect(try place.bytes(of: path) == damaged, "what is there stays")
    }

    @Test(
        "a repair without room leaves the bundle where it was, and one with room mends it",
        .enabled(if: BackupCommandTests.hasParity, "par2 is not installed"))
    func repairWithoutRoom() throws {
        let key = try key()
        try importSome(0)
        #expect(try place.run("backup", "create", "--to", "disk", "--recipient", key).status == 0)
        let path = try #require(try place.files(below: "disk").first { $0.hasSuffix(".bundle") })
        let whole = try place.bytes(of: path)
        try place.write([1, 2, 3] + whole.dropFirst(3), to: path)
        let before = try place.files(below: "disk")
        let full = try shell("ulimit -f \(whole.count / 1024); exec \"$0\" backup repair --from disk --json")
        #expect(try full.status == 2 && full.failure.text("code") == "no_space", "\(full)")
        #expect(try place.files(below: "disk") == before)
        #expect(try place.run("backup", "verify", "--from", "disk").status == 12)

        // So does par2 by hand leave it.
        try place.run("/bin/mv", [path, "\(path).1"])
        #expect(try place.run("backup", "repair", "--from", "disk").status == 0)
        #expect(try place.bytes(of: path) == whole)
        #expect(try place.files(below: "disk") == before)
    }

    @Test(
        "a backup that was made without parity gets it later, also where nothing is new",
        .enabled(if: BackupCommandTests.hasParity, "par2 is not installed"))
    func parityLater() throws {
        let key = try key()
        let create = ["backup", "create", "--to", "disk", "--recipient", key, "--json", "--parity"]
        for day in 0..<2 {
            try importSome(day)
            #expect(try place.run(Program.archive, create + ["0"]).status == 0)
        }
        let advice = try place.run("backup", "repair", "--from", "disk")
        #expect(advice.errorText.contains("2 of them have no parity"), "\(advice)")
        let bundles = try place.files(below: "disk").filter { $0.hasSuffix(".bundle") }.sorted()
        let whole = try bundles.map { try place.bytes(of: $0) }
        // Damage must not be made what parity holds for right.
        try place.write(whole[0].dropLast() + [~(whole[0].last ?? 0)], to: bundles[0])
        let warned = try place.run(Program.archive, create + ["10"])
        #expect(warned.status == 3 && warned.errorText.contains("is damaged and has no parity"), "\(warned)")
        try place.write(whole[0], to: bundles[0])
        let later = try place.run(Program.archive, create + ["10"])
        #expect(try later.status == 0 && later.json["created"] == .bool(false), "\(later)")
        #expect(try place.run("backup", "verify", "--from", "disk").status == 0)
        #expect(
            try place.run("backup", "list", "--from", "disk", "--json").lines
                .allSatisfy { ($0.count("parity_percent") ?? 0) >= 10 })
        #expect(try !place.run("backup", "repair", "--from", "disk").errorText.contains("no parity"))
        for (path, bytes) in zip(bundles, whole) {
            try place.write([1] + bytes.dropFirst(), to: path)
            #expect(try place.run("backup", "repair", "--from", "disk").status == 0)
            #expect(try place.bytes(of: path) == bytes)
        }
    }
}
