import Archive
import ArgumentParser
import ObjectStore
import Reporting

struct KeyListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the key slots.",
        discussion: "No key is needed, so what it shows is not proved: opening the archive proves it.")

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let slots = try context.encryptedConfiguration(try context.storage()).slots
        for slot in slots {
            if context.output.isJSON {
                try context.output.json(KeySlotShape.json(slot))
            } else {
                try context.output.text(KeySlotText.line(slot, style: context.output.style))
            }
        }
        try context.output.finish()
    }
}
