import HiscoresClient
import Testing

@Suite("The circuit breaker")
struct CircuitBreakerTests {
    private var breaker = CircuitBreaker<String>(policy: .init(threshold: 3, patience: .seconds(100)))

    private mutating func fail(_ target: String, at seconds: Int, notBefore: Int = 0) {
        breaker.answered(target, showsLife: false, at: .seconds(seconds), notBefore: .seconds(notBefore))
    }

    private mutating func live(_ target: String, at seconds: Int) {
        breaker.answered(target, showsLife: true, at: .seconds(seconds), notBefore: .zero)
    }

    @Test("it opens when several different targets in a row fail, and not before")
    mutating func opens() {
        for second in 0..<9 { fail("a", at: second) }
        fail("b", at: 9)
        #expect(breaker.outage == nil, "one target's failures say little of the service")
        live("c", at: 10)
        fail("a", at: 11)
        fail("b", at: 12)
        #expect(breaker.outage == nil, "an answer between them begins the count anew")
        breaker.answered("c", showsLife: nil, at: .seconds(13), notBefore: .zero)
        #expect(breaker.outage == nil, "what was not asked says nothing")
        fail("c", at: 14)
        #expect(breaker.outage?.since == .seconds(14) && breaker.outage?.nextProbe == .seconds(19))
    }

    @Test("probes go out at growing intervals; those who wait give up after them")
    mutating func probes() {
        for target in ["a", "b", "c"] { fail(target, at: 0) }
        var (now, times) = (0, [Int]())
        for _ in 0..<7 {
            guard let next = breaker.outage?.nextProbe, !breaker.hasGivenUp else { break }
            now = Int(next.components.seconds)
            times.append(now)
            breaker.beginProbe("p\(now)")
            #expect(breaker.isProbing && !breaker.hasGivenUp)
            fail("late", at: now)
            #expect(breaker.isProbing && breaker.outage?.probes == times.count - 1, "not the probe's answer")
            fail("p\(now)", at: now)
            #expect(!breaker.isProbing && breaker.outage?.probes == times.count)
        }
        #expect(times == [5, 15, 35, 75])
        #expect(breaker.hasGivenUp && breaker.outage?.nextProbe == .seconds(135))
        // Later ones probe on.
        breaker.beginProbe("x")
        #expect(!breaker.hasGivenUp)
        live("x", at: 135)
        #expect(breaker.outage == nil && !breaker.hasGivenUp)
    }

    @Test("any answer closes it, also to a request that was on its way; the count begins anew")
    mutating func closes() {
        for target in ["a", "b", "c"] { fail(target, at: 0) }
        live("d", at: 1)
        #expect(breaker.outage == nil)
        fail("a", at: 2)
        fail("b", at: 2)
        #expect(breaker.outage == nil)
        fail("c", at: 2)
        #expect(breaker.outage?.since == .seconds(2) && breaker.outage?.probes == 0)
    }

    @Test("it knows whether the service is out or refuses: by the newest answer")
    mutating func throttled() {
        for target in ["a", "b", "c"] {
            breaker.answered(target, showsLife: false, isThrottled: true, at: .zero, notBefore: .zero)
        }
        #expect(breaker.outage?.isThrottled == true)
        breaker.beginProbe("d")
        fail("d", at: 5)
        #expect(breaker.outage?.isThrottled == false)
    }

    @Test("no probe goes out before the service asked for")
    mutating func retryAfter() {
        fail("a", at: 0)
        fail("b", at: 0)
        fail("c", at: 0, notBefore: 30)
        #expect(breaker.outage?.nextProbe == .seconds(30))
        breaker.beginProbe("d")
        fail("d", at: 30, notBefore: 90)
        #expect(breaker.outage?.nextProbe == .seconds(90) && !breaker.hasGivenUp)
        breaker.beginProbe("e")
        fail("e", at: 90, notBefore: 3690)
        #expect(breaker.hasGivenUp)
    }
}
