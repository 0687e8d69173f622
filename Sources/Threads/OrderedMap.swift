/// Takes items from `next`, transforms them on several threads and hands the outputs to `consume` in the items' order.
///
/// - `width`: threads that transform, the caller's among them. With 1 everything happens on the caller's.
/// - `lookAhead`: the most items that are taken and not yet consumed, which bounds the memory; 4 a thread unless said.
/// - `next`: the next item, nil at the end, after which it is not asked again. On the caller's thread.
/// - `context`: called once for each thread, on the caller's: what `transform` needs for itself, such as a hasher.
/// - `transform`: on any thread. A failure of one item travels in the output.
/// - `consume`: on the caller's thread.
///
/// The caller's thread transforms as well whenever there is nothing to consume. What `next`, `context` or `consume`
/// throws is thrown on after the threads have ended; they finish the items at hand and begin no others.
public func orderedMap<Item: Sendable, Output: Sendable, Context: ~Copyable, Failure: Error>(
    width: Int = processorCount, lookAhead: Int? = nil,
    next: () throws(Failure) -> Item?,
    context: () throws(Failure) -> sending Context,
    transform: @Sendable (inout Context, Item) -> Output,
    consume: (Output) throws(Failure) -> Void
) throws(Failure) {
    var own = try context()
    guard width > 1 else {
        while let item = try next() { try consume(transform(&own, item)) }
        return
    }
    var boxes: [ContextBox<Context>] = []
    for _ in 1..<width { boxes.append(ContextBox(try context())) }
    let contexts = boxes
    let pipeline = Pipeline<Item, Output>(capacity: max(1, lookAhead ?? 4 * width))
    try withThreads(width - 1) { thread in
        while let work = pipeline.waitForWork() {
            pipeline.finish(work.number, transform(&contexts[thread].context, work.item))
        }
    } meanwhile: { _ throws(Failure) in
        defer { pipeline.stop() }
        var isAtEnd = false
        while true {
            while let output = pipeline.takeOutput() { try consume(output) }
            while !isAtEnd, !pipeline.isFull {
                guard let item = try next() else {
                    isAtEnd = true
                    break
                }
                pipeline.add(item)
            }
            if let work = pipeline.takeWork() {
                pipeline.finish(work.number, transform(&own, work.item))
            } else if pipeline.isEmpty {
                return
            } else {
                pipeline.waitForOutput()
            }
        }
    }
}

/// Carries one thread's context to it.
///
/// `@unchecked Sendable`: a context comes in from where nothing else refers to it, and only the one thread that the box
/// is meant for touches it from then on.
private final class ContextBox<Context: ~Copyable>: @unchecked Sendable {
    var context: Context

    init(_ context: consuming sending Context) { self.context = context }
}
