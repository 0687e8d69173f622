public import CivilTime
public import Hiscores
public import ObjectStore

/// One step of an archive's life. The sequence of all records is the archive's history.
public enum Record: Hashable, Sendable {
    /// What one attempt saw.
    case observation(Observation)
    /// A name given to a moment, or taken away.
    case tag(Tag)
    /// Two names of one account joined, or parted again.
    case rename(RenameLink)
    /// History that its owner had removed.
    case tombstone(Tombstone)
    /// History that was lost, and that a repair declared so.
    case loss(Loss)
}

extension Record {
    /// The feature that an archive must have before it holds such a record; nil for what every program reads.
    var requiredFeature: String? {
        if case .observation(let observation) = self, observation.result == .ranksOnly {
            return ArchiveConfiguration.ranksOnlyFeature
        }
        return nil
    }
}

/// A name for a moment. The newest record of a name counts.
public struct Tag: Hashable, Sendable {
    /// The name.
    public var name: String
    /// When it was given or taken away.
    public var recordedAt: Timestamp
    /// What it stands for; nil takes the name away.
    public var target: Moment?

    /// A tag of given parts.
    public init(name: String, recordedAt: Timestamp, target: Moment?) {
        (self.name, self.recordedAt, self.target) = (name, recordedAt, target)
    }
}

/// A snapshot at the place in history where it was seen. An id that no ref log mentions has no place.
public struct Moment: Hashable, Sendable {
    /// The id of the document.
    public var snapshot: ObjectID
    /// Where it was seen, or nil.
    public var sighting: Sighting?

    /// Who was seen on which board, and when.
    public struct Sighting: Hashable, Sendable {
        /// The board.
        public var board: Board
        /// The player.
        public var player: PlayerName
        /// When the answer arrived.
        public var capturedAt: Timestamp

        /// A sighting of given parts.
        public init(board: Board, player: PlayerName, capturedAt: Timestamp) {
            (self.board, self.player, self.capturedAt) = (board, player, capturedAt)
        }
    }

    /// A moment of given parts.
    public init(snapshot: ObjectID, sighting: Sighting?) { (self.snapshot, self.sighting) = (snapshot, sighting) }
}

/// One history under two names, from a moment on. What the links of an archive say together is a `Lineage`.
public struct RenameLink: Hashable, Sendable {
    /// The earlier name.
    public var from: PlayerName
    /// The later name.
    public var to: PlayerName
    /// From when on the later name counts.
    public var effectiveAt: Timestamp
    /// When the link was made or undone.
    public var recordedAt: Timestamp
    /// Whether this record takes the link back.
    public var isUndone: Bool

    /// A link of given parts.
    public init(from: PlayerName, to: PlayerName, effectiveAt: Timestamp, recordedAt: Timestamp, isUndone: Bool) {
        (self.from, self.to, self.effectiveAt) = (from, to, effectiveAt)
        (self.recordedAt, self.isUndone) = (recordedAt, isUndone)
    }
}

/// What `forget` leaves: when, how much and why.
public struct Tombstone: Hashable, Sendable {
    /// Whose history was removed.
    public var player: PlayerName
    /// On which board; nil for all.
    public var board: Board?
    /// At which moment; nil for all.
    public var capturedAt: Timestamp?
    /// How many records were removed: the observations, and tags and the like that named them.
    public var count: Int
    /// Why, in the owner's words.
    public var reason: String
    /// When.
    public var recordedAt: Timestamp

    /// The longest reason, in bytes of UTF-8: with each of them escaped in JSON the record stays below its limit.
    public static let reasonLimit = 8 << 10

    /// A tombstone of given parts.
    public init(
        player: PlayerName, board: Board?, capturedAt: Timestamp?, count: Int, reason: String, recordedAt: Timestamp
    ) {
        (self.player, self.board, self.capturedAt) = (player, board, capturedAt)
        (self.count, self.reason, self.recordedAt) = (count, reason, recordedAt)
    }
}

/// What a repair could not save of one log, or of nobody knows which.
public struct Loss: Hashable, Sendable {
    /// Whose history it was, where that is known.
    public var player: PlayerName?
    /// On which board, where that is known.
    public var board: Board?
    /// The moments of the first and the last of what was lost, where they are known.
    public var from: Timestamp?
    /// See `from`.
    public var to: Timestamp?
    /// How many records were lost.
    public var count: Int
    /// How many forgotten records lost the tombstone that declared them.
    public var forgotten: Int
    /// What was damaged.
    public var reason: String
    /// When the loss was declared.
    public var recordedAt: Timestamp

    /// A loss of given parts.
    public init(_ affected: Affected, count: Int, forgotten: Int = 0, reason: String, recordedAt: Timestamp) {
        (player, board, from, to) = (affected.player, affected.board, affected.from, affected.to)
        (self.count, self.forgotten, self.reason, self.recordedAt) = (count, forgotten, reason, recordedAt)
    }
}

extension Tag {
    /// Whether a text can name a moment: 1 to 64 ASCII letters, digits, `.`, `_` and `-`, a letter or digit first.
    public static func isValidName(_ name: String) -> Bool {
        guard (1...64).contains(name.utf8.count), let first = name.unicodeScalars.first else { return false }
        let isLetterOrDigit: (Unicode.Scalar) -> Bool = {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0))
        }
        return isLetterOrDigit(first)
            && name.unicodeScalars.allSatisfy { isLetterOrDigit($0) || [".", "_", "-"].contains($0) }
    }
}
