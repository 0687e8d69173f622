import ObjectStore
import Threads

/// The shapes that documents had lately; they are a handful, one for each list of rows that a service had in its time.
struct DocumentShapes {
    /// The newest in front.
    private var shapes: [DocumentShape] = []
    private var scratch = DocumentShape.Scratch()
    private var readings = 0
    private var learned = 0
    private let shared: LearnedShapes
    /// How many of the shared ones were looked at.
    private var known = 0

    private static let limit = 16

    /// Shapes that others learn as well.
    init(sharing shared: LearnedShapes) { self.shared = shared }

    /// Reads the document that begins at `start` of `source`; nil where it has no known shape.
    mutating func read(
        _ source: [UInt8], from start: Int, _ hasher: borrowing SHA256
    ) -> DocumentShape.Reading? {
        readKnown(source, from: start, hasher) ?? (takeOver() ? readKnown(source, from: start, hasher) : nil)
    }

    private mutating func readKnown(
        _ source: [UInt8], from start: Int, _ hasher: borrowing SHA256
    ) -> DocumentShape.Reading? {
        for index in shapes.indices {
            guard let reading = shapes[index].read(source, from: start, &scratch, hasher) else { continue }
            if index > 0 { shapes.insert(shapes.remove(at: index), at: 0) }
            readings += 1
            return reading
        }
        return nil
    }

    /// Remembers the shape of a document, which costs some of those that are read by it.
    mutating func learn(_ document: ArraySlice<UInt8>) {
        // Where each has a shape of its own there is nothing to learn; and another thread may just have learned it.
        guard learned < Self.limit + readings / 16, !takeOver() else { return }
        learned += 1
        guard let shape = DocumentShape(of: Array(document)) else { return }
        shared.add(shape)
        takeOver()
    }

    /// Takes over what was learned since the last time; whether that is anything.
    @discardableResult
    private mutating func takeOver() -> Bool {
        let news = shared.shapes(after: &known)
        shapes.insert(contentsOf: news.reversed(), at: 0)
        if shapes.count > Self.limit { shapes.removeLast(shapes.count - Self.limit) }
        return !news.isEmpty
    }
}

/// The shapes that the threads of an import learned last: learning one costs ten times what parsing a document does.
final class LearnedShapes: Sendable {
    private struct State: Sendable {
        /// How many were learned.
        var count = 0
        /// The newest of them, the newest last.
        var newest: [DocumentShape] = []
    }

    private let state = Monitor(State())

    private static let limit = 16

    /// Adds one.
    func add(_ shape: DocumentShape) {
        state.withLock { state in
            if state.newest.count == Self.limit { state.newest.removeFirst() }
            state.newest.append(shape)
            state.count += 1
        }
    }

    /// Those that were learned after the first `known`, as far as they are remembered; `known` becomes their whole count.
    func shapes(after known: inout Int) -> [DocumentShape] {
        let (count, news) = state.withLock { [known] state in
            (state.count, Array(state.newest.suffix(state.count - known)))
        }
        known = count
        return news
    }
}
