import Archive
import CivilTime
import Hiscores
import ObjectStore

/// Parts of the lines that tell of an observation.
extension LogEntry {
    /// `main/lynx_titan`.
    var place: String { "\(observation.board.rawValue)/\(Printable.text(observation.player.key))" }

    /// The first 12 digits of the snapshot's id; as many hyphens for a failure.
    var shortID: String { observation.snapshot?.abbreviated() ?? String(repeating: "-", count: 12) }

    /// What sets the observation apart: ` [clock set] [imputed]`, each with a space in front, or nothing.
    var marks: String {
        let marks = (observation.evidence.clockIsSet ? ["clock set"] : []) + observation.evidence.provenance
        return marks.map { " [\(Printable.text($0))]" }.joined()
    }

    /// Why an attempt failed: `HTTP 503: the service answered 503, redirected to …`, or nothing where it is not known.
    var reason: String {
        let evidence = observation.evidence
        let status = evidence.httpStatus.map { ["HTTP \($0)"] } ?? []
        let error = evidence.error.map { [Printable.text($0)] } ?? []
        let redirect = evidence.redirect.map { ", redirected to \(Printable.text($0))" } ?? ""
        return (status + error).joined(separator: ": ") + redirect
    }
}
