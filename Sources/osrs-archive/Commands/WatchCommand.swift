import Archive
import ArgumentParser
import Capture
import CivilTime
import Hiscores
import HiscoresClient
import ObjectStore
import Reporting
import Settings
import Synchronization
import Terminal

struct WatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Keep on capturing the accounts, each on its schedule.",
        discussion: """
            Runs in the foreground until SIGTERM or SIGINT; what is under way is then finished or recorded. Each account \
            is captured once in each of its intervals, at a time of its own; what was slept through is made up for by one \
            capture. The list of accounts is read again when it changes, and on SIGHUP; where it cannot be used at the start, \
            the watch does not begin. One watch an archive. A full disk \
            holds up to 64 MB of answers in memory until there is room; a watch that is stopped meanwhile tries for 30 s \
            more, then names what is lost and ends with 2. A 404 for a player who was listed is asked again \
            after 1, 2, 4 and 8 minutes. Where the service says when to come back (Retry-After, a day at most), nobody is \
            asked before.
            """)

    @OptionGroup(title: "Service") var service: ServiceOptions

    @Flag(help: "Fail where there is no archive yet.") var noCreate = false

    @OptionGroup(title: "Options of every command") var global: GlobalOptions

    /// An outage is waited out for as long as it takes: who could not be asked in an interval is recorded so at its end.
    private static let outage = CircuitBreaker<CaptureTarget>.Policy(patience: nil)

    func run() throws {
        let context = try CommandContext(global, flags: service.settingFlags)
        // There is no list before the first one that could go on: one that cannot be used ends the watch at once.
        _ = try context.watchedAccounts(service)
        let endpoint = try HiscoresEndpoint(context.settings.endpoint)
        let archive = try context.openOrCreateArchive(mayCreate: !noCreate)
        let lock = try context.lockForWatching(archive)
        defer { lock.release() }
        try archive.refuseDamage()
        let engine = context.engine(endpoint, outage: Self.outage, staysOpen: true)
        let requests = WatchRequests()
        Signals.handle(reloads: true) { request in
            requests.note(request)
            return request == .reload || engine.stop()
        }
        let run = RandomIdentifier.run()
        let recorder = context.recorder(into: archive, from: endpoint, run: run)
        context.output.outlivesItsReader = true
        let session = try WatchSession(
            context, service, recorder: recorder, requests: requests,
            reporter: CaptureReporter(
                context, service.destinations, run: run, showsNames: service.showsNames(of: archive)))
        context.output.note("watching; archive \(archive.storage.describe("")), run \(run)")
        do {
            try Watch(engine: engine, recorder: recorder, clock: context.clock, handlers: session.handlers).run()
        } catch {
            session.reporter.recordFailure(error)
            session.reportLoss()
            session.reporter.finishEvents(isStopped: true)
            throw error
        }
        session.reporter.finishEvents(isStopped: true)
        context.output.note("stopped; what arrived is kept")
        try context.output.finish()
        if requests.wasInterrupted { throw ExitCode(ExitStatus.interrupted) }
    }
}

/// What signals asked for, noted on another thread.
final class WatchRequests: Sendable {
    private let state = Mutex((reload: true, interrupted: false))

    /// Notes a request.
    func note(_ request: Signals.Request) {
        state.withLock { state in
            switch request {
            case .reload: state.reload = true
            case .interrupt: state.interrupted = true
            case .terminate: break
            }
        }
    }

    /// Whether the files shall be read anew; once for each request, and at the beginning.
    func takeReload() -> Bool {
        state.withLock { state in
            defer { state.reload = false }
            return state.reload
        }
    }

    /// Whether a person ended it.
    var wasInterrupted: Bool { state.withLock { $0.interrupted } }
}
