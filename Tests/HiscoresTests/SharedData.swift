import Glibc

/// The real data beside the project (`OSRS_SHARED`, else `../shared`), which is not part of it: tests that need it are
/// skipped where it is absent.
enum SharedData {
    static let isPresent = file("data/layouts.json") != nil

    /// The bytes of a file below the folder, or nil.
    static func file(_ path: String) -> [UInt8]? {
        guard let stream = unsafe fopen("\(folder)/\(path)", "rb") else { return nil }
        defer { unsafe fclose(stream) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, stream)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// The lines of a file that are not empty.
    static func lines(_ path: String) -> [[UInt8]] {
        (file(path) ?? []).split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    private static let folder: String = {
        if let set = unsafe getenv("OSRS_SHARED") { return unsafe String(cString: set) }
        let root = #filePath.split(separator: "/").dropLast(3)
        return "/" + root.joined(separator: "/") + "/../shared"
    }()
}
