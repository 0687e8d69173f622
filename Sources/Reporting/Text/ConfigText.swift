/// Settings for people.
public enum ConfigText {
    /// A setting with its value (nil where it has none; secrets come in hidden) and where the value came from.
    public typealias Row = (name: String, value: String?, origin: String)

    /// A table of settings.
    public static func table(_ rows: [Row], style: Style = .plain) -> String {
        TextTable(
            [("Setting", .leading), ("Value", .leading), ("Origin", .leading)],
            rows: rows.map { [.init($0.name), .init($0.value ?? "-"), .init($0.origin, .muted)] }
        ).lines(style).joined(separator: "\n")
    }
}
