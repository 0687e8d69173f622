import CivilTime
import ObjectStore
import Synchronization
import TestSupport
import Testing

@testable import Backup

/// Parity as par2 writes it, made by hand: a file of `blocks` blocks, and recovery blocks whose contents do not matter here.
enum MadeParity {
    static let blockBytes = 2048
    private static let set = [UInt8](repeating: 7, count: 16)

    static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var digest = MD5Stream()
        digest.update(bytes.span)
        return digest.finish()
    }

    private static func number(_ value: Int) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }

    static func packet(_ type: String, _ body: [UInt8]) -> [UInt8] {
        let hashed = set + Array(type.utf8) + body
        return Array("PAR2\0PKT".utf8) + number(32 + hashed.count) + digest(hashed) + hashed
    }

    /// The packets that every file of the parity has.
    static func index(_ name: BundleName, _ file: [UInt8]) -> [UInt8] {
        var sums: [UInt8] = []
        for start in stride(from: 0, to: file.count, by: blockBytes) {
            var block = Array(file[start..<min(file.count, start + blockBytes)])
            block += [UInt8](repeating: 0, count: blockBytes - block.count)
            sums += digest(block) + [0, 0, 0, 0]
        }
        return index(name, file, bytes: file.count, blockBytes: blockBytes, sums: sums)
    }

    /// Packets that say so of a file.
    static func index(
        _ name: BundleName, _ file: [UInt8], bytes: Int, blockBytes: Int, sums: [UInt8]
    ) -> [UInt8] {
        let id = [UInt8](repeating: 9, count: 16)
        var text = Array(name.text.utf8)
        while text.count % 4 != 0 { text.append(0) }
        return packet("PAR 2.0\0Main\0\0\0\0", number(blockBytes) + [1, 0, 0, 0] + id)
            + packet("PAR 2.0\0FileDesc", id + digest(file) + digest(Array(file.prefix(16384))) + number(bytes) + text)
            + packet("PAR 2.0\0IFSC\0\0\0\0", id + sums)
    }

    static func files(_ name: BundleName, _ file: [UInt8], recovery: Int = 3) -> [String: [UInt8]] {
        let slices = (0..<recovery).flatMap { exponent in
            packet("PAR 2.0\0RecvSlic", [UInt8(exponent), 0, 0, 0] + [UInt8](repeating: 1, count: blockBytes))
        }
        return [
            "\(name.text).par2": index(name, file),
            "\(name.text).vol0+\(recovery).par2": index(name, file) + slices,
        ]
    }
}

/// What the parity beside a bundle is worth is told without the program that made it.
@Suite struct BundleParityTests {
    private func sample(parity percent: Int = 6) throws -> (name: BundleName, files: [String: [UInt8]]) {
        let (sample, folder) = (try BackupSample(), MemoryStorage())
        try sample.capture(count: 20)
        let name = try sample.backUp(to: folder, parity: percent).bundle
        let bytes = try #require(folder.files[name.text])
        return (name, folder.files.merging(MadeParity.files(name, bytes)) { $1 })
    }

    private func findings(_ files: [String: [UInt8]]) throws -> [BackupError.Code] {
        try BackupVerification.run(on: MemoryStorage(files: files, folders: []), .init()).findings.map(\.code)
    }

    @Test func wholeParityIsSound() throws {
        let (name, files) = try sample()
        #expect(try findings(files) == [])
        let storage = MemoryStorage(files: files, folders: [])
        let parity = try #require(try BundleParity(of: name, in: storage, names: storage.list("")))
        #expect(parity.recoveryBlocks == 3 && parity.blockBytes == MadeParity.blockBytes && parity.finding == nil)
    }

    @Test func everyFlippedByteOfItIsFound() throws {
        let (name, files) = try sample()
        for (path, bytes) in files where path.hasPrefix(name.text + ".") {
            for index in bytes.indices {
                var flipped = files
                flipped[path]?[index] ^= 0x20
                #expect(try findings(flipped) != [], "byte \(index) of \(path)")
            }
        }
    }

    @Test func missingPartsAreTold() throws {
        let (name, files) = try sample()
        for path in files.keys where path.hasPrefix(name.text + ".") {
            #expect(try findings(files.filter { $0.key != path }) == [.missing], "\(path)")
        }
        #expect(try findings(files.filter { !$0.key.hasSuffix(".par2") }) == [.missing])
        #expect(try findings(try sample(parity: 0).files.filter { !$0.key.hasSuffix(".par2") }) == [])
        var cut = files
        let path = try #require(files.keys.first { $0.contains("vol") })
        cut[path]?.removeLast(100)
        #expect(try findings(cut) == [.corrupt])
    }

    @Test func parityWithoutAnyBundleIsAMissingBundle() throws {
        let (name, files) = try sample()
        let left = MemoryStorage(files: files.filter { $0.key.hasSuffix(".par2") }, folders: [])
        var options = BackupVerification.Options()
        #expect(try BackupVerification.run(on: left, options).findings.map(\.bundle) == [name.text])
        options.head = name.digest
        let report = try BackupVerification.run(on: left, options)
        #expect(report.findings.map(\.code) == [.missing, .missing] && report.bundles == 0)
    }

    /// A verification beside the run that writes the newest bundle.
    @Test func parityThatIsBeingWrittenIsWaitedFor() throws {
        let (name, files) = try sample()
        let bare = files.filter { !$0.key.hasSuffix(".par2") }
        let workplace = BundleParity.workplace(of: name)
        func codes(_ folder: MemoryStorage, _ clock: StepClock) throws -> [BackupError.Code] {
            try BackupVerification.run(on: folder, .init(), clock: clock).findings.map(\.code)
        }
        for (folders, step) in [([], 2), ([workplace], 7)] as [(Set<String>, Int)] {
            let folder = MemoryStorage(files: bare, folders: folders)
            let clock = StepClock { count in
                guard count == step else { return }
                for (path, bytes) in files where path.hasSuffix(".par2") { try? folder.create(path, bytes) }
            }
            #expect(try codes(folder, clock) == [])
            #expect(clock.steps == step)
            // Nobody comes.
            let idle = StepClock { _ in }
            #expect(try codes(MemoryStorage(files: bare, folders: folders), idle) == [.missing])
            #expect((1...60).contains(idle.steps))
        }
        // What is whole, was never to be, or is damaged takes no time.
        let never = StepClock { _ in Issue.record("it waits") }
        #expect(try codes(MemoryStorage(files: files, folders: []), never) == [])
        var damaged = files
        damaged["\(name.text).par2"]?.removeLast()
        #expect(try codes(MemoryStorage(files: damaged, folders: []), never) == [.corrupt])
        let without = try sample(parity: 0).files.filter { !$0.key.hasSuffix(".par2") }
        #expect(try codes(MemoryStorage(files: without, folders: []), never) == [])
    }

    @Test func parityOfOtherBytesIsNoParity() throws {
        let (name, files) = try sample()
        var other = try #require(files[name.text])
        other[100] ^= 1
        #expect(try findings(files.merging(MadeParity.files(name, other)) { $1 }) == [.corrupt])
        let stranger = BundleName(writer: name.writer, number: 2, digest: name.digest)
        var renamed = files
        for (path, bytes) in MadeParity.files(stranger, try #require(files[name.text])) {
            renamed[name.text + path.dropFirst(stranger.text.count)] = bytes
        }
        #expect(try findings(renamed) == [.corrupt])
    }

    @Test func whatIsLostIsSaid() throws {
        let (name, files) = try sample()
        var damaged = files
        let count = try #require(files[name.text]).count
        for index in stride(from: 1, to: count, by: MadeParity.blockBytes) { damaged[name.text]?[index] ^= 1 }
        let blocks = (count + MadeParity.blockBytes - 1) / MadeParity.blockBytes
        let text = try BundleCheck.loss(of: name, in: MemoryStorage(files: damaged, folders: []))
        #expect(text.contains("\(blocks) of its \(blocks) blocks of 2048 bytes are damaged"), "\(text)")
        #expect(text.contains("its parity mends 3"))
        damaged = damaged.filter { !$0.key.hasSuffix(".par2") }
        #expect(try BundleCheck.loss(of: name, in: MemoryStorage(files: damaged, folders: [])).contains("no parity"))
    }

    /// Sizes of which only one is that of the bundle: none of them is hashed through, and nothing overflows.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (1 << 40, nil, 1), (1 << 52, 1 << 52, 1), (4, 1 << 52, 1), (1 << 52, 1 << 53, 2), (4, nil, 40_000),
            (4, 0, 0),
        ])
    func craftedSizesAreNoParity(blockBytes: Int, bytes: Int?, blocks: Int) throws {
        let (name, files) = try sample()
        let file = try #require(files[name.text])
        let index = MadeParity.index(
            name, file, bytes: bytes ?? file.count, blockBytes: blockBytes,
            sums: [UInt8](repeating: 1, count: blocks * 20))
        var crafted = files.filter { !$0.key.hasSuffix(".par2") }
        crafted["\(name.text).par2"] = index
        crafted["\(name.text).vol0+1.par2"] =
            index + MadeParity.packet("PAR 2.0\0RecvSlic", [0, 0, 0, 0] + [UInt8](repeating: 1, count: 4))
        #expect(try findings(crafted) == [.corrupt])
        for file in [file, Array(file.dropLast(5)), []] {
            crafted[name.text] = file
            let text = try BundleCheck.loss(of: name, in: MemoryStorage(files: crafted, folders: []))
            #expect(text.contains("parity"))
        }
    }

    /// A file each of whose places announces a packet up to its end.
    @Test func announcedPacketsAreHashedALimitedNumberOfTimes() throws {
        let count = 1 << 17
        var bytes: [UInt8] = []
        while bytes.count < count {
            let left = count - bytes.count
            bytes += Array("PAR2\0PKT".utf8) + (0..<8).map { UInt8(truncatingIfNeeded: left >> ($0 * 8)) }
            bytes += [UInt8](repeating: 1, count: 48)
        }
        let file = CountingFile(bytes: bytes)
        var packets = ParityPackets()
        try packets.read(file)
        #expect(!packets.areWhole && packets.recovery.isEmpty)
        #expect(file.bytesRead < 16 * count, "\(file.bytesRead) bytes were read")
    }

    /// The index says that all of the parity is there: so it is, whenever the power is lost.
    @Test func theIndexIsThereOnceTheRestIs() throws {
        let (name, files) = try sample()
        let parity = files.filter { $0.key.hasSuffix(".par2") }
        func install(in folder: any Storage) throws {
            try folder.createFolder("made")
            for (path, bytes) in parity { try folder.create("made/\(path)", bytes) }
            try BundleParity.install(name, from: "made", of: folder)
        }
        let counted = FaultInjectingStorage(MemoryStorage())
        try install(in: counted)
        for operation in 0...counted.operations {
            for seed in 0..<8 {
                let medium = VolatileStorage()
                let faulty = FaultInjectingStorage(medium, fault: Fault(.killedBefore, at: operation))
                do { try install(in: faulty) } catch {}
                var random = SeededRandom(seed: UInt64(operation * 8 + seed))
                let left = medium.afterPowerLoss(.anySubset, &random).files
                let isThere = left[BundleParity.index(of: name)] != nil
                #expect(isThere || operation < counted.operations)
                for (path, bytes) in parity where isThere { #expect(left[path] == bytes, "operation \(operation)") }
            }
        }
    }

    /// A bundle that was repaired is on the medium before the bytes that it was repaired from are gone.
    @Test func aRepairedBundleSurvivesALossOfPower() throws {
        let (name, files) = try sample()
        let whole = try #require(files[name.text])
        let damaged = Array(whole.dropLast(9))
        func repair(in folder: any Storage) throws {
            try folder.create("\(name.text).2", damaged)
            try folder.synchronize("\(name.text).2")
            try folder.synchronizeFolder("")
            // So does par2 leave it: no byte of it need be on the medium.
            try folder.create(name.text, whole)
            let isRepaired = try BundleCheck.finishRepair(of: name, replaced: ["\(name.text).2"], in: folder)
            #expect(isRepaired)
        }
        let counted = FaultInjectingStorage(MemoryStorage())
        try repair(in: counted)
        for operation in 3...counted.operations {
            for seed in 0..<8 {
                let medium = VolatileStorage()
                do {
                    try repair(in: FaultInjectingStorage(medium, fault: Fault(.killedBefore, at: operation)))
                } catch {}
                var random = SeededRandom(seed: UInt64(operation * 8 + seed))
                let left = medium.afterPowerLoss(.anySubset, &random).files
                let isSafe = left[name.text] == whole || left["\(name.text).2"] == damaged
                #expect(isSafe, "operation \(operation), seed \(seed)")
            }
        }
        let unrepaired = MemoryStorage(files: [name.text: damaged, "\(name.text).1": damaged], folders: [])
        #expect(try !BundleCheck.finishRepair(of: name, replaced: ["\(name.text).1"], in: unrepaired))
        #expect(unrepaired.files.count == 2, "what could not be repaired stays")
    }
}

/// A file that counts what is read of it.
private final class CountingFile: StorageFile {
    private let bytes: [UInt8]
    private let read = Mutex(0)

    init(bytes: [UInt8]) { self.bytes = bytes }

    var size: Int { bytes.count }
    var bytesRead: Int { read.withLock { $0 } }

    func read(from offset: Int, count: Int) -> [UInt8] {
        let range = readableRange(from: offset, count: count)
        read.withLock { $0 += range.count }
        return Array(bytes[range])
    }
}

/// A clock whose sleep lets something happen.
private final class StepClock: WallClock {
    private let count = Mutex(0)
    private let happens: @Sendable (_ step: Int) -> Void

    init(_ happens: @escaping @Sendable (_ step: Int) -> Void) { self.happens = happens }

    var steps: Int { count.withLock { $0 } }
    var isSet: Bool { true }

    func now() -> Timestamp { .earliest }
    func elapsed() -> Duration { .zero }
    func realTime(of duration: Duration) -> Duration? { nil }
    func sleep(milliseconds: Int64) {
        happens(
            count.withLock { count in
                count += 1
                return count
            })
    }
}
