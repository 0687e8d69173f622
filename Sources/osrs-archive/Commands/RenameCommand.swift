import Archive
import ArgumentParser
import CivilTime
import Hiscores
import Reporting

struct RenameCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename", abstract: "Join the histories of an account that has another name now.",
        discussion: """
            Nothing is moved or deleted: a link says from when on OLD is called NEW, and `log`, references and `gains` \
            follow it (not with --no-follow). What was captured as OLD from then on, or as NEW before, is another \
            account's. A name may come back: `rename A B`, later `rename B A`.

            Without --at the moment is that of the first snapshot of NEW that is newer than the last one of OLD, or now \
            where there is none of NEW. Where NEW was captured before that alone, --at must say when it was; it cannot lie in the \
            future.
            """)

    @Option(
        help: ArgumentHelp(
            "From when on the new name counts; a date means its first moment. With --undo, which link.",
            valueName: "time"))
    var at: String?

    @Flag(help: "Take the newest such link back.") var undo = false

    @Argument(help: "The name that the account had.") var old: String

    @Argument(help: "The name that it has since.") var new: String

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let archive = try context.openArchive()
        let moment = try at.map { try context.time($0).start }
        let (from, to) = (try Self.name(old), try Self.name(new))
        guard from != to else { throw Failure.usage("\(from) cannot be renamed to itself: both are the same name") }
        let (now, timeout) = (context.clock.now(), context.lockTimeout)
        let link: RenameLink
        if undo {
            link = try archive.undoRename(from, to: to, at: moment, now: now, lockTimeout: timeout)
        } else {
            if let moment, moment > now {
                throw Failure.usage(
                    "--at \(moment.readable) lies in the future (it is \(now.readable)): say when the rename was, or leave "
                        + "--at away for now")
            }
            // A name that nobody knows yet must be one that the service could know.
            if try archive.history.logs(of: to).isEmpty { _ = try PlayerName.validated(new) }
            link = try archive.rename(from, to: to, at: moment, now: now, lockTimeout: timeout)
        }
        try report(link, in: archive, context.output)
        try context.finish(archive)
    }

    private static func name(_ text: String) throws -> PlayerName {
        guard !text.contains("/"), !text.contains("@"), let name = PlayerName(normalising: text) else {
            throw Failure.usage("`\(text)` is no player's name: write it alone, without a board or a selector")
        }
        return name
    }

    private func report(_ link: RenameLink, in archive: Archive, _ output: Output) throws {
        var joined = 0
        if !link.isUndone {
            for log in try archive.history.account(named: link.to, at: link.effectiveAt).logs {
                let last = try log.position(atOrBefore: link.effectiveAt.advanced(byMilliseconds: -1))
                joined += last.map { $0 + 1 } ?? 0
            }
            if joined == 0 {
                output.warn("no snapshot of \(link.from) is older than \(link.effectiveAt), so nothing is joined")
            }
        }
        if output.isJSON { return try output.json(RenameShape.json(link, joined: joined)) }
        try output.text(AccountText.text(link, joined: joined))
    }
}
