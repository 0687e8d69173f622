import CivilTime
import Hiscores
import ObjectStore

/// What makes two observations the same (`Observation.Identity`) as 128 bits: the first half of a SHA-256, so two keys
/// are equal by chance, or by anyone's will, only where ids can be.
struct ObservationKey: Hashable, Sendable {
    private let words: (UInt64, UInt64)

    init(_ observation: Observation, _ hasher: borrowing SHA256) {
        self.init(
            SeriesKey(player: observation.player, board: observation.board),
            at: observation.capturedAt.millisecondsSinceEpoch, observation.result, snapshot: observation.snapshot,
            hasher)
    }

    init(
        _ series: SeriesKey, at moment: Int64, _ result: Observation.Result, snapshot: ObjectID?,
        _ hasher: borrowing SHA256
    ) {
        var text: [UInt8] = []
        text.reserveCapacity(96)
        // Neither a board, a result nor a player has a zero byte, and what follows them has a fixed length.
        text += series.board.rawValue.utf8
        text.append(0)
        text += series.player.key.utf8
        text.append(0)
        text += result.rawValue.utf8
        text.append(0)
        text.appendLittleEndian(UInt64(bitPattern: moment))
        snapshot?.append(to: &text)
        let words = hasher.digest(text).words
        self.words = (words.0, words.1)
    }

    static func == (left: ObservationKey, right: ObservationKey) -> Bool { left.words == right.words }

    func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
