public import ObjectStore

/// What a repair needs to know of the bundles in a folder; nothing here needs a key.
public enum BundleCheck {
    /// The bundles that are there, or whose parity is, by writer and number.
    public static func names(in folder: any Storage) throws(BackupError) -> [BundleName] {
        let (bundles, others) = try BackupFolder.list(folder)
        let known = Set(bundles)
        let lost = others.compactMap { other -> BundleName? in
            guard other.hasSuffix(".par2"), let end = other.range(ofSuffix: BundleName.suffix) else { return nil }
            return BundleName(String(other[..<end]))
        }
        return bundles + Set(lost).subtracting(known).sorted { $0.text < $1.text }
    }

    /// Whether a bundle's bytes have the SHA-256 in its name; false where it is not there. Throws `io`.
    public static func isSound(_ name: BundleName, in folder: any Storage) throws(BackupError) -> Bool {
        do throws(StorageError) {
            let file = try folder.open(name.text)
            var digest = SHA256Stream()
            var offset = 0
            while offset < file.size {
                let piece = try file.read(from: offset, count: 1 << 20)
                if piece.isEmpty { return false }
                digest.update(piece)
                offset += piece.count
            }
            return digest.finish() == name.digest
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
