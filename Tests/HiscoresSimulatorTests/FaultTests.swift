import CanonicalJSON
import CivilTime
import Hiscores
import HiscoresSimulator
import SimulatedPlayers
import Testing

/// Each fault as a client sees it on the wire.
@Suite struct FaultTests {
    private let main = "/m=hiscore_oldschool/index_lite.json?player=Mazchna"

    private func withServer(_ body: (RawClient, SimulatedService) async throws -> Void) async throws {
        let service = SimulatedService(clock: ManualClock(try moment("2026-03-01T12:00:00Z")))
        _ = try #require(service.addPlayer(parsing: "Mazchna:regular"))
        _ = try #require(service.addPlayer(parsing: "Neve:regular"))
        try await serving(service) { client in try await body(client, service) }
    }

    private func once(_ kind: FaultKind) -> FaultRule {
        var rule = FaultRule(Fault(kind))
        rule.remaining = 1
        return rule
    }

    @Test func withoutFaultsTheAnswerIsTheDocument() async throws {
        try await withServer { client, service in
            let response = try await client.get(main)
            #expect(response.status == 200 && response.headers["content-type"] == "application/json")
            let player = try makePlayer("Mazchna", "regular")
            #expect(response.body == player.document(board: .main, at: service.now)?.compactBytes())
        }
    }

    @Test(arguments: [
        (FaultKind.throttled, 429), (.forbidden, 403), (.internalError, 500), (.badGateway, 502),
        (.serviceUnavailable, 503), (.notFound, 404), (.html, 200),
    ])
    func anErrorIsItsStatusWithAPage(kind: FaultKind, status: Int) async throws {
        try await withServer { client, service in
            service.add(once(kind))
            let response = try await client.get(main)
            #expect(response.status == status && response.text.hasPrefix("<!doctype html>"))
            #expect(response.headers["content-type"] == "text/html; charset=UTF-8")
            #expect(response.headers["retry-after"] == nil && response.headers["location"] == nil)
            #expect(try await client.get(main).status == 200)
            #expect(service.statistics.byFault == [kind: 1])
        }
    }

    @Test func anOutageRedirectsToAPageThatAnswers200() async throws {
        try await withServer { client, service in
            service.add(once(.redirect))
            let response = try await client.get(main)
            #expect(response.status == 302 && response.headers["location"] == "/main-page")
            let page = try await client.get("/main-page")
            #expect(page.status == 200 && page.text.contains("<html>"))
        }
    }

    @Test func throttlingCanSayWhenToComeBack() async throws {
        try await withServer { client, service in
            var rule = once(.throttledWithRetryAfter)
            rule.fault.retryAfterSeconds = 17
            service.add(rule)
            let response = try await client.get(main)
            #expect(response.status == 429 && response.headers["retry-after"] == "17")
        }
    }

    @Test func aSlowAnswerIsTheRightOneLate() async throws {
        try await withServer { client, service in
            var rule = once(.slow)
            rule.fault.delayMilliseconds = 300
            service.add(rule)
            let start = ContinuousClock.now
            let late = try await client.get(main)
            #expect(ContinuousClock.now - start >= .milliseconds(300))
            #expect(try await client.get(main).body == late.body)
        }
    }

    @Test func aCutOffAnswerEndsBeforeItsAnnouncedLength() async throws {
        try await withServer { client, service in
            let whole = try await client.get(main)
            service.add(once(.cutOff))
            let cut = try await client.get(main)
            #expect(cut.status == 200 && cut.announcedLength == whole.body.count)
            #expect(cut.body == Array(whole.body.prefix(whole.body.count / 2)))
        }
    }

    @Test func bodiesThatAreNoSnapshotsAreWhatTheySay() async throws {
        try await withServer { client, service in
            for kind in [FaultKind.wrongSchema, .array, .invalidJSON, .empty] { service.add(once(kind)) }
            let object = try JSONValue(parsing: try await client.get(main).body)
            #expect(object.object != nil && object["skills"] == nil && object["activities"] == nil)
            #expect(try JSONValue(parsing: try await client.get(main).body).array != nil)
            let broken = try await client.get(main)
            #expect(broken.status == 200)
            #expect(throws: JSONError.self) { try JSONValue(parsing: broken.body) }
            let empty = try await client.get(main)
            #expect(empty.status == 200 && empty.body.isEmpty && empty.announcedLength == 0)
        }
    }

    @Test func anOversizedBodyHasTheAskedLength() async throws {
        try await withServer { client, service in
            var rule = once(.oversized)
            rule.fault.bodyBytes = 3_000_000
            service.add(rule)
            let response = try await client.get(main)
            #expect(response.body.count == 3_000_000)
        }
    }

    @Test func rulesStrikeOnlyWhatTheyName() async throws {
        try await withServer { client, service in
            var rule = FaultRule(Fault(.internalError))
            rule.player = try makePlayer("mazchna", "regular").name
            rule.board = .ironman
            service.add(rule)
            let ironman = "/m=hiscore_oldschool_ironman/index_lite.json?player="
            #expect(try await client.get(ironman + "MAZCHNA").status == 500)
            #expect(try await client.get(ironman + "mazchna").status == 500)
            #expect(try await client.get(ironman + "Neve").status == 404)
            #expect(try await client.get(main).status == 200)
            service.clearFaults()
            #expect(try await client.get(ironman + "Mazchna").status == 404)
        }
    }

    @Test func rulesStrikeWithinTheirWindowOfSimulatedTime() async throws {
        try await withServer { client, service in
            var rule = FaultRule(Fault(.serviceUnavailable))
            rule.from = try moment("2026-03-01T13:00:00Z")
            rule.until = try moment("2026-03-01T14:00:00Z")
            service.add(rule)
            for (time, status) in [("12:59:59", 200), ("13:00:00", 503), ("13:59:59", 503), ("14:00:00", 200)] {
                service.setClock(ManualClock(try moment("2026-03-01T\(time)Z")))
                #expect(try await client.get(main).status == status, "\(time)")
            }
        }
    }

    @Test func aMixStrikesItsShareInAnyOrderOfPlayers() async throws {
        var faults: [[FaultKind: Int]] = []
        for order in [["Mazchna", "Neve"], ["Neve", "Mazchna"]] {
            try await withServer { client, service in
                service.setFaultMix(
                    FaultMix(rate: 0.5, faults: [Fault(.internalError), Fault(.empty), Fault(.notFound)], seed: 3))
                for player in order {
                    for _ in 0..<60 {
                        _ = try await client.get("/m=hiscore_oldschool/index_lite.json?player=\(player)")
                    }
                }
                faults.append(service.statistics.byFault)
            }
        }
        #expect(faults[0] == faults[1] && faults[0].count == 3)
        #expect((40...80).contains(faults[0].values.reduce(0, +)))
    }
}
