import Archive
import ArgumentParser
import Backup
import CivilTime
import ObjectStore
import Reporting

struct BackupVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Prove that a backup is whole, with or without a key.",
        discussion: """
            Without a key: the SHA-256 and the signature of every bundle, that no bundle of a chain is missing, and that the \
            parity would mend what it should. With a key every record and snapshot inside is computed anew, too. That newest bundles were taken away \
            only --expect tells, and who signed only --signer. Exit code 12 where something is wrong.
            """)

    @Option(help: ArgumentHelp("The head that `backup create` printed: that bundle must be there.", valueName: "head"))
    var expect: String?

    @OptionGroup var signers: BackupSigners

    @Option(help: ArgumentHelp("Read only so many per cent of the bundles, chosen at random.", valueName: "per-cent"))
    var sample: Int?

    @OptionGroup var source: BackupSource

    @OptionGroup var keys: BackupKeyOptions

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func validate() throws {
        if let sample, !(1...100).contains(sample) { throw ValidationError("--sample is 1 to 100 per cent") }
    }

    func run() throws {
        let context = try CommandContext(global)
        var options = BackupVerification.Options()
        if let expect {
            guard let head = ObjectID(hex: expect) else { throw Failure.usage("a head is 64 hex digits") }
            options.head = head
        }
        options.signers = try signers.keys()
        options.keys = try context.backupKeys(keys)
        options.samplePercent = sample
        let folder = try context.backupFolder(source.from)
        let report = try BackupVerification.run(on: folder, options, clock: SystemClock()) { done, total in
            context.output.progress("verified bundles", done: done, total: total)
        }
        try show(report, context)
        guard report.isSound else { throw ExitCode(ExitStatus.corruption) }
    }

    private func show(_ report: BackupVerification, _ context: CommandContext) throws {
        if context.output.isJSON {
            try context.output.json(
                BackupShape.verified(
                    isSound: report.isSound, bundles: report.bundles, checked: report.checked, opened: report.opened,
                    observations: report.opened > 0 ? report.observations : nil,
                    chains: report.chains.map {
                        BackupShape.chain(
                            writer: $0.writer, archive: $0.archive.description, signer: $0.signer.text,
                            bundles: $0.bundles, head: $0.head.hex)
                    },
                    damaged: report.findings.map {
                        BackupShape.finding(bundle: $0.bundle, error: $0.code.rawValue, detail: $0.detail)
                    }, notes: report.notes))
        } else {
            try context.output.text(
                BackupText.verified(
                    isSound: report.isSound, bundles: report.bundles, checked: report.checked, opened: report.opened,
                    observations: report.observations,
                    chains: report.chains.map { "chain \($0.writer): \($0.bundles) bundle(s), head \($0.head.hex)" },
                    damaged: report.findings.map(\.detail), notes: report.notes, style: context.output.style))
        }
        try context.output.finish()
    }
}
