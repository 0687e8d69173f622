import Archive
import ArgumentParser
import CivilTime
import Hiscores
import ObjectStore
import Reporting
import Terminal

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Bring in observations from files, folders and other archives.",
        discussion: """
            The format is found out from the content: JSON lines, official JSON, index_lite.ws, snapshot files of the \
            earlier tool, Wise Old Man, Crystal Math Labs, another archive's folder. Importing again adds nothing, and \
            an import that was interrupted is resumed by running it again. What cannot be imported is reported with \
            file and line, and the rest goes on; where that is much, the first 20 of a file and how many more, with --json \
            each.
            """)

    @Option(help: "Whose data it is, where the data does not say.") var player: String?

    @Option(help: "Of which board, where the data does not say; goes before the account type of Wise Old Man.")
    var board: Board?

    @Option(help: ArgumentHelp("When it was captured, where the data does not say.", valueName: "time")) var at: String?

    @Option(help: "The format, where it shall not be found out.") var format: ImportFormat?

    @Flag(help: "Fail where there is no archive yet.") var noCreate = false

    @Argument(help: "Files, folders and pipes; `-` is standard input.", completion: .file()) var sources: [String]

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        context.output.outlivesItsReader = true
        let moment = try at.map(context.time)
        let options = ImportOptions(format: format, player: player, board: board, capturedAt: moment?.start)
        try refuseMissingSources()
        let sources = try self.sources.map(Self.source)
        let storage = try context.storage()
        // Where there is no archive yet it is made for the first thing that can be imported.
        var archive = try noCreate || Archive.exists(in: storage) ? context.openArchive() : nil
        if archive == nil {
            try context.refuseKeyForPlainArchive(storage)
            if (try? storage.rootExists()) == true { try Archive.refuseOtherContents(of: storage) }
        }
        var needsPlace: String?
        var warnings = ImportWarnings(context.output)
        let importer = Importer(
            options: options, lockTimeout: context.lockTimeout,
            opening: { () throws(ArchiveError) in
                if let archive { return archive }
                let made = try context.newArchive(in: storage)
                archive = made
                return made
            }
        ) { event in
            switch event {
            case .rejected(let rejection):
                // Where nothing else comes of the import this is a mistake in the call, said once, at the end.
                if rejection.code == .needsPlaceAndTime, needsPlace == nil {
                    needsPlace = rejection.description
                } else {
                    warnings.warn("not imported: \(rejection)", of: rejection.source)
                }
            case .noted(let note): warnings.warn("\(note)", of: note.source)
            case .committed(let summary): context.output.progress("imported", done: summary.read)
            case .tidying(.sealing(let records)): context.output.progress("sealing records", done: records)
            case .tidying(.merging(_, let records)): context.output.progress("merging records", done: records)
            }
        }
        let summary = try importer.run(sources)
        warnings.end()
        if let needsPlace {
            if summary.rejected == summary.read { throw Failure.usage(needsPlace) }
            context.output.warn("not imported: \(needsPlace)")
        }
        if context.output.isJSON {
            try context.output.json(
                ImportShape.json(
                    read: summary.read, added: summary.added, already: summary.already, rejected: summary.rejected))
        } else {
            try context.output.text(
                TransferText.imported(
                    read: summary.read, marks: summary.marks, added: summary.added, already: summary.already,
                    rejected: summary.rejected, style: context.output.style))
        }
        if let archive { try context.finish(archive) } else { try context.output.finish() }
        if summary.read == 0 {
            throw Failure(
                code: "nothing_found", exit: ExitStatus.failure,
                message: "nothing to import was found in \(self.sources.joined(separator: ", "))")
        }
        guard summary.rejected > 0 else { return }
        throw ExitCode(summary.rejected == summary.read ? ExitStatus.failure : ExitStatus.partial)
    }

    /// Where nothing that was named is there, no archive is made for it.
    private func refuseMissingSources() throws {
        var missing: [String] = []
        for name in sources where name != "-" {
            do {
                let storage = try FileStorage(root: name)
                if try storage.size(of: "") == nil { missing.append(name) }
            } catch {
                // A folder, or what the import itself will complain about.
                continue
            }
        }
        guard missing.count == sources.count else { return }
        throw Failure(
            code: "no_such_file", exit: ExitStatus.failure,
            message: "there is no file or folder \(missing.joined(separator: ", "))")
    }

    private static func source(_ name: String) throws -> ImportSource {
        let pipe = try name == "-" ? nil : NamedPipe(name)
        guard pipe != nil || name == "-" else {
            do { return try ImportSource.path(name) } catch { throw ArchiveError(.io, "\(error)") }
        }
        let place = pipe == nil ? "standard input" : name
        return ImportSource.stream(name: place) { count throws(StorageError) in
            do { return try pipe?.read(count) ?? StandardInput.read(count) } catch {
                throw StorageError(.io, operation: "read", path: place, cause: "\(error)")
            }
        }
    }
}
