public import Archive
public import CivilTime
public import ObjectStore

/// Makes bundles of an archive.
public struct BackupCreation {
    /// For whom, and how.
    public struct Options {
        /// Whose secret keys open the bundle.
        public var recipients: [BackupRecipient] = []
        /// A passphrase that opens it; the caller wipes it.
        public var passphrase: [UInt8]?
        /// How much work that takes.
        public var scrypt = ScryptParameters.standard
        /// Whether everything goes into it, not only what the folder lacks.
        public var isFull = false
        /// Per cent of parity that will be written beside it.
        public var parityPercent = 0

        /// For nobody yet.
        public init() {}
    }

    /// What came of it.
    public struct Summary: Hashable, Sendable {
        /// The newest bundle of the chain; its digest is the chain's head, to note elsewhere.
        public let bundle: BundleName
        /// Whether it was written now; otherwise the folder lacked nothing.
        public let isNew: Bool
        /// Whether it needs none before.
        public let isFull: Bool
        /// Its bytes; 0 where it is not new.
        public let bytes: Int
        /// Observations in it, snapshots that are new with it, and the first and the last moment.
        public let observations: Int
        /// See `observations`.
        public let snapshots: Int
        /// See `observations`.
        public let moments: ClosedRange<Timestamp>?
        /// Why a new chain was begun, or everything was written once more, where that was not asked for.
        public let note: String?
    }

    private let archive: Archive
    private let folder: any Storage
    private let signer: BackupSigner
    private let options: Options
    private let scratch: (any Storage)?
    private let random: RandomSource

    /// Backups of an archive to a folder that exists. In `scratch`, an empty storage, parts of long packs are put together,
    /// which otherwise need as much memory; somebody else may read it where it has no key.
    public init(
        of archive: Archive, to folder: any Storage, signer: BackupSigner, _ options: Options,
        scratch: (any Storage)? = nil, random: RandomSource = .system
    ) {
        (self.archive, self.folder, self.signer) = (archive, folder, signer)
        (self.options, self.scratch, self.random) = (options, scratch, random)
    }

    /// Where a bundle goes on from.
    private struct Start {
        var state: ChainNotes.State?
        var writer: String
        var salt: [UInt8]
        var note: String?
    }

    /// Writes one bundle of what the folder lacks, durable when this returns; none where it lacks nothing.
    ///
    /// `notes` are what the archive remembers, and `save` makes new ones durable: before the first bundle of a chain is
    /// begun, and before a bundle takes its name. The caller holds their lock. Throws `noRecipient`, `ArchiveError` where the archive cannot be read, and what the
    /// folder reports: then nothing in it counts that did not before.
    public func run(
        _ notes: ChainNotes, at now: Timestamp, save: (ChainNotes) throws -> Void
    ) throws -> Summary {
        var taken: Set<String> = []
        while true {
            if let summary = try run(notes, at: now, avoiding: &taken, save) { return summary }
        }
    }

    /// Nil where a copy of the archive has just written the number that was to be written, in a chain that is `taken` then.
    private func run(
        _ notes: ChainNotes, at now: Timestamp, avoiding taken: inout Set<String>, _ save: (ChainNotes) throws -> Void
    ) throws -> Summary? {
        guard !options.recipients.isEmpty || options.passphrase != nil else {
            throw BackupError(
                .noRecipient, "say whom the backup is for: --recipient with a public key, or --passphrase")
        }
        let (bundles, others) = try BackupFolder.list(folder)
        try removePartial(others, of: notes.chains.map(\.writer))
        let start = try self.start(notes, bundles, avoiding: taken)
        var note = start.note
        let openers = try BackupError.ofSealing("a key of the backup") { () throws(SealingError) in
            try BundleOpeners(options, salt: start.salt)
        }
        if let known = start.state?.openers, note == nil, !options.isFull, !openers.names.isSubset(of: known) {
            note = "a key or the passphrase of this backup does not open the bundles before it: all of it is written"
        }
        var extract: SequenceExtract?
        if let state = start.state, !options.isFull, note == nil {
            extract = try archive.extract(after: state.mark, by: scratch)
            if extract == nil {
                note = "the archive's history no longer goes on from the last bundle: all of it is written"
            }
        }
        let isFull = extract == nil
        guard let extract = try extract ?? archive.extract() else {
            throw BackupError(.io, "the archive's history cannot be taken")
        }
        if !isFull, extract.packs.isEmpty, let state = start.state {
            return Summary(
                bundle: state.name, isNew: false, isFull: state.full == state.name.number, bytes: 0, observations: 0,
                snapshots: 0, moments: nil, note: nil)
        }
        var notes = notes
        if start.state == nil {
            notes.begin(writer: start.writer, salt: start.salt)
            try save(notes)
        }
        let summary = try write(extract, isFull: isFull, start, openers, note, notes, now, save)
        if summary == nil { taken.insert(start.writer) }
        return summary
    }

    /// The chain that goes on in this folder: the newest whose last bundle is there. Another one begins where there is
    /// none, and where somebody else went on with it or wrote the same number: a copy of the archive, for example.
    private func start(
        _ notes: ChainNotes, _ bundles: [BundleName], avoiding taken: Set<String>
    ) throws(BackupError) -> Start {
        let here = Set(bundles)
        var note: String?
        for chain in notes.chains.reversed() {
            guard let state = chain.states.last(where: { here.contains($0.name) }) else { continue }
            let isAnothers = bundles.contains { other in
                other.writer == chain.writer && other.number >= state.name.number && other != state.name
            }
            if isAnothers || taken.contains(chain.writer) {
                note = "another copy of this archive went on with its chain of bundles: a new chain is begun"
                continue
            }
            let numbers = Set(bundles.filter { $0.writer == chain.writer }.map(\.number))
            let isWhole = (state.full...state.name.number).allSatisfy(numbers.contains)
            return Start(
                state: state, writer: chain.writer, salt: chain.salt,
                note: isWhole ? nil : "bundles that others build on are gone from the folder: all of it is written")
        }
        let made = try BackupError.ofSealing("a new chain cannot be begun") { () throws(SealingError) in
            (try random.bytes(8), try random.bytes(ScryptParameters.saltBytes))
        }
        return Start(writer: Hexadecimal.text(made.0), salt: made.1, note: note)
    }

    private func write(
        _ extract: SequenceExtract, isFull: Bool, _ start: Start, _ openers: BundleOpeners, _ note: String?,
        _ notes: ChainNotes, _ now: Timestamp, _ save: (ChainNotes) throws -> Void
    ) throws -> Summary? {
        let number = (start.state?.name.number ?? 0) + 1
        let sealed = try BackupError.ofSealing("the bundle") { () throws(SealingError) in
            try SealedFileHeader(.bundle, random: random)
        }
        let key = try BackupError.ofSealing("the bundle") { () throws(SealingError) in try SecretKey.random(random) }
        let header = BundleHeader(
            file: sealed.file, archive: extract.archive, writer: start.writer, number: number,
            previous: start.state?.name.digest, createdAt: now, isFull: isFull, parityPercent: options.parityPercent,
            signer: signer.publicKey, stanzas: try stanzas(key, openers, extract.archive, sealed))
        let partial = try "\(Self.partial(start.writer))\(Hexadecimal.text(random.bytes(8)))"
        var isReserved = false
        let reservation = "\(Self.partial(start.writer))\(number)"
        defer { if isReserved { try? folder.remove(reservation) } }
        do {
            let digest = try BundleWriter.write(
                extract, header, sealed, key: key, signer: signer, to: partial, of: folder, random: random)
            let name = BundleName(writer: start.writer, number: number, digest: digest)
            let file = try BundleFile(name, in: folder, at: partial)
            try file.check()
            isReserved = try reserve(reservation)
            guard try isReserved && !isWritten(number, of: start.writer) else {
                try BackupError.ofStorage { () throws(StorageError) in try folder.remove(partial) }
                return nil
            }
            var noted = notes
            // Who can open all that a restore needs once the bundle is there; unknown behind notes of an older program.
            let all =
                isFull || start.state == nil ? openers.names : start.state?.openers?.intersection(openers.names)
            noted.note(
                ChainNotes.State(
                    name: name, full: isFull ? number : start.state?.full ?? number, mark: extract.after,
                    openers: all), salt: start.salt)
            try save(noted)
            try BackupError.ofStorage { () throws(StorageError) in
                try folder.rename(partial, to: name.text)
                try folder.synchronizeFolder("")
            }
            let manifest = BundleManifest(extract)
            return Summary(
                bundle: name, isNew: true, isFull: isFull, bytes: file.size, observations: manifest.observations,
                snapshots: manifest.snapshots, moments: manifest.moments, note: note)
        } catch {
            try? folder.remove(partial)
            throw error
        }
    }

    private func stanzas(
        _ key: borrowing SecretKey, _ openers: BundleOpeners, _ archive: ArchiveID, _ sealed: SealedFileHeader
    ) throws(BackupError) -> [KeyStanza] {
        let binding = KeyStanza.binding(archive: archive.bytes, file: sealed.file)
        do { return try openers.stanzas(to: key, binding: binding, random: random) } catch {
            throw BackupError(error, "the bundle's key cannot be wrapped")
        }
    }

    /// Makes the file that keeps a number from a copy of the archive, which has the same notes and other locks; false where
    /// it is there.
    private func reserve(_ path: String) throws(BackupError) -> Bool {
        do { try folder.create(path, []) } catch {
            guard error.code == .exists else { throw BackupError(error) }
            return false
        }
        return true
    }

    private func isWritten(_ number: Int, of writer: String) throws(BackupError) -> Bool {
        try BackupFolder.list(folder).bundles.contains { $0.writer == writer && $0.number >= number }
    }

    private static func partial(_ writer: String) -> String { "\(BackupFolder.partialPrefix)\(writer)-" }

    /// Removes what killed runs of these writers left. What is being written by somebody else has another writer, or is that
    /// of a copy of this archive: then its run fails, and its next one begins a chain of its own.
    private func removePartial(_ names: [String], of writers: [String]) throws(BackupError) {
        for name in names where writers.contains(where: { name.hasPrefix(Self.partial($0)) }) {
            do { try folder.remove(name) } catch {
                guard error.code == .missing else { throw BackupError(error) }
            }
        }
    }
}
