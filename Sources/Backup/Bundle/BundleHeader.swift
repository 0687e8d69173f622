import Archive
import CanonicalJSON
import CivilTime
import ObjectStore

/// The layout of a bundle, and what stands in the clear at its beginning:
///
/// | offset | bytes | what |
/// |---|---|---|
/// | 0 | 24 | the header of a sealed file, kind 4 (`SealedFileHeader`) |
/// | 24 | 4 | H, bytes of the text, at most 65,536 |
/// | 28 | H | canonical JSON: the members below |
/// | 28 + H | to the signature | one Cobblestone-256 message: the payload (`BundleManifest`) |
/// | size − 64 | 64 | Ed25519 signature (`BackupSignerKey.message`) |
///
/// The SHA-256 of the first 28 + H bytes is in the message's context, so a changed header opens nothing.
struct BundleHeader: Hashable {
    /// Bytes of the text at most.
    static let textLimit = 1 << 16
    /// Recipients of one bundle at most.
    static let stanzaLimit = 64
    private static let format = 1

    /// The random id in the header of the sealed file.
    let file: [UInt8]
    /// Whose history it is.
    let archive: ArchiveID
    /// Which chain it belongs to.
    let writer: String
    /// Its number in the chain, from 1.
    let number: Int
    /// The SHA-256 of the bundle before; nil for the first one.
    let previous: ObjectID?
    /// When it was made.
    let createdAt: Timestamp
    /// Whether it needs none of the bundles before.
    let isFull: Bool
    /// Per cent of parity that was to be written beside it.
    let parityPercent: Int
    /// Who signs it.
    let signer: BackupSignerKey
    /// The ways to its key.
    let stanzas: [KeyStanza]

    /// The bytes before the message.
    func encoded(_ sealed: SealedFileHeader) throws(BackupError) -> [UInt8] {
        var members = [
            JSONMember("archive", .text(archive.description)),
            JSONMember("created_at", .integer(createdAt.millisecondsSinceEpoch)),
            JSONMember("format", .integer(Self.format)),
            JSONMember("full", .bool(isFull)), JSONMember("number", .integer(number)),
            JSONMember("parity_percent", .integer(parityPercent)),
            JSONMember("recipients", .array(stanzas.map(\.json))),
            JSONMember("signer", .text(Hexadecimal.text(signer.bytes))), JSONMember("writer", .text(writer)),
        ]
        if let previous { members.append(JSONMember("previous", .text(previous.hex))) }
        let text: [UInt8]
        do { text = try JSONValue.object(members).canonicalBytes() } catch {
            throw BackupError(.io, "the header cannot be written: \(error)")
        }
        guard text.count <= Self.textLimit, stanzas.count <= Self.stanzaLimit else {
            throw BackupError(.badKey, "a bundle is for at most \(Self.stanzaLimit) recipients")
        }
        var bytes = sealed.encoded
        bytes.appendLittleEndian(UInt32(text.count))
        return bytes + text
    }

    /// Bytes before the text.
    static let prefixBytes = SealedFileHeader.byteCount + 4

    /// The header of a file that begins with these bytes, and how many it takes; `name` is the file's.
    static func decode(_ bytes: [UInt8], _ name: BundleName) throws(BackupError) -> (header: BundleHeader, end: Int) {
        func damaged(_ what: String) -> BackupError { BackupError(.corrupt, "\(name.text) is damaged: \(what)") }
        let sealed = try BackupError.ofSealing(name.text) { () throws(SealingError) in
            try SealedFileHeader(decoding: bytes[...])
        }
        guard sealed.kind == .bundle else { throw damaged("it is sealed as something else") }
        guard let count = bytes.littleEndian(at: SealedFileHeader.byteCount), count <= textLimit,
            bytes.count >= prefixBytes + Int(count)
        else { throw damaged("its header has no end") }
        let end = prefixBytes + Int(count)
        let text = Array(bytes[prefixBytes..<end])
        guard let value = try? JSONValue(parsing: text), (try? value.canonicalBytes()) == text else {
            throw damaged("its header is no canonical JSON")
        }
        guard value["format"]?.integer == Int64(format) else {
            throw BackupError(.unsupported, "\(name.text) needs a newer osrs-archive")
        }
        guard let archive = value["archive"]?.string.flatMap(ArchiveID.init(hex:)),
            let writer = value["writer"]?.string, BundleName.isWriter(writer),
            let number = value["number"]?.integer.flatMap(Int.init(exactly:)), (1...BundleName.limit).contains(number),
            let created = value["created_at"]?.integer, let createdAt = Timestamp(millisecondsSinceEpoch: created),
            let isFull = value["full"]?.bool, let percent = value["parity_percent"]?.integer,
            (0...100).contains(percent),
            let signer = value["signer"]?.string.flatMap(Hexadecimal.bytes), signer.count == Ed25519.publicKeyBytes,
            let recipients = value["recipients"]?.array, (1...stanzaLimit).contains(recipients.count)
        else { throw damaged("its header lacks a member") }
        let previous = value["previous"]?.string.flatMap { ObjectID(hex: $0) }
        guard (previous == nil) == (value["previous"] == nil), previous != nil || (number == 1 && isFull) else {
            throw damaged("its header does not say what comes before")
        }
        let header = BundleHeader(
            file: sealed.file, archive: archive, writer: writer, number: number, previous: previous,
            createdAt: createdAt, isFull: isFull, parityPercent: Int(percent), signer: BackupSignerKey(bytes: signer),
            // What a newer program added is passed over.
            stanzas: recipients.compactMap(KeyStanza.init))
        guard writer == name.writer, number == name.number else { throw damaged("its name is another bundle's") }
        return (header, end)
    }

    /// The context of the payload's message; `encoded` are the bytes before it.
    static func context(archive: ArchiveID, file: [UInt8], encoded: [UInt8]) -> [UInt8] {
        SealingContext(
            archive: archive.bytes, kind: .bundle, file: file, place: .fields([SHA256.digest(encoded).bytes])
        ).encoded
    }
}
