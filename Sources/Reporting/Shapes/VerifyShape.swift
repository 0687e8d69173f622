public import Archive
public import CanonicalJSON

/// The answer of `verify`.
public enum VerifyShape {
    /// What a verification found; where a repair went before, what it did.
    public static func json(_ report: VerificationReport, after repair: Repair? = nil) -> JSONValue {
        Shape.object(
            [
                JSONMember("ok", .bool(report.isSound)),
                JSONMember("snapshots", report.isLocked ? .null : .integer(report.snapshots)),
                JSONMember("observations", report.isLocked ? .null : .integer(report.observations)),
                JSONMember("head", .id(report.head?.digest)),
                JSONMember("damaged", .array(report.findings.map(finding))),
            ] + (repair.map { [JSONMember("repair", json($0))] } ?? []))
    }

    private static func json(_ repair: Repair) -> JSONValue {
        .object([
            JSONMember("mended", .texts(repair.mended)),
            JSONMember("healed", .texts(repair.healed)),
            JSONMember("set_aside", .texts(repair.setAside)),
            JSONMember("losses", .array(repair.losses.map(loss))),
            JSONMember("unrepairable", .texts(repair.unrepairable)),
        ])
    }

    private static func loss(_ loss: Loss) -> JSONValue {
        .object([
            JSONMember("player", .player(loss.player)),
            JSONMember("board", .board(loss.board)),
            JSONMember("from", .time(loss.from)),
            JSONMember("to", .time(loss.to)),
            JSONMember("count", .integer(loss.count)),
            JSONMember("reason", .text(loss.reason)),
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
