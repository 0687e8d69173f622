import CanonicalJSON
import TestSupport
import Testing

@testable import ObjectStore

/// Cobblestone-256 on its 35 vectors: whole, in a stream, by random access, and sealed anew with the same salt.
@Suite("Wycheproof: Cobblestone-256", .enabled(if: WycheproofVector.areThere, "the shared test data are absent"))
struct CobblestoneVectorTests {
    private struct Parts {
        let vector: WycheproofVector
        let key: [UInt8]
        let context: [UInt8]
        let message: [UInt8]

        /// The ciphertext of a vector is a zlib stream.
        init(_ vector: WycheproofVector, _ inflater: borrowing Inflater) throws {
            self.vector = vector
            (key, context) = (try vector.bytes("key"), try vector.bytes("ctx"))
            let stored = try vector.bytes("ct")
            var message: [UInt8]?
            // The stream does not say its size: 0 to 5 MB, and a trial tells only too short from too long.
            var (low, high) = (0, 5 << 20)
            while message == nil, low <= high {
                let size = (low + high) / 2
                do throws(DeflateError) { message = try inflater.inflate(stored[...], size: size) } catch {
                    if error == .tooLong { low = size + 1 } else { high = size - 1 }
                }
            }
            self.message = try #require(message)
        }
    }

    private func vectors() throws -> [Parts] {
        let inflater = try Inflater()
        return try WycheproofVector.all("c2sp_chunked_encryption_aes_256_gcm_test").map { try Parts($0, inflater) }
    }

    @Test(
        "whole messages: 10 open to what they should, 25 are refused for the right reason; sealed anew they are the same"
    )
    func whole() throws {
        let vectors = try vectors()
        #expect(vectors.count == 35)
        var opened = 0
        for parts in vectors {
            let vector = parts.vector
            do {
                let key = try SecretKey.of(parts.key)
                let plain = try CobblestoneOpener.plain(of: parts.message[...], key: key, context: parts.context)
                #expect(vector.isValid, vector.name)
                #expect(Int64(plain.count) == vector.test["msgLength"]?.integer, vector.name)
                #expect(sha512(plain) == (try vector.bytes("msgSha512")), vector.name)
                let again = try CobblestoneSealer.message(
                    plain, key: key, context: parts.context, random: .fixed(Array(parts.message.prefix(24))))
                #expect(again == parts.message, vector.name)
                opened += 1
            } catch let error as SealingError {
                #expect(!vector.isValid, vector.name)
                let codes: Set<SealingError.Code> =
                    if vector.has(flag: "InvalidKeySize") { [.tooLarge] } else if vector.has(flag: "Truncation") {
                        [.truncated, .corrupt]
                    } else if vector.has(flag: "HeaderFailure") { [.wrongKey] } else { [.corrupt, .truncated] }
                #expect(codes.contains(error.code), vector.name)
            }
        }
        #expect(opened == 10)
    }

    @Test("streams in pieces of any size give the valid chunks before the error, never more, and the error for ever")
    func streams() throws {
        for parts in try vectors() where parts.key.count == 32 {
            let key = try SecretKey.of(parts.key)
            for piece in [1, 7, 16_399, 16_400, 16_401, 1 << 20] where piece > 7 || parts.message.count < 1 << 15 {
                var plain: [UInt8] = []
                var failed = false
                do {
                    var opener = try CobblestoneOpener(
                        header: parts.message[...], key: key, context: parts.context)
                    var offset = 56
                    do {
                        while offset < parts.message.count {
                            let end = min(offset + piece, parts.message.count)
                            try opener.update(parts.message[offset..<end].span, into: &plain)
                            offset = end
                        }
                    } catch {
                        let released = plain.count
                        do {
                            try opener.update([1, 2, 3].span, into: &plain)
                            Issue.record("goes on after an error")
                        } catch let again { #expect(again == error, parts.vector.name) }
                        #expect(plain.count == released, parts.vector.name)
                    }
                    try opener.finish(into: &plain)
                } catch { failed = true }
                #expect(failed != parts.vector.isValid, parts.vector.name)
                #expect(plain.count == Int(parts.vector.test["msgLength"]?.integer ?? 0), parts.vector.name)
                if !plain.isEmpty { #expect(sha512(plain) == (try parts.vector.bytes("msgSha512")), parts.vector.name) }
            }
        }
    }

    @Test("by random access, last chunk first, the same open and the same are refused")
    func randomAccess() throws {
        for parts in try vectors() where parts.key.count == 32 {
            let key = try SecretKey.of(parts.key)
            var chunks: [[UInt8]] = []
            var failed = false
            do {
                let reader = try CobblestoneReader(
                    header: parts.message[...], messageBytes: parts.message.count, key: key, context: parts.context)
                for chunk in (0...reader.lastChunk).reversed() {
                    var plain: [UInt8] = []
                    let stored = reader.stored(chunk..<chunk + 1)
                    try reader.open(parts.message[stored].span, chunks: chunk..<chunk + 1, into: &plain)
                    chunks.append(plain)
                }
            } catch { failed = true }
            #expect(failed != parts.vector.isValid, parts.vector.name)
            if parts.vector.isValid {
                #expect(sha512(chunks.reversed().flatMap { $0 }) == (try parts.vector.bytes("msgSha512")))
            }
        }
    }
}
