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

    deinit {
        unsafe EVP_MD_CTX_free(context)
        unsafe EVP_MD_free(algorithm)
    }

    /// The digest of the parts one after the other.
    public func digest(_ parts: [UInt8]...) -> ObjectID {
        var output = [UInt8](repeating: 0, count: ObjectID.byteCount)
        var succeeded = unsafe EVP_DigestInit_ex2(context, algorithm, nil) == 1
        for part in parts {
            succeeded =
                unsafe part.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) == 1 }
                && succeeded
        }
        succeeded = unsafe EVP_DigestFinal_ex(context, &output, nil) == 1 && succeeded
        guard succeeded, let id = ObjectID(bytes: output) else {
            preconditionFailure("libcrypto failed to compute a SHA-256")
        }
        return id
    }

    /// The digest of bytes, with a hasher made for it: for the odd one out, not for loops.
    public static func digest(_ bytes: [UInt8]) -> ObjectID { SHA256().digest(bytes) }
}
