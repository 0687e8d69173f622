import ArgumentParser
import CivilTime
import ObjectStore
import Reporting
import Scribe
import Settings

struct ScribeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scribe", abstract: "Append an entry to the project's progress log.",
        discussion: """
            The log is named by `progress_log` in config/project.json. Several pairs may follow one --meta; a word \
            without `=` ends them and is the message.
            """)

    @Option(name: [.short, .long], help: "An emoji; goes before the status's and the default one.") var emoji: String?

    @Option(name: [.short, .long], help: "info ℹ️, success ✅, warn ⚠️, error ❌, bug 🐞 or plan 🧭.") var status:
        ScribeStatus?

    @Option(name: [.short, .long], help: "Who writes.") var agent: String?

    @Option(name: [.short, .long], parsing: .upToNextOption, help: ArgumentHelp("Facts.", valueName: "key=value"))
    var meta: [String] = []

    @Option(name: [.short, .long], help: ArgumentHelp("The project file.", valueName: "path")) var config: String?

    @Option(name: [.short, .long], help: "The time as it shall stand in the entry; now, in UTC, otherwise.")
    var timestamp: String?

    @Flag(help: "Print the entry and write nothing.") var dryRun = false

    @Argument(help: "What happened.") var message: String?

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        if let config, try FileStorage(root: config).size(of: "") == nil {
            throw ScribeError.projectFileNotFound(path: config)
        }
        let context = try CommandContext(global, flags: config.map { [.projectFile: $0] } ?? [:])
        let (pairs, text) = try ScribeArguments.splitMeta(words: meta, message: message)
        let file = context.settings.project
        let project = try ScribeProject(parsing: file.bytes, path: file.path, root: file.root)
        let entry =
            if let timestamp {
                ScribeEntry(
                    text, time: timestamp, project: project, emoji: self.emoji, status: status, agent: agent,
                    meta: pairs)
            } else {
                ScribeEntry(
                    text, at: context.clock.now(), project: project, emoji: self.emoji, status: status, agent: agent,
                    meta: pairs)
            }
        if !dryRun { try ProgressLog(path: project.progressLog).append(entry) }
        if context.output.isJSON {
            try context.output.json(
                ScribeShape.json(path: project.progressLog, entry: entry.text, isWritten: !dryRun))
        } else {
            try context.output.text((dryRun ? "" : "Wrote entry to \(project.progressLog):\n") + entry.text)
        }
        try context.output.flush()
    }
}
