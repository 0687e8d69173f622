import ObjectStore

/// Writing what a repair has saved, and keeping what it replaces. The writers' lock is held.
extension Archive {
    /// Writes a pack anew; `otherRecords` are its own where they are nil. A damaged pack that comes out as it was is kept.
    func rewrite(
        _ source: NoveltyCorrection.Source, _ gaps: [PackGap], _ otherRecords: [(number: Int, record: [UInt8])]?,
        _ damaged: Set<ObjectID>
    ) throws(ArchiveError) -> ObjectID {
        try writePack(of: [source.pack.name], replacing: damaged) { path throws(PackError) in
            var rewrite = PackRewrite(pack: source.pack, blocks: source.blocks, otherRecords: [], gaps: gaps)
            if let otherRecords {
                rewrite.otherRecords = otherRecords
            } else {
                rewrite.otherRecords = try source.pack.otherRecords()
            }
            let name = try rewrite.write(to: path, of: storage)
            return (name, name)
        }
    }

    /// Packs that hold nothing but gaps. Between several of them the head is that of records of which nothing is known.
    func writeLost(
        _ range: Range<Int>, _ gaps: [PackGap], _ before: SequenceHead, _ after: SequenceHead
    ) throws(ArchiveError) -> [ObjectID] {
        var names: [ObjectID] = []
        var head = before
        for start in stride(from: range.lowerBound, to: range.upperBound, by: PackFormat.recordLimit) {
            let part = start..<min(range.upperBound, start + PackFormat.recordLimit)
            var frame = PackWriter.Frame(
                archive: configuration.archive, first: start, count: part.count, headBefore: head, headAfter: after,
                idSum: IDSum())
            if part.upperBound < range.upperBound {
                for _ in part { head = head.appending(record: .zero, hasher) }
                frame.headAfter = head
            }
            frame.gaps = gaps.compactMap { gap in
                let numbers = gap.numbers.clamped(to: part)
                return numbers.isEmpty ? nil : PackGap(numbers, isForgotten: gap.isForgotten)
            }
            names.append(
                try writePack { path throws(PackError) in
                    let name = try PackWriter(to: path, of: storage, first: start).finish(frame)
                    return (name, name)
                })
        }
        return names
    }

    /// Keeps a copy of a damaged journal.
    func keepDamaged(journal bytes: [UInt8], _ repair: inout Repair) throws(ArchiveError) {
        let path = "\(ArchiveLayout.damaged)/\(ArchiveLayout.journal)-\(hasher.digest(bytes).abbreviated())"
        do {
            try storage.createFolder(ArchiveLayout.damaged)
            try storage.replace(path, with: bytes, by: ArchiveLayout.temporary + "/journal")
            try storage.synchronizeFolder("")
        } catch {
            throw stop(error)
        }
        repair.setAside.append(storage.describe(ArchiveLayout.journal))
    }

    /// Moves a damaged pack out of the way, where it is there.
    func moveDamaged(_ name: ObjectID, _ repair: inout Repair) throws(ArchiveError) {
        let path = ArchiveLayout.pack(name)
        do {
            guard try storage.entry(at: path) != nil else { return }
            try setAside(path, in: ArchiveLayout.damaged)
        } catch {
            throw stop(error)
        }
        repair.setAside.append(storage.describe(path))
    }
}
