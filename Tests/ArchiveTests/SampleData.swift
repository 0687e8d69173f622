import Archive
import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore

/// Made-up documents and observations for tests of the archive.
enum SampleData {
    static let archiveID = ArchiveID(bytes: Array(0..<16)) ?? SampleData.unreachable()
    static let start = Timestamp(rfc3339: "2026-01-01T00:00:00Z") ?? .earliest
    /// The lock is free in these tests, or never comes free: nobody waits.
    static let atOnce = LockTimeout(milliseconds: 0)

    private static func unreachable() -> ArchiveID { preconditionFailure("16 bytes are an archive id") }

    /// A small official body; `xp` tells documents apart, `rank` only snapshots.
    static func document(xp: Int, rank: Int = 1000) -> [UInt8] {
        let text =
            #"{"activities":[],"name":"Zezima","skills":[{"id":0,"level":99,"name":"Overall","rank":\#(rank),"xp":\#(xp)}]}"#
        return Array(text.utf8)
    }

    static func moment(_ minute: Int) -> Timestamp { start.advanced(byMilliseconds: Int64(minute) * 60_000) }

    static func player(_ name: String) -> PlayerName { PlayerName(normalising: name) ?? player("x") }

    /// An ok observation of a document.
    static func observation(
        _ document: [UInt8], at minute: Int, player name: String = "Zezima", board: Board = .main
    ) throws -> Observation {
        let progress = try JSONDocument(parsing: document).root.canonicalBytes(omitting: "rank")
        return Observation(
            board: board, player: player(name), displayName: name, capturedAt: moment(minute), result: .ok,
            snapshot: SHA256.digest(document), progress: SHA256.digest(progress),
            evidence: Evidence(httpStatus: 200, latencyMilliseconds: 42, attempt: 1, source: "https://example.org"))
    }

    /// An observation of ranks alone: the document is not kept.
    static func ranksOnly(
        _ document: [UInt8], at minute: Int, player name: String = "Zezima", board: Board = .main
    ) throws -> Observation {
        var observation = try observation(document, at: minute, player: name, board: board)
        observation.result = .ranksOnly
        return observation
    }

    /// A failed observation.
    static func failure(
        _ result: Observation.Result, at minute: Int, player name: String = "Zezima", board: Board = .main
    ) -> Observation {
        Observation(
            board: board, player: player(name), displayName: name, capturedAt: moment(minute), result: result,
            evidence: Evidence(httpStatus: 503, error: "the service answered 503"))
    }

    /// A batch of ok observations, a minute apart.
    static func batch(xp: Range<Int>, from minute: Int, player name: String = "Zezima") throws -> Batch {
        var batch = Batch()
        for (index, xp) in xp.enumerated() {
            let document = document(xp: xp)
            batch.add(try observation(document, at: minute + index, player: name), document: document)
        }
        return batch
    }

    /// A fresh archive in a storage, encrypted where it has a key.
    static func archive(in storage: any Storage) throws -> Archive {
        let slots = storage.sealing == nil ? [] : [try SampleKeys.slot()]
        return try Archive.create(in: storage, id: archiveID, createdAt: start, slots: slots, lockTimeout: atOnce)
    }
}

extension Archive {
    /// All observations in the order of the sequence.
    func entries() throws -> [LogEntry] {
        let entries = history.entriesInSequenceOrder()
        var all: [LogEntry] = []
        while let entry = try entries.next() { all.append(entry) }
        return all
    }

    /// The identities of all observations.
    var identities: Set<Observation.Identity> { get throws { Set(try entries().map(\.observation.identity)) } }
}

extension RefLog {
    /// All observations, oldest first.
    func entries(failures: Bool = true) throws -> [LogEntry] {
        var rows = rows(.oldestFirst, failures: failures)
        var all: [LogEntry] = []
        while let row = try rows.next() { all.append(try entry(of: row)) }
        return all
    }
}

extension RecordFormat {
    /// The record with exactly these bytes: what encoding it again would not give is refused.
    static func decodeExactly(_ bytes: [UInt8]) throws(RecordFormatError) -> Record {
        let record = try decode(bytes)
        guard try encode(record) == bytes else { throw .malformed("it is not in canonical form, or has more members") }
        return record
    }
}
