import Glibc

/// A folder of a test's own, gone with everything in it when the value is.
public final class TemporaryFolder: Sendable {
    /// Its absolute path.
    public let path: String

    /// Makes an empty folder below the system's temporary one.
    public init() {
        let base = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var random = SystemRandomNumberGenerator()
        path = "\(base)/osrs-archive-test-\(String(random.next(), radix: 36))"
        unsafe mkdir(path, 0o700)
    }

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            unsafe chmod(path, 0o700)
            for name in names(in: path) { remove("\(path)/\(name)") }
        }
        unsafe Glibc.remove(path)
    }

    /// The names in a folder, in no order; none where it cannot be read.
    static func names(in path: String) -> [String] {
        guard let folder = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The bytes of a file in it as text, or nil where there is none.
    public func text(of name: String) -> String? {
        guard let file = unsafe fopen("\(path)/\(name)", "rb") else { return nil }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = unsafe fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }

    /// Writes a file in it, replacing one of that name.
    public func write(_ text: String, to name: String) {
        guard let file = unsafe fopen("\(path)/\(name)", "wb") else { return }
        let bytes = Array(text.utf8)
        unsafe fwrite(bytes, 1, bytes.count, file)
        unsafe fclose(file)
    }
}
