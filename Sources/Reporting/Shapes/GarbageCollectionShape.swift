public import Archive
public import CanonicalJSON

/// The answer of `gc`.
public enum GarbageCollectionShape {
    /// What a collection did.
    public static func json(_ done: GarbageCollection) -> JSONValue {
        Shape.object([
            JSONMember("sealed", .integer(done.sealed)),
            JSONMember("packs_merged", .integer(done.packsMerged)),
            JSONMember("packs", .integer(done.packs)),
            JSONMember("loose_removed", .integer(done.looseRemoved)),
            JSONMember("bytes_before", .integer(done.bytesBefore)),
            JSONMember("bytes_after", .integer(done.bytesAfter)),
        ])
    }
}
