import CivilTime
import Hiscores
import ObjectStore
import Reporting
import Testing

@testable import Archive

@Suite("What an archive holds, for people")
struct ArchiveTextTests {
    @Test("Players and their boards")
    func players() throws {
        let overview = try Samples.overview
        #expect(
            PlayersText.table([overview]) == """
                Player      Name        Board    Observations  Snapshots  First                    Last ok                  Last failure                           Reason
                lynx_titan  Lynx Titan  main                3          2  2026-01-01 00:00:00 UTC  2026-01-08 06:00:00 UTC
                lynx_titan  Lynx Titan  ironman             1          0  -                        -                        2026-01-09 12:30:15.250 UTC not found  the service answered 503
                """)
        #expect(PlayersText.table([]).isEmpty)
    }

    @Test("Tags")
    func tags() {
        let sighting = Moment.Sighting(
            board: .ultimate, player: Samples.player(), capturedAt: Samples.moment("2026-01-08T00:00:00Z"))
        let tags = [
            Tag(name: "maxed", recordedAt: .earliest, target: Moment(snapshot: Samples.id(0xB2), sighting: sighting)),
            Tag(name: "x", recordedAt: .earliest, target: Moment(snapshot: Samples.id(1), sighting: nil)),
        ]
        #expect(
            TagText.table(tags) == """
                Tag    Snapshot      Player               Date
                maxed  b2b2b2b2b2b2  ultimate/lynx_titan  2026-01-08 00:00:00 UTC
                x      010101010101  -                    -
                """)
    }

    @Test("Statistics, and a head that is not known")
    func stats() {
        #expect(
            StatsText.text(Samples.statistics) == """
                players        3
                observations   1,458
                snapshots      1,204
                size           1.2 MB (1,234,567 bytes)
                packs          0
                loose objects  1,204
                head           \(Samples.id(0xCC).hex)
                """)
        var damaged = Samples.statistics
        damaged.head = nil
        #expect(StatsText.text(damaged).hasSuffix("head           unknown: run `osrs-archive verify`"))
    }

    @Test(
        "Sizes are exact, and from a thousand bytes on in a unit too",
        arguments: [
            (0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1_000, "1.0 kB (1,000 bytes)"),
            (999_949, "999.9 kB (999,949 bytes)"), (999_950, "1.0 MB (999,950 bytes)"),
            (4_600_000_000, "4.6 GB (4,600,000,000 bytes)"), (.max, "9.2 EB (9,223,372,036,854,775,807 bytes)"),
        ])
    func sizes(bytes: Int, text: String) {
        var statistics = Samples.statistics
        statistics.bytesTotal = bytes
        #expect(StatsText.text(statistics).contains("\nsize           \(text)\n"))
    }

    @Test("Each finding with what, where, whose history and when")
    func verify() {
        #expect(
            VerifyText.text(Samples.damaged) == """
                damaged: 2 findings (2 snapshots, 1 observation)
                head unknown
                object b2b2b2b2b2b2 missing: no such file (archive/objects/b2/b2)
                    touches lynx_titan on main, 2026-01-01 00:00:00 UTC to 2026-01-08 00:00:00 UTC
                journal corrupt: its checksum is wrong (archive/journal, byte 4,096)
                    touches an unknown player, time unknown
                note: 1 object belongs to no record
                """)
        var named = VerificationReport()
        named.findings = [
            .init(
                kind: .configuration, id: nil, file: "/a/config.json", offset: nil, failure: .io,
                detail: "cannot read /a/config.json: Input/output error", affects: []),
            .init(
                kind: .sequence, id: Samples.id(7), file: "/a/journal", offset: nil, failure: .missing,
                detail: "no record leads to it", affects: []),
        ]
        #expect(
            VerifyText.text(named).hasSuffix(
                """
                configuration unreadable: cannot read /a/config.json: Input/output error
                sequence 070707070707 missing: no record leads to it (/a/journal)
                """))
        var sound = VerificationReport()
        sound.head = SequenceHead(digest: Samples.id(1))
        #expect(VerifyText.text(sound) == "sound (0 snapshots, 0 observations)\nhead \(Samples.id(1).hex)")
    }

    @Test("Import and export")
    func transfer() {
        #expect(
            TransferText.imported(read: 1_204, added: 1_200, already: 3, rejected: 1)
                == "read 1,204 observations: 1,200 added, 3 there already, 1 rejected")
        #expect(
            TransferText.imported(read: 1, added: 0, already: 0, rejected: 1)
                == "read 1 observation: 0 added, 0 there already, 1 rejected")
        #expect(TransferText.place(source: "a\u{1B}.jsonl", line: 7, reason: "cut off") == #"a\u{1B}.jsonl:7: cut off"#)
        #expect(TransferText.place(source: "a.json", line: nil, reason: "no player") == "a.json: no player")
        #expect(
            TransferText.exported(written: 1, already: 2, failed: 1, path: "/x")
                == "wrote 1 observation to /x, 2 there already, 1 could not be read")
        #expect(TransferText.exported(written: 0, already: 0, failed: 0, path: nil) == "wrote 0 observations")
    }

    @Test("Settings with their origin")
    func config() {
        #expect(
            ConfigText.table([("archive_dir", "./archive", "default"), ("contact", nil, "default")]) == """
                Setting      Value      Origin
                archive_dir  ./archive  default
                contact      -          default
                """)
    }

    @Test("Notices")
    func notices() {
        #expect(NoticeText.error("no `x`\n") == #"error: no `x`\u{A}"#)
        #expect(NoticeText.warning("w", style: Style(isColoured: true)) == "\u{1B}[33mwarning:\u{1B}[0m w")
        #expect(NoticeText.hint("h") == "hint: h")
        #expect(NoticeText.created(path: "/a") == "created archive at /a")
    }
}
