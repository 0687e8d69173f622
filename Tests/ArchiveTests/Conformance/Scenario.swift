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

        init(_ archive: Archive) {
            identities = archive.identities
            tags = archive.history.tags.compactMapValues(\.target?.snapshot)
        }

        func adding(_ batch: Batch) -> Contents {
            var contents = self
            for record in batch.records {
                switch record {
                case .observation(let observation): contents.identities.insert(observation.identity)
                case .tag(let tag): contents.tags[tag.name] = tag.target?.snapshot
                case .rename, .tombstone: break
                }
            }
            return contents
        }
    }

    let steps: [Batch]

    /// Captures with and without news, failures, a kept body, imports, tags set, moved and taken away, a backfill.
    init() throws {
        var steps: [Batch] = []
        func single(_ observation: Observation, _ document: [UInt8]?) {
            var batch = Batch()
            batch.add(observation, document: document)
            steps.append(batch)
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
            steps.append(batch)
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
        steps.append(try SampleData.batch(xp: 10..<20, from: 10))
        tag("start", second, minute: 3)
        steps.append(try SampleData.batch(xp: 5..<12, from: 5))
        single(try SampleData.observation(first, at: 30, player: "Other One", board: .ironman), first)
        steps.append(try SampleData.batch(xp: 40..<43, from: 40, player: "Other One"))
        tag("start", nil, minute: 0)
        single(SampleData.failure(.notFound, at: 50, player: "nobody"), nil)
        self.steps = steps
    }

    /// Runs the steps from `position` on; after each, `acknowledged` is told what the archive must hold from then on.
    func run(
        _ archive: Archive, from position: Int = 0, contents: Contents = Contents(),
        acknowledged: (_ next: Int, Contents) -> Void
    ) throws {
        var contents = contents
        for (index, batch) in steps.enumerated().dropFirst(position) {
            try archive.commit(batch, lockTimeout: SampleData.atOnce)
            contents = contents.adding(batch)
            acknowledged(index + 1, contents)
        }
    }
}
