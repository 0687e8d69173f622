import ObjectStore

/// A block of a pack as it is stored: rows of one log.
///
/// What refers to the rest of the pack (the number of the first record, the templates and strings by their numbers)
/// stands in front, so that the payload is copied as it is when packs are merged.
struct PackBlock {
    /// The record from which the numbers of the block's records count, as its number from the pack's first record on.
    var base: Int
    /// The pack's numbers of the templates and strings that the payload names by their place here.
    var recordTemplates: [Int] = []
    var documentTemplates: [Int] = []
    var strings: [Int] = []
    /// Rows whose `Novelty` is not what the rows themselves suggest.
    var exceptions: [Exception] = []
    var payload: ArraySlice<UInt8> = []

    struct Exception: Hashable {
        var row: Int
        var novelty: Novelty
    }

    /// Whether an observation is the first to name its snapshot, by sequence number.
    enum Novelty: Int {
        /// Its own log named it before, or it names none.
        case known = 0
        /// The first in its log; another log named it before.
        case newInLog = 1
        /// The first in the archive.
        case newInArchive = 2
    }

    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count + 64 + 2 * strings.count)
        bytes.appendVarint(base)
        for list in [recordTemplates, documentTemplates, strings] {
            bytes.appendVarint(list.count)
            var before = 0
            for number in list {
                bytes.appendSignedVarint(Int64(number - before))
                before = number
            }
        }
        bytes.appendVarint(exceptions.count)
        for exception in exceptions {
            bytes.appendVarint(exception.row)
            bytes.append(UInt8(exception.novelty.rawValue))
        }
        bytes += payload
        bytes.appendLittleEndian(CRC32.of(bytes))
        return bytes
    }

    /// The block with these bytes, which stand at `offset` of the file.
    init(decoding bytes: [UInt8], at offset: Int) throws(PackError) {
        guard bytes.count > 4, bytes.littleEndian(at: bytes.count - 4) == CRC32.of(bytes[..<(bytes.count - 4)]) else {
            throw .corrupt("a block fails its checksum", offset: offset)
        }
        var reader = BinaryReader(bytes[..<(bytes.count - 4)])
        do {
            base = try reader.varint(limit: PackFormat.recordLimit)
            // Each template is parsed, so a block made to harm is held to as many as it may have rows.
            recordTemplates = try Self.list(&reader, limit: PackFormat.rowReadLimit)
            documentTemplates = try Self.list(&reader, limit: PackFormat.rowReadLimit)
            strings = try Self.list(&reader, limit: PackFormat.stringReadLimit)
            for _ in 0..<(try reader.varint(limit: PackFormat.rowReadLimit)) {
                let row = try reader.varint(limit: PackFormat.rowReadLimit)
                guard let novelty = Novelty(rawValue: Int(try reader.byte())) else {
                    throw PackError.corrupt("a block is not what was written", offset: offset)
                }
                exceptions.append(Exception(row: row, novelty: novelty))
            }
            payload = try reader.take(reader.remaining)
        } catch let error as PackError {
            throw error
        } catch {
            throw .corrupt("a block ends early", offset: offset)
        }
    }

    /// How long the block is that these bytes begin with: as its parts say, before its checksum is looked at.
    static func length(ofFirstIn bytes: ArraySlice<UInt8>, at offset: Int) throws(PackError) -> Int {
        var reader = BinaryReader(bytes)
        do {
            _ = try reader.varint(limit: PackFormat.recordLimit)
            for limit in [PackFormat.rowReadLimit, PackFormat.rowReadLimit, PackFormat.stringReadLimit] {
                _ = try list(&reader, limit: limit)
            }
            for _ in 0..<(try reader.varint(limit: PackFormat.rowReadLimit)) {
                _ = try reader.varint(limit: PackFormat.rowReadLimit)
                _ = try reader.byte()
            }
            _ = try PackPayload(reading: &reader)
            _ = try reader.take(4)
        } catch let error as PackError {
            throw error
        } catch {
            throw .corrupt("a block ends early", offset: offset)
        }
        return reader.offset - bytes.startIndex
    }

    init(base: Int) { self.base = base }

    private static func list(_ reader: inout BinaryReader, limit: Int) throws -> [Int] {
        var list: [Int] = []
        var before: Int64 = 0
        for _ in 0..<(try reader.varint(limit: limit)) {
            before &+= try reader.signedVarint()
            guard before >= 0, before < 1 << 32 else {
                throw PackError.corrupt("a block names a template or string that cannot be", offset: reader.offset)
            }
            list.append(Int(before))
        }
        return list
    }
}

/// The payload of a block: the table of the records, the table of the documents, and the documents that fit no table.
struct PackPayload {
    var records: ArraySlice<UInt8> = []
    var documents: ArraySlice<UInt8> = []
    /// Documents that are no tables, each with its size and its bytes as stored: deflated where that is smaller.
    var rawDocuments: [(size: Int, stored: ArraySlice<UInt8>)] = []

    /// The largest document, in bytes.
    static let documentLimit = LooseObjectFormat.documentLimit

    func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        for table in [records, documents] {
            bytes.appendVarint(table.count)
            bytes += table
        }
        bytes.appendVarint(rawDocuments.count)
        for document in rawDocuments {
            bytes.appendVarint(document.size)
            bytes.appendVarint(document.stored.count)
            bytes += document.stored
        }
        return bytes
    }

    init() {}

    init(decoding bytes: ArraySlice<UInt8>, at offset: Int) throws(PackError) {
        var reader = BinaryReader(bytes)
        do { try self.init(reading: &reader) } catch {
            throw .corrupt("the payload of a block ends early", offset: offset)
        }
        guard reader.isAtEnd else { throw .corrupt("the payload of a block is too long", offset: offset) }
    }

    /// The payload that a reader stands before.
    init(reading reader: inout BinaryReader) throws(BinaryReader.Failure) {
        records = try reader.take(try reader.varint(limit: reader.remaining))
        documents = try reader.take(try reader.varint(limit: reader.remaining))
        for _ in 0..<(try reader.varint(limit: PackFormat.rowReadLimit)) {
            let size = try reader.varint(limit: Self.documentLimit)
            rawDocuments.append((size, try reader.take(try reader.varint(limit: reader.remaining))))
        }
    }

    static func store(_ document: [UInt8], _ deflater: borrowing Deflater) -> (size: Int, stored: ArraySlice<UInt8>) {
        let deflated = deflater.deflate(document)
        return (document.count, deflated.count < document.count ? deflated[...] : document[...])
    }

    /// A document of `rawDocuments`.
    func rawDocument(
        _ number: Int, at offset: Int, _ inflater: borrowing Inflater
    ) throws(PackError) -> [UInt8] {
        guard rawDocuments.indices.contains(number) else {
            throw .corrupt("a block names a document that it does not have", offset: offset)
        }
        let (size, stored) = rawDocuments[number]
        if stored.count == size { return Array(stored) }
        do { return try inflater.inflate(stored, size: size) } catch {
            throw PackError(error, "a document of a block does not inflate", at: offset)
        }
    }
}
