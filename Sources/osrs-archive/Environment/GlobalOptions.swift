import ArgumentParser
import Settings

/// The options that every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The archive's folder.", valueName: "dir"), completion: .directory)
    var archive: String?

    @Flag(name: [.short, .long], help: "Say nothing but data, warnings and errors.")
    var quiet = false

    @Option(help: "Colours: auto (on a terminal), always or never.")
    var color: ColorChoice = .auto

    @Flag(help: "Answer in JSON: one object, or one a line where there are many.")
    var json = false

    @Option(help: ArgumentHelp("How long to wait for another process that writes.", valueName: "seconds"))
    var lockTimeout: String?

    enum ColorChoice: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

    /// The settings that these options set.
    var flags: [Setting: String] {
        var flags: [Setting: String] = [:]
        flags[.archiveFolder] = archive
        flags[.lockTimeoutSeconds] = lockTimeout
        return flags
    }

    private static let withValue = ["--archive", "--color", "--lock-timeout"]
    private static let withoutValue = ["-q", "--quiet", "--json"]

    /// The arguments with global options that stand before the command moved behind it, where the parser of each
    /// command takes them.
    static func movedBehindTheCommand(_ arguments: [String]) -> [String] {
        let rest = dropping(from: arguments)
        let moved = arguments.prefix(arguments.count - rest.count)
        guard let first = rest.first else { return arguments }
        // Help takes none of them.
        if ["--version", "--help", "-h", "help"].contains(first) { return Array(rest) }
        guard !moved.isEmpty, !first.hasPrefix("-") else { return arguments }
        var words = 0
        var commands = RootCommand.configuration.subcommands
        for word in rest {
            guard let command = commands.first(where: { $0.configuration.commandName == word }) else { break }
            words += 1
            commands = command.configuration.subcommands
        }
        guard words > 0 else { return Array(rest) + moved }
        let behind = rest.dropFirst(words)
        if !commands.isEmpty, let first = behind.first, ["--help", "-h", "help"].contains(first) { return Array(rest) }
        return Array(rest.prefix(words)) + moved + Array(behind)
    }

    /// What is left of arguments behind the global options at their beginning.
    static func dropping(from arguments: [String]) -> ArraySlice<String> {
        var rest = arguments[...]
        while let first = rest.first {
            if withoutValue.contains(first) || withValue.contains(where: { first.hasPrefix($0 + "=") }) {
                rest = rest.dropFirst()
            } else if withValue.contains(first), rest.count > 1 {
                rest = rest.dropFirst(2)
            } else {
                break
            }
        }
        return rest
    }

    /// Whether the arguments ask for JSON, as far as can be told before they are parsed.
    static func askForJSON(_ arguments: [String]) -> Bool {
        arguments.prefix { $0 != "--" }.contains("--json")
    }
}
