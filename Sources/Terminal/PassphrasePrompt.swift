import Glibc

/// Asks a person at the terminal for a passphrase, with what is typed not shown (termios(3)).
public enum PassphrasePrompt {
    /// Bytes of an answer at most.
    private static let limit = 4096

    /// The line that the person types at the terminal that controls this process; nil where there is none, or the person
    /// ends the input. The caller wipes it.
    public static func ask(_ prompt: String) -> [UInt8]? {
        let terminal = unsafe open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        var shown = termios()
        guard unsafe tcgetattr(terminal, &shown) == 0 else { return nil }
        var hidden = shown
        // Ctrl-C must not end the process while nothing that is typed is shown: it ends the line here.
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
        let interrupt = shown.c_cc.0
        hidden.c_cc.11 = interrupt
        guard unsafe tcsetattr(terminal, TCSAFLUSH, &hidden) == 0 else { return nil }
        say(prompt, terminal)
        let answer = line(of: terminal, endedBy: interrupt)
        say("\n", terminal)
        _ = unsafe tcsetattr(terminal, TCSAFLUSH, &shown)
        guard let answer, interrupt == 0 || !answer.contains(interrupt) else {
            if answer != nil { raise(SIGINT) }
            return nil
        }
        return answer
    }

    /// What is typed before the end of the line; nil where the person ends the input. The byte of an interrupt ends it, too, and
    /// is in the answer.
    private static func line(of terminal: CInt, endedBy interrupt: cc_t) -> [UInt8]? {
        var answer: [UInt8] = []
        answer.reserveCapacity(limit)
        while answer.count < limit {
            var byte: UInt8 = 0
            guard unsafe read(terminal, &byte, 1) == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { return answer }
            answer.append(byte)
            if byte == interrupt, interrupt != 0 { return answer }
        }
        return nil
    }

    private static func say(_ text: String, _ terminal: CInt) {
        let bytes = Array(text.utf8)
        _ = unsafe write(terminal, bytes, bytes.count)
    }
}
