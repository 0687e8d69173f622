import CanonicalJSON
public import CivilTime
import ObjectStore

/// What `config.json` says: which archive this is and what a program must understand to open it.
public struct ArchiveConfiguration: Hashable, Sendable {
    /// The format version that this program writes and reads.
    public static let currentFormat = 1
    /// There may be packs: the journal may begin behind the sequence's first record.
    static let packsFeature = "packs"
    /// There may be observations of ranks alone, whose documents are declared absent.
    static let ranksOnlyFeature = "ranks_only"
    /// The features beyond the format's base that this program understands.
    public static let knownFeatures: Set<String> = [packsFeature, ranksOnlyFeature]

    /// The archive's id.
    public var archive: ArchiveID
    /// When it was made.
    public var createdAt: Timestamp
    /// The version of all formats on disk.
    public var format: Int
    /// Features that a reader must understand, sorted.
    public var features: [String]

    /// A configuration of given parts.
    public init(archive: ArchiveID, createdAt: Timestamp, format: Int = currentFormat, features: [String] = []) {
        (self.archive, self.createdAt, self.format, self.features) = (archive, createdAt, format, features)
    }
}

/// Why bytes are no `config.json` that this program can go by.
public enum ConfigurationError: Error, Hashable, Sendable {
    /// The bytes are damaged; the text says how.
    case corrupt(String)
    /// The archive needs a newer program; the text says for what.
    case unsupported(String)
}

/// The bytes of `config.json` (docs/FORMAT.md, "config.json"): canonical JSON and a line feed, with a member
/// `checksum`, the SHA-256 of the same object's canonical JSON without that member.
extension ArchiveConfiguration {
    /// The largest file in bytes.
    static let fileLimit = 64 << 10

    /// The file.
    func encoded() throws(ConfigurationError) -> [UInt8] {
        var members = [
            JSONMember("archive", .text(archive.description)),
            JSONMember("created_at", .integer(createdAt.millisecondsSinceEpoch)),
            JSONMember("features", .array(features.map(JSONValue.text))),
            JSONMember("format", .integer(format)),
        ]
        do {
            let checksum = SHA256.digest(try JSONValue.object(members).canonicalBytes())
            members.append(JSONMember("checksum", .text(checksum.hex)))
            return try JSONValue.object(members).canonicalBytes() + [UInt8(ascii: "\n")]
        } catch {
            throw .corrupt("\(error)")
        }
    }

    /// Reads the file. Exactly the bytes that `encoded()` gives are accepted, so every flip is found.
    init(decoding bytes: [UInt8]) throws(ConfigurationError) {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch { throw .corrupt("\(error)") }
        guard let members = value.object, let checksum = value["checksum"]?.string else {
            throw .corrupt("it has no checksum")
        }
        let covered = JSONValue.object(members.filter { $0.name != "checksum" })
        guard let canonical = try? covered.canonicalBytes(), SHA256.digest(canonical).hex == checksum else {
            throw .corrupt("its checksum is wrong")
        }
        guard let format = value["format"]?.integer else { throw .corrupt("it has no format") }
        guard format == Self.currentFormat else {
            throw .unsupported("format \(format); this program reads format \(Self.currentFormat)")
        }
        let features = value["features"]?.array?.compactMap(\.string) ?? []
        let unknown = Set(features).subtracting(Self.knownFeatures)
        guard unknown.isEmpty else { throw .unsupported("the features \(unknown.sorted().joined(separator: ", "))") }
        guard let archive = value["archive"]?.string.flatMap(ArchiveID.init(hex:)),
            let created = value["created_at"]?.integer, let createdAt = Timestamp(millisecondsSinceEpoch: created)
        else { throw .corrupt("it lacks its id or date") }
        self.init(archive: archive, createdAt: createdAt, format: Int(format), features: features)
        guard try encoded() == bytes else { throw .corrupt("it is not in its canonical form") }
    }
}
