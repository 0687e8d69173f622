import ObjectStore

/// The packs that a journal names: they tile the sequence from its first record to where the journal begins.
struct PackSet {
    /// A pack that the journal names, or why it cannot be read.
    struct Member {
        let name: ObjectID
        let state: State
    }

    enum State {
        case open(PackHistory)
        case damaged(PackError)
    }

    private(set) var members: [Member] = []
    let cache: PackCache

    init(cache: PackCache = PackCache()) { self.cache = cache }

    /// The packs that can be read, in the order of the sequence.
    var histories: [PackHistory] {
        members.compactMap { member in
            guard case .open(let history) = member.state else { return nil }
            return history
        }
    }

    /// The first record of the next pack behind a member that can be read.
    func first(after member: Member) -> Int? {
        guard let place = members.firstIndex(where: { $0.name == member.name }) else { return nil }
        for next in members[(place + 1)...] {
            if case .open(let history) = next.state { return history.pack.trailer.first }
        }
        return nil
    }

    /// Opens the packs that a journal's header names; those that were open stay so. Throws `missing` for one that is not
    /// there, which may mean that the journal is not the newest any more, and `unsupported`.
    static func open(
        _ header: JournalHeader, in storage: any Storage, reusing earlier: PackSet
    ) throws(ArchiveError) -> PackSet {
        var set = PackSet(cache: earlier.cache)
        let known = Dictionary(earlier.members.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for name in header.packs {
            if let member = known[name], case .open = member.state {
                set.members.append(member)
            } else {
                set.members.append(try open(name, in: storage, set.cache))
            }
        }
        try set.checkTiling(header, in: storage)
        return set
    }

    private static func open(
        _ name: ObjectID, in storage: any Storage, _ cache: PackCache
    ) throws(ArchiveError) -> Member {
        let path = storage.describe(ArchiveLayout.pack(name))
        do throws(PackError) {
            let pack = try Pack.open(name, in: storage)
            return Member(name: name, state: .open(try PackHistory.open(pack, cache, path: path)))
        } catch {
            switch error {
            case .storage(let failure) where failure.code == .missing:
                throw ArchiveError(
                    .missing, "\(path) is missing, and the journal names it: put it back from a copy",
                    path: ArchiveLayout.pack(name))
            case .corrupt, .storage: return Member(name: name, state: .damaged(error))
            case .unsupported, .outOfMemory: throw ArchiveError(error, pack: path)
            }
        }
    }

    /// Each pack goes on where the one before ends, by number and by head; one that cannot be read may stand for what
    /// lies between its neighbours.
    private func checkTiling(_ header: JournalHeader, in storage: any Storage) throws(ArchiveError) {
        var next: (number: Int, head: SequenceHead)? = (0, .start(of: header.archive, SHA256()))
        for member in members {
            guard case .open(let history) = member.state else {
                next = nil
                continue
            }
            let trailer = history.pack.trailer
            guard trailer.archive == header.archive, next.map({ $0 == (trailer.first, trailer.headBefore) }) ?? true
            else { throw Self.untiled(member.name, in: storage) }
            next = (trailer.range.upperBound, trailer.headAfter)
        }
        guard let last = members.last, let next, next != (header.base, header.baseHead) else { return }
        throw Self.untiled(last.name, in: storage)
    }

    private static func untiled(_ name: ObjectID, in storage: any Storage) -> ArchiveError {
        ArchiveError(
            .corrupt,
            "\(storage.describe(ArchiveLayout.pack(name))) does not go on where the pack before it ends, or ends "
                + "elsewhere than the journal begins; run `osrs-archive verify`", path: ArchiveLayout.journal)
    }
}
