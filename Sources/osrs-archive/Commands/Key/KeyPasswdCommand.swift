import Archive
import ArgumentParser
import ObjectStore

struct KeyPasswdCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passwd", abstract: "Put a new passphrase in the place of the one that opens the archive.",
        discussion: """
            The slot that was opened is replaced, in one step: the archive is open to the old passphrase or to the new \
            one at any moment. Without an option the new passphrase is typed at the terminal, twice.
            """)

    @OptionGroup var secret: NewPassphraseOptions

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let made = try context.changeKeySlots { opened, archive, slots in
            let old = opened.slot
            guard slots.first(where: { $0.id == old })?.kind == .passphrase else {
                throw Failure(
                    code: "wrong_key", exit: ExitStatus.key,
                    message:
                        "the archive was not opened with a passphrase, so there is none to replace; `key add` adds one")
            }
            let new = try context.newPassphrase(secret)
            let slot = try opened.slot(new.secret, kind: new.kind, of: archive)
            return (slots.map { $0.id == old ? slot : $0 }, slot)
        }
        try context.report("changed", made)
    }
}
