public import ObjectStore

/// An opened archive: its history as of the last look at the journal, its documents, and the way to add to both.
///
/// Reading never waits for writers. One thread at a time.
public final class Archive {
    /// Where the files lie.
    public let storage: any Storage
    /// What `config.json` says.
    public let configuration: ArchiveConfiguration
    /// What the records say.
    public internal(set) var history = History()
    /// Damage in the journal; while there is any, nothing is committed.
    public internal(set) var damage: [Damage] = []
    /// The head of the sequence; nil where damage leaves it unknown.
    public internal(set) var head: SequenceHead?
    /// Records in the sequence, lost ones counted.
    public internal(set) var recordCount = 0

    /// The SHA-256 of each record in sequence order; empty where damage breaks the chain.
    var chain: [ObjectID] = []
    let objects: LooseObjects
    let hasher = SHA256()
    let checksForm: Bool
    var journal = JournalPosition()
    /// Set after a failed write: what lies on the medium is unknown, so this writer has stopped.
    var hasFailed = false

    /// How far the journal has been read.
    struct JournalPosition {
        /// The end of the last whole batch.
        var end = 0
        /// The number of the next frame.
        var nextFrame = 1
        /// Bytes behind the end that a crash left; not counted while a writer may be at work.
        var tornBytes = 0
    }

    /// A stretch of the journal that cannot be read.
    public struct Damage: Hashable, Sendable {
        /// The file, as a person would name it.
        public let file: String
        /// Where in the file, in bytes.
        public let offset: Int
        /// The sequence numbers of the records that are lost.
        public let records: Range<Int>
        /// Who is affected, one for each record that can be made out in the damaged bytes; a hint, never trusted.
        public let affects: [Affected]
    }

    /// Opens the archive in a storage. Throws `noArchive`, `corrupt`, `missing`, `unsupported` or `io`; damage to single
    /// records does not throw: it stands in `damage`.
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

    /// A document by its id, its SHA-256 recomputed. Throws `corrupt`, `missing`, `unsupported` or `io`.
    public func document(_ id: ObjectID) throws(ArchiveError) -> [UInt8] {
        do { return try objects.read(id) } catch { throw ArchiveError(error) }
    }

    /// After how many records this sequence had that head; nil where it never had. O(records).
    public func recordCount(at wanted: SequenceHead) -> Int? {
        var head = SequenceHead.start(of: configuration.archive, hasher)
        if head == wanted { return 0 }
        for (index, record) in chain.enumerated() {
            head = head.appending(record: record, hasher)
            if head == wanted { return index + 1 }
        }
        return nil
    }

    /// The SHA-256 of bytes.
    public func id(of bytes: [UInt8]) -> ObjectID { hasher.digest(bytes) }
}
