public import ObjectStore

/// What a repair needs to know of the bundles in a folder; nothing here needs a key.
public enum BundleCheck {
    /// The bundles that are there, or whose parity is, by writer and number.
    public static func names(in folder: any Storage) throws(BackupError) -> [BundleName] {
        let (bundles, others) = try BackupFolder.list(folder)
        let known = Set(bundles)
        let lost = others.compactMap { other -> BundleName? in
            guard BundleParity.isParity(other), let end = other.range(ofSuffix: BundleName.suffix) else { return nil }
            return BundleName(String(other[..<end]))
        }
        return bundles + Set(lost).subtracting(known).sorted { $0.text < $1.text }
    }

    /// Those of some bundles that have no parity. Throws `io`.
    public static func withoutParity(
        _ names: [BundleName], in folder: any Storage
    ) throws(BackupError) -> [BundleName] {
        let others = Set(try BackupFolder.list(folder).others)
        return names.filter { !others.contains(BundleParity.index(of: $0)) }
    }

    /// What is lost with a bundle that could not be repaired, in words: how much of it is damaged and how much its parity
    /// can mend, and which bundles cannot be restored without it. Throws `io`.
    public static func loss(of name: BundleName, in folder: any Storage) throws(BackupError) -> String {
        let (bundles, others) = try BackupFolder.list(folder)
        var parts: [String] = []
        if let parity = try BundleParity(of: name, in: folder, names: others) {
            if let blocks = try parity.damagedBlocks(of: name, in: folder) {
                parts.append(
                    "\(blocks.damaged) of its \(blocks.of) blocks of \(parity.blockBytes) bytes are damaged, and its parity "
                        + "mends \(parity.recoveryBlocks)")
            } else {
                parts.append("its parity is damaged, too")
            }
        } else {
            parts.append("it has no parity")
        }
        let later = bundles.filter { $0.writer == name.writer && $0.number > name.number }
        let built = later.prefix { (try? BundleFile($0, in: folder).header.isFull) != true }.count
        parts.append(
            "what bundle \(name.number) of this chain holds is lost here"
                + (built == 0 ? "" : ", and \(built) bundle(s) that build on it cannot be restored"))
        return parts.joined(separator: "; ") + ". Take the bundle from another copy of this folder"
    }

    /// Whether a bundle was repaired: then it is durable, and `replaced`, files with what it was before, are gone. Throws what
    /// the storage reports.
    static func finishRepair(
        of name: BundleName, replaced: [String], in folder: any Storage
    ) throws(BackupError) -> Bool {
        guard try isSound(name, in: folder) else { return false }
        try BackupError.ofStorage { () throws(StorageError) in
            // The damaged bytes are of no more use once those in their place are proved and on the medium.
            try folder.synchronize(name.text)
            try folder.synchronizeFolder("")
            for path in replaced { try folder.remove(path) }
        }
        return true
    }

    /// Whether a bundle's bytes have the SHA-256 in its name; false where it is not there. Throws `io`.
    public static func isSound(_ name: BundleName, in folder: any Storage) throws(BackupError) -> Bool {
        do throws(StorageError) {
            return try folder.open(name.text).digest() == name.digest
        } catch {
            if error.code == .missing { return false }
            throw BackupError(error)
        }
    }
}

extension String {
    /// Where the first occurrence of a suffix that other suffixes follow ends: `a.bundle.par2` has `.bundle` to index 8.
    fileprivate func range(ofSuffix suffix: String) -> String.Index? {
        var index = startIndex
        while index < endIndex {
            if self[index...].hasPrefix(suffix) { return self.index(index, offsetBy: suffix.count) }
            index = self.index(after: index)
        }
        return nil
    }
}
