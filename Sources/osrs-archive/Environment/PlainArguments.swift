import ArgumentParser

/// A command that people wait for at a prompt, and that takes its plain arguments itself.
///
/// The argument parser finds out at run time what a command takes, and looks through every protocol conformance of the
/// program each time it meets a type: more than a program that only prints hello takes from start to end. So plain
/// arguments never reach it. All others do: it alone explains mistakes, shows help, and completes.
protocol PromptCommand: ParsableCommand {
    /// Takes the arguments of this command and sets every property, since a property of the argument parser that nobody
    /// set must not be read. Options come before positionals, which are what is left.
    init(_ arguments: inout PlainArguments)
}

/// The arguments behind a command's name while it takes them: options in two words, flags, and positionals.
struct PlainArguments {
    /// Those that nobody took yet; nil where one was taken.
    private var words: [String?]
    /// Whether all that was taken so far is as the argument parser would take it.
    private var isPlain = true

    init(_ words: [String]) { self.words = words }

    /// The command that the words of a command line ask for; nil where the argument parser must look at them.
    static func command(_ words: [String]) -> (any ParsableCommand)? {
        guard let name = words.first, let type = commands.first(where: { $0.configuration.commandName == name }) else {
            return nil
        }
        var arguments = PlainArguments(Array(words.dropFirst()))
        var command = type.init(&arguments)
        guard arguments.isPlain, arguments.words.allSatisfy({ $0 == nil }), (try? command.validate()) != nil else {
            return nil
        }
        return command
    }

    /// Whether a flag is there, once.
    mutating func flag(_ names: String...) -> Bool {
        guard let index = index(of: names) else { return false }
        words[index] = nil
        return true
    }

    /// The value of an option, converted; nil where the option is not there.
    mutating func value<Value>(_ name: String, _ convert: (String) -> Value?) -> Value? {
        guard let index = index(of: [name]) else { return nil }
        guard index + 1 < words.count, let text = words[index + 1], Self.isValue(text), let value = convert(text) else {
            isPlain = false
            return nil
        }
        (words[index], words[index + 1]) = (nil, nil)
        return value
    }

    /// The value of an option.
    mutating func value(_ name: String) -> String? { value(name) { $0 } }

    /// The next positional; nil where there is none.
    mutating func positional() -> String? {
        guard let index = words.firstIndex(where: { $0 != nil }), let word = words[index], Self.isValue(word) else {
            return nil
        }
        words[index] = nil
        return word
    }

    /// The next positional, which must be there.
    mutating func requiredPositional() -> String {
        if let word = positional() { return word }
        isPlain = false
        return ""
    }

    /// All positionals that are left, of which one must be there.
    mutating func requiredPositionals() -> [String] {
        var positionals = [requiredPositional()]
        while let next = positional() { positionals.append(next) }
        return positionals
    }

    /// Where an option stands. One that stands there twice is not plain.
    private mutating func index(of names: [String]) -> Int? {
        let indices = words.indices.filter { index in words[index].map(names.contains) ?? false }
        if indices.count > 1 { isPlain = false }
        return indices.first
    }

    /// Words with a dash may be options, and no word at all is for the argument parser to think about.
    private static func isValue(_ word: String) -> Bool { !word.isEmpty && !word.hasPrefix("-") }
}
