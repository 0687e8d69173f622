import CivilTime
import Hiscores
import ObjectStore

/// What makes two observations the same (`Observation.Identity`) as 128 bits: the first half of a SHA-256, so two keys
/// are equal by chance, or by anyone's will, only where ids can be.
struct ObservationKey: Hashable, Sendable {
    private let words: (UInt64, UInt64)

    init(_ observation: Observation, _ hasher: borrowing SHA256) {
        var text: [UInt8] = []
        text.reserveCapacity(96)
        // Neither a board, a result nor a player has a zero byte, and what follows them has a fixed length.
        text += observation.board.rawValue.utf8
        text.append(0)
        text += observation.player.key.utf8
        text.append(0)
        text += observation.result.rawValue.utf8
        text.append(0)
        text.appendLittleEndian(UInt64(bitPattern: observation.capturedAt.millisecondsSinceEpoch))
        observation.snapshot?.append(to: &text)
        let words = hasher.digest(text).words
        self.words = (words.0, words.1)
    }

    static func == (left: ObservationKey, right: ObservationKey) -> Bool { left.words == right.words }

    func hash(into hasher: inout Hasher) { hasher.combine(words.0) }
}
