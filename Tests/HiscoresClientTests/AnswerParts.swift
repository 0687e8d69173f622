import HiscoresClient

extension Answer {
    /// The snapshot of an `ok` answer.
    var snapshot: ServedSnapshot? { if case .ok(let snapshot) = outcome { snapshot } else { nil } }
}

extension HTTPAnswer {
    /// Why the body broke off, where it did.
    var breakage: TransportError? { if case .brokenOff(let error) = ending { error } else { nil } }
}
