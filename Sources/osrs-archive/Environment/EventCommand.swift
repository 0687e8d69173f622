import CivilTime
import Reporting
import Terminal
import Threads

/// Hands events to a command of the person's own, on a thread beside the captures: they go on however long it takes.
///
/// One command runs at a time, and is handed all events that have gathered meanwhile. Safe to use from any thread.
final class EventCommand: Sendable {
    private struct State {
        /// Lines that wait for the next command.
        var waiting: [[UInt8]] = []
        var dropped = 0
        /// Whether a thread hands events on.
        var isRunning = false
        var isCutShort = false
        /// What went wrong, and nobody was told of yet.
        var failures: [String] = []
    }

    /// How long a command may take, in milliseconds.
    private static let limit = 30_000
    /// The most events that wait; what comes beyond that is dropped.
    static let mostWaiting = 1000

    private let command: String
    private let monitor = Monitor(State())
    private let change = Condition()

    /// Hands events to this command of the shell.
    init(_ command: String) { self.command = command }

    /// Hands events on, at once or as soon as the command that runs has ended.
    func handOn(_ events: [CaptureEvent]) {
        guard !events.isEmpty else { return }
        let lines = events.map { Shape.line($0.json) }
        monitor.withLock { state in
            let room = max(0, Self.mostWaiting - state.waiting.count)
            state.waiting += lines.prefix(room)
            state.dropped += max(0, lines.count - room)
            guard !state.isRunning else { return }
            state.isRunning = startDetachedThread { self.runCommands() }
            if !state.isRunning {
                state.dropped += state.waiting.count
                state.waiting = []
            }
        }
    }

    /// What went wrong since the last call, a sentence each.
    func takeFailures() -> [String] {
        monitor.withLock { state in
            defer { (state.failures, state.dropped) = ([], 0) }
            let dropped = state.dropped
            return state.failures
                + (dropped > 0 ? ["\(Self.count(dropped)) dropped: the command does not keep up"] : [])
        }
    }

    /// Waits until all is handed on, for so long at most; then the command that runs is ended, and what waits is dropped.
    func finish(within patience: Duration) {
        let clock = SystemClock()
        let end = clock.elapsed() + patience
        monitor.wait(for: change) { state -> Waiting<Void> in
            guard state.isRunning else { return .done(()) }
            let left = end - clock.elapsed()
            guard left <= .zero else { return .atMost(left) }
            state.isCutShort = true
            state.dropped += state.waiting.count
            state.waiting = []
            return .untilSignal
        }
    }

    /// Runs commands until no event waits.
    private func runCommands() {
        while let lines = takeLines() {
            do throws(ShellCommand.Failure) {
                try ShellCommand.run(command, input: lines.flatMap(\.self), limitMilliseconds: Self.limit) {
                    monitor.withLock { $0.isCutShort }
                }
            } catch {
                let verb = lines.count == 1 ? "was" : "were"
                monitor.withLock {
                    $0.failures.append(
                        "\(error); \(lines.count) event\(lines.count == 1 ? "" : "s") \(verb) meant for it")
                }
            }
        }
        change.broadcast()
    }

    /// The lines for the next command; nil where there are none, and then this thread ends.
    private func takeLines() -> [[UInt8]]? {
        monitor.withLock { state in
            defer { state.waiting = [] }
            state.isRunning = !state.waiting.isEmpty
            return state.isRunning ? state.waiting : nil
        }
    }

    private static func count(_ events: Int) -> String {
        events == 1 ? "1 event was" : "\(events) events were"
    }
}
