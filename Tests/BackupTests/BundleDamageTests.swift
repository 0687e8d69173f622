import Archive
import ObjectStore
import TestSupport
import Testing

@testable import Backup

/// Nothing in a bundle can be changed unseen, with the key or without.
@Suite struct BundleDamageTests {
    private func sample() throws -> (sample: BackupSample, folder: MemoryStorage, name: BundleName) {
        let sample = try BackupSample()
        try sample.capture(count: 1)
        let folder = MemoryStorage()
        return (sample, folder, try sample.backUp(to: folder).bundle)
    }

    private func folder(_ name: BundleName, _ bytes: [UInt8]) -> MemoryStorage {
        MemoryStorage(files: [name.text: bytes], folders: [])
    }

    @Test func everyFlippedByteIsFound() throws {
        let (sample, whole, name) = try sample()
        let bytes = try #require(whole.files[name.text])
        for index in bytes.indices {
            var flipped = bytes
            flipped[index] ^= 0x41
            let report = try BackupVerification.run(
                on: folder(name, flipped), BackupVerification.Options())
            #expect(!report.isSound, "byte \(index) of \(bytes.count)")
            #expect(throws: BackupError.self, "byte \(index)") {
                try sample.restored(from: folder(name, flipped))
            }
        }
    }

    /// An attacker gives the changed file the name of its bytes: then the signature tells, or the key.
    @Test func everyFlippedByteIsFoundUnderItsNewName() throws {
        let (sample, whole, name) = try sample()
        let bytes = try #require(whole.files[name.text])
        for index in bytes.indices {
            var flipped = bytes
            flipped[index] ^= 0x41
            let renamed = BundleName(writer: name.writer, number: name.number, digest: SHA256.digest(flipped))
            let forged = folder(renamed, flipped)
            #expect(try !BackupVerification.run(on: forged, BackupVerification.Options()).isSound, "byte \(index)")
            #expect(throws: (any Error).self, "byte \(index)") { try sample.restored(from: forged) }
        }
    }

    /// Even signed anew: what does not open is damage, and no failure of the disk.
    @Test func whatDoesNotOpenIsCorrupt() throws {
        let (sample, whole, name) = try sample()
        let bytes = try #require(whole.files[name.text])
        let start = try BundleHeader.decode(bytes, name).end + CobblestoneFormat.headerBytes
        for index in start..<bytes.count - Ed25519.signatureBytes {
            var flipped = Array(bytes.dropLast(Ed25519.signatureBytes))
            flipped[index] ^= 0x41
            flipped += try sample.signer.sign(SHA256.digest(flipped))
            let renamed = BundleName(writer: name.writer, number: name.number, digest: SHA256.digest(flipped))
            var options = BackupVerification.Options()
            options.keys = sample.keys
            let report = try BackupVerification.run(on: folder(renamed, flipped), options)
            #expect(report.findings.map(\.code) == [.corrupt], "byte \(index)")
            #expect { try sample.restored(from: folder(renamed, flipped)) } throws: {
                ($0 as? BackupError)?.code == .corrupt
            }
        }
    }

    /// A pack in the payload that does not inflate.
    @Test func whatDoesNotInflateIsCorrupt() throws {
        let storage = MemoryStorage()
        try storage.create("pack", [1, 2, 3, 4])
        let pack = DeflatedPack(try storage.open("pack"), size: 100, path: "pack")
        #expect { try pack.read(from: 0, count: 10) } throws: { error in
            (error as? StorageError).map { BackupError($0).code } == .corrupt
        }
        #expect(try pack.read(from: 100, count: .max).isEmpty && pack.read(from: -1, count: 1).isEmpty)
    }

    @Test func everyCutIsFound() throws {
        let (sample, whole, name) = try sample()
        let bytes = try #require(whole.files[name.text])
        for count in stride(from: 0, to: bytes.count, by: 7) {
            let cut = Array(bytes.prefix(count))
            #expect(try !BackupVerification.run(on: folder(name, cut), BackupVerification.Options()).isSound)
            #expect(throws: BackupError.self) { try sample.restored(from: folder(name, cut)) }
            let renamed = BundleName(writer: name.writer, number: name.number, digest: SHA256.digest(cut))
            #expect(throws: BackupError.self) { try sample.restored(from: folder(renamed, cut)) }
        }
    }

    @Test func anotherKeyOpensNothing() throws {
        let (sample, whole, name) = try sample()
        let other = BackupKeys(identities: [try BackupIdentity.generate()], passphrase: Array("guess".utf8))
        #expect { try sample.restored(from: whole, keys: other) } throws: { ($0 as? BackupError)?.code == .wrongKey }
        #expect { try sample.restored(from: whole, keys: BackupKeys()) } throws: {
            ($0 as? BackupError)?.code == .keyNeeded
        }
        var options = BackupVerification.Options()
        options.keys = other
        #expect(throws: BackupError.self) { try BackupVerification.run(on: whole, options) }
        options.keys = BackupKeys()
        options.signers = [try BackupSigner.generate().publicKey]
        #expect(try BackupVerification.run(on: whole, options).findings.map(\.bundle) == [name.text])
        options.signers.insert(sample.signer.publicKey)
        #expect(try BackupVerification.run(on: whole, options).isSound)
    }

    /// A bundle that takes the place of another one of its chain, names and all.
    @Test func swappedBundlesAreFound() throws {
        let (sample, folder, first) = try sample()
        try sample.capture()
        let second = try sample.backUp(to: folder).bundle
        var files = folder.files
        for (from, to) in [(first, second), (second, first)] {
            let name = BundleName(writer: to.writer, number: to.number, digest: from.digest)
            files[to.text] = nil
            files[name.text] = folder.files[from.text]
        }
        let swapped = MemoryStorage(files: files, folders: [])
        #expect(try BackupVerification.run(on: swapped, BackupVerification.Options()).findings.count == 2)
        #expect(throws: BackupError.self) { try sample.restored(from: swapped) }
    }

    @Test func thePlainBytesAreNotThere() throws {
        let (sample, folder, name) = try sample()
        try sample.capture("Woox", count: 40)
        try sample.backUp(to: folder)
        for (path, bytes) in folder.files where path.hasPrefix(name.writer) {
            for text in ["zezima", "Zezima", "woox", "Woox", "Overall", "OSRP", "OSRT", "captured_at"] {
                #expect(!bytes.contains(text), "\(text) in \(path)")
            }
        }
    }
}

extension [UInt8] {
    fileprivate func contains(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return indices.dropLast(Swift.max(0, bytes.count - 1)).contains { self[$0...].starts(with: bytes) }
    }
}
