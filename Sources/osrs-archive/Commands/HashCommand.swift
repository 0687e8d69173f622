import Archive
import ArgumentParser
import CanonicalJSON
import ObjectStore
import Reporting
import Terminal

struct HashCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash", abstract: "Print the id of any JSON document, or its canonical form.",
        discussion: "The id is the SHA-256 of the canonical JSON (RFC 8785). Needs no archive.")

    @Flag(help: "Write the canonical bytes instead of the id, without a line feed.") var canonical = false

    @Argument(help: "A file; `-` or nothing reads standard input.", completion: .file()) var file: String = "-"

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    func run() throws {
        let context = try CommandContext(global)
        let bytes = try InputFile.read(file, limit: JSONLimits().bytes)
        let form: [UInt8]
        do throws(JSONError) {
            form = try JSONDocument(parsing: bytes).root.canonicalBytes()
        } catch {
            let name = file == "-" ? "standard input" : file
            throw Failure(code: "invalid_json", exit: ExitStatus.failure, message: "\(name): \(error)")
        }
        if canonical {
            try context.output.write(form)
        } else {
            let id = SHA256.digest(form)
            if context.output.isJSON {
                try context.output.json(HashShape.json(id, bytes: form.count))
            } else {
                try context.output.text(id.hex)
            }
        }
        try context.output.flush()
    }
}
