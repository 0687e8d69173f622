import Archive
import CivilTime
import Hiscores
import ObjectStore
import TestSupport
import Testing

@Suite("Importing damaged texts") struct DamagedTextTests {
    private static let texts: [String] = {
        let body = #"{"name":"a","skills":[{"id":0,"name":"Overall","rank":-1,"level":1,"xp":5}],"activities":[]}"#
        let columns = (1...24).map(String.init).joined(separator: ",")
        return [
            #"{"player":"a","board":"main","captured_at":"2025-11-01T00:00:00Z","latency_ms":3,"body":\#(body)}"#
                + "\n",
            #"{"player":"a","board":"main","captured_at":"2025-11-01T00:00:00Z","csv":"1,2,3\n-1,-1"}"# + "\n",
            #"{"schema":1,"player":"a","board":"main","captured_at":"2025-11-01T00:00:00Z","result":"invalid","#
                + #""answer":{"bytes":2,"id":"\#(SHA256.digest([1, 2]).hex)"},"body_base64":"AQI="}"#,
            body, "1,2,3\n4,5,6\n-1,-1\n",
            #"{"metadata":{"schema_version":"1.1","player":"a","resolved_mode":"main","latency_ms":1.5,"#
                + #""fetched_at":"2025-10-20T04:00:00+00:00"},"data":\#(body)}"#,
            #"{"displayName":"a","type":"regular","latestSnapshot":{"createdAt":"2025-10-20T04:00:00Z","data":"#
                + #"{"skills":{"overall":{"experience":5,"rank":-1,"level":3}},"bosses":{"zulrah":{"kills":1}}}}}"#,
            "1580392356 \(columns) \(columns)\n",
        ]
    }()

    @Test("whatever bytes are changed, cut or doubled, nothing traps and everything is counted")
    func mutations() throws {
        let seed: UInt64 = 20_251_101
        var random = SeededRandom(seed: seed)
        let bench = try ImportBench()
        let options = ImportOptions(player: "a", board: .main, capturedAt: Timestamp(date: "2025-11-01"))
        for round in 0..<3000 {
            guard var bytes = Self.texts.randomElement(using: &random).map({ Array($0.utf8) }) else { continue }
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(index...)
                case 2: bytes.insert(contentsOf: bytes[index...].prefix(9), at: index)
                default: bytes.remove(at: index)
                }
                if bytes.isEmpty { bytes = [UInt8(ascii: "{")] }
            }
            var given = options
            given.format = round % 3 == 0 ? ImportFormat.allCases.randomElement(using: &random) : nil
            let summary = try bench.run(bytes, given)
            #expect(
                summary.read == summary.added + summary.already + summary.rejected, "seed \(seed), round \(round)")
            #expect(bench.rejections.reduce(0) { $0 + $1.count } == summary.rejected)
        }
        #expect(bench.archive.history.observationCount > 0)
    }
}
