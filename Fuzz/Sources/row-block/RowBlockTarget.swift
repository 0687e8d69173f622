import ObjectStore

/// Any bytes as a row block either are refused, or give rows that a new block of them gives again. What does not hold
/// traps.
///
/// The first four bytes say how many slots each of four layouts has, the lowest four bits, and from which column on; the
/// rest is the block.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRowBlock(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard bytes.count > 4 else { return 0 }
    let shapes = bytes.prefix(4).compactMap { shape in
        let first = Int(shape >> 4)
        return try? RowLayout(keys: (first..<first + Int(shape & 15)).map { [UInt8($0 % 3), UInt8($0)] })
    }
    guard shapes.count == 4, let numbers = try? RowBlockDecoder.layouts(in: bytes[4...]),
        let decoder = try? RowBlockDecoder(), let encoder = try? RowBlockEncoder(),
        let block = try? decoder.decode(bytes[4...], layouts: numbers.map { shapes[$0 % 4] })
    else { return 0 }
    var (builder, cursor, row) = (RowBlockBuilder(), block.cursor(), [Int64]())
    var rows: [(layout: Int, numbers: [Int64])] = []
    for place in 0..<block.rowCount {
        precondition(cursor.read(place, into: &row), "a row of the block is not there")
        rows.append((block.layout(ofRow: place), row))
        _ = block.isSame(asRowBefore: place)
    }
    precondition(!cursor.read(block.rowCount, into: &row), "a row behind the block is there")
    let taken = rows.prefix { builder.append(layout: $0.layout, numbers: $0.numbers) }
    guard !taken.isEmpty, let again = encode(builder, shapes, encoder) else { return 0 }
    guard let copy = try? decoder.decode(again[...], layouts: builder.layouts.map { shapes[$0 % 4] }) else {
        preconditionFailure("a block that was written is not read")
    }
    var copied = copy.cursor()
    for (place, expected) in taken.enumerated() {
        precondition(copied.read(place, into: &row) && row == expected.numbers, "a row is another one")
        precondition(copy.layout(ofRow: place) == expected.layout, "a row has another layout")
    }
    return 0
}

private func encode(_ builder: RowBlockBuilder, _ shapes: [RowLayout], _ encoder: borrowing RowBlockEncoder) -> [UInt8]?
{
    try? encoder.encode(builder, layouts: builder.layouts.map { shapes[$0 % 4] })
}
