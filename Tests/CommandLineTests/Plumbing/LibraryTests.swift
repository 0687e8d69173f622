import Testing

@Suite("What the program is linked with")
struct LibraryTests {
    /// The C library, what every Swift program needs where the Swift library is not linked in, and zlib. libcurl is
    /// opened at the first request; Foundation would double the start, and libcrypto take half as long again.
    private static let allowed = [
        "linux-vdso", "/lib64/ld-linux", "ld-linux", "libc.so", "libm.so", "libgcc_s.so", "libstdc++.so",
        "libpthread.so",
        "libdl.so", "libz.so", "libswift", "libBlocksRuntime.so", "libdispatch.so",
        "libFoundationEssentials.so", "lib_FoundationCShims.so", "lib_FoundationCollections.so",
    ]

    @Test("osrs-archive needs neither libcurl nor libcrypto nor Foundation to start")
    func libraries() throws {
        let answer = try Workplace().run("/usr/bin/ldd", [Program.archive])
        #expect(answer.status == 0, "\(answer)")
        let names = answer.text.split(separator: "\n").compactMap { $0.split(whereSeparator: \.isWhitespace).first }
        #expect(names.count > 3)
        for name in names {
            #expect(Self.allowed.contains { name.hasPrefix($0) }, "\(name) is not on the list")
        }
    }
}
