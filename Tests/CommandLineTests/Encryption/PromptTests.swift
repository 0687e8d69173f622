import Glibc
import Testing

/// A person at a terminal is asked for the passphrase, with what is typed not shown.
@Suite("Asking for a passphrase at a terminal")
struct PromptTests {
    private static let hasPython = unsafe access("/usr/bin/python3", X_OK) == 0
    private let place = Workplace()

    /// Starts the program at a terminal of its own, does something once it asks, and says whether the terminal shows what is
    /// typed afterwards, which signal ended the program, and with which exit code.
    private static let session = """
        import os, pty, signal, sys, termios
        signal.alarm(60)
        program, act = sys.argv[1:]
        child, master = pty.fork()
        if child == 0:
            os.execv(program, [program, "stats"])
        shows = lambda: bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
        said = b""
        while b"Passphrase" not in said:
            said += os.read(master, 1000)
        terminal = os.open(os.readlink(f"/proc/{child}/fd/0"), os.O_RDWR | os.O_NOCTTY)
        assert not shows()
        if act.isdigit():
            os.write(master, b"hal")
            os.kill(child, int(act))
        else:
            os.write(master, act.encode().decode("unicode_escape").encode())
        status = os.waitpid(child, 0)[1]
        print("shown" if shows() else "hidden", status & 127, status >> 8)
        """

    private func ask(_ act: String) throws -> String {
        let answer = try place.run("/usr/bin/python3", ["-c", Self.session, Program.archive, act])
        #expect(answer.status == 0, "\(answer)")
        return answer.text.split(separator: "\n").last.map { String($0) } ?? ""
    }

    @Test("whatever ends it, the terminal shows again what is typed", .enabled(if: hasPython, "there is no python3"))
    func endings() throws {
        let made = try place.run("init", "--encrypt", environment: ["OSRS_ARCHIVE_PASSWORD": "words"])
        #expect(made.status == 0, "\(made)")
        #expect(try ask(#"words\n"#) == "shown 0 0")
        #expect(try ask(#"word\n"#) == "shown 0 13")
        #expect(try ask(#"wor\x03"#) == "shown 0 130")
        for signal in [SIGTERM, SIGHUP] {
            #expect(try ask("\(signal)") == "shown \(signal) 0", "signal \(signal)")
        }
        #expect(try ask("\(SIGINT)") == "shown 0 130")
    }
}
