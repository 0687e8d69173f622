import CanonicalJSON
import Glibc
import TestSupport
import Testing

/// Units for schedulers, each given to what reads it where that is on this machine.
@Suite("schedule print")
struct ScheduleTests {
    private let place = Workplace()
    /// As bad as paths come.
    private let folder: String
    private let program: String

    init() throws {
        folder = place.absolute("a b's 50% $HOME & <x> {{ y }} {% z %} é")
        program = folder + "/my \"program\""
        try place.write(
            """
            #!/bin/sh
            { pwd; printf '%s\\n' "$@"; } >called
            echo out
            exit 3

            """, to: program)
        unsafe chmod(program, 0o755)
    }

    /// The text of the one unit that is printed.
    private func unit(_ format: String, program: String? = nil, _ more: String...) throws -> String {
        try unit(format, program: program, more: more)
    }

    private func unit(_ format: String, program: String? = nil, more: [String]) throws -> String {
        let answer = try place.run(
            Program.archive,
            [
                "schedule", "print", "--format", format, "--program", program ?? self.program, "--folder", folder,
                "--json",
            ]
                + ["--archive", folder + "/archive", "--accounts", "list.json", "--user", "clan"] + more)
        #expect(answer.status == 0, "\(answer)")
        let line = try answer.json
        #expect(line.keys == ["schema", "format", "file", "text"] && line.text("format") == format)
        return try #require(line.text("text"))
    }

    /// What a unit made the stand-in for the program note.
    private func called() throws -> [String] {
        try place.text(of: folder + "/called").split(separator: "\n").map { String($0) }
    }

    private var captureCall: [String] {
        [folder, "capture", "--archive", folder + "/archive", "--accounts", place.absolute("list.json")]
    }

    private static let systemd = "/usr/bin/systemd-analyze"
    private static let python = "/usr/bin/python3"

    private static func has(_ program: String) -> Bool { unsafe access(program, X_OK) == 0 }

    @Test(
        "systemd takes the service, and the service with its timer, whatever the paths",
        .enabled(if: has(systemd), "systemd-analyze is not on this machine"))
    func systemdUnits() throws {
        let refused = try place.run("schedule", "print", "--format", "systemd", "--program", program)
        #expect(refused.status == 64 && refused.errorText.contains("quotes"), "\(refused)")
        // Everything else may be in it.
        let program = place.absolute("50% of $HOME é") + "/my program"
        try place.write(try place.bytes(of: self.program), to: program)
        unsafe chmod(program, 0o755)
        let service = try unit("systemd", program: program)
        #expect(service.contains("Type=exec\nUser=clan\n") && service.contains("Restart=on-failure"))
        #expect(service.contains("\" watch --archive \""))
        try place.write(service, to: "one/osrs-archive.service")
        try verify("one/osrs-archive.service")
        for name in ["osrs-archive.service", "osrs-archive.timer"] {
            let text = try unit("systemd", program: program, "--one-shot", "--interval", "30", "--file", name)
            try place.write(text, to: "two/\(name)")
        }
        #expect(try place.text(of: "two/osrs-archive.service").contains("Type=oneshot"))
        #expect(try place.text(of: "two/osrs-archive.timer").contains("OnUnitActiveSec=30min"))
        try verify("two/osrs-archive.service", "two/osrs-archive.timer")
        // That the check sees anything: a program that is not there.
        unsafe unlink(program)
        let broken = try place.run(Self.systemd, ["verify", place.absolute("one/osrs-archive.service")])
        #expect(broken.status != 0)
    }

    private func verify(_ files: String...) throws {
        let answer = try place.run(Self.systemd, ["verify", "--man=no"] + files.map(place.absolute))
        #expect(answer.status == 0 && answer.errors.isEmpty, "\(answer)")
    }

    @Test("the command of a crontab line runs in its folder with its words, keeps a log, and says what went wrong")
    func cron() throws {
        let text = try unit("cron", "--interval", "30")
        let line = try #require(text.split(separator: "\n").last { !$0.hasPrefix("#") })
        let fields = line.split(separator: " ", maxSplits: 5).map { String($0) }
        #expect(fields[0].hasSuffix("-59/30") && Array(fields[1...4]) == ["*", "*", "*", "*"])
        // As cron reads it: an escaped percent sign is one, another would end the command.
        #expect(!fields[5].replacing("\\%", with: "").contains("%"))
        let answer = try place.run("/bin/sh", ["-c", fields[5].replacing("\\%", with: "%")])
        #expect(try called() == captureCall)
        #expect(answer.text == "osrs-archive: capture ended with 3, see \(folder)/capture.log\n", "\(answer)")
        #expect(try place.text(of: folder + "/capture.log") == "out\n")
    }

    @Test("crontab times; an interval that cannot be said is 64")
    func cronTimes() throws {
        for (minutes, pattern) in [
            (1, "* * * * *"), (20, #"\d+-59/20 * * * *"#), (60, #"\d+ * * * *"#), (360, #"\d+ \d-23/6 * * *"#),
            (1440, #"\d+ \d+ * * *"#), (10_080, #"\d+ \d+ * * 1"#),
        ] {
            let text = try unit("cron", "--interval", "\(minutes)")
            let line = try #require(text.split(separator: "\n").last { !$0.hasPrefix("#") })
            let times = line.split(separator: " ").prefix(5).joined(separator: " ")
            let expression = try Regex(pattern.replacing("*", with: "\\*"))
            #expect(try expression.wholeMatch(in: times) != nil, "\(minutes): \(times)")
        }
        for minutes in ["7", "90", "2880"] {
            let answer = try place.run("schedule", "print", "--format", "cron", "--interval", minutes, "--json")
            #expect(answer.status == 64)
            #expect(try answer.failure.text("message")?.contains(minutes) == true)
        }
    }

    @Test("Python takes the Airflow file; its task runs the command", .enabled(if: has(python), "there is no python3"))
    func airflow() throws {
        try place.write(try unit("airflow", "--interval", "30"), to: "dag.py")
        // Stand-ins for Airflow, and for what Jinja makes of the template (scripts/try-airflow has the real ones).
        let answer = try place.run(
            Self.python,
            [
                "-c",
                """
                import subprocess, sys, types
                made = []
                class DAG:
                    def __init__(self, **words): self.words = words
                    def __enter__(self): return self
                    def __exit__(self, *error): pass
                def operator(**words): made.append(words)
                for name in ["airflow", "airflow.sdk", "airflow.providers", "airflow.providers.standard",
                             "airflow.providers.standard.operators", "airflow.providers.standard.operators.bash"]:
                    sys.modules[name] = types.ModuleType(name)
                sys.modules["airflow.sdk"].DAG = DAG
                sys.modules["airflow.providers.standard.operators.bash"].BashOperator = operator
                names = {}
                exec(open("dag.py", encoding="utf-8").read(), names)
                assert names["dag"].words["schedule"].total_seconds() == 1800
                command = made[0]["bash_command"].replace("{{ '{' }}", chr(1))
                assert "{{" not in command and "{%" not in command and "{#" not in command
                sys.exit(subprocess.run(["sh", "-c", command.replace(chr(1), "{")]).returncode)
                """,
            ])
        #expect(answer.status == 3, "\(answer)")
        #expect(try called() == captureCall)
    }

    @Test("plistlib takes the property list", .enabled(if: has(python), "there is no python3"))
    func launchd() throws {
        for (more, extra) in [([], #""KeepAlive":"#), (["--one-shot", "--interval", "30"], #""StartInterval": 1800"#)] {
            let answer = try place.run(
                Program.archive,
                ["schedule", "print", "--format", "launchd", "--program", program, "--folder", folder]
                    + ["--archive", folder + "/archive"] + more)
            try place.write(answer.text, to: "unit.plist")
            let read = try place.run(
                Self.python,
                ["-c", "import json, plistlib; print(json.dumps(plistlib.load(open('unit.plist', 'rb'))))"])
            #expect(read.status == 0 && read.text.contains(extra), "\(read)")
            let list = try read.json
            let words = try #require(list["ProgramArguments"]?.array).compactMap(\.string)
            #expect(words == [program, more.isEmpty ? "watch" : "capture", "--archive", folder + "/archive"])
            #expect(
                list.text("WorkingDirectory") == folder && list.text("StandardErrorPath") == folder + "/capture.log")
        }
    }

    @Test("by the list: what is due, at half of its shortest interval; paused accounts do not count")
    func list() throws {
        func period(_ intervals: Int..., format: String = "systemd") throws -> String {
            let accounts = intervals.map { #"{"name":"p\#($0)","interval_minutes":\#($0)}"# }
            try place.write(
                "[\(([#"{"name":"q","interval_minutes":1,"paused":true}"#] + accounts).joined(separator: ","))]",
                to: "config/accounts.json")
            let text = try place.run("schedule", "print", "--format", format, "--one-shot").text
            #expect(text.contains(" capture --due --archive "))
            let lines = text.split(separator: "\n")
            let line = format == "cron" ? lines.last : lines.first { $0.hasPrefix("OnUnitActiveSec=") }
            return String(try #require(line).split(separator: "cd").first ?? "")
        }
        #expect(try period(360, 90) == "OnUnitActiveSec=45min")
        #expect(try period(1) == "OnUnitActiveSec=1min")
        // What cron cannot say is the next shorter time that it can.
        #expect(try period(90, format: "cron").contains("-59/30 * * * *"))
        #expect(try period(10_080, format: "cron").split(separator: " ").dropFirst(2) == ["*", "*", "*"])
    }

    @Test("metrics and events stand in every unit, and systemd may write to the folder of the metrics")
    func reports() throws {
        let command = #"jq -r ".metric" | mail -s '50% $X' me & true"#
        let more = ["--metrics-file", place.absolute("prom files/run.prom"), "--on-event", command]
        let call = captureCall + ["--metrics-file", place.absolute("prom files/run.prom"), "--on-event", command]
        let line = try #require(
            try unit("cron", more: ["--interval", "30"] + more).split(separator: "\n").last { !$0.hasPrefix("#") })
        let fields = line.split(separator: " ", maxSplits: 5).map { String($0) }
        try place.run("/bin/sh", ["-c", fields[5].replacing("\\%", with: "%")])
        #expect(try called() == call)
        let program = place.absolute("my program")
        try place.write(try place.bytes(of: self.program), to: program)
        unsafe chmod(program, 0o755)
        let service = try unit("systemd", program: program, more: more)
        #expect(service.contains(#"ReadWritePaths="#) && service.contains(place.path + #"/prom files""#))
        #expect(service.contains(#""--on-event" "#) || service.contains(" --on-event \""))
        if Self.has(Self.systemd) {
            try place.write(service, to: "one/osrs-archive.service")
            try verify("one/osrs-archive.service")
        }
        #expect(try unit("launchd", more: more).contains("<string>--on-event</string>"))
        #expect(try unit("airflow", more: more).contains("--metrics-file"))
        let broken = try place.run("schedule", "print", "--format", "cron", "--on-event", "a\nb")
        #expect(broken.status == 64 && broken.output.isEmpty)
    }

    @Test("for another folder the archive is that of its settings; what is missing there is warned of")
    func otherFolder() throws {
        func archive(_ more: String...) throws -> String {
            let answer = try place.run(
                Program.archive, ["schedule", "print", "--format", "cron", "--folder", "other"] + more)
            #expect(answer.status == 0 && answer.errors.isEmpty, "\(answer)")
            let words = try #require(answer.text.ranges(of: " --archive ").first).upperBound
            return String(answer.text[words...].prefix { $0 != " " })
        }
        place.makeFolder("other")
        try place.write("OSRS_ARCHIVE_DIR=wrong\n", to: ".env")
        #expect(try archive() == place.absolute("other/archive"))
        try place.write(#"{"archive_dir":"data/kept"}"#, to: "other/config/project.json")
        #expect(try archive() == place.absolute("other/data/kept"))
        try place.write("OSRS_ARCHIVE_DIR=own\nHISCORES_INTERVAL_MIN=60\n", to: "other/.env")
        #expect(try archive() == place.absolute("other/own"))
        #expect(try archive("--archive", "mine") == place.absolute("mine"))
        let missing = try place.run(
            "schedule", "print", "--format", "cron", "--folder", "nowhere", "--program", "nope")
        #expect(missing.status == 0, "\(missing)")
        #expect(missing.errorText.contains("no folder \(place.absolute("nowhere"))"), "\(missing)")
        #expect(missing.errorText.contains("no program \(place.absolute("nope"))"), "\(missing)")
    }

    @Test("without options: this program, this folder, this archive, a day")
    func defaults() throws {
        let text = try place.run("schedule", "print", "--format", "cron").text
        #expect(text.contains(place.path + "/archive") && text.contains(Program.archive))
        #expect(!place.has("archive"))
        let both = try place.run("schedule", "print", "--format", "systemd", "--one-shot")
        #expect(both.text.contains("OnUnitActiveSec=720min") && both.errorText.contains("--file"))
        let negative = try place.run("schedule", "print", "--format", "cron", "--interval", "-5")
        #expect(negative.status == 64 && negative.errorText.contains("from 1 to 525600 minutes"), "\(negative)")
        #expect(try place.run("schedule", "print", "--format", "systemd", "--interval", "5").status == 64)
        #expect(try place.run("schedule", "print", "--format", "systemd", "--file", "x").status == 64)
        #expect(try place.run("schedule", "print", "--format", "upstart").status == 64)
        #expect(try place.run("schedule", "print").status == 64)
        let broken = try place.run("schedule", "print", "--format", "cron", "--folder", "a\nb")
        #expect(broken.status == 64 && broken.output.isEmpty)
    }
}
