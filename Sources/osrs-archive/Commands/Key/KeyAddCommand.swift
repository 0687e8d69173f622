import Archive
import ArgumentParser
import ObjectStore
import Reporting

struct KeyAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a passphrase or a key file that opens the archive.",
        discussion: "Without an option the new passphrase is typed at the terminal, twice.")

    @OptionGroup var secret: NewSecretOptions

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        var added: KeySlot?
        try context.changeKeySlots { opened, archive, slots in
            let new = try context.newSecret(secret)
            let slot = try opened.slot(new.secret, kind: new.kind, of: archive)
            added = slot
            return slots + [slot]
        }
        if let added { try context.report(changed: added, "added") }
    }
}

extension CommandContext {
    /// Tells what became of a slot.
    func report(changed slot: KeySlot, _ verb: String) throws {
        if output.isJSON {
            try output.json(KeySlotShape.json(slot))
        } else {
            output.note("\(verb) the \(slot.kind.noun) slot \(slot.name)")
        }
        try output.finish()
    }
}
