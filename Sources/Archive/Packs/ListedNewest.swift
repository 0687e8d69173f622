import CivilTime

/// The newest observations that a pack lists. Pages are read as they are asked for.
final class ListedNewest: NewestObservations {
    private let history: PackHistory
    private var listed: [PackNewest]
    private var nextPage = 0
    private var isDamaged = false

    /// What the pack lists, or those that were read from its blocks.
    init(_ history: PackHistory, _ listed: [PackNewest] = []) { (self.history, self.listed) = (history, listed) }

    var isWhole: Bool {
        let observations = history.pack.footer.observations
        return !isDamaged && (history.pack.footer.newest.items == observations || listed.count == observations)
    }

    func entry(at index: Int) -> LogEntry? {
        while index >= listed.count, !isDamaged, nextPage < history.pack.footer.newest.pages.count {
            if let page = history.newest(onPage: nextPage) { listed += page } else { isDamaged = true }
            nextPage += 1
        }
        return index < listed.count ? listed[index].entry : nil
    }

    func success(before entry: LogEntry) -> EarlierSuccess {
        if let own = listed.first(where: { $0.entry.sequenceNumber == entry.sequenceNumber }) {
            return own.previous.map { .at($0.point, isSame: $0.isSame) } ?? .none
        }
        let found = listed.first { other in
            let observation = other.entry.observation
            return observation.result == .ok && observation.player == entry.observation.player
                && observation.board == entry.observation.board && other.entry.row.point < entry.row.point
        }
        if let found {
            return .at(
                found.entry.row.point, isSame: found.entry.observation.snapshot == entry.observation.snapshot)
        }
        if listed.count == history.pack.footer.observations { return .none }
        return .unknown(upTo: listed.last?.entry.observation.capturedAt ?? .latest)
    }
}
