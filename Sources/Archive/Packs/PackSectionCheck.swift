import Hiscores

/// Reads every page of a pack's sections and says what each one that is damaged costs.
struct PackSectionCheck {
    private(set) var findings: [PackVerification.Finding] = []
    /// The blocks that the directory lists; where it cannot be read, those that are found without it.
    private(set) var entries: [PackBlockEntry] = []
    /// The gaps, as far as they can be read.
    private(set) var gaps: [PackGap] = []

    init(_ pack: Pack) {
        let footer = pack.footer
        if let error = pack.headDamage { findings.append(.init(error: error, costs: [])) }
        for page in footer.directory.pages.indices {
            do throws(PackError) { entries += try pack.directoryPage(page) } catch {
                checkBlocks(listedOn: page, of: pack, error)
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

    /// A damaged page of the directory costs none of its blocks that are found without it.
    private mutating func checkBlocks(listedOn page: Int, of pack: Pack, _ error: PackError) {
        guard case .corrupt(let detail, let offset) = error else {
            return findings.append(.init(error: error, costs: []))
        }
        let (keys, items) = (pack.footer.directoryKeys, pack.footer.directory.pages[page].items)
        var found: [PackBlockEntry] = []
        var failure: PackError?
        do { found = try pack.entriesOfBlocks(listedOnPage: page) } catch { failure = error }
        entries += found
        let next = page + 1 < keys.count ? " up to \(keys[page + 1].player.key)" : " on"
        let left = found.count == items ? "; the blocks themselves are found" : ""
        findings.append(
            .init(
                error: .corrupt(
                    "\(detail): it lists \(items) block(s) of players from \(keys[page].player.key)\(next)\(left)",
                    offset: offset),
                costs: found, costsUnknown: found.count < items))
        if let failure { findings.append(.init(error: failure, costs: [])) }
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
