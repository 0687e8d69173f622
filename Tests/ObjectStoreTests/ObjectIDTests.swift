import ObjectStore
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

    @Test func aHasherIsReusedAndTakesParts() {
        let hasher = SHA256()
        #expect(hasher.digest(Array("a".utf8), Array("bc".utf8)) == SHA256.digest(Array("abc".utf8)))
        #expect(hasher.digest() == SHA256.digest([]))
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
