public import Archive

/// What a collection of garbage did, for people.
public enum GarbageCollectionText {
    /// One line.
    public static func text(_ done: GarbageCollection) -> String {
        let sealed = done.sealed == 0 ? "nothing to seal" : "sealed \(Numbers.count(done.sealed, "record"))"
        let merged = done.packsMerged == 0 ? "" : ", merged \(Numbers.count(done.packsMerged, "pack"))"
        return
            "\(sealed)\(merged): \(Numbers.count(done.packs, "pack")), \(Numbers.bytes(done.bytesBefore)) before, "
            + "\(Numbers.bytes(done.bytesAfter)) now"
    }
}
