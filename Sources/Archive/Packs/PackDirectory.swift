import CivilTime
import Hiscores
import ObjectStore

/// Whose log a block belongs to. Ordered by player, then board, both by their bytes.
struct SeriesKey: Hashable, Comparable {
    var player: PlayerName
    var board: Board

    static func < (left: SeriesKey, right: SeriesKey) -> Bool {
        left.player == right.player
            ? left.board.precedes(right.board)
            : left.player.precedes(right.player)
    }
}

extension Board {
    /// Whether it comes before another: by the bytes of the name.
    func precedes(_ other: Board) -> Bool { rawValue.utf8.lexicographicallyPrecedes(other.rawValue.utf8) }
}

extension PlayerName {
    /// Whether it comes before another in a pack: by the bytes of the key.
    func precedes(_ other: PlayerName) -> Bool { key.utf8.lexicographicallyPrecedes(other.key.utf8) }
}

/// A block as the directory lists it: one player's observations on one board, in log order.
struct PackBlockEntry: Hashable {
    var series: SeriesKey
    /// Where it begins in the file, in bytes.
    var offset: Int
    /// Its bytes in the file.
    var length: Int
    /// Observations.
    var rows: Int
    /// The ok ones among them.
    var successes: Int
    /// Those that are the first in their log, by sequence number, to name their snapshot.
    var newInLog: Int
    /// Those that are the first in the archive to name their snapshot.
    var newInArchive: Int
    /// When its first and its last row in log order were captured, milliseconds since the epoch.
    var first: Int64
    var last: Int64
    /// Those rows' numbers in the sequence, and the lowest number of any row.
    var firstNumber: Int
    var lastNumber: Int
    var lowestNumber: Int
}

/// A page of the directory: entries in the order of their series, then of time, blocks lying one behind the other.
enum PackDirectory {
    /// Entries in one page, at most.
    static let entriesPerPage = 128

    /// How the footer lists a page besides its size: the series of its first entry.
    static func encode(key: SeriesKey, to footer: inout [UInt8]) {
        append(key.player.key, to: &footer)
        append(key.board.rawValue, to: &footer)
    }

    static func decodeKey(_ reader: inout BinaryReader) throws -> SeriesKey {
        let offset = reader.offset
        guard let player = PlayerName(normalising: try text(&reader)), let board = Board(rawValue: try text(&reader))
        else { throw PackError.corrupt("an entry of the directory names no player or no board", offset: offset) }
        return SeriesKey(player: player, board: board)
    }

    /// A page; the pack's first record has the number `first`.
    static func encode(_ entries: ArraySlice<PackBlockEntry>, first: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var before: PackBlockEntry?
        for entry in entries {
            let isSame = before?.series == entry.series
            bytes.append(isSame ? 0 : 1)
            if !isSame { encode(key: entry.series, to: &bytes) }
            bytes.appendVarint(entry.length)
            bytes.appendVarint(entry.rows)
            bytes.appendVarint(entry.successes)
            bytes.appendVarint(entry.newInLog)
            bytes.appendVarint(entry.newInArchive)
            bytes.appendSignedVarint(entry.first &- (before?.last ?? 0))
            bytes.appendSignedVarint(entry.last &- entry.first)
            bytes.appendVarint(entry.lowestNumber - first)
            bytes.appendVarint(entry.firstNumber - entry.lowestNumber)
            bytes.appendVarint(entry.lastNumber - entry.lowestNumber)
            before = entry
        }
        return bytes
    }

    /// The entries of a page whose first block begins at `offset`; they end at `limit`, and their rows have numbers
    /// among `numbers`.
    static func decode(
        _ bytes: [UInt8], items: Int, offset: Int, limit: Int, numbers: Range<Int>
    ) throws(PackError) -> [PackBlockEntry] {
        var reader = BinaryReader(bytes)
        var entries: [PackBlockEntry] = []
        entries.reserveCapacity(min(items, bytes.count))
        var (next, before, current) = (offset, Int64(0), SeriesKey?.none)
        do {
            for _ in 0..<items {
                let isNew = try reader.byte()
                guard isNew == 1 || isNew == 0 && current != nil else {
                    throw PackError.corrupt("the directory continues a log that it did not begin", offset: offset)
                }
                if isNew == 1 {
                    let key = try decodeKey(&reader)
                    guard current.map({ $0 < key }) ?? true else {
                        throw PackError.corrupt("the directory is out of order", offset: offset)
                    }
                    current = key
                }
                guard let series = current else { break }
                let length = try reader.varint(limit: PackFormat.blockLimit)
                let rows = try reader.varint(limit: PackFormat.rowReadLimit)
                let successes = try reader.varint(limit: rows)
                let newInLog = try reader.varint(limit: successes)
                let newInArchive = try reader.varint(limit: newInLog)
                let first = before &+ (try reader.signedVarint())
                let last = first &+ (try reader.signedVarint())
                let lowest = numbers.lowerBound + (try reader.varint(limit: numbers.count))
                let entry = PackBlockEntry(
                    series: series, offset: next, length: length, rows: rows, successes: successes, newInLog: newInLog,
                    newInArchive: newInArchive, first: first, last: last,
                    firstNumber: lowest + (try reader.varint(limit: numbers.count)),
                    lastNumber: lowest + (try reader.varint(limit: numbers.count)), lowestNumber: lowest)
                guard rows > 0, length > 4, entry.offset + length <= limit, entry.first <= entry.last,
                    numbers.contains(entry.firstNumber), numbers.contains(entry.lastNumber),
                    Timestamp(millisecondsSinceEpoch: entry.first) != nil,
                    Timestamp(millisecondsSinceEpoch: entry.last) != nil
                else { throw PackError.corrupt("an entry of the directory is out of range", offset: offset) }
                next += length
                before = last
                entries.append(entry)
            }
            guard reader.isAtEnd else { throw PackError.corrupt("a page of the directory is too long", offset: offset) }
        } catch let error as PackError {
            throw error
        } catch {
            throw .corrupt("a page of the directory ends early", offset: offset)
        }
        return entries
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.appendVarint(text.utf8.count)
        bytes += text.utf8
    }

    private static func text(_ reader: inout BinaryReader) throws -> String {
        let bytes = try reader.take(try reader.varint(limit: 4096))
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw PackError.corrupt("a name in the directory is not UTF-8", offset: reader.offset)
        }
        return text
    }
}
