public import Archive
public import ArgumentParser
public import Hiscores
public import Scribe

// Words of other rooms that stand on the command line.

extension Board: ExpressibleByArgument {
    /// A board by its identifier or any name that earlier tools had for it.
    public init?(argument: String) { self.init(name: argument) }

    /// The identifiers, for help and completion.
    public static var allValueStrings: [String] { allCases.map(\.rawValue) }
}

extension ImportFormat: ExpressibleByArgument {}

extension ScribeStatus: ExpressibleByArgument {}
