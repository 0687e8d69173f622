public import Hiscores

/// Asks the hiscores about one player on one board at a time.
public struct HiscoresClient: Sendable {
    private let transport: any Transport
    private let endpoint: HiscoresEndpoint
    private let userAgent: UserAgent
    private let limits: RequestLimits

    /// A client of one service.
    public init(
        transport: any Transport, endpoint: HiscoresEndpoint = .official, userAgent: UserAgent,
        limits: RequestLimits = RequestLimits()
    ) {
        (self.transport, self.endpoint, self.userAgent) = (transport, endpoint, userAgent)
        self.limits = limits
    }

    /// What the board says about a player, whose name is sent as typed. Blocks until the answer is there or given up.
    ///
    /// It never throws: every way for it to end is an answer.
    public func look(board: Board, player: String) -> Answer {
        let url = endpoint.url(board: board, player: player)
        let request = HTTPRequest(url: url, userAgent: userAgent.description, limits: limits)
        return Answer(url: url, response: Result { () throws(TransportError) in try transport.get(request) })
    }
}
