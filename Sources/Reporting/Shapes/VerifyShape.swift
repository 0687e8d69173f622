public import Archive
public import CanonicalJSON

/// The answer of `verify`.
public enum VerifyShape {
    /// What a verification found.
    public static func json(_ report: VerificationReport) -> JSONValue {
        Shape.object([
            JSONMember("ok", .bool(report.isSound)),
            JSONMember("snapshots", .integer(report.snapshots)),
            JSONMember("observations", .integer(report.observations)),
            JSONMember("head", .id(report.head?.digest)),
            JSONMember("damaged", .array(report.findings.map(finding))),
        ])
    }

    private static func finding(_ finding: VerificationReport.Finding) -> JSONValue {
        .object([
            JSONMember("kind", .text(finding.kind.rawValue)),
            JSONMember("id", .id(finding.id)),
            JSONMember("file", .text(finding.file)),
            JSONMember("offset", .integer(finding.offset)),
            JSONMember("error", .text(finding.failure.rawValue)),
            JSONMember("affects", .array(finding.affects.map(affected))),
        ])
    }

    private static func affected(_ affected: Affected) -> JSONValue {
        .object([
            JSONMember("player", .player(affected.player)),
            JSONMember("board", .board(affected.board)),
            JSONMember("from", .time(affected.from)),
            JSONMember("to", .time(affected.to)),
        ])
    }
}
