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
    /// What reading them has come upon.
    let metDamage: MetDamage

    init(cache: PackCache = PackCache(), metDamage: MetDamage = MetDamage()) {
        (self.cache, self.metDamage) = (cache, metDamage)
    }

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

    /// Opens the packs that a journal's header names; those that were open stay so. A pack that cannot be read, or is
    /// not the one that belongs there, is a damaged member. Throws `missing` for one that is not there, which may mean
    /// that the journal is not the newest any more, unless the journal is known to be; and `unsupported`.
    static func open(
        _ header: JournalHeader, isNewest: Bool = false, in storage: any Storage, reusing earlier: PackSet
    ) throws(ArchiveError) -> PackSet {
        var set = PackSet(cache: earlier.cache, metDamage: earlier.metDamage)
        let known = Dictionary(earlier.members.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for name in header.packs {
            if let member = known[name], case .open = member.state {
                set.members.append(member)
            } else {
                set.members.append(try set.open(name, isNewest: isNewest, in: storage))
            }
        }
        try set.checkTiling(header, in: storage)
        return set
    }

    private func open(
        _ name: ObjectID, isNewest: Bool, in storage: any Storage
    ) throws(ArchiveError) -> Member {
        let path = storage.describe(ArchiveLayout.pack(name))
        do throws(PackError) {
            let pack = try Pack.open(name, in: storage)
            return Member(name: name, state: .open(PackHistory.open(pack, cache, metDamage, path: path)))
        } catch {
            switch error {
            case .storage(let failure) where failure.code == .missing && !isNewest:
                throw ArchiveError(
                    .missing, "\(path) is missing, and the journal names it: put it back from a copy",
                    path: ArchiveLayout.pack(name))
            case .corrupt, .storage: return Member(name: name, state: .damaged(error))
            case .unsupported, .outOfMemory: throw ArchiveError(error, pack: path)
            }
        }
    }

    /// Each pack goes on where the one before ends, by number and by head; one that cannot be read may stand for what
    /// lies between its neighbours. Where they do not, their bytes tell which of them are not what their names say:
    /// those are damaged. Throws `corrupt` where all are.
    private mutating func checkTiling(_ header: JournalHeader, in storage: any Storage) throws(ArchiveError) {
        guard let untiled = firstUntiled(header) else { return }
        for (place, member) in members.enumerated() {
            guard case .open(let history) = member.state else { continue }
            do throws(PackError) {
                if try history.pack.digest() == member.name { continue }
                throw .corrupt(
                    "it is not the pack that the journal names, but another one or an altered one", offset: 0)
            } catch {
                members[place] = Member(name: member.name, state: .damaged(error))
            }
        }
        if firstUntiled(header) != nil { throw Self.untiled(untiled, in: storage) }
    }

    /// The first pack that does not go on where the one before ends, or ends elsewhere than the journal begins.
    private func firstUntiled(_ header: JournalHeader) -> ObjectID? {
        var next: (number: Int, head: SequenceHead)? = (0, .start(of: header.archive, SHA256()))
        for member in members {
            guard case .open(let history) = member.state else {
                next = nil
                continue
            }
            let trailer = history.pack.trailer
            guard trailer.archive == header.archive, trailer.range.upperBound <= header.base,
                next.map({ $0 == (trailer.first, trailer.headBefore) }) ?? true
            else { return member.name }
            next = (trailer.range.upperBound, trailer.headAfter)
        }
        guard let last = members.last, let next, next != (header.base, header.baseHead) else { return nil }
        return last.name
    }

    private static func untiled(_ name: ObjectID, in storage: any Storage) -> ArchiveError {
        ArchiveError(
            .corrupt,
            "\(storage.describe(ArchiveLayout.pack(name))) does not go on where the pack before it ends, or ends "
                + "elsewhere than the journal begins; run `osrs-archive verify`", path: ArchiveLayout.journal)
    }
}
