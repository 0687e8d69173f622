import CanonicalJSON
import CivilTime
import Hiscores
public import ObjectStore

/// Proves an archive: reads everything again, recomputes every id and the whole chain, and names what fails.
public struct Verification {
    private let storage: any Storage
    private let isQuick: Bool
    private let expected: SequenceHead?
    private let progress: (_ done: Int, _ total: Int) -> Void
    private var report = VerificationReport()
    /// After how many records a pack leads to the head that is expected.
    private var recordsAtExpectedHead: Int?
    /// Observations of packs and of the journal that are done.
    private var done = 0
    /// The frame of the journal's header, once it is read.
    private var headerFrame: [UInt8]?
    /// Gaps of the packs, as far as they can be read.
    private var gaps: [PackGap] = []

    /// Verifies the archive in a storage. `quick` checks structure and checksums of packs, journal and loose
    /// documents, without decoding any. `progress` is told how many observations are done.
    ///
    /// `head`, where given, is one that was noted elsewhere: it must be one of this sequence.
    ///
    /// Damage is reported, never thrown. Throws `noArchive` where there is nothing to verify, and `unsupported` where a
    /// newer program wrote the archive or a document.
    public static func run(
        on storage: any Storage, quick: Bool = false, expecting head: SequenceHead? = nil,
        progress: @escaping (_ done: Int, _ total: Int) -> Void = { _, _ in }
    ) throws(ArchiveError) -> VerificationReport {
        var attempt = 1
        while true {
            var verification = Verification(storage: storage, isQuick: quick, expected: head, progress: progress)
            try verification.verify()
            if verification.report.isSound || !verification.isOvertaken || attempt == attempts {
                return verification.report
            }
            attempt += 1
        }
    }

    /// How often it begins anew where a writer seals or merges meanwhile, and so removes what was to be read.
    private static let attempts = 16

    /// Whether the journal is another one than that which was verified: what was missing has gone with the old one.
    private var isOvertaken: Bool {
        guard let headerFrame else { return false }
        let now = try? storage.read(ArchiveLayout.journal, from: 0, count: headerFrame.count)
        return now != headerFrame
    }

    private init(
        storage: any Storage, isQuick: Bool, expected: SequenceHead?, progress: @escaping (Int, Int) -> Void
    ) {
        (self.storage, self.isQuick, self.expected, self.progress) = (storage, isQuick, expected, progress)
    }

    private mutating func verify() throws(ArchiveError) {
        let archive: Archive
        do {
            archive = try Archive.open(storage, checksForm: true)
        } catch {
            guard [.corrupt, .missing, .io, .denied].contains(error.code), let path = error.path else { throw error }
            try reportUnopened(error, path)
            return
        }
        headerFrame = archive.journal.headerFrame
        for damage in archive.journalDamage {
            report.findings.append(
                .init(
                    kind: .journal, id: nil, file: damage.file, offset: damage.offset, failure: .corrupt,
                    detail: "\(damage.records.count) record(s) from number \(damage.records.lowerBound) cannot be read",
                    affects: damage.affects))
        }
        if archive.journal.tornBytes > 0 {
            report.notes.append(
                "the journal ends in \(archive.journal.tornBytes) bytes of a batch that is not whole: a write that never "
                    + "finished, or a file cut short; the next write sets them aside")
        }
        if archive.configuration.isEncrypted, !archive.hasConfigurationCopy {
            report.notes.append(
                "there is no copy of config.json, without which nobody opens the archive: `verify --repair` makes one")
        }
        if archive.hasRestorationMarker {
            report.notes.append(
                "\(ArchiveRestoration.marker) is left of a restore or copy that was killed when all was done: the archive is "
                    + "whole, and the next command that writes removes the file")
        }
        if let detail = archive.findingInConfigurationCopy() {
            report.findings.append(
                .init(
                    kind: .configuration, id: nil, file: storage.describe(ArchiveLayout.configurationCopy), offset: nil,
                    failure: .corrupt, detail: detail, affects: []))
        }
        verifyPacks(of: archive)
        verifyGaps(of: archive)
        if archive.journalDamage.isEmpty { verifyExpectedHead(archive) }
        report.head = archive.head
        report.observations = archive.history.observationCount
        report.snapshots = archive.history.snapshotCount
        try verifyDocuments(of: archive)
        try verifyFolder(of: archive)
    }

    private mutating func verifyPacks(of archive: Archive) {
        let total = archive.history.observationCount
        for member in archive.packs.members {
            let path = ArchiveLayout.pack(member.name)
            var finished = done
            let proof = PackVerification.run(
                member.name, at: path, of: storage, quick: isQuick, expecting: expected
            ) { observations in
                finished += observations
                progress(finished, total)
            }
            done = finished
            if let count = proof.recordsAtExpectedHead { recordsAtExpectedHead = (proof.trailer?.first ?? 0) + count }
            gaps += proof.gaps
            var findings = proof.findings
            if findings.isEmpty, case .damaged(let error) = member.state {
                findings = [PackVerification.Finding(error: error)]
            }
            for finding in findings {
                report.findings.append(.init(finding, of: member.name, file: storage.describe(path), proof))
            }
        }
    }

    /// Gaps are there exactly as tombstones and declared losses say.
    private mutating func verifyGaps(of archive: Archive) {
        let account = GapAccount(gaps: gaps, declarations: archive.history.declarations)
        // Where packs are damaged, gaps or declarations may lie in what cannot be read.
        guard account.isEven == false, !report.findings.contains(where: { $0.kind == .pack }) else { return }
        report.findings.append(
            .init(
                kind: .sequence, id: nil, file: storage.describe(ArchiveLayout.packs), offset: nil, failure: .missing,
                detail: account.description, affects: []))
    }

    private mutating func verifyExpectedHead(_ archive: Archive) {
        guard let expected else { return }
        if let count = recordsAtExpectedHead ?? archive.recordCountInJournal(at: expected) {
            report.notes.append("the head that was noted is that after record \(count) of \(archive.recordCount)")
            return
        }
        report.findings.append(
            .init(
                kind: .sequence, id: expected.digest, file: storage.describe(ArchiveLayout.journal), offset: nil,
                failure: .missing,
                detail:
                    "no record of this sequence leads to the head that was noted: records before it were altered or "
                    + "taken away, or it is another archive's",
                affects: []))
    }

    /// Where not even the configuration or the journal's header can be read, what the records say of whose history is
    /// in danger is read past them.
    private mutating func reportUnopened(_ error: ArchiveError, _ path: String) throws(ArchiveError) {
        let failure: VerificationReport.Finding.Failure =
            switch error.code {
            case .corrupt: .corrupt
            case .missing: .missing
            default: .io
            }
        let history = History()
        if let bytes = try? storage.readAll(ArchiveLayout.journal, limit: JournalFormat.fileLimit) {
            let hasher = SHA256()
            history.append(
                JournalScan(bytes, storage.sealing).records.compactMap { number, _, payload in
                    let record = Array(payload)
                    return (try? RecordFormat.decode(record)).map { (number - 1, hasher.digest(record), $0) }
                })
        }
        report.observations = history.observationCount
        report.snapshots = history.snapshotCount
        report.findings.append(
            .init(
                kind: path == ArchiveLayout.configuration ? .configuration : .journal, id: nil,
                file: storage.describe(path), offset: nil, failure: failure, detail: error.message,
                affects: try history.allLogs().map { Affected($0) }))
    }

    private mutating func verifyDocuments(of archive: Archive) throws(ArchiveError) {
        var sightings: [ObjectID: [LogEntry]] = [:]
        let all = archive.history.journal.entriesInSequenceOrder(ExportSelection())
        while let entry = try all.next() {
            if let id = entry.observation.documentID { sightings[id, default: []].append(entry) }
        }
        for (id, entries) in sightings.sorted(by: { $0.key < $1.key }) {
            try verifyDocument(id, seenBy: entries, in: archive)
            done += entries.count
            progress(done, archive.history.observationCount)
        }
    }

    private mutating func verifyDocument(
        _ id: ObjectID, seenBy entries: [LogEntry], in archive: Archive
    ) throws(ArchiveError) {
        do {
            if isQuick { return try archive.objects.check(id) }
            let document = try archive.objects.read(id)
            verifyMeaning(of: document, id, seenBy: entries, in: archive)
        } catch {
            switch error.code {
            case .corrupt: add(id, entries, archive, .corrupt, error.detail)
            case .missing: add(id, entries, archive, .missing, error.detail)
            case .io: add(id, entries, archive, .io, error.detail)
            case .unsupported: throw ArchiveError(error)
            }
        }
    }

    /// A snapshot's document is canonical JSON, and its progress id is what the records say.
    private mutating func verifyMeaning(
        of document: [UInt8], _ id: ObjectID, seenBy entries: [LogEntry], in archive: Archive
    ) {
        let snapshots = entries.filter { $0.observation.snapshot == id }
        guard !snapshots.isEmpty else { return }
        guard let root = try? JSONDocument(parsing: document).root, let canonical = try? root.canonicalBytes(),
            canonical == document, let progress = try? root.canonicalBytes(omitting: "rank")
        else {
            add(id, entries, archive, .corrupt, "the document is not canonical JSON")
            return
        }
        let progressID = archive.id(of: progress)
        let wrong = snapshots.filter { $0.observation.progress != progressID }
        if !wrong.isEmpty {
            add(id, wrong, archive, .corrupt, "a record names another progress id than the document has")
        }
    }

    private mutating func add(
        _ id: ObjectID, _ entries: [LogEntry], _ archive: Archive, _ failure: VerificationReport.Finding.Failure,
        _ detail: String
    ) {
        let groups = Dictionary(grouping: entries) { $0.observation.place }
        let path = (try? archive.objects.path(of: id)) ?? LooseObjects.folder
        report.findings.append(
            .init(
                kind: .object, id: id, file: storage.describe(path), offset: nil,
                failure: failure, detail: detail,
                affects: groups.sorted { $0.key < $1.key }.map { Affected($0.value) }))
    }

    private mutating func verifyFolder(of archive: Archive) throws(ArchiveError) {
        let found: (names: [ObjectID], strangers: [String])
        do {
            found = try archive.objects.list()
        } catch {
            guard error.code != .missing else { return }
            throw ArchiveError(error)
        }
        var orphans = 0
        // In a plain archive a document may lie here and in a pack, until the next writer tidies.
        let isPlain = storage.sealing == nil
        let named = try archive.objectsOfJournal()
        for name in found.names where !named.contains(name) {
            if isPlain, try archive.history.names(name) { continue }
            orphans += 1
        }
        if orphans > 0 {
            report.notes.append("\(orphans) object(s) belong to no record: an unfinished write left them")
        }
        for path in found.strangers { report.notes.append("\(storage.describe(path)) is no object's file") }
    }
}

extension Observation {
    /// Player and board, ordered, for grouping.
    fileprivate var place: Place { Place(player: player, board: board.rawValue) }

    fileprivate struct Place: Hashable, Comparable {
        let player: PlayerName
        let board: String

        static func < (left: Place, right: Place) -> Bool { (left.player, left.board) < (right.player, right.board) }
    }
}

extension VerificationReport.Finding {
    /// What was found in a pack.
    fileprivate init(
        _ finding: PackVerification.Finding, of pack: ObjectID, file: String, _ proof: PackVerification
    ) {
        let (failure, detail): (Failure, String) =
            switch finding.error {
            case .corrupt(let detail, _): (.corrupt, detail)
            case .storage(let error): (error.code == .missing ? .missing : .io, error.cause)
            case .unsupported(let what): (.corrupt, "it is a \(what)")
            case .outOfMemory: (.io, "zlib found no memory")
            }
        let entries = finding.entry.map { [$0] } ?? finding.costs ?? proof.entries
        self.init(
            kind: .pack, id: pack, file: file, offset: finding.error.offset, failure: failure, detail: detail,
            affects: Affected.spans(entries) + (finding.costsUnknown ? [.unknown] : []))
    }
}
