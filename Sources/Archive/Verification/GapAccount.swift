/// The records that are gone, beside what tombstones and losses declare.
struct GapAccount: Hashable {
    /// Records that packs call forgotten, and those that they call lost.
    private(set) var forgotten = 0
    private(set) var lost = 0
    /// What is declared of each.
    private(set) var declaredForgotten = 0
    private(set) var declaredLost = 0

    init(gaps: [PackGap], declarations: [Record]) {
        for gap in gaps {
            if gap.isForgotten { forgotten += gap.numbers.count } else { lost += gap.numbers.count }
        }
        for declaration in declarations {
            switch declaration {
            case .tombstone(let tombstone): declaredForgotten = Self.sum(declaredForgotten, tombstone.count)
            case .loss(let loss):
                declaredLost = Self.sum(declaredLost, loss.count)
                declaredForgotten = Self.sum(declaredForgotten, loss.forgotten)
            case .observation, .tag, .rename: break
            }
        }
    }

    /// What a record says may be any number.
    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, isOver) = left.addingReportingOverflow(right)
        return isOver ? .max : sum
    }

    /// Whether all that is gone is declared, and nothing else.
    var isEven: Bool { forgotten == declaredForgotten && lost == declaredLost }
}

extension GapAccount: CustomStringConvertible {
    /// A sentence for people.
    var description: String {
        "\(forgotten) record(s) are gone as forgotten where tombstones declare \(declaredForgotten), and \(lost) as lost "
            + "where \(declaredLost) are declared lost"
    }
}
