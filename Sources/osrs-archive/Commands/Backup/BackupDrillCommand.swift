import Archive
import ArgumentParser
import Backup
import CivilTime
import ObjectStore
import Reporting
import Settings

struct BackupDrillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill", abstract: "Restore to a temporary place, prove everything, and tell the progress log.",
        discussion: """
            Nothing stays of it but the entry in the progress log. Do it once a year, with the key from where it is kept and \
            a copy of the backup from where that is kept. Exit code 3 where some bundles could not be read that may have been \
            meant, too.
            """)

    @OptionGroup var selection: BackupSelection

    @OptionGroup var source: BackupSource

    @OptionGroup var keys: BackupKeyOptions

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        context.output.outlivesItsReader = true
        let folder = try context.backupFolder(source.from)
        let scribe = ScribeReporter(context)
        let (summary, report): (BackupRestoration.Summary, VerificationReport)
        do {
            let restoration = try BackupRestoration(
                from: folder, try context.backupKeys(keys), try context.restoreOptions(selection))
            let scratch = try ScratchFolder(in: Settings.temporaryFolder(), named: "osrs-archive-drill-")
            let scratchKeys = try NewArchiveKeys.thrownAway(of: restoration.archive)
            let storage = UnlockedStorage(scratch.storage, scratchKeys.sealing)
            summary = try restoration.rebuild(
                in: storage, slots: [scratchKeys.slot], at: context.clock.now(), lockTimeout: context.lockTimeout
            ) { done, total in context.output.progress("restored bundles", done: done, total: total) }.summary
            report = try Verification.run(on: storage) { done, total in
                if done % 64 == 0 { context.output.progress("verified", done: done, total: total) }
            }
            guard report.isSound else {
                throw BackupError(
                    .corrupt, "what \(folder.root) gives back is damaged: \(report.findings.count) finding(s)")
            }
            scribe.record(
                drillOf: folder.root, bundles: summary.bundles, observations: report.observations,
                passedOver: summary.unreadable + others(summary).map { "the chain \($0)" },
                head: try restoration.isOfEncryptedArchive() ? nil : summary.end.head.digest.hex,
                at: context.clock.now())
        } catch {
            scribe.record(failedDrillOf: folder.root, error, at: context.clock.now())
            throw error
        }
        try show(summary, report, context)
        guard summary.unreadable.isEmpty else { throw ExitCode(ExitStatus.partial) }
    }

    /// The writers of the chains that were not looked at, though nobody chose one.
    private func others(_ summary: BackupRestoration.Summary) -> [String] {
        selection.writer == nil ? summary.otherWriters : []
    }

    private func show(
        _ summary: BackupRestoration.Summary, _ report: VerificationReport, _ context: CommandContext
    ) throws {
        let (archive, head) = (summary.archive.description, summary.end.head.digest.hex)
        if context.output.isJSON {
            try context.output.json(
                BackupShape.restored(
                    path: nil, archive: archive, bundle: summary.bundle.text, bundles: summary.bundles,
                    records: summary.end.recordCount, head: head, added: nil, already: nil))
        } else {
            try context.output.text(
                BackupText.drilled(
                    archive: archive, bundles: summary.bundles, observations: report.observations,
                    snapshots: report.snapshots, head: head))
        }
        for text in summary.unreadable { context.output.warn("not looked at: \(text)") }
        for writer in others(summary) {
            context.output.warn(
                "another chain of this archive is in the backup: run the same with --writer \(writer) to prove it, too")
        }
        try context.output.finish()
    }
}
