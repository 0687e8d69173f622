import CanonicalJSON
import Testing

/// Encrypted archives in a workplace.
extension Workplace {
    /// Makes the archive an encrypted one, opened with the key file `../own.key`, which all later commands are given.
    func encrypt() throws {
        let key = absolute("../own.key")
        let made = try run("init", "--encrypt", "--key-file", key, "--json")
        #expect(try made.status == 0 && made.json["encrypted"] == .bool(true), "\(made)")
        environment["OSRS_ARCHIVE_KEY_FILE"] = key
    }

    /// Runs a command without the archive's key.
    func runLocked(_ arguments: String..., environment: [String: String] = [:]) throws -> Answer {
        try run(
            Program.archive, arguments, environment: ["OSRS_ARCHIVE_KEY_FILE": ""].merging(environment) { $1 })
    }

    /// The ids and kinds of the archive's key slots.
    func slots() throws -> [(id: String, kind: String)] {
        try run("key", "list", "--json").lines.map { ($0.text("id") ?? "", $0.text("kind") ?? "") }
    }

    /// What files of the workplace hold of some words, whatever its case, and of some bytes.
    func leaks(
        of words: [String], _ bytes: [[UInt8]] = [], besides: (String) -> Bool = { _ in false }
    ) throws -> [String] {
        var found: [String] = []
        for file in try files(below: ".") where !besides(file) {
            let contents = try self.bytes(of: file)
            let lowered = contents.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
            for word in words where lowered.holds(Array(word.lowercased().utf8)) { found.append("\(word) in \(file)") }
            for part in bytes where contents.holds(part) { found.append("bytes of an id in \(file)") }
        }
        return found
    }
}

extension [UInt8] {
    /// Whether some bytes stand in it, one behind the other.
    func holds(_ part: [UInt8]) -> Bool {
        guard let first = part.first, part.count <= count else { return false }
        return indices.dropLast(part.count - 1).contains { start in
            self[start] == first && self[start..<start + part.count].elementsEqual(part)
        }
    }
}
