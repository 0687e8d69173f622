import Archive
import ArgumentParser
import CivilTime
import Hiscores
import Reporting

struct TagCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tag", abstract: "List, show, set or delete names for moments.",
        discussion: """
            Without a name all tags are listed; with a name alone that one is shown; with a reference it is set. A tag \
            stays where it was put when newer snapshots come.
            """)

    @Option(name: .short, help: ArgumentHelp("Delete this tag.", valueName: "name")) var delete: String?

    @Flag(name: [.short, .long], help: "Move the tag where it stands already.") var force = false

    @Argument(help: "The tag's name: letters, digits, `.`, `_` and `-`.") var name: String?

    @Argument(help: "What it shall stand for.") var ref: String?

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func validate() throws {
        if delete != nil, name != nil || force { throw ValidationError("-d takes the tag's name and nothing else") }
        if force, ref == nil { throw ValidationError("-f goes with a name and a reference") }
    }

    func run() throws {
        let context = try CommandContext(global)
        let archive = try context.openArchive()
        if let delete {
            try remove(delete, from: archive, context)
        } else if let name, let ref {
            try set(name, to: ref, in: archive, context)
        } else {
            try list(try selected(from: archive), context.output)
        }
        try context.finish(archive)
    }

    private func selected(from archive: Archive) throws -> [Tag] {
        guard let name else { return archive.history.tags.values.sorted { $0.name < $1.name } }
        return [try existing(name, in: archive)]
    }

    private func existing(_ name: String, in archive: Archive) throws -> Tag {
        guard let tag = archive.history.tag(name) else {
            throw ArchiveError(
                .refNotFound, "there is no tag \(name); `osrs-archive tag` lists those that are", ref: name,
                candidates: archive.history.tags.keys.sorted())
        }
        return tag
    }

    private func set(_ name: String, to ref: String, in archive: Archive, _ context: CommandContext) throws {
        guard Tag.isValidName(name) else {
            throw Failure.usage(
                "`\(name)` is no tag name: use 1 to 64 letters, digits, `.`, `_` and `-`, a letter or digit first")
        }
        let revision = try archive.resolve(ref, now: context.clock.now())
        if !force, let standing = archive.history.tag(name), standing.target?.snapshot != revision.snapshot {
            throw ArchiveError(
                .tagExists, "the tag \(name) stands for another moment already; move it with -f", ref: name)
        }
        try commit(
            Tag(name: name, recordedAt: context.clock.now(), target: revision.moment), to: archive, context)
        if let player = PlayerName(normalising: name), try !archive.history.logs(of: player).isEmpty {
            context.output.warn("there is a player of that name, too: write tag:\(name) or player:\(name) from now on")
        }
    }

    private func remove(_ name: String, from archive: Archive, _ context: CommandContext) throws {
        _ = try existing(name, in: archive)
        try commit(Tag(name: name, recordedAt: context.clock.now(), target: nil), to: archive, context)
    }

    private func commit(_ tag: Tag, to archive: Archive, _ context: CommandContext) throws {
        var batch = Batch()
        batch.add(.tag(tag))
        try archive.commit(batch, lockTimeout: context.lockTimeout)
        guard let standing = archive.history.tag(tag.name) else {
            if context.output.isJSON { try context.output.json(TagShape.json(tag)) }
            return context.output.note("deleted the tag \(tag.name)")
        }
        try list([standing], context.output)
    }

    private func list(_ tags: [Tag], _ output: Output) throws {
        guard output.isJSON else { return try output.text(TagText.table(tags, style: output.style)) }
        for tag in tags { try output.json(TagShape.json(tag)) }
    }
}
