import Archive
import CivilTime
import Hiscores
import ObjectStore

/// Parts of the lines that tell of an observation.
extension LogEntry {
    /// `main/lynx_titan`.
    var place: String { "\(observation.board.rawValue)/\(Printable.text(observation.player.key))" }

    /// The first 12 digits of the id of the snapshot that is kept; as many hyphens where there is none.
    var shortID: String {
        observation.result == .ok ? observation.snapshot?.abbreviated() ?? noID : noID
    }

    private var noID: String { String(repeating: "-", count: 12) }

    /// What sets the observation apart: ` [clock set] [imputed] [changed hands]`, each with a space in front, or nothing.
    var marks: String {
        let evidence = observation.evidence
        let suspicions = evidence.suspicions.map { String($0.map { $0 == "_" ? " " : $0 }) }
        let marks = (evidence.clockIsSet ? ["clock set"] : []) + evidence.provenance + suspicions
        return marks.map { " [\(Printable.text($0))]" }.joined()
    }

    /// Why an attempt failed: `HTTP 200: the answer is empty`, or nothing where it is not known. Status and redirect are
    /// left out where the sentence of the evidence names them: `the service answered 503: it is down or overloaded`.
    var reason: String {
        let evidence = observation.evidence
        let error = evidence.error ?? ""
        let numbers = error.split { !$0.isNumber }
        let status = evidence.httpStatus.flatMap { numbers.contains("\($0)") ? nil : "HTTP \($0)" }
        let redirect = evidence.redirect.flatMap { error.contains($0) ? nil : ", redirected to \(Printable.text($0))" }
        return [status, evidence.error.map(Printable.text)].compactMap(\.self).joined(separator: ": ")
            + (redirect ?? "")
    }
}
