import Archive
import ArgumentParser
import CivilTime
import Hiscores
import ObjectStore
import Reporting

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write observations for other programs.",
        discussion: """
            jsonl: whole observations, failures too, which import again to equal ids. csv: a table for spreadsheets. \
            tree: files as the earlier Python tool wrote them, in the folder that --to names. Names are taken as they are: renames are not \
            followed.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case jsonl, csv, tree }

    @Option(help: "jsonl, csv or tree.") var format: Format

    @Option(help: "Only this board.") var board: Board?

    @Option(help: ArgumentHelp("From this moment on.", valueName: "time")) var since: String?

    @Option(help: ArgumentHelp("Up to this moment.", valueName: "time")) var until: String?

    @Option(
        help: ArgumentHelp("A file or, for tree, a folder; standard output otherwise.", valueName: "path"),
        completion: .file())
    var to: String?

    @Argument(help: "Whose observations; everybody's where none is named.") var players: [String] = []

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func validate() throws {
        if format == .tree, to == nil || to == "-" { throw ValidationError("--format tree needs --to FOLDER") }
    }

    func run() throws {
        let context = try CommandContext(global)
        let period = try context.period(since: since, until: until)
        let archive = try context.openArchive()
        let selection = ExportSelection(
            players: try selectedPlayers(in: archive), board: board, since: period.since, until: period.until)
        let exporter = Exporter(of: archive, selection) { entry, error in
            context.output.warn("left out \(Comparison.name(entry)): \(error)")
        }
        let summary = try write(exporter, context)
        try report(summary, context)
        try context.finish(archive)
        if summary.failed > 0 { throw ExitCode(ExitStatus.corruption) }
    }

    private func selectedPlayers(in archive: Archive) throws -> Set<PlayerName>? {
        guard !players.isEmpty else { return nil }
        return Set(try players.flatMap { try archive.logs(named: $0).map(\.player) })
    }

    private func write(_ exporter: Exporter, _ context: CommandContext) throws -> ExportSummary {
        guard let to, to != "-" else { return try write(exporter) { bytes in try context.output.write(bytes) } }
        do {
            let target = try FileStorage(root: to)
            let archive = try context.storage().root
            guard target.root != archive, !target.root.hasPrefix(archive + "/") else {
                throw Failure.usage("\(to) lies in the archive itself; name another place with --to")
            }
            if format == .tree {
                try target.createRoot()
                return try exporter.writeTree(to: target)
            }
            return try write(exporter, toFile: target)
        } catch let error as StorageError {
            throw Failure(ofFile: error)
        }
    }

    /// Writes a file that appears under its name once it is whole.
    private func write(_ exporter: Exporter, toFile target: FileStorage) throws -> ExportSummary {
        let folder = try FileStorage(root: StoragePath.parent(of: target.root))
        let name = StoragePath.name(of: target.root)
        // Only a regular file is replaced: the look at its size refuses folders, devices and pipes.
        do { _ = try folder.size(of: name) } catch {
            throw Failure(
                code: "io", exit: ExitStatus.failure,
                message: "cannot write \(target.root): \(error.cause); without --to the data goes to standard output")
        }
        let temporary = ".\(name).\(RandomIdentifier.run()).part"
        try folder.create(temporary, [])
        var size = 0
        let summary: ExportSummary
        do {
            summary = try write(exporter) { bytes in
                try folder.append(temporary, at: size, bytes)
                size += bytes.count
            }
            try folder.synchronize(temporary)
            try folder.rename(temporary, to: name)
        } catch {
            try? folder.remove(temporary)
            throw error
        }
        try folder.synchronizeFolder("")
        return summary
    }

    private func write(_ exporter: Exporter, to sink: ([UInt8]) throws -> Void) throws -> ExportSummary {
        switch format {
        case .jsonl: try exporter.writeLines(to: sink)
        case .csv, .tree: try exporter.writeTable(to: sink)
        }
    }

    private func report(_ summary: ExportSummary, _ context: CommandContext) throws {
        if let to, to != "-", context.output.isJSON {
            try context.output.json(
                ExportShape.json(
                    format: format.rawValue, path: to, written: summary.written, already: summary.already,
                    failed: summary.failed))
        } else {
            context.output.note(
                TransferText.exported(
                    written: summary.written, already: summary.already, failed: summary.failed, path: to))
        }
        try context.output.flush()
    }
}
