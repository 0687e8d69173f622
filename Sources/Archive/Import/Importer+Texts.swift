import CanonicalJSON
import ObjectStore

/// Texts: read line by line, or as a whole.
extension Importer {
    /// Takes one text. False where it was passed over: in a folder, what is of another format than the one asked for,
    /// or, where none was, no JSON that an import knows.
    @discardableResult
    func takeText(_ reader: inout ChunkReader, name: String, isInFolder: Bool) throws(ArchiveError) -> Bool {
        if let format = options.format, !isInFolder {
            try takeText(&reader, as: format, name: name)
            return true
        }
        let finding: FormatDetection.Finding
        do {
            let (head, isWhole) = try reader.head()
            finding = FormatDetection.look(at: head, isWhole: isWhole)
        } catch {
            reject(error, name: name)
            return true
        }
        switch finding {
        case .format(let format) where isInFolder && (options.format ?? format) != format: return false
        case .format(.ws) where isInFolder && options.format == nil: return false
        case .format(.cml) where isInFolder && options.format == nil: return false
        case .format(let format): try takeText(&reader, as: format, name: name)
        case .json:
            guard let text = whole(&reader, name: name) else { return true }
            return try takeJSON(text, name: name, isInFolder: isInFolder)
        case .unknownJSON, .empty, .webPage, .byteOrderMark, .unknown:
            if isInFolder { return false }
            reject(Self.failure(of: finding), from: name)
        }
        return true
    }

    private func takeText(
        _ reader: inout ChunkReader, as format: ImportFormat, name: String
    ) throws(ArchiveError) {
        switch format {
        case .jsonl: try takeLines(&reader, name: name, ObservationLine.decode)
        case .cml:
            // No line of it says whose it is, so that is no matter of a line.
            try takeLines(&reader, name: name, CrystalMathLabs.decode, rejectsPlaceOnce: true)
        case .ws:
            guard let text = whole(&reader, name: name) else { return }
            try takeOne(name: name) { () throws(ImportFailure) in
                let place = try ImportPlace(player: nil, board: nil, capturedAt: nil, or: options)
                return try builder.snapshot(indexLite: text, at: place)
            }
        case .official, .tree, .wom, .archive:
            guard let text = whole(&reader, name: name), let root = parse(text, name: name) else { return }
            try take(root, as: format, name: name)
        }
    }

    /// Rejects what lacks its player, board or time in one text: each kind of lack once, with its count.
    func reject(_ placeless: [ImportFailure: Int], from name: String) {
        for (failure, count) in placeless.sorted(by: { $0.key.reason < $1.key.reason }) {
            let suffix = count > 1 ? " (\(count.counted("snapshot")))" : ""
            reject(ImportFailure(failure.code, failure.reason + suffix), from: name, count: count)
        }
    }

    // MARK: Bodies

    /// All of a text; where it cannot be had, that is rejected.
    private func whole(_ reader: inout ChunkReader, name: String) -> [UInt8]? {
        do {
            if let text = try reader.rest() {
                if !text.isEmpty { return text }
                reject(Self.failure(of: .empty), from: name)
                return nil
            }
            reject(
                ImportFailure(
                    .tooLarge,
                    "it is longer than \(ChunkReader.textLimit) bytes, and not one JSON object a line; "
                        + "name its format with --format"),
                from: name)
        } catch {
            reject(error, name: name)
        }
        return nil
    }

    private func parse(_ text: [UInt8], name: String) -> JSONNode? {
        do { return try JSONDocument(parsing: text).root } catch {
            let line = text.lineNumber(ofByteAt: error.offset)
            reject(ImportFailure(.malformed, "\(error)", line: line), from: name)
            return nil
        }
    }

    private func takeJSON(_ text: [UInt8], name: String, isInFolder: Bool) throws(ArchiveError) -> Bool {
        guard let root = parse(text, name: name) else { return true }
        guard let format = FormatDetection.format(of: root), (options.format ?? format) == format else {
            if isInFolder { return false }
            reject(Self.failure(of: .unknownJSON), from: name)
            return true
        }
        guard format != .jsonl else {
            try takeOne(name: name) { () throws(ImportFailure) in
                try ObservationLine.decode(text, options, builder)
            }
            return true
        }
        try take(root, as: format, name: name)
        return true
    }

    private func take(_ root: JSONNode, as format: ImportFormat, name: String) throws(ArchiveError) {
        switch format {
        case .wom:
            var placeless: [ImportFailure: Int] = [:]
            for result in WiseOldMan.decode(root, options, builder) {
                if case .failure(let failure) = result, failure.code == .needsPlaceAndTime {
                    placeless[failure, default: 0] += 1
                } else {
                    try takeOne(name: name) { () throws(ImportFailure) in try result.get() }
                }
            }
            reject(placeless, from: name)
        case .tree:
            try takeOne(name: name) { () throws(ImportFailure) in
                try SnapshotFile.decode(root, options, builder)
            }
        case .official, .jsonl, .ws, .cml, .archive:
            try takeOne(name: name) { () throws(ImportFailure) in
                let place = try ImportPlace(player: nil, board: nil, capturedAt: nil, or: options)
                return try builder.snapshot(root, at: place)
            }
        }
    }

    private func takeOne(
        name: String, _ decode: () throws(ImportFailure) -> ImportedObservation
    ) throws(ArchiveError) {
        let imported: ImportedObservation
        do throws(ImportFailure) { imported = try decode() } catch { return reject(error, from: name) }
        try add(imported, from: name)
    }

    private static func failure(of finding: FormatDetection.Finding) -> ImportFailure {
        switch finding {
        case .empty: ImportFailure(.unknownFormat, "it is empty")
        case .webPage:
            ImportFailure(
                .unknownFormat, "it is a web page, such as the hiscores answer with during an outage: no snapshot")
        case .byteOrderMark:
            ImportFailure(
                .unknownFormat,
                "it begins with a byte order mark, which no format has: take it away, as with sed '1s/^\\xEF\\xBB\\xBF//'"
            )
        case .unknownJSON:
            ImportFailure(.unknownFormat, "it is JSON, but none that an import knows; see `osrs-archive import --help`")
        case .unknown, .json, .format:
            ImportFailure(.unknownFormat, "it is nothing that an import knows; name its format with --format")
        }
    }
}
