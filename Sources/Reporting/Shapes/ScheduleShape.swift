public import CanonicalJSON

/// A line of `schedule print`.
public enum ScheduleShape {
    /// A unit of a format: what to call the file, and its text.
    public static func json(_ unit: ScheduleUnit, format: ScheduleFormat) -> JSONValue {
        Shape.object([
            JSONMember("format", .text(format.rawValue)), JSONMember("file", .text(unit.name)),
            JSONMember("text", .text(unit.text)),
        ])
    }
}
