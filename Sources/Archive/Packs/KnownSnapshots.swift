import ObjectStore

/// A snapshot of which it is asked whether packs name it.
struct SnapshotQuery {
    /// The first 64 bits of its id.
    var prefix: UInt64
    /// The texts of templates among which its own is; none where it fits no template.
    var templates: [[UInt8]]
    /// Of which logs each that names it is to be found.
    var asking = Asking.everyLog

    /// Of which logs it matters that they name a snapshot.
    enum Asking {
        case everyLog
        /// Of these; of all others it matters whether any does.
        case logs(SeriesKey, others: [SeriesKey])

        func contains(_ series: SeriesKey) -> Bool {
            switch self {
            case .everyLog: true
            case .logs(let first, let others): series == first || others.contains(series)
            }
        }
    }
}

extension PackHistory {
    /// Adds to `found` the logs of this pack that name one of the snapshots asked for, by prefix. The queries are sorted
    /// by prefix. Of logs that a query does not ask of there is at least one in the end, where there are some.
    ///
    /// The index is gone through once; a block that it names is decoded only where the snapshot's template is among the
    /// block's, which another player's hardly ever is. What is damaged counts as not naming it. Few blocks are asked for twice,
    /// so that the archive's cache keeps what others put there.
    func findLogs(
        naming queries: [SnapshotQuery], _ found: inout [UInt64: Set<SeriesKey>]
    ) throws(PackError) {
        defer { pack.releasePages() }
        let cache = PackCache(limit: Self.cacheBytes)
        let format = pack.footer.fingerprints
        var next = 0
        for page in pack.footer.index.pages.indices {
            guard next < queries.count else { return }
            guard format.page(of: format.fingerprint(queries[next].prefix)) == page else { continue }
            for entry in try Self.legible([], { () throws(PackError) in try pack.indexPage(page) }) {
                while next < queries.count, format.fingerprint(queries[next].prefix) < entry.fingerprint { next += 1 }
                var same = next
                while same < queries.count, format.fingerprint(queries[same].prefix) == entry.fingerprint {
                    let query = queries[same]
                    let series: SeriesKey? = try Self.legible(nil) { () throws(PackError) -> SeriesKey? in
                        let block = try pack.block(number: entry.block)
                        if let logs = found[query.prefix] {
                            guard query.asking.contains(block.series), !logs.contains(block.series) else { return nil }
                        }
                        return try names(query, in: block, cache) ? block.series : nil
                    }
                    if let series { found[query.prefix, default: []].insert(series) }
                    same += 1
                }
            }
            while next < queries.count, format.page(of: format.fingerprint(queries[next].prefix)) == page { next += 1 }
        }
    }

    private static let cacheBytes = 8 << 20

    /// What is read, or `substitute` where it is damaged.
    private static func legible<Value>(
        _ substitute: Value, _ read: () throws(PackError) -> Value
    ) throws(PackError) -> Value {
        do { return try read() } catch {
            guard case .corrupt = error else { throw error }
            return substitute
        }
    }

    private func names(
        _ query: SnapshotQuery, in entry: PackBlockEntry, _ cache: PackCache
    ) throws(PackError) -> Bool {
        if !query.templates.isEmpty {
            var isPossible = false
            for number in try pack.storedBlock(entry).documentTemplates where !isPossible {
                isPossible = query.templates.contains(Array(try pack.documentTemplate(number)))
            }
            guard isPossible else { return false }
        }
        let cached = try cache.rows(of: entry, in: pack)
        // The newest is what a capture that brought nothing new repeats.
        let rows = (0..<entry.rows).filter(cached.rows.block.isSuccess)
        for row in [rows.last].compactMap(\.self) + rows.dropLast()
        where try cached.rows.ids(row).document.words.0 == query.prefix { return true }
        return false
    }
}
