import ObjectStore

/// The beginning of a journal in which one byte is wrong: checksums tell which, and what it was.
///
/// A CRC-32 finds a wrong byte up to some chance. What comes out must be a header by all other rules, and the only one.
enum JournalHeaderCorrection {
    /// A journal's header as it was, and the file's first bytes with it.
    struct Corrected {
        var header: JournalHeader
        var start: [UInt8]
    }

    /// The header that a journal had before one of its first bytes was changed; nil where more is wrong.
    /// O(bytes of the header), some thousand steps a byte.
    static func correct(_ file: [UInt8], _ sealing: ArchiveSealing?) -> Corrected? {
        let frameStart = sealing == nil ? 0 : SealedFrames.startBytes
        guard file.count > frameStart else { return nil }
        let start = Array(file[..<frameStart])
        let frame = Array(file[frameStart...].prefix(2 * JournalFormat.payloadLimit))
        var beginnings: [[UInt8]] = []
        if let whole = wholeFrame(frame) {
            // Of a plain journal nothing is left that could be wrong.
            for place in start.indices {
                for mask in 1...UInt8.max {
                    var changed = start
                    changed[place] ^= mask
                    beginnings.append(changed + whole)
                }
            }
        } else {
            beginnings = frames(frame).map { start + $0 }
        }
        let found = beginnings.compactMap { bytes -> Corrected? in
            guard let header = JournalScan(bytes, sealing).header else { return nil }
            // Sealed bytes that open are what was written.
            guard sealing != nil || (try? JournalWriter(header, nil).bytes) == bytes else { return nil }
            return Corrected(header: header, start: bytes)
        }
        return found.count == 1 ? found.first : nil
    }

    private static func wholeFrame(_ bytes: [UInt8]) -> [UInt8]? {
        guard case .whole(let head, _) = JournalFormat.frame(in: bytes, at: 0), isHeader(head) else { return nil }
        return Array(bytes[..<head.frameBytes])
    }

    /// The frames of a header that bytes begin with once one of them is changed.
    private static func frames(_ bytes: [UInt8]) -> [[UInt8]] {
        var bytes = bytes
        switch JournalFormat.frame(in: bytes, at: 0) {
        case .whole, .cut: return []
        case .damagedPayload(let head):
            guard isHeader(head) else { return [] }
            return framesWithAnotherPayload(Array(bytes[..<head.frameBytes]))
        case .damagedHead:
            var frames: [[UInt8]] = []
            for place in 0..<JournalFormat.headBytes {
                for mask in 1...UInt8.max {
                    bytes[place] ^= mask
                    if let frame = wholeFrame(bytes) { frames.append(frame) }
                    bytes[place] ^= mask
                }
            }
            return frames
        }
    }

    private static func isHeader(_ head: JournalFormat.FrameHead) -> Bool {
        head.number == 0 && head.indexInBatch == 0 && head.isLastInBatch
    }

    /// A frame whose head is sound, with one byte behind it changed so that its checksum holds.
    ///
    /// The CRC is linear: what a changed byte does to it depends on its change and its distance from the end alone.
    private static func framesWithAnotherPayload(_ frame: [UInt8]) -> [[UInt8]] {
        let end = frame.count - 4
        guard let stored = frame.littleEndian(at: end) else { return [] }
        let difference = CRC32.of(frame[JournalFormat.headBytes..<end]) ^ stored
        var candidates: [[UInt8]] = []
        func tryChange(_ place: Int, _ mask: UInt8) {
            var changed = frame
            changed[place] ^= mask
            if case .whole = JournalFormat.frame(in: changed, at: 0) { candidates.append(changed) }
        }
        for byte in 0..<4 {
            let mask = UInt8(truncatingIfNeeded: difference >> (8 * UInt32(byte)))
            if UInt32(mask) << (8 * UInt32(byte)) == difference { tryChange(end + byte, mask) }
        }
        let table = (0...UInt32(UInt8.max)).map { byte in
            (0..<8).reduce(byte) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1 }
        }
        var effects = table
        for place in (JournalFormat.headBytes..<end).reversed() {
            for mask in 1...255 where effects[mask] == difference { tryChange(place, UInt8(mask)) }
            for mask in 1...255 { effects[mask] = table[Int(effects[mask] & 0xFF)] ^ effects[mask] >> 8 }
        }
        return candidates
    }
}
