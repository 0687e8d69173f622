import CZlib

/// Why bytes could not be inflated.
public enum DeflateError: Error, Hashable, Sendable {
    /// The bytes are no deflate stream, a part of one, or more than one.
    case corrupt
    /// The stream yields more than the size that was allowed or announced.
    case tooLong
    /// zlib found no memory.
    case outOfMemory
}

/// What stands around the compressed bytes.
public enum DeflateContainer: Sendable {
    /// A header and a checksum (RFC 1950).
    case zlib
    /// Nothing: the deflate blocks alone (RFC 1951).
    case raw

    fileprivate var windowBits: CInt { self == .zlib ? 15 : -15 }
}

/// What zlib looks for.
public enum DeflateStrategy: Sendable {
    /// Repetitions, then frequencies.
    case repetitions
    /// Frequencies of bytes alone: Huffman coding.
    case frequencies

    fileprivate var code: CInt { self == .repetitions ? Z_DEFAULT_STRATEGY : Z_HUFFMAN_ONLY }
}

/// Compresses with zlib (32 KiB window). The context is reused: zlib's state is 268 KiB, and making it anew for each
/// document costs more than the compression.
@safe public struct Deflater: ~Copyable {
    /// zlib's state points back at its stream, so the stream has a fixed address.
    private let stream: UnsafeMutablePointer<z_stream>

    /// A compressor of `level` 1 to 9.
    public init(
        _ container: DeflateContainer = .zlib, level: Int = 6, strategy: DeflateStrategy = .repetitions
    ) throws(DeflateError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe osrs_deflate_init(stream, CInt(level), container.windowBits, 8, strategy.code) == Z_OK else {
            unsafe stream.deallocate()
            throw .outOfMemory
        }
        unsafe self.stream = unsafe stream
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// The stream of `bytes`, which are fewer than 2^31.
    public func deflate(_ bytes: [UInt8]) -> [UInt8] {
        unsafe deflateReset(stream)
        let bound = unsafe Int(deflateBound(stream, UInt(bytes.count)))
        return unsafe [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            unsafe bytes.withUnsafeBufferPointer { input in
                unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(input.count)
                unsafe stream.pointee.next_out = output.baseAddress
                unsafe stream.pointee.avail_out = UInt32(bound)
                // With deflateBound bytes of room one call ends the stream (zlib.h, deflateBound).
                unsafe CZlib.deflate(stream, Z_FINISH)
            }
            count = unsafe bound - Int(stream.pointee.avail_out)
        }
    }
}

/// Decompresses zlib's streams. The context is reused.
@safe public struct Inflater: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>

    /// A decompressor.
    public init(_ container: DeflateContainer = .zlib) throws(DeflateError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe osrs_inflate_init(stream, container.windowBits) == Z_OK else {
            unsafe stream.deallocate()
            throw .outOfMemory
        }
        unsafe self.stream = unsafe stream
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// The `size` bytes that one whole stream holds. Anything else (a part of a stream, bytes after it, another size) is
    /// an error. Allocates `size` bytes, which the caller has bounded below 2^31.
    public func inflate(_ bytes: ArraySlice<UInt8>, size: Int) throws(DeflateError) -> [UInt8] {
        let (output, consumed) = try inflatePrefix(bytes, size: size)
        guard consumed == bytes.count else { throw .corrupt }
        return output
    }

    /// The `size` bytes of the stream that `bytes` begin with, and how many bytes the stream takes.
    public func inflatePrefix(
        _ bytes: ArraySlice<UInt8>, size: Int
    ) throws(DeflateError) -> (output: [UInt8], consumed: Int) {
        unsafe inflateReset(stream)
        // One spare byte lets zlib reach the end of a stream of size 0 and shows a stream that is too long.
        var code: CInt = Z_OK
        let output = unsafe [UInt8](unsafeUninitializedCapacity: size + 1) { output, count in
            unsafe bytes.withUnsafeBufferPointer { input in
                unsafe stream.pointee.next_in = unsafe UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.pointee.avail_in = UInt32(input.count)
                unsafe stream.pointee.next_out = output.baseAddress
                unsafe stream.pointee.avail_out = UInt32(size + 1)
                code = unsafe CZlib.inflate(stream, Z_FINISH)
            }
            count = unsafe size + 1 - Int(stream.pointee.avail_out)
        }
        let unread = unsafe stream.pointee.avail_in
        unsafe stream.pointee.next_in = nil
        unsafe stream.pointee.next_out = nil
        if code == Z_MEM_ERROR { throw .outOfMemory }
        if output.count > size { throw .tooLong }
        guard code == Z_STREAM_END, output.count == size else { throw .corrupt }
        return (output, bytes.count - Int(unread))
    }
}
