import Archive
import CivilTime
import Hiscores
import ObjectStore

/// An archive in memory, with what an import into it reported.
final class ImportBench {
    let archive: Archive
    private(set) var events: [ImportEvent] = []

    init() throws { archive = try SampleData.archive(in: MemoryStorage()) }

    /// Imports sources and gives the counts of this import alone.
    @discardableResult
    func run(_ sources: [ImportSource], _ options: ImportOptions = ImportOptions()) throws -> ImportSummary {
        events = []
        let importer = Importer(into: archive, options: options, lockTimeout: SampleData.atOnce) {
            self.events.append($0)
        }
        return try importer.run(sources)
    }

    /// Imports one text under the name `input`.
    @discardableResult
    func run(_ text: String, _ options: ImportOptions = ImportOptions()) throws -> ImportSummary {
        try run(Array(text.utf8), options)
    }

    /// Imports one text under the name `input`.
    @discardableResult
    func run(_ bytes: [UInt8], _ options: ImportOptions = ImportOptions()) throws -> ImportSummary {
        try run([Self.source(bytes)], options)
    }

    static func source(_ bytes: [UInt8], name: String = "input") -> ImportSource {
        .stored(in: MemoryStorage(files: ["input": bytes], folders: []), "input", name: name)
    }

    var rejections: [ImportRejection] {
        events.compactMap { if case .rejected(let rejection) = $0 { rejection } else { nil } }
    }

    var notes: [String] {
        events.compactMap { if case .noted(let note) = $0 { note.description } else { nil } }
    }

    /// All observations by player, board and time.
    var observations: [Observation] {
        get throws { try archive.history.allLogs().flatMap { try $0.entries().map(\.observation) } }
    }

    /// The document of an observation as text.
    func text(_ observation: Observation?) throws -> String? {
        try observation?.snapshot.map { String(decoding: try archive.document($0), as: UTF8.self) }
    }

    /// Everything that an archive says of the world, for comparison: observations with their evidence, in the order of
    /// the sequence, and the bytes of their documents.
    static func contents(of archive: Archive) throws -> [String] {
        try archive.entries().map { entry in
            let document = try archive.document(of: entry)
            return "\(entry.record) \(document.map { SHA256.digest($0).hex } ?? "-")"
        }
    }
}

extension ImportSummary {
    /// `read added already rejected`, for comparison.
    var counts: [Int] { [read, added, already, rejected] }
}
