import Glibc
import Synchronization
import TestSupport
import Testing
import Threads

@Suite struct OrderedMapTests {
    private struct Stop: Error, Equatable { var reason: Int }

    /// What a thread has of its own: that only it uses it is what the thread sanitizer checks.
    private struct Scratch: ~Copyable { var transformed = 0 }

    /// One run over `count` items, some of them slow, as a seed has it. Gives what was consumed.
    private func run(
        seed: UInt64, width: Int, lookAhead: Int?, count: Int, failAt: Int = .max, nextFailsAt: Int = .max
    ) throws(Stop) -> [Int] {
        var random = SeededRandom(seed: seed)
        var consumed: [Int] = []
        var taken = 0
        var failure: Stop?
        let transforms = Atomic(0)
        do throws(Stop) {
            try orderedMap(width: width, lookAhead: lookAhead) { () throws(Stop) -> (Int, Int)? in
                guard taken < count else { return nil }
                guard taken != nextFailsAt else { throw Stop(reason: -1) }
                #expect(taken - consumed.count < lookAhead ?? 4 * width)
                taken += 1
                return (
                    taken - 1, Int.random(in: 0..<40, using: &random) == 0 ? 200 : Int.random(in: 0..<3, using: &random)
                )
            } context: { () throws(Stop) in
                Scratch()
            } transform: { scratch, item in
                scratch.transformed += 1
                transforms.add(1, ordering: .relaxed)
                if item.1 > 0 { usleep(UInt32(item.1)) }
                return item.0 * 3
            } consume: { output throws(Stop) in
                guard consumed.count != failAt else { throw Stop(reason: failAt) }
                consumed.append(output)
                if Int.random(in: 0..<50, using: &random) == 0 { usleep(100) }
            }
        } catch {
            failure = error
        }
        #expect(transforms.load(ordering: .relaxed) <= taken)
        #expect(consumed == (0..<consumed.count).map { $0 * 3 }, "seed \(seed), width \(width)")
        if let failure { throw failure }
        #expect(taken == count && transforms.load(ordering: .relaxed) == count)
        return consumed
    }

    @Test(arguments: 1...4) func outputsComeInTheOrderOfTheItems(width: Int) throws {
        print("width \(width): seeds 0..<60")
        for seed in UInt64(0)..<60 {
            var random = SeededRandom(seed: seed &+ 1000)
            let count = [0, 1, 2, 5, 50, 200][Int.random(in: 0..<6, using: &random)]
            let lookAhead = [nil, 1, 2, 3, 7, 64][Int.random(in: 0..<6, using: &random)]
            let consumed = try run(seed: seed, width: width, lookAhead: lookAhead, count: count)
            #expect(consumed.count == count, "seed \(seed)")
        }
    }

    @Test(arguments: 1...4) func anErrorStopsTheWork(width: Int) throws {
        print("width \(width): seeds 0..<40")
        for seed in UInt64(0)..<40 {
            let position = Int(seed * 3)
            #expect(throws: Stop(reason: position)) {
                try run(seed: seed, width: width, lookAhead: seed % 2 == 0 ? nil : 2, count: 150, failAt: position)
            }
            #expect(throws: Stop(reason: -1)) {
                try run(seed: seed, width: width, lookAhead: nil, count: 150, nextFailsAt: position)
            }
        }
    }

    @Test(arguments: 1...4) func aContextThatCannotBeMadeEndsItBeforeAnyItem(width: Int) {
        var made = 0
        #expect(throws: Stop(reason: 7)) {
            try orderedMap(width: width) { () throws(Stop) -> Int? in
                Issue.record("an item was taken")
                return nil
            } context: { () throws(Stop) in
                made += 1
                if made == width { throw Stop(reason: 7) }
                return Scratch()
            } transform: { _, item in
                item
            } consume: { (_: Int) throws(Stop) in
                Issue.record("an output came")
            }
        }
    }

    @Test func aSlowItemHoldsBackNoMoreThanTheLookAhead() {
        // The first item ends only when all others that fit have ended on the other threads or the caller's.
        let others = Atomic(0)
        var next = 0
        var consumed: [Int] = []
        orderedMap(width: 2, lookAhead: 8) { () -> Int? in
            guard next < 8 else { return nil }
            next += 1
            return next - 1
        } context: {
        } transform: { _, item in
            if item > 0 {
                others.add(1, ordering: .sequentiallyConsistent)
            } else {
                for _ in 0..<50_000 where others.load(ordering: .sequentiallyConsistent) < 7 { usleep(100) }
            }
            return item + (others.load(ordering: .sequentiallyConsistent) > 0 ? 0 : 100)
        } consume: {
            consumed.append($0)
        }
        #expect(consumed == Array(0..<8))
    }

    @Test func oneThreadMeansTheCallersOwn() {
        let caller = UInt(pthread_self())
        var next = 0
        orderedMap(width: 1) { () -> Int? in
            next += 1
            return next < 5 ? next : nil
        } context: {
        } transform: { _, _ in
            UInt(pthread_self())
        } consume: {
            #expect($0 == caller)
        }
    }
}
