import ObjectStore
import TestSupport
import Testing

@Suite struct ObjectIDTests {
    /// FIPS 180-4's examples, and the empty message.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func knownDigests(text: String, hex: String) throws {
        let id = SHA256.digest(Array(text.utf8))
        #expect(id.hex == hex)
        #expect(ObjectID(hex: hex) == id)
        #expect(ObjectID(hex: hex.uppercased()) == id)
        #expect(ObjectID(bytes: id.bytes) == id)
        #expect(id.abbreviated(8) == String(hex.prefix(8)))
    }

    @Test func aHasherIsReusedAndTakesParts() throws {
        let hasher = SHA256()
        let abc = Array("abc".utf8)
        let id = SHA256.digest(abc)
        #expect(hasher.digest(Array("a".utf8), Array("bc".utf8)) == id)
        #expect(hasher.digest(Array("xabcx".utf8)[1..<4]) == id)
        let ofSpan = hasher.digest(abc.span)
        #expect(ofSpan == id)
        let empty = SHA256.digest([])
        #expect(hasher.digest([], []) == empty)
        #expect(hasher.digest(id, empty) == SHA256.digest(id.bytes + empty.bytes))
    }

    @Test func aStreamTakesBytesInAnyPieces() {
        let hasher = SHA256()
        var stream = SHA256Stream()
        var random = SeededRandom(seed: 5)
        for length in [0, 1, 55, 56, 63, 64, 65, 1000, 100_000] {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 0...max(1, length / 3), using: &random))
                rest = rest.dropFirst(piece.count)
                switch piece.count % 3 {
                case 0: stream.update(piece)
                case 1: stream.update(Array(piece))
                default: stream.update(piece.span)
                }
                // The hasher's own work between the pieces does not touch the stream's.
                _ = hasher.digest(bytes)
            }
            #expect(stream.finish() == SHA256.digest(bytes), "\(length) bytes")
        }
        var own = SHA256Stream()
        #expect(own.finish() == SHA256.digest([]))
    }

    @Test func aStreamOutlivesItsHasher() {
        var stream = SHA256Stream()
        stream.update(Array("abc".utf8))
        #expect(stream.finish() == SHA256.digest(Array("abc".utf8)))
    }

    @Test func idsAreWrittenWithoutText() throws {
        let bytes = stride(from: 0x07, to: 0x07 + 32 * 8, by: 8).map { UInt8(truncatingIfNeeded: $0 &* 0x1F) }
        let id = try #require(ObjectID(bytes: bytes))
        var digits: [UInt8] = [1]
        id.appendHex(to: &digits)
        let expected = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(digits == [1] + Array(expected.utf8))
        let hex = digits[1...]
        let read = ObjectID(hex: hex.span)
        #expect(id.hex == expected && read == id)
        var raw: [UInt8] = [2]
        id.append(to: &raw)
        #expect(raw == [2] + bytes && id.bytes == bytes)
        for byte in UInt8.min...UInt8.max {
            let id = try #require(ObjectID(bytes: [UInt8](repeating: byte, count: 32)))
            #expect(id.hex == Hexadecimal.text([UInt8](repeating: byte, count: 32)))
            #expect(Hexadecimal.bytes(id.hex) == id.bytes && ObjectID(hex: id.hex) == id)
        }
    }

    @Test(arguments: ["", "0", "zz", String(repeating: "0", count: 63), String(repeating: "0", count: 66)])
    func whatIsNoIdIsRefused(hex: String) { #expect(ObjectID(hex: hex) == nil) }

    @Test func thePrefixBoundsExactlyTheIdsThatBeginWithIt() throws {
        let id = SHA256.digest([])
        for digits in 0...64 {
            let bounds = try #require(ObjectID.ids(startingWith: id.hex.uppercased().prefix(digits)))
            #expect(bounds.contains(id))
            #expect(bounds.lowerBound.hex == id.hex.prefix(digits) + String(repeating: "0", count: 64 - digits))
            #expect(bounds.upperBound.hex == id.hex.prefix(digits) + String(repeating: "f", count: 64 - digits))
        }
        #expect(ObjectID.ids(startingWith: "0g") == nil)
        #expect(ObjectID.ids(startingWith: id.hex + "0") == nil)
    }

    @Test func idsAreOrderedAsTheirBytes() throws {
        let low = try #require(ObjectID(hex: "00" + String(repeating: "ff", count: 31)))
        let high = try #require(ObjectID(hex: "01" + String(repeating: "00", count: 31)))
        #expect(low < high)
    }
}

@Suite struct DeflateTests {
    @Test func contextsAreReused() throws {
        let deflater = try Deflater()
        let inflater = try Inflater()
        for text in ["", "a", String(repeating: "abc", count: 10_000)] {
            let bytes = Array(text.utf8)
            let stream = deflater.deflate(bytes)
            let inflated = try inflater.inflate(stream[...], size: bytes.count)
            #expect(inflated == bytes)
        }
    }

    @Test func aWrongSizeOrTailIsRefused() throws {
        let deflater = try Deflater()
        let stream = deflater.deflate(Array("hello hello hello".utf8))
        #expect(failure(stream, 16) == .tooLong)
        #expect(failure(stream, 18) == .corrupt)
        #expect(failure(stream + [0], 17) == .corrupt)
        #expect(failure(stream.dropLast(), 17) == .corrupt)
        #expect(failure([], 0) == .corrupt)
        #expect(failure(stream, 17) == nil)
    }

    private func failure(_ stream: some Collection<UInt8>, _ size: Int) -> DeflateError? {
        do throws(DeflateError) {
            let inflater = try Inflater()
            _ = try inflater.inflate(Array(stream)[...], size: size)
            return nil
        } catch {
            return error
        }
    }
}
