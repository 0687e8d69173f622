import CivilTime
import Hiscores
import ObjectStore
import Testing

@testable import Archive

/// A sealed archive of several players in memory, whose documents name their players.
struct SealedSample {
    let storage: MemoryStorage
    /// The documents of all observations by their identities.
    private(set) var documents: [Observation.Identity: [UInt8]] = [:]

    /// So many captures of each player, some of them repeated, a failure and a tag for each, in packs of one seal each.
    init(players: [String] = ["Zezima", "Iron Mole", "Lynx Titan"], captures: Int = 6, seals: Int = 1) throws {
        storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        for seal in 0..<seals {
            for (place, player) in players.enumerated() {
                var batch = Batch()
                for capture in 0..<captures {
                    let minute = seal * 1000 + capture * 10 + place
                    let document = Self.document(player, xp: 100 * seal + capture - capture % 3)
                    let observation = try SampleData.observation(document, at: minute, player: player)
                    documents[observation.identity] = document
                    batch.add(observation, document: document)
                }
                batch.add(
                    SampleData.failure(.unavailable, at: seal * 1000 + 500 + place, player: player), document: nil)
                try archive.commit(batch, lockTimeout: SampleData.atOnce)
                guard seal == 0, let target = try archive.history.log(SampleData.player(player), .main)?.head else {
                    continue
                }
                var tag = Batch()
                tag.add(
                    .tag(
                        Tag(
                            name: "tag-\(place)", recordedAt: SampleData.start,
                            target: Moment(
                                snapshot: try #require(target.observation.snapshot),
                                sighting: .init(
                                    board: .main, player: target.observation.player,
                                    capturedAt: target.observation.capturedAt)))))
                try archive.commit(tag, lockTimeout: SampleData.atOnce)
            }
            try Self.sealOnly(archive)
        }
        _ = try archive.removeSealedObjects()
    }

    /// Seals the journal as `gc` does, without merging.
    static func sealOnly(_ archive: Archive) throws {
        try archive.preparePackFolders()
        try archive.seal()
    }

    static func document(_ player: String, xp: Int) -> [UInt8] {
        let text =
            #"{"activities":[],"name":"\#(player)","skills":[{"id":0,"level":99,"name":"Overall","rank":1000,"xp":\#(xp)}]}"#
        return Array(text.utf8)
    }

    /// The same folder with some files changed; nil takes one away.
    func storage(changing files: [String: [UInt8]?]) -> MemoryStorage {
        var changed = storage.files
        for (path, bytes) in files { changed[path] = bytes }
        return MemoryStorage(files: changed, folders: storage.folders)
    }

    /// The packs' paths in the order of the sequence.
    var packs: [String] {
        get throws { try Archive.open(storage).packs.members.map { ArchiveLayout.pack($0.name) } }
    }
}
