import Glibc

/// An open file or folder; closed when it goes out of scope.
struct FileDescriptor: ~Copyable, Sendable {
    /// What a file is opened for.
    enum Mode {
        case read, write, createNew, createSecret, createOrWrite, folder

        fileprivate var flags: CInt {
            switch self {
            // Without waiting: opening a named pipe would wait for its other end for ever. Files do not care.
            case .read: O_RDONLY | O_NONBLOCK
            // What is written to lies in the archive itself: a link could lead to any file of the user's.
            case .write: O_WRONLY | O_NOFOLLOW
            case .createNew, .createSecret: O_WRONLY | O_CREAT | O_EXCL
            case .createOrWrite: O_RDWR | O_CREAT | O_NOFOLLOW
            case .folder: O_RDONLY | O_DIRECTORY
            }
        }
    }

    private var number: CInt
    private let path: String

    init(opening path: String, _ mode: Mode) throws(StorageError) {
        var number: CInt
        let permissions: mode_t = mode == .createSecret ? 0o600 : 0o666
        repeat { number = unsafe open(path, mode.flags | O_CLOEXEC, permissions) } while number < 0 && errno == EINTR
        guard number >= 0 else { throw SystemCall.failure("open", path) }
        (self.number, self.path) = (number, path)
    }

    deinit { if number >= 0 { Glibc.close(number) } }

    /// Closes the file; unlike the end of its scope, this reports what the system says of it.
    mutating func close() throws(StorageError) {
        let closing = number
        number = -1
        guard Glibc.close(closing) == 0 else { throw SystemCall.failure("close", path) }
    }

    /// Bytes in a regular file; throws `wrongKind` for anything else.
    func size() throws(StorageError) -> Int {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { throw SystemCall.failure("look at", path) }
        return try SystemCall.regularSize(status, path)
    }

    func read(from offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        var failed: CInt = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = 0
            while filled < count {
                let got = unsafe pread(
                    number, buffer.baseAddress?.advanced(by: filled), count - filled, offset + filled)
                if got < 0 {
                    if errno == EINTR { continue }
                    failed = errno
                    return
                }
                if got == 0 { return }
                filled += got
            }
        }
        guard failed == 0 else { throw SystemCall.failure("read", path, failed) }
        return bytes
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(StorageError) {
        var written = 0
        while written < bytes.count {
            let put = unsafe bytes.withUnsafeBytes { buffer in
                unsafe pwrite(
                    number, buffer.baseAddress?.advanced(by: written), bytes.count - written, offset + written)
            }
            if put < 0 {
                if errno == EINTR { continue }
                throw SystemCall.failure("write", path)
            }
            written += put
        }
    }

    func truncate(to size: Int) throws(StorageError) {
        guard ftruncate(number, size) == 0 else { throw SystemCall.failure("truncate", path) }
    }

    func synchronize() throws(StorageError) {
        guard fsync(number) == 0 else { throw SystemCall.failure("synchronize", path) }
    }

    /// Gives this file the permissions of the one at a path, and its owner where the system allows that. Nothing happens
    /// where there is none.
    func takePermissions(of path: String) throws(StorageError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            if errno == ENOENT { return }
            throw SystemCall.failure("look at", path)
        }
        // Only root may give files away. The mode comes last: a change of owner may take bits from it.
        if fchown(number, status.st_uid, status.st_gid) != 0 { _ = fchown(number, uid_t.max, status.st_gid) }
        guard fchmod(number, status.st_mode & 0o7777) == 0 else {
            throw SystemCall.failure("set the permissions of", self.path)
        }
    }

    /// Whether the path still leads to this file.
    func isStillAtItsPath() throws(StorageError) -> Bool {
        var (here, there) = (stat(), stat())
        guard unsafe fstat(number, &here) == 0 else { throw SystemCall.failure("look at", path) }
        return unsafe stat(path, &there) == 0 && here.st_ino == there.st_ino && here.st_dev == there.st_dev
    }

    /// Whether the exclusive lock was free and is now ours.
    func tryLock() throws(StorageError) -> Bool {
        if flock(number, LOCK_EX | LOCK_NB) == 0 { return true }
        if errno == EWOULDBLOCK { return false }
        throw SystemCall.failure("lock", path)
    }

    func unlock() { flock(number, LOCK_UN) }
}
