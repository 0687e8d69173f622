public import Archive
public import CivilTime
public import Hiscores
public import ObjectStore

/// Gives back what the bundles of a folder hold.
public struct BackupRestoration {
    /// Of which chain, and how much of it.
    public struct Options: Sendable {
        /// As it was at this moment: up to the last bundle that was made by then; nil for everything.
        public var moment: Timestamp?
        /// The writer of the chain; nil for that of the newest bundle.
        public var writer: String?
        /// Who may have signed what is looked at; nobody where that is not known.
        public var signers: Set<BackupSignerKey> = []

        /// All of the chain with the newest bundle.
        public init() {}
    }

    /// What was given back.
    public struct Summary: Hashable, Sendable {
        /// The last bundle of it.
        public let bundle: BundleName
        /// Bundles that were read.
        public let bundles: Int
        /// Whose history.
        public let archive: ArchiveID
        /// Where its sequence ended when that bundle was made.
        public let end: SequenceMark
        /// Chains of the same archive that are not in it: their writers.
        public let otherWriters: [String]
        /// Bundles that cannot be read and may have been meant, too: why.
        public let unreadable: [String]
    }

    private let keys: BackupKeys
    private let chain: BackupChains.Chain
    private let place: Int
    /// The bundles that hold it, in order, the one at `place` last.
    private let needed: [BundleFile]
    private let otherWriters: [String]
    private let unreadable: [String]
    /// Bundles of the same archive that may say of what is restored that it was forgotten: those that follow in the chain,
    /// signed by the same key, and later ones of other chains, whose sequence may have gone another way.
    private let later: [BundleFile]

    /// Finds the bundles. Throws `noBackup`, `missing` where one of them is not there, `corrupt` where one cannot be read
    /// or a newer one of the chain cannot or is not there (with a moment nobody can tell when that one was made, so it is passed
    /// over),
    /// or somebody else has signed one, and `ambiguous` where the folder has bundles of several archives and no writer is
    /// named. Chains that are somebody else's from end to end are passed over where there is another.
    public init(from folder: any Storage, _ keys: BackupKeys, _ options: Options) throws(BackupError) {
        let chains = try BackupChains(folder)
        let beyondReach = try chains.unreadable + chains.lostEnds(in: folder)
        let foreign = chains.chains.filter { $0.isForeign(to: options.signers) }.map(\.writer)
        var candidates = chains.chains.filter { options.writer == nil || $0.writer == options.writer }
        if candidates.contains(where: { !foreign.contains($0.writer) }) {
            candidates.removeAll { foreign.contains($0.writer) }
        }
        let reachable = candidates.compactMap { chain -> (chain: BackupChains.Chain, place: Int)? in
            let last = chain.files.lastIndex { file in options.moment.map { file.header.createdAt <= $0 } ?? true }
            return last.map { (chain, $0) }
        }
        let newest = reachable.max { left, right in
            left.chain.files[left.place].header.createdAt < right.chain.files[right.place].header.createdAt
        }
        guard let newest else {
            if let error = beyondReach.first?.error { throw error }
            let when = options.moment.map { " of \($0) or before" } ?? ""
            let whose = options.writer.map { " of the writer \($0)" } ?? ""
            throw BackupError(.noBackup, "there is no bundle\(whose)\(when) in \(folder.describe(""))")
        }
        let file = newest.chain.files[newest.place]
        let archives = Set(reachable.map { $0.chain.files[$0.place].header.archive })
        guard archives.count == 1 else {
            let list = reachable.map { "\($0.chain.writer) of the archive \($0.chain.files[$0.place].header.archive)" }
            throw BackupError(
                .ambiguous,
                "\(folder.describe("")) has bundles of several archives; name the writer: \(list.joined(separator: ", "))"
            )
        }
        if let other = newest.chain.files.first(where: { $0.isForeign(to: options.signers) }) {
            throw BackupError(
                .corrupt,
                "nothing is restored: \(other.signedBySomebodyElse). Take the folder from another copy, or name that signer, "
                    + "too, if you know whose it is")
        }
        guard let needed = newest.chain.needed(for: newest.place) else {
            throw BackupError(
                .missing,
                "\(file.name.text) cannot be restored: bundles before it are missing, damaged or signed by somebody else; "
                    + "`osrs-archive backup verify` lists them, `osrs-archive backup repair` may mend them")
        }
        let next = newest.chain.files.dropFirst(newest.place + 1).first?.header.number ?? .max
        let following = beyondReach.first { name, _ in
            name.writer == file.name.writer && file.header.number < name.number && name.number < next
        }
        if let following, options.moment == nil {
            throw BackupError(
                following.error.code,
                "the newest bundle cannot be read, so nothing is restored: \(following.error); `osrs-archive backup repair` may "
                    + "mend it, and with --at what was made before it is restored")
        }
        // What another copy of the archive wrote under the same numbers.
        let aside = newest.chain.files[...newest.place].filter { other in
            other.header.number >= needed[0].header.number && !needed.contains { $0.name == other.name }
        }
        let passedOver = foreign.filter { _ in options.writer == nil }.map {
            "the chain \($0) is signed by somebody else"
        }
        unreadable =
            beyondReach.filter { options.writer == nil || $0.name.writer == options.writer }
            .map { "\($0.error)" } + passedOver + newest.chain.holes(behind: newest.place)
            + aside.map { "\($0.name.text) has the number of another bundle, and is of another history" }
        (self.keys, chain, place, self.needed) = (keys, newest.chain, newest.place, needed)
        let others = chains.chains.filter { other in
            other.writer != newest.chain.writer && other.files.last?.header.archive == file.header.archive
                && !other.files.contains { $0.isForeign(to: options.signers) }
        }
        otherWriters = others.map(\.writer)
        later =
            (aside + newest.chain.files[(newest.place + 1)...]).filter { $0.header.signer == file.header.signer }
            + others.flatMap { $0.files.filter { $0.header.createdAt > file.header.createdAt } }
    }

    /// Whose history it is.
    public var archive: ArchiveID { chain.files[place].header.archive }

    /// Whether the archive was encrypted that the bundles were made of. Opens one of them.
    public func isOfEncryptedArchive() throws -> Bool {
        try chain.files[place].payload(keys).manifest.features.contains(ArchiveConfiguration.encryptedFeature)
    }

    /// Puts the archive together in a storage whose root folder exists and holds nothing, or what a killed restore left;
    /// encrypted where there are `slots`, and the storage has the key: with its id, sequence and head. Every bundle is checked
    /// before it is opened. What was forgotten stays so, also where only a later bundle says it.
    public func rebuild(
        in storage: any Storage, slots: [KeySlot] = [], at now: Timestamp, lockTimeout: LockTimeout,
        progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws -> (archive: Archive, summary: Summary) {
        let first = try open(needed[0])
        let restoration = try ArchiveRestoration(
            in: storage, id: chain.files[place].header.archive, createdAt: first.manifest.createdAt,
            features: try features(first), slots: slots, lockTimeout: lockTimeout)
        var payload = first
        for (index, file) in needed.enumerated() {
            if index > 0 { payload = try open(file) }
            guard payload.manifest.before == restoration.end else {
                throw BackupError(.corrupt, "\(file.name.text) does not go on where the bundle before it ends")
            }
            for (name, pack) in payload.packs { try restoration.add(pack, name: name) }
            progress(index + 1, needed.count)
        }
        let end = restoration.end
        guard end == payload.manifest.after else {
            throw BackupError(.corrupt, "\(chain.files[place].name.text) does not hold all that it names")
        }
        let (tombstones, unopened) = try laterTombstones()
        let archive = try restoration.finish(forgetting: tombstones, at: now)
        return (archive, summary(end, needed.count, unopened))
    }

    /// Finishes what a `rebuild` of the same bundles left in a storage that was killed when all was done but to tidy up; nil
    /// where the storage holds something else.
    public func finish(
        in storage: any Storage, lockTimeout: LockTimeout
    ) throws -> (archive: Archive, summary: Summary)? {
        guard try ArchiveRestoration.isAlmostFinished(in: storage, of: archive) else { return nil }
        let end = try open(chain.files[place]).manifest.after
        let finished = try ArchiveRestoration.finish(
            in: storage, of: archive, endingAt: end, lockTimeout: lockTimeout)
        guard let finished else { return nil }
        return (finished, summary(end, needed.count, []))
    }

    private func summary(_ end: SequenceMark, _ bundles: Int, _ unopened: [String]) -> Summary {
        Summary(
            bundle: chain.files[place].name, bundles: bundles, archive: archive, end: end, otherWriters: otherWriters,
            unreadable: unreadable + unopened)
    }

    /// What the restored archive asks of programs. A feature may have come with any bundle, and stays: the last one has
    /// all.
    private func features(_ first: BundlePayload) throws(BackupError) -> [String] {
        guard needed.count > 1, let last = needed.last else { return first.manifest.features }
        return try open(last).manifest.features
    }

    private func open(_ file: BundleFile) throws(BackupError) -> BundlePayload {
        try file.check()
        return try file.payload(keys)
    }

    /// What later bundles say was forgotten, with the numbers of the tombstones in their sequences. A bundle of another chain
    /// that cannot be opened does not stand in the way: why is returned.
    private func laterTombstones() throws -> (tombstones: [(number: Int, tombstone: Tombstone)], unopened: [String]) {
        var tombstones: [(number: Int, tombstone: Tombstone)] = []
        var unopened: [String] = []
        for file in later {
            let payload: BundlePayload
            do throws(BackupError) { payload = try open(file) } catch {
                if file.name.writer == chain.writer { throw error }
                unopened.append(error.message)
                continue
            }
            for (name, pack) in payload.packs { tombstones += try PackTombstones.read(pack, name: name) }
        }
        return (tombstones, unopened)
    }

    /// Brings what the bundles hold into the archive that `open` gives, called where there is something for it; nothing
    /// there is overwritten, and what it has forgotten stays so.
    /// `scratch` is an empty storage in which the archive of the bundles is put together first.
    public func merge(
        into open: @escaping () throws(ArchiveError) -> Archive, only player: PlayerName? = nil,
        by scratch: any Storage, slots: [KeySlot] = [],
        at now: Timestamp,
        lockTimeout: LockTimeout, report: @escaping (ImportEvent) -> Void
    ) throws -> (imported: ImportSummary, summary: Summary) {
        let (_, summary) = try rebuild(in: scratch, slots: slots, at: now, lockTimeout: lockTimeout)
        var options = ImportOptions(format: .archive)
        options.mergesOnly = player
        options.leavesForgotten = true
        let importer = Importer(options: options, lockTimeout: lockTimeout, opening: open, report: report)
        let imported = try importer.run([.stored(in: scratch, "", name: summary.bundle.text)])
        return (imported, summary)
    }
}
