import Archive
import Capture
import CivilTime
import Hiscores
import ObjectStore
import Reporting
import Scribe
import Settings

/// Writes what captures brought to the project's progress log. A log that cannot be written costs one warning and
/// nothing else.
final class ScribeReporter {
    private let context: CommandContext
    private let showsNames: Bool
    private var project: ScribeProject?

    /// The reporter for a run; silent where Scribe is switched off. Without `showsNames` its entries name no player, no board
    /// and no id.
    init(_ context: CommandContext, showsNames: Bool = true) {
        (self.context, self.showsNames) = (context, showsNames)
        guard context.settings.scribe else { return }
        let file = context.settings.project
        do {
            project = try ScribeProject(parsing: file.bytes, path: file.path, root: file.root)
        } catch {
            context.output.warn("no progress log is kept: \(error)")
        }
    }

    /// One entry for one board: what changed since the snapshot before (`summary`), or why it failed and what to do next.
    func record(_ result: CaptureResult, summary: String?) {
        guard let project else { return }
        let observation = result.entry.observation
        let outcome = result.outcome
        let name = observation.displayName ?? observation.player.key
        let what = showsNames ? "\(name) on \(observation.board.rawValue)" : "an account"
        let message =
            observation.result.isServed
            ? "Captured \(what): \(outcome.rawValue)" + (showsNames ? " — \(summary ?? "")" : "")
            : !showsNames
                ? "Capture of an account failed: \(outcome.rawValue); `status` of the archive says which"
                : "Capture of \(what) failed: "
                    + [
                        observation.evidence.error ?? outcome.rawValue,
                        CaptureText.advice(outcome, listedSince: result.listedSince, earliest: result.earliest),
                    ].compactMap(\.self).joined(separator: "; ")
        var meta = ScribeMeta()
        if showsNames {
            meta.set("player", to: observation.player.key)
            meta.set("board", to: observation.board.rawValue)
        }
        meta.set("outcome", to: outcome.rawValue)
        meta.set("http_status", to: observation.evidence.httpStatus.map(String.init) ?? "none")
        meta.set("attempts", to: String(result.attempts))
        meta.set("latency_ms", to: observation.evidence.latencyMilliseconds.map(String.init) ?? "unknown")
        if showsNames { meta.set("snapshot_id", to: observation.snapshot?.hex ?? "none") }
        append(
            ScribeEntry(
                message, at: observation.capturedAt, project: project,
                status: observation.result.isServed ? .success : .error, meta: meta))
    }

    /// One entry for a run of several boards: what it came to, a warning where some failed.
    func record(_ report: RunReport) {
        guard let project else { return }
        var meta = ScribeMeta()
        meta.set("run", to: report.run)
        meta.set("boards", to: String(report.items.count))
        meta.set("failed", to: String(report.failures))
        meta.set("requests", to: String(report.attempts))
        meta.set("bytes", to: String(report.bytes))
        meta.set("duration_ms", to: String(report.durationMilliseconds))
        append(
            ScribeEntry(
                report.summary, at: report.endedAt, project: project,
                status: report.failures == 0 ? .success : .warn, meta: meta))
    }

    /// One entry for what could not be asked or kept, and ended the run; `target` where it was one in particular.
    func record(failureOf target: CaptureTarget?, _ error: any Error, at moment: Timestamp) {
        guard let project else { return }
        var meta = ScribeMeta()
        if let target, showsNames {
            meta.set("player", to: target.player.key)
            meta.set("board", to: target.board.rawValue)
        }
        let what = target.map { "Capture of \($0.name) on \($0.board.rawValue)" } ?? "A capture"
        let message =
            showsNames ? "\(what) ended the run: \(error)" : "A capture ended the run; its standard error said why"
        append(ScribeEntry(message, at: moment, project: project, status: .error, meta: meta))
    }

    /// One entry for a backup that was restored for practice, and proved; a warning where something was `passedOver`, and
    /// without the head where that is not for everybody.
    func record(
        drillOf folder: String, bundles: Int, observations: Int, passedOver: [String], head: String?,
        at moment: Timestamp
    ) {
        guard let project else { return }
        var meta = ScribeMeta()
        meta.set("bundles", to: String(bundles))
        meta.set("observations", to: String(observations))
        if let head { meta.set("head", to: head) }
        let message =
            passedOver.isEmpty
            ? "Backup drill: everything in \(folder) was restored and proved"
            : "Backup drill: a part of \(folder) was restored and proved; not looked at: "
                + passedOver.joined(separator: "; ")
        append(
            ScribeEntry(
                message, at: moment, project: project, status: passedOver.isEmpty ? .success : .warn, meta: meta))
    }

    /// One entry for a backup that could not be restored.
    func record(failedDrillOf folder: String, _ error: any Error, at moment: Timestamp) {
        guard let project else { return }
        append(
            ScribeEntry(
                "Backup drill of \(folder) failed: \(error)", at: moment, project: project, status: .error,
                meta: ScribeMeta()))
    }

    private func append(_ entry: ScribeEntry) {
        guard let project else { return }
        do {
            try ProgressLog(path: project.progressLog).append(entry)
        } catch {
            context.output.warn("the progress log is not kept: \(error)")
            self.project = nil
        }
    }
}
