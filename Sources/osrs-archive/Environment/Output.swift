import CanonicalJSON
import Reporting
import Settings
import Terminal

/// Where a command's words go: data to standard output (through a pager where one is wanted), everything else to
/// standard error.
final class Output {
    private let isQuiet: Bool
    /// Whether answers are JSON.
    let isJSON: Bool
    /// Colours for standard output.
    let style: Style
    /// Whether the command does more than print, and goes on when nobody reads any more.
    var outlivesItsReader = false
    private var writeError: StandardStream.WriteError?
    private let errorStyle: Style
    private var buffer: [UInt8] = []
    private var pager: Pager?
    /// Lines of progress that stand on the terminal now.
    private var progressLines = 0
    /// Whether a person sees progress.
    let showsProgress: Bool

    init(_ options: GlobalOptions, environment: [String: String]) {
        (isQuiet, isJSON) = (options.quiet, options.json)
        style = Self.style(for: .output, options, environment)
        errorStyle = Self.style(for: .error, options, environment)
        showsProgress =
            StandardStream.error.isTerminal && environment["TERM"] != "dumb" && !options.quiet && !options.json
    }

    /// The flag; `NO_COLOR`, then `FORCE_COLOR`, each when not empty; then whether the stream is a terminal.
    static func style(
        for stream: StandardStream, _ options: GlobalOptions, _ environment: [String: String]
    ) -> Style {
        let isColoured: Bool
        switch options.color {
        case .always: isColoured = true
        case .never: isColoured = false
        case .auto:
            if environment["NO_COLOR"]?.isEmpty == false {
                isColoured = false
            } else if environment["FORCE_COLOR"]?.isEmpty == false {
                isColoured = true
            } else {
                isColoured = stream.isTerminal && environment["TERM"] != "dumb"
            }
        }
        return Style(isColoured: isColoured && !options.json)
    }

    /// Sends what follows through `$PAGER`, where it is set and a person reads standard output.
    func startPager(_ environment: [String: String]) {
        guard !isJSON, StandardStream.output.isTerminal, let command = environment["PAGER"], !command.isEmpty else {
            return
        }
        pager = Pager(command: command)
    }

    /// Data, as it is.
    func write(_ bytes: [UInt8]) throws {
        buffer += bytes
        if buffer.count >= 64 << 10 { try flush() }
    }

    /// A text of one or more lines, and a line feed; nothing for an empty one.
    func text(_ text: String) throws {
        if !text.isEmpty { try write(Array(text.utf8) + [UInt8(ascii: "\n")]) }
    }

    /// A JSON value on a line of its own.
    func json(_ value: JSONValue) throws { try write(Shape.line(value)) }

    /// Sends on what is held back; a command does so at its end.
    func flush() throws {
        clearProgress()
        defer { buffer = [] }
        do throws(StandardStream.WriteError) {
            if pager == nil {
                try StandardStream.output.write(buffer)
            } else if pager?.write(buffer) != true {
                throw .closed
            }
        } catch {
            guard outlivesItsReader else { throw error }
            if error != .closed { writeError = error }
        }
    }

    /// Ends a command that outlives its reader: what could not be written is told now.
    func finish() throws {
        try flush()
        if let writeError { throw writeError }
    }

    /// Something worth knowing, on standard error; not with --quiet.
    func note(_ text: String) {
        if !isQuiet { say(Printable.text(text)) }
    }

    /// Something to worry about, on standard error.
    func warn(_ text: String) { say(NoticeText.warning(text, style: errorStyle)) }

    /// A line on standard error, printable already.
    private func say(_ text: String) {
        clearProgress()
        try? StandardStream.error.write(Array((text + "\n").utf8))
    }

    /// How far a long command is, in a line that is written over in place; on a terminal only.
    func progress(_ label: String, done: Int, total: Int? = nil) {
        guard showsProgress else { return }
        let width = (StandardStream.error.columns ?? 80) - 1
        show([ProgressLine.text(label, done: done, total: total, width: width)])
    }

    /// A picture of several lines that is drawn over in place; on a terminal only.
    func picture(_ table: LiveTable) {
        guard showsProgress else { return }
        let (width, height) = ((StandardStream.error.columns ?? 80) - 1, (StandardStream.error.lines ?? 24) - 1)
        show(table.lines(width: width, height: height, style: errorStyle))
    }

    private func show(_ lines: [String]) {
        let cleared = eraseProgress
        try? StandardStream.error.write(Array((cleared + lines.joined(separator: "\n")).utf8))
        progressLines = lines.count
    }

    /// Goes up to where the progress begins, and erases all from there (ECMA-48: CUU and ED).
    private var eraseProgress: String {
        guard progressLines > 0 else { return "\r\u{1B}[J" }
        return "\r" + (progressLines > 1 ? "\u{1B}[\(progressLines - 1)A" : "") + "\u{1B}[J"
    }

    private func clearProgress() {
        guard progressLines > 0 else { return }
        try? StandardStream.error.write(Array(eraseProgress.utf8))
        progressLines = 0
    }
}
