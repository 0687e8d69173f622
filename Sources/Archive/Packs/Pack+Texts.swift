import ObjectStore

/// Texts that blocks name by their numbers: templates and strings.
extension Pack {
    /// A record template or string.
    func text(_ number: Int, of section: PackSection) throws(PackError) -> ArraySlice<UInt8> {
        let (page, index) = try place(ofText: number, of: section)
        return try texts(onPage: page, of: section)[index]
    }

    /// A document template.
    func documentTemplate(_ number: Int) throws(PackError) -> ArraySlice<UInt8> {
        let (page, index) = try place(ofText: number, of: footer.documentTemplates)
        return try documentTemplate(index, in: try texts(onPage: page, of: footer.documentTemplates), of: page)
    }

    /// Throws where a document template on one page cannot be read. They are not kept: a page may make much of little.
    func checkDocumentTemplates(onPage page: Int) throws(PackError) {
        let items = try texts(onPage: page, of: footer.documentTemplates)
        for index in items.indices { _ = try documentTemplate(index, in: items, of: page) }
    }

    private func documentTemplate(
        _ index: Int, in items: [ArraySlice<UInt8>], of page: Int
    ) throws(PackError) -> ArraySlice<UInt8> {
        guard trailer.hasDerivedTemplates else { return items[index] }
        return try PackDerivedTexts.text(
            index, in: items, at: footer.documentTemplates.range(of: page).lowerBound)
    }

    private func place(ofText number: Int, of section: PackSection) throws(PackError) -> (page: Int, index: Int) {
        guard let place = section.place(of: number) else {
            throw .corrupt("a block names a text that is not there", offset: section.offset)
        }
        return place
    }
}
