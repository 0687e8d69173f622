public import CivilTime
public import Hiscores
public import ObjectStore

/// What one attempt to look at one board for one player saw.
public struct Observation: Hashable, Sendable {
    /// How the attempt ended.
    public enum Result: String, CaseIterable, Hashable, Sendable {
        /// A snapshot was served, and its document is kept.
        case ok
        /// A snapshot was served that differs from the one kept before in ranks alone, and a rank policy let its document
        /// go: its ids are known, its document is declared absent.
        case ranksOnly = "ranks_only"
        /// The board does not list that name (404); alone it changes nothing.
        case notFound = "not_found"
        /// The service was down, out of reach, or answered with a page that is no answer.
        case unavailable
        /// The service asked for patience (429) or showed its bot wall (403).
        case throttled
        /// A whole answer that is no snapshot; its bytes are kept.
        case invalid

        /// Whether a snapshot was served, be its document kept or not.
        public var isServed: Bool {
            switch self {
            case .ok, .ranksOnly: true
            case .notFound, .unavailable, .throttled, .invalid: false
            }
        }
    }

    /// The board that was asked.
    public var board: Board
    /// The player, normalised.
    public var player: PlayerName
    /// The name as served; where the answer has none, as asked for.
    public var displayName: String?
    /// When the answer arrived, UTC milliseconds.
    public var capturedAt: Timestamp
    /// How it ended.
    public var result: Result
    /// The id of the document that was served; set exactly when a snapshot was (`Result.isServed`).
    public var snapshot: ObjectID?
    /// The id of the same document with every `rank` removed; set exactly when a snapshot was served.
    public var progress: ObjectID?
    /// What else is known of the attempt.
    public var evidence: Evidence

    /// An observation of given parts.
    public init(
        board: Board, player: PlayerName, displayName: String?, capturedAt: Timestamp, result: Result,
        snapshot: ObjectID? = nil, progress: ObjectID? = nil, evidence: Evidence = Evidence()
    ) {
        (self.board, self.player, self.displayName) = (board, player, displayName)
        (self.capturedAt, self.result) = (capturedAt, result)
        (self.snapshot, self.progress, self.evidence) = (snapshot, progress, evidence)
    }

    /// What makes two observations the same: importing one again adds nothing, the first evidence stays.
    public struct Identity: Hashable, Sendable {
        let board: Board
        let player: PlayerName
        let capturedAt: Timestamp
        let result: Result
        let snapshot: ObjectID?
    }

    /// Board, player, moment, result and snapshot.
    public var identity: Identity {
        Identity(board: board, player: player, capturedAt: capturedAt, result: result, snapshot: snapshot)
    }
}

/// What is known of an attempt beyond its result. Every part may be unknown (nil), as imported ones mostly are.
public struct Evidence: Hashable, Sendable {
    /// The HTTP status code of the answer.
    public var httpStatus: Int?
    /// Milliseconds from sending the request to the end of the answer.
    public var latencyMilliseconds: Int?
    /// Which attempt of its run this was, from 1.
    public var attempt: Int?
    /// Why it failed, in a sentence; nil where a snapshot was served.
    public var error: String?
    /// Where a redirect pointed.
    public var redirect: String?
    /// Where the data came from: the endpoint's address, or the name of the tracker it was imported from.
    public var source: String?
    /// Program and version that made the observation, such as `osrs-archive/0.1.0`.
    public var agent: String?
    /// The id of the run that it belongs to.
    public var run: String?
    /// Whether the clock was set by a person (`OSRS_ARCHIVE_NOW`).
    public var clockIsSet: Bool
    /// The body of an answer that is no snapshot.
    public var body: AnswerBody?
    /// How far the values can be trusted, for imported data: `derived` (recomputed by a tracker), `imputed` (perhaps
    /// carried over from an earlier snapshot by it), `nulled` (negative numbers became null before they were kept); and
    /// `reclassified`: kept as an answer that was no snapshot, and understood later.
    public var provenance: [String]
    /// What the snapshot gave reason to suspect when it was captured (`Suspicion`); words that this version does not know
    /// are kept.
    public var suspicions: [String]

    /// Evidence; everything unknown unless said.
    public init(
        httpStatus: Int? = nil, latencyMilliseconds: Int? = nil, attempt: Int? = nil, error: String? = nil,
        redirect: String? = nil, source: String? = nil, agent: String? = nil, run: String? = nil,
        clockIsSet: Bool = false, body: AnswerBody? = nil, provenance: [String] = [],
        suspicions: [String] = []
    ) {
        (self.httpStatus, self.latencyMilliseconds, self.attempt) = (httpStatus, latencyMilliseconds, attempt)
        (self.error, self.redirect, self.source, self.agent, self.run) = (error, redirect, source, agent, run)
        (self.clockIsSet, self.body, self.provenance) = (clockIsSet, body, provenance)
        self.suspicions = suspicions
    }
}

/// What a snapshot may give reason to suspect.
public enum Suspicion: String, CaseIterable, Hashable, Sendable {
    /// The name has another owner than at the snapshot before: what changed, no account can do.
    case changedHands = "changed_hands"
}

/// The body of an answer that is no snapshot, as evidence.
public struct AnswerBody: Hashable, Sendable {
    /// The answer's Content-Type, as served.
    public var contentType: String?
    /// Bytes in the body (as far as it was read).
    public var bytes: Int
    /// SHA-256 of those bytes.
    public var id: ObjectID
    /// Whether the archive keeps the bytes as an object (`invalid` answers) or only this note of them.
    public var isKept: Bool

    /// A note of a body.
    public init(contentType: String?, bytes: Int, id: ObjectID, isKept: Bool) {
        (self.contentType, self.bytes, self.id, self.isKept) = (contentType, bytes, id, isKept)
    }
}
