import CanonicalJSON
import CivilTime
import Hiscores

/// Datapoints as Crystal Math Labs gave them (`tracker/api.php?type=datapoints`): a line each, the Unix time in seconds,
/// the experience and the ranks, Overall first and then the skills in the service's order, `,` between numbers and one
/// space between the three groups. Neither player nor board stands there.
///
/// The document has `skills` with name, rank and experience: levels and activities were not told, so they are absent.
enum CrystalMathLabs {
    /// The name of the service, as the source of what came from it.
    static let source = "crystalmathlabs.com"

    /// The observation of a line.
    static func decode(
        _ line: [UInt8], _ options: ImportOptions, _ builder: ObservationBuilder
    ) throws(ImportFailure) -> ImportedObservation {
        let groups = line.split(separator: UInt8(ascii: " "))
        guard groups.count == 3, let seconds = number(groups[0]), (0...Int64(1) << 40).contains(seconds),
            let capturedAt = Timestamp(millisecondsSinceEpoch: seconds * 1000)
        else { throw ImportFailure(.malformed, "it is no datapoint: time, experience and ranks") }
        let place = try ImportPlace(player: nil, board: nil, capturedAt: capturedAt, or: options)
        let experience = try numbers(groups[1], "experience")
        let ranks = try numbers(groups[2], "rank")
        let names = skillNames(at: capturedAt)
        // The site added nothing after it was left alone, so fewer columns than skills are those of its time.
        guard experience.count == ranks.count, experience.count == names.count || experience.count == columns else {
            throw ImportFailure(
                .malformed,
                "\(experience.count) experience and \(ranks.count) rank columns where there are \(columns)")
        }
        let skills = zip(names, zip(ranks, experience)).map { name, numbers in
            JSONValue.object([
                JSONMember("name", .text(name)), JSONMember("rank", .integer(numbers.0)),
                JSONMember("xp", .integer(numbers.1)),
            ])
        }
        return try builder.snapshot(
            .object([JSONMember("skills", .array(skills))]), at: place,
            evidence: Evidence(source: source, provenance: ["derived"]))
    }

    /// Columns of each group since Construction came: Overall and 23 skills.
    private static let columns = 24

    private static func skillNames(at moment: Timestamp) -> [String] {
        Metric.all.filter { $0.kind == .skill && ($0.firstSeen ?? .earliest) <= moment }.map(\.name)
    }

    private static func numbers(
        _ group: ArraySlice<UInt8>, _ what: String
    ) throws(ImportFailure) -> [Int64] {
        let fields = group.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        var numbers: [Int64] = []
        for field in fields {
            guard let number = number(field), number <= 1 << 53 else {
                throw ImportFailure(.malformed, "\(what) \(numbers.count + 1) is no whole number")
            }
            numbers.append(number)
        }
        return numbers
    }

    private static func number(_ text: ArraySlice<UInt8>) -> Int64? {
        text.count <= 17 ? Int64(String(decoding: text, as: UTF8.self)) : nil
    }
}
