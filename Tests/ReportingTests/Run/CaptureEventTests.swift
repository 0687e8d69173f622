import CanonicalJSON
import CivilTime
import Diffing
import Hiscores
import Reporting
import Testing

@testable import Archive

@Suite("What somebody wants to hear of at once")
struct CaptureEventTests {
    private let observation = Samples.success().observation

    @Test("Levels, 99, first kills; nothing of rows that only became known, nothing of a first snapshot")
    func gains() {
        let events = CaptureEvent.events(of: observation, Samples.diff)
        #expect(events.map(\.kind) == [.level(skill: "Magic", from: 70, to: 71)])
        #expect(CaptureEvent.events(of: observation, HiscoreDiff(from: nil, to: Samples.after)).isEmpty)

        let before = HiscoreDocument(
            name: nil, skills: [SkillRow(id: 1, name: "Magic", rank: 5, level: 97, xp: 1)],
            activities: [
                ActivityRow(id: 0, name: "Zulrah", rank: -1, score: -1),
                ActivityRow(id: 1, name: "TzKal-Zuk", rank: 9, score: 0),
                ActivityRow(id: 2, name: "Soul Wars Zeal", rank: -1, score: -1),
            ])
        let after = HiscoreDocument(
            name: nil, skills: [SkillRow(id: 1, name: "Magic", rank: 5, level: 99, xp: 2)],
            activities: [
                ActivityRow(id: 0, name: "Zulrah", rank: 70, score: 5),
                ActivityRow(id: 1, name: "TzKal-Zuk", rank: 9, score: 1),
                ActivityRow(id: 2, name: "Soul Wars Zeal", rank: 8, score: 200),
            ])
        #expect(
            CaptureEvent.events(of: observation, HiscoreDiff(from: before, to: after)).map(\.kind) == [
                .level99(skill: "Magic", from: 97), .firstKill(boss: "Zulrah", kills: 5),
                .firstKill(boss: "TzKal-Zuk", kills: 1),
            ])
    }

    @Test("Failures in a row are told of at the third and at every doubling")
    func failures() {
        let told = (1...100).filter { CaptureEvent.failing(observation, times: $0) != nil }
        #expect(told == [3, 6, 12, 24, 48, 96])
        #expect(CaptureEvent.failing(observation, times: 0) == nil)
        #expect(CaptureEvent.failing(observation, times: .max) == nil)
    }

    @Test("Every line has every key")
    func lines() {
        func line(_ kind: CaptureEvent.Kind) -> String {
            String(decoding: CaptureEvent(observation, kind).json.compactBytes(), as: UTF8.self)
        }
        let head =
            #""player":"lynx_titan","display_name":"Lynx Titan","board":"main","captured_at":"2026-01-08T00:00:00.000Z","#
        #expect(
            line(.level(skill: "Magic", from: 70, to: 71))
                == #"{"schema":1,"event":"level",\#(head)"metric":"Magic","from":70,"to":71,"times":null,"reason":null}"#
        )
        #expect(
            line(.level99(skill: "Magic", from: 98))
                == #"{"schema":1,"event":"level_99",\#(head)"metric":"Magic","from":98,"to":99,"times":null,"reason":null}"#
        )
        #expect(
            line(.firstKill(boss: "Zulrah", kills: 5))
                == #"{"schema":1,"event":"first_kill",\#(head)"metric":"Zulrah","from":null,"to":5,"times":null,"reason":null}"#
        )
        #expect(
            line(.failing(times: 3, reason: "down"))
                == #"{"schema":1,"event":"failing",\#(head)"metric":null,"from":null,"to":null,"times":3,"reason":"down"}"#
        )
        #expect(
            line(.nameChangedHands)
                == #"{"schema":1,"event":"name_changed_hands",\#(head)"metric":null,"from":null,"to":null,"times":null,"reason":null}"#
        )
    }
}
