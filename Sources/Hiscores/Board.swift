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
