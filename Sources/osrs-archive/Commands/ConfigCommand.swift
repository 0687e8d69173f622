import ArgumentParser
import Capture
import Reporting
import Settings

struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Settings, and where they come from.", subcommands: [Show.self])

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "show", abstract: "Print every setting; secrets are hidden.",
            discussion: "Order: flag, environment, .env in the working directory, config/project.json, default.")

        @Flag(help: "Print where each value comes from.") var origin = false

        @OptionGroup(title: "Options of every command") var global: GlobalOptions

        func run() throws {
            let context = try CommandContext(global)
            let rows = context.settings.describe().map {
                (name: $0.setting.rawValue, value: $0.value, origin: "\($0.origin)")
            }
            if context.output.isJSON {
                for row in rows {
                    try context.output.json(ConfigShape.json(name: row.name, value: row.value, origin: row.origin))
                }
            } else if origin {
                try context.output.text(ConfigText.table(rows, style: context.output.style))
            } else {
                for row in rows { try context.output.text("\(row.name)=\(Printable.text(row.value ?? ""))") }
            }
            try context.output.flush()
            warnOfTheLoad(context)
        }

        /// Warns where the accounts need more requests than the pace allows. A list that cannot be read is worth a warning,
        /// too: the settings themselves are shown.
        private func warnOfTheLoad(_ context: CommandContext) {
            do {
                let load = CaptureLoad(
                    try context.accountsFile(nil)?.entries ?? [], defaultIntervalMinutes: context.intervalMinutes,
                    pacePerSecond: context.pacePerSecond)
                if load.isTooMuch { context.output.warn(load.warning) }
            } catch {
                context.output.warn(Failure(error)?.message ?? "\(error)")
            }
        }
    }
}
