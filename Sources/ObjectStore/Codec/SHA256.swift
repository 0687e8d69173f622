import CLibcrypto

/// Computes SHA-256 (FIPS 180-4) with libcrypto. The context and the algorithm are fetched once and reused: OpenSSL 3's
/// implicit fetch costs more than hashing a small document.
///
/// One owner at a time; make one for each thread.
@safe public struct SHA256: ~Copyable {
    private let context: OpaquePointer
    private let algorithm: OpaquePointer

    /// A hasher. Ends the program where libcrypto has no SHA-256, since no id could be computed or checked.
    public init() {
        guard let context = unsafe EVP_MD_CTX_new(), let algorithm = unsafe EVP_MD_fetch(nil, "SHA256", nil) else {
            preconditionFailure("libcrypto does not offer SHA-256; check the OpenSSL configuration of this machine")
        }
        (unsafe self.context, unsafe self.algorithm) = unsafe (context, algorithm)
    }

    /// A hasher with a context of its own and the algorithm of another.
    fileprivate init(sharing other: borrowing SHA256) {
        guard let context = unsafe EVP_MD_CTX_new(), unsafe EVP_MD_up_ref(other.algorithm) == 1 else {
            preconditionFailure("libcrypto found no memory for a SHA-256")
        }
        (unsafe self.context, unsafe self.algorithm) = unsafe (context, other.algorithm)
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
        unsafe EVP_MD_free(algorithm)
    }

    /// The digest of bytes, allocating nothing.
    public func digest(_ bytes: Span<UInt8>) -> ObjectID {
        begin()
        update(bytes)
        return finish()
    }

    /// The digest of bytes, allocating nothing.
    public func digest(_ bytes: [UInt8]) -> ObjectID { digest(bytes.span) }

    /// The digest of bytes, allocating nothing.
    public func digest(_ bytes: ArraySlice<UInt8>) -> ObjectID { digest(bytes.span) }

    /// The digest of two parts one after the other.
    public func digest(_ first: [UInt8], _ second: [UInt8]) -> ObjectID {
        begin()
        update(first.span)
        update(second.span)
        return finish()
    }

    /// The digest of the 64 bytes of two ids one after the other, allocating nothing.
    public func digest(_ first: ObjectID, _ second: ObjectID) -> ObjectID {
        let bytes = (first.bigEndianWords, second.bigEndianWords)
        begin()
        unsafe withUnsafeBytes(of: bytes) { unsafe update($0) }
        return finish()
    }

    /// A digest of bytes that come piece by piece. It shares this hasher's algorithm and has a context of its own.
    public func stream() -> SHA256Stream { SHA256Stream(SHA256(sharing: self)) }

    /// The digest of bytes, with a hasher made for it: for the odd one out, not for loops.
    public static func digest(_ bytes: [UInt8]) -> ObjectID { SHA256().digest(bytes) }
}

extension SHA256 {
    fileprivate func begin() { check(unsafe EVP_DigestInit_ex2(context, algorithm, nil)) }

    fileprivate func update(_ bytes: Span<UInt8>) { unsafe bytes.withUnsafeBytes { unsafe update($0) } }

    private func update(_ bytes: UnsafeRawBufferPointer) {
        check(unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count))
    }

    fileprivate func finish() -> ObjectID {
        var words: ObjectID.Words = (0, 0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &words) { output in
            check(unsafe EVP_DigestFinal_ex(context, output.baseAddress?.assumingMemoryBound(to: UInt8.self), nil))
        }
        return ObjectID(bigEndianWords: words)
    }

    private func check(_ result: CInt) {
        guard result == 1 else { preconditionFailure("libcrypto failed to compute a SHA-256") }
    }
}

/// The SHA-256 of bytes that come piece by piece.
public struct SHA256Stream: ~Copyable {
    private let hasher: SHA256

    /// A digest of nothing yet, with an algorithm fetched for it; `SHA256.stream()` saves that.
    public init() { self.init(SHA256()) }

    fileprivate init(_ hasher: consuming SHA256) {
        self.hasher = hasher
        self.hasher.begin()
    }

    /// Takes the next bytes.
    public mutating func update(_ bytes: Span<UInt8>) { hasher.update(bytes) }

    /// Takes the next bytes.
    public mutating func update(_ bytes: [UInt8]) { hasher.update(bytes.span) }

    /// Takes the next bytes.
    public mutating func update(_ bytes: ArraySlice<UInt8>) { hasher.update(bytes.span) }

    /// The digest of all bytes since the beginning or the last `finish`; the next byte begins another one.
    public mutating func finish() -> ObjectID {
        let id = hasher.finish()
        hasher.begin()
        return id
    }
}
