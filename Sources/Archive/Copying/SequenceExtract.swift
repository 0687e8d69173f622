public import CivilTime
public import ObjectStore

/// A place in a sequence: how many records come before it, and the head that commits to them.
public struct SequenceMark: Hashable, Sendable {
    /// Records before it.
    public let recordCount: Int
    /// The head after them.
    public let head: SequenceHead

    /// A mark that was noted.
    public init(recordCount: Int, head: SequenceHead) { (self.recordCount, self.head) = (recordCount, head) }
}

/// A stretch of an archive's sequence as packs that tile it, each readable by itself.
public struct SequenceExtract: Sendable {
    /// Whose sequence.
    public let archive: ArchiveID
    /// When that archive was made.
    public let createdAt: Timestamp
    /// What a program must understand to read that archive, sorted.
    public let features: [String]
    /// Where it begins.
    public let before: SequenceMark
    /// Where it ends.
    public let after: SequenceMark
    /// The packs, in the order of the sequence; none where nothing lies between.
    public let packs: [ExtractedPack]
}

/// A pack outside of an archive's folder.
public struct ExtractedPack: Sendable {
    /// The SHA-256 of its bytes.
    public let name: ObjectID
    /// Its bytes. They stay readable whatever becomes of the archive.
    public let file: any StorageFile
    /// The numbers of its records.
    public let records: Range<Int>
    /// The head after its last record.
    public let headAfter: SequenceHead
    /// Observations in it.
    public let observations: Int
    /// Snapshots of which an observation in it is the first of all.
    public let snapshots: Int
    /// The first and the last moment of an observation in it; nil where there is none.
    public let moments: ClosedRange<Timestamp>?
}

extension ExtractedPack {
    /// Reads what a pack says of itself; `name` is the SHA-256 of its bytes in the clear.
    init(_ pack: Pack, name: ObjectID) throws(PackError) {
        let blocks = try pack.allBlocks()
        var moments: ClosedRange<Timestamp>?
        if let first = blocks.map(\.first).min(), let last = blocks.map(\.last).max() {
            guard let first = Timestamp(millisecondsSinceEpoch: first),
                let last = Timestamp(millisecondsSinceEpoch: last)
            else { throw .corrupt("the directory has a moment that is none", offset: 0) }
            moments = first...last
        }
        self.init(
            name: name, file: pack.file, records: pack.trailer.range, headAfter: pack.trailer.headAfter,
            observations: pack.footer.observations, snapshots: pack.footer.newInArchive, moments: moments)
    }
}
