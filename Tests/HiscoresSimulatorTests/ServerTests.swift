import CanonicalJSON
import CivilTime
import Glibc
import Hiscores
import HiscoresSimulator
import Testing

/// Runs `body` against a server that is stopped afterwards.
func serving(_ service: SimulatedService, _ body: (RawClient) async throws -> Void) async throws {
    let server = try await SimulatorServer(service)
    do {
        try await body(RawClient(port: server.port))
    } catch {
        await server.stop()
        throw error
    }
    await server.stop()
}

@Suite struct ServerTests {
    private func makeService(_ players: String...) throws -> SimulatedService {
        let service = SimulatedService(clock: ManualClock(try moment("2026-03-01T12:00:00Z")))
        for player in players { _ = try #require(service.addPlayer(parsing: player)) }
        return service
    }

    @Test func everyBoardAnswersInBothForms() async throws {
        let service = try makeService("Oziach the 1st:hardcore")
        try await serving(service) { client in
            for board in Board.allCases {
                let listed = [.main, .ironman, .hardcoreIronman].contains(board)
                let path = "/m=\(board.servicePath)/index_lite"
                let json = try await client.get("\(path).json?player=Oziach%20the+1st")
                let text = try await client.get("\(path).ws?player=oziach_the-1st")
                #expect(json.status == (listed ? 200 : 404) && text.status == json.status, "\(board)")
                guard listed else { continue }
                let named = try IndexLite.document(text.body, at: service.now, name: "Oziach the 1st").document
                #expect(try named.canonicalBytes() == JSONValue(parsing: json.body).canonicalBytes())
            }
        }
    }

    @Test(arguments: [
        "/m=hiscore_oldschool/index_lite.json?player=Nobody", "/m=hiscore_oldschool/index_lite.json?player=",
        "/m=hiscore_oldschool/index_lite.json", "/m=hiscore_oldschool_group/index_lite.json?player=Otto",
        "/m=hiscore_oldschool/index.json?player=Otto", "/", "/index_lite.json?player=Otto", "/_simulator",
    ])
    func whatIsNotThereIs404(target: String) async throws {
        try await serving(try makeService("Otto:regular")) { client in
            let response = try await client.get(target)
            #expect(response.status == 404 && response.text.contains("<html>"))
        }
    }

    @Test func anyNameModeKnowsEverybodyButTheMissing() async throws {
        let service = SimulatedService(clock: ManualClock(try moment("2026-03-01")), roster: .anyName)
        try await serving(service) { client in
            let main = "/m=hiscore_oldschool/index_lite.json?player="
            let first = try await client.get(main + "some_ONE")
            #expect(first.status == 200)
            #expect(try JSONValue(parsing: first.body)["name"]?.string == "Some One")
            #expect(try await client.get(main + "Some%20One").body == first.body)
            #expect(try await client.get(main + "Missing%20Person").status == 404)
            #expect(try await client.get(main + "Some%20One", method: "POST").status == 405)
        }
    }

    @Test func countsTellRequestsStatusesFlightAndPace() async throws {
        let service = try makeService("Postie:regular", "Quiz:regular")
        try await serving(service) { client in
            var rule = FaultRule(Fault(.slow))
            rule.fault.delayMilliseconds = 500
            service.add(rule)
            try await withThrowingTaskGroup { group in
                for player in ["Postie", "Postie", "Quiz", "Nobody"] {
                    group.addTask {
                        try await client.get("/m=hiscore_oldschool/index_lite.json?player=\(player)").status
                    }
                }
                for try await status in group { #expect([200, 404].contains(status)) }
            }
            let shown = try JSONValue(parsing: try await client.get("/_simulator/statistics?reset=true").body)
            #expect(shown["requests"]?.integer == 4 && shown["in_flight"]?.integer == 0)
            #expect(shown["by_player"]?["postie"]?.integer == 2)
            #expect(shown["by_fault"]?["slow"]?.integer == (shown["by_status"]?["200"]?.integer ?? 0) + 1)
            #expect((2...4).contains(shown["most_in_flight"]?.integer ?? 0))
            #expect((0..<500).contains(shown["shortest_interval_ms"]?.number ?? -1))
            #expect(service.statistics.total == 0 && service.statistics.shortestInterval == nil)
        }
    }

    @Test func controlSetsTheClock() async throws {
        let service = SimulatedService()
        try await serving(service) { client in
            let set = try await client.get("/_simulator/now?time=2025-12-24T18:00:00%2B01:00&factor=0")
            #expect(set.status == 200 && set.text == #"{"now":"2025-12-24T17:00:00.000Z"}"#)
            #expect(try await client.get("/_simulator/now").text == set.text)
            _ = try await client.get("/_simulator/now?time=2026-01-01&factor=1000000")
            try await Task.sleep(for: .milliseconds(20))
            #expect(service.now > (try moment("2026-01-01T05:00:00Z")))
        }
    }

    @Test func controlAddsPlayersAndFaults() async throws {
        let service = try makeService()
        try await serving(service) { client in
            let players = try await client.get(
                "/_simulator/players?add=Rat+Burgiss:ironman&add=Sandy:regular:2026-02-01")
            #expect(players.text == #"{"players":["rat_burgiss","sandy"]}"#)
            let added = try await client.get(
                "/_simulator/faults?kind=429-retry-after&player=Sandy&count=2&retry_after=9&until=2026-04-01")
            #expect(try JSONValue(parsing: added.body)["faults"]?.array?.count == 1)
            let sandy = "/m=hiscore_oldschool/index_lite.json?player=Sandy"
            #expect(try await client.get(sandy).headers["retry-after"] == "9")
            #expect(try await client.get(sandy).status == 429)
            #expect(try await client.get(sandy).status != 429)
            #expect(try await client.get("/_simulator/faults").text == #"{"faults":[]}"#)
            _ = try await client.get("/_simulator/faults/mix?rate=1&kinds=500,502&seed=4")
            #expect(try await [500, 502].contains(client.get(sandy).status))
            _ = try await client.get("/_simulator/faults/clear")
            #expect(try await client.get("/m=hiscore_oldschool_ironman/index_lite.ws?player=rat_burgiss").status == 200)
        }
    }

    @Test(arguments: [
        "now?time=soon", "now?time=2026-01-01&factor=-1", "now?moment=2026-01-01", "players?add=Nobody",
        "faults?kind=gremlins", "faults?kind=500&count=-1", "faults?kind=500&board=moon", "faults?kind=500&player=%20",
        "faults?kind=500&from=x", "faults?kind=slow&delay=99999999999", "faults/mix", "faults/mix?rate=2",
        "faults/mix?rate=0.1&kinds=500,gremlins", "faults/clear?all=yes", "statistics?rest=true", "unknown",
    ])
    func controlRefusesWhatItDoesNotUnderstand(action: String) async throws {
        let service = try makeService()
        try await serving(service) { client in
            let before = service.now
            let response = try await client.get("/_simulator/\(action)")
            #expect(response.status == 400)
            #expect(try JSONValue(parsing: response.body)["error"]?.string?.isEmpty == false)
            #expect(service.now == before && service.rules.isEmpty && service.playerNames.isEmpty)
        }
    }

    @Test func stoppingFreesThePortAlthoughAConnectionIsOpen() async throws {
        let server = try await SimulatorServer(try makeService("Thessalia:regular"))
        let client = RawClient(port: server.port)
        let idle = try client.connect()
        defer { close(idle) }
        #expect(try await client.get("/m=hiscore_oldschool/index_lite.ws?player=Thessalia").status == 200)
        await server.stop()
        await #expect(throws: RawClientError.notConnected) { try await client.get("/") }
        let next = try await SimulatorServer(try makeService(), port: server.port)
        #expect(next.port == server.port)
        await #expect(throws: (any Error).self) { try await SimulatorServer(try makeService(), port: next.port) }
        await next.stop()
        await next.stop()
    }
}
