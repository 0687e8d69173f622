import CivilTime
import ObjectStore

/// What a repair did.
public struct Repair: Hashable, Sendable {
    /// What was made anew of the files without which no archive opens, and what of them cannot be told; sentences.
    public internal(set) var mended: [String] = []
    /// Files of which a sound copy was found.
    public internal(set) var healed: [String] = []
    /// Files that were replaced, and now lie in the folder `damaged`.
    public internal(set) var setAside: [String] = []
    /// Losses that were declared.
    public internal(set) var losses: [Loss] = []
    /// Files that nothing can be done about, with the reason.
    public internal(set) var unrepairable: [String] = []

    /// Whether there was anything to do.
    public var isEmpty: Bool { self == Repair() }
}

/// The packs of an archive while they are repaired.
struct RepairPlan {
    /// What becomes of a member, or of members that follow one another.
    enum Part {
        /// It is sound, or nothing can be done about it; it stays unless observations in it are now the first to name
        /// their snapshot.
        case sound(PackHistory, ObjectID)
        /// What is sound of it is written anew.
        case salvaged(PackSalvage, ObjectID)
        /// It cannot be read at all, or is not there: its records are lost.
        case lost([ObjectID], Range<Int>, before: SequenceHead, after: SequenceHead)
        /// It stays as it is, and is still damaged.
        case untouched(PackSalvage, ObjectID)
    }

    var parts: [Part] = []
    /// Gaps that each part will have, in the order of the parts.
    var gaps: [[PackGap]] = []

    /// The gaps of each part, where tombstones declare so many forgotten records: those of pages that cannot be read
    /// come first where some are not accounted for.
    mutating func assignGaps(declaredForgotten: Int) throws(PackError) {
        gaps = []
        for part in parts {
            switch part {
            case .sound(let history, _): gaps.append(try history.pack.gaps())
            case .salvaged(let salvage, _), .untouched(let salvage, _): gaps.append(salvage.gaps)
            case .lost: gaps.append([])
            }
        }
        let known = gaps.joined().reduce(0) { $0 + ($1.isForgotten ? $1.numbers.count : 0) }
        var unaccounted = max(0, declaredForgotten - known)
        for (place, part) in parts.enumerated() {
            switch part {
            case .salvaged(let salvage, _):
                let count = salvage.hasDamagedGaps ? min(unaccounted, salvage.missing.count) : 0
                unaccounted -= count
                gaps[place] = PackGap.merged(gaps[place], lost: salvage.missing.prefix(count), isForgotten: true)
                gaps[place] = PackGap.merged(gaps[place], lost: salvage.missing.dropFirst(count))
            case .lost(_, let range, _, _):
                let count = min(unaccounted, range.count)
                unaccounted -= count
                let middle = range.lowerBound + count
                gaps[place] = [
                    PackGap(range.lowerBound..<middle, isForgotten: true),
                    PackGap(middle..<range.upperBound, isForgotten: false),
                ].filter { !$0.numbers.isEmpty }
            case .sound, .untouched: break
            }
        }
    }

    /// Losses to be declared: as many as there are lost records that nobody has declared, those first of which it is
    /// known whose they were.
    static func losses(
        _ known: [Loss], account: GapAccount, reason: String, recordedAt: Timestamp
    ) -> [Loss] {
        var rest = max(0, account.lost - account.declaredLost)
        var losses: [Loss] = []
        for var loss in known where rest > 0 {
            loss.count = min(loss.count, rest)
            rest -= loss.count
            losses.append(loss)
        }
        let forgotten = max(0, account.forgotten - account.declaredForgotten)
        if rest > 0 || forgotten > 0 {
            losses.append(Loss(.unknown, count: rest, forgotten: forgotten, reason: reason, recordedAt: recordedAt))
        }
        return losses
    }
}
