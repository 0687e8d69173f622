/// The `key=value` pairs at the end of an entry, in order. A key that comes again keeps its place and takes the newer
/// value.
public struct ScribeMeta: Hashable, Sendable {
    /// One `key=value`.
    public struct Pair: Hashable, Sendable {
        /// Its name, never empty where it was read from a word.
        public let key: String
        /// Its value, perhaps empty.
        public let value: String
    }

    /// The pairs, no two of one key.
    public private(set) var pairs: [Pair] = []

    /// No pairs.
    public init() {}

    /// Adds a pair, or gives the pair of that key another value. Both become one line, without spaces at their ends.
    public mutating func set(_ key: String, to value: String) {
        let pair = Pair(key: key.singleLine.trimmed, value: value.singleLine.trimmed)
        if let index = pairs.firstIndex(where: { $0.key == pair.key }) {
            pairs[index] = pair
        } else {
            pairs.append(pair)
        }
    }

    /// Adds the pair of a `key=value` word; the first `=` parts it.
    public mutating func set(word: String) throws(ScribeError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .metaNotPair(word) }
        guard !String(parts[0]).singleLine.trimmed.isEmpty else { throw .metaKeyEmpty }
        set(String(parts[0]), to: String(parts[1]))
    }
}

extension ScribeMeta: ExpressibleByDictionaryLiteral {
    /// The pairs of a literal, in its order.
    public init(dictionaryLiteral elements: (String, String)...) {
        for (key, value) in elements { set(key, to: value) }
    }
}

/// The command line's words after `--meta`.
public enum ScribeArguments {
    /// Parts the words after `--meta` from the message: `-m a=1 b=2 message` and `message -m a=1 -m b=2` say the same.
    ///
    /// - Parameters:
    ///   - words: all words that were read after `-m` flags, up to the next option, in order.
    ///   - message: the message where it was read as an argument of its own.
    /// - Returns: the pairs and the message. A word without `=` that follows a pair is the message where there is none
    ///   yet; anywhere else it is `ScribeError.metaNotPair`. A message that holds `=` goes before `-m` or after `--`.
    public static func splitMeta(
        words: [String], message: String?
    ) throws(ScribeError) -> (meta: ScribeMeta, message: String) {
        var meta = ScribeMeta()
        var message = message
        for (index, word) in words.enumerated() {
            if message == nil, index > 0, !word.contains("=") {
                message = word
            } else {
                try meta.set(word: word)
            }
        }
        guard let message else { throw .messageMissing }
        return (meta, message)
    }
}
