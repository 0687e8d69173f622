import CanonicalJSON
public import CivilTime
public import Hiscores

/// What accounts were found to be, so that not every board is asked every time: `config/mode_cache.json`, the file of the
/// earlier tool, `{NAME:{"mode","updated_at"}}`.
///
/// Names are normalised, so one account has one entry however it is spelled. Entries that this program cannot read, and
/// members that it does not know, are kept as they are. A cache spares requests and holds nothing that could not be found
/// again.
public struct ModeCache: Hashable, Sendable {
    /// Why bytes are no cache.
    public struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
        /// What is wrong.
        public let description: String
    }

    /// What came of evidence.
    public enum Lesson: Hashable, Sendable {
        /// The evidence does not tell what the account is: what the cache knows stays as it is.
        case nothing
        /// It is what the cache says now.
        case learned
        /// It looks like something that no account becomes without leaving a trace: what the cache knows stays, and all
        /// boards are to be asked again.
        case doubted
        /// The name belongs to another account now: what the cache says is that one's.
        case changedHands
    }

    /// The file's members in their order, those of readable names under the normalised one.
    private var members: [JSONMember] = []
    private var places: [PlayerName: Int] = [:]

    /// An empty cache.
    public init() {}

    /// Reads the file's bytes. Where a name stands in it in several spellings, the newest entry counts.
    public init(parsing bytes: [UInt8]) throws(Malformed) {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch {
            throw Malformed(description: "it is not valid JSON: \(error)")
        }
        guard let listed = value.object else { throw Malformed(description: "it is no JSON object") }
        for member in listed {
            guard member.value.object != nil, let player = PlayerName(normalising: member.name.string) else {
                members.append(member)
                continue
            }
            let entry = JSONMember(JSONText(player.key), member.value)
            guard let place = places[player] else {
                places[player] = members.count
                members.append(entry)
                continue
            }
            let (known, other) = (ModeCacheEntry(members[place].value), ModeCacheEntry(member.value))
            if known.map(\.updatedAt) ?? .earliest < other.map(\.updatedAt) ?? .earliest { members[place] = entry }
        }
    }

    /// The file's bytes.
    public func encoded() -> [UInt8] { JSONValue.object(members).indentedBytes() + [UInt8(ascii: "\n")] }

    /// What is known of a player; nil where nothing is, or nothing that can be read.
    public subscript(player: PlayerName) -> ModeCacheEntry? {
        places[player].flatMap { ModeCacheEntry(members[$0].value) }
    }

    /// Takes in what the boards said of a player in one run. Boards that were not asked or did not answer teach nothing:
    /// what was known of them stays.
    @discardableResult
    public mutating func learn(_ evidence: AccountEvidence, of player: PlayerName, at now: Timestamp) -> Lesson {
        var standing = AccountStanding(evidence)
        guard let type = standing.type else { return .nothing }
        guard let known = self[player] else {
            set(ModeCacheEntry(standing: standing, updatedAt: now), of: player)
            return .learned
        }
        let change = known.standing.change(to: standing)
        if change == .doubtful, known.suspected != type {
            set(
                ModeCacheEntry(standing: known.standing, updatedAt: known.updatedAt, suspected: type), of: player)
            return .doubted
        }
        if change == .possible { standing.complete(with: known.standing, where: { evidence[$0] == .unknown }) }
        set(ModeCacheEntry(standing: standing, updatedAt: now), of: player)
        return change == .possible ? .learned : .changedHands
    }

    private mutating func set(_ entry: ModeCacheEntry, of player: PlayerName) {
        let place = places[player] ?? members.count
        let others = place < members.count ? members[place].value.object ?? [] : []
        let value = JSONValue.object(entry.members + others.filter { !ModeCacheEntry.names.contains($0.name) })
        let member = JSONMember(JSONText(player.key), value)
        if place < members.count { members[place] = member } else { members.append(member) }
        places[player] = place
    }
}

extension AccountStanding {
    /// Takes over what was known of boards of which nothing was heard. Those of an account that is no ironman any more
    /// have stopped.
    fileprivate mutating func complete(with known: AccountStanding, where isUnknown: (Board) -> Bool) {
        let (live, frozen) = (known.liveBoards.filter(isUnknown), known.frozenBoards.filter(isUnknown))
        let all = Set(frozenBoards + frozen + (isDeironed ? live : []))
        let stillLive = Set(liveBoards + (isDeironed ? [] : live))
        frozenBoards = AccountEvidence.boards.filter(all.contains)
        liveBoards = AccountEvidence.boards.filter(stillLive.contains)
        if frozen.contains(.hardcoreIronman) { isDead = isDead || known.isDead }
        if frozen.contains(.ultimate) { isDeulted = isDeulted || known.isDeulted }
    }
}
