import TestSupport
import Testing

@testable import ObjectStore

/// Sealed files: their bytes, and what must not open.
@Suite("Sealed files")
struct SealedFileTests {
    private let archive = Array(0..<16) as [UInt8]
    private let name = ObjectID(bytes: [UInt8](repeating: 7, count: 32))

    private func failure(
        _ file: [UInt8], as kind: SealingContext.Kind = .pack, place: SealingContext.Place = .whole,
        archive: [UInt8]? = nil, key: UInt8 = 1
    ) throws -> SealingError.Code? {
        let key = try SecretKey.of(key)
        return sealingFailure { () throws(SealingError) in
            _ = try SealedFile.open(file, as: kind, place: place, archive: archive ?? self.archive, key: key)
        }
    }

    // The bytes come from a few lines of Python with the `cryptography` package, not from this program.
    @Test("a file has the bytes that another implementation gives it")
    func golden() throws {
        let key = try SecretKey.of(1)
        let place = SealingContext.Place.named(try #require(name))
        let file = try SealedFile.seal(
            Array(#"{"a":1}"#.utf8), as: .object, place: place, archive: archive, key: key, random: .counting())
        #expect(
            Hexadecimal.text(file)
                == "4f53524501010000000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627"
                + "49a366b45309d087dea2777bdd59c36e6d2aabf69e6be376e2081197ee702d4da0a391513c3f7caba692493439b85d83"
                + "1a85bfe00f763c")
        #expect(
            try SealedFile.open(file, as: .object, place: place, archive: archive, key: key) == Array(#"{"a":1}"#.utf8))
        #expect(file.count == SealedFile.byteCount(ofPlain: 7))
        #expect(
            SealedFile.byteCount(ofPlain: 0)
                == SealedFileHeader.byteCount + CobblestoneFormat.headerBytes + AESGCM.tagBytes)
    }

    @Test("a journal frame has the context and the bytes that another implementation gives it")
    func goldenFrame() throws {
        let key = try SecretKey.of(1)
        let header = try SealedFileHeader(.journal, random: .counting())
        let before = try #require(ObjectID(bytes: [UInt8](repeating: 9, count: 32)))
        let context = header.context(archive: archive, place: .frame(5, after: before))
        #expect(
            Hexadecimal.text(context)
                == "0f0000006f7372732d617263686976652f763110000000000102030405060708090a0b0c0d0e0f07000000"
                + "6a6f75726e616c10000000000102030405060708090a0b0c0d0e0f080000000500000000000000"
                + "200000000909090909090909090909090909090909090909090909090909090909090909")
        let frame = try CobblestoneSealer.message(
            Array("frame".utf8), key: key, context: context, random: .fixed(Array(16..<40)))
        #expect(
            Hexadecimal.text(frame)
                == "101112131415161718191a1b1c1d1e1f2021222324252627e0115fc3289cda33251620f8bb6a458b5d20d31a196e80d1"
                + "e0ed448396578fe3923560eec650c24c86e9ae6131598736b68e68b186")
    }

    @Test("each byte of a small file, flipped by any bit, is refused, and so is each cut and each byte more")
    func flips() throws {
        let key = try SecretKey.of(1)
        let file = try SealedFile.seal(pattern(40), as: .pack, archive: archive, key: key)
        for index in file.indices {
            for bit in 0..<8 {
                var damaged = file
                damaged[index] ^= 1 << bit
                let code = try failure(damaged)
                switch index {
                case 0..<4: #expect(code == .notSealed)
                case 4, 6, 7: #expect(code == .unsupported)
                // Another kind, or one that is not known.
                case 5: #expect(code == .wrongKey || code == .unsupported)
                // File id, salt and commitment are checked by the commitment, the rest by the tag.
                case 8..<80: #expect(code == .wrongKey)
                default: #expect(code == .corrupt)
                }
            }
        }
        for count in file.indices { #expect(try failure(Array(file.prefix(count))) != nil, "cut to \(count)") }
        #expect(try failure(file + [0]) == .corrupt)
        #expect(try failure(file + file) == .corrupt)
        #expect(try failure(file) == nil)
    }

    @Test("a wrong key is told apart from damage")
    func wrongKey() throws {
        let key = try SecretKey.of(1)
        var file = try SealedFile.seal(pattern(20_000), as: .pack, archive: archive, key: key)
        #expect(try failure(file, key: 2) == .wrongKey)
        file[file.count - 1] ^= 1
        #expect(try failure(file) == .corrupt)
        #expect(try failure(file, key: 2) == .wrongKey)
    }

    @Test(
        "a file in another's place, under another name, of another kind or archive, or with another's header, is refused"
    )
    func exchanged() throws {
        let key = try SecretKey.of(1)
        let (mine, yours) = (try #require(name), try #require(ObjectID(bytes: Array(0..<32))))
        let first = try SealedFile.seal([1], as: .object, place: .named(mine), archive: archive, key: key)
        let second = try SealedFile.seal([2], as: .object, place: .named(yours), archive: archive, key: key)
        #expect(try failure(first, as: .object, place: .named(mine)) == nil)
        #expect(try failure(second, as: .object, place: .named(mine)) == .wrongKey)
        #expect(try failure(first, as: .object) == .wrongKey)
        #expect(
            try failure(first, as: .object, place: .named(mine), archive: [UInt8](repeating: 1, count: 16)) == .wrongKey
        )
        for kind in SealingContext.Kind.allCases where kind != .object {
            #expect(try failure(first, as: kind, place: .named(mine)) == .wrongKey)
            var renamed = first
            renamed[5] = kind.rawValue
            #expect(try failure(renamed, as: kind, place: .named(mine)) == .wrongKey)
        }
        // The header of one before the message of another, sealed under the same name.
        let third = try SealedFile.seal([3], as: .object, place: .named(mine), archive: archive, key: key)
        let mixed = Array(third[..<24]) + Array(first[24...])
        #expect(try failure(mixed, as: .object, place: .named(mine)) == .wrongKey)
    }

    @Test("chunks cut off, exchanged, repeated, left out or taken from another file are refused")
    func chunks() throws {
        let key = try SecretKey.of(1)
        let file = try SealedFile.seal(pattern(40_000), as: .pack, archive: archive, key: key)
        let other = try SealedFile.seal(pattern(40_000), as: .pack, archive: archive, key: key)
        // A file as its header and its three chunks.
        func parts(_ file: [UInt8]) -> [[UInt8]] {
            [0..<80, 80..<16_480, 16_480..<32_880, 32_880..<file.count].map { Array(file[$0]) }
        }
        let (mine, yours) = (parts(file), parts(other))
        func opened(_ numbers: [Int]) throws -> SealingError.Code? {
            try failure(numbers.flatMap { mine[$0] })
        }
        #expect(try opened([0, 1, 2, 3]) == nil)
        let wrong: [[Int]] = [
            [0, 2, 1, 3], [0, 1, 1, 3], [0, 1, 3], [0, 2, 3], [0, 3], [0, 1, 2, 2, 3], [0, 1, 2, 3, 3], [0, 3, 1, 2],
        ]
        for numbers in wrong { #expect(try opened(numbers) == .corrupt, "\(numbers)") }
        #expect(try failure([mine[0], yours[1], mine[2], mine[3]].flatMap { $0 }) == .corrupt)
        #expect(try failure([mine[0], mine[1], mine[2], yours[3]].flatMap { $0 }) == .corrupt)
        #expect(try failure([yours[0], mine[1], mine[2], mine[3]].flatMap { $0 }) == .corrupt)
        // A cut at a chunk's border leaves whole chunks only; no message ends so.
        for numbers in [[0, 1, 2], [0, 1], [0]] { #expect(try opened(numbers) == .truncated, "\(numbers)") }
    }

    @Test("journal frames that are exchanged, replayed, left out or renumbered are refused")
    func frames() throws {
        let key = try SecretKey.of(1)
        let header = try SealedFileHeader(.journal)
        let another = try SealedFileHeader(.journal)
        let start = SHA256.digest(header.encoded)
        let first = try CobblestoneSealer.message(
            [1], key: key, context: header.context(archive: archive, place: .frame(0, after: start)))
        let second = try CobblestoneSealer.message(
            [2], key: key, context: header.context(archive: archive, place: .frame(1, after: SHA256.digest(first))))
        func opens(_ frame: [UInt8], _ number: UInt64, after: ObjectID, in header: SealedFileHeader) -> Bool {
            let context = header.context(archive: archive, place: .frame(number, after: after))
            return (try? CobblestoneOpener.plain(of: frame[...], key: key, context: context)) != nil
        }
        #expect(opens(first, 0, after: start, in: header))
        #expect(opens(second, 1, after: SHA256.digest(first), in: header))
        #expect(!opens(second, 0, after: start, in: header), "the first frame is gone")
        #expect(!opens(first, 1, after: SHA256.digest(first), in: header), "the first frame is repeated")
        #expect(!opens(first, 0, after: SHA256.digest(second), in: header), "the frames are exchanged")
        #expect(!opens(second, 2, after: SHA256.digest(first), in: header), "a number is left out")
        #expect(!opens(second, 1, after: start, in: header), "the frame before is another one")
        #expect(!opens(first, 0, after: start, in: another), "the frame is another journal's")
    }

    @Test("no two contexts have the same bytes")
    func contexts() throws {
        let (mine, before) = (try #require(name), try #require(ObjectID(bytes: Array(0..<32))))
        let places: [SealingContext.Place] = [
            .whole, .named(mine), .named(before), .frame(0, after: mine), .frame(1, after: mine),
            .frame(0, after: before), .fields([[1, 2], [3]]), .fields([[1], [2, 3]]), .fields([[1, 2, 3]]),
            .fields([[1, 2, 3], []]),
        ]
        var encoded: Set<[UInt8]> = []
        for kind in SealingContext.Kind.allCases {
            for archive in [archive, [], [1]] as [[UInt8]] {
                for place in places {
                    encoded.insert(SealingContext(archive: archive, kind: kind, file: [1, 2], place: place).encoded)
                }
            }
        }
        #expect(encoded.count == 5 * 3 * places.count)
    }
}
