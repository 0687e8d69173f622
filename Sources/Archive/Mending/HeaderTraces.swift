import ObjectStore

/// What can still be read in the bytes of a damaged header: ids in hex. They are never trusted alone; one that is the
/// head behind a pack, or a pack's name, cannot be there by chance.
struct HeaderTraces {
    /// Where each id stands, the last time.
    private var places: [ObjectID: Int] = [:]
    /// Where the names of the packs begin; those before are of packs that were merged away. Nil where that is not legible.
    private var packsStart: Int?

    /// Looks for ids in bytes: O(bytes).
    init(_ bytes: ArraySlice<UInt8>) {
        var run: [UInt8] = []
        for (place, byte) in zip(bytes.indices, bytes) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"):
                run.append(byte)
            default:
                note(run, endingAt: place)
                run = []
            }
        }
        note(run, endingAt: bytes.endIndex)
        packsStart = bytes.firstRange(of: Array("\"packs\"".utf8))?.lowerBound
    }

    private mutating func note(_ run: [UInt8], endingAt place: Int) {
        guard run.count == 2 * ObjectID.byteCount, let id = ObjectID(hex: String(decoding: run, as: UTF8.self)) else {
            return
        }
        places[id] = place
    }

    /// Whether the header had this head as that before the journal's first record.
    func names(_ head: SequenceHead) -> Bool { places[head.digest] != nil }

    /// Whether the header had this name among those of the packs.
    func names(pack: ObjectID) -> Bool {
        guard let place = places[pack] else { return false }
        return packsStart.map { place > $0 } ?? true
    }
}
