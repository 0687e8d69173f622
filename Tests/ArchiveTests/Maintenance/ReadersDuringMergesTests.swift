import Archive
import CivilTime
import Hiscores
import ObjectStore
import Synchronization
import TestSupport
import Testing

@testable import Threads

/// Readers take no lock: what they open is whole, whatever a writer and a collection of garbage do meanwhile.
@Suite struct ReadersDuringMergesTests {
    @Test func readersSeeAWholeArchiveWhileOthersWriteAndMerge() throws {
        let folder = TemporaryFolder()
        let storage = try FileStorage(root: folder.path)
        _ = try SampleData.archive(in: storage)
        let rounds = 40
        let written = Atomic(0)
        let isDone = Atomic(false)
        let problems = Mutex<[String]>([])

        concurrently(5) { worker in
            do {
                switch worker {
                case 0:
                    defer { isDone.store(true, ordering: .releasing) }
                    let archive = try Archive.open(storage)
                    for round in 0..<rounds {
                        let batch = try SampleData.batch(
                            xp: round * 10..<round * 10 + 5, from: round * 10, player: "player \(round % 4)")
                        try archive.commit(batch, lockTimeout: LockTimeout())
                        written.store((round + 1) * 5, ordering: .releasing)
                    }
                case 1:
                    let archive = try Archive.open(storage)
                    while !isDone.load(ordering: .acquiring) {
                        _ = try archive.collectGarbage(lockTimeout: LockTimeout())
                    }
                default:
                    repeat {
                        let least = written.load(ordering: .acquiring)
                        let archive = try Archive.open(storage)
                        let entries = try archive.entries()
                        var found: [String] = []
                        if entries.count < least { found.append("\(entries.count) of \(least) observations") }
                        let report = try Verification.run(on: storage)
                        if !report.isSound { found.append("\(report.findings)") }
                        if !archive.damage.isEmpty { found.append("\(archive.damage)") }
                        for entry in entries {
                            let document = try archive.document(of: entry)
                            if document.map({ SHA256.digest($0) }) != entry.observation.snapshot {
                                found.append("another document at \(entry.sequenceNumber)")
                            }
                        }
                        if !found.isEmpty { problems.withLock { $0 += found } }
                    } while !isDone.load(ordering: .acquiring)
                }
            } catch {
                problems.withLock { $0.append("worker \(worker): \(error)") }
            }
        }
        #expect(problems.withLock { $0 } == [])
        let archive = try Archive.open(storage)
        _ = try archive.collectGarbage(lockTimeout: LockTimeout())
        #expect(archive.history.observationCount == rounds * 5)
        #expect(try Verification.run(on: storage).isSound)
    }
}
