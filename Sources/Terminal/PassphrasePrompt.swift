import Glibc

/// Asks a person at the terminal for a passphrase, with what is typed not shown (termios(3)).
public enum PassphrasePrompt {
    /// Bytes of an answer at most.
    private static let limit = 4096

    /// Signals that would end the process while nothing that is typed is shown.
    private static let endingSignals = [SIGINT, SIGTERM, SIGHUP]

    /// The line that the person types at the terminal that controls this process; nil where there is none, or the person
    /// ends the input. The caller wipes it.
    ///
    /// Ctrl-C and signals that end the process end the line at once, and the process when the terminal is as it was.
    public static func ask(_ prompt: String) -> [UInt8]? {
        let terminal = unsafe open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        var shown = termios()
        guard unsafe tcgetattr(terminal, &shown) == 0 else { return nil }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
        let interrupt = shown.c_cc.0
        hidden.c_cc.11 = interrupt
        var (ending, before) = (sigset_t(), sigset_t())
        unsafe sigemptyset(&ending)
        for signal in endingSignals { unsafe sigaddset(&ending, signal) }
        unsafe pthread_sigmask(SIG_BLOCK, &ending, &before)
        // What came in between strikes here.
        defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
        guard unsafe tcsetattr(terminal, TCSAFLUSH, &hidden) == 0 else { return nil }
        say(prompt, terminal)
        let (answer, isInterrupted) = line(of: terminal, endedBy: interrupt)
        say("\n", terminal)
        while unsafe tcsetattr(terminal, TCSAFLUSH, &shown) != 0, errno == EINTR {}
        if isInterrupted { kill(getpid(), SIGINT) }
        return answer
    }

    /// What is typed before the end of the line, and whether the byte of an interrupt ended it. No line where the person ends
    /// the input, types too much, or a signal waits that ends the process: then what was typed is wiped.
    private static func line(of terminal: CInt, endedBy interrupt: cc_t) -> (line: [UInt8]?, isInterrupted: Bool) {
        var answer: [UInt8] = []
        // All of it at once: an array that grows would leave what was typed behind.
        answer.reserveCapacity(limit)
        var isInterrupted = false
        while answer.count < limit, let byte = nextByte(of: terminal) {
            if byte == UInt8(ascii: "\n") { return (answer, false) }
            isInterrupted = byte == interrupt && interrupt != 0
            if isInterrupted { break }
            answer.append(byte)
        }
        unsafe answer.withUnsafeMutableBytes { bytes in
            if let start = bytes.baseAddress { unsafe explicit_bzero(start, bytes.count) }
        }
        return (nil, isInterrupted)
    }

    /// The next byte that is typed; nil at the end of the input, and where a signal waits that ends the process.
    private static func nextByte(of terminal: CInt) -> UInt8? {
        // How long such a signal waits at most.
        let milliseconds: CInt = 100
        while !isEnding {
            var event = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
            guard unsafe poll(&event, 1, milliseconds) > 0 else { continue }
            var byte: UInt8 = 0
            switch unsafe read(terminal, &byte, 1) {
            case 1: return byte
            case -1 where errno == EINTR || errno == EAGAIN: continue
            default: return nil
            }
        }
        return nil
    }

    /// Whether a signal that ends the process has come.
    private static var isEnding: Bool {
        var pending = sigset_t()
        unsafe sigpending(&pending)
        return endingSignals.contains { unsafe sigismember(&pending, $0) == 1 }
    }

    private static func say(_ text: String, _ terminal: CInt) {
        let bytes = Array(text.utf8)
        _ = unsafe write(terminal, bytes, bytes.count)
    }
}
