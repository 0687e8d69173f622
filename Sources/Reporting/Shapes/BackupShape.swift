public import CanonicalJSON
import CivilTime

/// The answers of `backup`.
public enum BackupShape {
    /// A line of `backup list`.
    public static func json(_ bundle: ReportedBundle) -> JSONValue { Shape.object(members(bundle)) }

    /// What `backup create` wrote, or the newest bundle where it had nothing to write.
    public static func created(
        _ bundle: ReportedBundle, isNew: Bool, head: String, signer: String
    ) -> JSONValue {
        Shape.object(
            members(bundle) + [
                JSONMember("created", .bool(isNew)), JSONMember("head", .text(head)),
                JSONMember("signer", .text(signer)),
            ])
    }

    private static func members(_ bundle: ReportedBundle) -> [JSONMember] {
        [
            JSONMember("bundle", .text(bundle.name)), JSONMember("sequence", .integer(bundle.sequence)),
            JSONMember("created_at", .time(bundle.createdAt)), JSONMember("bytes", .integer(bundle.bytes)),
            JSONMember("observations", .integer(bundle.observations)),
            JSONMember("snapshots", .integer(bundle.snapshots)), JSONMember("from", .time(bundle.from)),
            JSONMember("to", .time(bundle.to)), JSONMember("full", .bool(bundle.isFull)),
            JSONMember(
                "recipients",
                .array(
                    bundle.recipients.map {
                        .object([JSONMember("kind", .text($0.kind)), JSONMember("id", .text($0.id))])
                    })), JSONMember("parity_percent", .integer(bundle.parityPercent)),
            JSONMember("complete", .bool(bundle.isComplete)),
        ]
    }

    /// A key of `backup keygen`.
    public static func key(file: String, publicKey: String, id: String) -> JSONValue {
        Shape.object([
            JSONMember("file", .text(file)), JSONMember("public_key", .text(publicKey)), JSONMember("id", .text(id)),
        ])
    }

    /// A chain in the answer of `backup verify`.
    public static func chain(
        writer: String, archive: String, signer: String, bundles: Int, head: String
    ) -> JSONValue {
        .object([
            JSONMember("writer", .text(writer)), JSONMember("archive", .text(archive)),
            JSONMember("signer", .text(signer)), JSONMember("bundles", .integer(bundles)),
            JSONMember("head", .text(head)),
        ])
    }

    /// What is wrong in the answer of `backup verify`.
    public static func finding(bundle: String?, error: String, detail: String) -> JSONValue {
        .object([
            JSONMember("bundle", .text(bundle)), JSONMember("error", .text(error)), JSONMember("detail", .text(detail)),
        ])
    }

    /// The answer of `backup verify`. `observations` is nil where nothing was opened.
    public static func verified(
        isSound: Bool, bundles: Int, checked: Int, opened: Int, observations: Int?, chains: [JSONValue],
        damaged: [JSONValue], notes: [String]
    ) -> JSONValue {
        Shape.object([
            JSONMember("ok", .bool(isSound)), JSONMember("bundles", .integer(bundles)),
            JSONMember("checked", .integer(checked)), JSONMember("opened", .integer(opened)),
            JSONMember("observations", .integer(observations)), JSONMember("chains", .array(chains)),
            JSONMember("damaged", .array(damaged)), JSONMember("notes", .texts(notes)),
        ])
    }

    /// The answer of `backup restore` and `backup drill`. `head` and `records` are those of the archive that was backed up
    /// when its last bundle was made; `added` and `already` are nil where the folder held no archive before.
    public static func restored(
        path: String?, archive: String, bundle: String, bundles: Int, records: Int, head: String, added: Int?,
        already: Int?
    ) -> JSONValue {
        Shape.object([
            JSONMember("path", .text(path)), JSONMember("archive", .text(archive)), JSONMember("bundle", .text(bundle)),
            JSONMember("bundles", .integer(bundles)), JSONMember("records", .integer(records)),
            JSONMember("head", .text(head)), JSONMember("added", .integer(added)),
            JSONMember("already", .integer(already)),
        ])
    }

    /// A line of `backup repair`: `sound`, `repaired`, `lost` or `no_parity`, and what is lost.
    public static func repaired(bundle: String, state: String, loss: String?) -> JSONValue {
        Shape.object([
            JSONMember("bundle", .text(bundle)), JSONMember("state", .text(state)), JSONMember("detail", .text(loss)),
        ])
    }
}
