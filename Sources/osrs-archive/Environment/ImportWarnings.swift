/// What an import says of single lines on standard error: of each source the first few, and how many more there are. With
/// `--json` a program listens, and gets each.
struct ImportWarnings {
    private let output: Output
    private var source: String?
    private var count = 0

    private static let limit = 20

    init(_ output: Output) { self.output = output }

    /// Says what there is to say of a source. Those of one source come one behind the other.
    mutating func warn(_ text: String, of source: String) {
        if source != self.source { end() }
        self.source = source
        count += 1
        if output.isJSON || count <= Self.limit { output.warn(text) }
    }

    /// Says how many were left out.
    mutating func end() {
        if let source, !output.isJSON, count > Self.limit {
            output.warn("\(source): and \(count - Self.limit) more; with --json each is told")
        }
        (source, count) = (nil, 0)
    }
}
