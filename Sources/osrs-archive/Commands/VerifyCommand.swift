import Archive
import ArgumentParser
import ObjectStore
import Reporting

struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Prove that nothing was altered or lost.",
        discussion: """
            Reads everything again, recomputes every id and the whole chain of records, and names what is damaged and \
            whose history it touches. Exit code 12 where something is. What was cut off at the newest end cannot be \
            seen from inside: only a head noted elsewhere tells, with --expect.
            """)

    @Flag(help: "Check structure and checksums, without reading the documents again.") var quick = false

    @Option(help: ArgumentHelp("A head that `stats` gave earlier: it must be one of this sequence.", valueName: "head"))
    var expect: String?

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        context.output.outlivesItsReader = true
        let storage = try context.storage()
        var expected: SequenceHead?
        if let expect {
            guard let digest = ObjectID(hex: expect) else { throw Failure.usage("a head is 64 hex digits") }
            expected = SequenceHead(digest: digest)
        }
        let report = try Verification.run(on: storage, quick: quick, expecting: expected) { done, total in
            if done % 64 == 0 { context.output.progress("verified", done: done, total: total) }
        }
        if context.output.isJSON {
            try context.output.json(VerifyShape.json(report))
            for note in report.notes { context.output.note("note: \(note)") }
        } else {
            try context.output.text(VerifyText.text(report, style: context.output.style))
        }
        try context.output.flush()
        guard report.isSound else { throw ExitCode(ExitStatus.corruption) }
    }
}
