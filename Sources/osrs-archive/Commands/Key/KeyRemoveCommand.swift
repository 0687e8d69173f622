import Archive
import ArgumentParser
import ObjectStore
import Reporting

struct KeyRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a key slot: what opened it opens nothing any more.",
        discussion: """
            The last slot cannot be removed. Somebody who has opened the archive before may have copied its master key, \
            which stays the same: `reencrypt` makes another one.
            """)

    @Argument(help: "The slot's id as `key list` shows it, or its first four digits or more.") var slot: String

    /// So many digits are not typed by chance, and what is removed does not come back.
    private static let fewestDigits = 4

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let removed = try context.changeKeySlots { _, _, slots in
            let named = slots.filter { Hexadecimal.text($0.id).hasPrefix(slot.lowercased()) }
            guard let only = named.first, named.count == 1 else {
                throw Failure(
                    code: named.isEmpty ? "ref_not_found" : "ambiguous_ref",
                    exit: named.isEmpty ? ExitStatus.notFound : ExitStatus.usage,
                    message: named.isEmpty
                        ? "no key slot begins with \(slot); `osrs-archive key list` shows them"
                        : "\(named.count) key slots begin with \(slot); give more digits", ref: slot,
                    candidates: named.map(\.name))
            }
            guard slot.utf8.count >= Self.fewestDigits else {
                throw Failure.usage(
                    "a removed slot does not come back: give \(Self.fewestDigits) digits or more of \(only.name)")
            }
            return (slots.filter { $0 != only }, only)
        }
        try context.report("removed", removed)
    }
}
