import CanonicalJSON
import TestSupport
import Testing

@testable import ObjectStore

/// The primitives on the vectors of Wycheproof.
@Suite("Wycheproof: primitives", .enabled(if: WycheproofVector.areThere, "the shared test data are absent"))
struct PrimitiveVectorTests {
    @Test("AES-256-GCM seals and opens as its 66 vectors say")
    func aesGCM() throws {
        let vectors = try WycheproofVector.all("aes_gcm_test").filter {
            $0.group["keySize"]?.integer == 256 && $0.group["ivSize"]?.integer == 96
        }
        #expect(vectors.count == 66)
        for vector in vectors {
            let key = try vector.bytes("key")
            let cipher = try AESGCM(key: key.span)
            let (nonceBytes, data) = (try vector.bytes("iv"), try vector.bytes("aad"))
            let nonce = AESGCM.Nonce { nonceBytes[$0] }
            let sealed = try vector.bytes("ct") + vector.bytes("tag")
            var opened: [UInt8] = []
            #expect(
                cipher.open(sealed.span, nonce: nonce, additional: data, into: &opened) == vector.isValid, vector.name)
            let message = try vector.bytes("msg")
            #expect(opened == (vector.isValid ? message : []), vector.name)
            var again: [UInt8] = []
            try cipher.seal(message.span, nonce: nonce, additional: data, into: &again)
            #expect((again == sealed) == vector.isValid, vector.name)
        }
    }

    @Test("HMAC-SHA-256 gives the codes of its 174 vectors, and no others")
    func hmac() throws {
        let vectors = try WycheproofVector.all("hmac_sha256_test")
        #expect(vectors.count == 174)
        for vector in vectors {
            let tag = try vector.bytes("tag")
            let hmac = try HMACSHA256(key: try vector.bytes("key"))
            let code = try hmac.code(of: vector.bytes("msg"))
            #expect((Array(code.prefix(tag.count)) == tag) == vector.isValid, vector.name)
            #expect(try hmac.code(of: vector.bytes("msg")) == code, "a context gives another code the second time")
        }
    }

    @Test("HKDF gives the keys of its 169 vectors", arguments: ["hkdf_sha256_test", "hkdf_sha512_test"])
    func hkdf(file: String) throws {
        let digest: HKDF.Digest = file == "hkdf_sha256_test" ? .sha256 : .sha512
        let vectors = try WycheproofVector.all(file)
        #expect(vectors.count == (digest == .sha256 ? 86 : 83))
        for vector in vectors {
            let size = Int(try #require(vector.test["size"]?.integer))
            let secret = try vector.bytes("ikm")
            let key = try HKDF.extract(digest, salt: vector.bytes("salt"), secret: secret.span)
            let output = try? HKDF.expand(digest, key: key.span, info: vector.bytes("info"), count: size)
            #expect(output == (vector.isValid ? try vector.bytes("okm") : nil), vector.name)
        }
    }

    @Test("X25519 gives the secrets of its 518 vectors, and refuses the 31 that are zero")
    func x25519() throws {
        let vectors = try WycheproofVector.all("x25519_test")
        #expect(vectors.count == 518)
        var refused = 0
        for vector in vectors {
            let key = try SecretKey.of(vector.bytes("private"))
            let shared = try vector.bytes("shared")
            do throws(SealingError) {
                let secret = try X25519.sharedSecret(key, with: (try? vector.bytes("public")) ?? [])
                #expect(secret.exposedBytes() == shared, vector.name)
            } catch {
                #expect(error.code == .weakPublicKey && shared.allSatisfy { $0 == 0 }, vector.name)
                refused += 1
            }
        }
        #expect(refused == 31)
    }

    @Test("Ed25519 accepts and refuses the signatures of its 151 vectors")
    func ed25519() throws {
        let vectors = try WycheproofVector.all("ed25519_test")
        #expect(vectors.count == 151)
        for vector in vectors {
            let publicKey = try #require(vector.group["publicKey"]?["pk"]?.string.flatMap(Hexadecimal.bytes))
            let holds = Ed25519.verify(try vector.bytes("sig"), of: try vector.bytes("msg"), publicKey: publicKey)
            #expect(holds == vector.isValid, vector.name)
        }
    }
}
