import ObjectStore

/// The bundles of a folder in their chains.
struct BackupChains {
    /// The bundles of one writer, as far as they can be read, by number. Where two have one number, two copies of an archive
    /// wrote at once: each goes on from the one that it names.
    struct Chain {
        let writer: String
        let files: [BundleFile]
        /// What is wrong with it as a whole.
        private(set) var findings: [BackupError] = []
        /// What is worth knowing and costs nothing: bundles that are gone and that no other needs.
        private(set) var note: String?
        /// Where the bundle with a SHA-256 stands.
        private let places: [ObjectID: Int]

        init(_ files: [BundleFile], of writer: String) {
            self.writer = writer
            self.files = files.sorted {
                ($0.name.number, $0.header.createdAt, $0.name.digest) < (
                    $1.name.number, $1.header.createdAt, $1.name.digest
                )
            }
            places = Dictionary(self.files.enumerated().map { ($1.name.digest, $0) }) { first, _ in first }
            check()
        }

        /// Whether none of it is signed by one of these; nobody is meant where there are none.
        func isForeign(to signers: Set<BackupSignerKey>) -> Bool { files.allSatisfy { $0.isForeign(to: signers) } }

        /// Where the bundle stands that another one goes on from; nil where it is not there, or is none of the same
        /// archive and signer.
        private func place(before file: BundleFile) -> Int? {
            guard let place = file.header.previous.flatMap({ places[$0] }) else { return nil }
            let header = files[place].header
            guard header.number == file.header.number - 1, header.archive == file.header.archive,
                header.signer == file.header.signer
            else { return nil }
            return place
        }

        /// Which bundles behind a place are missing, in words: what they say was forgotten is not known.
        func holes(behind place: Int) -> [String] {
            zip(files[place...], files[(place + 1)...]).compactMap { before, after in
                let next = before.header.number + 1
                return next < after.header.number ? missing(next..<after.header.number) : nil
            }
        }

        /// That bundles with these numbers are not there.
        fileprivate func missing(_ numbers: Range<Int>) -> String {
            let last = numbers.count == 1 ? "" : " to \(numbers.upperBound - 1)"
            return "bundles of the writer \(writer) are missing: number \(numbers.lowerBound)\(last)"
        }

        /// The bundles that restore what the one at a place holds, in order: the last full one and what goes on from it; nil
        /// where one of them is not there. O(bundles).
        func needed(for place: Int) -> [BundleFile]? {
            var needed = [files[place]]
            while let first = needed.last, !first.header.isFull {
                guard let before = self.place(before: first) else { return nil }
                needed.append(files[before])
            }
            return needed.reversed()
        }
    }

    private(set) var chains: [Chain] = []
    /// Bundles whose clear header cannot be read.
    private(set) var unreadable: [(name: BundleName, error: BackupError)] = []
    /// Files that are none of a backup's.
    private(set) var strangers: [String] = []
    /// Bundles that were never finished.
    private(set) var unfinished: [String] = []
    /// Files of parity.
    private(set) var parity: Set<String> = []

    /// Opens the bundles of a folder. Throws where the folder cannot be listed.
    init(_ folder: any Storage) throws(BackupError) {
        let (bundles, others) = try BackupFolder.list(folder)
        var files: [BundleFile] = []
        for name in bundles {
            do throws(BackupError) { files.append(try BundleFile(name, in: folder)) } catch {
                unreadable.append((name, error))
            }
        }
        chains = Dictionary(grouping: files, by: \.name.writer).map { Chain($1, of: $0) }
            .sorted { $0.writer < $1.writer }
        for name in others where !ReaderFiles.names.contains(name) {
            if name.hasPrefix(BackupFolder.partialPrefix) {
                unfinished.append(name)
            } else if BundleParity.isParity(name) {
                parity.insert(name)
            } else if !name.hasPrefix(".") {
                strangers.append(name)
            }
        }
    }

    /// Bundles behind the last one of their chain whose parity alone is here: holes before it the chain tells itself.
    func lostEnds(in folder: any Storage) throws(BackupError) -> [(name: BundleName, error: BackupError)] {
        var last: [String: Int] = [:]
        for name in unreadable.map(\.name) + chains.flatMap({ $0.files.map(\.name) }) {
            last[name.writer] = max(last[name.writer] ?? 0, name.number)
        }
        return try BundleCheck.names(in: folder).filter { $0.number > last[$0.writer] ?? 0 }.map { name in
            let words = "\(name.text) is not here, though its parity is: `osrs-archive backup repair` may bring it back"
            return (name, BackupError(.missing, words))
        }
    }

    /// All bundles, oldest first, and whether all are there that each one needs. O(bundles).
    var files: [(file: BundleFile, isComplete: Bool)] {
        chains.flatMap { chain in zip(chain.files, chain.completeness) }
            .sorted {
                ($0.0.header.createdAt, $0.0.name.writer, $0.0.name.number)
                    < ($1.0.header.createdAt, $1.0.name.writer, $1.0.name.number)
            }
    }
}

extension BackupChains.Chain {
    /// Of each bundle whether all are there that it needs.
    fileprivate var completeness: [Bool] {
        var known: [Bool] = []
        // The one before has a lower number, and so stands before.
        for file in files { known.append(file.header.isFull || place(before: file).map { known[$0] } ?? false) }
        return known
    }

    /// A chain has every number from 1, or from that of a full bundle, each once, and each bundle names the one before and
    /// was signed by the same key.
    fileprivate mutating func check() {
        var expected = 1
        var before: BundleFile?
        for file in files {
            let header = file.header
            if let before, before.header.archive != header.archive || before.header.signer != header.signer {
                findings.append(
                    BackupError(
                        .corrupt, "\(file.name.text) is of another archive or signer than the bundles before it"))
            }
            guard header.number >= expected else {
                findings.append(
                    BackupError(
                        .corrupt, "\(file.name.text) has the number of another bundle: somebody wrote a second history")
                )
                continue
            }
            if header.number > expected {
                let text = missing(expected..<header.number)
                if before == nil, header.isFull {
                    note = "\(text); those that are there need none of them"
                } else {
                    findings.append(BackupError(.missing, text))
                }
            } else if let before,
                header.previous.flatMap({ places[$0] }).map({ files[$0].header.number }) != expected - 1
            {
                findings.append(
                    BackupError(.corrupt, "\(file.name.text) does not go on from \(before.name.text)"))
            }
            (expected, before) = (header.number + 1, file)
        }
    }
}
