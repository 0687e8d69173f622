import Archive
import ArgumentParser

struct KeyAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a passphrase or a key file that opens the archive.",
        discussion: "Without an option the new passphrase is typed at the terminal, twice.")

    @OptionGroup var secret: NewSecretOptions

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let added = try context.changeKeySlots { opened, archive, slots in
            let new = try context.newSecret(secret)
            let slot = try opened.slot(new.secret, kind: new.kind, of: archive)
            return (slots + [slot], slot)
        }
        try context.report("added", added)
    }
}
