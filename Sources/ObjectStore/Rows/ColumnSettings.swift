/// How the differences of a column are written.
enum ColumnTransform: UInt8, CaseIterable, Sendable {
    /// Nothing is written: the column does what its settings predict.
    case constant
    /// The difference to the row before.
    case difference
    /// The difference to the difference before: for what moves at a changing pace.
    case acceleration
    /// The distance to the first value: for noise around a level or a line.
    case level
    /// How far `DriftModel` was off where the guide rests, the difference where it moves.
    case drift
}

/// What a block says about one column: a byte, then as varints what the byte announces.
///
/// | bits of the byte | what |
/// |---|---|
/// | 0 to 2 | the transform; after that of drift, its guide as a signed distance in columns |
/// | 3 | a divisor follows |
/// | 4 | a pace follows, signed |
/// | 5 | addends follow: how many ranges, and for each the columns skipped since the last one and its length less one |
struct ColumnSettings: Hashable, Sendable {
    /// How the differences are written.
    var transform: ColumnTransform = .constant
    /// What every written number was divided by, 1 or more.
    var divisor: Int64 = 1
    /// What was taken off every difference.
    var pace: Int64 = 0
    /// Columns whose differences were taken off as well; ranges in order and apart.
    var addends: [Range<Int>] = []
    /// Of drift: how many columns further its guide stands.
    var guideDistance = 0

    private static let hasDivisor: UInt8 = 8
    private static let hasPace: UInt8 = 16
    private static let hasAddends: UInt8 = 32

    /// A column that never changes.
    init() {}

    /// Appends their bytes.
    func append(to bytes: inout [UInt8]) {
        var head = transform.rawValue
        if divisor > 1 { head |= Self.hasDivisor }
        if pace != 0 { head |= Self.hasPace }
        if !addends.isEmpty { head |= Self.hasAddends }
        bytes.append(head)
        if transform == .drift { bytes.appendSignedVarint(Int64(guideDistance)) }
        if divisor > 1 { bytes.appendVarint(UInt64(divisor)) }
        if pace != 0 { bytes.appendSignedVarint(pace) }
        guard !addends.isEmpty else { return }
        bytes.appendVarint(UInt64(addends.count))
        var end = 0
        for range in addends {
            bytes.appendVarint(UInt64(range.lowerBound - end))
            bytes.appendVarint(UInt64(range.count - 1))
            end = range.upperBound
        }
    }

    /// Reads the settings of one of `columnCount` columns.
    init(_ reader: inout BinaryReader, column: Int, columnCount: Int) throws(RowBlockError) {
        let head = try reader.readByte()
        guard head < 64, let transform = ColumnTransform(rawValue: head & 7) else {
            throw RowBlockError(.corrupt, "unknown column settings \(head)")
        }
        self.transform = transform
        if transform == .drift {
            let distance = try reader.readSigned()
            guard head == transform.rawValue, distance >= -column, distance < columnCount - column else {
                throw RowBlockError(.corrupt, "unknown settings of drift")
            }
            guideDistance = Int(distance)
        }
        if head & Self.hasDivisor != 0 { divisor = max(1, Int64(bitPattern: try reader.readVarint())) }
        if head & Self.hasPace != 0 { pace = try reader.readSigned() }
        guard head & Self.hasAddends != 0 else { return }
        var end = 0
        for _ in 0..<(try reader.readCount(upTo: columnCount)) {
            let start = end + (try reader.readCount(upTo: columnCount - end))
            guard start < columnCount else { throw RowBlockError(.corrupt, "an addend beyond the last column") }
            end = start + 1 + (try reader.readCount(upTo: columnCount - start - 1))
            addends.append(start..<end)
        }
    }
}

extension ColumnSettings {
    /// The settings of all columns; those of a block of one row say nothing.
    static func all(in bytes: [UInt8], _ rowCount: Int, _ columnCount: Int) throws(RowBlockError) -> [ColumnSettings] {
        guard rowCount > 1 else {
            guard bytes.isEmpty else { throw RowBlockError(.corrupt, "column settings in a block of one row") }
            return [ColumnSettings](repeating: ColumnSettings(), count: columnCount)
        }
        var reader = BinaryReader(bytes[...])
        var settings: [ColumnSettings] = []
        settings.reserveCapacity(columnCount)
        for column in 0..<columnCount {
            settings.append(try ColumnSettings(&reader, column: column, columnCount: columnCount))
        }
        guard reader.rest.isEmpty else { throw RowBlockError(.corrupt, "bytes after the column settings") }
        return settings
    }
}
