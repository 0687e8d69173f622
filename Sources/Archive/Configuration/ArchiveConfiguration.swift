import CanonicalJSON
public import CivilTime
public import ObjectStore

/// What `config.json` says: which archive this is and what a program must understand to open it.
public struct ArchiveConfiguration: Hashable, Sendable {
    /// The format version that this program writes and reads.
    public static let currentFormat = 1
    /// There may be packs: the journal may begin behind the sequence's first record.
    static let packsFeature = "packs"
    /// There may be observations of ranks alone, whose documents are declared absent.
    static let ranksOnlyFeature = "ranks_only"
    /// Everything but this file and the lock is sealed, and the key slots stand here.
    public static let encryptedFeature = "encrypted"
    /// The features beyond the format's base that this program understands.
    public static let knownFeatures: Set<String> = [packsFeature, ranksOnlyFeature, encryptedFeature]

    /// The archive's id.
    public var archive: ArchiveID
    /// When it was made.
    public var createdAt: Timestamp
    /// The version of all formats on disk.
    public var format: Int
    /// Features that a reader must understand, sorted.
    public var features: [String]

    /// The ways to an encrypted archive's master key; none in a plain one.
    public var slots: [KeySlot]
    /// The code that an encrypted archive's file is under; nil where it was changed since.
    private var authentication: [UInt8]?

    /// A configuration of given parts.
    public init(
        archive: ArchiveID, createdAt: Timestamp, format: Int = currentFormat, features: [String] = [],
        slots: [KeySlot] = []
    ) {
        (self.archive, self.createdAt, self.format, self.slots) = (archive, createdAt, format, slots)
        self.features = slots.isEmpty ? features : Set(features + [Self.encryptedFeature]).sorted()
    }

    /// Whether the archive is encrypted.
    public var isEncrypted: Bool { features.contains(Self.encryptedFeature) }
}

/// Why bytes are no `config.json` that this program can go by.
public enum ConfigurationError: Error, Hashable, Sendable {
    /// The bytes are damaged; the text says how.
    case corrupt(String)
    /// The archive needs a newer program; the text says for what.
    case unsupported(String)
    /// Nobody with the archive's key wrote it, or the key is not there.
    case unauthentic
}

/// The bytes of `config.json` (docs/FORMAT.md, "config.json"): canonical JSON and a line feed, with a member
/// `checksum`, the SHA-256 of the same object's canonical JSON without that member. In an encrypted archive a member
/// `authentication` is the keyed code of the object without both.
extension ArchiveConfiguration {
    /// The largest file in bytes.
    static let fileLimit = 64 << 10

    /// The file. That of an encrypted archive is put under a new code first, for which its key is needed.
    func encoded(_ sealing: ArchiveSealing?) throws(ConfigurationError) -> [UInt8] {
        guard isEncrypted else { return try encoded() }
        guard let sealing else { throw .unauthentic }
        var configuration = self
        do {
            configuration.authentication = try sealing.configurationCode(of: try coveredBytes())
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw .corrupt("\(error)")
        }
        return try configuration.encoded()
    }

    /// Whether the file is one that somebody with the archive's key wrote.
    func isAuthentic(_ sealing: ArchiveSealing) throws(ConfigurationError) -> Bool {
        guard sealing.archive == archive.bytes else { return false }
        do {
            return try sealing.configurationCode(of: try coveredBytes()).equalsInConstantTime(authentication ?? [])
        } catch let error as ConfigurationError {
            throw error
        } catch {
            throw .corrupt("\(error)")
        }
    }

    private var members: [JSONMember] {
        var members = [
            JSONMember("archive", .text(archive.description)),
            JSONMember("created_at", .integer(createdAt.millisecondsSinceEpoch)),
            JSONMember("features", .array(features.map(JSONValue.text))),
            JSONMember("format", .integer(format)),
        ]
        if isEncrypted { members.append(JSONMember("key_slots", .array(slots.map(\.json)))) }
        return members
    }

    /// What the code of an encrypted archive is computed of.
    private func coveredBytes() throws(ConfigurationError) -> [UInt8] {
        do { return try JSONValue.object(members).canonicalBytes() } catch { throw .corrupt("\(error)") }
    }

    private func encoded() throws(ConfigurationError) -> [UInt8] {
        var members = self.members
        if let authentication { members.append(JSONMember("authentication", .text(Hexadecimal.text(authentication)))) }
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
        let listed = value["key_slots"]?.array ?? []
        let slots = listed.compactMap(KeySlot.init(json:))
        guard features.contains(Self.encryptedFeature) == !slots.isEmpty, slots.count == listed.count,
            slots.count <= KeySlot.countLimit
        else { throw .corrupt("its key slots are not what they may be") }
        self.init(archive: archive, createdAt: createdAt, format: Int(format), features: features, slots: slots)
        authentication = value["authentication"]?.string.flatMap(Hexadecimal.bytes)
        guard try encoded() == bytes else { throw .corrupt("it is not in its canonical form") }
    }
}
