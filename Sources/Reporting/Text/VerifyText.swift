public import Archive
import CivilTime
import Hiscores
import ObjectStore

/// What a verification found, for people.
public enum VerifyText {
    /// The verdict, each finding with whose history it touches, and what else is worth knowing.
    public static func text(_ report: VerificationReport, style: Style = .plain) -> String {
        let verdict =
            report.isSound
            ? style.paint("sound", .gain)
            : style.paint("damaged: \(Numbers.count(report.findings.count, "finding"))", .failure)
        let counts =
            "\(Numbers.count(report.snapshots, "snapshot")), \(Numbers.count(report.observations, "observation"))"
        var lines = ["\(verdict) (\(report.isLocked ? "not opened: without the key" : counts))"]
        if !report.isLocked { lines.append("head \(report.head?.digest.hex ?? "unknown")") }
        for finding in report.findings { lines += self.lines(finding, style) }
        lines += report.notes.map { style.paint("note: \(Printable.text($0))", .muted) }
        return lines.joined(separator: "\n")
    }

    /// `object 3f9ac1d2e4b5 corrupt: its checksum is wrong (/archive/objects/3f/9a…)`, the file only where the detail does
    /// not name it.
    private static func lines(_ finding: VerificationReport.Finding, _ style: Style) -> [String] {
        let id = finding.id.map { " \($0.abbreviated())" } ?? ""
        let what = style.paint("\(finding.kind.words)\(id) \(finding.failure.words)", .failure)
        let file = finding.detail.contains(finding.file) ? nil : Printable.text(finding.file)
        let place = [file, finding.offset.map { "byte \(Numbers.grouped($0))" }].compactMap(\.self)
        let suffix = place.isEmpty ? "" : " (\(place.joined(separator: ", ")))"
        return ["\(what): \(Printable.text(finding.detail))\(suffix)"]
            + finding.affects.map { "    touches \(AffectedWords.text($0))" }
    }
}

extension VerificationReport.Finding.Failure {
    fileprivate var words: String {
        switch self {
        case .corrupt: "corrupt"
        case .missing: "missing"
        case .io: "unreadable"
        }
    }
}

extension VerificationReport.Finding.Kind {
    fileprivate var words: String {
        switch self {
        case .configuration: "configuration"
        case .journal: "journal"
        case .object: "object"
        case .pack: "pack"
        case .sequence: "sequence"
        }
    }
}
