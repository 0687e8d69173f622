import Archive
import ArgumentParser
import CivilTime
import ObjectStore
import Reporting

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Prove that nothing was altered or lost.",
        discussion: """
            Reads everything again, recomputes every id and the whole chain of records, and names what is damaged and \
            whose history it touches. Exit code 12 where something is. What was cut off at the newest end cannot be \
            seen from inside: only a head noted elsewhere tells, with --expect.

            With --repair what can be saved is written anew first, the damaged files are moved to the folder damaged, and \
            what is lost is declared: nothing is deleted, and `log` shows the gap. A damaged or missing header of the journal, \
            or config.json of a plain archive, is made anew where the packs and what is left of it tell enough; what \
            nothing tells is said.

            Of an encrypted archive --quick checks names and checksums where no key is given.
            """)

    @Flag(help: "Check structure and checksums, without reading the documents again.") var quick = false

    @Flag(help: "Repair what is damaged, and declare what is lost, before the proof.") var repair = false

    @Option(help: ArgumentHelp("A head that `stats` gave earlier: it must be one of this sequence.", valueName: "head"))
    var expect: String?

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func validate() throws {
        if repair, quick { throw ValidationError("--repair looks at everything: it takes no --quick") }
    }

    func run() throws {
        let context = try CommandContext(global)
        context.output.outlivesItsReader = true
        let storage = try context.storage()
        var expected: SequenceHead?
        if let expect {
            guard let digest = ObjectID(hex: expect) else { throw Failure.usage("a head is 64 hex digits") }
            expected = SequenceHead(digest: digest)
        }
        if quick, expect == nil, context.isLocked(storage) {
            let report = try LockedVerification.run(on: storage) { done, total in
                context.output.progress("checked packs", done: done, total: total)
            }
            return try tell(report, nil, context)
        }
        let unlocked = try context.unlocked(storage)
        let repaired = repair ? try self.repair(unlocked, context) : nil
        let report = try Verification.run(on: unlocked, quick: quick, expecting: expected) { done, total in
            if done % 64 == 0 { context.output.progress("verified", done: done, total: total) }
        }
        try tell(report, repaired, context)
    }

    private func tell(_ report: VerificationReport, _ repaired: Repair?, _ context: CommandContext) throws {
        if context.output.isJSON {
            try context.output.json(VerifyShape.json(report, after: repaired))
            for note in report.notes { context.output.note("note: \(note)") }
        } else {
            try context.output.text(VerifyText.text(report, style: context.output.style))
        }
        try context.output.flush()
        guard report.isSound else { throw ExitCode(ExitStatus.corruption) }
    }

    private func repair(_ storage: any Storage, _ context: CommandContext) throws -> Repair {
        var done = 0
        let repaired = try Archive.repair(storage, at: context.clock.now(), lockTimeout: context.lockTimeout) {
            observations in
            done += observations
            context.output.progress("looked at", done: done)
        }
        if !context.output.isJSON { try context.output.text(RepairText.text(repaired, style: context.output.style)) }
        return repaired
    }
}
