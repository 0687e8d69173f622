import CanonicalJSON
import ObjectStore

/// Any bytes as a document that is split are rendered again as they were; any bytes as a template are refused or can be
/// rendered; and of canonical JSON the reduced form is that of the parser. What does not hold traps.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTemplate(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    if let template = try? Template(text: bytes) {
        var document: [UInt8] = []
        let numbers = (0..<template.slotCount).map { Int64($0 % 3) - 1 }
        precondition(template.render(numbers, into: &document), "a row of the right length does not fit")
        precondition(!template.render(numbers + [0], into: &document), "a row that is too long fits")
    }
    var (text, numbers, rendered): ([UInt8], [Int64], [UInt8]) = ([], [], [])
    guard Template.split(bytes, text: &text, numbers: &numbers), let template = try? Template(text: text) else {
        return 0
    }
    precondition(template.render(numbers, into: &rendered) && rendered == bytes, "a document is rendered otherwise")
    var matched: [Int64] = []
    precondition(template.matches(bytes, numbers: &matched) && matched == numbers, "a document does not match itself")
    guard let root = try? JSONDocument(parsing: bytes).root, (try? root.canonicalBytes()) == bytes,
        let reduced = try? root.canonicalBytes(omitting: "rank")
    else { return 0 }
    let rendering = template.reduced(omitting: Array("rank".utf8))
    precondition(rendering.render(numbers, into: &rendered) && rendered == reduced, "ranks are left out otherwise")
    return 0
}
