/// What the client says it is: program, version and whom to ask about it, such as
/// `osrs-archive/0.1.0 (+https://example.org/contact)`.
public struct UserAgent: Hashable, Sendable, CustomStringConvertible {
    /// The value of the `User-Agent` header: printable ASCII.
    public let description: String

    /// An agent. The contact is a web or mail address, or nil; what a header's comment cannot hold (RFC 9110, section
    /// 5.6.5: everything but printable ASCII, parentheses and the backslash) is replaced by `?`.
    public init(version: String, contact: String?) {
        let product = "osrs-archive/" + Self.printable(version)
        let address = contact.map(Self.printable) ?? ""
        description = address.isEmpty ? product : "\(product) (+\(address))"
    }

    private static func printable(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { (" "..."~").contains($0) && !"()\\".unicodeScalars.contains($0) ? $0 : "?" }))
    }
}
