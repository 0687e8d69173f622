import ObjectStore
import Testing

@Suite struct StoragePathTests {
    /// Names of letters with marks, of several bytes each, and one that begins with a mark.
    @Test func aPathIsItsFolderAndItsName() {
        for (folder, name) in [
            ("/höhle/Ö", "archive"), ("/öööööööö", "a"), ("", "ö"), ("/a", "\u{301}b"), ("a", "\u{1F600}"),
        ] {
            let path = "\(folder)/\(name)"
            #expect(StoragePath.parent(of: path) == folder, "\(path)")
            #expect(StoragePath.name(of: path) == name, "\(path)")
        }
        #expect(StoragePath.parent(of: "a").isEmpty && StoragePath.name(of: "a") == "a")
    }
}
