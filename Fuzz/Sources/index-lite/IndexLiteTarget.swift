import CanonicalJSON
import CivilTime
import Hiscores

/// Any bytes as an answer of `index_lite.ws`, at a moment of each layout, either are refused or become a document that
/// has a canonical form and is a snapshot. What does not hold traps.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzIndexLite(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    for date in ["2018-06-01", "2020-06-01", "2023-06-01", "2025-03-01", "2026-08-01"] {
        guard let moment = Timestamp(date: date),
            let conversion = try? IndexLite.document(bytes, at: moment, name: "fuzz")
        else { continue }
        precondition(HiscoreDocument.isSnapshot(conversion.document), "a conversion that is no snapshot")
        precondition((try? conversion.document.canonicalBytes()) != nil, "a conversion without a canonical form")
    }
    return 0
}
