public import Hiscores

/// Where the hiscores are served: the official service, or another one that answers in its way.
public struct HiscoresEndpoint: Hashable, Sendable, CustomStringConvertible {
    /// The official service.
    public static let official = HiscoresEndpoint(base: "https://secure.runescape.com")

    /// The address under which the boards lie, without a slash at its end.
    public let base: String

    private init(base: String) { self.base = base }

    /// The service at an address that a person gave: `http` or `https`, a host, a port and a path if need be.
    ///
    /// Refused: a query or fragment (the boards' paths are put at the end), a user name or password (the address is
    /// written into every observation), and what no address may hold (RFC 3986, section 2).
    public init(_ address: String) throws(EndpointError) {
        func refusal(_ reason: String) -> EndpointError { EndpointError(address: address, reason: reason) }
        guard address.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && !#""<>\^`{|}"#.utf8.contains($0) }) else {
            throw refusal("it holds a character that no address may hold; percent-encode it")
        }
        let lowered = address.lowercased()
        guard let scheme = ["http://", "https://"].first(where: lowered.hasPrefix) else {
            throw refusal("it begins with neither http:// nor https://")
        }
        let rest = address.dropFirst(scheme.count)
        guard !rest.contains("?"), !rest.contains("#") else { throw refusal("it has a query or a fragment") }
        let authority = rest.prefix { $0 != "/" }
        guard !authority.contains("@") else { throw refusal("it holds a user name or password") }
        try Self.checkAuthority(authority, refusal)

        var base = scheme + rest
        while base.hasSuffix("/") { base.removeLast() }
        self.base = base
    }

    /// The address of what a board says about a player: `BASE/m=BOARD/index_lite.json?player=NAME`, the name in UTF-8,
    /// percent-encoded.
    public func url(board: Board, player: String) -> String {
        "\(base)/m=\(board.servicePath)/index_lite.json?player=\(Self.percentEncoded(player))"
    }

    /// The address.
    public var description: String { base }

    /// A host, and a port from 1 to 65535 where there is one; the host of an IPv6 address stands in brackets.
    private static func checkAuthority(
        _ authority: Substring, _ refusal: (String) -> EndpointError
    ) throws(EndpointError) {
        var host = authority
        var port: Substring?
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            (host, port) = (authority[..<colon], authority[authority.index(after: colon)...])
        }
        let isBracketed = host.hasPrefix("[") && host.hasSuffix("]") && host.count > 2
        guard !host.isEmpty, isBracketed || !host.contains(where: { ":[]".contains($0) }) else {
            throw refusal("it names no host")
        }
        if let port {
            guard port.allSatisfy(\.isNumber), let number = UInt16(port), number > 0 else {
                throw refusal("its port is no number from 1 to 65535")
            }
        }
    }

    /// Every byte outside RFC 3986's unreserved characters (section 2.3) as `%XX`.
    private static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Why an address cannot be that of a hiscore service.
public struct EndpointError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The address as given.
    public let address: String
    /// What is wrong with it.
    public let reason: String

    /// One sentence for a person, with an example.
    public var description: String {
        "\(address) is no address of a hiscore service: \(reason). One looks like \(HiscoresEndpoint.official.base)"
    }
}
