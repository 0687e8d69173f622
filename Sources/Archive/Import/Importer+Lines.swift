import ObjectStore
import Threads

/// Texts with an observation a line: read on the caller's thread, decoded on all, taken in in their order.
extension Importer {
    /// Decodes a line; on any thread.
    typealias LineDecoder =
        @Sendable ([UInt8], ImportOptions, ObservationBuilder) throws(ImportFailure) -> ImportedObservation

    /// Some lines that are decoded together.
    private enum Group: Sendable {
        case texts([UInt8])
        /// A line over the limit.
        case tooLong
        /// Reading failed; the text is over.
        case failed(StorageError)
    }

    /// Groups that are read ahead for each processor: while a block is closed nobody takes them in.
    private static let groupsAhead = 16

    /// What some lines hold.
    private struct DecodedGroup: Sendable {
        /// An observation or a failure, and in which of these lines, from 0; blank ones have none.
        var outcomes: [(line: Int, outcome: Result<PreparedObservation, ImportFailure>)] = []
        /// How many lines these are.
        var lines = 0
        var failure: StorageError?
    }

    /// Takes the lines of a text. With `rejectsPlaceOnce` a lack of player, board or time is no matter of a line.
    func takeLines(
        _ reader: inout ChunkReader, name: String, _ decode: @escaping LineDecoder, rejectsPlaceOnce: Bool = false
    ) throws(ArchiveError) {
        var placeless: [ImportFailure: Int] = [:]
        var number = 1
        var isAtEnd = false
        let (options, learned) = (self.options, LearnedShapes())
        try orderedMap(
            lookAhead: Self.groupsAhead * processorCount,
            next: { () throws(ArchiveError) -> Group? in
                guard !isAtEnd else { return nil }
                do throws(StorageError) {
                    switch try reader.lines() {
                    case .texts(let text): return .texts(text)
                    case .tooLong: return .tooLong
                    case nil: return nil
                    }
                } catch {
                    isAtEnd = true
                    return .failed(error)
                }
            },
            context: { () throws(ArchiveError) in ObservationBuilder(sharing: learned) },
            transform: { builder, group in Self.decode(group, options, builder, decode) },
            consume: { (group: DecodedGroup) throws(ArchiveError) in
                for (line, outcome) in group.outcomes {
                    switch outcome {
                    case .success(let prepared): try add(prepared, from: name, line: number + line)
                    case .failure(let failure) where rejectsPlaceOnce && failure.code == .needsPlaceAndTime:
                        placeless[failure, default: 0] += 1
                    case .failure(let failure):
                        // A line that a failure names is one within this line's own text.
                        reject(failure, from: name, line: number + line)
                    }
                }
                number += group.lines
                if let failure = group.failure { reject(failure, name: name) }
            })
        reject(placeless, from: name)
    }

    private static func decode(
        _ group: Group, _ options: ImportOptions, _ builder: ObservationBuilder, _ decode: LineDecoder
    ) -> DecodedGroup {
        var decoded = DecodedGroup()
        switch group {
        case .texts(let text):
            var start = 0
            while start < text.count {
                let feed = text.firstIndex(of: UInt8(ascii: "\n"), from: start) ?? text.count
                let end = feed > start && text[feed - 1] == UInt8(ascii: "\r") ? feed - 1 : feed
                let line = text[start..<end]
                if !line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }) {
                    let outcome = Result { () throws(ImportFailure) in
                        try builder.prepare(try decode(Array(line), options, builder))
                    }
                    decoded.outcomes.append((decoded.lines, outcome))
                }
                decoded.lines += 1
                start = feed + 1
            }
        case .tooLong:
            let failure = ImportFailure(.tooLarge, "the line is longer than \(ChunkReader.textLimit) bytes")
            decoded.outcomes.append((0, .failure(failure)))
            decoded.lines = 1
        case .failed(let error): decoded.failure = error
        }
        return decoded
    }
}
