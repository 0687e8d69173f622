import Glibc
import Testing

@testable import HiscoresClient

@Suite struct CurlLibraryTests {
    @Test func anAbsentLibraryIsNamed() {
        let error = #expect(throws: CurlLibrary.OpenError.self) { try CurlLibrary(named: "libcurl-absent.so.4") }
        #expect(error?.detail.contains("libcurl-absent.so.4") == true)
    }

    @Test func aLibraryThatIsNotLibcurlIsRefused() {
        let error = #expect(throws: CurlLibrary.OpenError.self) { try CurlLibrary(named: "libc.so.6") }
        #expect(error?.detail.contains("curl_global_init") == true)
    }

    @Test func theMessageNamesThePackageToInstall() {
        let error = TransportError(.libraryMissing, url: "http://x", detail: "libcurl.so.4: no such file")
        #expect(error.description.contains("Debian package libcurl4"))
        #expect(error.isLocal)
    }

    /// In a process of its own. FoundationNetworking, which other tests of the same bundle may link, brings libcurl by
    /// itself: there the test can tell nothing.
    @Test(
        .disabled(if: isMapped("FoundationNetworking"), "this bundle links FoundationNetworking, which needs libcurl"))
    func itIsOpenedAtTheFirstRequestAndNotBefore() async {
        await #expect(processExitsWith: .success) {
            let transport = CurlTransport()
            guard !isMapped("/libcurl") else { exit(1) }
            _ = try? transport.get(HTTPRequest(url: "http://127.0.0.1:1/", userAgent: "test"))
            guard isMapped("/libcurl.so.4") else { exit(2) }
        }
    }
}

/// Whether a file whose path holds `name` is mapped into this process.
func isMapped(_ name: String) -> Bool {
    guard let file = unsafe fopen("/proc/self/maps", "re") else { return false }
    defer { unsafe fclose(file) }
    var line = [CChar](repeating: 0, count: 4096)
    while unsafe fgets(&line, Int32(line.count), file) != nil {
        if unsafe strstr(line, name) != nil { return true }
    }
    return false
}
