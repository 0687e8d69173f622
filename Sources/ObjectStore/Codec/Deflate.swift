import CZlib

/// Why bytes could not be inflated.
public enum DeflateError: Error, Hashable, Sendable {
    /// The bytes are no zlib stream, a part of one, or more than one.
    case corrupt
    /// The stream yields more than the size that was allowed or announced.
    case tooLong
    /// zlib found no memory.
    case outOfMemory
}

/// Compresses with zlib (RFC 1950, level 6, 32 KiB window). The context is reused: zlib's state is 268 KiB, and making
/// it anew for each document costs more than the compression.
@safe public struct Deflater: ~Copyable {
    /// zlib's state points back at its stream, so the stream has a fixed address.
    private let stream: UnsafeMutablePointer<z_stream>

    /// A compressor.
    public init() throws(DeflateError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe osrs_deflate_init(stream, 6, 15, 8, Z_DEFAULT_STRATEGY) == Z_OK else {
            unsafe stream.deallocate()
            throw .outOfMemory
        }
        unsafe self.stream = unsafe stream
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// The zlib stream of `bytes`, which are fewer than 2^31.
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

/// Decompresses zlib streams (RFC 1950). The context is reused.
@safe public struct Inflater: ~Copyable {
    private let stream: UnsafeMutablePointer<z_stream>

    /// A decompressor.
    public init() throws(DeflateError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        guard unsafe osrs_inflate_init(stream, 15) == Z_OK else {
            unsafe stream.deallocate()
            throw .outOfMemory
        }
        unsafe self.stream = unsafe stream
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// The `size` bytes that one whole zlib stream holds. Anything else (a part of a stream, bytes after it, another
    /// size) is an error. Allocates `size` bytes, which the caller has bounded below 2^31.
    public func inflate(_ bytes: ArraySlice<UInt8>, size: Int) throws(DeflateError) -> [UInt8] {
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
        guard code == Z_STREAM_END, unread == 0, output.count == size else { throw .corrupt }
        return output
    }
}
