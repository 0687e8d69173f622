import CivilTime
import Hiscores
import ObjectStore
import Testing

@testable import Archive

/// `forget`: what is selected is gone to the last byte, all else is as before, and a tombstone says so.
@Suite struct ForgetTests {
    private let now = SampleData.moment(100_000)

    /// Four players in three packs and a tail; three share documents, of which another is the first to name some.
    static func sample(seals: Int = 2) throws -> MemoryStorage {
        let sample = try SealedSample(
            players: ["Zezima", "Iron Mole", "Lynx Titan", "Woox"], captures: 4, seals: seals)
        let archive = try Archive.open(sample.storage)
        func share(_ minute: Int, _ players: [String]) throws {
            var batch = Batch()
            for (place, player) in players.enumerated() {
                for xp in 1...2 {
                    let document = SealedSample.document("nobody", xp: xp)
                    batch.add(
                        try SampleData.observation(document, at: minute + 10 * place + xp, player: player),
                        document: document)
                }
            }
            try archive.commit(batch, lockTimeout: SampleData.atOnce)
        }
        try share(5000, ["Iron Mole", "Zezima", "Iron Mole"])
        try SealedSample.sealOnly(archive)
        try share(6000, ["Zezima", "Woox", "Iron Mole"])
        try SealedSample.sealOnly(archive)
        _ = try archive.removeSealedObjects()
        let document = SealedSample.document("Iron Mole", xp: 12_345)
        var batch = Batch()
        batch.add(
            try SampleData.observation(document, at: 7000, player: "Iron Mole", board: .ironman), document: document)
        batch.add(SampleData.failure(.notFound, at: 7001, player: "Iron Mole", board: .ultimate), document: nil)
        batch.add(
            .rename(
                RenameLink(
                    from: SampleData.player("Iron Mole"), to: SampleData.player("Mole"), effectiveAt: SampleData.start,
                    recordedAt: SampleData.start, isUndone: false)))
        try archive.commit(batch, lockTimeout: SampleData.atOnce)
        return sample.storage
    }

    /// Whether any file names the player, in whatever form it is stored.
    static func names(_ text: String, in storage: MemoryStorage) throws -> [String] {
        let wanted = [text, text.lowercased(), text.lowercased().replacing(" ", with: "_")].map { Array($0.utf8) }
        func holds(_ bytes: [UInt8]) -> Bool {
            wanted.contains { word in
                bytes.indices.contains { bytes[$0...].starts(with: word) }
            }
        }
        let inflater = try Inflater(.raw)
        var found: [String] = []
        for (path, bytes) in storage.files {
            var parts = [bytes]
            if path.hasPrefix("packs/") {
                let pack = try Pack(try #require(ObjectID(packPath: path)), try storage.open(path))
                let footer = pack.footer
                for section in [
                    footer.directory, footer.documentTemplates, footer.recordTemplates, footer.strings,
                    footer.otherRecords, footer.gaps, footer.index,
                ] {
                    for page in section.pages.indices { parts.append(try pack.page(page, of: section)) }
                }
                let start = bytes.count - PackFormat.trailerBytes - pack.trailer.footerStored
                parts.append(
                    try inflater.inflate(
                        bytes[start..<start + pack.trailer.footerStored], size: pack.trailer.footerInflated))
                for entry in try pack.allBlocks() {
                    var rows = PackedRows(try pack.block(entry), of: pack)
                    for row in 0..<entry.rows {
                        parts.append(try rows.row(row).record)
                        if rows.block.documentRows[row] != nil { parts.append(try rows.document(row)) }
                    }
                }
            } else if path.hasPrefix("objects/") {
                let hex = path.split(separator: "/").dropFirst().joined()
                parts.append(try LooseObjects(storage: storage).read(try #require(ObjectID(hex: hex))))
            }
            if parts.contains(where: holds) { found.append(path) }
        }
        return found.sorted()
    }

    /// Forgets in a copy, and checks that exactly what `goes` selects is gone.
    @discardableResult
    private func forget(
        _ selection: ForgetSelection, in storage: MemoryStorage, goes: (Observation) -> Bool
    ) throws -> Forgetting {
        let before = try ArchiveState(storage)
        let head = try #require(try Archive.open(storage).head)
        let archive = try Archive.open(storage)
        let preview = try archive.forgetting(selection)
        let done = try archive.forget(selection, reason: "asked to", at: now, lockTimeout: SampleData.atOnce)
        #expect(done.observations == preview.observations && done.tags == preview.tags)
        let after = try ArchiveState(storage)
        #expect(after.entries == before.entries.filter { !goes($0.observation) })
        #expect(done.observations == before.entries.count { goes($0.observation) })
        #expect(
            after.documents
                == before.documents.filter { entry in after.entries.contains { $0.observation.identity == entry.key } })
        #expect(after.tombstones == before.tombstones + 1)
        #expect(after.tags == before.tags.filter { !done.tags.contains($0.key) })
        // The old head is still one of the sequence: the chain is proved over what is gone.
        let report = try Verification.run(on: storage, expecting: head)
        #expect(report.findings == [])
        #expect(storage.files.keys.allSatisfy { !$0.hasPrefix("objects/") && !$0.hasPrefix("torn/") })
        // It goes on living.
        try archive.commit(
            try SampleData.batch(xp: 800..<803, from: 9000, player: "Woox"), lockTimeout: SampleData.atOnce)
        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        #expect(try Verification.run(on: storage, expecting: head).findings == [])
        _ = try ArchiveState(storage)
        return done
    }

    @Test(arguments: ["Zezima", "Iron Mole", "Lynx Titan", "Woox"]) func aPlayerIsGoneToTheLastByte(name: String) throws
    {
        let storage = try Self.sample()
        try storage.createFolder("torn")
        try storage.create("torn/rest", Array("\(name) was here".utf8))
        let player = SampleData.player(name)
        #expect(try Self.names(name, in: storage).count >= 3)
        let done = try forget(ForgetSelection(player: player), in: storage) { $0.player == player }
        #expect(done.tags == ["tag-\(["Zezima", "Iron Mole", "Lynx Titan", "Woox"].firstIndex(of: name) ?? 9)"])
        #expect(done.otherRecords == (name == "Iron Mole" ? 2 : 1))
        let archive = try Archive.open(storage)
        #expect(try archive.history.logs(of: player).isEmpty == (name != "Woox"))
        guard name != "Woox" else { return }
        // The tombstone alone names it.
        let holders = try Self.names(name, in: storage)
        #expect(holders.count == 1)
        let others = try archive.packs.histories.flatMap { try $0.pack.otherRecords() }
            .filter { String(decoding: $0.record, as: UTF8.self).contains(player.key) }
        #expect(others.count == 1)
        #expect(holders.first.map { $0.hasPrefix("packs/") } == true)
    }

    @Test func aBoardOrAMomentAloneCanBeForgotten() throws {
        let storage = try Self.sample()
        let mole = SampleData.player("Iron Mole")
        try forget(ForgetSelection(player: mole, board: .ironman), in: storage) {
            $0.player == mole && $0.board == .ironman
        }
        try forget(ForgetSelection(player: mole, capturedAt: SampleData.moment(11)), in: storage) {
            $0.player == mole && $0.capturedAt == SampleData.moment(11)
        }
        // The first to name what Woox names later.
        let shared = SampleData.moment(5001)
        try forget(ForgetSelection(player: mole, board: .main, capturedAt: shared), in: storage) {
            $0.player == mole && $0.capturedAt == shared
        }
        try forget(ForgetSelection(player: mole), in: storage) { $0.player == mole }
        let error = #expect(throws: ArchiveError.self) {
            try forget(ForgetSelection(player: mole), in: storage) { _ in false }
        }
        #expect(error?.code == .playerNotFound)
        let nothing = #expect(throws: ArchiveError.self) {
            try forget(
                ForgetSelection(player: SampleData.player("Zezima"), board: .deadman), in: storage
            ) { _ in false }
        }
        #expect(nothing?.code == .refNotFound)
    }

    @Test func aPlayerOfWhomOnlyALossIsLeftIsToldOfAndCanBeForgotten() throws {
        let sample = try SealedSample()
        let mole = SampleData.player("Iron Mole")
        let path = try #require(try sample.packs.first)
        let pack = try Pack(try #require(ObjectID(packPath: path)), try sample.storage.open(path))
        let block = try #require(try pack.blocks(of: SeriesKey(player: mole, board: .main)).first)
        var bytes = try #require(sample.storage.files[path])
        bytes[block.offset + 5] ^= 4
        let storage = sample.storage.changing([path: bytes])
        let archive = try Archive.open(storage)
        #expect(try archive.repair(at: now, lockTimeout: SampleData.atOnce).losses.map(\.player) == [mole])
        let error = #expect(throws: ArchiveError.self) {
            try archive.account(named: "Iron Mole", followingRenames: true)
        }
        #expect(error?.code == .playerNotFound)
        #expect(
            error?.message.contains("declared lost at \(now): 7 records of iron_mole") == true,
            "\(error?.message ?? "")")
        #expect(try archive.forgetting(ForgetSelection(player: mole)).isDeclaredLost)
        #expect(throws: ArchiveError.self) { try archive.forgetting(ForgetSelection(player: mole, board: .deadman)) }
        let done = try archive.forget(
            ForgetSelection(player: mole), reason: "", at: now, lockTimeout: SampleData.atOnce)
        #expect(done.observations == 0 && done.otherRecords == 2 && done.tags == ["tag-1"])
        #expect(try Verification.run(on: storage).findings == [])
        let state = try ArchiveState(storage)
        #expect(state.losses.map(\.player) == [nil] && state.losses.map(\.count) == [7])
        let gone = #expect(throws: ArchiveError.self) { try archive.forgetting(ForgetSelection(player: mole)) }
        #expect(gone?.code == .playerNotFound)
    }

    @Test func whatWasLostOfAForgottenPlayerNamesItNoMore() throws {
        let storage = try Self.sample()
        let archive = try Archive.open(storage)
        let pack = try #require(archive.packs.histories.first).pack
        let block = try #require(
            try pack.blocks(of: SeriesKey(player: SampleData.player("Iron Mole"), board: .main)).first)
        let path = ArchiveLayout.pack(pack.name)
        var bytes = try #require(storage.files[path])
        bytes[block.offset + 5] ^= 4
        let damaged = storage.changing([path: bytes])
        #expect(throws: ArchiveError.self) {
            let archive = try Archive.open(damaged)
            _ = try archive.forget(
                ForgetSelection(player: SampleData.player("Iron Mole")), reason: "", at: now,
                lockTimeout: SampleData.atOnce)
        }
        let repaired = try Archive.open(damaged)
        #expect(
            try repaired.repair(at: now, lockTimeout: SampleData.atOnce).losses.map(\.player) == [
                SampleData.player("Iron Mole")
            ])
        let done = try repaired.forget(
            ForgetSelection(player: SampleData.player("Iron Mole")), reason: "", at: now, lockTimeout: SampleData.atOnce
        )
        #expect(done.damagedFiles == 1)
        #expect(try Verification.run(on: damaged).findings == [])
        let state = try ArchiveState(damaged)
        #expect(state.losses.map(\.player) == [nil] && state.losses.map(\.count) == [5])
        #expect(try Self.names("Iron Mole", in: damaged.changing(["damaged/" + path.dropFirst(6): nil])) == ["journal"])
    }
}
