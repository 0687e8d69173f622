import Glibc
import Synchronization
import Testing

@testable import Threads

@Suite struct ThreadsTests {
    @Test(arguments: 0...9) func everyNumberRunsOnceAndTheFirstOnTheCaller(count: Int) {
        let calls = Mutex<[Int: [UInt]]>([:])
        concurrently(count) { number in
            calls.withLock { $0[number, default: []].append(UInt(pthread_self())) }
        }
        let seen = calls.withLock { $0 }
        #expect(seen.keys.sorted() == Array(0..<count))
        #expect(seen.values.allSatisfy { $0.count == 1 })
        if count > 0 { #expect(seen[0] == [UInt(pthread_self())]) }
    }

    @Test func theyRunAtTheSameTime() {
        // Each waits until it has seen the others.
        let arrived = Atomic(0)
        let gaveUp = Atomic(false)
        concurrently(4) { _ in
            arrived.add(1, ordering: .sequentiallyConsistent)
            for _ in 0..<50_000 where arrived.load(ordering: .sequentiallyConsistent) < 4 { usleep(100) }
            if arrived.load(ordering: .sequentiallyConsistent) < 4 { gaveUp.store(true, ordering: .relaxed) }
        }
        let isAlone = gaveUp.load(ordering: .relaxed)
        #expect(!isAlone)
    }

    @Test func anotherCountThanANaturalNumberDoesNothing() {
        concurrently(-1) { _ in Issue.record("called") }
    }

    @Test func processorsAreCountedAsTheCallerMayUseThem() {
        #expect(processorCount >= 1)
        // The kernel's other account of it: `Cpus_allowed:` with a hexadecimal mask.
        guard let file = unsafe fopen("/proc/thread-self/status", "rb") else { return }
        defer { unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 4096)
        while unsafe fgets(&line, CInt(line.count), file) != nil {
            let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            guard text.hasPrefix("Cpus_allowed:") else { continue }
            let digits = text.dropFirst("Cpus_allowed:".count).compactMap(\.hexDigitValue)
            #expect(processorCount == digits.reduce(0) { $0 + $1.nonzeroBitCount })
        }
    }
}
