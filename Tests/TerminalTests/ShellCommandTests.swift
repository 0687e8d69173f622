import Glibc
import Terminal
import TestSupport
import Testing

@Suite("A command of the shell that is handed bytes", .serialized)
struct ShellCommandTests {
    /// As `Signals.install` does at the start of the program.
    init() { signal(SIGPIPE, SIG_IGN) }

    @Test("It reads all of its input")
    func input() throws {
        let folder = TemporaryFolder()
        let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 300_000)
        try ShellCommand.run("wc -c > '\(folder.path)/count'", input: bytes, limitMilliseconds: 30_000)
        let file = unsafe fopen("\(folder.path)/count", "r")
        var text = [CChar](repeating: 0, count: 64)
        unsafe fgets(&text, 64, file)
        unsafe fclose(file)
        #expect(unsafe atoi(text) == 300_000)
    }

    @Test("One that does not read its input has not failed for that")
    func unread() throws {
        try ShellCommand.run(
            "true", input: [UInt8](repeating: 0, count: 1_000_000), limitMilliseconds: 30_000)
    }

    @Test("How it ended is told")
    func endings() {
        #expect(throws: ShellCommand.Failure.exited(3)) {
            try ShellCommand.run("exit 3", input: [], limitMilliseconds: 30_000)
        }
        #expect(throws: ShellCommand.Failure.exited(127)) {
            try ShellCommand.run("no-such-program-here 2>&-", input: [1], limitMilliseconds: 30_000)
        }
        #expect(throws: ShellCommand.Failure.killed(signal: Int(SIGKILL))) {
            try ShellCommand.run("kill -KILL $$", input: [], limitMilliseconds: 30_000)
        }
    }

    @Test("One that nobody can wait for any longer is ended, whether it reads or not", arguments: [0, 1_000_000])
    func cutShort(bytes: Int) {
        let start = ContinuousClock.now
        #expect(throws: ShellCommand.Failure.cutShort) {
            try ShellCommand.run(
                "sleep 600", input: [UInt8](repeating: 0, count: bytes), limitMilliseconds: 30_000
            ) {
                ContinuousClock.now - start > .milliseconds(200)
            }
        }
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test("One that never ends is ended, with what it started and whatever it was to read")
    func tooSlow() {
        #expect(throws: ShellCommand.Failure.tooSlow(milliseconds: 300)) {
            try ShellCommand.run(
                "sleep 600 & sleep 600", input: [UInt8](repeating: 0, count: 1_000_000), limitMilliseconds: 300)
        }
    }
}
