import Archive
import ArgumentParser
import Capture
import CivilTime
import HiscoresClient
import Settings

/// The options of commands that ask the service: whom to ask, how, and who is told.
struct ServiceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A list of accounts as JSON.", valueName: "file"), completion: .file()) var accounts:
        String?

    @Option(help: ArgumentHelp("Another service than the official one.", valueName: "url")) var endpoint: String?

    // Taken whatever they look like: a negative number is refused as a number, and not as an option that nobody knows.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Requests a second over all accounts; 1 unless set.", valueName: "number"))
    var pace: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How often a request that failed is sent again; 4 unless set.", valueName: "number"))
    var retries: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The longest wait before the first retry, in milliseconds; it doubles with each. 1000 unless set.",
            valueName: "ms"))
    var backoff: String?

    @Option(
        help: ArgumentHelp(
            "Which snapshots are kept that differ from the one before in ranks alone; every one unless set here or for "
                + "the account.",
            valueName: "every|daily|changed"))
    var ranks: RankPolicy?

    @Option(
        help: ArgumentHelp(
            "Write metrics of the last run to this file, in one step, for the textfile collector of node_exporter.",
            valueName: "file"), completion: .file())
    var metricsFile: String?

    @Option(
        help: ArgumentHelp(
            "Run this command of the shell for levels, 99s, first kills, failures in a row and names that changed hands: "
                + "a JSON line each on its standard input.",
            valueName: "command"))
    var onEvent: String?

    @Flag(
        help: """
            With an encrypted archive: write players, boards and snapshots into the progress log, the metrics, log lines \
            and config/mode_cache.json all the same.
            """)
    var logNames = false

    /// Whether names may stand outside of an archive: beside an encrypted one only where that is asked for.
    func showsNames(of archive: Archive) -> Bool { logNames || !archive.configuration.isEncrypted }

    /// The settings that the options give.
    var settingFlags: [Setting: String] {
        let options: [(Setting, String?)] = [
            (.endpoint, endpoint), (.pace, pace), (.retries, retries), (.backoffMilliseconds, backoff),
        ]
        return Dictionary(uniqueKeysWithValues: options.compactMap { setting, text in text.map { (setting, $0) } })
    }

    /// Where metrics and events go.
    var destinations: CaptureReporter.Destinations {
        CaptureReporter.Destinations(metricsFile: metricsFile, eventCommand: onEvent)
    }
}

extension CommandContext {
    /// What keeps the answers of a run.
    func recorder(into archive: Archive, from endpoint: HiscoresEndpoint, run: String) -> CaptureRecorder {
        let origin = CaptureOrigin(
            source: endpoint.base, agent: ProgramVersion.agent, run: run, clockIsSet: clock.isSet)
        return CaptureRecorder(archive, origin: origin, lockTimeout: lockTimeout)
    }

    /// What sends the requests, by the settings. One that stays open waits for as long as the service asks for.
    func engine(
        _ endpoint: HiscoresEndpoint, outage: CircuitBreaker<CaptureTarget>.Policy = .init(), staysOpen: Bool = false
    ) -> CaptureEngine {
        let policy = CapturePolicy(
            requestsPerSecond: settings.requestsPerSecond,
            retry: RetryPolicy(
                retries: settings.retries, firstDelay: .milliseconds(settings.backoffMilliseconds),
                longestRetryAfter: .seconds(staysOpen ? RetryAfter.longest : 300)),
            outage: outage)
        let userAgent = UserAgent(version: ProgramVersion.text, contact: settings.contact)
        let limits = RequestLimits(
            connectMilliseconds: settings.connectTimeoutMilliseconds,
            totalMilliseconds: settings.totalTimeoutMilliseconds, bodyBytes: settings.bodyLimitBytes)
        return CaptureEngine(policy: policy, clock: clock, staysOpen: staysOpen) {
            HiscoresClient(transport: CurlTransport(), endpoint: endpoint, userAgent: userAgent, limits: limits)
        }
    }
}
