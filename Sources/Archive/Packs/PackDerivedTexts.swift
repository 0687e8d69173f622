import ObjectStore

/// Texts that share most of what they are with others of their page: document templates, of which each player has one of
/// its own for the sake of a name.
///
/// An item is whole, behind a zero; or it says where in the page a whole one stands, how many of its first and last bytes
/// it has, and what stands between them (docs/FORMAT.md, "Templates, strings, other records").
enum PackDerivedTexts {
    /// The bytes of a derived text, at most; that of a template.
    static let byteLimit = 65_536

    /// The text of an item of a page.
    static func text(_ place: Int, in items: [ArraySlice<UInt8>], at offset: Int) throws(PackError) -> ArraySlice<UInt8>
    {
        let item = items[place]
        do {
            var reader = BinaryReader(item)
            let base = try reader.varint(limit: place)
            guard base > 0 else { return item[reader.offset...] }
            var whole = BinaryReader(items[base - 1])
            guard try whole.varint(limit: 0) == 0 else { throw BinaryReader.Failure.tooLarge(at: 0) }
            let bytes = items[base - 1][whole.offset...]
            let prefix = try reader.varint(limit: bytes.count)
            let suffix = try reader.varint(limit: bytes.count - prefix)
            guard prefix + suffix + reader.remaining <= byteLimit else {
                throw PackError.corrupt("a derived text is too long", offset: offset)
            }
            return bytes.prefix(prefix) + item[reader.offset...] + bytes.suffix(suffix)
        } catch let error as PackError {
            throw error
        } catch {
            throw .corrupt("a derived text is made of none", offset: offset)
        }
    }

    /// Makes the items of one page.
    struct Page {
        private var wholes: [(place: Int, text: [UInt8])] = []
        private var count = 0

        /// The item of a text, and whether it stands whole in it: derived from the whole one that it shares most with, where
        /// that is half of it at least.
        func item(of text: [UInt8]) -> (bytes: [UInt8], isWhole: Bool) {
            var best: (base: Int, prefix: Int, suffix: Int) = (0, 0, 0)
            for whole in wholes where text.count <= byteLimit {
                let prefix = text.commonPrefix(with: whole.text)
                let suffix = text.commonSuffix(with: whole.text, atMost: min(text.count, whole.text.count) - prefix)
                if prefix + suffix > best.prefix + best.suffix { best = (whole.place + 1, prefix, suffix) }
            }
            guard best.base > 0, 2 * (best.prefix + best.suffix) >= text.count else { return ([0] + text, true) }
            var item: [UInt8] = []
            item.appendVarint(best.base)
            item.appendVarint(best.prefix)
            item.appendVarint(best.suffix)
            return (item + text[best.prefix..<text.count - best.suffix], false)
        }

        /// Takes note of the text of the page's next item, which others may be derived from where it is whole.
        mutating func append(_ text: [UInt8], isWhole: Bool) {
            if isWhole { wholes.append((count, text)) }
            count += 1
        }
    }
}
