import Glibc

/// The conformance suites and real captures that lie beside the repository and are not part of it: in the folder that
/// `OSRS_SHARED` names, else in `../shared`. Tests that need them are skipped where they are absent.
public enum SharedFiles {
    /// The folder's path.
    public static let folder: String = {
        if let named = unsafe getenv("OSRS_SHARED") { return unsafe String(cString: named) }
        return #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined() + "/shared"
    }()

    /// Whether a file or folder below it can be read.
    public static func exists(_ path: String) -> Bool { unsafe access("\(folder)/\(path)", R_OK) == 0 }

    /// The bytes of a file, or nil where it cannot be read.
    public static func bytes(_ path: String) -> [UInt8]? {
        guard let file = unsafe fopen("\(folder)/\(path)", "rb") else { return nil }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }

    /// The lines of a file that are not empty; none where it cannot be read.
    public static func lines(_ path: String) -> [[UInt8]] {
        (bytes(path) ?? []).split(separator: UInt8(ascii: "\n")).map(Array.init)
    }

    /// The names of the files in a folder, sorted; none where it cannot be read.
    public static func names(_ path: String) -> [String] {
        TemporaryFolder.names(in: "\(folder)/\(path)").filter { !$0.hasPrefix(".") }.sorted()
    }
}
