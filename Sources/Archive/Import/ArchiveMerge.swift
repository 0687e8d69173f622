import CivilTime
import Hiscores
import ObjectStore

/// Reads another archive in the order of its sequence: what one archive hands to another when they are merged.
struct ArchiveMerge {
    /// Something that the other archive has.
    enum Item {
        /// A record, and its document where it names one that is new here.
        case record(Record, document: [UInt8]?)
        /// Something that is here already, or was forgotten here and stays so; a tag or rename where it is no observation.
        case already(isMark: Bool)
        case note(String)
        /// Damage; it stands for so many records.
        case failure(ImportFailure, count: Int)
    }

    private let other: Archive
    private let archive: Archive
    private let player: PlayerName?
    private let forgotten: [Tombstone]
    private let isKnown: (Observation) throws(ArchiveError) -> Bool

    /// What `other` has, for `archive`, as far as the options want it. `isKnown` says whether an observation is there
    /// already.
    init(
        of other: Archive, into archive: Archive, _ options: ImportOptions,
        isKnown: @escaping (Observation) throws(ArchiveError) -> Bool
    ) {
        (self.other, self.archive, self.isKnown) = (other, archive, isKnown)
        player = options.mergesOnly
        forgotten = options.leavesForgotten ? archive.history.tombstones : []
    }

    /// Hands over everything: observations in their order, then the tags that stand by name, then rename links. Ids of
    /// documents are checked as they are read. A tag that stands here for something else stays as it is. Tombstones
    /// stay where they are: they say what its owner removed there. Throws what `body` throws, and where the history of
    /// either cannot be read.
    func forEach(_ body: (Item) throws(ArchiveError) -> Void) throws(ArchiveError) {
        let entries = other.history.entriesInSequenceOrder(ExportSelection(players: player.map { [$0] }))
        var lost: Set<ObjectID> = []
        while let entry = try entries.next() {
            let item = try item(entry, at: entries)
            if case .failure = item, let id = entry.observation.documentID { lost.insert(id) }
            try body(item)
        }
        // What was passed over is known now.
        for stretch in other.damage {
            let records = stretch.records
            try body(
                .failure(
                    ImportFailure(
                        .damaged,
                        "\(max(1, records.count).counted("record")) from number \(records.lowerBound) cannot be read: "
                            + "\(stretch.file) is damaged at byte \(stretch.offset)"),
                    count: max(1, records.count)))
        }
        for tag in other.history.tags.values.sorted(by: { $0.name < $1.name }) {
            if let player, tag.target?.sighting?.player != player { continue }
            try body(try item(tag, lost: lost))
        }
        for case .rename(let link) in other.history.declarations {
            if let player, link.from != player, link.to != player { continue }
            let record = Record.rename(link)
            try body(archive.history.contains(record) ? .already(isMark: true) : .record(record, document: nil))
        }
    }

    private func item(_ entry: LogEntry, at entries: SequenceEntries) throws(ArchiveError) -> Item {
        let observation = entry.observation
        guard !forgotten.contains(where: { $0.covers(observation) }), try !isKnown(observation) else {
            return .already(isMark: false)
        }
        do {
            let document = try entries.documentAtHand() ?? other.document(of: entry)
            return .record(.observation(observation), document: document)
        } catch {
            let failure = ImportFailure(
                .damaged,
                "the capture of \(observation.player) on \(observation.board.rawValue) at \(observation.capturedAt) "
                    + "cannot be read: \(error)")
            return .failure(failure, count: 1)
        }
    }

    private func item(_ tag: Tag, lost: Set<ObjectID>) throws(ArchiveError) -> Item {
        guard let own = archive.history.tag(tag.name) else {
            // A tag must not stand for a document that did not come over.
            if let id = tag.target?.snapshot {
                let isHere = try archive.history.names(id)
                let cameOver = try lost.contains(id) ? false : other.history.names(id)
                if isHere || cameOver { return .record(.tag(tag), document: nil) }
            }
            return .failure(
                ImportFailure(.damaged, "the tag \(tag.name) stands for a capture that cannot be read"), count: 1)
        }
        guard own.target != tag.target else { return .already(isMark: true) }
        return .note("the tag \(tag.name) stands for something else here and stays so")
    }
}

extension History {
    /// What was forgotten, in the order in which it was.
    var tombstones: [Tombstone] {
        declarations.compactMap { record in
            guard case .tombstone(let tombstone) = record else { return nil }
            return tombstone
        }
    }
}

extension Tombstone {
    /// Whether it stands for an observation, if that was there when it was set: what was captured later is not meant.
    func covers(_ observation: Observation) -> Bool {
        player == observation.player && board.map { $0 == observation.board } ?? true
            && capturedAt.map { $0 == observation.capturedAt } ?? (observation.capturedAt <= recordedAt)
    }
}
