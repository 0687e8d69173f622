import HiscoresClient
import TestSupport
import Testing

/// Bodies that the service and a tracker really served, from the shared data.
@Suite(.enabled(if: SharedFiles.exists("data/bodies"), "needs the shared data: set OSRS_SHARED")) struct RealBodyTests {
    @Test(
        arguments: [
            ("2024-09_main_no-name-field.json", nil), ("b0atyStats.2026-07-30.8919ea7f.json", nil),
            ("WoodFiveMan.20260213T133935Z.official.json", "WoodFiveMan"),
        ] as [(String, String?)])
    func officialBodiesAreSnapshots(file: String, name: String?) throws {
        let answer = try RealBody.answer(file)
        let snapshot = try #require(answer.snapshot)
        #expect(snapshot.displayName == name)
        #expect(snapshot.progress.count < snapshot.canonical.count)
    }

    @Test func anotherServicesBodyIsKeptAsInvalid() throws {
        #expect(try RealBody.answer("WoodFiveMan.20260213T133935Z.wom-player.json").outcome == .invalid)
    }

    @Test func aRealBodyCutAnywhereIsUnavailable() throws {
        let body = try RealBody.read("WoodFiveMan.20260213T133935Z.official.json")
        for length in stride(from: 0, to: body.count - 2, by: 97) {
            #expect(RealBody.answer(Array(body[..<length])).outcome == .unavailable, "cut to \(length) bytes")
        }
    }
}

private enum RealBody {
    static func answer(_ file: String) throws -> Answer { answer(try read(file)) }

    static func answer(_ body: [UInt8]) -> Answer {
        Answer(
            url: "http://x", response: .success(HTTPAnswer(status: 200, contentType: "application/json", body: body)))
    }

    static func read(_ file: String) throws -> [UInt8] {
        try #require(SharedFiles.bytes("data/bodies/\(file)"))
    }
}
