import CEncryption

/// 32 secret bytes, on a page of their own that is kept out of swap and core files as far as the system allows, and
/// wiped when the key goes.
///
/// It can neither be copied nor printed: a value without copies converts to no text.
///
/// The bytes are written before anyone sees the key and never again, so any number of threads may read them: hence
/// `@unchecked Sendable`.
@safe public struct SecretKey: ~Copyable, @unchecked Sendable {
    /// Bytes in a key.
    public static let byteCount = 32

    private let page: UnsafeMutablePointer<UInt8>

    /// A key that `fill` writes into the 32 bytes of the page; nothing is made where it returns false.
    init(_ what: String, fill: (UnsafeMutablePointer<UInt8>) -> Bool) throws(SealingError) {
        guard let page = unsafe osrs_secret_page() else { throw .unavailable("find memory for a key") }
        guard unsafe fill(page) else {
            unsafe osrs_secret_page_free(page)
            throw .unavailable(what)
        }
        unsafe self.page = unsafe page
    }

    deinit { unsafe osrs_secret_page_free(page) }

    /// The key with these bytes; nil where they are not 32. The caller wipes its own copy.
    public init?(_ bytes: Span<UInt8>) throws(SealingError) {
        guard bytes.count == Self.byteCount else { return nil }
        try unsafe self.init("copy a key") { page in
            for index in bytes.indices { unsafe page[index] = bytes[index] }
            return true
        }
    }

    /// A new key from a source of random bytes.
    public static func random(_ source: RandomSource = .system) throws(SealingError) -> SecretKey {
        var bytes = try source.bytes(byteCount)
        defer { bytes.wipe() }
        guard let key = try SecretKey(bytes.span) else { throw .unavailable("make a key") }
        return key
    }

    /// The key in another place, for an owner of its own.
    public func duplicate() throws(SealingError) -> SecretKey {
        try unsafe SecretKey("copy a key") { copy in
            unsafe copy.update(from: page, count: Self.byteCount)
            return true
        }
    }

    /// The bytes as an array, for the few places that write a key down. The caller wipes it.
    public func exposedBytes() -> [UInt8] {
        unsafe Array(UnsafeBufferPointer(start: page, count: Self.byteCount))
    }

    /// Calls with the 32 bytes, which must not leave the call.
    func withPointer<Result, Failure: Error>(
        _ body: (UnsafePointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(UnsafePointer(page))
    }
}

extension [UInt8] {
    /// Overwrites the bytes in place. A copy that was made elsewhere stays.
    public mutating func wipe() {
        unsafe withUnsafeMutableBytes { bytes in
            if let start = bytes.baseAddress { unsafe osrs_wipe(start, bytes.count) }
        }
    }

    /// Whether both are equal, in a time that depends on their lengths only.
    public func equalsInConstantTime(_ other: [UInt8]) -> Bool {
        guard count == other.count, count > 0 else { return count == other.count }
        return unsafe withUnsafeBufferPointer { left in
            unsafe other.withUnsafeBufferPointer { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return false }
                return unsafe osrs_equal(left, right, count)
            }
        }
    }
}
