/// One hiscore table of the official service.
public enum Board: String, CaseIterable, Hashable, Sendable {
    /// Everybody.
    case main
    /// Ironmen, hardcore and ultimate ones included.
    case ironman
    /// Hardcore ironmen.
    case hardcoreIronman = "hardcore_ironman"
    /// Ultimate ironmen.
    case ultimate
    /// Deadman mode.
    case deadman
    /// Leagues.
    case seasonal
    /// Tournament worlds.
    case tournament
    /// Fresh start worlds.
    case freshStart = "fresh_start"
    /// Level-3 skillers.
    case skiller
    /// Skillers with 1 defence.
    case skillerDefence = "skiller_defence"
}

extension Board {
    /// The board that a person or an earlier tool means by `name`: its identifier, its path at the service, or a name
    /// that the earlier Python tool, Wise Old Man, osrs-json-hiscores or RuneLite has for it. Letter case does not
    /// matter, `-` and space are `_`. Nil for anything else, the group ironman boards that never existed included.
    public init?(name: String) {
        var identifier = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "A"..."Z": identifier.unicodeScalars.append(scalar.asciiLowercased)
            case " ", "-": identifier.append("_")
            default: identifier.unicodeScalars.append(scalar)
            }
        }
        if identifier.hasPrefix(Self.servicePathOfMain) {
            guard let board = Self.allCases.first(where: { $0.servicePath == identifier }) else { return nil }
            self = board
        } else if let board = Board(rawValue: identifier) ?? Self.aliases[identifier] {
            self = board
        } else {
            return nil
        }
    }

    /// The path component at the service, between `m=` and `/index_lite.json`: `hiscore_oldschool_ironman`.
    public var servicePath: String {
        self == .main ? Self.servicePathOfMain : "\(Self.servicePathOfMain)_\(rawValue)"
    }

    /// The name to show to people: `Hardcore ironman`.
    public var title: String {
        switch self {
        case .main: "Main"
        case .ironman: "Ironman"
        case .hardcoreIronman: "Hardcore ironman"
        case .ultimate: "Ultimate ironman"
        case .deadman: "Deadman"
        case .seasonal: "Leagues"
        case .tournament: "Tournament"
        case .freshStart: "Fresh start"
        case .skiller: "Skiller"
        case .skillerDefence: "1 defence skiller"
        }
    }

    private static let servicePathOfMain = "hiscore_oldschool"

    private static let aliases: [String: Board] = [
        "regular": .main, "normal": .main,
        "im": .ironman, "iron": .ironman,
        "hardcore": .hardcoreIronman, "hcim": .hardcoreIronman, "hc": .hardcoreIronman,
        "ultimate_ironman": .ultimate, "uim": .ultimate, "ult": .ultimate,
        "dmm": .deadman,
        "league": .seasonal, "leagues": .seasonal,
        "dmmt": .tournament,
        "freshstart": .freshStart, "fresh_start_world": .freshStart, "fsw": .freshStart,
        "level_3_skiller": .skiller, "lvl3": .skiller,
        "pure": .skillerDefence, "one_defence": .skillerDefence, "onedefence": .skillerDefence,
    ]
}

extension Unicode.Scalar {
    /// `A` to `Z` as `a` to `z`, every other scalar as it is.
    var asciiLowercased: Unicode.Scalar {
        guard ("A"..."Z").contains(self), let lower = Unicode.Scalar(value + 32) else { return self }
        return lower
    }
}
