public import Archive
public import CivilTime
public import ObjectStore

/// Proves what a backup folder holds.
public struct BackupVerification: Sendable {
    /// Something that is not as it should be.
    public struct Finding: Hashable, Sendable {
        /// The bundle, where it is one.
        public let bundle: String?
        /// `corrupt`, `missing`, `io` …
        public let code: BackupError.Code
        /// What exactly.
        public let detail: String
    }

    /// A chain of bundles.
    public struct Chain: Hashable, Sendable {
        /// Who wrote it.
        public let writer: String
        /// Whose history.
        public let archive: ArchiveID
        /// Who signed it.
        public let signer: BackupSignerKey
        /// Bundles that are there.
        public let bundles: Int
        /// The SHA-256 of the newest: the chain's head.
        public let head: ObjectID
    }

    /// What shall be looked at, and held against what.
    public struct Options {
        /// Who may have signed; nobody where that is not known.
        public var signers: Set<BackupSignerKey> = []
        /// A head that `backup create` printed: that bundle must be there.
        public var head: ObjectID?
        /// What opens bundles; what is inside is proved where it is not empty.
        public var keys = BackupKeys()
        /// Per cent of the bundles whose bytes are read, chosen at random; nil for all.
        public var samplePercent: Int?

        /// Everything that needs no key.
        public init() {}
    }

    /// What is wrong; nothing where all is right.
    public private(set) var findings: [Finding] = []
    /// What is worth knowing and no damage.
    public private(set) var notes: [String] = []
    /// The chains.
    public private(set) var chains: [Chain] = []
    /// Bundles in the folder, those whose bytes were read, and those that were opened.
    public private(set) var bundles = 0
    /// See `bundles`.
    public private(set) var checked = 0
    /// See `bundles`.
    public private(set) var opened = 0
    /// Observations in what was opened, each of them computed anew.
    public private(set) var observations = 0

    /// Bundles that none of the keys opens.
    private var shut: [BackupError] = []

    /// Whether nothing is wrong.
    public var isSound: Bool { findings.isEmpty }

    /// Looks at a folder. `progress` is told of each bundle that is done. `clock` waits for parity that somebody may be
    /// writing, without one nothing is waited for. Throws where the folder cannot be listed, and
    /// `wrongKey` where none of the keys opens a bundle and nothing is wrong that is seen without.
    public static func run(
        on folder: any Storage, _ options: Options, random: RandomSource = .system, clock: (any WallClock)? = nil,
        progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws -> BackupVerification {
        let chains = try BackupChains(folder)
        var report = BackupVerification()
        report.bundles = chains.unreadable.count + chains.chains.reduce(0) { $0 + $1.files.count }
        guard try !BundleCheck.names(in: folder).isEmpty else {
            throw BackupError(.noBackup, "there is no bundle in \(folder.describe(""))")
        }
        for (name, error) in chains.unreadable { report.add(error, name) }
        for chain in chains.chains {
            try report.verify(chain, in: folder, options, random, clock, progress)
        }
        for (name, error) in try chains.lostEnds(in: folder) { report.add(error, name) }
        if let shut = report.shut.first, report.opened == 0, report.isSound { throw shut }
        report.check(chains, options)
        return report
    }

    private mutating func add(_ error: BackupError, _ name: BundleName) {
        findings.append(Finding(bundle: name.text, code: error.code, detail: error.message))
    }

    private mutating func verify(
        _ chain: BackupChains.Chain, in folder: any Storage, _ options: Options, _ random: RandomSource,
        _ clock: (any WallClock)?, _ progress: (Int, Int) -> Void
    ) throws {
        guard let last = chain.files.last else { return }
        chains.append(
            Chain(
                writer: chain.writer, archive: last.header.archive, signer: last.header.signer,
                bundles: chain.files.count, head: last.name.digest))
        if let note = chain.note { notes.append(note) }
        findings += chain.findings.map { Finding(bundle: nil, code: $0.code, detail: $0.message) }
        for file in chain.files where file.isForeign(to: options.signers) {
            add(BackupError(.corrupt, file.signedBySomebodyElse), file.name)
        }
        var before: (digest: ObjectID, mark: SequenceMark)?
        for (place, file) in chain.files.enumerated() {
            if let percent = options.samplePercent, place < chain.files.count - 1,
                try Self.isLeftOut(percent, random)
            {
                before = nil
                continue
            }
            checked += 1
            progress(checked, bundles)
            do throws(BackupError) {
                try file.check()
                try verifyParity(of: file, in: folder, isNewest: place == chain.files.count - 1, clock)
                guard !options.keys.isEmpty else { continue }
                let payload = try file.payload(options.keys)
                try prove(payload, of: file, after: before)
                before = (file.name.digest, payload.manifest.after)
            } catch {
                if error.code == .wrongKey { shut.append(error) } else { add(error, file.name) }
                before = nil
            }
        }
    }

    /// Parity can only be believed where the bundle is sound: it must be that of these bytes.
    private mutating func verifyParity(
        of file: BundleFile, in folder: any Storage, isNewest: Bool, _ clock: (any WallClock)?
    ) throws(BackupError) {
        let name = file.name
        var others = try BackupFolder.list(folder).others
        var parity = try BundleParity(of: name, in: folder, names: others)
        if let clock, file.header.parityPercent > 0 || parity != nil {
            var waited: Int64 = 0
            while parity.map({ $0.finding?.code == .missing }) ?? true,
                waited < Self.patience(with: file, among: others, isNewest: isNewest)
            {
                clock.sleep(milliseconds: Self.pause)
                waited += Self.pause
                others = try BackupFolder.list(folder).others
                parity = try BundleParity(of: name, in: folder, names: others)
            }
        }
        guard let parity else {
            guard file.header.parityPercent > 0 else { return }
            add(
                BackupError(
                    .missing,
                    "the parity of \(name.text) is missing, so damage to it could not be repaired; "
                        + "`backup create` on the machine that made it writes it again"), name)
            return
        }
        if let finding = parity.finding {
            add(finding, name)
        } else if try parity.damagedBlocks(of: name, in: folder)?.damaged != 0 {
            add(
                BackupError(.corrupt, "the parity of \(name.text) is that of other bytes: remove its .par2 files"), name
            )
        }
    }

    /// Between two looks at parity that is not there, in milliseconds.
    private static let pause: Int64 = 250

    /// How long to wait for the parity of a bundle, in milliseconds: it is written right behind the newest bundle, and for
    /// as long as its folder is there. par2 writes that of a mebibyte in a fifth of a second; whoever was killed leaves the
    /// folder, too.
    private static func patience(with file: BundleFile, among others: [String], isNewest: Bool) -> Int64 {
        if others.contains(BundleParity.workplace(of: file.name)) { return 2000 + Int64(file.size >> 20) * 1000 }
        return isNewest ? 1000 : 0
    }

    private mutating func prove(
        _ payload: BundlePayload, of file: BundleFile, after before: (digest: ObjectID, mark: SequenceMark)?
    ) throws(BackupError) {
        let manifest = payload.manifest
        let goesOn =
            file.header.isFull
            ? manifest.before.recordCount == 0
            : before.map { $0.digest != file.header.previous || $0.mark == manifest.before } ?? true
        guard goesOn else {
            throw BackupError(.corrupt, "\(file.name.text) does not go on where the bundle before it ends")
        }
        for (name, pack) in payload.packs {
            if let finding = PackProof.finding(in: pack, name: name) {
                throw BackupError(.corrupt, "\(file.name.text) is damaged inside: \(finding)")
            }
        }
        opened += 1
        observations += manifest.observations
    }

    private static func isLeftOut(_ percent: Int, _ random: RandomSource) throws -> Bool {
        let bytes = try random.bytes(4)
        return Int(bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } % 100) >= percent
    }

    private mutating func check(_ chains: BackupChains, _ options: Options) {
        if let head = options.head, !chains.chains.contains(where: { $0.files.contains { $0.name.digest == head } }) {
            findings.append(
                Finding(
                    bundle: nil, code: .missing,
                    detail: "the bundle \(head.hex) is not there: it was the newest when that head was noted"))
        }
        if options.signers.isEmpty {
            for signer in Set(self.chains.map(\.signer.text)).sorted() {
                notes.append("signed by \(signer); whether that is yours only --signer tells")
            }
        }
        if options.head == nil {
            notes.append("whether newer bundles were taken away only --expect tells, with the head that create printed")
        }
        if options.keys.isEmpty { notes.append("what lies inside was not looked at: that takes a key") }
        if let first = shut.first {
            notes.append("\(shut.count) bundle(s) are for other keys, and what lies inside was not looked at: \(first)")
        }
        for name in chains.unfinished { notes.append("\(name) was never finished and does not count") }
        for name in chains.strangers { notes.append("\(name) is none of the backup's") }
    }
}
