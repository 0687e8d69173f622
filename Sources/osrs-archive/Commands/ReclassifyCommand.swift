import Archive
import ArgumentParser
import Capture
import Reporting

struct ReclassifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reclassify", abstract: "Look again at kept answers that were not understood.",
        discussion: """
            An answer that was no snapshot is kept as it came. After an update this looks at all of them again: what is a \
            snapshot by now becomes one, at the moment and with the evidence of the answer, marked as reclassified. \
            Nothing is altered or deleted, and running it again adds nothing. Exit code 12 where an answer is damaged; the \
            others are looked at all the same.
            """)

    @Flag(help: "Only tell what would become a snapshot.") var dryRun = false

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let archive = try context.openArchive()
        context.output.outlivesItsReader = true
        let summary = try Reclassification.run(on: archive, dryRun: dryRun, lockTimeout: context.lockTimeout) {
            context.output.warn(ReclassifyText.warning($0, $1))
        }
        if !dryRun { context.collectGarbage(in: archive) }
        if context.output.isJSON {
            try context.output.json(
                ReclassifyShape.json(
                    lookedAt: summary.lookedAt, reclassified: summary.reclassified, unchanged: summary.unchanged,
                    damaged: summary.damaged, dryRun: dryRun))
        } else {
            try context.output.text(
                ReclassifyText.text(
                    lookedAt: summary.lookedAt, reclassified: summary.reclassified, damaged: summary.damaged,
                    dryRun: dryRun, style: context.output.style))
        }
        try context.finish(archive)
        if summary.damaged > 0 { throw ExitCode(ExitStatus.corruption) }
    }
}
