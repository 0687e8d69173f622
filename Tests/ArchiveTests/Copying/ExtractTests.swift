import ObjectStore
import TestSupport
import Testing

@testable import Archive

/// What a copy lacks of a sequence, taken and put together again.
@Suite struct ExtractTests {
    private func mark(_ archive: Archive) throws -> SequenceMark {
        SequenceMark(recordCount: archive.recordCount, head: try #require(archive.head))
    }

    private func restored(_ extracts: [SequenceExtract], in storage: any Storage = MemoryStorage()) throws -> Archive {
        let first = try #require(extracts.first)
        let restoration = try ArchiveRestoration(
            in: storage, id: first.archive, createdAt: first.createdAt, features: extracts[extracts.count - 1].features,
            lockTimeout: SampleData.atOnce)
        for pack in extracts.flatMap(\.packs) { try restoration.add(pack.file, name: pack.name) }
        return try restoration.finish()
    }

    /// An archive of some players whose captures come by turns, with a tag, in the journal or in a pack.
    private func grow(_ archive: Archive, _ round: Int, sealing: Bool) throws {
        for player in ["Alice", "Bob"] {
            var batch = try SampleData.batch(xp: round * 10..<round * 10 + 4, from: round * 100, player: player)
            batch.add(SampleData.failure(.unavailable, at: round * 100 + 50, player: player), document: nil)
            try archive.commit(batch, lockTimeout: SampleData.atOnce)
        }
        var tag = Batch()
        tag.add(.tag(Tag(name: "round\(round)", recordedAt: SampleData.moment(round), target: nil)))
        tag.add(
            .tag(
                Tag(
                    name: "round\(round)", recordedAt: SampleData.moment(round),
                    target: Moment(snapshot: SHA256.digest(SampleData.document(xp: round * 10)), sighting: nil))))
        try archive.commit(tag, lockTimeout: SampleData.atOnce)
        if sealing { _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce) }
    }

    private func expectSame(_ copy: Archive, _ archive: Archive, _ comment: Comment) throws {
        #expect(copy.configuration.archive == archive.configuration.archive, comment)
        #expect(copy.head == archive.head && copy.recordCount == archive.recordCount, comment)
        let (all, own) = (try copy.entries(), try archive.entries())
        #expect(all.map(\.record) == own.map(\.record), comment)
        #expect(all.map(\.sequenceNumber) == own.map(\.sequenceNumber), comment)
        #expect(copy.history.snapshotCount == archive.history.snapshotCount, comment)
        #expect(copy.history.tags == archive.history.tags, comment)
        for entry in all { #expect(try copy.document(of: entry) == archive.document(of: entry), comment) }
        #expect(try Verification.run(on: copy.storage).isSound, comment)
    }

    @Test(arguments: [[true, true, true], [false, false, false], [true, false, true], [false, true, true]])
    func piecesFromAnyPointMakeTheWhole(sealing: [Bool]) throws {
        let archive = try SampleData.archive(in: MemoryStorage())
        var (extracts, last): ([SequenceExtract], SequenceMark?) = ([], nil)
        for (round, isSealed) in sealing.enumerated() {
            try grow(archive, round, sealing: isSealed)
            let extract = try #require(try archive.extract(after: last))
            last = try mark(archive)
            #expect(extract.after == last)
            extracts.append(extract)
        }
        // Everything is one pack now: each of these points lies within it.
        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        try expectSame(try restored(extracts), archive, "by increments")
        for extract in extracts {
            let rest = try #require(try archive.extract(after: extract.after))
            let before = extracts.prefix { $0.after.recordCount <= extract.after.recordCount }
            try expectSame(try restored(before + [rest]), archive, "cut at \(extract.after.recordCount)")
        }
        #expect(try archive.extract(after: try mark(archive))?.packs.isEmpty == true)
    }

    @Test func anyCutOfAPackGoesOn() throws {
        let archive = try SampleData.archive(in: MemoryStorage())
        try grow(archive, 0, sealing: false)
        try grow(archive, 1, sealing: false)
        var marks = [SequenceMark(recordCount: 0, head: .start(of: SampleData.archiveID, SHA256()))]
        for id in archive.chain {
            let last = marks[marks.count - 1]
            marks.append(
                SequenceMark(
                    recordCount: last.recordCount + 1, head: last.head.appending(record: id, SHA256())))
        }
        let journal = try marks.map { try #require(try archive.extract(after: $0)) }
        _ = try archive.collectGarbage(lockTimeout: SampleData.atOnce)
        for (mark, tail) in zip(marks, journal) {
            let slice = try #require(try archive.extract(after: mark))
            #expect(slice.packs.map(\.records) == tail.packs.map(\.records))
            #expect(slice.packs.map(\.snapshots) == tail.packs.map(\.snapshots), "at \(mark.recordCount)")
            for pack in slice.packs { #expect(PackProof.finding(in: pack.file, name: pack.name) == nil) }
        }
    }

    /// A part of a long pack is put together in another place, of which nothing is left, sealed where that is.
    @Test func aPartOfALongPackNeedsNoMemory() throws {
        let archive = try SampleData.archive(in: MemoryStorage())
        try grow(archive, 0, sealing: true)
        let start = try mark(archive)
        try grow(archive, 1, sealing: true)
        let parts = try #require(try archive.extract(after: start)).packs
        archive.extractMemoryLimit = 0
        let keys = try NewArchiveKeys.thrownAway(of: SampleData.archiveID)
        for isSealed in [false, true] {
            let place = MemoryStorage()
            // A run that was killed left something.
            try place.create("pack", [1])
            let scratch: any Storage = isSealed ? UnlockedStorage(place, keys.sealing) : place
            let same = try #require(try archive.extract(after: start, by: scratch)).packs
            #expect(same.map(\.name) == parts.map(\.name) && parts.count == 1)
            #expect(place.files.isEmpty)
            for pack in same { #expect(try pack.file.digest() == pack.name) }
        }
    }

    /// What cannot be written there is an error, and never a part of a copy.
    @Test func aFaultOfTheOtherPlaceIsTold() throws {
        let archive = try SampleData.archive(in: MemoryStorage())
        try grow(archive, 0, sealing: true)
        let start = try mark(archive)
        try grow(archive, 1, sealing: true)
        archive.extractMemoryLimit = 0
        let counted = FaultInjectingStorage(MemoryStorage())
        let whole = try #require(try archive.extract(after: start, by: counted)).packs.map(\.name)
        for operation in 0..<counted.operations {
            let faulty = FaultInjectingStorage(MemoryStorage(), fault: Fault(.diskFull, at: operation))
            do {
                #expect(try archive.extract(after: start, by: faulty)?.packs.map(\.name) == whole)
            } catch {
                #expect(error.code == .noSpace, "operation \(operation): \(error)")
            }
        }
    }

    @Test func anotherHistoryDoesNotGoOn() throws {
        let (one, other) = (try SampleData.archive(in: MemoryStorage()), try SampleData.archive(in: MemoryStorage()))
        try grow(one, 0, sealing: true)
        try grow(other, 1, sealing: false)
        let mark = try mark(one)
        try grow(other, 2, sealing: false)
        #expect(try other.extract(after: mark) == nil, "in the journal")
        _ = try other.collectGarbage(lockTimeout: SampleData.atOnce)
        #expect(try other.extract(after: mark) == nil, "within a pack")
        try grow(one, 3, sealing: false)
        #expect(try other.extract(after: try self.mark(one)) == nil, "at the end of it")
    }

    @Test func whatWasForgottenLaterStaysSo() throws {
        let archive = try SampleData.archive(in: MemoryStorage())
        try grow(archive, 0, sealing: true)
        let first = try #require(try archive.extract())
        try grow(archive, 1, sealing: false)
        let selection = ForgetSelection(player: SampleData.player("Bob"))
        _ = try archive.forget(
            selection, reason: "asked", at: SampleData.moment(500), lockTimeout: SampleData.atOnce)
        try grow(archive, 6, sealing: false)
        let second = try #require(try archive.extract(after: first.after))
        let copy = try restored([first, second])
        try expectSame(copy, archive, "Bob's later captures are there, the earlier ones are not")
        #expect(try copy.history.logs(of: SampleData.player("Bob")).first?.successCount == 4)
    }

    @Test func aDamagedArchiveIsNotCopied() throws {
        let storage = MemoryStorage()
        let archive = try SampleData.archive(in: storage)
        try grow(archive, 0, sealing: true)
        let path = try #require(storage.files.keys.first { $0.hasPrefix("packs/") })
        try storage.truncate(path, to: 100)
        #expect(throws: ArchiveError.self) { try Archive.open(storage).extract() }
    }

    @Test(arguments: [Fault.Kind.killedBefore, .killedMidWrite, .diskFull, .failedSynchronization, .ioError])
    func aRestoreThatStopsIsNoArchiveAndCanBeDoneAgain(kind: Fault.Kind) throws {
        let archive = try SampleData.archive(in: MemoryStorage())
        try grow(archive, 0, sealing: true)
        let first = try #require(try archive.extract())
        _ = try archive.forget(
            ForgetSelection(player: SampleData.player("Bob")), reason: "", at: SampleData.moment(500),
            lockTimeout: SampleData.atOnce)
        let extracts = [first, try #require(try archive.extract(after: first.after))]
        let counted = FaultInjectingStorage(MemoryStorage())
        _ = try restored(extracts, in: counted)
        #expect(counted.operations > 40)
        for operation in 0..<counted.operations {
            let comment: Comment = "\(kind) at operation \(operation)"
            let medium = MemoryStorage()
            do {
                _ = try restored(extracts, in: FaultInjectingStorage(medium, fault: Fault(kind, at: operation)))
            } catch {}
            let left = MemoryStorage(files: medium.files, folders: medium.folders)
            if try Archive.exists(in: left) {
                try expectSame(try Archive.open(left), archive, comment)
            } else {
                try expectSame(try restored(extracts, in: left), archive, comment)
            }
        }
    }
}
