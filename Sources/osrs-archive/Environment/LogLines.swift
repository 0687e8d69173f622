import CivilTime
import Logging
import Terminal

/// Log lines on standard error for whoever collects them: time, level, message, then `name=value` in the order of the
/// names (logfmt); what has spaces or quotes in it stands in quotes.
struct LogLines: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level
    private let clock: any WallClock

    init(level: Logger.Level, clock: any WallClock) { (logLevel, self.clock) = (level, clock) }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let values = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let words = ["\(clock.now())", event.level.rawValue, Self.quoted(event.message.description)]
        let line = (words + values.map { "\($0.key)=\(Self.quoted($0.value.description))" }).joined(separator: " ")
        try? StandardStream.error.write(Array((line + "\n").utf8))
    }

    private static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                $0.value > 0x20 && $0.value != 0x7F && $0 != "\"" && $0 != "=" && $0 != "\\"
            }
        if isPlain { return text }
        var quoted = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            default: quoted += scalar.value < 0x20 || scalar.value == 0x7F ? "?" : String(scalar)
            }
        }
        return "\"\(quoted)\""
    }
}
