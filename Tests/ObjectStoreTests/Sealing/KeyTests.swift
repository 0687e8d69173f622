import TestSupport
import Testing

@testable import ObjectStore

/// The keys of an archive and the slots that lead to them. Values come from Python's `hmac`, `hashlib` and the
/// `cryptography` package, not from this program.
@Suite("Keys and key slots")
struct KeyTests {
    private let archive = Array(0..<16) as [UInt8]
    private let quick = ScryptParameters(cost: 1 << 10, blockSize: 8, parallelization: 1)

    private func failure(
        _ slot: KeySlot, passphrase: String = "correct horse", archive: [UInt8]? = nil
    ) -> SealingError.Code? {
        sealingFailure { () throws(SealingError) in
            _ = try slot.open(passphrase: Array(passphrase.utf8), archive: archive ?? self.archive)
        }
    }

    @Test("four keys come of a master key, each under its label")
    func hierarchy() throws {
        let keys = try ArchiveKeys(master: try SecretKey.of(1))
        #expect(
            Hexadecimal.text(keys.sealing.exposedBytes())
                == "fa96f9fdfcb179e62175acb06cd76e923e603feef0c7fcc5702e294e63063471")
        #expect(
            Hexadecimal.text(keys.naming.exposedBytes())
                == "c99c3b69b830d23aea91a20cb08bd7184fe82790165f15011777f082e4aa57f1")
        #expect(
            Hexadecimal.text(keys.configuration.exposedBytes())
                == "d479c58e6d606402e21524ea42e22f63593610ccd70b877513e08c488a1815d3")
        #expect(
            Hexadecimal.text(keys.signing.exposedBytes())
                == "f73241e90550fc5ed8e14ed973825a688ddacdf1bdb497cc579e329698ecb643")
        let id = try #require(ObjectID(bytes: [UInt8](repeating: 7, count: 32)))
        let names = try keys.objectNames()
        #expect(try names.name(of: id).hex == "fcfde490336dac2a7c5716ca05697f21c91e3fa53181b5f06e407f42250bc55d")
        #expect(try names.name(of: id) == names.name(of: id))
    }

    @Test("a MAC holds for its bytes and key alone")
    func mac() throws {
        let keys = try ArchiveKeys(master: try SecretKey.of(1))
        let mac = try HMACSHA256(key: keys.configuration)
        let code = try mac.code(of: [1, 2, 3])
        #expect(try mac.verify(code, of: [1, 2, 3]))
        #expect(try !mac.verify(code, of: [1, 2, 4]) && !mac.verify(code.dropLast(), of: [1, 2, 3]))
        #expect(try !HMACSHA256(key: keys.naming).verify(code, of: [1, 2, 3]))
    }

    @Test("a passphrase slot has the bytes that another implementation gives it, and opens with its passphrase alone")
    func passphrase() throws {
        let parameters = try #require(quick)
        let slot = try KeySlot(
            wrapping: try SecretKey.of(2), passphrase: Array("correct horse".utf8), archive: archive,
            parameters: parameters, random: .counting())
        #expect(
            Hexadecimal.text(slot.wrapped)
                == "303132333435363738393a3b3c3d3e3f4041424344454647e69494826a18ce06374a9905440262106f29575312d047dd"
                + "0e6e0dc11aa10e95c45723270f2daa419c52a80e32e5ce0bf661b76c7e016deb2fe594011ad2c4d24fa231fa2f4911d2"
                + "1e0a508bd4d23f7a")
        let master = try slot.open(passphrase: Array("correct horse".utf8), archive: archive)
        #expect(master.exposedBytes() == [UInt8](repeating: 2, count: 32))
        #expect(failure(slot, passphrase: "correct horsf") == .wrongKey)
        #expect(failure(slot, passphrase: "") == .tooLarge)
        #expect(failure(slot, archive: [UInt8](repeating: 1, count: 16)) == .wrongKey)
        let key = try SecretKey.of(2)
        #expect(
            sealingFailure { () throws(SealingError) in _ = try slot.open(secret: key, archive: archive) } == .wrongKey)
    }

    @Test("a slot whose id, parameters, salt or kind were altered does not open")
    func altered() throws {
        let parameters = try #require(quick)
        let slot = try KeySlot(
            wrapping: try SecretKey.of(2), passphrase: Array("correct horse".utf8), archive: archive,
            parameters: parameters)
        let derivation = try #require(slot.derivation)
        func with(
            id: [UInt8]? = nil, _ other: ScryptParameters? = nil, salt: [UInt8]? = nil, wrapped: [UInt8]? = nil
        ) -> KeySlot? {
            KeySlot(
                id: id ?? slot.id, kind: .passphrase, parameters: other ?? derivation.parameters,
                salt: salt ?? derivation.salt, wrapped: wrapped ?? slot.wrapped)
        }
        #expect(failure(try #require(with())) == nil)
        #expect(failure(try #require(with(id: Array(1...16)))) == .wrongKey)
        #expect(
            failure(try #require(with(ScryptParameters(cost: 1 << 11, blockSize: 8, parallelization: 1)))) == .wrongKey)
        #expect(failure(try #require(with(salt: Array(1...32)))) == .wrongKey)
        var flipped = slot.wrapped
        flipped[60] ^= 1
        #expect(failure(try #require(with(wrapped: flipped))) == .corrupt)

        #expect(with(id: [1]) == nil && with(salt: [1]) == nil && with(wrapped: slot.wrapped + [1]) == nil)
        #expect(
            KeySlot(id: slot.id, kind: .recovery, parameters: parameters, salt: derivation.salt, wrapped: slot.wrapped)
                == nil)
        #expect(KeySlot(id: slot.id, kind: .passphrase, parameters: nil, salt: nil, wrapped: slot.wrapped) == nil)
    }

    @Test("a key file and a recovery code open their own slots, not each other's")
    func secrets() throws {
        let master = try SecretKey.of(2)
        let secret = try SecretKey.random()
        let file = try KeySlot(wrapping: master, secret: secret, kind: .keyFile, archive: archive)
        #expect(try file.open(secret: secret, archive: archive).exposedBytes() == master.exposedBytes())
        let recovery = try #require(
            KeySlot(id: file.id, kind: .recovery, parameters: nil, salt: nil, wrapped: file.wrapped))
        #expect(
            sealingFailure { () throws(SealingError) in _ = try recovery.open(secret: secret, archive: archive) }
                == .wrongKey)
        #expect(failure(file) == .wrongKey)
        #expect(
            sealingFailure { () throws(SealingError) in
                _ = try KeySlot(wrapping: master, secret: secret, kind: .passphrase, archive: archive)
            } == .unsupported)
    }

    @Test("new slots take 2^17, 8 and 1")
    func standard() {
        let standard = ScryptParameters.standard
        #expect(standard == ScryptParameters(cost: 131_072, blockSize: 8, parallelization: 1))
    }
}
