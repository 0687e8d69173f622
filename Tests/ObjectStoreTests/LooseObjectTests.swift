import TestSupport
import Testing

@testable import ObjectStore

@Suite struct LooseObjectFormatTests {
    private let document = Array(#"{"activities":[],"skills":[]}"#.utf8)

    private func encode(_ document: [UInt8]) throws -> [UInt8] {
        let format = try LooseObjectFormat()
        let file = format.encode(document)
        return try #require(file)
    }

    private func decode(_ file: [UInt8]) throws -> [UInt8] {
        let format = try LooseObjectFormat()
        return try format.decode(file, id: SHA256.digest(document))
    }

    @Test func theHeaderAndTheChecksumStandWhereFormatSays() throws {
        let file = try encode(document)
        #expect(Array(file[..<12]) == Array("OSRO".utf8) + [1, 1, 0, 0, 29, 0, 0, 0])
        #expect(file.littleEndian(at: file.count - 4) == CRC32.of(file[..<(file.count - 4)]))
        #expect(try decode(file) == document)
    }

    @Test func everyFlippedBitIsFound() throws {
        let file = try encode(document)
        for bit in 0..<file.count * 8 {
            var flipped = file
            flipped[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(throws: LooseObjectFormat.Failure.self) { try decode(flipped) }
        }
    }

    @Test func everyTruncationIsFound() throws {
        let file = try encode(document)
        for count in 0..<file.count {
            #expect(throws: LooseObjectFormat.Failure.self) {
                try decode(Array(file[..<count]))
            }
        }
    }

    @Test func aNewerFormatIsToldFromDamage() throws {
        var file = try encode(document)
        file[4] = 2
        file.removeLast(4)
        file.appendLittleEndian(CRC32.of(file))
        #expect(throws: LooseObjectFormat.Failure.unsupported("format 2, codec 1")) {
            try decode(file)
        }
    }

    @Test func wantOfMemoryIsNoDamage() {
        let id = SHA256.digest(document)
        func code(_ error: DeflateError) -> ObjectError.Code {
            ObjectError(LooseObjectFormat.Failure(error), id: id, path: "x").code
        }
        #expect(code(.outOfMemory) == .io)
        #expect(code(.corrupt) == .corrupt)
        #expect(code(.tooLong) == .corrupt)
    }

    @Test func anAnnouncedSizeOverTheLimitIsNotAllocated() throws {
        var file = try encode(document)
        file.replaceSubrange(8..<12, with: [255, 255, 255, 255])
        file.removeLast(4)
        file.appendLittleEndian(CRC32.of(file))
        #expect(throws: LooseObjectFormat.Failure.corrupt("it announces a document over the limit")) {
            try decode(file)
        }
    }

    @Test func anEmptyAndAnIncompressibleDocumentRoundTrip() throws {
        let format = try LooseObjectFormat()
        var random = SeededRandom(seed: 7)
        for size in [0, 1, 100, 70_000, 1 << 20] {
            let document = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
            let encoded = format.encode(document)
            let file = try #require(encoded)
            #expect(file.count <= LooseObjectFormat.fileLimit)
            let decoded = try format.decode(file, id: SHA256.digest(document))
            #expect(decoded == document)
        }
        let oversized = format.encode([UInt8](repeating: 0, count: LooseObjectFormat.documentLimit + 1))
        #expect(oversized == nil)
    }
}

@Suite struct LooseObjectsTests {
    private let first = Array("[1]".utf8)
    private let second = Array("[2]".utf8)

    private func filled() throws -> (MemoryStorage, ObjectID, ObjectID) {
        let storage = MemoryStorage()
        try storage.createFolder(LooseObjects.folder)
        let (a, b) = (SHA256.digest(first), SHA256.digest(second))
        try LooseObjects(storage: storage).write([(a, first), (b, second)])
        return (storage, a, b)
    }

    @Test func whatIsWrittenIsRead() throws {
        let (storage, a, b) = try filled()
        let objects = try LooseObjects(storage: storage)
        let documents = (try objects.read(a), try objects.read(b))
        #expect(documents == (first, second))
        let (listed, prefixed) = (
            try objects.list().names, try objects.ids(in: #require(ObjectID.ids(startingWith: a.hex.prefix(8))))
        )
        #expect(Set(listed) == [a, b])
        #expect(prefixed == [a])
    }

    @Test func aSwappedFileIsCorruptAndAnAbsentOneMissing() throws {
        let (storage, a, b) = try filled()
        try storage.rename(LooseObjects.path(of: a), to: LooseObjects.path(of: b))
        #expect(failure(reading: b, in: storage) == .corrupt)
        #expect(failure(reading: a, in: storage) == .missing)
    }

    private func failure(reading id: ObjectID, in storage: MemoryStorage) -> ObjectError.Code? {
        do {
            let objects = try LooseObjects(storage: storage)
            _ = try objects.read(id)
            return nil
        } catch {
            return (error as? ObjectError)?.code
        }
    }

    /// The operations of a write: the two folders, the temporary file's size, and then its bytes.
    @Test func whatDoesNotComeBackAsWrittenTakesNoName() throws {
        let storage = MemoryStorage()
        try storage.createFolder(LooseObjects.folder)
        let id = SHA256.digest(first)
        let error = #expect(throws: StorageError.self) {
            let objects = try LooseObjects(
                storage: FaultInjectingStorage(storage, fault: Fault(.silentCorruption, at: 3)))
            try objects.write([(id, first)])
        }
        #expect(error?.code == .io && error?.operation == "read back")
        #expect(failure(reading: id, in: storage) == .missing)
        #expect(storage.files.keys.sorted() == ["temporary/\(id.hex)"])
        try LooseObjects(storage: storage).write([(id, first)])
        #expect(failure(reading: id, in: storage) == nil)
    }

    @Test func aDocumentUnderAnotherIdIsRefused() throws {
        let storage = MemoryStorage()
        try storage.createFolder(LooseObjects.folder)
        let objects = try LooseObjects(storage: storage)
        #expect(throws: StorageError.self) {
            let objects = try LooseObjects(storage: storage)
            try objects.write([(SHA256.digest(second), first)])
        }
        let ids = try objects.list().names
        #expect(ids.isEmpty)
    }
}
