import Testing

@testable import ObjectStore

/// What Wycheproof has no vectors for.
@Suite("Primitives")
struct PrimitiveTests {
    private func bytes(_ hex: String) throws -> [UInt8] { try #require(Hexadecimal.bytes(hex)) }

    @Test("scrypt gives the keys of RFC 7914, section 12")
    func scrypt() throws {
        let vectors: [(String, String, Int, Int, Int, String)] = [
            (
                "", "", 16, 1, 1,
                "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
                    + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"
            ),
            (
                "password", "NaCl", 1024, 8, 16,
                "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
                    + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"
            ),
            (
                "pleaseletmein", "SodiumChloride", 16384, 8, 1,
                "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
                    + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"
            ),
        ]
        for (passphrase, salt, cost, blockSize, parallelization, key) in vectors {
            let parameters = try #require(
                ScryptParameters(cost: cost, blockSize: blockSize, parallelization: parallelization))
            var output = [UInt8](repeating: 0, count: 64)
            let made = unsafe output.withUnsafeMutableBufferPointer { buffer in
                unsafe buffer.baseAddress.map {
                    unsafe parameters.derive(Array(passphrase.utf8), Array(salt.utf8), $0, 64)
                }
            }
            #expect(made == true)
            #expect(output == (try bytes(key)))
        }
    }

    @Test("scrypt parameters beyond what anybody waits for are refused")
    func caps() {
        let refused: [[Int]] = [
            [1, 8, 1], [3, 8, 1], [1 << 21, 1, 1], [1 << 20, 16, 1], [1 << 20, 8, 4], [1 << 16, 1, 1], [1 << 17, 0, 1],
            [1 << 17, 8, 0], [1 << 10, 17, 1], [1 << 10, 8, 17], [-2, 8, 1], [.max, .max, .max], [.min, 8, 1],
        ]
        for numbers in refused {
            let parameters = ScryptParameters(cost: numbers[0], blockSize: numbers[1], parallelization: numbers[2])
            #expect(parameters == nil, "\(numbers)")
        }
    }

    @Test("Ed25519 signs as in RFC 8032, section 7.1")
    func sign() throws {
        let vectors: [(String, String, String, String)] = [
            (
                "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
                    + "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
            ),
            (
                "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                    + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
            ),
        ]
        for (seed, publicKey, message, signature) in vectors {
            let seed = try SecretKey.of(bytes(seed))
            #expect(try Ed25519.publicKey(of: seed) == bytes(publicKey))
            #expect(try Ed25519.sign(bytes(message), seed: seed) == bytes(signature))
            #expect(Ed25519.verify(try bytes(signature), of: try bytes(message), publicKey: try bytes(publicKey)))
        }
    }

    @Test("Ed25519 refuses signatures and keys of a wrong length")
    func wrongLengths() throws {
        let seed = try SecretKey.of(1)
        let (signature, publicKey) = (try Ed25519.sign([1, 2], seed: seed), try Ed25519.publicKey(of: seed))
        #expect(Ed25519.verify(signature, of: [1, 2], publicKey: publicKey))
        #expect(!Ed25519.verify(signature, of: [1, 3], publicKey: publicKey))
        #expect(!Ed25519.verify(signature.dropLast(), of: [1, 2], publicKey: publicKey))
        #expect(!Ed25519.verify(signature, of: [1, 2], publicKey: publicKey + [0]))
        #expect(!Ed25519.verify([], of: [], publicKey: []))
    }

    @Test("two X25519 key pairs give both sides one secret, and a public key is the one of the base point")
    func agreement() throws {
        let one = try SecretKey.random()
        let other = try SecretKey.random()
        let mine = try X25519.sharedSecret(one, with: try X25519.publicKey(of: other))
        let yours = try X25519.sharedSecret(other, with: try X25519.publicKey(of: one))
        #expect(mine.exposedBytes() == yours.exposedBytes())
        let base = [9] + [UInt8](repeating: 0, count: 31)
        #expect(try X25519.sharedSecret(one, with: base).exposedBytes() == X25519.publicKey(of: one))
        #expect(
            sealingFailure { () throws(SealingError) in _ = try X25519.sharedSecret(one, with: [9]) } == .weakPublicKey)
    }

    @Test("random bytes are as many as asked for, and others each time")
    func random() throws {
        for count in [0, 1, 255, 256, 257, 100_000] { #expect(try RandomSource.system.bytes(count).count == count) }
        #expect(try RandomSource.system.bytes(32) != RandomSource.system.bytes(32))
        let short = RandomSource { [UInt8](repeating: 1, count: $0 - 1) }
        #expect(sealingFailure { () throws(SealingError) in _ = try SecretKey.random(short) } == .unavailable)
    }

    @Test("a key has 32 bytes; wiped bytes are zero; equality in constant time is equality")
    func bytesOfKeys() throws {
        #expect(
            sealingFailure { () throws(SealingError) in
                let short: SecretKey? = try SecretKey([1, 2, 3].span)
                if short != nil { throw SealingError(.corrupt, "a short key") }
            } == nil)
        let key = try SecretKey.of(pattern(32))
        let copy = try key.duplicate()
        #expect(copy.exposedBytes() == pattern(32))
        var bytes = pattern(100)
        bytes.wipe()
        #expect(bytes == [UInt8](repeating: 0, count: 100))
        #expect([1, 2].equalsInConstantTime([1, 2]) && [UInt8]().equalsInConstantTime([]))
        #expect(![1, 2].equalsInConstantTime([1, 3]) && ![1, 2].equalsInConstantTime([1]))
    }
}
