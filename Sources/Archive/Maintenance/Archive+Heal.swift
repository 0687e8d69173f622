import ObjectStore

/// Finding sound copies of what is damaged. The writers' lock is held.
extension Archive {
    /// Puts packs that are damaged or missing back from sound copies among the folders of the archive, as they lie there
    /// when files were renamed or swapped; returns the packs that were. What lay in their places is copied to the damaged
    /// files first.
    func healPacks(_ names: [ObjectID]) throws(ArchiveError) -> [ObjectID] {
        do {
            var copies: [ObjectID: String] = [:]
            for folder in [ArchiveLayout.packs, ArchiveLayout.torn, ArchiveLayout.damaged]
            where try storage.entry(at: folder) != nil {
                for name in try storage.list(folder).sorted() where name.contains(".pack") {
                    let path = "\(folder)/\(name)"
                    guard case .file = try storage.entry(at: path) else { continue }
                    let id = try storage.open(path).digest()
                    copies[id] = copies[id] ?? path
                }
            }
            let healable = names.filter { copies[$0] != nil }
            for name in healable {
                guard let copy = copies[name] else { continue }
                let path = ArchiveLayout.pack(name)
                if try storage.entry(at: path) != nil {
                    let moved = try copyAside(path, in: ArchiveLayout.damaged)
                    for (id, other) in copies where other == path { copies[id] = moved }
                }
                try self.copy(copy, to: path)
            }
            return healable
        } catch {
            throw stop(error)
        }
    }

    /// A loose document of the journal's tail, from a pack where the loose one is damaged or missing; nil where there
    /// is no sound copy. A damaged file is set aside.
    func healedDocument(_ id: ObjectID, _ repair: inout Repair) throws(ArchiveError) -> [UInt8]? {
        do { return try objects.read(id) } catch {
            guard [.corrupt, .missing].contains(error.code) else { throw ArchiveError(error) }
        }
        let path: String
        do { path = try objects.path(of: id) } catch { throw ArchiveError(error) }
        do {
            if try storage.entry(at: path) != nil {
                try setAside(
                    path, in: ArchiveLayout.damaged,
                    as: path.split(separator: "/").dropFirst().joined())
                repair.setAside.append(storage.describe(path))
            }
            for history in packs.histories {
                guard let document = try? history.document(id) else { continue }
                try objects.write([(id, document)])
                repair.healed.append(storage.describe(path))
                return document
            }
            return nil
        } catch {
            throw stop(error)
        }
    }
}
