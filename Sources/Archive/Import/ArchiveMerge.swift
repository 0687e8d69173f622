import CivilTime
import Hiscores
import ObjectStore

/// Reads another archive in the order of its sequence: what one archive hands to another when they are merged.
struct ArchiveMerge {
    /// Something that the other archive has.
    enum Item {
        /// A record, and its document where it names one that is new here.
        case record(Record, document: [UInt8]?)
        /// Something that is here already.
        case already
        case note(String)
        /// Damage; it stands for so many records.
        case failure(ImportFailure, count: Int)
    }

    private let other: Archive
    private let archive: Archive

    /// What `other` has, for `archive`.
    init(of other: Archive, into archive: Archive) { (self.other, self.archive) = (other, archive) }

    /// Hands over everything: observations in their order, then the tags that stand by name, then rename links. Ids of
    /// documents are checked as they are read. A tag that stands here for something else stays as it is. Tombstones
    /// stay where they are: they say what its owner removed there.
    func forEach<Failure: Error>(_ body: (Item) throws(Failure) -> Void) throws(Failure) {
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
        let entries = other.history.allLogs.flatMap(\.entries).sorted { $0.sequenceNumber < $1.sequenceNumber }
        var lost: Set<ObjectID> = []
        for entry in entries {
            let item = item(entry.observation)
            if case .failure = item, let id = entry.observation.documentID { lost.insert(id) }
            try body(item)
        }
        for tag in other.history.tags.values.sorted(by: { $0.name < $1.name }) { try body(item(tag, lost: lost)) }
        for case .rename(let link) in other.history.declarations {
            let record = Record.rename(link)
            try body(archive.history.declarations.contains(record) ? .already : .record(record, document: nil))
        }
    }

    private func item(_ observation: Observation) -> Item {
        guard !archive.history.contains(observation) else { return .already }
        guard let id = observation.documentID else { return .record(.observation(observation), document: nil) }
        do {
            return .record(.observation(observation), document: try other.document(id))
        } catch {
            let failure = ImportFailure(
                .damaged,
                "the capture of \(observation.player) on \(observation.board.rawValue) at \(observation.capturedAt) "
                    + "cannot be read: \(error)")
            return .failure(failure, count: 1)
        }
    }

    private func item(_ tag: Tag, lost: Set<ObjectID>) -> Item {
        guard let own = archive.history.tags[tag.name] else {
            // A tag must not stand for a document that did not come over.
            guard let id = tag.target?.snapshot,
                archive.history.names(id) || other.history.names(id) && !lost.contains(id)
            else {
                return .failure(
                    ImportFailure(.damaged, "the tag \(tag.name) stands for a capture that cannot be read"), count: 1)
            }
            return .record(.tag(tag), document: nil)
        }
        guard own.target != tag.target else { return .already }
        return .note("the tag \(tag.name) stands for something else here and stays so")
    }
}
