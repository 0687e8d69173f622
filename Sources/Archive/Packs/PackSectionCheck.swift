/// Reads every page of a pack's sections and says what each one that is damaged costs.
struct PackSectionCheck {
    private(set) var findings: [PackVerification.Finding] = []
    /// The blocks that the directory lists, as far as it can be read.
    private(set) var entries: [PackBlockEntry] = []
    /// The gaps, as far as they can be read.
    private(set) var gaps: [PackGap] = []

    init(_ pack: Pack) {
        let footer = pack.footer
        if let error = pack.headDamage { findings.append(.init(error: error, costs: [])) }
        for page in footer.directory.pages.indices {
            do throws(PackError) { entries += try pack.directoryPage(page) } catch {
                findings.append(.init(error: error, costs: nil))
            }
        }
        for page in footer.gaps.pages.indices {
            do throws(PackError) { gaps += try pack.gaps(onPage: page) } catch {
                findings.append(.init(error: error, costs: []))
            }
        }
        for page in footer.otherRecords.pages.indices {
            do throws(PackError) { _ = try pack.otherRecords(onPage: page) } catch {
                findings.append(.init(error: error, costs: []))
            }
        }
        check(footer.recordTemplates, of: pack, \.recordTemplates) { page throws(PackError) in
            _ = try pack.texts(onPage: page, of: footer.recordTemplates)
        }
        check(footer.documentTemplates, of: pack, \.documentTemplates) { page throws(PackError) in
            try pack.checkDocumentTemplates(onPage: page)
        }
        check(footer.strings, of: pack, \.strings) { page throws(PackError) in
            _ = try pack.texts(onPage: page, of: footer.strings)
        }
        for page in footer.index.pages.indices {
            do throws(PackError) { _ = try pack.page(page, of: footer.index) } catch {
                findings.append(.init(error: error, costs: []))
            }
        }
        for page in footer.newest.pages.indices {
            do throws(PackError) { _ = try pack.newest(onPage: page) } catch {
                findings.append(.init(error: error, costs: []))
            }
        }
    }

    /// A page of texts costs the blocks that name one of them.
    private mutating func check(
        _ section: PackSection, of pack: Pack, _ texts: KeyPath<PackBlock, [Int]>,
        _ read: (_ page: Int) throws(PackError) -> Void
    ) {
        var first = 0
        for (number, page) in section.pages.enumerated() {
            let range = first..<first + page.items
            first = range.upperBound
            do throws(PackError) { try read(number) } catch {
                let costs = entries.filter { entry in
                    (try? pack.storedBlock(entry))?[keyPath: texts].contains(where: range.contains) ?? false
                }
                findings.append(.init(error: error, costs: costs))
            }
        }
    }
}
