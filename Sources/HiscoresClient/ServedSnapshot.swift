public import CanonicalJSON

/// The document that a board served, in the form in which it is kept.
public struct ServedSnapshot: Hashable, Sendable {
    /// Its canonical bytes (RFC 8785): what a snapshot's id is the digest of.
    public let canonical: [UInt8]
    /// The canonical bytes of the same document with every `rank` removed: what a progress id is the digest of.
    public let progress: [UInt8]
    /// The player's name as served; nil where the document has none.
    public let displayName: String?

    /// Why a body is no snapshot.
    public enum Refusal: Error, Hashable, Sendable {
        /// It is not JSON.
        case notJSON(JSONError)
        /// It is JSON, but no object with an array `skills` or `activities`.
        case noRows
        /// It has rows, but no canonical form.
        case noCanonicalForm(JSONError)
    }

    /// Reads a body: any JSON object whose `skills` or `activities` is an array and that has a canonical form.
    ///
    /// Nothing else is asked of it, so rows, members and layouts that nobody knows yet are kept. Linear in the size.
    public init(parsing body: [UInt8]) throws(Refusal) {
        let document: JSONDocument
        do { document = try JSONDocument(parsing: body) } catch { throw .notJSON(error) }
        let root = document.root
        guard root["skills"]?.kind == .array || root["activities"]?.kind == .array else { throw .noRows }
        do {
            canonical = try root.canonicalBytes()
            progress = try root.canonicalBytes(omitting: "rank")
        } catch { throw .noCanonicalForm(error) }
        displayName = root["name"]?.string
    }
}
