public import CivilTime

/// A bundle of a backup, as lists and answers show it.
public struct ReportedBundle: Sendable {
    /// The file's name.
    public var name: String
    /// Its number in its chain.
    public var sequence: Int
    /// When it was made.
    public var createdAt: Timestamp
    /// Its bytes.
    public var bytes: Int
    /// What lies inside: observations, snapshots that are new with it, first and last moment; nil where that is sealed.
    public var observations: Int?
    /// See `observations`.
    public var snapshots: Int?
    /// See `observations`.
    public var from: Timestamp?
    /// See `observations`.
    public var to: Timestamp?
    /// Whether it needs none before.
    public var isFull: Bool
    /// Kinds and ids of the keys that open it.
    public var recipients: [(kind: String, id: String)]
    /// Per cent of parity beside it.
    public var parityPercent: Int
    /// Whether all bundles that it needs are there.
    public var isComplete: Bool

    /// A bundle of which nothing inside is known yet.
    public init(
        name: String, sequence: Int, createdAt: Timestamp, bytes: Int, isFull: Bool,
        recipients: [(kind: String, id: String)], parityPercent: Int, isComplete: Bool
    ) {
        (self.name, self.sequence, self.createdAt, self.bytes) = (name, sequence, createdAt, bytes)
        (self.isFull, self.recipients) = (isFull, recipients)
        (self.parityPercent, self.isComplete) = (parityPercent, isComplete)
    }
}
