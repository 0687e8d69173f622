import CZlib

/// CRC-32 (ISO 3309, as zlib and PNG use it): finds every flip of up to three bits in what it covers, and every burst
/// of up to 32. It guards against accidents; ids guard against intent.
public enum CRC32 {
    /// The checksum of bytes.
    public static func of(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        unsafe bytes.withUnsafeBufferPointer { unsafe UInt32(crc32_z(0, $0.baseAddress, $0.count)) }
    }

    /// The checksum of a whole array.
    public static func of(_ bytes: [UInt8]) -> UInt32 { of(bytes[...]) }
}
