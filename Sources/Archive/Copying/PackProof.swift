public import ObjectStore

/// Proof of a pack that lies anywhere, not in an archive's folder.
public enum PackProof {
    /// Everything that a pack's bytes are to show, computed anew: its name, every checksum, every id, the chain of heads.
    /// Nil where all is right, otherwise what is not.
    public static func finding(in file: any StorageFile, name: ObjectID) -> String? {
        PackVerification.run(name, file).findings.first.map { "\($0.error)" }
    }
}
