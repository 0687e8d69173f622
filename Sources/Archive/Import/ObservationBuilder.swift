import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore

/// An observation that was found, with its document.
struct ImportedObservation {
    var observation: Observation
    var document: PreparedDocument?
    /// What the person should know of it.
    var note: String?
}

/// Whom, where and when a snapshot is of.
struct ImportPlace {
    var player: PlayerName
    /// The name as the data or the person spells it.
    var spelling: String
    var board: Board
    var capturedAt: Timestamp

    /// What the data says, and the options where it says nothing. Nothing is ever guessed.
    init(
        player: String?, board: Board?, capturedAt: Timestamp?, or options: ImportOptions
    ) throws(ImportFailure) {
        let player = player ?? options.player
        let board = board ?? options.board
        let capturedAt = capturedAt ?? options.capturedAt
        guard let player, let board, let capturedAt else {
            let missing = [
                player == nil ? ("its player", "--player") : nil, board == nil ? ("its board", "--board") : nil,
                capturedAt == nil ? ("its time", "--at") : nil,
            ].compactMap(\.self)
            throw ImportFailure(
                .needsPlaceAndTime,
                "it does not say \(missing.map(\.0).listed): give \(missing.map(\.1).listed)")
        }
        guard let key = PlayerName(normalising: player) else {
            throw ImportFailure(.malformed, "\(PlayerNameError.empty)")
        }
        do { _ = try PlayerName.validated(key.key) } catch { throw ImportFailure(.malformed, "\(error)") }
        (self.player, spelling, self.board, self.capturedAt) = (key, player, board, capturedAt)
    }
}

/// Makes observations of documents: the canonical form, both ids, and the checks that a commit relies on.
final class ObservationBuilder {
    private let hasher = SHA256()
    private static let name: JSONText = "name"
    private static let rank: JSONText = "rank"
    private var shapes: DocumentShapes

    /// A builder for one thread, which learns with others what documents are like.
    init(sharing learned: LearnedShapes = LearnedShapes()) { shapes = DocumentShapes(sharing: learned) }

    /// The id of bytes.
    func id(of bytes: [UInt8]) -> ObjectID { hasher.digest(bytes) }

    /// What makes an observation the same as another.
    func key(of observation: Observation) -> ObservationKey { ObservationKey(observation, hasher) }

    /// The document that begins at `start` of a line, where it is like one that was learned; nil where it must be parsed.
    func document(in line: [UInt8], from start: Int) -> DocumentShape.Reading? {
        shapes.read(line, from: start, hasher)
    }

    /// Remembers what a document is like, so that the next one need not be parsed.
    func learn(_ document: ArraySlice<UInt8>) { shapes.learn(document) }

    /// An ok observation of a document that was read in a line.
    func snapshot(
        _ reading: DocumentShape.Reading, in line: [UInt8], at place: ImportPlace, displayName: String?,
        evidence: Evidence
    ) -> ImportedObservation {
        let name = reading.name.map { String(decoding: line[$0], as: UTF8.self) }
        let observation = Observation(
            board: place.board, player: place.player, displayName: displayName ?? name ?? place.spelling,
            capturedAt: place.capturedAt, result: .ok, snapshot: reading.ids.document,
            progress: reading.ids.progress, evidence: evidence)
        return ImportedObservation(observation: observation, document: reading.document)
    }

    /// An ok observation of a JSON value, which is kept exactly as it stands. Where no display name is given, the
    /// document's own counts, then the spelling of the place.
    func snapshot(
        _ node: JSONNode, at place: ImportPlace, displayName: String? = nil, evidence: Evidence = Evidence()
    ) throws(ImportFailure) -> ImportedObservation {
        guard node.isHiscoreDocument else {
            throw ImportFailure(.notASnapshot, "it is no hiscore document: an object with skills or activities")
        }
        let document: [UInt8]
        let progress: [UInt8]
        do {
            document = try node.canonicalBytes()
            progress = try node.canonicalBytes(omitting: Self.rank)
        } catch {
            throw ImportFailure(.malformed, "the document has no canonical form: \(error)")
        }
        guard document.count <= LooseObjectFormat.documentLimit else {
            throw ImportFailure(
                .tooLarge, "a document of \(document.count) bytes is over \(LooseObjectFormat.documentLimit)")
        }
        let observation = Observation(
            board: place.board, player: place.player,
            displayName: displayName ?? node[Self.name]?.string ?? place.spelling, capturedAt: place.capturedAt,
            result: .ok, snapshot: hasher.digest(document), progress: hasher.digest(progress), evidence: evidence)
        return ImportedObservation(
            observation: observation, document: PreparedDocument(document, of: observation))
    }

    /// An ok observation of a document that was put together here.
    func snapshot(
        _ value: JSONValue, at place: ImportPlace, displayName: String? = nil, evidence: Evidence = Evidence()
    ) throws(ImportFailure) -> ImportedObservation {
        let root: JSONNode
        do { root = try JSONDocument(parsing: value.compactBytes()).root } catch {
            throw ImportFailure(.malformed, "\(error)")
        }
        return try snapshot(root, at: place, displayName: displayName, evidence: evidence)
    }

    /// An ok observation of an `index_lite.ws` text, named by the layout in force at its time.
    func snapshot(
        indexLite text: [UInt8], at place: ImportPlace, displayName: String? = nil, evidence: Evidence = Evidence()
    ) throws(ImportFailure) -> ImportedObservation {
        let conversion: IndexLite.Conversion
        do {
            conversion = try IndexLite.document(text, at: place.capturedAt, name: displayName ?? place.spelling)
        } catch {
            throw ImportFailure(.malformed, "\(error)")
        }
        var imported = try snapshot(conversion.document, at: place, displayName: displayName, evidence: evidence)
        if !conversion.unknownRows.isEmpty {
            imported.note =
                "\(conversion.unknownRows.count.counted("row")) more than the hiscores are known to have had then, kept as "
                + "\(conversion.unknownRows.joined(separator: ", ")): rows may bear their neighbours' names"
        }
        return imported
    }
}

extension JSONNode {
    /// Whether `HiscoreDocument.isSnapshot` holds, without making a tree of the value.
    var isHiscoreDocument: Bool { self["skills"]?.kind == .array || self["activities"]?.kind == .array }
}
