/// What a message is sealed as, so that it opens as nothing else: the context of its key derivation.
///
/// Fields, each behind its length in four bytes, little-endian: `osrs-archive/v1`, the archive's id, the kind's name, the
/// id of the file or key slot, and what the kind adds (see `Place`). Lengths make the encoding one-to-one: no two
/// contexts have the same bytes.
public struct SealingContext: Hashable, Sendable {
    /// What is sealed.
    public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        /// A loose object.
        case object = 1
        /// A pack.
        case pack = 2
        /// A journal.
        case journal = 3
        /// A bundle of a backup.
        case bundle = 4
        /// A part of `config.json`.
        case config = 5

        var name: String {
            switch self {
            case .object: "object"
            case .pack: "pack"
            case .journal: "journal"
            case .bundle: "bundle"
            case .config: "config"
            }
        }
    }

    /// Where in its kind the message stands.
    public enum Place: Hashable, Sendable {
        /// The kind and the file say it all.
        case whole
        /// A file's name: 32 bytes.
        case named(ObjectID)
        /// A frame: its number (eight bytes, little-endian), and the SHA-256 of the stored bytes of the one before.
        case frame(UInt64, after: ObjectID)
        /// What stands in the clear before the message, field by field, in an order that never changes.
        case fields([[UInt8]])
    }

    /// The first field of each context.
    static let version = "osrs-archive/v1"

    private let archive: [UInt8]
    private let kind: Kind
    private let file: [UInt8]
    private let place: Place

    /// A context of given parts: the bytes of the archive's id, and of the id of the file.
    public init(archive: [UInt8], kind: Kind, file: [UInt8], place: Place = .whole) {
        (self.archive, self.kind, self.file, self.place) = (archive, kind, file, place)
    }

    /// Its bytes.
    public var encoded: [UInt8] {
        var bytes: [UInt8] = []
        func append(_ field: some Collection<UInt8>) {
            bytes.appendLittleEndian(UInt32(field.count))
            bytes += field
        }
        append(Self.version.utf8)
        append(archive)
        append(kind.name.utf8)
        append(file)
        switch place {
        case .whole: break
        case .named(let name): append(name.bytes)
        case .frame(let number, let previous):
            var digits: [UInt8] = []
            digits.appendLittleEndian(number)
            append(digits)
            append(previous.bytes)
        case .fields(let fields): for field in fields { append(field) }
        }
        return bytes
    }
}
