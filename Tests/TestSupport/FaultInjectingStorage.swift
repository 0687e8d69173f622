public import ObjectStore
import Synchronization

/// What goes wrong, and at which operation.
public struct Fault: Sendable, CustomStringConvertible {
    /// How an operation fails.
    public enum Kind: String, Sendable, CaseIterable {
        /// The process dies before the operation.
        case killedBefore
        /// The process dies with half of a write done; before any other operation.
        case killedMidWrite
        /// The disk is full from here on: half of a write is done.
        case diskFull
        /// This synchronization fails, and the process lives on.
        case failedSynchronization
        /// This operation fails (half of a write is done), and the process lives on.
        case ioError
        /// This write stores one bit wrongly and says nothing.
        case silentCorruption
    }

    /// How it fails.
    public var kind: Kind
    /// The number of the operation, from 0.
    public var operation: Int

    /// A fault of a kind, at an operation.
    public init(_ kind: Kind, at operation: Int) { (self.kind, self.operation) = (kind, operation) }

    /// The kind and the operation.
    public var description: String { "\(kind.rawValue) at operation \(operation)" }
}

/// A storage that passes everything on to another one until a fault strikes, and counts the operations.
public final class FaultInjectingStorage: Storage {
    private let base: any Storage
    private let fault: Fault?
    private let state = Mutex((operations: 0, isDead: false, isFull: false, hasFailedSynchronization: false))

    /// A storage in front of another one; without a fault it only counts.
    public init(_ base: any Storage, fault: Fault? = nil) { (self.base, self.fault) = (base, fault) }

    /// Operations so far.
    public var operations: Int { state.withLock { $0.operations } }
    /// Whether the simulated process died.
    public var isDead: Bool { state.withLock { $0.isDead } }

    /// Whether a synchronization was made to fail.
    public var hasFailedSynchronization: Bool { state.withLock { $0.hasFailedSynchronization } }

    private enum Verdict { case proceed, die, dieMidWrite, full, fail, corrupt }

    private func judge(isWrite: Bool = false, isSynchronization: Bool = false) -> Verdict {
        state.withLock { state in
            defer { state.operations += 1 }
            if state.isDead { return .die }
            if state.isFull, isWrite { return .full }
            guard let fault, fault.operation == state.operations else { return .proceed }
            switch fault.kind {
            case .killedBefore:
                state.isDead = true
                return .die
            case .killedMidWrite:
                state.isDead = true
                return isWrite ? .dieMidWrite : .die
            case .diskFull:
                state.isFull = true
                return isWrite ? .full : .proceed
            case .failedSynchronization, .ioError:
                guard isSynchronization || fault.kind == .ioError else { return .proceed }
                state.hasFailedSynchronization = isSynchronization
                return .fail
            case .silentCorruption: return isWrite ? .corrupt : .proceed
            }
        }
    }

    private func died(_ operation: String, _ path: String) -> StorageError {
        StorageError(.io, operation: operation, path: describe(path), cause: "the process was killed")
    }

    private func failed(_ operation: String, _ path: String) -> StorageError {
        StorageError(.io, operation: operation, path: describe(path), cause: "Input/output error")
    }

    fileprivate func plain<T>(
        _ operation: String, _ path: String, _ body: () throws(StorageError) -> T
    ) throws(StorageError) -> T {
        switch judge() {
        case .proceed, .full, .corrupt: return try body()
        case .fail: throw failed(operation, path)
        case .die, .dieMidWrite: throw died(operation, path)
        }
    }

    private func write(
        _ operation: String, _ path: String, _ bytes: [UInt8], _ body: ([UInt8]) throws(StorageError) -> Void
    ) throws(StorageError) {
        switch judge(isWrite: true) {
        case .proceed: try body(bytes)
        case .dieMidWrite:
            try body(Array(bytes.prefix(bytes.count / 2)))
            throw died(operation, path)
        case .full:
            try body(Array(bytes.prefix(bytes.count / 2)))
            throw StorageError(.noSpace, operation: operation, path: describe(path), cause: "No space left on device")
        case .fail:
            try body(Array(bytes.prefix(bytes.count / 2)))
            throw failed(operation, path)
        case .corrupt:
            try body(bytes.indices.map { $0 == bytes.count / 2 ? bytes[$0] ^ 1 : bytes[$0] })
        case .die: throw died(operation, path)
        }
    }

    private func synchronize(_ path: String, _ body: () throws(StorageError) -> Void) throws(StorageError) {
        switch judge(isSynchronization: true) {
        case .proceed, .full, .corrupt: try body()
        case .fail: throw failed("synchronize", path)
        case .die, .dieMidWrite: throw died("synchronize", path)
        }
    }

    /// See `Storage`.
    public func describe(_ path: String) -> String { base.describe(path) }

    /// See `Storage`.
    public func list(_ folder: String) throws(StorageError) -> [String] {
        try plain("list", folder) { () throws(StorageError) in try base.list(folder) }
    }

    /// See `Storage`.
    public func size(of path: String) throws(StorageError) -> Int? {
        try plain("look at", path) { () throws(StorageError) in try base.size(of: path) }
    }

    /// See `Storage`.
    public func entry(at path: String) throws(StorageError) -> StorageEntry? {
        try plain("look at", path) { () throws(StorageError) in try base.entry(at: path) }
    }

    /// See `Storage`.
    public func read(_ path: String, from offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        try plain("read", path) { () throws(StorageError) in try base.read(path, from: offset, count: count) }
    }

    /// See `Storage`. Each read of the file is an operation too.
    public func open(_ path: String) throws(StorageError) -> any StorageFile {
        try plain("open", path) { () throws(StorageError) in
            FaultInjectingFile(base: try base.open(path), path: path, storage: self)
        }
    }

    /// See `Storage`.
    public func createFolder(_ path: String) throws(StorageError) {
        switch judge(isWrite: true) {
        case .proceed, .corrupt: try base.createFolder(path)
        case .fail: throw failed("create", path)
        case .full:
            throw StorageError(.noSpace, operation: "create", path: describe(path), cause: "No space left on device")
        case .die, .dieMidWrite: throw died("create", path)
        }
    }

    /// See `Storage`.
    public func create(_ path: String, _ bytes: [UInt8]) throws(StorageError) {
        try write("create", path, bytes) { bytes throws(StorageError) in try base.create(path, bytes) }
    }

    /// See `Storage`.
    public func append(_ path: String, at offset: Int, _ bytes: [UInt8]) throws(StorageError) {
        try write("write", path, bytes) { bytes throws(StorageError) in try base.append(path, at: offset, bytes) }
    }

    /// See `Storage`.
    public func truncate(_ path: String, to size: Int) throws(StorageError) {
        try plain("truncate", path) { () throws(StorageError) in try base.truncate(path, to: size) }
    }

    /// See `Storage`.
    public func rename(_ path: String, to newPath: String) throws(StorageError) {
        try plain("rename", path) { () throws(StorageError) in try base.rename(path, to: newPath) }
    }

    /// See `Storage`.
    public func remove(_ path: String) throws(StorageError) {
        try plain("remove", path) { () throws(StorageError) in try base.remove(path) }
    }

    /// See `Storage`.
    public func removeFolder(_ path: String) throws(StorageError) {
        try plain("remove the folder", path) { () throws(StorageError) in try base.removeFolder(path) }
    }

    /// See `Storage`.
    public func synchronize(_ path: String) throws(StorageError) {
        try synchronize(path) { () throws(StorageError) in try base.synchronize(path) }
    }

    /// See `Storage`.
    public func synchronizeFolder(_ path: String) throws(StorageError) {
        try synchronize(path) { () throws(StorageError) in try base.synchronizeFolder(path) }
    }

    /// See `Storage`.
    public func tryLock(_ path: String) throws(StorageError) -> LockAttempt {
        try plain("lock", path) { () throws(StorageError) in try base.tryLock(path) }
    }
}

/// An open file whose reads count as operations of its storage.
private struct FaultInjectingFile: StorageFile {
    let base: any StorageFile
    let path: String
    let storage: FaultInjectingStorage

    var size: Int { base.size }

    func read(from offset: Int, count: Int) throws(StorageError) -> [UInt8] {
        try storage.plain("read", path) { () throws(StorageError) in try base.read(from: offset, count: count) }
    }
}
