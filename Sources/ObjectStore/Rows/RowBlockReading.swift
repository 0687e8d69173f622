/// Row blocks are read with `BinaryReader`; here its failures become those of a block.
extension BinaryReader {
    /// The next unsigned number.
    mutating func readVarint() throws(RowBlockError) -> UInt64 {
        do { return try varint64() } catch { throw RowBlockError(error) }
    }

    /// The next unsigned number, which is at most `limit`.
    mutating func readCount(upTo limit: Int) throws(RowBlockError) -> Int {
        do { return try varint(limit: limit) } catch { throw RowBlockError(error) }
    }

    /// The next signed number.
    mutating func readSigned() throws(RowBlockError) -> Int64 {
        do { return try signedVarint() } catch { throw RowBlockError(error) }
    }

    /// The next byte.
    mutating func readByte() throws(RowBlockError) -> UInt8 {
        do { return try byte() } catch { throw RowBlockError(error) }
    }

    /// The next bytes.
    mutating func read(_ count: Int) throws(RowBlockError) -> ArraySlice<UInt8> {
        do { return try take(count) } catch { throw RowBlockError(error) }
    }
}

extension RowBlockError {
    fileprivate init(_ failure: BinaryReader.Failure) {
        switch failure {
        case .ends: self.init(.corrupt, "it ends too early")
        case .tooLarge: self.init(.corrupt, "a number is too large")
        }
    }
}
