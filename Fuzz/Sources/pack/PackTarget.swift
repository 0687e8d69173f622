import Archive
import CanonicalJSON
import ObjectStore

/// `config.json` of the archive in which the packs stand.
private let configuration = Array(
    """
    {"archive":"000102030405060708090a0b0c0d0e0f",\
    "checksum":"0282005d84ea019d169e28114f102423af34f6c1f129d5ec91448c5405f65dbb",\
    "created_at":1767225600000,"features":["packs"],"format":1}

    """.utf8)

/// A pack whose checksums are right whatever its parts are: otherwise hardly an input came past them.
///
/// The input is: a byte, how many stretches there are; for each two numbers of 16 bits, where it begins in the body and
/// how long it is; the number of records, 22 bits, and the trailer's flags, 2 bits; the footer's
/// length, 16 bits, and the footer, not deflated; the body, which is blocks and sections. The last four bytes of each
/// stretch become the CRC-32 of the others. Numbers have the lowest byte first.
private struct PackInput {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    private mutating func number(_ bytes: Int) -> Int {
        let taken = rest.prefix(bytes)
        rest = rest.dropFirst(bytes)
        return taken.reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// The file, and how many records it says that it has.
    mutating func file(archive: ArchiveID, head: SequenceHead) -> (bytes: [UInt8], count: Int) {
        let stretches = (0..<number(1)).map { _ in (start: number(2), count: number(2)) }
        let word = number(3)
        let (count, flags) = (word & 0x3F_FFFF, UInt32(word >> 22))
        let footerBytes = number(2)
        let footer = Array(rest.prefix(footerBytes))
        var body = Array(rest.dropFirst(footerBytes))
        for (start, count) in stretches where count > 4 && start + count <= body.count {
            var checksum: [UInt8] = []
            checksum.appendLittleEndian(CRC32.of(body[start..<start + count - 4]))
            body.replaceSubrange(start + count - 4..<start + count, with: checksum)
        }
        // One stored block of deflate.
        var stored: [UInt8] = [1, UInt8(footer.count & 255), UInt8(footer.count >> 8)]
        stored += stored[1...].map(~) + footer
        var trailer = Array("OSRT".utf8)
        for number in [flags, UInt32(stored.count), UInt32(footer.count), CRC32.of(stored)] {
            trailer.appendLittleEndian(number)
        }
        trailer += archive.bytes
        trailer.appendLittleEndian(UInt64(0))
        trailer.appendLittleEndian(UInt64(count))
        trailer += head.digest.bytes + head.digest.bytes + [UInt8](repeating: 0, count: 32)
        trailer.appendLittleEndian(CRC32.of(trailer))
        return (Array("OSRP".utf8) + [1, 0, 0, 0] + body + stored + trailer, count)
    }
}

/// A journal without records behind one pack.
private func journal(archive: ArchiveID, head: SequenceHead, count: Int, pack: ObjectID) -> [UInt8] {
    let payload = Array(
        """
        {"archive":"\(archive)","base":\(count),"base_head":"\(head.digest.hex)","journal":1,"packs":["\(pack.hex)"]}
        """.utf8)
    var frame: [UInt8] = []
    for number in [UInt32(payload.count) | 1 << 31, 0, 0] { frame.appendLittleEndian(number) }
    frame.appendLittleEndian(CRC32.of(frame))
    let padding = (16 - (payload.count + 4) % 16) % 16
    let body = payload + [UInt8](repeating: 0, count: padding)
    frame += body
    frame.appendLittleEndian(CRC32.of(body))
    return frame
}

/// Any bytes as a pack either are refused, or are read through everything that an archive can be asked; a document that
/// comes has the id that was asked for. What does not hold traps.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPack(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let id = ArchiveID(bytes: Array(0..<16)) else { return 0 }
    let hasher = SHA256()
    let head = SequenceHead.start(of: id, hasher)
    var input = PackInput(bytes)
    let (file, records) = input.file(archive: id, head: head)
    let name = hasher.digest(file)
    let storage = MemoryStorage(
        files: [
            "config.json": configuration, "packs/\(name.hex).pack": file,
            "journal": journal(archive: id, head: head, count: records, pack: name),
        ], folders: ["objects", "packs", "temporary"])
    guard let archive = try? Archive.open(storage) else { return 0 }
    _ = try? Verification.run(on: storage, quick: true)
    _ = try? Verification.run(on: storage)
    for log in (try? archive.history.allLogs()) ?? [] {
        _ = log.bounds
        var rows = log.rows(.newestFirst, failures: true)
        while let row = try? rows.next() {
            _ = try? log.displayName(of: row)
            _ = try? log.outcome(of: row)
            guard let entry = try? log.entry(of: row), let id = entry.observation.documentID else { continue }
            _ = try? archive.document(of: entry)
            if let document = try? archive.document(id) {
                precondition(hasher.digest(document) == id, "a document has another id than was asked for")
            }
            _ = try? archive.history.sighting(of: id)
        }
    }
    for count in [1, 1000] {
        for failures in [false, true] {
            _ = try? archive.history.newest(count, ListingSelection(failures: failures))
        }
    }
    let entries = archive.history.entriesInSequenceOrder()
    while (try? entries.next()) != nil {}
    _ = archive.history.tags
    return 0
}
