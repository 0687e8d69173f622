import Archive

/// The observations that `log` lists, one at a time, the newest first.
struct LogListing {
    /// Those that are known without a look into the logs.
    private var newest: ArraySlice<(entry: LogEntry, outcome: Outcome)> = []
    private var rows: MergedRows?
    /// Whether there is something, and nothing but failed attempts.
    let hasOnlyFailures: Bool

    init(_ newest: [(entry: LogEntry, outcome: Outcome)]) { (self.newest, hasOnlyFailures) = (newest[...], false) }

    /// Those of logs. Each log goes when all of it is listed.
    init(_ logs: [RefLog], _ selection: ListingSelection) {
        hasOnlyFailures = logs.contains { $0.count > 0 } && logs.allSatisfy { $0.successCount == 0 }
        rows = MergedRows(of: logs, failures: selection.failures, since: selection.since, until: selection.until)
    }

    /// The next one, what it brought, and its log where that was looked into; nil at the end.
    mutating func next() throws -> (entry: LogEntry, outcome: Outcome, log: RefLog?)? {
        if let (entry, outcome) = newest.popFirst() { return (entry, outcome, nil) }
        guard let (log, row) = try rows?.next() else { return nil }
        return (try log.entry(of: row), try log.outcome(of: row), log)
    }
}
