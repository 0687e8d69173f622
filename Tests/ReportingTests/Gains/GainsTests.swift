import CanonicalJSON
import CivilTime
import Hiscores
import ObjectStore
import Reporting
import Testing

@testable import Archive

@Suite("Gains")
struct GainsTests {
    private let archive: Archive
    private static let since = Samples.moment("2026-01-10T00:00:00Z")
    private static let until = Samples.moment("2026-01-17T00:00:00Z")

    /// Each a day of January, Overall's experience, Zulrah's score (nil: unranked).
    private static let players: [(name: String, board: Board, days: [(Int, Int, Int?)])] = [
        ("Able", .main, [(1, 100, nil), (9, 150, nil), (12, 180, 5), (17, 250, 8), (20, 999, 99)]),
        ("Bert", .main, [(11, 1000, 50), (16, 1400, 40)]),
        ("Cara", .main, [(2, 70, 1)]),
        ("Dora", .ironman, [(8, 60, 10), (15, 40, 12)]),
        ("Dora", .main, [(8, 1, 1), (14, 9, 9)]),
        ("Emma", .main, [(19, 5, 5)]),
    ]

    init() throws {
        archive = try Archive.create(
            in: MemoryStorage(), id: try #require(ArchiveID(bytes: Array(0..<16))), createdAt: Self.since,
            lockTimeout: LockTimeout(milliseconds: 0))
        var batch = Batch()
        for player in Self.players {
            for (day, xp, score) in player.days {
                let document = Array(
                    (#"{"activities":[{"id":0,"name":"Zulrah","rank":\#(score == nil ? -1 : 3),"score":\#(score ?? -1)}],"#
                        + #""name":"\#(player.name)","skills":[{"id":0,"level":9,"name":"Overall","rank":4,"xp":\#(xp)}]}"#)
                        .utf8)
                let observation = Observation(
                    board: player.board, player: Samples.player(player.name), displayName: player.name,
                    capturedAt: Samples.moment("2026-01-\(day < 10 ? "0" : "")\(day)T00:00:00Z"), result: .ok,
                    snapshot: SHA256.digest(document), progress: SHA256.digest(document))
                batch.add(observation, document: document)
            }
        }
        try archive.commit(batch, lockTimeout: LockTimeout(milliseconds: 0))
    }

    private func gains(
        of names: [String] = ["able", "bert", "cara", "dora", "emma"], in metric: String = "overall",
        sort: String = "gained", board: Board? = nil
    ) throws -> [PlayerGains] {
        let order = GainsOrder(sort)
        return order.sorted(
            try names.map {
                try PlayerGains(
                    of: archive.account(named: $0, followingRenames: true), on: board, since: Self.since,
                    until: Self.until, in: MetricRow(metric), sortedBy: order.row, from: archive)
            })
    }

    private func words(_ gains: [PlayerGains]) -> [String] {
        gains.map { "\($0.player) \($0.gained.map(String.init) ?? "-") \($0.coverage.rawValue)" }
    }

    @Test(
        "from the last snapshot at or before the beginning, else the first in it, to the last one at or before the end")
    func ends() throws {
        #expect(
            words(try gains()) == [
                "bert 400 since_first_capture", "able 100 full", "dora -20 full", "cara - no_capture",
                "emma - no_capture",
            ])
        let able = try #require(try gains(of: ["able"]).first)
        #expect(able.start?.capturedAt == Samples.moment("2026-01-09T00:00:00Z"))
        #expect(able.end?.capturedAt == Self.until)
        let emma = try #require(try gains(of: ["emma"]).first)
        #expect(emma.start == nil && emma.end == nil && emma.board == .main)
    }

    @Test("answers that differed in ranks alone tell that nothing was gained")
    func ranksOnly() throws {
        let progress = SHA256.digest(Array("[]".utf8))
        var batch = Batch()
        batch.add(
            Observation(
                board: .main, player: Samples.player("Cara"), displayName: "Cara",
                capturedAt: Samples.moment("2026-01-12T00:00:00Z"), result: .ranksOnly, snapshot: progress,
                progress: progress), document: nil)
        try archive.commit(batch, lockTimeout: LockTimeout(milliseconds: 0))
        #expect(words(try gains(of: ["cara"])) == ["cara 0 full"])
    }

    @Test("what is unranked at an end gives no gain; falls are shown; a board can be told")
    func values() throws {
        #expect(
            words(try gains(in: "zulrah")) == [
                "dora 2 full", "bert -10 since_first_capture", "able - full", "cara - no_capture", "emma - no_capture",
            ])
        #expect(words(try gains(of: ["dora"], board: .main)) == ["dora 8 full"])
        #expect(try gains(of: ["dora"], board: .ultimate).first?.board == nil)
        #expect(try gains(in: "Sailing").allSatisfy { !$0.hasMetric })
    }

    @Test(arguments: [
        ("gained", "bert able dora cara emma"), ("start", "bert able cara dora emma"),
        ("end", "bert able cara dora emma"), ("player", "able bert cara dora emma"),
        ("zulrah", "dora bert able cara emma"),
    ])
    func order(sort: String, expected: String) throws {
        #expect(try gains(sort: sort).map(\.player.key).joined(separator: " ") == expected)
    }

    @Test("a line of JSON has every member")
    func shape() throws {
        let row = MetricRow("overall")
        let all = try gains().map { GainsShape.json($0, in: row, since: Self.since, until: Self.until) }
        for line in all {
            #expect(
                line.keys == [
                    "schema", "player", "display_name", "board", "metric", "since", "until", "start", "end", "gained",
                    "coverage",
                ])
        }
        #expect(all[0]["start"]?.keys == ["captured_at", "snapshot", "rank", "level", "value"])
        #expect(all[0]["gained"] == .integer(400) && all[0]["metric"] == .text("Overall"))
        #expect(all[4]["start"] == .null && all[4]["end"] == .null && all[4]["gained"] == .null)
    }

    @Test("as a table, as Markdown and as CSV")
    func texts() throws {
        let report = GainsReport(
            try gains(of: ["bert", "dora", "cara"]), in: MetricRow("overall"), since: Self.since, until: Self.until)
        #expect(
            report.text().split(separator: "\n").map(String.init) == [
                "Gained: Overall", "  2026-01-10 00:00:00 UTC to 2026-01-17 00:00:00 UTC",
                "Player  Board    Start    End  Gained  From                     To                       Coverage",
                "Bert    main     1,000  1,400    +400  2026-01-11 00:00:00 UTC  2026-01-16 00:00:00 UTC  since first capture",
                "Dora    ironman     60     40     -20  2026-01-08 00:00:00 UTC  2026-01-15 00:00:00 UTC  full",
                "Cara    main        70     70       -  2026-01-02 00:00:00 UTC  2026-01-02 00:00:00 UTC  no capture in this time",
            ])
        #expect(report.markdown.contains("| Bert | main | 1,000 | 1,400 | +400 |"))
        let csv = report.csv.split(separator: "\n").map(String.init)
        #expect(csv[0] == GainsReport.header)
        #expect(
            csv[1]
                == "bert,Bert,main,Overall,2026-01-11T00:00:00.000Z,4,9,1000,2026-01-16T00:00:00.000Z,4,9,1400,400,since_first_capture"
        )
        #expect(csv[3].hasSuffix(",70,,no_capture"))
    }

    @Test(arguments: [
        ("overall", "Overall"), ("OVERALL", "Overall"), ("zulrah", "Zulrah"), ("runecrafting", "Runecraft"),
        ("Runecraft", "Runecraft"), ("tombs_of_amascut_expert", "Tombs of Amascut: Expert Mode"),
        ("vetion", "Vet'ion"), ("Kree'Arra", "Kree'Arra"), ("riftsClosed", "Rifts closed"),
        ("guardians_of_the_rift", "Rifts closed"),
    ])
    func metrics(text: String, name: String) { #expect(MetricRow(text).name == name && MetricRow(text).isKnown) }

    @Test("an unknown metric is taken as it is, and has some that are like it")
    func unknownMetric() {
        #expect(!MetricRow("zulra").isKnown)
        #expect(MetricRow.similar(to: "zulra").first == "zulrah")
        #expect(MetricRow.similar(to: "").isEmpty)
    }

    @Test("what to know of an account that had other names, and the answer of rename")
    func renames() throws {
        let link = try archive.rename(
            Samples.player("able"), to: Samples.player("zoe"), at: Samples.moment("2026-01-13T00:00:00Z"),
            now: Self.until, lockTimeout: LockTimeout(milliseconds: 0))
        #expect(
            RenameShape.json(link, joined: 3).text
                == #"{"schema":1,"from":"able","to":"zoe","effective_at":"2026-01-13T00:00:00.000Z","#
                + #""recorded_at":"2026-01-17T00:00:00.000Z","undone":false,"snapshots_joined":3}"#)
        #expect(
            AccountText.text(link, joined: 3)
                == "able is zoe since 2026-01-13 00:00:00 UTC: 3 snapshots before that joined")
        let zoe = try #require(try gains(of: ["zoe"]).first)
        #expect(words([zoe]) == ["zoe 30 full"] && zoe.displayName == nil)
        #expect(
            AccountText.notes(try archive.account(named: "able", followingRenames: true)) == [
                "the able of before is now zoe since 2026-01-13 00:00:00 UTC",
                "3 observations under the name able are another account's; --no-follow goes by the name alone",
            ])
        _ = try archive.rename(
            Samples.player("bert"), to: Samples.player("bea"), at: Self.until, now: Self.until,
            lockTimeout: LockTimeout(milliseconds: 0))
        #expect(
            AccountText.notes(try archive.account(named: "bert", followingRenames: true)) == [
                "bert is now bea since 2026-01-17 00:00:00 UTC"
            ])
        #expect(AccountText.notes(try archive.account(named: "cara", followingRenames: true)).isEmpty)
    }
}
