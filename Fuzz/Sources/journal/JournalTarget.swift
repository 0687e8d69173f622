import Archive
import CivilTime
import Hiscores
import ObjectStore

/// `config.json` of the archive whose journals lie in the corpus.
private let configuration = Array(
    """
    {"archive":"000102030405060708090a0b0c0d0e0f",\
    "checksum":"b49f59f3c3f98f331bf63cc19616285c535e01537822172d35f2b3681fe879b5",\
    "created_at":1767225600000,"features":[],"format":1}

    """.utf8)

/// Any bytes as a journal either are refused, or open as an archive whose damage is known; and where there is none, it
/// takes one more record and holds exactly one more afterwards. What does not hold traps.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJournal(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let storage = MemoryStorage(
        files: ["config.json": configuration, "journal": bytes], folders: ["objects", "temporary"])
    guard let archive = try? Archive.open(storage) else { return 0 }
    _ = try? Verification.run(on: storage, quick: true)
    let before = archive.history.observationCount
    guard let player = PlayerName(normalising: "fuzz") else { return 0 }
    var batch = Batch()
    batch.add(
        Observation(
            board: .main, player: player, displayName: nil, capturedAt: .latest, result: .notFound),
        document: nil)
    guard archive.damage.isEmpty,
        case .added? = try? archive.commit(batch, lockTimeout: LockTimeout(milliseconds: 0)).first
    else { return 0 }
    let again = try? Archive.open(storage)
    precondition(again?.history.observationCount == before + 1, "a record that was committed is not there")
    precondition(again?.head == archive.head && again?.damage.isEmpty == true, "the head changed by reading again")
    return 0
}
