/// SHA-256 (FIPS 180-4) for the number test alone, which may import no room but CanonicalJSON. It works through
/// pointers because subscripts of arrays are slow without optimisation, and the test hashes 72 MB.
struct SHA256 {
    private static let constants: [UInt32] = [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ]

    private var state: [UInt32] = [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ]
    private var pending: [UInt8] = []
    private var length: UInt64 = 0

    init() {}

    mutating func update(_ bytes: [UInt8]) {
        length += UInt64(bytes.count)
        pending += bytes
        compressPending()
    }

    /// The 32 bytes of the digest; the value is used up.
    mutating func finalize() -> [UInt8] {
        pending.append(0x80)
        while pending.count % 64 != 56 { pending.append(0) }
        Self.append(UInt32(truncatingIfNeeded: length >> 29), to: &pending)
        Self.append(UInt32(truncatingIfNeeded: length << 3), to: &pending)
        compressPending()
        var digest: [UInt8] = []
        for word in state { Self.append(word, to: &digest) }
        return digest
    }

    private static func append(_ word: UInt32, to bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: word >> 24))
        bytes.append(UInt8(truncatingIfNeeded: word >> 16))
        bytes.append(UInt8(truncatingIfNeeded: word >> 8))
        bytes.append(UInt8(truncatingIfNeeded: word))
    }

    private mutating func compressPending() {
        let blocks = pending.count / 64
        unsafe pending.withUnsafeBufferPointer { bytes in
            unsafe Self.constants.withUnsafeBufferPointer { constants in
                unsafe state.withUnsafeMutableBufferPointer { state in
                    unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
                        for block in 0..<blocks {
                            unsafe Self.compress(bytes, block * 64, constants, state, schedule)
                        }
                    }
                }
            }
        }
        pending.removeFirst(blocks * 64)
    }

    private static func compress(
        _ bytes: UnsafeBufferPointer<UInt8>, _ offset: Int, _ constants: UnsafeBufferPointer<UInt32>,
        _ state: UnsafeMutableBufferPointer<UInt32>, _ schedule: UnsafeMutableBufferPointer<UInt32>
    ) {
        var index = 0
        while index < 16 {
            let byte = offset &+ index &* 4
            unsafe schedule[index] =
                UInt32(bytes[byte]) &<< 24 | UInt32(bytes[byte &+ 1]) &<< 16 | UInt32(bytes[byte &+ 2]) &<< 8
                | UInt32(bytes[byte &+ 3])
            index &+= 1
        }
        while index < 64 {
            let (early, late) = unsafe (schedule[index &- 15], schedule[index &- 2])
            let first = (early &>> 7 | early &<< 25) ^ (early &>> 18 | early &<< 14) ^ early &>> 3
            let second = (late &>> 17 | late &<< 15) ^ (late &>> 19 | late &<< 13) ^ late &>> 10
            unsafe schedule[index] = schedule[index &- 16] &+ first &+ schedule[index &- 7] &+ second
            index &+= 1
        }
        var (a, b, c, d) = unsafe (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = unsafe (state[4], state[5], state[6], state[7])
        index = 0
        while index < 64 {
            let sum1 = (e &>> 6 | e &<< 26) ^ (e &>> 11 | e &<< 21) ^ (e &>> 25 | e &<< 7)
            let one = unsafe h &+ sum1 &+ ((e & f) ^ (~e & g)) &+ constants[index] &+ schedule[index]
            let sum0 = (a &>> 2 | a &<< 30) ^ (a &>> 13 | a &<< 19) ^ (a &>> 22 | a &<< 10)
            let two = sum0 &+ ((a & b) ^ (a & c) ^ (b & c))
            h = g
            g = f
            f = e
            e = d &+ one
            d = c
            c = b
            b = a
            a = one &+ two
            index &+= 1
        }
        unsafe (state[0], state[1], state[2], state[3]) = (state[0] &+ a, state[1] &+ b, state[2] &+ c, state[3] &+ d)
        unsafe (state[4], state[5], state[6], state[7]) = (state[4] &+ e, state[5] &+ f, state[6] &+ g, state[7] &+ h)
    }
}
