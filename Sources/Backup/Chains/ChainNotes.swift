import Archive
import CanonicalJSON
import ObjectStore

/// What an archive remembers of the bundles that it wrote: enough to go on from the last one without reading any. None of
/// it is secret, and none is needed to restore.
///
/// A chain's newest state is noted before its bundle takes its name. So the state before it is kept, too: where the newest
/// bundle is not in the folder, it was never finished, and the chain goes on from the one before.
public struct ChainNotes: Hashable, Sendable {
    /// The chain after one of its bundles.
    struct State: Hashable {
        /// The bundle.
        var name: BundleName
        /// The number of the last bundle that needs none before.
        var full: Int
        /// Where the sequence ended.
        var mark: SequenceMark
        /// Who can open all bundles from `full` on, by their names; nil where an older program did not note it.
        var openers: Set<String>?
    }

    /// A chain of bundles in one folder.
    struct Chain: Hashable {
        var writer: String
        /// The salt of its passphrase: one for all bundles, so that a restore derives one key.
        var salt: [UInt8]
        /// The newest states, the last one last; at most two. None yet where its first bundle was never finished.
        var states: [State]
    }

    /// The chains, the one that was written last at the end.
    var chains: [Chain] = []
    /// Chains that are remembered at most: folders that were given up do not add up for ever.
    private static let limit = 64

    /// No chain yet.
    public init() {}

    /// Notes a chain whose first bundle is about to be begun, so that what a killed run leaves of it is known as ours.
    mutating func begin(writer: String, salt: [UInt8]) {
        chains = chains.suffix(Self.limit - 1) + [Chain(writer: writer, salt: salt, states: [])]
    }

    /// Notes a bundle that is about to be there.
    mutating func note(_ state: State, salt: [UInt8]) {
        var chain = Chain(writer: state.name.writer, salt: salt, states: [])
        if let index = chains.firstIndex(where: { $0.writer == chain.writer }) { chain = chains.remove(at: index) }
        chain.states = chain.states.filter { $0.name.number < state.name.number }.suffix(1) + [state]
        chains = chains.suffix(Self.limit - 1) + [chain]
    }
}

extension ChainNotes {
    /// The notes as canonical JSON and a line feed.
    public func encoded() throws -> [UInt8] {
        let chains = self.chains.map { chain in
            JSONValue.object([
                JSONMember("salt", .text(Hexadecimal.text(chain.salt))),
                JSONMember(
                    "states",
                    .array(
                        chain.states.map { state in
                            .object(
                                [
                                    JSONMember("bundle", .text(state.name.digest.hex)),
                                    JSONMember("full", .integer(state.full)),
                                    JSONMember("head", .text(state.mark.head.digest.hex)),
                                    JSONMember("number", .integer(state.name.number)),
                                    JSONMember("records", .integer(state.mark.recordCount)),
                                ]
                                    + (state.openers.map { names in
                                        [JSONMember("openers", .array(names.sorted().map { .text($0) }))]
                                    } ?? []))
                        })), JSONMember("writer", .text(chain.writer)),
            ])
        }
        return try JSONValue.object([JSONMember("chains", .array(chains)), JSONMember("format", .integer(1))])
            .canonicalBytes() + [UInt8(ascii: "\n")]
    }

    /// The notes with these bytes; nil where they are none: then every folder gets a chain anew.
    public init?(decoding bytes: [UInt8]) {
        guard let value = try? JSONValue(parsing: bytes), value["format"]?.integer == 1,
            let chains = value["chains"]?.array
        else { return nil }
        for chain in chains {
            guard let chain = Chain(chain) else { return nil }
            self.chains.append(chain)
        }
    }
}

extension ChainNotes.Chain {
    fileprivate init?(_ value: JSONValue) {
        guard let writer = value["writer"]?.string, BundleName.isWriter(writer),
            let salt = value["salt"]?.string.flatMap(Hexadecimal.bytes), salt.count == ScryptParameters.saltBytes,
            let listed = value["states"]?.array
        else { return nil }
        (self.writer, self.salt, states) = (writer, salt, [])
        for state in listed {
            guard let number = state["number"]?.integer.flatMap(Int.init(exactly:)), number >= 1,
                let bundle = state["bundle"]?.string.flatMap({ ObjectID(hex: $0) }),
                let full = state["full"]?.integer.flatMap(Int.init(exactly:)), (1...number).contains(full),
                let records = state["records"]?.integer.flatMap(Int.init(exactly:)), records >= 0,
                let head = state["head"]?.string.flatMap({ ObjectID(hex: $0) })
            else { return nil }
            var openers: Set<String>?
            if let names = state["openers"] {
                guard let names = names.array?.map(\.string), !names.contains(nil) else { return nil }
                openers = Set(names.compactMap { $0 })
            }
            states.append(
                ChainNotes.State(
                    name: BundleName(writer: writer, number: number, digest: bundle), full: full,
                    mark: SequenceMark(recordCount: records, head: SequenceHead(digest: head)), openers: openers))
        }
    }
}
