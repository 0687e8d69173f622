import Archive
import ArgumentParser
import Reporting

struct GarbageCollectionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc", abstract: "Seal what was captured in packs, and tidy.",
        discussion: """
            Moves the newest captures from the journal and the loose objects into a pack, merges packs so that their \
            number stays small, and removes what is no longer needed. Nothing is lost when it is interrupted. A capture \
            does the same by itself once there is enough to seal.
            """)

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let archive = try context.openArchive()
        let done = try archive.collectGarbage(lockTimeout: context.lockTimeout) { step in
            switch step {
            case .sealing(let records): context.output.progress("sealing records", done: records)
            case .merging(_, let records): context.output.progress("merging records", done: records)
            }
        }
        if context.output.isJSON {
            try context.output.json(GarbageCollectionShape.json(done))
        } else {
            try context.output.text(GarbageCollectionText.text(done))
        }
        try context.finish(archive)
    }
}
