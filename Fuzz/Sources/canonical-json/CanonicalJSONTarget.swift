import CanonicalJSON

/// Any bytes either are refused or have a value, and then: the value survives being written, both ways to the canonical
/// form agree, and the canonical form is a fixed point. What does not hold traps, which libFuzzer reports as a crash.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzCanonicalJSON(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let document = try? JSONDocument(parsing: bytes) else { return 0 }
    let value = document.root.value
    precondition((try? JSONValue(parsing: value.compactBytes())) == value, "the value does not survive compact text")
    precondition((try? JSONValue(parsing: value.indentedBytes())) == value, "the value does not survive indented text")

    let canonical = try? document.root.canonicalBytes()
    precondition((try? value.canonicalBytes()) == canonical, "node and value disagree on the canonical form")
    guard let canonical else { return 0 }
    precondition((try? JSONDocument(parsing: canonical).root.canonicalBytes()) == canonical, "no fixed point")
    precondition((try? JSONValue(parsing: canonical).canonicalBytes()) == canonical, "no fixed point through a value")

    guard let name = document.root.members.first(where: { _ in true })?.name else { return 0 }
    let progress = try? document.root.canonicalBytes(omitting: name)
    precondition(progress != nil, "canonical, but not without a name")
    precondition(
        (try? JSONDocument(parsing: canonical).root.canonicalBytes(omitting: name)) == progress,
        "leaving out a name depends on the order of members")
    precondition(
        progress.flatMap { try? JSONDocument(parsing: $0).root[name] } == nil, "the name that was left out is there")
    return 0
}
