import CEncryption

/// How much work scrypt (RFC 7914) makes of a passphrase.
public struct ScryptParameters: Hashable, Sendable {
    /// N: a power of two; time and memory grow with it.
    public let cost: Int
    /// r: memory is 128 × N × r bytes.
    public let blockSize: Int
    /// p: time grows with it.
    public let parallelization: Int

    /// Bytes of salt in a slot.
    public static let saltBytes = 32

    /// What new slots take: 128 MiB, and half a second on the machines of 2026.
    public static let standard = ScryptParameters(uncheckedCost: 1 << 17, blockSize: 8, parallelization: 1)

    private init(uncheckedCost cost: Int, blockSize: Int, parallelization: Int) {
        (self.cost, self.blockSize, self.parallelization) = (cost, blockSize, parallelization)
    }

    /// Parameters that were read, or nil beyond what anybody waits for: N a power of two from 2 to 2^20, r to 16, p to
    /// 16, N × r × p to 2^24, so at most 1 GiB and a minute. Without caps a slot could be made to take all memory.
    public init?(cost: Int, blockSize: Int, parallelization: Int) {
        guard 2...1 << 20 ~= cost, cost & (cost - 1) == 0, 1...16 ~= blockSize, 1...16 ~= parallelization,
            // scrypt's own condition, N < 2^(128 r / 8), holds for any r where N is at most 2^15.
            blockSize > 1 || cost < 1 << 16, cost * blockSize <= 1 << 23, cost * blockSize * parallelization <= 1 << 24
        else { return nil }
        self.init(uncheckedCost: cost, blockSize: blockSize, parallelization: parallelization)
    }

    /// The key of a passphrase.
    public func key(passphrase: [UInt8], salt: [UInt8]) throws(SealingError) -> SecretKey {
        try unsafe SecretKey("derive a key from the passphrase") { page in
            unsafe derive(passphrase, salt, page, SecretKey.byteCount)
        }
    }

    /// Writes `count` bytes at `output`.
    func derive(_ passphrase: [UInt8], _ salt: [UInt8], _ output: UnsafeMutablePointer<UInt8>, _ count: Int) -> Bool {
        // libcrypto counts N + 2 blocks and the p states; its own default of 32 MiB is too little.
        let memory = UInt64(128 * blockSize * (cost + 2 + parallelization))
        return unsafe passphrase.withUnsafeBufferPointer { passphrase in
            unsafe salt.withUnsafeBufferPointer { salt in
                guard let saltStart = salt.baseAddress else { return false }
                return unsafe osrs_scrypt(
                    passphrase.baseAddress, passphrase.count, saltStart, salt.count, UInt64(cost), UInt32(blockSize),
                    UInt32(parallelization), memory, output, count)
            }
        }
    }
}
