import ArgumentParser
import CivilTime
import Foundation
import HiscoresSimulator
import SimulatedPlayers

/// Serves made-up players until it is told to stop.
@main
struct HiscoresSimulatorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hiscores-simulator",
        abstract: "Answer as the official hiscores do, for made-up players and with faults on demand.",
        discussion: """
            Listens on 127.0.0.1 alone and answers /m=hiscore_oldschool*/index_lite.json and index_lite.ws. Without \
            --player every name is a player, except those that start with "missing". While it runs, \
            GET /_simulator/{now,players,faults,faults/mix,faults/clear,statistics} steers it.
            """)

    @Option(help: "The port; 0 takes a free one.")
    var port: UInt16 = 0

    @Option(help: "All that the players do follows from this number.")
    var seed: UInt64 = 1

    @Option(
        help: "The simulated time, as an RFC 3339 time or a date, and how many times faster it passes (default: now).")
    var now: SimulatedTime?

    @Option(
        name: .customLong("player"),
        help: ArgumentHelp(
            "A player; repeatable.",
            discussion: """
                KIND is regular, ironman, hardcore, ultimate, dead-hardcore@DATE, de-ironed@DATE or \
                de-ultimated@DATE. With START, a time or a date, the account begins there with nothing.
                """, valueName: "name:kind[:start]"))
    var players: [String] = []

    @Option(help: ArgumentHelp("Write the port to this file once it listens; removed at the end.", valueName: "path"))
    var portFile: String?

    func validate() throws {
        for player in players where SimulatedPlayer(parsing: player, seed: seed) == nil {
            throw ValidationError("--player \(player): expected NAME:KIND[:START]")
        }
    }

    func run() async throws {
        let stop = StopSignals()
        let service = SimulatedService(
            seed: seed, clock: now?.clock ?? SystemClock(), roster: players.isEmpty ? .anyName : .added)
        for player in players { _ = service.addPlayer(parsing: player) }
        let server = try await SimulatorServer(service, port: port)
        do {
            if let portFile { try Data("\(server.port)\n".utf8).write(to: URL(filePath: portFile), options: .atomic) }
            try FileHandle.standardOutput.write(contentsOf: Data("listening on \(server.endpoint)\n".utf8))
            await stop.received()
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
        if let portFile { try? FileManager.default.removeItem(atPath: portFile) }
    }
}

/// `TIME[xFACTOR]` on the command line.
struct SimulatedTime: ExpressibleByArgument {
    let clock: any WallClock

    init?(argument: String) {
        guard let clock = SetClock(setting: argument) else { return nil }
        self.clock = clock
    }

    static let defaultValueDescription = "time[xfactor]"
}

/// SIGTERM and SIGINT, caught from the moment this is made.
private struct StopSignals {
    private let signals: AsyncStream<Void>
    private let sources: [any DispatchSourceSignal]

    init() {
        let (signals, continuation) = AsyncStream.makeStream(of: Void.self)
        self.signals = signals
        sources = [SIGTERM, SIGINT].map { number in
            // The default action would end the process before the source hears of the signal.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number)
            source.setEventHandler { continuation.yield() }
            source.activate()
            return source
        }
    }

    /// Returns once one has arrived.
    func received() async {
        var arrivals = signals.makeAsyncIterator()
        await arrivals.next()
        for source in sources { source.cancel() }
    }
}
