import Testing

@Suite("Help texts")
struct HelpTextTests {
    /// As docs/CLI.md has them, which is made of them.
    @Test("have no runs of spaces within their sentences")
    func spaces() throws {
        let page = try Workplace().text(of: Package.folder + "/docs/CLI.md").split(separator: "\n")
        let options = page.filter { $0.hasPrefix("| `-") }
        #expect(options.count > 50)
        for line in options { #expect(!line.contains("  "), "\(line)") }
    }
}
