import Glibc

/// The files for tests that lie beside the repository and are not part of it.
enum SharedFiles {
    /// `OSRS_SHARED`, else the folder `shared` beside the package.
    static let folder: String = {
        if let named = unsafe getenv("OSRS_SHARED") { return unsafe String(cString: named) }
        return #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
            + "/shared"
    }()

    /// Whether they are there; what needs them is skipped otherwise.
    static var arePresent: Bool { unsafe access(folder + "/conformance", R_OK) == 0 }

    /// The bytes of a file, or nil where it cannot be read.
    static func bytes(_ path: String) -> [UInt8]? {
        guard let file = unsafe fopen("\(folder)/\(path)", "rb") else { return nil }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// The names of the files in a folder, sorted.
    static func names(_ path: String) -> [String] {
        guard let directory = unsafe opendir("\(folder)/\(path)") else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name.0) { unsafe String(cString: $0) }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }
}
