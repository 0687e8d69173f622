public import ObjectStore

/// An opened archive: its history as of the last look at the journal, its documents, and the way to add to both.
///
/// Reading never waits for writers. One thread at a time.
public final class Archive {
    /// Where the files lie.
    public let storage: any Storage
    /// What `config.json` says.
    public internal(set) var configuration: ArchiveConfiguration
    /// What the records say.
    public internal(set) var history = History()
    /// What cannot be read of journal and packs, as far as it is known.
    public var damage: [Damage] { journalDamage + packDamage + metDamage }
    /// Damage in packs that reading has come upon and passed over so far.
    public var metDamage: [Damage] { packs.metDamage.all }
    /// Damage in the journal; while there is any, nothing is committed.
    public internal(set) var journalDamage: [Damage] = []
    /// The head of the sequence; nil where damage leaves it unknown.
    public internal(set) var head: SequenceHead?
    /// Records in the sequence, lost ones counted.
    public internal(set) var recordCount = 0

    /// The SHA-256 of each record in the journal, in order; empty where damage breaks the chain.
    var chain: [ObjectID] = []
    /// The packs that hold what lies before the journal.
    var packs = PackSet()
    let objects: LooseObjects
    let hasher = SHA256()
    let checksForm: Bool
    var journal = JournalPosition()
    /// A batch of so many new records becomes a pack, a smaller one loose objects and records of the journal. Those cost a
    /// file, made durable, for each document.
    static let packedBatchRecords = 64
    /// The same for this archive: a test has other batches.
    var packedBatchRecords = Archive.packedBatchRecords
    /// The longest pack of which a copy puts a part together in memory, where it has another place for that.
    var extractMemoryLimit = 1 << 22
    /// Set after a failed write: what lies on the medium is unknown, so this writer has stopped.
    var hasFailed = false

    /// How far the journal has been read.
    struct JournalPosition {
        /// Its header, and the bytes of the frame that holds it: another journal has another.
        var header: JournalHeader?
        var headerFrame: [UInt8] = []
        /// The end of the last whole batch.
        var end = 0
        /// The number of the next frame.
        var nextFrame = 1
        /// Bytes behind the end that a crash left; not counted while a writer may be at work.
        var tornBytes = 0
        /// What the next frame is sealed with; nil in a plain archive.
        var frames: SealedFrames?
    }

    /// A part of the journal or of a pack that cannot be read.
    public struct Damage: Hashable, Sendable {
        /// The file, as a person would name it.
        public let file: String
        /// Where in the file, in bytes.
        public let offset: Int
        /// The sequence numbers of the records that are lost; for a block of a pack, whose records need not follow one
        /// another, the lowest number and as many as there are.
        public let records: Range<Int>
        /// Who is affected. In the journal one for each record that can be made out in the damaged bytes, a hint, never
        /// trusted; in a pack one for each log, as its directory says.
        public let affects: [Affected]
    }

    /// Opens the archive in a storage, an encrypted one in an `UnlockedStorage`. Throws `noArchive`, `corrupt`, `missing`,
    /// `unsupported`, `keyNeeded`, `keyRefused` or `io`; damage to single records does not throw: it stands in `damage`.
    ///
    /// With `checksForm` a record that is not canonical JSON counts as damaged, too: a proof asks for that, other
    /// commands need not pay for it.
    public static func open(_ storage: any Storage, checksForm: Bool = false) throws(ArchiveError) -> Archive {
        let configuration = try readConfiguration(storage)
        let objects: LooseObjects
        do { objects = try LooseObjects(storage: storage) } catch { throw ArchiveError(error) }
        let archive = Archive(
            storage: storage, configuration: configuration, objects: objects, checksForm: checksForm)
        try archive.reload()
        return archive
    }

    init(
        storage: any Storage, configuration: ArchiveConfiguration, objects: consuming LooseObjects, checksForm: Bool
    ) {
        (self.storage, self.configuration, self.checksForm) = (storage, configuration, checksForm)
        self.objects = objects
    }

    /// The number of the first record in the journal: those before it are in packs.
    var base: Int { journal.header?.base ?? 0 }

    /// Packs that cannot be read at all.
    private var packDamage: [Damage] {
        var first = 0
        return packs.members.compactMap { member in
            switch member.state {
            case .open(let history):
                first = history.pack.trailer.range.upperBound
                return nil
            case .damaged(let error):
                let end = packs.first(after: member) ?? base
                defer { first = end }
                return Damage(
                    file: storage.describe(ArchiveLayout.pack(member.name)), offset: error.offset,
                    records: first..<max(first, end), affects: [.unknown])
            }
        }
    }

    /// After how many records this sequence had that head, where it is one behind a record in the journal; nil where it
    /// is none of them. O(records in the journal).
    func recordCountInJournal(at wanted: SequenceHead) -> Int? {
        guard var head = journal.header?.baseHead else { return nil }
        if head == wanted { return base }
        for (index, record) in chain.enumerated() {
            head = head.appending(record: record, hasher)
            if head == wanted { return base + index + 1 }
        }
        return nil
    }

    /// The SHA-256 of bytes.
    public func id(of bytes: [UInt8]) -> ObjectID { hasher.digest(bytes) }
}
