import ObjectStore

/// Which packs of a folder tile the sequence, where no journal says so: by what their trailers say of numbers and heads.
struct PackTiling {
    /// A pack whose trailer can be read.
    struct Candidate {
        /// The name that a journal gives it: that of its file, or the one that it should have.
        var name: ObjectID
        var path: String
        var trailer: PackFormat.Trailer
        /// Whether its bytes have the SHA-256 that is its name.
        var isSound: Bool
        /// Records in it that were forgotten.
        var forgotten: Int
        /// Whether the damaged header still names it.
        var isNamed: Bool
    }

    /// A place in the sequence.
    struct Mark: Hashable {
        var number: Int
        var head: SequenceHead
    }

    /// The names for the journal's header. Where no pack is for a stretch, one stands there that no pack has.
    private(set) var names: [ObjectID] = []
    /// Where the last one ends.
    private(set) var end: Mark
    /// The last pack, where the tiling ends with it.
    private(set) var last: Candidate?
    /// Whether it is proved that the journal goes on there.
    private(set) var isProven = false
    /// The stretches for which there is no pack.
    private(set) var holes: [Range<Int>] = []

    private let candidates: [Candidate]
    private let traces: HeaderTraces
    private let base: Int?

    /// The best tiling: one that ends at the record `base`, or at a head that the damaged header still names, else one that reaches as far as can be; of those with
    /// packs that the header names; with sound ones; with those in which most is forgotten, for a forgetting is older
    /// than what a killed one would leave; with the fewest. `unreadable` packs are taken to lie in the first hole.
    init(
        _ candidates: [Candidate], unreadable: [ObjectID], traces: HeaderTraces, archive: ArchiveID, base: Int? = nil
    ) {
        (self.candidates, self.traces, self.base) = (candidates, traces, base)
        end = Mark(number: 0, head: .start(of: archive, SHA256()))
        var unreadable = unreadable
        let best = bestPaths()
        append(best[end])
        isProven = isBase(end)
        while !isProven, let next = nextMark(best) {
            names += unreadable.isEmpty ? [end.head.digest] : unreadable
            unreadable = []
            holes.append(end.number..<next.number)
            end = next
            append(best[end])
            isProven = isBase(end)
        }
    }

    /// The place behind the end where packs go on: the first one, and of several the best.
    private func nextMark(_ best: [Mark: Path]) -> Mark? {
        let later = candidates.filter { $0.trailer.first > end.number }
        guard let first = later.map(\.trailer.first).min() else { return nil }
        let marks = Set(later.filter { $0.trailer.first == first }.map(\.start))
        return marks.max { left, right in
            guard let left = best[left], let right = best[right] else { return false }
            return left < right
        }
    }

    private mutating func append(_ path: Path?) {
        guard let path else { return }
        for place in path.places {
            let candidate = candidates[place]
            names.append(candidate.name)
            end = candidate.end
            last = candidate
        }
    }

    private func isBase(_ mark: Mark) -> Bool { base.map { $0 == mark.number } ?? traces.names(mark.head) }

    /// Packs that follow one another, and what speaks for them.
    private struct Path: Comparable {
        var places: [Int] = []
        var end: Mark
        var isProven: Bool
        var named = 0
        var damaged = 0
        var forgotten = 0

        private var order: (Int, Int, Int, Int, Int, Int) {
            (isProven ? 1 : 0, end.number, named, -damaged, forgotten, -places.count)
        }

        static func == (left: Path, right: Path) -> Bool { left.order == right.order }
        static func < (left: Path, right: Path) -> Bool { left.order < right.order }
    }

    /// The best way on from each place where a pack begins.
    private func bestPaths() -> [Mark: Path] {
        var best: [Mark: Path] = [:]
        func path(from mark: Mark) -> Path { best[mark] ?? Path(end: mark, isProven: isBase(mark)) }
        let places = candidates.indices.sorted {
            (candidates[$0].trailer.first, candidates[$0].name) > (candidates[$1].trailer.first, candidates[$1].name)
        }
        for place in places {
            let candidate = candidates[place]
            var path = path(from: candidate.end)
            path.places.insert(place, at: 0)
            path.named += candidate.isNamed ? 1 : 0
            path.damaged += candidate.isSound ? 0 : 1
            path.forgotten += candidate.forgotten
            let empty = Path(end: candidate.start, isProven: isBase(candidate.start))
            best[candidate.start] = max(path, best[candidate.start] ?? empty)
        }
        return best
    }
}

extension PackTiling.Candidate {
    /// Where it begins, and where it ends.
    var start: PackTiling.Mark { .init(number: trailer.first, head: trailer.headBefore) }
    var end: PackTiling.Mark { .init(number: trailer.range.upperBound, head: trailer.headAfter) }
}

extension PackTiling {
    /// The packs of a folder: those of the archive whose trailer can be read, or of any archive, and the names of those whose
    /// trailer cannot. Reads every byte. Throws where the medium does not give what it has, and `unsupported`.
    static func candidates(
        in storage: any Storage, of archive: ArchiveID?, _ traces: HeaderTraces
    ) throws(ArchiveError) -> (readable: [Candidate], unreadable: [ObjectID]) {
        var (readable, unreadable): ([Candidate], [ObjectID]) = ([], [])
        let names: [String]
        do throws(StorageError) {
            guard try storage.entry(at: ArchiveLayout.packs) != nil else { return ([], []) }
            names = try storage.list(ArchiveLayout.packs).sorted()
        } catch {
            throw ArchiveError(error)
        }
        for file in names {
            let path = "\(ArchiveLayout.packs)/\(file)"
            guard let name = ObjectID(packFileName: path) else { continue }
            do throws(PackError) {
                guard try isFile(path, in: storage) else { continue }
                let pack = try Pack.open(name, in: storage)
                guard archive == nil || pack.trailer.archive == archive else { continue }
                let digest = try pack.digest()
                // A sound pack that was renamed is found again under its own name; a damaged one keeps its file's.
                let isSound =
                    digest == name || PackVerification.run(digest, at: path, of: storage).findings.isEmpty
                let own = isSound ? digest : name
                let gaps = (try? pack.gaps()) ?? []
                readable.append(
                    Candidate(
                        name: own, path: path, trailer: pack.trailer, isSound: isSound,
                        forgotten: gaps.reduce(0) { $0 + ($1.isForgotten ? $1.numbers.count : 0) },
                        isNamed: traces.names(pack: own)))
            } catch {
                do throws(PackError) { try error.throwUnlessCorrupt() } catch {
                    throw ArchiveError(error, pack: storage.describe(path))
                }
                unreadable.append(name)
            }
        }
        return (readable, unreadable)
    }

    private static func isFile(_ path: String, in storage: any Storage) throws(PackError) -> Bool {
        do throws(StorageError) {
            guard case .file? = try storage.entry(at: path) else { return false }
            return true
        } catch {
            throw .storage(error)
        }
    }
}
