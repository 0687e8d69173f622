import Hiscores
import HiscoresClient
import Testing

@Suite struct HiscoresEndpointTests {
    @Test(
        arguments: [
            (.main, "Zezima", "m=hiscore_oldschool/index_lite.json?player=Zezima"),
            (.ironman, "Iron Man", "m=hiscore_oldschool_ironman/index_lite.json?player=Iron%20Man"),
            (.skillerDefence, "a_b-c", "m=hiscore_oldschool_skiller_defence/index_lite.json?player=a_b-c"),
            (.main, "a&b=c?#/%+", "m=hiscore_oldschool/index_lite.json?player=a%26b%3Dc%3F%23%2F%25%2B"),
            (.main, "x\u{A0}é\u{0}", "m=hiscore_oldschool/index_lite.json?player=x%C2%A0%C3%A9%00"),
            (.main, "", "m=hiscore_oldschool/index_lite.json?player="),
        ] as [(Board, String, String)])
    func addressesAreBuilt(board: Board, player: String, path: String) {
        #expect(HiscoresEndpoint.official.url(board: board, player: player) == "https://secure.runescape.com/\(path)")
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("https://example.org/", "https://example.org"),
        ("HTTPS://Example.org/a/b//", "https://Example.org/a/b"), ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("http://[::1]", "http://[::1]"), ("http://localhost:65535", "http://localhost:65535"),
    ])
    func addressesOfOtherServicesAreTaken(text: String, base: String) throws {
        #expect(try HiscoresEndpoint(text).base == base)
    }

    @Test(arguments: [
        "", "example.org", "ftp://example.org", "file:///etc/passwd", "http:/example.org", "http://", "https:///path",
        "http://example.org?x=1", "http://example.org/#top", "http://me:secret@example.org", "http://exa mple.org",
        "http://example.org/\n", "http://example.org/é", "http://example.org:0", "http://example.org:65536",
        "http://example.org:", "http://example.org:+1", "http://:80", "http://::1", "http://[::1", "http://[]",
        "http://[::1]x",
    ])
    func whatIsNoServiceAddressIsRefused(text: String) {
        let error = #expect(throws: EndpointError.self) { try HiscoresEndpoint(text) }
        #expect(error?.address == text)
        #expect(error?.description.contains("https://secure.runescape.com") == true)
    }
}

@Suite struct UserAgentTests {
    @Test(
        arguments: [
            ("0.1.0", "https://example.org/me", "osrs-archive/0.1.0 (+https://example.org/me)"),
            ("0.1.0", nil, "osrs-archive/0.1.0"), ("0.1.0", "", "osrs-archive/0.1.0"),
            ("0.1.0", "a\r\nX: y", "osrs-archive/0.1.0 (+a??X: y)"),
            ("0.1.0", "(me) é\\", "osrs-archive/0.1.0 (+?me? ??)"),
        ] as [(String, String?, String)])
    func itSaysProgramVersionAndContact(version: String, contact: String?, text: String) {
        #expect(UserAgent(version: version, contact: contact).description == text)
    }
}
