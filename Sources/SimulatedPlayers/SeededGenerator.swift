/// A small repeatable source of numbers: SplitMix64 (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number
/// Generators", 2014). Equal seeds give equal numbers on every machine and in every release.
public struct SeededGenerator {
    private var state: UInt64

    /// A source whose numbers follow from `seed`.
    public init(seed: UInt64) { state = seed }

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Seed.scrambled(state)
    }

    /// The next number in 0 ..< 1.
    public mutating func nextUnit() -> Double { Seed.unit(next()) }

    /// The next number in 0 ..< `bound`; `bound` is above zero.
    public mutating func next(below bound: Int) -> Int { Int(nextUnit() * Double(bound)) }

    /// Whether an event of this probability happens.
    public mutating func happens(_ probability: Double) -> Bool { nextUnit() < probability }
}

/// Seeds made of other seeds and of names, so that each question to the model has its own repeatable chance and asking
/// one leaves the others alone.
public enum Seed {
    /// A seed of two.
    public static func mixed(_ first: UInt64, _ second: UInt64) -> UInt64 {
        scrambled(scrambled(first &+ 0x9E37_79B9_7F4A_7C15) ^ second)
    }

    /// A seed of a name: FNV-1a over its UTF-8 bytes, scrambled.
    public static func named(_ name: String) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return scrambled(hash)
    }

    /// The finaliser of SplitMix64: every input bit reaches every output bit.
    public static func scrambled(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// The upper 53 bits as a number in 0 ..< 1.
    public static func unit(_ bits: UInt64) -> Double { Double(bits >> 11) * 0x1p-53 }
}
