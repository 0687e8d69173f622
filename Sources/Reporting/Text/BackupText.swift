import CivilTime

/// Backups for people.
public enum BackupText {
    /// The bundles of a folder.
    public static func table(_ bundles: [ReportedBundle], style: Style = .plain) -> String {
        TextTable(
            [
                ("Made", .leading), ("Bundle", .leading), ("Size", .trailing), ("Observations", .trailing),
                ("From", .leading), ("To", .leading), ("Parity", .trailing), ("", .leading),
            ],
            rows: bundles.map { bundle in
                let states = [bundle.isFull ? "full" : nil, bundle.isComplete ? nil : "cannot be restored"]
                return [
                    .init(Times.moment(bundle.createdAt)), .init(String(bundle.name.prefix(28)), .muted),
                    .init(Numbers.bytes(bundle.bytes)),
                    .init(bundle.observations.map { Numbers.grouped($0) } ?? "-"), .init(Times.moment(bundle.from)),
                    .init(Times.moment(bundle.to)), .init("\(bundle.parityPercent) %"),
                    .init(states.compactMap(\.self).joined(separator: ", "), bundle.isComplete ? .muted : .caution),
                ]
            }
        ).lines(style).joined(separator: "\n")
    }

    /// What `backup create` did.
    public static func created(
        _ bundle: ReportedBundle, isNew: Bool, head: String, signer: String
    ) -> String {
        let what =
            isNew
            ? "wrote \(bundle.name): \(Numbers.bytes(bundle.bytes)), "
                + Numbers.count(bundle.observations ?? 0, "observation") + (bundle.isFull ? ", all of the archive" : "")
            : "nothing is new since \(bundle.name)"
        return "\(what)\nhead \(head)\nsigner \(signer)"
    }

    /// What `backup verify` found.
    public static func verified(
        isSound: Bool, bundles: Int, checked: Int, opened: Int, observations: Int, chains: [String], damaged: [String],
        notes: [String], style: Style = .plain
    ) -> String {
        var text = "\(isSound ? "sound" : "damaged"): \(Numbers.count(bundles, "bundle")), \(checked) read"
        if opened > 0 { text += ", \(opened) opened, \(Numbers.count(observations, "observation")) computed anew" }
        var lines = [isSound ? text : style.paint(text, .caution)]
        lines += chains + damaged.map { style.paint(Printable.text($0), .caution) }
        lines += notes.map { "note: \(Printable.text($0))" }
        return lines.joined(separator: "\n")
    }

    /// What `backup drill` proved.
    public static func drilled(
        archive: String, bundles: Int, observations: Int, snapshots: Int, head: String
    ) -> String {
        "the archive \(archive) can be restored from \(Numbers.count(bundles, "bundle")): "
            + "\(Numbers.count(observations, "observation")) and \(Numbers.count(snapshots, "snapshot")) were proved\n"
            + "head \(head)"
    }

    /// What `backup restore` did.
    public static func restored(
        path: String, archive: String, bundles: Int, records: Int, head: String, added: Int?, already: Int?
    ) -> String {
        let source = Numbers.count(bundles, "bundle")
        if let added, let already {
            return "merged \(source) into \(path): \(Numbers.count(added, "record")) added, \(already) there already"
        }
        return "restored the archive \(archive) from \(source) to \(path): \(Numbers.count(records, "record"))\n"
            + "head \(head)"
    }
}
