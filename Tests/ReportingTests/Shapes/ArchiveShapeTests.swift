import CanonicalJSON
import CivilTime
import ObjectStore
import Reporting
import Testing

@testable import Archive

@Suite("The shapes of stats, verify, import, export, init, hash, config and errors")
struct ArchiveShapeTests {
    @Test("What an archive holds and weighs")
    func stats() {
        #expect(
            StatsShape.json(Samples.statistics).text
                == #"{"schema":1,"players":3,"observations":1458,"snapshots":1204,"bytes_total":1234567,"packs":0,"#
                + #""loose_objects":1204,"head":"\#(Samples.id(0xCC).hex)"}"#)
        var damaged = Samples.statistics
        damaged.head = nil
        #expect(StatsShape.json(damaged)["head"] == .null)
    }

    @Test("A verification with findings, and without")
    func verify() {
        #expect(
            VerifyShape.json(Samples.damaged).text
                == #"{"schema":1,"ok":false,"snapshots":2,"observations":1,"head":null,"damaged":["#
                + #"{"kind":"object","id":"\#(Samples.id(0xB2).hex)","file":"archive/objects/b2/b2","offset":null,"#
                + #""error":"missing","affects":[{"player":"lynx_titan","board":"main","#
                + #""from":"2026-01-01T00:00:00.000Z","to":"2026-01-08T00:00:00.000Z"}]},"#
                + #"{"kind":"journal","id":null,"file":"archive/journal","offset":4096,"error":"corrupt","#
                + #""affects":[{"player":null,"board":null,"from":null,"to":null}]}]}"#)
        var sound = VerificationReport()
        sound.head = SequenceHead(digest: Samples.id(1))
        #expect(
            VerifyShape.json(sound).text
                == #"{"schema":1,"ok":true,"snapshots":0,"observations":0,"head":"\#(Samples.id(1).hex)","damaged":[]}"#
        )
    }

    @Test("Import, export, init, hash and config")
    func plain() throws {
        #expect(
            ImportShape.json(read: 4, added: 2, already: 1, rejected: 1).text
                == #"{"schema":1,"read":4,"added":2,"already":1,"rejected":1}"#)
        #expect(
            ExportShape.json(format: "tree", path: "/x", written: 4, already: 2, failed: 0).text
                == #"{"schema":1,"format":"tree","path":"/x","written":4,"already":2,"failed":0}"#)
        let archive = try #require(ArchiveID(bytes: Array(0..<16)))
        let configuration = ArchiveConfiguration(archive: archive, createdAt: Samples.moment("2026-01-01T00:00:00Z"))
        #expect(
            InitShape.json(configuration, path: "/home/a/archive").text
                == #"{"schema":1,"archive":"000102030405060708090a0b0c0d0e0f","path":"/home/a/archive","#
                + #""created_at":"2026-01-01T00:00:00.000Z","encrypted":false}"#)
        #expect(
            HashShape.json(Samples.id(7), bytes: 6_639).text
                == #"{"schema":1,"id":"\#(Samples.id(7).hex)","bytes":6639}"#)
        #expect(
            ConfigShape.json(name: "contact", value: nil, origin: "default").text
                == #"{"schema":1,"name":"contact","value":null,"origin":"default"}"#)
    }

    @Test("An error, with and without a reference")
    func error() {
        #expect(
            ErrorShape.json(code: "ref_not_found", exit: 20, message: "no \"x\"", ref: "x", candidates: ["y"]).text
                == #"{"schema":1,"code":"ref_not_found","exit":20,"message":"no \"x\"","ref":"x","candidates":["y"]}"#)
        #expect(
            ErrorShape.json(code: "locked", exit: 11, message: "m").text
                == #"{"schema":1,"code":"locked","exit":11,"message":"m","ref":null,"candidates":[]}"#)
    }

    @Test("A line of output is one line, whatever stands in it")
    func line() {
        let shape = ErrorShape.json(code: "io", exit: 2, message: "a\nb\u{1B}")
        let line = Shape.line(shape)
        #expect(line.last == 0x0A && line.count { $0 == 0x0A } == 1)
        #expect(!line.contains(0x1B))
    }
}
