import CanonicalJSON
import CivilTime
import Hiscores
import SimulatedPlayers

/// Writes captures of a clan as lines that `osrs-archive import` reads (docs/FORMAT.md, "Exported lines").
public struct CaptureLineWriter {
    private let clan: Clan
    private let hasEvidence: Bool
    private var text = HiscoreText()

    /// A writer of lines with `player`, `board`, `captured_at` and `body`, and with `hasEvidence` also of what a capture
    /// notes beside the document.
    public init(_ clan: Clan, hasEvidence: Bool) { (self.clan, self.hasEvidence) = (clan, hasEvidence) }

    /// Appends the line of a capture, its line feed included. Nothing where the player is not listed then; returns
    /// whether there was a line.
    public mutating func append(_ capture: Clan.Capture, to line: inout [UInt8]) -> Bool {
        let player = clan.members[capture.member]
        guard let document = player.hiscores(on: .main, at: capture.capturedAt) else { return false }
        line += #"{"player":"#.utf8
        line += JSONValue.text(player.displayName).compactBytes()
        line += #","board":"main","captured_at":""#.utf8
        line += capture.capturedAt.description.utf8
        line.append(UInt8(ascii: "\""))
        if hasEvidence { appendEvidence(of: capture, to: &line) }
        line += #","body":"#.utf8
        text.append(document, to: &line)
        line += "}\n".utf8
        return true
    }

    /// What `capture` notes of an answer at the first attempt: latencies by chance, and one run identifier a round.
    private func appendEvidence(of capture: Clan.Capture, to line: inout [UInt8]) {
        let round = UInt64(capture.round) << 32
        var run = clan.chance(round | 0xFFFF_FFFE)
        var latency = clan.chance(round | UInt64(capture.member) | 0x8000_0000)
        line += #","result":"ok","http_status":200,"latency_ms":"#.utf8
        let (quickest, slowest) = (120, 900)
        let share = latency.nextUnit()
        line += String(quickest + Int(Double(slowest - quickest) * share * share)).utf8
        line += #","attempt":1,"source":"https://secure.runescape.com","agent":"osrs-archive/1","run":""#.utf8
        let digits = String(run.next(), radix: 16)
        line += repeatElement(UInt8(ascii: "0"), count: 16 - digits.utf8.count)
        line += digits.utf8
        line.append(UInt8(ascii: "\""))
    }
}
