import CivilTime
import ObjectStore

/// One of the newest observations of a pack, as the pack lists them: what `log` says of it stands there ready, while its
/// block says it only after the documents are rendered and hashed (docs/FORMAT.md, "Newest observations").
///
/// The ids in it are as good as the checksums of its page. Verification computes them anew.
struct PackNewest: Hashable {
    /// The observation before it in its log.
    struct Previous: Hashable {
        var point: LogPoint
        /// Whether it has the same snapshot.
        var isSame: Bool
    }

    /// The record's canonical JSON.
    let record: [UInt8]
    /// What it says.
    let entry: LogEntry
    /// The ok observation of the pack before this ok one in its log.
    let previous: Previous?

    /// Where it stands among all.
    var point: ListingPoint { ListingPoint(entry) }

    /// Items in a page: `log -n 20` reads one.
    static let itemsPerPage = 32
    /// So many at most are listed.
    static let limit = 256
    /// One is listed for so many bytes of blocks: at some 70 bytes each, two parts in a hundred.
    private static let blockBytesEach = 4096

    private enum Mark {
        static let none: UInt8 = 0
        static let different: UInt8 = 1
        static let same: UInt8 = 2
    }

    /// How many a pack with such blocks lists.
    static func count(blockBytes: Int) -> Int { min(limit, blockBytes / blockBytesEach) }

    /// Whether a pack is so small that it lists none, and that all of it is read in the list's place.
    static func isReadWhole(_ footer: PackFooter) -> Bool {
        count(blockBytes: footer.blockBytes) == 0 && footer.observations <= limit
    }

    func encoded(first: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendVarint(entry.sequenceNumber - first)
        if let previous {
            bytes.append(previous.isSame ? Mark.same : Mark.different)
            let (here, there) = (entry.observation.capturedAt, previous.point.capturedAt)
            bytes.appendVarint(Int(here.millisecondsSinceEpoch - there.millisecondsSinceEpoch))
            bytes.appendSignedVarint(Int64(entry.sequenceNumber - previous.point.sequenceNumber))
        } else {
            bytes.append(Mark.none)
        }
        return bytes + record
    }

    /// An item of the page at `offset`, in a pack of the records with these numbers.
    init(decoding item: ArraySlice<UInt8>, numbers: Range<Int>, at offset: Int) throws(PackError) {
        func wrong(_ detail: String) -> PackError { .corrupt("a newest observation \(detail)", offset: offset) }
        var reader = BinaryReader(item)
        let (number, mark, elapsed, distance): (Int, UInt8, Int, Int64)
        do {
            number = numbers.lowerBound + (try reader.varint(limit: numbers.count - 1))
            mark = try reader.byte()
            guard mark <= Mark.same else { throw wrong("follows what is not known") }
            elapsed = mark == Mark.none ? 0 : try reader.varint(limit: .max)
            distance = mark == Mark.none ? 0 : try reader.signedVarint()
        } catch let error as PackError {
            throw error
        } catch {
            throw wrong("ends early")
        }
        record = Array(item[reader.offset...])
        guard case .observation(let observation)? = try? RecordFormat.decode(record) else { throw wrong("is none") }
        entry = LogEntry(sequenceNumber: number, record: SHA256.digest(record), observation: observation)
        guard mark != Mark.none else {
            previous = nil
            return
        }
        let (earlier, isOver) = Int64(number).subtractingReportingOverflow(distance)
        let moment = observation.capturedAt.millisecondsSinceEpoch.subtractingReportingOverflow(Int64(elapsed))
        guard observation.result == .ok, !isOver, !moment.overflow, numbers.contains(Int(earlier)),
            let then = Timestamp(millisecondsSinceEpoch: moment.partialValue),
            case let point = LogPoint(capturedAt: then, sequenceNumber: Int(earlier)), point < entry.row.point
        else { throw wrong("follows what cannot be") }
        previous = Previous(point: point, isSame: mark == Mark.same)
    }

    /// An observation whose record, with all that it says, is known.
    init(_ record: [UInt8], _ entry: LogEntry, _ previous: Previous?) {
        (self.record, self.entry, self.previous) = (record, entry, previous)
    }
}
