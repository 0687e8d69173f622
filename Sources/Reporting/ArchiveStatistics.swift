public import Archive

/// What an archive holds and weighs.
public struct ArchiveStatistics: Hashable, Sendable {
    /// Players with any observation.
    public var players: Int
    /// Observations, failures included.
    public var observations: Int
    /// Distinct snapshot ids.
    public var snapshots: Int
    /// Bytes of all files of the archive's folder.
    public var bytesTotal: Int
    /// Sealed packs.
    public var packs: Int
    /// Documents that lie in files of their own.
    public var looseObjects: Int
    /// The head of the sequence; nil where damage leaves it unknown.
    public var head: SequenceHead?

    /// Numbers as counted.
    public init(
        players: Int, observations: Int, snapshots: Int, bytesTotal: Int, packs: Int, looseObjects: Int,
        head: SequenceHead?
    ) {
        (self.players, self.observations, self.snapshots) = (players, observations, snapshots)
        (self.bytesTotal, self.packs, self.looseObjects, self.head) = (bytesTotal, packs, looseObjects, head)
    }
}
