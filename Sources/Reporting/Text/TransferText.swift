/// What `import` and `export` did, for people.
public enum TransferText {
    /// `read 1,203 observations: 1,200 added, 3 there already, 1 rejected`, or `read 1,203 observations and 2 tags and
    /// renames: …` where some of what was read are such marks. What was rejected, be it a line, a snapshot or a whole file,
    /// is among those read, as it is in JSON.
    public static func imported(
        read: Int, marks: Int = 0, added: Int, already: Int, rejected: Int, style: Style = .plain
    ) -> String {
        let refused = "\(Numbers.grouped(rejected)) rejected"
        let others =
            marks > 0 ? " and \(Numbers.grouped(marks)) \(marks == 1 ? "tag or rename" : "tags and renames")" : ""
        return
            "read \(Numbers.count(read - marks, "observation"))\(others): \(Numbers.grouped(added)) added, "
            + "\(Numbers.grouped(already)) there already, \(style.paint(refused, rejected > 0 ? .failure : .plain))"
    }

    /// `FILE:LINE: reason`, of something that was rejected or is worth a note; the line left out where there is none.
    public static func place(source: String, line: Int?, reason: String) -> String {
        Printable.text(source + (line.map { ":\($0)" } ?? "") + ": " + reason)
    }

    /// `wrote 1,204 observations to PATH, 3 there already, 1 could not be read`; a path of nil is standard output.
    public static func exported(written: Int, already: Int, failed: Int, path: String?, style: Style = .plain) -> String
    {
        let refused = style.paint("\(Numbers.grouped(failed)) could not be read", .failure)
        return "wrote \(Numbers.count(written, "observation"))" + (path.map { " to \(Printable.text($0))" } ?? "")
            + (already > 0 ? ", \(Numbers.grouped(already)) there already" : "") + (failed > 0 ? ", \(refused)" : "")
    }
}
