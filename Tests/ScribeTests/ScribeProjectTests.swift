import Scribe
import Testing

@Suite struct ScribeProjectTests {
    private func project(_ text: String?, root: String = ".") throws -> ScribeProject {
        try ScribeProject(parsing: text.map { Array($0.utf8) }, path: "config/project.json", root: root)
    }

    @Test func allFields() throws {
        let text = """
            {"project_name": "p", "progress_log": "docs/LOG.md", "default_emoji": "🦊", "default_agent": "A", "more": 1}
            """
        #expect(
            try project(text)
                == ScribeProject(name: "p", progressLog: "docs/LOG.md", defaultEmoji: "🦊", defaultAgent: "A"))
    }

    @Test func onlyTheLogIsRequired() throws {
        #expect(try project(#"{"progress_log":"l","default_emoji":""}"#) == ScribeProject(progressLog: "l"))
        #expect(try project(#"{"progress_log":"l","project_name":null}"#).defaultEmoji == "📝")
    }

    @Test func logIsRelativeToTheRoot() throws {
        #expect(try project(#"{"progress_log":"docs/l"}"#, root: "/repo").progressLog == "/repo/docs/l")
        #expect(try project(#"{"progress_log":"/var/l"}"#, root: "/repo").progressLog == "/var/l")
    }

    @Test(
        arguments: [
            (nil, "Config file not found: config/project.json"),
            ("{", "Config file is not valid JSON: config/project.json ("),
            ("", "Config file is not valid JSON: config/project.json ("),
            ("{}", "Config file is missing 'progress_log'."),
            ("[]", "Config file is missing 'progress_log'."),
            (#"{"progress_log":""}"#, "Config file is missing 'progress_log'."),
            (#"{"progress_log":5}"#, "Config file config/project.json: 'progress_log' must be text."),
            (
                #"{"progress_log":"l","default_agent":[]}"#,
                "Config file config/project.json: 'default_agent' must be text."
            ),
        ] as [(String?, String)])
    func brokenFiles(text: String?, expected: String) {
        #expect { try project(text) } throws: { "\($0)".hasPrefix(expected) }
    }
}
