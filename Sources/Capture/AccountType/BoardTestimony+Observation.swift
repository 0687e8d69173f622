public import Archive
import CanonicalJSON
public import Hiscores

extension BoardTestimony {
    /// What an attempt tells of the account's type; `document` is what was served, kept or not. A failure tells nothing.
    public init(_ result: Observation.Result, document: [UInt8]?) {
        switch result {
        case .ok, .ranksOnly:
            let view = document.flatMap { try? JSONValue(parsing: $0) }.flatMap { HiscoreDocument($0) }
            self = view.map { BoardTestimony($0) } ?? .listed(experience: nil)
        case .notFound: self = .notListed
        case .unavailable, .throttled, .invalid: self = .unknown
        }
    }
}
