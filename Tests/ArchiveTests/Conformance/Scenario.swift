import Archive
import CivilTime
import Hiscores
import ObjectStore

/// A life of an archive in steps, each acknowledged as a whole: what the conformance suite runs on every storage and
/// kills at every operation.
struct Scenario {
    /// What an archive is known to hold.
    struct Contents: Hashable {
        var identities: Set<Observation.Identity> = []
        var tags: [String: ObjectID] = [:]

        init() {}

        init(_ archive: Archive) throws {
            identities = try archive.identities
            tags = archive.history.tags.compactMapValues(\.target?.snapshot)
        }

        func adding(_ step: Step) -> Contents {
            var contents = self
            switch step {
            case .commit(let batch): contents.add(batch)
            case .importLines(_, let identities): contents.identities.formUnion(identities)
            }
            return contents
        }

        private mutating func add(_ batch: Batch) {
            for record in batch.records {
                switch record {
                case .observation(let observation): identities.insert(observation.identity)
                case .tag(let tag): tags[tag.name] = tag.target?.snapshot
                case .rename, .tombstone, .loss: break
                }
            }
        }
    }

    /// What is done at once, and so is there as a whole or not at all.
    enum Step {
        case commit(Batch)
        /// Lines as they come from a stream, fewer than a batch of the importer, and what they bring.
        case importLines([UInt8], brings: Set<Observation.Identity>)

        func perform(on archive: Archive) throws(ArchiveError) {
            switch self {
            case .commit(let batch): try archive.commit(batch, lockTimeout: SampleData.atOnce)
            case .importLines(let lines, _):
                var rest = lines[...]
                let source = ImportSource.stream(name: "lines") { count in
                    defer { rest = rest.dropFirst(count) }
                    return Array(rest.prefix(count))
                }
                try Importer(into: archive, lockTimeout: SampleData.atOnce) { _ in }.run([source])
            }
        }
    }

    let steps: [Step]

    /// Captures with and without news, failures, a kept body, imports, tags set, moved and taken away, a backfill.
    ///
    /// This is the life of the archive in Fixtures. One that is to be run once for each of its operations has a shorter
    /// batch, and an import of lines and an observation of ranks alone besides.
    init(forFaults: Bool = false) throws {
        var steps: [Step] = []
        func single(_ observation: Observation, _ document: [UInt8]?) {
            var batch = Batch()
            batch.add(observation, document: document)
            steps.append(.commit(batch))
        }
        func tag(_ name: String, _ document: [UInt8]?, minute: Int) {
            var batch = Batch()
            let sighting = Moment.Sighting(
                board: .main, player: SampleData.player("Zezima"), capturedAt: SampleData.moment(minute))
            batch.add(
                .tag(
                    Tag(
                        name: name, recordedAt: SampleData.moment(100),
                        target: document.map { Moment(snapshot: SHA256.digest($0), sighting: sighting) })))
            steps.append(.commit(batch))
        }
        let (first, second) = (SampleData.document(xp: 1), SampleData.document(xp: 2))
        single(try SampleData.observation(first, at: 0), first)
        single(try SampleData.observation(first, at: 1), first)
        single(SampleData.failure(.unavailable, at: 2), nil)
        single(try SampleData.observation(second, at: 3), second)
        tag("start", first, minute: 0)
        let body = Array("<oops>".utf8)
        var invalid = SampleData.failure(.invalid, at: 4)
        invalid.evidence.body = AnswerBody(contentType: "text/plain", bytes: 6, id: SHA256.digest(body), isKept: true)
        single(invalid, body)
        steps.append(.commit(try SampleData.batch(xp: 10..<(forFaults ? 14 : 20), from: 10)))
        tag("start", second, minute: 3)
        steps.append(.commit(try SampleData.batch(xp: 5..<12, from: 5)))
        if forFaults {
            steps.append(try Self.lines(xp: 60..<63))
            // The first of its kind changes config.json.
            single(try SampleData.ranksOnly(SampleData.document(xp: 62, rank: 9), at: 70), nil)
        }
        single(try SampleData.observation(first, at: 30, player: "Other One", board: .ironman), first)
        steps.append(.commit(try SampleData.batch(xp: 40..<43, from: 40, player: "Other One")))
        tag("start", nil, minute: 0)
        single(SampleData.failure(.notFound, at: 50, player: "nobody"), nil)
        self.steps = steps
    }

    private static func lines(xp: Range<Int>) throws -> Step {
        let elsewhere = try SampleData.archive(in: MemoryStorage())
        try elsewhere.commit(SampleData.batch(xp: xp, from: xp.lowerBound), lockTimeout: SampleData.atOnce)
        return .importLines(try ImportBench.lineBytes(of: elsewhere), brings: try elsewhere.identities)
    }

    /// Runs the steps from `position` on; after each, `acknowledged` is told what the archive must hold from then on.
    func run(
        _ archive: Archive, from position: Int = 0, contents: Contents = Contents(),
        acknowledged: (_ next: Int, Contents) -> Void
    ) throws {
        var contents = contents
        for (index, step) in steps.enumerated().dropFirst(position) {
            try step.perform(on: archive)
            contents = contents.adding(step)
            acknowledged(index + 1, contents)
        }
    }
}
