import CEncryption

/// HMAC-SHA-256 (RFC 2104, FIPS 198-1) under one key. For one thread at a time; the key is wiped when the value goes.
@safe public struct HMACSHA256: ~Copyable {
    private let context: OpaquePointer

    /// Codes under a key.
    public init(key: borrowing SecretKey) throws(SealingError) {
        let context = unsafe key.withPointer { unsafe osrs_hmac_create($0, SecretKey.byteCount) }
        guard let context = unsafe context else { throw .unavailable("set up HMAC") }
        unsafe self.context = unsafe context
    }

    /// Codes under a key of any length from 1.
    init(key: [UInt8]) throws(SealingError) {
        let context = unsafe key.withUnsafeBufferPointer { key in
            unsafe key.baseAddress.flatMap { unsafe osrs_hmac_create($0, key.count) }
        }
        guard let context = unsafe context else { throw .unavailable("set up HMAC") }
        unsafe self.context = unsafe context
    }

    deinit { unsafe osrs_hmac_free(context) }

    /// The 32 bytes of the code of a message.
    public func code(of message: [UInt8]) throws(SealingError) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        let made = unsafe message.withUnsafeBufferPointer { message in
            unsafe code.withUnsafeMutableBufferPointer { code in
                guard let code = code.baseAddress else { return false }
                return unsafe osrs_hmac_code(context, message.baseAddress, message.count, code)
            }
        }
        guard made else { throw .unavailable("compute an HMAC") }
        return code
    }

    /// Whether `code` is the code of a message, in a time that does not depend on the bytes.
    public func verify(_ code: [UInt8], of message: [UInt8]) throws(SealingError) -> Bool {
        try self.code(of: message).equalsInConstantTime(code)
    }
}
