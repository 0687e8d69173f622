import Testing

@testable import osrs_archive

@Suite("Plain arguments, taken without the argument parser")
struct PlainArgumentsTests {
    /// Every option of every command that takes plain arguments.
    static let plain = [
        "log", "log zezima", "log -n 20", "log zezima -n 0", "log --since 7d --until 2026-01-01", "log --board main",
        "log --board hardcore_ironman", "log --failures", "log -p", "log --patch", "log --stat",
        "log --oneline", "log --json -q", "log --quiet", "log --color never", "log --color always zezima",
        "log --lock-timeout 5 --archive /tmp/a", "log --archive a=b zezima -n 5 --oneline",
        "show zezima", "show zezima~1 --changes", "show --all zezima", "show zezima@{yesterday} --json --archive x",
        "diff zezima", "diff zezima~2 zezima", "diff --format patch zezima", "diff zezima --format table --stat",
        "diff --ranks a b", "diff a --all b", "diff a b --exit-code --ignore-ranks", "diff --json a",
        "cat zezima", "cat zezima --archive x -q", "log zezima --no-follow", "show --no-follow zezima",
        "diff --no-follow a b", "cat zezima --no-follow",
        "import a.jsonl", "import a b c --archive x --json", "import a --player zezima --board ironman --at 2026-01-01",
        "import --format jsonl --no-create a -q",
    ]

    @Test("they are taken as the argument parser takes them", arguments: plain)
    func agreement(line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        let command = try #require(PlainArguments.command(words), "not taken as plain")
        let parsed = try RootCommand.parsed(words)
        #expect(type(of: command) == type(of: parsed))
        #expect("\(command)" == "\(parsed)")
        #expect(!"\(command)".contains("definition"), "a property is not set: \(command)")
    }

    @Test(
        "all others are left to the argument parser",
        arguments: [
            "", "log a b", "log -n", "log -n x", "log -n -1", "log -n 1 -n 2", "log -n=3", "log -n3", "log --board",
            "log --board moon", "log --since -p zezima", "log --since --until x", "log -- zezima", "log --color red",
            "log -p --stat", "log --json --oneline", "log --version", "log --help", "log -h", "log -qp", "log --arch x",
            "log --quiet -q", "log --unknown", "show", "show a b", "show a --format json", "diff", "diff a b c",
            "diff a --ignore-ranks", "diff a --format xml", "diff a --stat --format csv", "cat", "cat -",
            "cat a --json=1", "import", "import -", "import a --format xml", "import a --no-create --no-create",
            "--archive x log", "tag", "players", "help log", "--help", "--version", "lgo",
        ])
    func others(line: String) {
        let words = line.split(separator: " ").map(String.init)
        #expect(PlainArguments.command(words) == nil)
    }

    @Test("an empty word is left to the argument parser")
    func empty() {
        #expect(PlainArguments.command(["log", ""]) == nil)
        #expect(PlainArguments.command(["log", "--since", ""]) == nil)
    }
}
