import Glibc

extension Settings {
    /// The longest file that is read, in bytes.
    private static let fileLimit = 1 << 20

    /// The bytes of a file of at most 1 MiB, or nil where there is none.
    public static func readFile(_ path: String) throws(SettingsError) -> [UInt8]? {
        // A pipe in the file's place must not be waited for.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .fileNotReadable(path: path, call: "open", number: errno)
        }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            let number = status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL
            throw .fileNotReadable(path: path, call: "read", number: number)
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw .fileNotReadable(path: path, call: "read", number: errno)
            }
            bytes += chunk[..<count]
            guard bytes.count <= fileLimit else { throw .fileNotReadable(path: path, call: "read", number: EFBIG) }
        }
    }
}
