import CanonicalJSON
import CivilTime
import Hiscores
public import ObjectStore

extension Exporter {
    /// The ok observations as files of the earlier Python tool, `<player>/<YYYYMMDD_HHMMSS>.json` in `folder`: one
    /// folder a player, all boards in it; a second capture within a second is `…_2.json`, and so on.
    ///
    /// Files appear whole or not at all, and are durable when this returns. None is ever replaced: one that holds the
    /// same capture counts as already there, and one that holds anything else keeps its name. Throws the
    /// `StorageError` of the folder, and `ArchiveError` where the history cannot be read.
    public func writeTree(to folder: any Storage) throws -> ExportSummary {
        var summary = ExportSummary()
        for player in try archive.history.players() {
            let logs = try archive.history.logs(of: player).filter { selection.includes(player, $0.board) }
            if logs.isEmpty { continue }
            let name = Self.folderName(try archive.history.displayName(of: player), player)
            var isNew = true
            for log in logs {
                var rows = selectedSuccesses(of: log)
                while let row = try rows.next() {
                    if isNew { try folder.createFolder(name) }
                    isNew = false
                    try write(log.entry(of: row), of: log, to: folder, name, &summary)
                }
            }
            if !isNew { try folder.synchronizeFolder(name) }
        }
        try folder.synchronizeFolder("")
        return summary
    }

    private func write(
        _ entry: LogEntry, of log: RefLog, to folder: any Storage, _ name: String, _ summary: inout ExportSummary
    ) throws(StorageError) {
        let observation = entry.observation
        guard let id = observation.snapshot, let document = read(entry) else {
            summary.failed += 1
            return
        }
        guard let path = try freePath(for: observation, in: folder, name) else {
            summary.already += 1
            return
        }
        // A delta is a convenience: without the document before, the file is written with none.
        let previous = (try? log.success(before: entry.row))
            .flatMap { try? archive.document(of: $0) }.flatMap(HiscoreDocument.init(parsing:))
        let file: [UInt8]
        do { file = try SnapshotFile.encode(observation, document: document, previous: previous) } catch {
            report(entry, ArchiveError(.corrupt, "the document \(id.hex) is no JSON: \(error)"))
            summary.failed += 1
            return
        }
        let temporary = "\(name)/.export.tmp"
        if try folder.size(of: temporary) != nil { try folder.remove(temporary) }
        try folder.create(temporary, file)
        try folder.synchronize(temporary)
        try folder.rename(temporary, to: path)
        summary.written += 1
    }

    /// The first of the names for an observation that is free, or nil where one of them holds that observation.
    private func freePath(
        for observation: Observation, in folder: any Storage, _ name: String
    ) throws(StorageError) -> String? {
        let base = "\(name)/\(observation.capturedAt.fileNameText)"
        var number = 1
        while true {
            let path = number == 1 ? "\(base).json" : "\(base)_\(number).json"
            guard let size = try folder.size(of: path) else { return path }
            if size <= ChunkReader.textLimit,
                let root = try? JSONDocument(parsing: folder.readAll(path, limit: size)).root,
                let found = try? SnapshotFile.decode(root, ImportOptions(), builder),
                found.observation.identity == observation.identity
            {
                return nil
            }
            number += 1
        }
    }

    /// The earlier tool's folder of a player: the name as spelled, spaces as `_`. Where that could be no file name, the
    /// key, with everything but letters, digits, `_` and `-` as `%` and hex digits.
    private static func folderName(_ displayName: String?, _ player: PlayerName) -> String {
        if let displayName, let name = try? PlayerName.validated(displayName),
            PlayerName(normalising: name) == player
        {
            return String(name.map { $0 == " " ? "_" : $0 })
        }
        return player.key.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
                UInt8(ascii: "-"):
                String(UnicodeScalar(byte))
            default: "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }.joined()
    }
}
