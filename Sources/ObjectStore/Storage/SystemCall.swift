import Glibc

/// The system calls on paths. Each repeats after EINTR where the call may be interrupted, and turns errno into a
/// `StorageError` that names the path.
enum SystemCall {
    static var processID: Int { Int(getpid()) }

    static func absolutePath(_ path: String) throws(StorageError) -> String {
        var trimmed = path
        while trimmed.count > 1, trimmed.hasSuffix("/") { trimmed.removeLast() }
        if trimmed.hasPrefix("/") { return trimmed }
        guard let buffer = unsafe getcwd(nil, 0) else { throw failure("find", path) }
        defer { unsafe free(buffer) }
        let folder = unsafe String(cString: buffer)
        if trimmed == "." || trimmed.isEmpty { return folder }
        return (folder == "/" ? "" : folder) + "/" + (trimmed.hasPrefix("./") ? String(trimmed.dropFirst(2)) : trimmed)
    }

    /// The path that a path leads to once links are followed; the same where nothing is there.
    static func followingLinks(_ path: String) throws(StorageError) -> String {
        if let resolved = unsafe realpath(path, nil) {
            defer { unsafe free(resolved) }
            return unsafe String(cString: resolved)
        }
        guard errno == ENOENT else { throw failure("find", path) }
        if case .other = try entry(at: path) {
            throw StorageError(.wrongKind, operation: "follow", path: path, cause: "the link leads nowhere")
        }
        return path
    }

    /// The absolute path that a path leads to, there or not, once links and `..` are followed as far as there is something.
    static func resolved(_ path: String) throws(StorageError) -> String {
        var folder = ""
        for name in try absolutePath(path).utf8.split(separator: UInt8(ascii: "/")).map({ String(Substring($0)) }) {
            switch name {
            case ".": break
            case "..": folder = StoragePath.parent(of: folder)
            default: folder = try followingLinks("\(folder)/\(name)")
            }
            if folder == "/" { folder = "" }
        }
        return folder.isEmpty ? "/" : folder
    }

    static func list(_ path: String) throws(StorageError) -> [String] {
        guard let folder = unsafe opendir(path) else { throw failure("list", path) }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = unsafe readdir(folder) else {
                if errno != 0 { throw failure("list", path) }
                return names
            }
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }

    static func size(of path: String) throws(StorageError) -> Int? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw failure("look at", path)
        }
        return try regularSize(status, path)
    }

    static func regularSize(_ status: stat, _ path: String) throws(StorageError) -> Int {
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StorageError(.wrongKind, operation: "read", path: path, cause: "not a regular file")
        }
        return Int(status.st_size)
    }

    static func entry(at path: String) throws(StorageError) -> StorageEntry? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw failure("look at", path)
        }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file(bytes: Int(status.st_size))
        case S_IFDIR: .folder
        default: .other
        }
    }

    /// Whether there is a folder of that path; a file in its place is an error.
    static func isFolder(_ path: String) throws(StorageError) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            if errno == ENOENT { return false }
            throw failure("look at", path)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw failure("open the folder", path, ENOTDIR) }
        return true
    }

    static func createFolder(_ path: String, mode: mode_t = 0o777) throws(StorageError) {
        if unsafe mkdir(path, mode) == 0 { return }
        let code = errno
        var status = stat()
        if code == EEXIST, unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
        throw failure("create the folder", path, code == EEXIST ? ENOTDIR : code)
    }

    /// Whether a path is a folder, and no link to one, that belongs to this user and is open to nobody else; or, for
    /// `isFolder` false, a file of whatever owner with that mode, links followed.
    static func isForOwnerAlone(_ path: String, isFolder: Bool) throws(StorageError) -> Bool {
        var status = stat()
        let isThere = unsafe isFolder ? lstat(path, &status) == 0 : stat(path, &status) == 0
        guard isThere else {
            if errno == ENOENT { return false }
            throw failure("look at", path)
        }
        guard status.st_mode & 0o077 == 0 else { return false }
        return !isFolder || status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid()
    }

    static func rename(_ path: String, to newPath: String) throws(StorageError) {
        guard unsafe Glibc.rename(path, newPath) == 0 else { throw failure("rename", path) }
    }

    /// Gives a file another name, which nothing has: link(2) replaces nothing. Throws `exists`. Where the disk knows no
    /// links (FAT) the name is taken by an empty file first, for the moment until the rename.
    static func renameWithoutReplacing(_ path: String, to newPath: String) throws(StorageError) {
        if unsafe link(path, newPath) == 0 { return try unlink(path) }
        guard [EPERM, ENOSYS, ENOTSUP].contains(errno) else { throw failure("create", newPath) }
        var place = try FileDescriptor(opening: newPath, .createSecret)
        try place.close()
        do throws(StorageError) { try rename(path, to: newPath) } catch {
            try? unlink(newPath)
            throw error
        }
    }

    static func unlink(_ path: String) throws(StorageError) {
        guard unsafe Glibc.unlink(path) == 0 else { throw failure("remove", path) }
    }

    /// Where it is there and empty.
    static func removeFolder(_ path: String) throws(StorageError) {
        guard unsafe rmdir(path) != 0, ![ENOENT, ENOTEMPTY, EEXIST, ENOTDIR].contains(errno) else { return }
        throw failure("remove the folder", path)
    }

    /// The error that `errno` (or the code given) stands for.
    static func failure(_ operation: String, _ path: String, _ code: CInt = errno) -> StorageError {
        let kind: StorageError.Code =
            switch code {
            case ENOENT: .missing
            case EEXIST: .exists
            case ENOSPC, EDQUOT, EFBIG: .noSpace
            case EACCES, EPERM, EROFS: .denied
            case ENOTDIR, EISDIR, ELOOP: .wrongKind
            default: .io
            }
        let cause = unsafe String(cString: strerror(code))
        return StorageError(kind, operation: operation, path: path, cause: cause)
    }
}
