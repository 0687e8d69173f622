import ObjectStore

/// What a journal's bytes hold: whole records, damage, and the tail of a write that never finished.
///
/// A file that ends inside a frame, or a batch without its last frame, is a torn tail: a crash left it, nothing of it
/// was acknowledged. A complete frame whose checksum fails is damage, the newest one included, unless a sector of the
/// newest batch plainly never reached the disk. A cut exactly at the newest end cannot be seen from inside.
struct JournalScan {
    /// The header; nil where frame 0 is damaged.
    var header: JournalHeader?
    /// Where the frame that holds the header stands.
    var headerFrame = 0..<0
    /// The whole records, in order, with their frame numbers (the first record has number 1) and where their frames stand.
    var records: [(number: Int, frame: Range<Int>, record: ArraySlice<UInt8>)] = []
    /// Damaged stretches, in order.
    var damage: [Damage] = []
    /// The end of the last whole batch; what follows is a torn tail.
    var committedEnd = 0
    /// The number of the frame that comes next.
    var nextNumber = 0
    /// Set where the header was written by a newer program.
    var unsupportedFormat: Int64?
    /// What the payload behind `committedEnd` is sealed with; nil where payloads lie in the clear.
    var frames: SealedFrames?

    /// A stretch of the file that cannot be read.
    struct Damage: Hashable {
        /// The offset of the first damaged byte's frame.
        var offset: Int
        /// The numbers of the frames that are lost, as far as the frames around them tell.
        var numbers: Range<Int>
        /// What of it may still be legible.
        var bytes: Range<Int>
    }

    /// Scans a whole journal: O(bytes), and once more from each damaged stretch to the next sound frame.
    init(_ file: [UInt8], _ sealing: ArchiveSealing?) {
        guard let sealing else {
            scan(file, from: 0)
            return
        }
        // Without the file's first bytes no frame can be opened: then there is no header either.
        frames = try? SealedFrames(sealing, decoding: file[...])
        if frames != nil { scan(file, from: SealedFrames.startBytes) }
    }

    /// Scans a sealed journal without its key, by what lies in the clear: where `init` finds damage by checksums and
    /// numbers, so does this. Payloads stay sealed, so there is no header.
    init(sealed file: [UInt8]) {
        let start = JournalFormat.start(of: file[...])
        if start > 0 { scan(file, from: start) }
    }

    private mutating func scan(_ file: [UInt8], from start: Int) {
        var offset = start
        // How the frame at `offset` is sealed.
        var next = frames
        var batch: [(number: Int, frame: Range<Int>, record: ArraySlice<UInt8>)] = []
        var nextIndex = 0
        scan: while offset < file.count {
            let frame = JournalFormat.frame(in: file, at: offset)
            switch frame {
            case .cut: break scan
            case .whole(let head, let payload) where head.number == nextNumber:
                let place = offset..<offset + head.frameBytes
                let contents = Self.open(file[payload], next, head.number)
                next?.pass(file[place])
                offset = place.upperBound
                nextNumber += 1
                let isInOrder = head.indexInBatch == nextIndex && (head.number > 0 || head.isLastInBatch)
                nextIndex = head.indexAfter
                guard isInOrder, let contents else {
                    damage.append(
                        Damage(offset: place.lowerBound, numbers: head.number..<head.number + 1, bytes: place))
                    commit(&batch, at: offset, next)
                    continue scan
                }
                if head.number == 0 {
                    readHeader(Array(contents))
                    headerFrame = 0..<offset
                } else {
                    batch.append((head.number, place, contents))
                }
                if head.isLastInBatch { commit(&batch, at: offset, next) }
            case .whole(let head, _) where head.number > nextNumber:
                damage.append(Damage(offset: offset, numbers: nextNumber..<head.number, bytes: offset..<offset))
                (nextNumber, nextIndex) = (head.number, head.indexInBatch)
                commit(&batch, at: offset, next)
            case .whole, .damagedPayload, .damagedHead:
                guard let resumed = resume(file, after: offset, frame) else { break scan }
                damage.append(
                    Damage(offset: offset, numbers: nextNumber..<resumed.number, bytes: offset..<resumed.offset))
                // Where in its batch the next frame must stand, nobody knows.
                (nextNumber, nextIndex, offset) = resumed
                // The lost frames were committed: so was what stood before them in their batch.
                commit(&batch, at: offset, next)
            }
        }
        if let first = batch.first { nextNumber = first.number }
    }

    /// What a frame's payload holds; nil where it does not open.
    private static func open(
        _ payload: ArraySlice<UInt8>, _ frames: SealedFrames?, _ number: Int
    ) -> ArraySlice<UInt8>? {
        guard let frames else { return payload }
        return (try? frames.open(payload, number: number))?[...]
    }

    private mutating func commit(
        _ batch: inout [(number: Int, frame: Range<Int>, record: ArraySlice<UInt8>)], at end: Int, _ next: SealedFrames?
    ) {
        records += batch
        batch = []
        committedEnd = end
        frames = next
    }

    private mutating func readHeader(_ payload: [UInt8]) {
        do {
            header = try JournalHeader(decoding: payload)
        } catch {
            if case .unsupported(let format) = error { unsupportedFormat = format }
        }
    }

    /// Bytes of payloads that fail their checksum before the search for a sound frame is given up: a crafted file could
    /// announce a megabyte at each step of the grid.
    private static let searchLimit = 64 << 20

    /// Where reading goes on after a bad frame at `offset`, or nil where the bad frame is a torn tail.
    private func resume(
        _ file: [UInt8], after offset: Int, _ bad: JournalFormat.Frame
    ) -> (number: Int, index: Int, offset: Int)? {
        // Look for the next whole frame on the grid that frames lie on.
        var candidate = offset + JournalFormat.alignment
        var following: (head: JournalFormat.FrameHead, offset: Int)?
        var checkedInVain = 0
        search: while candidate < file.count, checkedInVain <= Self.searchLimit {
            switch JournalFormat.frame(in: file, at: candidate) {
            case .whole(let head, _) where head.number > nextNumber:
                following = (head, candidate)
                break search
            case .damagedPayload(let head): checkedInVain += head.length
            case .whole, .cut, .damagedHead: break
            }
            candidate += JournalFormat.alignment
        }
        if JournalFormat.hasUnwrittenSector(in: file, at: offset) {
            guard let following, laterBatch(file, from: following.offset, startsAfter: nextNumber) else { return nil }
        }
        return following.map { ($0.head.number, $0.head.indexInBatch, $0.offset) } ?? (nextNumber + 1, 0, file.count)
    }

    /// Whether a whole frame at or after `start` belongs to a batch that began after frame `number`.
    private func laterBatch(_ file: [UInt8], from start: Int, startsAfter number: Int) -> Bool {
        var offset = start
        while offset < file.count {
            guard case .whole(let head, _) = JournalFormat.frame(in: file, at: offset) else {
                offset += JournalFormat.alignment
                continue
            }
            if head.number - head.indexInBatch > number { return true }
            offset += head.frameBytes
        }
        return false
    }
}
