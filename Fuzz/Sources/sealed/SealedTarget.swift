import ObjectStore

private let archive = [UInt8](repeating: 3, count: 16)

/// Messages whose commitment is right whatever their chunks are: otherwise hardly an input came past it.
///
/// The input is: a byte, the kind; a byte, how the message is cut into pieces (64 times as many bytes each, 1 for 0);
/// two numbers of 16 bits, lowest byte first: how many bytes of a sound file's plain text there are (times 7), and where
/// the rest of the input is laid over the file's message; the rest.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSealed(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    // As they come: a header, a code, a slot.
    _ = try? SealedFileHeader(decoding: bytes[...])
    _ = try? RecoveryCode.key(of: bytes)
    guard bytes.count >= 6, let key = try? SecretKey.random(RandomSource { [UInt8](repeating: 1, count: $0) }),
        let kind = SealingContext.Kind(rawValue: bytes[0] % 5 + 1)
    else { return 0 }
    precondition(
        (try? SealedFile.open(bytes, as: kind, archive: archive, key: key)) == nil, "what nobody sealed has opened")
    let slot = KeySlot(
        id: Array(bytes.prefix(16)), kind: .recovery, parameters: nil, salt: nil,
        wrapped: Array(bytes.prefix(KeySlot.wrappedBytes)))
    if let slot {
        let opened = try? slot.open(secret: key, archive: archive)
        precondition(opened == nil, "what nobody wrapped has opened")
    }

    // A sound file, altered: it opens where it is the same again, and nowhere else.
    let plain = [UInt8](repeating: bytes[0], count: 7 * (Int(bytes[2]) | Int(bytes[3]) << 8))
    let salted = RandomSource { [UInt8](repeating: 2, count: $0) }
    guard let sound = try? SealedFile.seal(plain, as: kind, archive: archive, key: key, random: salted) else {
        return 0
    }
    precondition(
        (try? SealedFile.open(sound, as: kind, archive: archive, key: key)) == plain, "a sound file is refused")
    let offset = min(sound.count, 80 + (Int(bytes[4]) | Int(bytes[5]) << 8))
    var file = Array(sound[..<offset]) + bytes[6...]
    if file.count < sound.count, bytes[1] & 1 == 0 { file += sound[file.count...] }
    let opened = try? SealedFile.open(file, as: kind, archive: archive, key: key)
    precondition(opened == (file == sound ? plain : nil), "an altered file has opened, or a sound one has not")

    // In pieces the same comes out, or a beginning of it before the error.
    guard let header = try? SealedFileHeader(decoding: file[...]),
        var opener = try? CobblestoneOpener(header: file[24...], key: key, context: header.context(archive: archive))
    else { return 0 }
    let piece = max(1, 64 * Int(bytes[1]))
    var streamed: [UInt8] = []
    var failed = false
    var index = 80
    while index < file.count, !failed {
        let next = file[index..<min(file.count, index + piece)]
        do { try opener.update(next.span, into: &streamed) } catch { failed = true }
        index += next.count
    }
    do { try opener.finish(into: &streamed) } catch { failed = true }
    precondition(failed == (opened == nil), "a stream and the whole disagree")
    precondition(plain.starts(with: streamed), "a stream gave bytes that nobody sealed")
    return 0
}
