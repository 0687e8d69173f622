import TestSupport
import Testing

@testable import ObjectStore

/// `#expect` for what changes its subject.
func check(_ condition: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(condition, sourceLocation: sourceLocation)
}

/// Rows with their layouts, and what they decode to.
struct RandomRows {
    var random: SeededRandom
    let layouts: [RowLayout]
    private(set) var rows: [(layout: Int, numbers: [Int64])] = []

    /// Layouts that share columns, and rows that move as numbers of the world do: rarely, steadily, wildly, in sum.
    init(seed: UInt64, rows count: Int) throws {
        random = SeededRandom(seed: seed)
        let names = (0..<Int.random(in: 1...12, using: &random)).map { "k\($0 % 3)\u{0}list\u{1}\($0)" }
        layouts = try (0..<Int.random(in: 1...3, using: &random)).map { [names, random] _ in
            var random = random
            let kept = names.shuffled(using: &random).prefix(Int.random(in: 0...names.count, using: &random))
            return try RowLayout(keys: kept.map { Array($0.utf8) })
        }
        var layout = 0
        var numbers: [Int64] = []
        for _ in 0..<count {
            if numbers.isEmpty || Int.random(in: 0..<9, using: &random) == 0 {
                layout = Int.random(in: layouts.indices, using: &random)
                numbers = (0..<layouts[layout].count).map { _ in Int64.random(in: -1...5_000_000, using: &random) }
            }
            for slot in numbers.indices {
                switch (slot, Int.random(in: 0..<16, using: &random)) {
                case (0, _): numbers[slot] &+= 60_000
                case (1, _): numbers[slot] = 250 + Int64.random(in: -9...9, using: &random)
                case (_, 0): numbers[slot] = Int64(bitPattern: random.next())
                case (_, 1): numbers[slot] = [.min, .max, 0].randomElement(using: &random) ?? 0
                case (_, 2...5): numbers[slot] &+= Int64.random(in: -300...300, using: &random)
                default: break
                }
            }
            if numbers.count > 3 { numbers[2] = numbers[3...].reduce(0, &+) }
            rows.append((layout, numbers))
        }
    }

    /// A layout of pairs, `rank` and `score`: ranks drift at a common pace while their score rests, and leap with it.
    init(driftingWithSeed seed: UInt64, rows count: Int) throws {
        random = SeededRandom(seed: seed)
        let pairs = Int.random(in: 4...20, using: &random)
        layouts = [
            try RowLayout(
                keys: (0..<pairs).flatMap { ["rank\u{0}list\u{1}\($0)", "score\u{0}list\u{1}\($0)"] }.map {
                    Array($0.utf8)
                })
        ]
        var numbers = (0..<2 * pairs).map { _ in Int64.random(in: -1...500_000, using: &random) }
        let rates = numbers.map { _ in Int64.random(in: -20...300, using: &random) }
        for _ in 0..<count {
            let pace = Int64.random(in: 0...20, using: &random)
            for slot in stride(from: 0, to: numbers.count, by: 2) {
                numbers[slot] &+= rates[slot] * pace / 8 + Int64.random(in: 0...pace / 4, using: &random)
                switch Int.random(in: 0..<60, using: &random) {
                case 0...2:
                    numbers[slot] &-= Int64.random(in: 0...90_000, using: &random)
                    numbers[slot + 1] &+= Int64.random(in: 1...9, using: &random)
                case 3: numbers[slot] &+= Int64.random(in: -9_000...9_000, using: &random)
                case 4 where seed % 3 == 0: numbers[slot] = [.min, .max, -1].randomElement(using: &random) ?? 0
                default: break
                }
            }
            rows.append((0, numbers))
        }
    }

    /// The block of the rows and the layouts that its decoder needs. Memory is taken off after each `compacting` rows.
    func block(compacting interval: Int = .max) throws -> (bytes: [UInt8], layouts: [RowLayout]) {
        var builder = RowBlockBuilder()
        let encoder = try RowBlockEncoder()
        for (index, row) in rows.enumerated() {
            check(builder.append(layout: 7 * row.layout, numbers: row.numbers))
            if index % interval == interval - 1 { encoder.compact(&builder) }
        }
        let used = builder.layouts.map { layouts[$0 / 7] }
        return (try encoder.encode(builder, layouts: used), used)
    }
}

@Suite struct RowBlockTests {
    private func layout(_ keys: String...) throws -> RowLayout { try RowLayout(keys: keys.map { Array($0.utf8) }) }

    private func block(_ rows: [[Int64]], _ layout: RowLayout) throws -> [UInt8] {
        var builder = RowBlockBuilder()
        for row in rows { check(builder.append(layout: 0, numbers: row)) }
        return try RowBlockEncoder().encode(builder, layouts: [layout])
    }

    private func numbers(_ block: RowBlock) -> [[Int64]] {
        var cursor = block.cursor()
        var numbers: [Int64] = []
        return (0..<block.rowCount).map { row in
            check(cursor.read(row, into: &numbers))
            return numbers
        }
    }

    /// The bytes that docs/FORMAT.md takes apart. Another zlib may compress streams otherwise: these are stored.
    @Test func writesTheDocumentedBytes() throws {
        let first = try layout("rank", "xp")
        let bytes = try block([[1_000, 5], [1_007, 5], [1_007, -70]], first)
        #expect(
            bytes == [3, 1, 0, 2, 0] + [1, 1] + [0x4F, 0x13] + [1, 2] + [0x17, 0x32] + [0xE8, 0x05], "\(bytes)")
        #expect(
            try numbers(RowBlockDecoder().decode(bytes[...], layouts: [first])) == [
                [1_000, 5], [1_007, 5], [1_007, -70],
            ])
    }

    @Test func givesBackAnyRows() throws {
        let decoder = try RowBlockDecoder()
        for seed in UInt64(0)..<300 {
            let count = [0, 1, 2, 3, 8, 9, 10, 64, 255, 256][Int(seed % 10)]
            let source =
                try seed % 4 == 0
                ? RandomRows(driftingWithSeed: seed, rows: 3 * count / 4) : RandomRows(seed: seed, rows: count)
            let (bytes, layouts) = try source.block()
            let numbered = try RowBlockDecoder.layouts(in: bytes[...])
            #expect(numbered.map { source.layouts[$0 / 7] } == layouts, "seed \(seed)")
            let block = try decoder.decode(bytes[...], layouts: layouts)
            #expect(block.rowCount == source.rows.count, "seed \(seed)")
            #expect(numbers(block) == source.rows.map(\.numbers), "seed \(seed)")
            for (row, expected) in source.rows.enumerated() {
                #expect(block.layout(ofRow: row) == 7 * expected.layout, "seed \(seed)")
                let isSame = row > 0 && source.rows[row - 1] == expected
                #expect(block.isSame(asRowBefore: row) == isSame, "seed \(seed), row \(row)")
            }
        }
    }

    @Test func writesTheSameBytesWhereMemoryWasTakenOff() throws {
        for (seed, interval) in [(UInt64(31), 1), (32, 7), (33, 64), (34, 255), (35, 256)] {
            let source =
                try seed % 2 == 0
                ? RandomRows(driftingWithSeed: seed, rows: 256) : RandomRows(seed: seed, rows: 256)
            #expect(try source.block(compacting: interval).bytes == source.block().bytes, "seed \(seed)")
        }
    }

    @Test func takesMemoryOffRowsThatWait() throws {
        var source = RowBlockBuilder()
        for row in Int64(0)..<100 { check(source.append(layout: 0, numbers: (0..<200).map { row &* $0 })) }
        var compact = source
        try RowBlockEncoder().compact(&compact)
        #expect(compact.memoryBytes < source.memoryBytes * 3 / 4)
    }

    @Test func readsRowsInAnyOrder() throws {
        var source = try RandomRows(seed: 5, rows: 100)
        let (bytes, layouts) = try source.block()
        var cursor = try RowBlockDecoder().decode(bytes[...], layouts: layouts).cursor()
        var numbers: [Int64] = []
        for _ in 0..<300 {
            let row = Int.random(in: 0..<100, using: &source.random)
            check(cursor.read(row, into: &numbers) && numbers == source.rows[row].numbers)
        }
        check(!cursor.read(100, into: &numbers) && numbers.isEmpty)
        check(!cursor.read(-1, into: &numbers))
    }

    @Test func carriesColumnsAcrossLayouts() throws {
        let (first, second) = try (layout("a", "b"), layout("c", "b", "x"))
        var builder = RowBlockBuilder()
        let rows: [(Int, [Int64])] = [
            (3, [1, 2]), (9, [5, 2, .min]), (3, [1, .max]), (3, [1, .max]), (9, [5, .max, 0]),
        ]
        for (layout, numbers) in rows { check(builder.append(layout: layout, numbers: numbers)) }
        #expect(builder.layouts == [3, 9])
        let bytes = try RowBlockEncoder().encode(builder, layouts: [first, second])
        let block = try RowBlockDecoder().decode(bytes[...], layouts: [first, second])
        #expect(numbers(block) == rows.map(\.1))
        #expect((0..<5).map(block.isSame(asRowBefore:)) == [false, false, false, true, false])
    }

    @Test func survivesDamage() throws {
        let decoder = try RowBlockDecoder()
        for (seed, count) in [(UInt64(21), 1), (22, 2), (23, 40), (25, 128), (26, 40)] {
            let source =
                try seed == 26
                ? RandomRows(driftingWithSeed: seed, rows: count) : RandomRows(seed: seed, rows: count)
            let (bytes, layouts) = try source.block()
            for length in 0..<bytes.count {
                #expect(throws: RowBlockError.self, "seed \(seed), cut to \(length)") {
                    try decoder.decode(bytes[..<length], layouts: layouts)
                }
            }
            #expect(throws: RowBlockError.self) { try decoder.decode((bytes + [0])[...], layouts: layouts) }
            for bit in 0..<min(bytes.count, 1_000) * 8 {
                var damaged = bytes
                damaged[bit / 8] ^= 1 << UInt8(bit % 8)
                if let block = try? decoder.decode(damaged[...], layouts: layouts) { _ = numbers(block) }
            }
        }
    }

    @Test func survivesAnyBytes() throws {
        var random = SeededRandom(seed: 31)
        let decoder = try RowBlockDecoder()
        let layouts = [try layout("a", "b"), try layout("b", "c", "d")]
        for _ in 0..<10_000 {
            // Small numbers first, as a header has them.
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { index in
                UInt8.random(in: 0...(index < 8 ? 9 : 255), using: &random)
            }
            for count in 0...2 {
                if let block = try? decoder.decode(bytes[...], layouts: Array(layouts[..<count])) { _ = numbers(block) }
            }
        }
    }

    @Test func refusesWhatDoesNotFit() throws {
        var builder = RowBlockBuilder()
        check(!builder.append(layout: -1, numbers: []))
        check(!builder.append(layout: 0, numbers: [Int64](repeating: 0, count: 4_097)))
        check(builder.append(layout: 0, numbers: [1, 2]))
        check(!builder.append(layout: 0, numbers: [1]))
        for _ in 1..<256 { check(builder.append(layout: 0, numbers: [1, 2])) }
        check(!builder.append(layout: 0, numbers: [1, 2]))
        #expect(builder.rowCount == 256)
        let encoder = try RowBlockEncoder()
        #expect(throws: RowBlockError.self) { try encoder.encode(builder, layouts: []) }
        #expect(throws: RowBlockError.self) { try encoder.encode(builder, layouts: [try layout("a")]) }
        let bytes = try encoder.encode(builder, layouts: [try layout("a", "b")])
        #expect(throws: RowBlockError.self) { try RowBlockDecoder().decode(bytes[...], layouts: []) }
        #expect(throws: RowBlockError.self) { try layout("a", "b", "a") }
    }

    @Test func costsNextToNothingWhereNothingHappens() throws {
        let layout = try RowLayout(keys: (0..<300).map { Array("k\($0)".utf8) })
        let row = (0..<300).map { Int64($0 * $0) }
        let one = try block([row], layout).count
        let many = try block([[Int64]](repeating: row, count: 256), layout).count
        #expect(many - one < 16, "\(one) and \(many) bytes")
        // Times a day apart and whole minutes, a counter, and noise around a level.
        var random = SeededRandom(seed: 3)
        let records = (0..<256).map { row in
            [
                1_700_000_000_000 + Int64(row) * 86_400_000 + Int64.random(in: 0..<8, using: &random) * 60_000,
                Int64(row) * 500, 120 + Int64.random(in: -8...8, using: &random), 200,
            ]
        }
        let bytes = try block(
            records, try RowLayout(keys: ["at", "number", "latency", "status"].map { Array($0.utf8) }))
        #expect(bytes.count < 256 * 5 / 4 + 60, "\(bytes.count) bytes")
    }

    @Test func keepsPendingRowsSmall() throws {
        var builder = RowBlockBuilder()
        var numbers = (0..<350).map { Int64($0 * 1_000) }
        for row in 0..<256 {
            for slot in stride(from: row % 5, to: 350, by: 5) { numbers[slot] += 150 }
            check(builder.append(layout: 0, numbers: numbers))
        }
        // 70 changes a row of three bytes each, in an array that doubles as it grows.
        #expect(builder.memoryBytes < 256 * 70 * 3 * 2 + 8 * 1_024)
    }
}
