import CanonicalJSON
import Testing

@Suite("hash")
struct HashTests {
    private let place = Workplace()

    @Test("the id of any JSON is that of its canonical form, from standard input or a file, with no archive")
    func ids() throws {
        let text = #" {"b" : 1.0, "a":[ 1e2 , "\u0041"] } "#
        let canonical = #"{"a":[100,"A"],"b":1}"#
        try place.write(text, to: "x.json")
        let id = try place.run("/bin/bash", ["-c", "printf %s '\(canonical)' | sha256sum"]).text.prefix(64)
        #expect(try place.run("hash", input: text).text == id + "\n")
        #expect(try place.run("hash", "-", input: text).text == id + "\n")
        #expect(try place.run("hash", "x.json").text == id + "\n")
        #expect(try place.run("hash", "--canonical", "x.json").text == canonical)
        let json = try place.run("hash", "x.json", "--json").json
        #expect(json.keys == ["schema", "id", "bytes"])
        #expect(json.text("id") == String(id) && json["bytes"] == .integer(canonical.utf8.count))
        #expect(!place.has("archive"))
    }

    @Test("what has no canonical form is refused with its place and the reason")
    func invalid() throws {
        for text in ["", "{", #"{"a":1,"a":2}"#, "[1,]", #"["\ud800"]"#, "9007199254740993", "nonsense", "[] []"] {
            let answer = try place.run("hash", "--json", input: text)
            #expect(answer.status == 2, "\(text): \(answer)")
            #expect(answer.output.isEmpty)
            #expect(try answer.failure.text("code") == "invalid_json")
            #expect(try place.run("hash", "--canonical", input: text).output.isEmpty)
        }
        let missing = try place.run("hash", "absent.json", "--json")
        #expect(missing.status == 2)
        #expect(try missing.failure.text("message")?.contains("absent.json") == true)
    }
}
