public import ObjectStore

/// The repair of one bundle by the program par2. Whatever comes of it, the bundle's bytes stay where they were until those
/// in their place are proved.
public struct BundleRepair {
    /// Runs par2 with these arguments in the bundle's folder: its exit status, nil where it did not come to its end.
    public typealias Program = (_ arguments: [String]) -> Int32?

    private let name: BundleName
    private let folder: any Storage
    private let program: Program

    /// A file that takes the room for a moment that a repair needs.
    private static let room = ".repair-room"
    private static let pieceBytes = 1 << 20

    /// What par2's exit statuses mean (`libpar2.h` of par2cmdline).
    private enum Status {
        static let sound: Int32 = 0
        static let repairPossible: Int32 = 1
        static let repairImpossible: Int32 = 2
        static let parityIncomplete: Int32 = 4
        static let repairedWrongly: Int32 = 5
    }

    /// The repair of a bundle that is damaged or gone, and has parity in the folder.
    public init(of name: BundleName, in folder: any Storage, by program: @escaping Program) {
        (self.name, self.folder, self.program) = (name, folder, program)
    }

    /// Whether the bundle was repaired: then it is durable, and files with what it was before are gone. False only where par2
    /// had all that it needs and the damage is more than the parity mends. Bytes of it that an earlier run of par2 left under
    /// its name with a number behind it are used. Throws `noSpace` where there is no room for as many bytes again, `denied`
    /// where the folder cannot be written to, `io` where par2 fails otherwise.
    public func run() throws(BackupError) -> Bool {
        try takeBack()
        guard try !BundleCheck.isSound(name, in: folder) else { return try finish() }
        let leftovers = try leftovers()
        guard let part = try usablePart(leftovers) else { return false }
        try reserveRoom()
        let status = program(["repair", "-q", "-q", part] + leftovers)
        if status == Status.sound, try finish() { return true }
        try undo(since: Set(leftovers))
        if [Status.sound, Status.repairImpossible, Status.parityIncomplete, Status.repairedWrongly].contains(status) {
            return false
        }
        // Somebody else may have taken the room meanwhile.
        try reserveRoom()
        throw failure(status)
    }

    private func failure(_ status: Int32?) -> BackupError {
        BackupError(
            .io,
            "par2 could not do its work on \(name.text) (\(status.map { "exit status \($0)" } ?? "it was ended")), whose bytes "
                + "are as they were: `par2 repair \(BundleParity.index(of: name))` in its folder shows why")
    }

    /// Files with what the bundle was before, the latest last: par2 puts a number behind the name.
    private func leftovers() throws(BackupError) -> [String] {
        try BackupFolder.list(folder).others
            .compactMap { other -> (path: String, number: Int)? in
                guard other.hasPrefix(name.text + "."), let number = Int(other.dropFirst(name.text.count + 1)) else {
                    return nil
                }
                return (other, number)
            }
            .sorted { $0.number < $1.number }.map(\.path)
    }

    /// Gives a bundle its name back that a run of par2 left without one.
    private func takeBack() throws(BackupError) {
        let size = try BackupError.ofStorage { () throws(StorageError) in try folder.size(of: name.text) }
        guard size == nil, let last = try leftovers().last else { return }
        try putBack(last)
    }

    private func putBack(_ path: String) throws(BackupError) {
        try BackupError.ofStorage { () throws(StorageError) in
            try folder.rename(path, to: name.text)
            try folder.synchronizeFolder("")
        }
    }

    /// Puts the bytes back in place that par2 put aside in vain.
    private func undo(since leftovers: Set<String>) throws(BackupError) {
        for path in try self.leftovers() where !leftovers.contains(path) { try putBack(path) }
    }

    /// A part of the parity with which par2 says that it can repair; nil where none is enough. Nothing is written.
    private func usablePart(_ leftovers: [String]) throws(BackupError) -> String? {
        var failed: BackupError?
        let others = try BackupFolder.list(folder).others
        // Where the index is damaged or gone, any other part of the parity tells the same.
        for part in BundleParity.names(of: name, among: others) {
            switch program(["verify", "-q", "-q", part] + leftovers) {
            case Status.sound, Status.repairPossible: return part
            case Status.repairImpossible, Status.parityIncomplete: continue
            case let status: failed = failure(status)
            }
        }
        // Of parity that is damaged par2 says now this, now that.
        if let failed, try BundleParity(of: name, in: folder, names: others)?.finding == nil { throw failed }
        return nil
    }

    /// Proves that the folder takes as many bytes again: par2 puts the damaged bytes aside first, and says little on failure.
    private func reserveRoom() throws(BackupError) {
        let others = try BackupFolder.list(folder).others
        let bytes = try BundleParity(of: name, in: folder, names: others)?.subjectBytes ?? 0
        do throws(StorageError) {
            if try folder.size(of: Self.room) != nil { try folder.remove(Self.room) }
            defer { try? folder.remove(Self.room) }
            try folder.create(Self.room, [])
            for offset in stride(from: 0, to: bytes, by: Self.pieceBytes) {
                let piece = [UInt8](repeating: 0, count: min(Self.pieceBytes, bytes - offset))
                try folder.append(Self.room, at: offset, piece)
            }
        } catch {
            let advice: String
            switch error.code {
            case .noSpace:
                advice = "that takes \(bytes) bytes of room, which are not there (\(error)): free some, or copy"
            case .denied: advice = "its folder cannot be written to (\(error)): make it writable, or copy"
            default: throw BackupError(error)
            }
            throw BackupError(
                error.code == .noSpace ? .noSpace : .denied,
                "\(name.text) can be repaired, but \(advice) it and its .par2 files to another disk and repair it there; its "
                    + "bytes are as they were")
        }
    }

    private func finish() throws(BackupError) -> Bool {
        try BundleCheck.finishRepair(of: name, replaced: try leftovers(), in: folder)
    }
}
