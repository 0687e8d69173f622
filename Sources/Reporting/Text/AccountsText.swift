/// The list of accounts for people.
public enum AccountsText {
    /// A table of accounts; what the settings decide stands there muted.
    public static func table(
        _ accounts: [ListedAccount], defaultIntervalMinutes: Int, style: Style = .plain
    ) -> String {
        TextTable(
            [
                ("Name", .leading), ("Shown as", .leading), ("Board", .leading), ("Every", .leading),
                ("Ranks", .leading), ("Paused", .leading),
            ],
            rows: accounts.map { account in
                [
                    .init(account.name), .init(account.displayName ?? "", .muted), .init(account.board),
                    .init(
                        Times.span(minutes: account.intervalMinutes ?? defaultIntervalMinutes),
                        account.intervalMinutes == nil ? .muted : .plain),
                    .init(account.ranks ?? "every", account.ranks == nil ? .muted : .plain),
                    .init(account.isPaused ? "paused" : "", .caution),
                ]
            }
        ).lines(style).joined(separator: "\n")
    }
}
