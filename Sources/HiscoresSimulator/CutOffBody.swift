import FlyingSocks

/// A body that announces more bytes than it gives: it ends in an error, on which the server closes the connection.
struct CutOffBody: AsyncBufferedSequence {
    typealias Element = UInt8

    let bytes: [UInt8]

    /// The connection was cut on purpose.
    struct Cut: Error {}

    struct Iterator: AsyncBufferedIteratorProtocol {
        var rest: ArraySlice<UInt8>

        mutating func next() async throws -> UInt8? {
            guard let byte = rest.popFirst() else { throw Cut() }
            return byte
        }

        mutating func nextBuffer(suggested count: Int) async throws -> ArraySlice<UInt8>? {
            guard !rest.isEmpty else { throw Cut() }
            let buffer = rest.prefix(count)
            rest = rest.dropFirst(count)
            return buffer
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(rest: bytes[...]) }
}
