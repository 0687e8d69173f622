import CanonicalJSON
import Glibc

/// Makes that many lines (10^8 by default) of the number file of the JCS test data and compares its SHA-256 with each
/// published checkpoint on the way. Exit code 1 at the first that differs.
let lines = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100_000_000
guard lines > 0 else {
    print("usage: es6-numbers [LINES]")
    exit(64)
}
try ES6NumberSequence.verify(lines: lines, text: { try JSONValue.number($0).canonicalBytes() }) {
    (line, digest, published) in
    print("\(line) lines: \(digest) \(digest == published ? "as published" : "is not the published \(published)")")
    _ = fflush(nil)
    if digest != published { exit(1) }
}
