import Archive
import CanonicalJSON
import Diffing
import Hiscores
import ObjectStore
import Reporting

/// Two snapshots side by side: their documents, what changed, and how reports name them.
struct Comparison {
    let ends: DiffEnds
    let diff: HiscoreDiff
    /// The second document's typed view.
    let document: HiscoreDocument
    private let documents: (from: JSONValue, to: JSONValue)

    /// Compares what two references stand for; `from` is nil where there is nothing before.
    init(from: Revision?, to: Revision, in archive: Archive) throws {
        let before = try from.map { try Self.load($0, from: archive) }
        let after = try Self.load(to, from: archive)
        ends = DiffEnds(from: before?.snapshot, to: after.snapshot, isOneAccount: Self.isOneAccount(from, to))
        diff = HiscoreDiff(from: before?.view, to: after.view)
        document = after.view
        documents = (before?.value ?? .null, after.value)
    }

    /// Compares an ok observation with the one before it that stands in the same log.
    init(_ entry: LogEntry, after previous: LogEntry?, in log: RefLog, _ archive: Archive) throws {
        guard let to = Revision(entry, in: log, ref: Self.name(entry)) else {
            throw ArchiveError(.refNotFound, "a failed observation has no snapshot to compare")
        }
        try self.init(
            from: previous.flatMap { Revision($0, in: log, ref: Self.name($0)) }, to: to, in: archive)
    }

    /// Whether both were seen of one account, under whatever names; nil where one was not seen.
    private static func isOneAccount(_ from: Revision?, _ to: Revision) -> Bool? {
        guard let before = from?.entry, let after = to.entry else { return nil }
        return to.log?.covers(before.observation) == true || from?.log?.covers(after.observation) == true
    }

    /// The RFC 6902 patch that turns the first document into the second.
    var patch: JSONPatch { JSONPatch.between(documents.from, documents.to) }

    /// The reference that names an observation for good.
    static func name(_ entry: LogEntry) -> String {
        let observation = entry.observation
        return "\(observation.board.rawValue)/\(observation.player)@{\(observation.capturedAt)}"
    }

    private static func load(
        _ revision: Revision, from archive: Archive
    ) throws -> (snapshot: ReportedSnapshot, view: HiscoreDocument, value: JSONValue) {
        let bytes = try archive.document(of: revision)
        let root: JSONNode
        do { root = try JSONDocument(parsing: bytes).root } catch { throw Self.notASnapshot(revision, "\(error)") }
        guard let view = HiscoreDocument(root.value) else { throw Self.notASnapshot(revision, "it has no rows") }
        var progress: ObjectID?
        if revision.entry == nil { progress = archive.id(of: try root.canonicalBytes(omitting: "rank")) }
        return (ReportedSnapshot(revision, progress: progress), view, root.value)
    }

    private static func notASnapshot(_ revision: Revision, _ reason: String) -> ArchiveError {
        ArchiveError(
            .refNotFound,
            "\(revision.ref) stands for a kept answer that is no snapshot (\(reason)); "
                + "`osrs-archive cat \(revision.snapshot.abbreviated())` writes it", ref: revision.ref)
    }
}

extension Revision {
    /// An ok observation of a log under a reference; nil for a failed one.
    init?(_ entry: LogEntry, in log: RefLog, ref: String) {
        guard let snapshot = entry.observation.snapshot else { return nil }
        self.init(ref: ref, snapshot: snapshot, entry: entry, log: log)
    }
}
