import ObjectStore

/// The ids of a pack's records by their places: 32 bytes each, since a pack may have a million of them.
struct RecordIDs {
    /// Zeros stand for none: nobody can make a record whose SHA-256 they are.
    private static let none = ObjectID(words: (0, 0, 0, 0))

    private var ids: [ObjectID]

    /// So many places without an id.
    init(count: Int) { ids = Array(repeating: Self.none, count: count) }

    var indices: Range<Int> { ids.indices }

    /// The id at a place; nil where there is none yet.
    subscript(place: Int) -> ObjectID? {
        get { ids[place] == Self.none ? nil : ids[place] }
        set { ids[place] = newValue ?? Self.none }
    }
}
