import Glibc

/// A system call that failed, with its error number.
struct SystemCallError: Error {
    let call: String
    let number: Int32

    /// The error of the call that has just failed.
    static func last(_ call: String) -> SystemCallError { SystemCallError(call: call, number: errno) }

    var isNotFound: Bool { number == ENOENT }
}

/// An open log file: the few system calls that appending needs. Closing it gives up its lock.
struct LogFile: ~Copyable {
    /// Which file it is, and how long.
    struct Status {
        let device: dev_t
        let inode: ino_t
        let size: Int

        func isSameFile(as other: Status) -> Bool { device == other.device && inode == other.inode }
    }

    private let descriptor: Int32

    /// Opens the file for appending, and makes it where its folder has none.
    init(path: String) throws(SystemCallError) {
        descriptor = unsafe open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .last("open") }
    }

    deinit { close(descriptor) }

    /// Waits for the exclusive lock of this file, five seconds at most: an entry takes far less than one to write.
    func lock() throws(SystemCallError) {
        for _ in 0..<500 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            guard errno == EINTR || errno == EWOULDBLOCK else { throw .last("flock") }
            usleep(10_000)
        }
        throw .last("flock")
    }

    func status() throws(SystemCallError) -> Status {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .last("fstat") }
        return Status(device: status.st_dev, inode: status.st_ino, size: Int(status.st_size))
    }

    /// The byte at an offset, or nil behind the end.
    func byte(at offset: Int) throws(SystemCallError) -> UInt8? {
        var byte: UInt8 = 0
        let count = unsafe pread(descriptor, &byte, 1, offset)
        guard count >= 0 else { throw .last("pread") }
        return count == 1 ? byte : nil
    }

    /// Adds bytes at the end, which lies at `size`; cuts the file back to that where it fails. Needs the lock.
    func append(_ bytes: [UInt8], to size: Int) throws(SystemCallError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
            }
            if count > 0 {
                written += count
            } else if count == 0 || errno != EINTR {
                let error = count == 0 ? SystemCallError(call: "write", number: EIO) : .last("write")
                if written > 0 { ftruncate(descriptor, size) }
                throw error
            }
        }
    }

    /// The file that a path leads to, or nil where there is none.
    static func status(ofPath path: String) throws(SystemCallError) -> Status? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw .last("stat")
        }
        return Status(device: status.st_dev, inode: status.st_ino, size: Int(status.st_size))
    }

    static func rename(_ path: String, to name: String) throws(SystemCallError) {
        guard unsafe Glibc.rename(path, name) == 0 else { throw .last("rename") }
    }

    /// Makes every missing folder on the way to a path.
    static func makeFolders(above path: String) throws(SystemCallError) {
        for index in path.indices where path[index] == "/" && index > path.startIndex {
            guard unsafe mkdir(String(path[..<index]), 0o777) != 0, errno != EEXIST else { continue }
            throw .last("mkdir")
        }
    }
}
