import ArgumentParser
import Backup
import ObjectStore
import Reporting

struct BackupRepairCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair", abstract: "Repair damaged bundles with their parity; needs no key.",
        discussion: """
            Each bundle whose bytes do not have the SHA-256 in its name is repaired by the program par2, and counts as \
            repaired only where that is right again. Anybody can do the same with `par2 repair`. Before that, bundles that \
            lie under the name of another are put back. Exit code 12 where something is lost.
            """)

    @OptionGroup var source: BackupSource

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    private enum State: String { case sound, repaired, lost, noParity = "no_parity" }

    func run() throws {
        let context = try CommandContext(global)
        context.output.outlivesItsReader = true
        let folder = try context.backupFolder(source.from)
        let misplaced = try MisplacedBundles(in: folder)
        let names = try BundleCheck.names(in: folder)
        guard !names.isEmpty else { throw BackupError(.noBackup, "there is no bundle in \(folder.root)") }
        var isLost = false
        for name in names {
            let state: State =
                misplaced.putBack.contains(name)
                ? .repaired : misplaced.sound.contains(name) ? .sound : try repair(name, in: folder)
            isLost = isLost || state == .lost || state == .noParity
            let loss = [.lost, .noParity].contains(state) ? try BundleCheck.loss(of: name, in: folder) : nil
            if context.output.isJSON {
                try context.output.json(BackupShape.repaired(bundle: name.text, state: state.rawValue, loss: loss))
            } else if state != .sound {
                let what =
                    misplaced.putBack.contains(name) ? "lay under the name of another, and was put back" : "repaired"
                try context.output.text("\(name.text): \(loss.map { "lost: \($0)" } ?? what)")
            }
        }
        if !isLost { context.output.note("all \(names.count) bundles are sound") }
        let unprotected = try BundleCheck.withoutParity(names, in: folder).count
        if !isLost, unprotected > 0 {
            context.output.note(
                "\(unprotected) of them \(unprotected == 1 ? "has" : "have") no parity; the next `backup create` that goes "
                    + "on with their chain writes it, unless --parity is 0")
        }
        try context.output.finish()
        guard !isLost else { throw ExitCode(ExitStatus.corruption) }
    }

    private func repair(_ name: BundleName, in folder: FileStorage) throws -> State {
        let names: [String]
        do { names = try folder.list("") } catch { throw Failure(ofFile: error) }
        guard !BundleParity.names(of: name, among: names).isEmpty else { return .noParity }
        guard ParityProgram.isInstalled else {
            throw Failure(
                code: "no_parity_program", exit: ExitStatus.failure,
                message: "\(name.text) is damaged, and \(ParityProgram.advice)")
        }
        return try ParityProgram.repair(name, in: folder) ? .repaired : .lost
    }
}
