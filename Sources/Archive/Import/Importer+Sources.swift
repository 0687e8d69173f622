import CanonicalJSON
import ObjectStore

/// Files, folders, archives and streams.
extension Importer {
    /// Folders within folders that are walked, at most: a link to a folder above would never end.
    private static let folderDepth = 32

    private enum Kind { case file, folder }

    func take(_ source: ImportSource) throws(ArchiveError) {
        switch source.place {
        case .stream(let read):
            var reader = ChunkReader(read)
            try takeText(&reader, name: source.name, isInFolder: false)
        case .storage(let storage, let path):
            switch kind(storage, path, name: source.name) {
            case nil: return
            case .folder:
                if isArchive(storage, path) {
                    try merge(storage, name: source.name)
                } else {
                    try walk(storage, path, name: source.name)
                }
            case .file:
                guard options.format != .archive else {
                    return reject(
                        ImportFailure(.unknownFormat, "an archive is a folder, and this is a file"),
                        from: source.name)
                }
                var reader = ChunkReader(storage, path)
                try takeText(&reader, name: source.name, isInFolder: false)
            }
        }
    }

    func reject(_ error: StorageError, name: String) {
        let reason = error.code == .missing ? "there is no such file or folder" : "it cannot be read: \(error.cause)"
        reject(ImportFailure(.unreadable, reason), from: name)
    }

    /// What lies at a path; where nothing does that can be read, that is rejected.
    private func kind(_ storage: any Storage, _ path: String, name: String) -> Kind? {
        var noFile: StorageError?
        do throws(StorageError) {
            if try storage.size(of: path) != nil { return .file }
        } catch {
            noFile = error
        }
        do throws(StorageError) {
            _ = try storage.list(path)
            return .folder
        } catch {
            // What is neither file nor folder, such as a pipe, is best described by the first error.
            reject(error.code == .wrongKind ? noFile ?? error : error, name: name)
            return nil
        }
    }

    // MARK: Folders

    private func isArchive(_ storage: any Storage, _ path: String) -> Bool {
        guard path.isEmpty, options.format == nil else { return options.format == .archive }
        return (try? storage.size(of: ArchiveLayout.journal)) != nil && (try? Archive.exists(in: storage)) == true
    }

    private func merge(_ storage: any Storage, name: String) throws(ArchiveError) {
        let other: Archive
        do throws(ArchiveError) {
            other = try Archive.open(storage)
        } catch {
            let code: ImportRejection.Code = error.code == .corrupt || error.code == .missing ? .damaged : .unreadable
            return reject(ImportFailure(code, error.message), from: name)
        }
        // No archive is made for nothing.
        guard try hasSomething(other) else { return }
        // Tags are compared with those that stand in the archive.
        try commit()
        try ArchiveMerge(of: other, into: archive(), options, isKnown: isKnown).forEach { item throws(ArchiveError) in
            switch item {
            case .record(let record, let document): try add(record, document: document, from: name)
            case .already(let isMark): countAlready(isMark: isMark)
            case .note(let text): note(text, of: name)
            case .failure(let failure, let count): reject(failure, from: name, count: count)
            }
        }
    }

    /// Whether another archive has anything that is asked for, or damage in which it may lie.
    private func hasSomething(_ other: Archive) throws(ArchiveError) -> Bool {
        guard other.damage.isEmpty else { return true }
        guard let player = options.mergesOnly else { return other.recordCount > 0 }
        if try !other.history.logs(of: player).isEmpty { return true }
        return other.history.declarations.contains { record in
            guard case .rename(let link) = record else { return false }
            return link.from == player || link.to == player
        }
    }

    /// Takes the files of a folder and of the folders in it, by name. Hidden ones and those that are no snapshots are
    /// passed over, and counted in a note.
    private func walk(_ storage: any Storage, _ path: String, name: String) throws(ArchiveError) {
        var skipped: [String] = []
        try walk(storage, path, name: name, depth: 0, skipped: &skipped)
        guard let first = skipped.first else { return }
        let files = skipped.count.counted("file")
        note("passed over \(files) without a snapshot, such as \(first)", of: name)
    }

    private func walk(
        _ storage: any Storage, _ path: String, name: String, depth: Int, skipped: inout [String]
    ) throws(ArchiveError) {
        let children: [String]
        do { children = try storage.list(path).sorted() } catch { return reject(error, name: name) }
        for child in children where !child.hasPrefix(".") {
            let childPath = path.isEmpty ? child : "\(path)/\(child)"
            let childName = name.hasSuffix("/") ? name + child : "\(name)/\(child)"
            switch kind(storage, childPath, name: childName) {
            case nil: continue
            case .folder where (try? storage.entry(at: childPath)) == .other:
                // It could lead back to where the walk came from.
                skipped.append(childName)
            case .folder:
                guard depth < Self.folderDepth else {
                    reject(
                        ImportFailure(.unreadable, "it lies more than \(Self.folderDepth) folders deep"),
                        from: childName)
                    continue
                }
                try walk(storage, childPath, name: childName, depth: depth + 1, skipped: &skipped)
            case .file:
                var reader = ChunkReader(storage, childPath)
                if try !takeText(&reader, name: childName, isInFolder: true) { skipped.append(childName) }
            }
        }
    }
}
