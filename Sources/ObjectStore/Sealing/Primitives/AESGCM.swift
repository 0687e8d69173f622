import CEncryption

/// AES-256-GCM (NIST SP 800-38D) under one key, with a nonce of 12 and a tag of 16 bytes. For one thread at a time; the
/// key's schedule is made once and wiped when the value goes.
@safe struct AESGCM: ~Copyable {
    static let nonceBytes = Int(OSRS_GCM_NONCE)
    static let tagBytes = Int(OSRS_GCM_TAG)
    /// Bytes that one call takes at most.
    static let limit = 1 << 30

    typealias Nonce = InlineArray<12, UInt8>

    private let context: OpaquePointer

    /// A cipher under the first 32 bytes of `key`, which are copied.
    init(key: Span<UInt8>) throws(SealingError) {
        let context = unsafe key.withUnsafeBufferPointer { key in
            key.count < SecretKey.byteCount ? nil : unsafe key.baseAddress.flatMap { unsafe osrs_gcm_create($0) }
        }
        guard let context = unsafe context else { throw .unavailable("set up AES-256-GCM") }
        unsafe self.context = unsafe context
    }

    deinit { unsafe osrs_gcm_free(context) }

    /// Appends the sealed bytes and their tag. The same nonce must never come twice under one key.
    func seal(
        _ plain: Span<UInt8>, nonce: Nonce, additional: [UInt8] = [], into output: inout [UInt8]
    ) throws(SealingError) {
        let (start, count) = (output.count, plain.count)
        output.appendZeros(count + Self.tagBytes)
        let sealed = unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe plain.withUnsafeBufferPointer { plain in
                unsafe nonce.span.withUnsafeBufferPointer { nonce in
                    unsafe additional.withUnsafeBufferPointer { additional in
                        guard let output = output.baseAddress, let nonce = nonce.baseAddress else { return false }
                        return unsafe osrs_gcm_seal(
                            context, nonce, additional.baseAddress, additional.count, plain.baseAddress, count,
                            output + start)
                    }
                }
            }
        }
        guard sealed else {
            output.removeLast(count + Self.tagBytes)
            throw .unavailable("seal \(count) bytes")
        }
    }

    /// Appends the plain bytes and returns true where the tag at the end of `sealed` holds; otherwise appends nothing.
    func open(
        _ sealed: Span<UInt8>, nonce: Nonce, additional: [UInt8] = [], into output: inout [UInt8]
    ) -> Bool {
        let (start, count) = (output.count, sealed.count - Self.tagBytes)
        guard count >= 0 else { return false }
        output.appendZeros(count)
        let opened = unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe sealed.withUnsafeBufferPointer { sealed in
                unsafe nonce.span.withUnsafeBufferPointer { nonce in
                    unsafe additional.withUnsafeBufferPointer { additional in
                        guard let sealed = sealed.baseAddress, let nonce = nonce.baseAddress else { return false }
                        return unsafe osrs_gcm_open(
                            context, nonce, additional.baseAddress, additional.count, sealed, count,
                            output.baseAddress.map { unsafe $0 + start })
                    }
                }
            }
        }
        if !opened { output.removeLast(count) }
        return opened
    }
}

/// Room that is copied instead of made byte by byte.
private let zeros = [UInt8](repeating: 0, count: 1 << 15)

extension [UInt8] {
    fileprivate mutating func appendZeros(_ count: Int) {
        var rest = count
        while rest > 0 {
            self += zeros[..<Swift.min(rest, zeros.count)]
            rest -= zeros.count
        }
    }

    /// Appends the bytes of a span.
    mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }
}
