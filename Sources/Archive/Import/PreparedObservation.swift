import ObjectStore

/// An observation as the archive takes it in: checked, with the bytes of its record, its document taken apart.
struct PreparedObservation: Sendable {
    var observation: Observation
    /// Its canonical JSON.
    var record: [UInt8]
    var key: ObservationKey
    /// Its document, where it names one that is kept.
    var document: PreparedDocument?
    /// What the person should know of it.
    var note: String?
}

extension ObservationBuilder {
    /// Prepares an observation; refuses what a record does not hold.
    func prepare(_ imported: ImportedObservation) throws(ImportFailure) -> PreparedObservation {
        let record: [UInt8]
        do { record = try RecordFormat.encode(.observation(imported.observation)) } catch {
            throw ImportFailure(.tooLarge, "its record cannot be kept: \(error)")
        }
        return PreparedObservation(
            observation: imported.observation, record: record, key: key(of: imported.observation),
            document: imported.document, note: imported.note)
    }
}

extension PreparedDocument {
    /// The document of an observation, taken apart; nil where the observation names none that is kept.
    init?(_ bytes: [UInt8], of observation: Observation) {
        guard let id = observation.documentID else { return nil }
        self.init(bytes, ids: PackedRows.PackedIDs(document: id, progress: observation.progress))
    }

    /// The document's bytes.
    func bytes() throws(PackError) -> [UInt8] {
        switch content {
        case .raw(let bytes): return bytes
        case .table(let text, let numbers):
            var bytes: [UInt8] = []
            guard (try? Template(text: text))?.render(numbers, into: &bytes) == true else {
                throw .corrupt("a document does not fit its template", offset: 0)
            }
            return bytes
        }
    }
}
