/// The items on their way through `orderedMap`: a ring of slots, in which each item is replaced by its output. Items are
/// numbered from 0 in the order in which they were added.
final class Pipeline<Item: Sendable, Output: Sendable>: Sendable {
    /// An item to transform, and its number.
    typealias Work = (number: Int, item: Item)

    private enum Slot {
        case free
        case item(Item)
        case isTransformed
        case output(Output)
    }

    private struct State: Sendable {
        var slots: [Slot]
        /// The number of the next output to be consumed.
        var consumed = 0
        /// The number of the next item to be transformed.
        var begun = 0
        /// The number of the next item to be added.
        var added = 0
        var isStopped = false
        /// The caller's thread sleeps until the output with the number `consumed` is there.
        var isAwaited = false

        init(capacity: Int) { slots = Array(repeating: .free, count: capacity) }

        subscript(number: Int) -> Slot {
            get { slots[number % slots.count] }
            set { slots[number % slots.count] = newValue }
        }

        mutating func takeWork() -> Work? {
            guard begun < added, case .item(let item) = self[begun] else { return nil }
            self[begun] = .isTransformed
            begun += 1
            return (begun - 1, item)
        }
    }

    private let state: Monitor<State>
    private let workIsThere = Condition()
    private let outputIsThere = Condition()

    /// An empty pipeline with room for `capacity` items, at least one.
    init(capacity: Int) { state = Monitor(State(capacity: capacity)) }

    /// Whether there is no room for another item.
    var isFull: Bool { state.withLock { $0.added - $0.consumed == $0.slots.count } }

    /// Whether every output has been taken.
    var isEmpty: Bool { state.withLock { $0.added == $0.consumed } }

    /// Adds the next item; there is room for it.
    func add(_ item: Item) {
        state.withLock { state in
            state[state.added] = .item(item)
            state.added += 1
        }
        workIsThere.signal()
    }

    /// The first item that nobody transforms yet, or nil.
    func takeWork() -> Work? { state.withLock { $0.takeWork() } }

    /// Like `takeWork`, but waits for an item; nil when the pipeline is stopped.
    func waitForWork() -> Work? {
        state.wait(for: workIsThere) { state -> Work?? in
            if state.isStopped { return .some(nil) }
            return state.takeWork().map { .some($0) }
        }
    }

    /// Puts an output in the place of its item.
    func finish(_ number: Int, _ output: Output) {
        let isAwaited = state.withLock { state in
            state[number] = .output(output)
            return state.isAwaited && number == state.consumed
        }
        if isAwaited { outputIsThere.signal() }
    }

    /// The next output in order, or nil where it is not there yet.
    func takeOutput() -> Output? {
        state.withLock { state in
            guard case .output(let output) = state[state.consumed] else { return nil }
            state[state.consumed] = .free
            state.consumed += 1
            return output
        }
    }

    /// Returns when the next output in order is there. Only where an item is under way.
    func waitForOutput() {
        state.wait(for: outputIsThere) { state -> Void? in
            guard case .output = state[state.consumed] else {
                state.isAwaited = true
                return nil
            }
            state.isAwaited = false
            return ()
        }
    }

    /// Lets no thread begin another item.
    func stop() {
        state.withLock { $0.isStopped = true }
        workIsThere.broadcast()
    }
}
