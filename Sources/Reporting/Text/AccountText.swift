public import Archive
import CivilTime
import Hiscores

/// Accounts that had several names, for people.
public enum AccountText {
    /// What somebody should know who asked for an account by a name: `old is now new since 2026-01-06 00:00:00 UTC`, and
    /// that there is more under the name which is another account's. Nothing where no link names it.
    public static func notes(_ account: Account) -> [String] {
        var notes = fate(account.later).map { ["\(account.name) is now \($0)"] } ?? []
        notes += account.formerHolders.compactMap(fate).map { "the \(account.name) of before is now \($0)" }
        let foreign = account.foreignObservations
        if foreign > 0 {
            notes.append(
                "\(Numbers.count(foreign, "observation")) under the name \(account.name) \(foreign == 1 ? "is" : "are") "
                    + "another account's; --no-follow goes by the name alone")
        }
        return notes
    }

    /// `new since 2026-01-06 00:00:00 UTC`, for an account that went on so; nil where it did not.
    private static func fate(_ links: [RenameLink]) -> String? {
        guard let last = links.last else { return nil }
        let between = links.dropLast().map { "\($0.to) since \(Times.moment($0.effectiveAt))" }
        return "\(last.to) since \(Times.moment(last.effectiveAt))"
            + (between.isEmpty ? "" : " (\(between.joined(separator: ", ")) before that)")
    }

    /// What a link says, and how many snapshots it joins.
    public static func text(_ link: RenameLink, joined: Int) -> String {
        let moment = Times.moment(link.effectiveAt)
        if link.isUndone {
            return Printable.text("\(link.from) and \(link.to) are two histories again: not renamed at \(moment)")
        }
        return Printable.text(
            "\(link.from) is \(link.to) since \(moment): \(Numbers.count(joined, "snapshot")) before that joined")
    }
}
