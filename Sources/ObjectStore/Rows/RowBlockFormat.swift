/// The limits and codes of a row block (docs/FORMAT.md, "Row blocks").
enum RowBlockFormat {
    /// The most rows of a block that is read.
    static let maximumRows = 4_096
    /// The most columns of a block, and the most slots of all its layouts together.
    static let maximumColumns = 16_384
    /// The most differences of a block: each row may change every slot of 256 rows of 4,096.
    static let maximumChanges = 1 << 20
    /// The most changes that all totals add up, each addend counted as one more: a bound for the time of a reader.
    static let maximumSummands = 1 << 22
    /// The greatest layout number.
    static let greatestLayout = Int(Int32.max)
    /// The most bytes of column settings.
    static let maximumSettingsBytes = 1 << 20
}
