public import CivilTime

/// The ordered rows of an answer of the service: what gives the lines of `index_lite.ws`, which have no names, theirs.
///
/// Layouts are those of the boards that follow the live game (main and the ironman boards). Boards of ended seasons
/// were frozen with fewer rows.
public struct Layout: Hashable, Sendable {
    /// The names of the rows of `skills`, Overall first.
    public let skills: [String]
    /// The names of the rows of `activities`.
    public let activities: [String]

    /// A layout of given rows.
    public init(skills: [String], activities: [String]) {
        (self.skills, self.activities) = (skills, activities)
    }

    /// How many rows it has.
    public var rowCount: Int { skills.count + activities.count }

    /// The newest layout known.
    public static var newest: Layout { LayoutHistory.newest }

    /// The layout in force at a moment: the newest that the service may have served then.
    ///
    /// A change is known to the day, often to some hours (`possible(at:)` tells). Moments before December 2017, and
    /// those from which no answer's order is known, throw: a guess would put numbers under wrong names.
    public static func inForce(at moment: Timestamp) throws(LayoutError) -> Layout {
        guard let layout = possible(at: moment).first else {
            throw LayoutError(moment: moment)
        }
        return layout
    }

    /// The layouts that the service may have served at a moment, newest first: one, or during the hours of a change
    /// two, or none where the order is not known.
    public static func possible(at moment: Timestamp) -> [Layout] {
        var layouts: [Layout] = []
        for era in LayoutHistory.eras.reversed() where era.earliest <= moment {
            if let layout = era.layout { layouts.append(layout) }
            if era.certain <= moment { break }
        }
        return layouts
    }

    /// The layout that came next after a moment, if its change began at most `milliseconds` later.
    static func next(after moment: Timestamp, within milliseconds: Int64) -> Layout? {
        let next = LayoutHistory.eras.first { $0.earliest > moment }
        guard let next, next.earliest.milliseconds(since: moment) <= milliseconds else { return nil }
        return next.layout
    }
}

/// No layout is known for a moment (`unknownLayout`).
public struct LayoutError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The moment.
    public let moment: Timestamp

    /// What is wrong, and what to do.
    public var description: String {
        "the order of the hiscore rows at \(moment) is not known (it is from 2017-12-06 on, except from "
            + "2019-11-13 to 2020-01-04), so rows without names cannot be read: use an answer that names its rows "
            + "(index_lite.json)"
    }
}
