public import Archive
public import ArgumentParser
public import Capture
public import Hiscores
public import Reporting
public import Scribe

// Words of other rooms that stand on the command line.

extension Board: ExpressibleByArgument {
    /// A board by its identifier or any name that earlier tools had for it.
    public init?(argument: String) { self.init(name: argument) }

    /// The identifiers, for help and completion.
    public static var allValueStrings: [String] { allCases.map(\.rawValue) }
}

extension BoardChoice: ExpressibleByArgument {
    /// A board by any of its names, or `auto`.
    public init?(argument: String) { self.init(name: argument) }

    /// `auto` and the identifiers, for help and completion.
    public static var allValueStrings: [String] { ["auto"] + Board.allValueStrings }

    /// Its name.
    public var defaultValueDescription: String { name }
}

extension RankPolicy: ExpressibleByArgument {}

extension ImportFormat: ExpressibleByArgument {}

extension ScheduleFormat: ExpressibleByArgument {}

extension ScribeStatus: ExpressibleByArgument {}
