import CivilTime
import HiscoresClient
import Testing

@Suite struct RetryAfterTests {
    @Test(
        arguments: [("0", 0), ("30", 30), ("0030", 30), ("86401", 86_400), ("99999999999999999999999", 86_400)]
            as [(String, Int64)])
    func secondsAreRead(text: String, seconds: Int64) { #expect(RetryAfter(text) == .seconds(seconds)) }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37.000Z"),
        ("Thu, 01 Jan 2026 00:00:00 GMT", "2026-01-01T00:00:00.000Z"),
        ("Thu, 31 Dec 2026 23:59:59 GMT", "2026-12-31T23:59:59.000Z"),
    ])
    func datesAreRead(text: String, moment: String) throws {
        #expect(RetryAfter(text) == .moment(try #require(Timestamp(rfc3339: moment))))
    }

    @Test(arguments: [
        "", " ", "-1", "+5", "1.5", "soon", "٣", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 XXX 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 25:49:37 GMT",
    ])
    func whatIsNeitherIsNothing(text: String) { #expect(RetryAfter(text) == nil) }

    @Test func waitsLieBetweenNothingAndADay() throws {
        let now = try #require(Timestamp(rfc3339: "2026-01-01T00:00:00Z"))
        #expect(RetryAfter.seconds(5).milliseconds(from: now) == 5000)
        #expect(RetryAfter.seconds(.max).milliseconds(from: now) == 86_400_000)
        #expect(RetryAfter.seconds(.min).milliseconds(from: now) == 0)
        #expect(RetryAfter.moment(now.advanced(byMilliseconds: 1500)).milliseconds(from: now) == 1500)
        #expect(RetryAfter.moment(now.advanced(byMilliseconds: -1)).milliseconds(from: now) == 0)
        #expect(RetryAfter.moment(.latest).milliseconds(from: now) == 86_400_000)
    }
}
