import Archive
import ArgumentParser
import ObjectStore
import Reporting

struct KeyRecoveryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recovery", abstract: "Make a recovery code, and print it once.",
        discussion: """
            Write it down or print it, and keep it where the passphrase is not. It is typed where a passphrase is asked \
            for; each group of five has a check digit, so a slip of the pen is found. Earlier codes stay good until their \
            slots are removed.
            """)

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let secret = try ArchiveSecret.random()
        let made = try context.changeKeySlots { opened, archive, slots in
            let slot = try opened.slot(secret, kind: .recovery, of: archive)
            return (slots + [slot], slot)
        }
        guard let code = secret.recoveryCode else { return }
        if context.output.isJSON {
            try context.output.json(KeySlotShape.json(made, recoveryCode: code))
        } else {
            try context.output.text(code)
        }
        try context.output.finish()
    }
}
