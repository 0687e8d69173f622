import Synchronization

/// An archive's files in memory, for tests and dry runs. Everything is durable at once; copies share their files.
public final class MemoryStorage: Storage {
    private struct State {
        var files: [String: [UInt8]] = [:]
        var folders: Set<String> = [""]
        var isLocked = false
    }

    private let state: Mutex<State>

    /// An empty storage.
    public init() { state = Mutex(State()) }

    /// A storage that holds these files and folders (the root is always there).
    public init(files: [String: [UInt8]], folders: Set<String>) {
        state = Mutex(State(files: files, folders: folders.union([""])))
    }

    /// Every file with its bytes.
    public var files: [String: [UInt8]] { state.withLock { $0.files } }

    /// Every folder; the root is the empty path.
    public var folders: Set<String> { state.withLock { $0.folders } }

    /// `memory:PATH`
    public func describe(_ path: String) -> String { "memory:" + path }

    /// See `Storage`.
    public func list(_ folder: String) throws(StorageError) -> [String] {
        let names: [String]? = state.withLock { state in
            guard state.folders.contains(folder) else { return nil }
            return (Array(state.files.keys) + state.folders.filter { !$0.isEmpty })
                .filter { StoragePath.parent(of: $0) == folder }
                .map { folder.isEmpty ? $0 : String($0.dropFirst(folder.count + 1)) }
        }
        guard let names else { throw error(.missing, "list", folder, "no such folder") }
        return names
    }

    /// See `Storage`.
    public func size(of path: String) -> Int? { state.withLock { $0.files[path]?.count } }

    /// See `Storage`.
    public func entry(at path: String) -> StorageEntry? {
        state.withLock { $0.files[path].map { .file(bytes: $0.count) } ?? ($0.folders.contains(path) ? .folder : nil) }
    }

    /// See `Storage`.
    public func read(_ path: String, from offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        guard let bytes = state.withLock({ $0.files[path] }) else {
            throw error(.missing, "read", path, "no such file")
        }
        return MemoryFile(bytes: bytes).read(from: offset, count: count)
    }

    /// See `Storage`; the bytes as they are now.
    public func open(_ path: String) throws(StorageError) -> any StorageFile {
        guard let bytes = state.withLock({ $0.files[path] }) else {
            throw error(.missing, "open", path, "no such file")
        }
        return MemoryFile(bytes: bytes)
    }

    /// See `Storage`.
    public func createFolder(_ path: String) throws(StorageError) {
        let parentExists = state.withLock { state in
            guard state.folders.contains(StoragePath.parent(of: path)) else { return false }
            state.folders.insert(path)
            return true
        }
        guard parentExists else { throw error(.missing, "create the folder", path, "no such parent folder") }
    }

    /// See `Storage`.
    public func create(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
        let failure: StorageError.Code? = state.withLock { state in
            guard state.folders.contains(StoragePath.parent(of: path)) else { return .missing }
            guard state.files[path] == nil else { return .exists }
            state.files[path] = bytes
            return nil
        }
        if let failure { throw error(failure, "create", path, failure.rawValue) }
    }

    /// See `Storage`.
    public func append(_ path: String, at offset: Int, _ bytes: [UInt8]) throws(StorageError) {
        try change(path, "write") { file in file.replaceSubrange(min(offset, file.count)..., with: bytes) }
    }

    /// See `Storage`.
    public func truncate(_ path: String, to size: Int) throws(StorageError) {
        try change(path, "truncate") { file in file.removeLast(max(0, file.count - size)) }
    }

    /// See `Storage`.
    public func rename(_ path: String, to newPath: String) throws(StorageError) {
        let done = state.withLock { state in
            guard let bytes = state.files[path], state.folders.contains(StoragePath.parent(of: newPath)) else {
                return false
            }
            state.files[path] = nil
            state.files[newPath] = bytes
            return true
        }
        guard done else { throw error(.missing, "rename", path, "no such file or folder") }
    }

    /// See `Storage`.
    public func remove(_ path: String) throws(StorageError) {
        guard state.withLock({ $0.files.removeValue(forKey: path) }) != nil else {
            throw error(.missing, "remove", path, "no such file")
        }
    }

    /// See `Storage`.
    public func removeFolder(_ path: String) {
        state.withLock { state in
            let isEmpty = (Array(state.files.keys) + state.folders).allSatisfy { StoragePath.parent(of: $0) != path }
            if isEmpty, !path.isEmpty { state.folders.remove(path) }
        }
    }

    /// See `Storage`.
    public func synchronize(_ path: String) throws(StorageError) {
        guard size(of: path) != nil else { throw error(.missing, "synchronize", path, "no such file") }
    }

    /// See `Storage`.
    public func synchronizeFolder(_ path: String) throws(StorageError) {
        guard folders.contains(path) else { throw error(.missing, "synchronize", path, "no such folder") }
    }

    /// See `Storage`.
    public func tryLock(_ path: String) -> LockAttempt {
        let taken = state.withLock { state in
            defer { state.isLocked = true }
            return !state.isLocked
        }
        return taken ? .taken(MemoryLock(self)) : .held(byProcess: nil)
    }

    fileprivate func unlock() { state.withLock { $0.isLocked = false } }

    private func change(
        _ path: String, _ operation: String, _ body: (inout [UInt8]) -> Void
    ) throws(StorageError) {
        let found = state.withLock { state in
            guard let index = state.files.index(forKey: path) else { return false }
            // In place: a file that grows piece by piece is not copied for each of them.
            body(&state.files.values[index])
            return true
        }
        guard found else { throw error(.missing, operation, path, "no such file") }
    }

    private func error(
        _ code: StorageError.Code, _ operation: String, _ path: String, _ cause: String
    ) -> StorageError {
        StorageError(code, operation: operation, path: describe(path), cause: cause)
    }
}

/// The bytes that a file had when it was opened.
private struct MemoryFile: StorageFile {
    let bytes: [UInt8]

    var size: Int { bytes.count }

    func read(from offset: Int, count: Int) -> [UInt8] { Array(bytes[readableRange(from: offset, count: count)]) }
}

private final class MemoryLock: StorageLock {
    private let storage: MemoryStorage
    private let isReleased = Mutex(false)

    init(_ storage: MemoryStorage) { self.storage = storage }

    func release() {
        guard !isReleased.withLock({ exchange(&$0, with: true) }) else { return }
        storage.unlock()
    }

    deinit { release() }
}
