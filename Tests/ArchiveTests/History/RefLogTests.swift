import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@testable import Archive

/// What a ref log answers, against a sorted array.
@Suite struct RefLogTests {
    private static let cases = RandomLog.Shape.allCases.flatMap { shape in (0..<40).map { (shape, UInt64($0)) } }

    @Test(arguments: cases) func countsAndEndsAreThoseOfASortedArray(shape: RandomLog.Shape, seed: UInt64) throws {
        let sample = RandomLog(shape, seed: seed)
        let (log, entries, successes) = (sample.log, sample.entries, sample.successes)
        #expect(log.count == entries.count && log.successCount == successes.count)
        #expect(log.snapshotCount == Set(successes.map(\.observation.snapshot)).count)
        #expect(log.bounds?.lowerBound == entries.first?.row.point && log.bounds?.upperBound == entries.last?.row.point)
        #expect(try log.head == successes.last)
        #expect(try log.last == entries.last?.row)
        #expect(try log.firstSuccess == successes.first?.row)
        #expect(try log.lastSuccess == successes.last?.row)
        #expect(try log.lastFailure == entries.last { $0.observation.result != .ok }?.row)
    }

    @Test(arguments: cases) func positionsAreThoseOfASortedArray(shape: RandomLog.Shape, seed: UInt64) throws {
        let sample = RandomLog(shape, seed: seed)
        let (log, successes) = (sample.log, sample.successes)
        for position in -1...successes.count {
            #expect(try log.success(at: position) == (successes.indices.contains(position) ? successes[position] : nil))
        }
        for (position, entry) in successes.enumerated() {
            #expect(try log.position(of: entry.row) == position)
            for changes in 0..<5 {
                let expected = sample.position(changes: changes, before: position)
                #expect(try log.position(changes: changes, before: position) == expected)
            }
        }
        for minute in -1...160 {
            let moment = SampleData.moment(minute)
            let expected = successes.lastIndex { $0.observation.capturedAt <= moment }
            #expect(try log.position(atOrBefore: moment) == expected)
        }
        let stranger = LogRow(
            point: LogPoint(capturedAt: SampleData.moment(20), sequenceNumber: 9_999), result: .ok)
        #expect(try log.position(of: stranger) == nil)
        #expect(throws: ArchiveError.self) { try log.entry(of: stranger) }
    }

    @Test(arguments: cases) func entriesBringWhatTheyBringInASortedArray(
        shape: RandomLog.Shape, seed: UInt64
    ) throws {
        let sample = RandomLog(shape, seed: seed)
        for entry in sample.entries {
            let row = entry.row
            #expect(try sample.log.entry(of: row) == entry)
            #expect(try sample.log.displayName(of: row) == entry.observation.displayName)
            #expect(try sample.log.outcome(of: row) == sample.outcome(of: entry))
            #expect(try sample.log.success(before: row) == sample.success(before: entry))
            #expect(try sample.log.contains(entry.observation.identity))
            var other = entry.observation
            other.capturedAt = other.capturedAt.advanced(byMilliseconds: 1)
            #expect(try !sample.log.contains(other.identity))
            other = entry.observation
            other.result = .throttled
            #expect(try !sample.log.contains(other.identity))
            other = entry.observation
            other.board = .deadman
            #expect(try !sample.log.contains(other.identity))
            if other.result == .ok {
                other.board = entry.observation.board
                other.snapshot = SHA256.digest([99])
                #expect(try !sample.log.contains(other.identity))
            }
        }
    }

    @Test(arguments: cases) func rowsComeInOrderWithinTheirBounds(shape: RandomLog.Shape, seed: UInt64) throws {
        let sample = RandomLog(shape, seed: seed)
        var random = SeededRandom(seed: seed)
        for _ in 0..<30 {
            let since = Bool.random(using: &random) ? SampleData.moment(.random(in: -5...160, using: &random)) : nil
            let until = Bool.random(using: &random) ? SampleData.moment(.random(in: -5...160, using: &random)) : nil
            let failures = Bool.random(using: &random)
            let expected = (failures ? sample.entries : sample.successes).map(\.row).filter { row in
                row.capturedAt >= since ?? .earliest && row.capturedAt <= until ?? .latest
            }
            for direction in [LogRows.Direction.oldestFirst, .newestFirst] {
                var rows = sample.log.rows(direction, failures: failures, since: since, until: until)
                var found: [LogRow] = []
                while let row = try rows.next() { found.append(row) }
                #expect(found == (direction == .oldestFirst ? expected : expected.reversed()))
                #expect(try rows.next() == nil)
            }
        }
    }

    @Test func anEmptyLogHasNothing() throws {
        let log = RefLog(board: .main, player: SampleData.player("x"), segments: [])
        #expect(log.count == 0 && log.bounds == nil && log.snapshotCount == 0)
        #expect(try log.head == nil && log.last == nil && log.firstSuccess == nil && log.lastFailure == nil)
        #expect(try log.position(atOrBefore: .latest) == nil)
        var rows = log.rows(.newestFirst, failures: true)
        #expect(try rows.next() == nil)
    }
}

/// What a ref log loads for an answer.
@Suite struct RefLogLoadTests {
    /// Segments of ten ok observations a minute apart, each with a document of its own but the last two.
    private static func segments(_ count: Int, failureIn failing: Int? = nil) throws -> [CountedSegment] {
        try (0..<count).map { part in
            CountedSegment(
                try (0..<10).map { index in
                    let minute = 10 * part + index
                    let document = SampleData.document(xp: index == 9 ? minute - 1 : minute)
                    let observation =
                        part == failing && index == 4
                        ? SampleData.failure(.unavailable, at: minute)
                        : try SampleData.observation(document, at: minute)
                    return LogEntry(
                        sequenceNumber: minute, record: SHA256.digest([0]), observation: observation)
                })
        }
    }

    private static func log(_ segments: [CountedSegment]) -> RefLog {
        RefLog(board: .main, player: SampleData.player("zezima"), segments: segments)
    }

    @Test func countsEndsAndNewMomentsLoadNothing() throws {
        let segments = try Self.segments(20)
        let log = Self.log(segments)
        #expect(log.count == 200 && log.successCount == 200 && log.snapshotCount == 180)
        #expect(try log.firstSuccess?.capturedAt == SampleData.moment(0))
        #expect(try log.lastSuccess?.capturedAt == SampleData.moment(199) && log.last?.result == .ok)
        #expect(try log.lastFailure == nil)
        #expect(try log.position(atOrBefore: SampleData.moment(500)) == 199)
        #expect(try !log.contains(SampleData.failure(.unavailable, at: 500).identity))
        #expect(segments.allSatisfy { $0.loads == 0 && $0.wholeEntries == 0 })
    }

    @Test func anAnswerLoadsTheSegmentsThatItLiesIn() throws {
        let segments = try Self.segments(20)
        let log = Self.log(segments)
        func loaded() -> [Int] { segments.indices.filter { segments[$0].loads > 0 } }
        #expect(try log.head?.sequenceNumber == 199)
        #expect(loaded() == [19])
        #expect(try log.success(at: 57)?.sequenceNumber == 57)
        #expect(loaded() == [5, 19])
        #expect(try log.position(atOrBefore: SampleData.moment(83)) == 83)
        #expect(loaded() == [5, 8, 19])
        #expect(segments.reduce(0) { $0 + $1.wholeEntries } == 2)
    }

    @Test func theLastFailureLoadsTheOneSegmentThatHasIt() throws {
        let segments = try Self.segments(20, failureIn: 3)
        #expect(try Self.log(segments).lastFailure?.sequenceNumber == 34)
        #expect(segments.indices.filter { segments[$0].loads > 0 } == [3])
    }

    @Test func outcomesCostIdsAtTheSeamsAlone() throws {
        let segments = try Self.segments(5)
        let log = Self.log(segments)
        var rows = log.rows(.newestFirst, failures: true)
        var unchanged = 0
        while let row = try rows.next() { unchanged += try log.outcome(of: row) == .unchanged ? 1 : 0 }
        #expect(unchanged == 5)
        #expect(segments.map(\.loads) == [1, 1, 1, 1, 1])
        // Both sides of four seams.
        #expect(segments.reduce(0) { $0 + $1.wholeEntries } == 8)
    }

    @Test func theNewestRowsLoadTheNewestSegmentAlone() throws {
        let segments = try Self.segments(5)
        var rows = Self.log(segments).rows(.newestFirst, failures: false)
        for number in (40..<50).reversed() { #expect(try rows.next()?.sequenceNumber == number) }
        #expect(segments.map(\.loads) == [0, 0, 0, 0, 1])
        var earlier = Self.log(segments).rows(
            .newestFirst, failures: false, since: SampleData.moment(12), until: SampleData.moment(14))
        #expect(try earlier.next()?.sequenceNumber == 14)
        #expect(segments.map(\.loads) == [0, 1, 0, 0, 1])
    }

    @Test func onlyWhatOverlapsIsLoadedTogether() throws {
        let parts = try Self.segments(4)
        let within = CountedSegment([
            LogEntry(
                sequenceNumber: 400, record: SHA256.digest([0]), observation: SampleData.failure(.notFound, at: 15))
        ])
        let log = Self.log(parts + [within])
        #expect(try log.position(atOrBefore: SampleData.moment(15)) == 15)
        #expect(parts.map(\.loads) == [0, 1, 0, 0] && within.loads == 1)
        #expect(try log.lastFailure?.sequenceNumber == 400)
        #expect(parts.map(\.loads) == [0, 1, 0, 0] && within.loads == 1)
    }

    @Test func whatCannotBeReadIsAnErrorWhereItIsAskedForAndPassedOverElsewhere() throws {
        let segments = try Self.segments(3)
        segments[1].failure = ArchiveError(.io, "the disk is gone")
        let log = Self.log(segments)
        #expect(try log.head?.sequenceNumber == 29)
        #expect(throws: ArchiveError(.io, "the disk is gone")) { try log.success(at: 15) }
        #expect(try log.success(at: 3)?.sequenceNumber == 3)
        var rows = log.rows(.newestFirst, failures: true)
        var numbers: [Int] = []
        while let row = try rows.next() {
            numbers.append(row.sequenceNumber)
            _ = try log.outcome(of: row)
        }
        #expect(numbers == Array(20..<30).reversed() + Array(0..<10).reversed())
        #expect(try log.success(before: LogRow(point: segments[2].bounds.lowerBound, result: .ok))?.sequenceNumber == 9)
        segments[1].failure = ArchiveError(.unsupported, "a newer program wrote it")
        var others = Self.log(segments).rows(.oldestFirst, failures: true)
        #expect(throws: ArchiveError.self) { while try others.next() != nil {} }
    }

    @Test(arguments: [0, 5, 9]) func rowsThatAreNotThosePromisedAreCorrupt(index: Int) throws {
        let changes: [(CountedSegment) -> Void] = [
            { $0.entries.remove(at: index) }, { $0.entries.swapAt(index, 3) }, { $0.entries = [] },
            { $0.entries.append($0.entries[index]) }, { $0.entries[index] = $0.entries[9 - index] },
        ]
        for change in changes {
            let segments = try Self.segments(3)
            change(segments[1])
            let log = Self.log(segments)
            #expect { try log.success(at: 12) } throws: { ($0 as? ArchiveError)?.code == .corrupt }
            #expect { try log.position(atOrBefore: SampleData.moment(15)) } throws: {
                ($0 as? ArchiveError)?.code == .corrupt
            }
            #expect(try log.success(at: 3)?.sequenceNumber == 3)
        }
    }
}
