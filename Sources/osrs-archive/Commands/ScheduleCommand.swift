import Archive
import ArgumentParser
import Capture
import ObjectStore
import Reporting
import Settings
import Terminal

struct ScheduleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule", abstract: "Units that keep on capturing.", subcommands: [Print.self])

    struct Print: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "print", abstract: "Write ready units for systemd, cron, Airflow or launchd.",
            discussion: """
                Paths are absolute: those of this program, of the present folder (where .env and config lie) and of the \
                archive. With --folder the archive, too, is the one that the .env and config of that folder name. Comments at the top say where to put the unit. Systemd and launchd keep `watch` running; with \
                --one-shot, and for cron and Airflow always, `capture --due` runs twice in the shortest interval of the list, \
                so that each account is captured once in each interval of its own; print the unit anew when a shorter one \
                comes. Nothing is installed.
                """)

        @Option(help: "systemd, cron, airflow or launchd.") var format: ScheduleFormat

        @Flag(help: "Run `capture` now and then, instead of `watch` all the time.") var oneShot = false

        @Option(
            parsing: .unconditional,
            help: ArgumentHelp(
                "Minutes between two captures of everybody, whatever the list says of single accounts.",
                valueName: "min"))
        var interval: Int?

        @Option(
            help: ArgumentHelp("The folder to run in, with its settings; the present one otherwise.", valueName: "dir"),
            completion: .directory) var folder: String?

        @Option(help: ArgumentHelp("The program's path; this program's otherwise.", valueName: "path")) var program:
            String?

        @Option(help: ArgumentHelp("As whom systemd runs it; yourself otherwise.", valueName: "name")) var user: String?

        @Option(
            help: ArgumentHelp("A list of accounts other than config/accounts.json.", valueName: "file"),
            completion: .file()) var accounts: String?

        @Option(help: ArgumentHelp("Let it write metrics to this file.", valueName: "file"), completion: .file())
        var metricsFile: String?

        @Option(
            help: ArgumentHelp("Let it hand events to this command of the shell.", valueName: "command"))
        var onEvent: String?

        @Option(help: ArgumentHelp("Only this one of several units.", valueName: "name")) var file: String?

        @OptionGroup(title: "Options of every command") var global: GlobalOptions

        func validate() throws {
            if let interval, !AccountEntry.intervals.contains(interval) {
                let allowed = AccountEntry.intervals
                throw ValidationError("--interval must be from \(allowed.lowerBound) to \(allowed.upperBound) minutes")
            }
        }

        func run() throws {
            let folder = try self.folder.map(absolute)
            let context = try CommandContext(global, folder: folder)
            let isPeriodic = oneShot || format.isPeriodicOnly
            guard isPeriodic || interval == nil else {
                throw Failure.usage(
                    "--interval goes with --one-shot: `watch` goes by the interval of each account, then by "
                        + "HISCORES_INTERVAL_MIN in .env")
            }
            guard let program = try self.program.map(absolute) ?? RunningProgram.path else {
                throw Failure.usage("the system does not tell where this program lies; say so with --program")
            }
            let scheduled = ScheduledProgram(
                program: program, folder: try folder ?? absolute("."), archive: try archive(context, folder),
                accounts: try accounts.map(absolute), metricsFile: try metricsFile.map(absolute), eventCommand: onEvent,
                user: user ?? RunningProgram.userName, manner: isPeriodic ? try manner(context) : .service)
            warnOfMissing(scheduled, context)
            var units: [ScheduleUnit]
            do { units = try format.units(for: scheduled) } catch { throw Failure.usage("\(error)") }
            if let file {
                let names = units.map(\.name)
                units = units.filter { $0.name == file }
                if units.isEmpty { throw Failure.usage("there is no \(file): \(names.joined(separator: ", "))") }
            }
            if context.output.isJSON {
                for unit in units { try context.output.json(ScheduleShape.json(unit, format: format)) }
            } else {
                let hasSeveral = units.count > 1
                for unit in units {
                    try context.output.write(Array(((hasSeveral ? "# \(unit.name)\n" : "") + unit.text).utf8))
                }
                if hasSeveral {
                    context.output.note("these are \(units.count) files; --file NAME prints one of them alone")
                }
            }
            try context.output.flush()
        }

        /// Everybody at the interval that is given; else the list's intervals.
        private func manner(_ context: CommandContext) throws -> ScheduledProgram.Manner {
            if let interval { return .periodic(minutes: interval) }
            let list = accounts ?? folder.map { $0 + "/config/accounts.json" }
            return .byTheList(shortestMinutes: try context.watchedIntervals(list).min() ?? context.intervalMinutes)
        }

        /// The archive as the unit will find it: what the folder's own files say of it starts in that folder.
        private func archive(_ context: CommandContext, _ folder: String?) throws -> String {
            let path = context.settings.archiveFolder
            guard let folder, !path.hasPrefix("/") else { return try context.storage().root }
            return switch context.settings.origin(of: .archiveFolder) {
            case .flag, .environment: try context.storage().root
            case .environmentFile, .projectFile, .default:
                try absolute(folder + "/" + (path.hasPrefix("./") ? String(path.dropFirst(2)) : path))
            }
        }

        /// What the unit needs may be on another machine, or come later.
        private func warnOfMissing(_ scheduled: ScheduledProgram, _ context: CommandContext) {
            if (try? FileStorage(root: scheduled.folder).rootExists()) != true {
                context.output.warn("there is no folder \(scheduled.folder) here: the unit fails where it is missing")
            }
            if (try? FileStorage(root: scheduled.program).size(of: "")) == nil {
                context.output.warn("there is no program \(scheduled.program) here: the unit fails where it is missing")
            }
        }

        private func absolute(_ path: String) throws -> String {
            do { return try FileStorage(root: path).root } catch { throw Failure(ofFile: error) }
        }
    }
}
