import CanonicalJSON
import Testing

@Suite("config show")
struct ConfigTests {
    @Test("each value with where it came from; secrets hidden")
    func origins() throws {
        let place = Workplace()
        try place.write("HISCORES_USER=Zezima\nDATA_PATH=from-file\nOSRS_ARCHIVE_PASSWORD=geheim\n", to: ".env")
        try place.write(#"{"interval_min":15,"contact":"me@example.org"}"#, to: "config/project.json")
        place.environment["OSRS_HISCORES_URL"] = "http://localhost:1"
        place.environment["OSRS_ARCHIVE_PASSWORD_COMMAND"] = "geheim too"
        let lines = try place.run("config", "show", "--origin", "--json", "--lock-timeout", "7").lines
        for line in lines { #expect(line.keys == ["schema", "name", "value", "origin"]) }
        func expect(_ name: String, _ value: String?, _ origin: String) {
            let line = lines.first { $0.text("name") == name }
            #expect(
                line?.text("value") == value && line?.text("origin") == origin, "\(name): \(String(describing: line))")
        }
        expect("archive_dir", "from-file", ".env DATA_PATH")
        expect("players", "Zezima", ".env HISCORES_USER")
        expect("interval_min", "15", "config/project.json interval_min")
        expect("contact", "me@example.org", "config/project.json contact")
        expect("endpoint", "http://localhost:1", "environment OSRS_HISCORES_URL")
        expect("lock_timeout_seconds", "7", "flag --lock-timeout")
        expect("body_limit_bytes", "1048576", "default")
        expect("password", "<hidden>", ".env OSRS_ARCHIVE_PASSWORD")
        let table = try place.run("config", "show", "--origin").text
        let plain = try place.run("config", "show").text
        for text in [table, plain] {
            #expect(text.contains("Zezima") && !text.contains("geheim"), "\(text)")
        }
        #expect(table.contains(".env DATA_PATH") && !plain.contains(".env DATA_PATH"))
        #expect(plain.contains("archive_dir=from-file\n"))
    }

    @Test("files that cannot be read say where and why: 64")
    func broken() throws {
        let place = Workplace()
        try place.write("HISCORES_USER=a\nnonsense\n", to: ".env")
        let answer = try place.run("config", "show", "--json")
        #expect(answer.status == 64, "\(answer)")
        #expect(try answer.failure.text("message")?.contains(".env") == true)
        #expect(answer.errorText.contains("2"))
        let other = Workplace()
        try other.write("[]", to: "config/project.json")
        #expect(try other.run("config", "show").status == 64)
    }
}
