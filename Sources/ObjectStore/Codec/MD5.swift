import CLibcrypto

/// The MD5 (RFC 1321) of bytes that come piece by piece, by libcrypto's plain functions as SHA-256 is. Parity files of
/// par2 name and check their parts by it; it finds accidents and protects from nobody who means to deceive.
public struct MD5Stream: ~Copyable {
    /// Bytes of a digest.
    public static let byteCount = 16

    private var state = MD5_CTX()

    /// A digest of nothing yet.
    public init() { check(unsafe MD5_Init(&state)) }

    /// Takes the next bytes.
    public mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { check(unsafe MD5_Update(&state, $0.baseAddress, $0.count)) }
    }

    /// The digest of all bytes.
    public consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: Self.byteCount)
        check(unsafe MD5_Final(&digest, &state))
        return digest
    }

    private func check(_ result: CInt) {
        guard result == 1 else { preconditionFailure("libcrypto failed to compute an MD5") }
    }
}
