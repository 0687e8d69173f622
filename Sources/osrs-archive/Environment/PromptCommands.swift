import Archive
import Hiscores

// How the commands that people wait for at a prompt take plain arguments: what their properties and their argument
// parser's declarations say, once more. A test holds the two against each other.

extension PlainArguments {
    /// The commands that take plain arguments.
    static let commands: [any PromptCommand.Type] = [
        LogCommand.self, ShowCommand.self, DiffCommand.self, CatCommand.self, ImportCommand.self,
    ]
}

extension GlobalOptions {
    /// The options of every command.
    init(_ arguments: inout PlainArguments) {
        self.init()
        archive = arguments.value("--archive")
        quiet = arguments.flag("-q", "--quiet")
        color = arguments.value("--color", ColorChoice.init) ?? .auto
        json = arguments.flag("--json")
        lockTimeout = arguments.value("--lock-timeout")
    }
}

extension LogCommand: PromptCommand {
    init(_ arguments: inout PlainArguments) {
        self.init()
        global = GlobalOptions(&arguments)
        number = arguments.value("-n") { Int($0) }
        since = arguments.value("--since")
        until = arguments.value("--until")
        board = arguments.value("--board", Board.init(argument:))
        failures = arguments.flag("--failures")
        patch = arguments.flag("-p", "--patch")
        stat = arguments.flag("--stat")
        oneline = arguments.flag("--oneline")
        noFollow = arguments.flag("--no-follow")
        player = arguments.positional()
    }
}

extension ShowCommand: PromptCommand {
    init(_ arguments: inout PlainArguments) {
        self.init()
        global = GlobalOptions(&arguments)
        changes = arguments.flag("--changes")
        all = arguments.flag("--all")
        noFollow = arguments.flag("--no-follow")
        ref = arguments.requiredPositional()
    }
}

extension DiffCommand: PromptCommand {
    init(_ arguments: inout PlainArguments) {
        self.init()
        global = GlobalOptions(&arguments)
        format = arguments.value("--format", Format.init)
        stat = arguments.flag("--stat")
        ranks = arguments.flag("--ranks")
        all = arguments.flag("--all")
        exitCode = arguments.flag("--exit-code")
        ignoreRanks = arguments.flag("--ignore-ranks")
        noFollow = arguments.flag("--no-follow")
        from = arguments.requiredPositional()
        to = arguments.positional()
    }
}

extension CatCommand: PromptCommand {
    init(_ arguments: inout PlainArguments) {
        self.init()
        global = GlobalOptions(&arguments)
        noFollow = arguments.flag("--no-follow")
        ref = arguments.requiredPositional()
    }
}

extension ImportCommand: PromptCommand {
    init(_ arguments: inout PlainArguments) {
        self.init()
        global = GlobalOptions(&arguments)
        player = arguments.value("--player")
        board = arguments.value("--board", Board.init(argument:))
        at = arguments.value("--at")
        format = arguments.value("--format", ImportFormat.init)
        noCreate = arguments.flag("--no-create")
        sources = arguments.requiredPositionals()
    }
}
