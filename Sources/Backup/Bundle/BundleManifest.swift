import Archive
import CanonicalJSON
import CivilTime
import ObjectStore

/// What a bundle holds. The payload is the packs, one behind the other, then this as canonical JSON, then the bytes of
/// this text as four bytes.
struct BundleManifest: Hashable {
    /// Bytes of the text at most.
    static let textLimit = 1 << 24
    /// Bytes behind the text.
    static let suffixBytes = 4

    /// A pack in the payload.
    struct Entry: Hashable {
        var name: ObjectID
        /// Bytes in the payload.
        var bytes: Int
        var records: Int
        /// Bytes of the pack where it lies deflated in the payload; nil where it lies as it is.
        var inflated: Int?
    }

    /// When the archive was made.
    var createdAt: Timestamp
    /// What a program must understand to read it, sorted.
    var features: [String]
    /// The stretch of the sequence.
    var before: SequenceMark
    var after: SequenceMark
    /// The packs that tile it, in order.
    var packs: [Entry]
    /// Observations in them, snapshots that are new with them, and the first and the last moment.
    var observations: Int
    var snapshots: Int
    var moments: ClosedRange<Timestamp>?

    /// The manifest of an extract.
    init(_ extract: SequenceExtract) {
        (createdAt, features) = (extract.createdAt, extract.features)
        (before, after) = (extract.before, extract.after)
        packs = extract.packs.map { Entry(name: $0.name, bytes: $0.file.size, records: $0.records.count) }
        observations = extract.packs.reduce(0) { $0 + $1.observations }
        snapshots = extract.packs.reduce(0) { $0 + $1.snapshots }
        let moments = extract.packs.compactMap(\.moments)
        if let first = moments.map(\.lowerBound).min(), let last = moments.map(\.upperBound).max() {
            self.moments = first...last
        }
    }

    /// The bytes behind the packs.
    func encoded() throws(BackupError) -> [UInt8] {
        var members = [
            JSONMember("archive_created_at", .integer(createdAt.millisecondsSinceEpoch)),
            JSONMember("features", .array(features.map { .text($0) })),
            JSONMember("first", .integer(before.recordCount)), JSONMember("head_after", .text(after.head.digest.hex)),
            JSONMember("head_before", .text(before.head.digest.hex)),
            JSONMember("observations", .integer(observations)),
            JSONMember(
                "packs",
                .array(
                    packs.map { pack in
                        .object(
                            [
                                JSONMember("bytes", .integer(pack.bytes)), JSONMember("id", .text(pack.name.hex)),
                                JSONMember("records", .integer(pack.records)),
                            ] + (pack.inflated.map { [JSONMember("inflated", .integer($0))] } ?? []))
                    })), JSONMember("records", .integer(after.recordCount - before.recordCount)),
            JSONMember("snapshots", .integer(snapshots)),
        ]
        if let moments {
            members.append(JSONMember("from", .integer(moments.lowerBound.millisecondsSinceEpoch)))
            members.append(JSONMember("to", .integer(moments.upperBound.millisecondsSinceEpoch)))
        }
        var bytes: [UInt8]
        do { bytes = try JSONValue.object(members).canonicalBytes() } catch {
            throw BackupError(.io, "the manifest cannot be written: \(error)")
        }
        bytes.appendLittleEndian(UInt32(bytes.count))
        return bytes
    }

    private static func count(_ name: JSONText, of value: JSONValue) -> Int? {
        value[name]?.integer.flatMap { 0 <= $0 && $0 <= 1 << 53 ? Int($0) : nil }
    }

    /// The manifest with this text, behind `payload` bytes of packs; nil where it is none.
    init?(decoding text: [UInt8], packBytes: Int) {
        guard let value = try? JSONValue(parsing: text) else { return nil }
        func moment(_ name: JSONText) -> Timestamp? {
            value[name]?.integer.flatMap(Timestamp.init(millisecondsSinceEpoch:))
        }
        func head(_ name: JSONText) -> SequenceHead? {
            value[name]?.string.flatMap { ObjectID(hex: $0) }.map(SequenceHead.init(digest:))
        }
        guard let createdAt = moment("archive_created_at"), let first = Self.count("first", of: value),
            let records = Self.count("records", of: value), let before = head("head_before"),
            let after = head("head_after"), let observations = Self.count("observations", of: value),
            let snapshots = Self.count("snapshots", of: value), let named = value["features"]?.array,
            let listed = value["packs"]?.array
        else { return nil }
        (self.createdAt, self.observations, self.snapshots) = (createdAt, observations, snapshots)
        self.before = SequenceMark(recordCount: first, head: before)
        self.after = SequenceMark(recordCount: first + records, head: after)
        features = named.compactMap(\.string)
        guard features.count == named.count else { return nil }
        packs = []
        var (bytes, held) = (0, 0)
        for entry in listed {
            guard let size = Self.count("bytes", of: entry), let count = Self.count("records", of: entry),
                size <= packBytes - bytes,
                count <= records - held, let name = entry["id"]?.string.flatMap({ ObjectID(hex: $0) })
            else { return nil }
            let inflated = Self.count("inflated", of: entry)
            guard (inflated == nil) == (entry["inflated"] == nil),
                inflated.map({ max($0, size) <= DeflatedPack.limit }) ?? true
            else { return nil }
            packs.append(Entry(name: name, bytes: size, records: count, inflated: inflated))
            (bytes, held) = (bytes + size, held + count)
        }
        guard bytes == packBytes, held == records else { return nil }
        if let first = moment("from"), let last = moment("to"), first <= last { moments = first...last }
    }
}
