public import ObjectStore

/// What a verification found.
public struct VerificationReport: Sendable {
    /// One thing that is not as it was written.
    public struct Finding: Hashable, Sendable {
        /// What kind of thing it is.
        public enum Kind: String, Hashable, Sendable {
            /// `config.json`.
            case configuration = "config"
            /// The journal: its header or records in it.
            case journal
            /// A document among the loose objects.
            case object
            /// A pack: the whole of it, or blocks in it.
            case pack
            /// The sequence as a whole: it does not lead to a head that was noted elsewhere, or records are gone that nothing
            /// declares.
            case sequence
        }

        /// How it fails: corrupt, missing and I/O are three different things.
        public enum Failure: String, Hashable, Sendable {
            /// The bytes are not what was written.
            case corrupt
            /// The file is not there.
            case missing
            /// The storage could not read it.
            case io
        }

        /// What kind of thing it is.
        public let kind: Kind
        /// The document's id, where it is one.
        public let id: ObjectID?
        /// The file, as a person would name it.
        public let file: String
        /// Where in the file, in bytes; nil for the whole of it.
        public let offset: Int?
        /// How it fails.
        public let failure: Failure
        /// A sentence for people.
        public let detail: String
        /// Whose history it touches, and when.
        public let affects: [Affected]
    }

    /// What is not as it was written, in the order in which it was found.
    public var findings: [Finding] = []
    /// Things worth knowing that are no damage: an unfinished write, files that belong to nobody.
    public var notes: [String] = []
    /// Distinct snapshot ids that the records name.
    public var snapshots = 0
    /// Observations.
    public var observations = 0
    /// The head of the sequence; nil where damage leaves it unknown.
    public var head: SequenceHead?

    /// Whether the archive was looked at without its key: nothing is known of what it holds.
    public var isLocked = false

    /// Whether everything is as it was written.
    public var isSound: Bool { findings.isEmpty }
}
