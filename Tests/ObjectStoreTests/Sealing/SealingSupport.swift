import CLibcrypto
import CanonicalJSON
import Synchronization
import TestSupport
import Testing

@testable import ObjectStore

/// One vector of a Wycheproof file, with the properties of its group.
struct WycheproofVector {
    static let folder = "conformance/wycheproof"
    static var areThere: Bool { SharedFiles.exists(folder) }

    let group: JSONValue
    let test: JSONValue

    /// All vectors of a file.
    static func all(_ file: String) throws -> [WycheproofVector] {
        let bytes = try #require(SharedFiles.bytes("\(folder)/\(file).json"))
        let groups = try #require(try JSONValue(parsing: bytes)["testGroups"]?.array)
        return groups.flatMap { group in
            (group["tests"]?.array ?? []).map { WycheproofVector(group: group, test: $0) }
        }
    }

    var name: Comment { "vector \(test["tcId"]?.integer ?? 0): \(test["comment"]?.string ?? "")" }
    var isValid: Bool { test["result"]?.string == "valid" }
    func has(flag: String) -> Bool { test["flags"]?.array?.contains { $0.string == flag } ?? false }

    /// The bytes of a member written in hexadecimal.
    func bytes(_ member: JSONText) throws -> [UInt8] {
        try #require(test[member]?.string.flatMap(Hexadecimal.bytes))
    }
}

extension SecretKey {
    /// A key for tests.
    static func of(_ bytes: [UInt8]) throws -> SecretKey {
        guard let key = try SecretKey(bytes.span) else { throw SealingError(.tooLarge, "\(bytes.count) bytes") }
        return key
    }

    /// A key of one byte 32 times.
    static func of(_ byte: UInt8) throws -> SecretKey { try of([UInt8](repeating: byte, count: 32)) }
}

extension RandomSource {
    /// Gives the bytes 0, 1, 2 and so on, through all calls.
    static func counting() -> RandomSource {
        let next = Counter()
        return RandomSource { count in (0..<count).map { _ in next.next() } }
    }

    /// Gives these bytes each time.
    static func fixed(_ bytes: [UInt8]) -> RandomSource { RandomSource { Array(bytes.prefix($0)) } }

    private final class Counter: Sendable {
        private let value = Atomic<UInt8>(0)
        func next() -> UInt8 { value.wrappingAdd(1, ordering: .relaxed).oldValue }
    }
}

/// SHA-512, which only vectors need.
func sha512(_ bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 64)
    unsafe SHA512(bytes, bytes.count, &digest)
    return digest
}

/// The code of the sealing error that comes of something; nil where none does.
func sealingFailure(_ body: () throws(SealingError) -> Void) -> SealingError.Code? {
    do { try body() } catch { return error.code }
    return nil
}

/// That many bytes, none like its neighbour.
func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }
