import Glibc

/// Real captures for tests, which lie beside the repository and are not part of it.
enum SharedData {
    /// `OSRS_SHARED`, else the folder `shared` beside the package.
    static let folder: String = {
        if let named = unsafe getenv("OSRS_SHARED") { return unsafe String(cString: named) + "/data" }
        return #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(5).joined(separator: "/")
            + "/shared/data"
    }()

    /// Whether they are there; what needs them is skipped otherwise.
    static var isPresent: Bool { unsafe access(folder + "/series", R_OK) == 0 }

    /// The bytes of a file, or none where it cannot be read.
    static func bytes(_ path: String) -> [UInt8] {
        guard let file = unsafe fopen("\(folder)/\(path)", "rb") else { return [] }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }
}
