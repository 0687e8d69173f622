public import CanonicalJSON

/// From JSON and back: any shape of the last ten years, with and without `name`, with any number of rows.
extension HiscoreDocument {
    /// Whether a value is a snapshot at all: an object whose `skills` or `activities` is an array.
    public static func isSnapshot(_ value: JSONValue) -> Bool {
        value[.skills]?.array != nil || value[.activities]?.array != nil
    }

    /// The view of a snapshot, or nil where `isSnapshot` says that the value is none.
    public init?(_ value: JSONValue) {
        guard Self.isSnapshot(value), let members = value.object else { return nil }
        self.init(name: nil, skills: [], activities: [])
        // Of the names that are looked for. No set: making its type would cost more than the whole view.
        var seen: [JSONText] = []
        for member in members {
            let isFirst = !seen.contains(member.name)
            if isFirst, [.name, .skills, .activities].contains(member.name) { seen.append(member.name) }
            switch (member.name, member.value) {
            case (.name, .string(let text)) where isFirst:
                name = text.string
            case (.skills, .array(let elements)) where isFirst:
                let rest = elements.filter { element in
                    guard let row = SkillRow(element) else { return true }
                    skills.append(row)
                    return false
                }
                if !rest.isEmpty { extra.append(JSONMember(member.name, .array(rest))) }
            case (.activities, .array(let elements)) where isFirst:
                let rest = elements.filter { element in
                    guard let row = ActivityRow(element) else { return true }
                    activities.append(row)
                    return false
                }
                if !rest.isEmpty { extra.append(JSONMember(member.name, .array(rest))) }
            default:
                extra.append(member)
            }
        }
    }

    /// The document of this view, for importers that build one: `name` where there is one, `skills`, `activities`, and
    /// what stands in `extra`. Absent numbers are left out, whether they were missing or `null`.
    public var documentValue: JSONValue {
        var members: [JSONMember] = []
        if let name { members.append(JSONMember(.name, .text(name))) }
        members.append(JSONMember(.skills, .array(skills.map(\.value) + extraRows(.skills))))
        members.append(JSONMember(.activities, .array(activities.map(\.value) + extraRows(.activities))))
        members += extra.filter { !isRows($0) }
        return .object(members)
    }

    private func isRows(_ member: JSONMember) -> Bool {
        (member.name == .skills || member.name == .activities) && member.value.array != nil
    }

    private func extraRows(_ name: JSONText) -> [JSONValue] {
        extra.first { $0.name == name && isRows($0) }?.value.array ?? []
    }
}

extension SkillRow {
    /// The row that a value is, or nil where it is no object with a `name`.
    fileprivate init?(_ value: JSONValue) {
        guard var members = RowMembers(value), let name = members.takeName() else { return nil }
        self.init(
            id: members.take(.id), name: name, rank: members.take(.rank), level: members.take(.level),
            xp: members.take(.xp))
        extra = members.rest
    }

    fileprivate var value: JSONValue {
        RowMembers(name: name, [(.id, id), (.rank, rank), (.level, level), (.xp, xp)], extra).value
    }
}

extension ActivityRow {
    /// The row that a value is, or nil where it is no object with a `name`.
    fileprivate init?(_ value: JSONValue) {
        guard var members = RowMembers(value), let name = members.takeName() else { return nil }
        self.init(id: members.take(.id), name: name, rank: members.take(.rank), score: members.take(.score))
        extra = members.rest
    }

    fileprivate var value: JSONValue {
        RowMembers(name: name, [(.id, id), (.rank, rank), (.score, score)], extra).value
    }
}

extension JSONText {
    fileprivate static let id: JSONText = "id"
    fileprivate static let name: JSONText = "name"
    fileprivate static let rank: JSONText = "rank"
    fileprivate static let level: JSONText = "level"
    fileprivate static let xp: JSONText = "xp"
    fileprivate static let score: JSONText = "score"
    fileprivate static let skills: JSONText = "skills"
    fileprivate static let activities: JSONText = "activities"
}

/// The members of a row, taken out one by one as they are understood.
private struct RowMembers {
    private(set) var rest: [JSONMember]

    init?(_ value: JSONValue) {
        guard case .object(let members) = value else { return nil }
        rest = members
    }

    /// The members of a row with these numbers, the id first and the name second as the service has them.
    init(name: String, _ numbers: [(JSONText, ServedNumber)], _ extra: [JSONMember]) {
        rest = numbers.compactMap { name, number in number.map { JSONMember(name, .integer($0)) } }
        let nameIndex = rest.first?.name == .id ? 1 : 0
        rest.insert(JSONMember(.name, .text(name)), at: nameIndex)
        rest += extra
    }

    var value: JSONValue { .object(rest) }

    /// Takes the first `name` if it is a string.
    mutating func takeName() -> String? {
        guard let index = rest.firstIndex(where: { $0.name == .name }), let name = rest[index].value.string
        else { return nil }
        rest.remove(at: index)
        return name
    }

    /// Takes the first member of that name if it is a whole number or `null`.
    mutating func take(_ name: JSONText) -> ServedNumber {
        guard let index = rest.firstIndex(where: { $0.name == name }) else { return nil }
        let value = rest[index].value
        guard value.isNull || value.integer != nil else { return nil }
        rest.remove(at: index)
        return value.integer
    }
}
