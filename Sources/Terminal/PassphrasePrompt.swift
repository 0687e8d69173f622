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
        hidden.c_lflag &= ~tcflag_t(ECHO)
        guard unsafe tcsetattr(terminal, TCSAFLUSH, &hidden) == 0 else { return nil }
        defer { _ = unsafe tcsetattr(terminal, TCSAFLUSH, &shown) }
        say(prompt, terminal)
        defer { say("\n", terminal) }
        var answer: [UInt8] = []
        answer.reserveCapacity(limit)
        while answer.count < limit {
            var byte: UInt8 = 0
            guard unsafe read(terminal, &byte, 1) == 1 else { return nil }
            if byte == UInt8(ascii: "\n") { return answer }
            answer.append(byte)
        }
        return nil
    }

    private static func say(_ text: String, _ terminal: CInt) {
        let bytes = Array(text.utf8)
        _ = unsafe write(terminal, bytes, bytes.count)
    }
}
