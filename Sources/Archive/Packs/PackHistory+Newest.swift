import ObjectStore

/// The newest observations of a pack: as it lists them, or read from its blocks.
extension PackHistory {
    func newestFirst() -> (any NewestObservations)? {
        if pack.footer.hasNewest || pack.footer.observations == 0 { return ListedNewest(self) }
        // A pack too small for a list is read sooner than all logs are asked. Where it is damaged, they tell.
        guard PackNewest.isReadWhole(pack.footer),
            let all = try? Self.newest(pack.footer.observations, inBlocksOf: pack)
        else { return nil }
        return ListedNewest(self, all)
    }

    /// A block is decoded for each log, to see where it ends, and again for an observation where it has been let go since.
    private static let cacheBytes = 8 << 20

    /// The newest observations out of the blocks, so many at most. Decodes those that hold them.
    static func newest(_ count: Int, inBlocksOf pack: Pack) throws(PackError) -> [PackNewest] {
        let damage = MetDamage()
        let history = PackHistory.open(pack, PackCache(limit: cacheBytes), damage, path: "the pack")
        var found: [PackNewest] = []
        do throws(ArchiveError) {
            var rows = MergedRows(of: try History(sealed: [history]).allLogs(), failures: true)
            while found.count < count, let (log, row) = try rows.next() {
                let entry = try log.entry(of: row)
                var previous: PackNewest.Previous?
                if row.result == .ok, let earlier = try log.success(before: row) {
                    previous = PackNewest.Previous(
                        point: earlier.row.point, isSame: earlier.observation.snapshot == entry.observation.snapshot)
                }
                guard let record = try history.record(of: entry) else { break }
                found.append(PackNewest(record, entry, previous))
            }
        } catch {
            guard [.corrupt, .missing].contains(error.code) else {
                throw .storage(StorageError(.io, operation: "read back", path: "a pack", cause: error.message))
            }
            throw .corrupt(error.message, offset: 0)
        }
        // Rows of damaged blocks are passed over, and others would seem to be the newest.
        guard damage.all.isEmpty, found.count == min(count, pack.footer.observations) else {
            throw .corrupt("its newest observations cannot be read", offset: 0)
        }
        return found
    }
}
