import ObjectStore

/// The bundles of a folder in their chains.
struct BackupChains {
    /// The bundles of one writer, as far as they can be read, by number.
    struct Chain {
        var writer: String
        var files: [BundleFile]
        /// What is wrong with it as a whole.
        var findings: [String] = []
        /// What is worth knowing and costs nothing: bundles that are gone and that no other needs.
        var note: String?

        /// Whether the bundle at a place can be restored: a full one is there, and all between.
        func isComplete(at place: Int) -> Bool {
            var place = place
            while !files[place].header.isFull {
                guard place > 0, files[place - 1].header.number == files[place].header.number - 1,
                    files[place - 1].name.digest == files[place].header.previous
                else { return false }
                place -= 1
            }
            return true
        }

        /// Whether none of it is signed by one of these; nobody is meant where there are none.
        func isForeign(to signers: Set<BackupSignerKey>) -> Bool { files.allSatisfy { $0.isForeign(to: signers) } }

        /// The bundles that restore what the one at a place holds: the last full one and what follows.
        func needed(for place: Int) -> ArraySlice<BundleFile> {
            let full = files[...place].lastIndex { $0.header.isFull } ?? 0
            return files[full...place]
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
        for name in bundles {
            do throws(BackupError) {
                let file = try BundleFile(name, in: folder)
                if chains.last?.writer == name.writer {
                    chains[chains.count - 1].files.append(file)
                } else {
                    chains.append(Chain(writer: name.writer, files: [file]))
                }
            } catch {
                unreadable.append((name, error))
            }
        }
        for index in chains.indices { Self.check(&chains[index]) }
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

    /// Whether a bundle has parity.
    func hasParity(_ name: BundleName) -> Bool { parity.contains(BundleParity.index(of: name)) }

    /// All bundles, oldest first.
    var files: [(file: BundleFile, isComplete: Bool)] {
        chains.flatMap { chain in chain.files.indices.map { (chain.files[$0], chain.isComplete(at: $0)) } }
            .sorted {
                ($0.0.header.createdAt, $0.0.name.writer, $0.0.name.number)
                    < ($1.0.header.createdAt, $1.0.name.writer, $1.0.name.number)
            }
    }

    /// A chain has every number from 1, or from that of a full bundle, each once, and each bundle names the one before and
    /// was signed by the same key.
    private static func check(_ chain: inout Chain) {
        var found: [String] = []
        var expected = 1
        var before: BundleFile?
        for file in chain.files {
            let header = file.header
            if header.number < expected {
                found.append("\(file.name.text) has the number of another bundle: somebody wrote a second history")
                continue
            }
            if header.number > expected {
                let missing =
                    expected == header.number - 1 ? "\(expected)" : "\(expected) to \(header.number - 1)"
                let text = "bundles of the writer \(chain.writer) are missing: number \(missing)"
                if before == nil, header.isFull {
                    chain.note = "\(text); those that are there need none of them"
                } else {
                    found.append(text)
                }
            } else if let before, header.previous != before.name.digest {
                found.append("\(file.name.text) does not go on from \(before.name.text)")
            }
            if let before, before.header.archive != header.archive || before.header.signer != header.signer {
                found.append("\(file.name.text) is of another archive or signer than the bundles before it")
            }
            (expected, before) = (header.number + 1, file)
        }
        chain.findings = found
    }
}
