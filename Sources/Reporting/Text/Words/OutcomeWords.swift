import Archive

/// An outcome for people.
extension Outcome {
    /// `not found`.
    var words: String {
        switch self {
        case .stored: "stored"
        case .unchanged: "unchanged"
        case .ranksOnly: "ranks only"
        case .notFound: "not found"
        case .unavailable: "unavailable"
        case .throttled: "throttled"
        case .invalid: "invalid"
        }
    }

    var role: Style.Role {
        switch self {
        case .stored: .arrival
        case .unchanged, .ranksOnly: .muted
        case .notFound, .throttled: .caution
        case .unavailable, .invalid: .failure
        }
    }

    /// Whether the attempt brought no snapshot.
    var isFailure: Bool {
        switch self {
        case .stored, .unchanged, .ranksOnly: false
        case .notFound, .unavailable, .throttled, .invalid: true
        }
    }

    /// What to do after a failed attempt.
    var advice: String? {
        switch self {
        case .stored, .unchanged, .ranksOnly: nil
        case .notFound: "check the spelling, or try another --board"
        case .unavailable: "capture again later"
        case .throttled: "ask less often: make intervals longer, or lower --pace"
        case .invalid: "capture again later; if it stays so, the service has changed"
        }
    }
}
