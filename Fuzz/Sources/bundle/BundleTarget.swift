import Archive
import CivilTime
import Hiscores
import ObjectStore

@testable import Backup

/// What anybody who may write to a backup folder can put there: headers with ways to a key, parity, names, keys as texts;
/// and what a forger who knows a public key can seal: manifests. None of it ends the program or opens as what it is not.
///
/// The input is: a byte, which of these; the rest, its bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzBundle(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let kind = bytes.first, let sample = Sample.shared else { return 0 }
    let rest = Array(bytes.dropFirst())
    switch kind % 5 {
    case 0: sample.texts(rest)
    case 1: sample.header(rest)
    case 2: sample.parity(rest)
    case 3: sample.manifest(rest)
    default: sample.altered(rest)
    }
    return 0
}

/// A sound bundle, and the key that opens it.
private struct Sample: Sendable {
    static let shared = try? Sample()

    let identity: BackupIdentity
    let signer: BackupSigner
    let name: BundleName
    let bytes: [UInt8]
    let head: SequenceHead

    private static let random = RandomSource { [UInt8](repeating: 5, count: $0) }

    private struct Absent: Error {}

    init() throws {
        (identity, signer) = (try .generate(random: Self.random), try .generate(random: Self.random))
        guard let id = ArchiveID(bytes: [UInt8](repeating: 3, count: 16)),
            let player = PlayerName(normalising: "Zezima"), let moment = Timestamp(rfc3339: "2026-01-01T00:00:00Z")
        else { throw Absent() }
        let archive = try Archive.create(
            in: MemoryStorage(), id: id, createdAt: moment, lockTimeout: LockTimeout(milliseconds: 0))
        var batch = Batch()
        batch.add(
            Observation(
                board: .main, player: player, displayName: "Zezima", capturedAt: moment, result: .notFound,
                evidence: Evidence(httpStatus: 404)), document: nil)
        try archive.commit(batch, lockTimeout: LockTimeout(milliseconds: 0))
        let folder = MemoryStorage()
        var options = BackupCreation.Options()
        options.recipients = [identity.recipient]
        let creation = BackupCreation(of: archive, to: folder, signer: signer, options, random: Self.random)
        name = try creation.run(ChainNotes(), at: moment) { _ in }.bundle
        guard let bytes = folder.files[name.text], let head = archive.head else { throw Absent() }
        (self.bytes, self.head) = (bytes, head)
    }

    private var keys: BackupKeys { BackupKeys(identities: [identity]) }

    /// Looks at a folder in every way. Whether all of it opened and was sound.
    private func look(at files: [String: [UInt8]]) -> Bool {
        let folder = MemoryStorage(files: files, folders: [])
        _ = try? BackupListing.read(folder)
        _ = try? BackupListing.read(folder, keys)
        for name in (try? BundleCheck.names(in: folder)) ?? [] { _ = try? BundleCheck.loss(of: name, in: folder) }
        var options = BackupVerification.Options()
        options.keys = keys
        let report = try? BackupVerification.run(on: folder, options)
        let restored = try? BackupRestoration(from: folder, keys, .init()).rebuild(
            in: MemoryStorage(), at: .earliest, lockTimeout: LockTimeout(milliseconds: 0))
        return report?.isSound == true && report?.opened == report?.bundles && restored?.archive.head == head
    }

    func texts(_ text: [UInt8]) {
        _ = try? BackupIdentity.parse(file: text, from: "input")
        _ = try? BackupRecipient.parse(file: text, from: "input")
        _ = try? BackupSigner.parse(file: text, from: "input")
        let words = String(decoding: text, as: UTF8.self)
        _ = try? BackupSignerKey(text: words)
        if let parsed = BundleName(words) { precondition(parsed.text == words, "a name has two spellings") }
        if let notes = ChainNotes(decoding: text) {
            precondition((try? ChainNotes(decoding: notes.encoded())) == notes, "notes do not come back")
        }
        _ = look(at: [words: bytes, words + ".par2": text])
    }

    /// The sealed file's header as it should be, then a text of anybody's, under the name of its bytes.
    func header(_ text: [UInt8]) {
        var file = Array(bytes.prefix(SealedFileHeader.byteCount))
        file.appendLittleEndian(UInt32(text.count))
        file += text + [UInt8](repeating: 0, count: 256)
        let forged = BundleName(writer: name.writer, number: name.number, digest: SHA256.digest(file))
        precondition(!look(at: [forged.text: file]), "what nobody signed counts")
    }

    func parity(_ packets: [UInt8]) {
        _ = look(at: [name.text: bytes, name.text + ".par2": packets, name.text + ".vol0+1.par2": packets])
    }

    /// A manifest that was sealed and signed as it should be.
    func manifest(_ text: [UInt8]) {
        _ = BundleManifest(decoding: text, packBytes: 1 << 20)
        guard let (header, end) = try? BundleHeader.decode(bytes, name),
            let key = try? keys.open(header, name)
        else { preconditionFailure("a sound bundle does not open") }
        let context = BundleHeader.context(archive: header.archive, file: header.file, encoded: Array(bytes[..<end]))
        var file = Array(bytes[..<end])
        guard var sealer = try? CobblestoneSealer(key: key, context: context, random: Self.random, into: &file) else {
            return
        }
        var plain = text
        plain.appendLittleEndian(UInt32(text.count))
        guard (try? sealer.update(plain.span, into: &file)) != nil, (try? sealer.finish(into: &file)) != nil,
            let signature = try? signer.sign(SHA256.digest(file))
        else { return }
        file += signature
        let forged = BundleName(writer: name.writer, number: name.number, digest: SHA256.digest(file))
        precondition(!look(at: [forged.text: file]), "a bundle without its pack counts")
    }

    /// The sound bundle with the input laid over it, under the name of its bytes: an offset in two bytes, then what is
    /// written there.
    func altered(_ input: [UInt8]) {
        guard input.count > 2 else { return }
        var file = bytes
        let start = (Int(input[0]) | Int(input[1]) << 8) % bytes.count
        for (index, byte) in input.dropFirst(2).enumerated() where start + index < file.count {
            file[start + index] = byte
        }
        let named = BundleName(writer: name.writer, number: name.number, digest: SHA256.digest(file))
        precondition(
            look(at: [named.text: file]) == (file == bytes), "an altered bundle counts, or a sound one does not")
    }
}
