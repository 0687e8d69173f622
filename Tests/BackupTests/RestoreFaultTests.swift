import Archive
import Hiscores
import ObjectStore
import TestSupport
import Testing

@testable import Backup

/// A restore that meets a fault at any of its operations leaves a folder that is no archive, or the whole one, and the same
/// command again gives back everything.
@Suite struct RestoreFaultTests {
    /// A backup of three bundles, with a tombstone in the last one.
    private func backedUp() throws -> (sample: BackupSample, folder: MemoryStorage) {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture(count: 1)
        try sample.backUp(to: folder)
        try sample.capture("Woox", count: 1)
        try sample.backUp(to: folder)
        _ = try sample.archive.forget(
            ForgetSelection(player: try #require(PlayerName(normalising: "Woox"))), reason: "asked",
            at: BackupSample.moment(50), lockTimeout: BackupSample.atOnce)
        try sample.capture(count: 1)
        try sample.backUp(to: folder)
        return (sample, folder)
    }

    @discardableResult
    private func restore(
        _ sample: BackupSample, from folder: any Storage, to target: any Storage,
        _ options: BackupRestoration.Options = .init()
    ) throws -> BackupRestoration.Summary {
        try BackupRestoration(from: folder, sample.keys, options).rebuild(
            in: target, at: BackupSample.moment(10_000), lockTimeout: BackupSample.atOnce
        ).summary
    }

    private func expectWhole(_ storage: any Storage, _ sample: BackupSample, _ comment: Comment) throws {
        let archive = try Archive.open(storage)
        #expect(archive.head == sample.archive.head, comment)
        #expect(try archive.recordIDs() == sample.archive.recordIDs(), comment)
        #expect(try Verification.run(on: storage).isSound, comment)
    }

    @Test(arguments: [
        Fault.Kind.killedBefore, .killedMidWrite, .diskFull, .failedSynchronization, .ioError, .silentCorruption,
    ])
    func nothingHalfRestoredCounts(kind: Fault.Kind) throws {
        let (sample, folder) = try backedUp()
        let counted = FaultInjectingStorage(MemoryStorage())
        try restore(sample, from: folder, to: counted)
        #expect(counted.operations > 40)
        for operation in 0..<counted.operations {
            let comment: Comment = "\(kind) at operation \(operation)"
            let target = MemoryStorage()
            do {
                try restore(sample, from: folder, to: FaultInjectingStorage(target, fault: Fault(kind, at: operation)))
            } catch {}
            // The lock of a process that was killed goes with it.
            let left = MemoryStorage(files: target.files, folders: target.folders)
            if left.files["config.json"] == nil {
                try restore(sample, from: folder, to: left)
                try expectWhole(left, sample, comment)
            } else if kind == .silentCorruption {
                // The medium lied. Either nothing of the archive is hurt, or its own verification tells.
                if try Verification.run(on: left).isSound { try expectWhole(left, sample, comment) }
            } else {
                try expectWhole(left, sample, comment)
            }
        }
    }

    /// Killed between the last two steps, the archive is whole and the marker still there.
    @Test func theMarkerGoesWithTheSameRestoreOrTheNextWriter() throws {
        let (sample, folder) = try backedUp()
        let counted = FaultInjectingStorage(MemoryStorage())
        try restore(sample, from: folder, to: counted)
        let restoration = try BackupRestoration(from: folder, sample.keys, .init())
        func finish(_ storage: any Storage) throws -> BackupRestoration.Summary? {
            try restoration.finish(in: storage, lockTimeout: BackupSample.atOnce)?.summary
        }
        #expect(try finish(MemoryStorage()) == nil)
        var found = 0
        for operation in 0..<counted.operations {
            let target = MemoryStorage()
            let fault = Fault(.killedBefore, at: operation)
            do { try restore(sample, from: folder, to: FaultInjectingStorage(target, fault: fault)) } catch {}
            guard target.files["config.json"] != nil, target.files["restore-unfinished"] != nil else { continue }
            found += 1
            func left() -> MemoryStorage { MemoryStorage(files: target.files, folders: target.folders) }
            let comment: Comment = "\(operation)"
            #expect(try Verification.run(on: left()).notes.contains { $0.contains("restore-unfinished") }, comment)

            let written = left()
            _ = try Archive.open(written).collectGarbage(lockTimeout: BackupSample.atOnce)
            let again = left()
            let summary = try finish(again)
            #expect(summary?.end.head == sample.archive.head && summary?.bundles == 3, comment)
            for storage in [written, again] {
                #expect(storage.files["restore-unfinished"] == nil, comment)
                #expect(try Verification.run(on: storage).notes.isEmpty, comment)
                try expectWhole(storage, sample, comment)
                #expect(try finish(storage) == nil, comment)
            }
            // Killed anywhere in that, too.
            let finishing = FaultInjectingStorage(left())
            _ = try finish(finishing)
            for operation in 0..<finishing.operations {
                let medium = left()
                let fault = Fault(.killedMidWrite, at: operation)
                do { _ = try finish(FaultInjectingStorage(medium, fault: fault)) } catch {}
                let rest = MemoryStorage(files: medium.files, folders: medium.folders)
                try expectWhole(rest, sample, comment)
                if rest.files["restore-unfinished"] != nil { #expect(try finish(rest) != nil, comment) }
                #expect(rest.files["restore-unfinished"] == nil, comment)
            }
        }
        #expect(found > 0)
        let other = try BackupSample(id: 9)
        #expect(try finish(other.archive.storage) == nil, "that is another archive")
    }

    /// What was forgotten after the bundles were made that are restored is gone before the folder is an archive.
    @Test func whatWasForgottenLaterNeverComesBack() throws {
        let (sample, folder) = try backedUp()
        let woox = ForgetSelection(player: try #require(PlayerName(normalising: "Woox")))
        var options = BackupRestoration.Options()
        options.moment = BackupSample.moment(4)
        let restoration = try BackupRestoration(from: folder, sample.keys, options)
        func restore(to storage: any Storage) throws {
            let (_, summary) = try restoration.rebuild(
                in: storage, at: BackupSample.moment(10_000), lockTimeout: BackupSample.atOnce)
            #expect(summary.end.recordCount == 4)
        }
        let counted = FaultInjectingStorage(MemoryStorage())
        try restore(to: counted)
        var finished = 0
        for operation in 0...counted.operations {
            let target = MemoryStorage()
            let fault = Fault(.killedMidWrite, at: operation)
            do { try restore(to: FaultInjectingStorage(target, fault: fault)) } catch {}
            let left = MemoryStorage(files: target.files, folders: target.folders)
            if left.files["config.json"] == nil {
                try restore(to: left)
            } else if left.files["restore-unfinished"] != nil {
                #expect(try restoration.finish(in: left, lockTimeout: BackupSample.atOnce) != nil, "\(operation)")
                finished += 1
            }
            let archive = try Archive.open(left)
            #expect(archive.recordCount == 5, "four records, and the tombstone: \(operation)")
            #expect { try archive.forgetting(woox) } throws: { ($0 as? ArchiveError)?.code == .playerNotFound }
            #expect(try Verification.run(on: left).isSound, "\(operation)")
        }
        #expect(finished > 0)
    }

    @Test(arguments: VolatileStorage.Survival.allCases) func norWhereThePowerIsLost(
        survival: VolatileStorage.Survival
    ) throws {
        let (sample, folder) = try backedUp()
        let counted = FaultInjectingStorage(VolatileStorage())
        try restore(sample, from: folder, to: counted)
        for operation in 0...counted.operations {
            let medium = VolatileStorage()
            var isDone = false
            do {
                try restore(
                    sample, from: folder,
                    to: FaultInjectingStorage(medium, fault: Fault(.killedMidWrite, at: operation)))
                isDone = true
            } catch {}
            var random = SeededRandom(seed: UInt64(operation))
            let left = medium.afterPowerLoss(survival, &random)
            let comment: Comment = "\(survival) survives, power lost at operation \(operation)"
            if !isDone, left.files["config.json"] == nil { try restore(sample, from: folder, to: left) }
            try expectWhole(left, sample, comment)
        }
    }

    @Test(arguments: [Fault.Kind.ioError, .killedBefore]) func aFailingSourceGivesNoArchive(kind: Fault.Kind) throws {
        let (sample, folder) = try backedUp()
        let counted = FaultInjectingStorage(folder)
        try restore(sample, from: counted, to: MemoryStorage())
        for operation in 0..<counted.operations {
            let target = MemoryStorage()
            do {
                try restore(
                    sample, from: FaultInjectingStorage(folder, fault: Fault(kind, at: operation)), to: target)
            } catch {
                // As it should be; what is there by now is no archive.
            }
            let left = MemoryStorage(files: target.files, folders: target.folders)
            if left.files["config.json"] == nil { try restore(sample, from: folder, to: left) }
            try expectWhole(left, sample, "\(kind) at operation \(operation)")
        }
    }

    /// A restore of an earlier moment, with what only a later bundle says was forgotten.
    private func forgottenLater() throws -> (BackupSample, MemoryStorage, BackupRestoration.Options) {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture(count: 1)
        try sample.capture("Woox", count: 1)
        try sample.backUp(to: folder, at: 10)
        _ = try sample.archive.forget(
            ForgetSelection(player: try #require(PlayerName(normalising: "Woox"))), reason: "asked",
            at: BackupSample.moment(50), lockTimeout: BackupSample.atOnce)
        try sample.backUp(to: folder, at: 60)
        var options = BackupRestoration.Options()
        options.moment = BackupSample.moment(20)
        return (sample, folder, options)
    }

    private func expectForgotten(_ storage: any Storage, _ comment: Comment) throws {
        let archive = try Archive.open(storage)
        let entries = archive.history.entriesInSequenceOrder()
        var players: Set<String> = []
        while let entry = try entries.next() { players.insert(entry.observation.player.key) }
        #expect(players == ["zezima"], comment)
        #expect(try Verification.run(on: storage).isSound, comment)
    }

    @Test(arguments: [Fault.Kind.killedMidWrite, .diskFull, .ioError]) func whatWasForgottenIsInNoArchive(
        kind: Fault.Kind
    ) throws {
        let (sample, folder, options) = try forgottenLater()
        let counted = FaultInjectingStorage(MemoryStorage())
        try restore(sample, from: folder, to: counted, options)
        try expectForgotten(counted, "no fault")
        for operation in 0..<counted.operations {
            let comment: Comment = "\(kind) at operation \(operation)"
            let target = MemoryStorage()
            let faulty = FaultInjectingStorage(target, fault: Fault(kind, at: operation))
            do { try restore(sample, from: folder, to: faulty, options) } catch {}
            let left = MemoryStorage(files: target.files, folders: target.folders)
            if left.files["config.json"] == nil { try restore(sample, from: folder, to: left, options) }
            try expectForgotten(left, comment)
        }
    }

    @Test(arguments: VolatileStorage.Survival.allCases) func norWhereThePowerIsLostMeanwhile(
        survival: VolatileStorage.Survival
    ) throws {
        let (sample, folder, options) = try forgottenLater()
        let counted = FaultInjectingStorage(VolatileStorage())
        try restore(sample, from: folder, to: counted, options)
        for operation in 0...counted.operations {
            let medium = VolatileStorage()
            let faulty = FaultInjectingStorage(medium, fault: Fault(.killedMidWrite, at: operation))
            do { try restore(sample, from: folder, to: faulty, options) } catch {}
            var random = SeededRandom(seed: UInt64(operation))
            let left = medium.afterPowerLoss(survival, &random)
            if left.files["config.json"] == nil { try restore(sample, from: folder, to: left, options) }
            try expectForgotten(left, "\(survival) survives, power lost at operation \(operation)")
        }
    }

    @Test func norWhereALaterBundleCannotBeRead() throws {
        let (sample, folder, options) = try forgottenLater()
        let counted = FaultInjectingStorage(folder)
        try restore(sample, from: counted, to: MemoryStorage(), options)
        for operation in 0..<counted.operations {
            let target = MemoryStorage()
            let faulty = FaultInjectingStorage(folder, fault: Fault(.ioError, at: operation))
            do {
                // Of a bundle without a header nobody can tell when it was made: it is named.
                if try !restore(sample, from: faulty, to: target, options).unreadable.isEmpty { continue }
            } catch {}
            let left = MemoryStorage(files: target.files, folders: target.folders)
            if left.files["config.json"] == nil { try restore(sample, from: folder, to: left, options) }
            try expectForgotten(left, "at operation \(operation)")
        }
    }

    /// What stands in an archive already stays, whatever a merge meets.
    @Test func aFailingMergeLosesNothing() throws {
        let (sample, folder) = try backedUp()
        let start = MemoryStorage()
        let other = try BackupSample(storage: start, id: 9)
        try other.capture("B0aty")
        let before = try other.archive.recordIDs()
        func merge(into storage: any Storage) throws {
            _ = try BackupRestoration(from: folder, sample.keys, .init()).merge(
                into: { () throws(ArchiveError) in try Archive.open(storage) }, by: MemoryStorage(),
                at: BackupSample.moment(300),
                lockTimeout: BackupSample.atOnce
            ) { _ in }
        }
        let counted = FaultInjectingStorage(MemoryStorage(files: start.files, folders: start.folders))
        try merge(into: counted)
        let whole = try Archive.open(counted).recordIDs()
        for kind in [Fault.Kind.killedMidWrite, .diskFull, .ioError] {
            for operation in 0..<counted.operations {
                let target = MemoryStorage(files: start.files, folders: start.folders)
                do { try merge(into: FaultInjectingStorage(target, fault: Fault(kind, at: operation))) } catch {}
                let left = MemoryStorage(files: target.files, folders: target.folders)
                let comment: Comment = "\(kind) at operation \(operation)"
                #expect(try Array(Archive.open(left).recordIDs().prefix(before.count)) == before, comment)
                try merge(into: left)
                #expect(try Archive.open(left).recordIDs() == whole, comment)
                #expect(try Verification.run(on: left).isSound, comment)
            }
        }
    }
}
