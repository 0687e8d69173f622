public import ObjectStore
import Synchronization

/// A storage in memory that keeps apart what the medium has from what only the cache has, as a file system does:
/// bytes are on the medium once their file is synchronized, names once their folder is.
public final class VolatileStorage: Storage {
    private struct File {
        var bytes: [UInt8]
        var durableBytes: [UInt8] = []
    }

    private struct State {
        var files: [Int: File] = [:]
        var names: [String: Int] = [:]
        var folders: Set<String> = [""]
        var durableNames: [String: Int] = [:]
        var durableFolders: Set<String> = [""]
        var nextFile = 0
    }

    private let state = Mutex(State())
    /// Checks arguments and errors; every change is made here and there.
    private let live = MemoryStorage()

    /// A storage that nothing has happened to.
    public init() {}

    /// How much of what was never synchronized survives the loss of power.
    public enum Survival: Sendable, CaseIterable {
        /// Nothing.
        case nothing
        /// Any subset: names one by one, and each sector of a file on its own, so that writes are reordered.
        case anySubset
    }

    /// What the medium holds after the power went: a fresh storage. `random` chooses what survives of the rest.
    public func afterPowerLoss(_ survival: Survival, _ random: inout SeededRandom) -> MemoryStorage {
        let state = self.state.withLock { $0 }
        var names = state.durableNames
        var folders = state.durableFolders
        if survival == .anySubset {
            for folder in state.folders.sorted() where folders.contains(StoragePath.parent(of: folder)) {
                if Bool.random(using: &random) { folders.insert(folder) }
            }
            for path in Set(state.names.keys).union(names.keys).sorted() where Bool.random(using: &random) {
                names[path] = state.names[path]
            }
        }
        var files: [String: [UInt8]] = [:]
        for (path, number) in names.sorted(by: { $0.key < $1.key }) {
            guard let file = state.files[number], folders.contains(StoragePath.parent(of: path)) else { continue }
            files[path] = survival == .nothing ? file.durableBytes : Self.mixed(file, &random)
        }
        return MemoryStorage(files: files, folders: folders)
    }

    /// The old or the new size, and each sector of 512 bytes old (zeros where there was none) or new.
    private static func mixed(_ file: File, _ random: inout SeededRandom) -> [UInt8] {
        guard file.bytes != file.durableBytes else { return file.bytes }
        let size = Bool.random(using: &random) ? file.bytes.count : file.durableBytes.count
        var bytes = [UInt8](repeating: 0, count: size)
        for start in stride(from: 0, to: size, by: 512) {
            let source = Bool.random(using: &random) ? file.bytes : file.durableBytes
            for index in start..<min(start + 512, size) where index < source.count { bytes[index] = source[index] }
        }
        return bytes
    }

    /// See `Storage`.
    public func describe(_ path: String) -> String { live.describe(path) }

    /// See `Storage`.
    public func list(_ folder: String) throws(StorageError) -> [String] { try live.list(folder) }

    /// See `Storage`.
    public func size(of path: String) -> Int? { live.size(of: path) }

    /// See `Storage`.
    public func entry(at path: String) -> StorageEntry? { live.entry(at: path) }

    /// See `Storage`.
    public func read(_ path: String, from offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        try live.read(path, from: offset, count: count)
    }

    /// See `Storage`.
    public func open(_ path: String) throws(StorageError) -> any StorageFile { try live.open(path) }

    /// See `Storage`.
    public func tryLock(_ path: String) -> LockAttempt { live.tryLock(path) }

    /// See `Storage`.
    public func createFolder(_ path: String) throws(StorageError) {
        try live.createFolder(path)
        state.withLock { _ = $0.folders.insert(path) }
    }

    /// See `Storage`.
    public func create(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
        try live.create(path, bytes)
        state.withLock { state in
            state.files[state.nextFile] = File(bytes: bytes)
            state.names[path] = state.nextFile
            state.nextFile += 1
        }
    }

    /// See `Storage`.
    public func append(_ path: String, at offset: Int, _ bytes: [UInt8]) throws(StorageError) {
        try live.append(path, at: offset, bytes)
        copyBytes(path)
    }

    /// See `Storage`.
    public func truncate(_ path: String, to size: Int) throws(StorageError) {
        try live.truncate(path, to: size)
        copyBytes(path)
    }

    /// See `Storage`.
    public func rename(_ path: String, to newPath: String) throws(StorageError) {
        try live.rename(path, to: newPath)
        state.withLock { $0.names[newPath] = $0.names.removeValue(forKey: path) }
    }

    /// See `Storage`.
    public func remove(_ path: String) throws(StorageError) {
        try live.remove(path)
        state.withLock { $0.names[path] = nil }
    }

    /// See `Storage`.
    public func removeFolder(_ path: String) throws(StorageError) {
        live.removeFolder(path)
        let isGone = !live.folders.contains(path)
        state.withLock { if isGone { $0.folders.remove(path) } }
    }

    /// See `Storage`.
    public func synchronize(_ path: String) throws(StorageError) {
        try live.synchronize(path)
        state.withLock { state in
            guard let number = state.names[path], let file = state.files[number] else { return }
            state.files[number] = File(bytes: file.bytes, durableBytes: file.bytes)
        }
    }

    /// See `Storage`.
    public func synchronizeFolder(_ path: String) throws(StorageError) {
        try live.synchronizeFolder(path)
        state.withLock { state in
            for name in Set(state.names.keys).union(state.durableNames.keys)
            where StoragePath.parent(of: name) == path {
                state.durableNames[name] = state.names[name]
            }
            for folder in state.folders where !folder.isEmpty && StoragePath.parent(of: folder) == path {
                state.durableFolders.insert(folder)
            }
        }
    }

    private func copyBytes(_ path: String) {
        let bytes = live.files[path]
        state.withLock { state in
            guard let number = state.names[path], let bytes else { return }
            state.files[number]?.bytes = bytes
        }
    }
}
