public import ArgumentParser
import CivilTime
public import SimulatedClan

/// Writes the captures of a made-up clan as JSON lines.
@main
struct GenerateClanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate-clan",
        abstract: "Write captures of a made-up clan as JSON lines, for benchmarks.",
        discussion: """
            The players are those of the simulator, on the main board. Equal options give equal bytes; both orders have \
            the same lines. A line is some 6.8 kB.
            """)

    @Option(help: "How many players the clan has.")
    var players = 500

    @Option(help: "For how many days they are captured.")
    var days = 365

    @Option(help: "How often a day.")
    var capturesADay = 1

    @Option(help: "The first day.")
    var start = "2025-05-01"

    @Option(help: "All that happens follows from this number.")
    var seed: UInt64 = 1

    @Option(help: "Sorted by player, or by time and so interleaved.")
    var order = Clan.Order.time

    @Flag(help: "With status, latency, agent and run of each capture, as a capture of one's own has them.")
    var evidence = false

    func validate() throws {
        guard Timestamp(date: start) != nil else { throw ValidationError("--start \(start): expected YYYY-MM-DD") }
        guard players > 0, days > 0, (1...1440).contains(capturesADay), players <= 1_000_000, days <= 36_500 else {
            throw ValidationError("expected 1 to 1,000,000 players, 1 to 36,500 days, 1 to 1,440 captures a day")
        }
    }

    func run() throws {
        guard let start = Timestamp(date: start) else { return }
        let clan = Clan(
            size: players, schedule: Clan.Schedule(start: start, days: days, roundsADay: capturesADay), seed: seed)
        var lines = CaptureLineWriter(clan, hasEvidence: evidence)
        var output = StandardOutput()
        try clan.forEachCapture(in: order) { capture in
            guard try output.write({ lines.append(capture, to: &$0) }) else {
                throw ValidationError("a player is not listed at \(capture.capturedAt): start on 2024-01-01 or later")
            }
        }
        try output.flush()
    }
}

extension Clan.Order: ExpressibleByArgument {}
