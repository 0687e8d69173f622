/// Lines for standard error.
public enum NoticeText {
    /// `error: …`.
    public static func error(_ message: String, style: Style = .plain) -> String {
        style.paint("error:", .failure) + " " + Printable.text(message)
    }

    /// `warning: …`.
    public static func warning(_ message: String, style: Style = .plain) -> String {
        style.paint("warning:", .caution) + " " + Printable.text(message)
    }

    /// `hint: …`: what to do next.
    public static func hint(_ message: String, style: Style = .plain) -> String {
        style.paint("hint:", .muted) + " " + Printable.text(message)
    }

    /// `created archive at /absolute/path`.
    public static func created(path: String) -> String { "created archive at \(Printable.text(path))" }
}
