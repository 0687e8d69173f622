import CivilTime
import Testing

@Suite struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00.000Z", 0), ("2025-11-01T04:15:25.123Z", 1_761_970_525_123),
            ("0000-01-01T00:00:00.000Z", -62_167_219_200_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
            ("1969-12-31T23:59:59.999Z", -1), ("2024-02-29T12:00:00.000Z", 1_709_208_000_000),
        ] as [(String, Int64)])
    func textAndMillisecondsAgree(text: String, milliseconds: Int64) throws {
        let moment = try #require(Timestamp(millisecondsSinceEpoch: milliseconds))
        #expect(moment.description == text)
        #expect(Timestamp(rfc3339: text) == moment)
        #expect(Timestamp(moment.fields) == moment)
    }

    @Test(arguments: [
        ("2025-11-01T06:15:25+02:00", "2025-11-01T04:15:25.000Z"),
        ("2025-11-01 04:15:25.5Z", "2025-11-01T04:15:25.500Z"),
        ("2025-11-01t04:15:25.123456z", "2025-11-01T04:15:25.123Z"), ("2025-11-01T04:15Z", "2025-11-01T04:15:00.000Z"),
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999Z"), ("2025-01-01T00:30:00-01:30", "2025-01-01T02:00:00.000Z"),
    ])
    func offsetsAndFractionsAreRead(text: String, utc: String) {
        #expect(Timestamp(rfc3339: text)?.description == utc)
    }

    @Test(arguments: [
        "", "2025", "2025-02-30T00:00:00Z", "2025-01-01T24:00:00Z", "2025-01-01T00:00:00", "2025-01-01T00:00:00Zx",
        "2025-01-01T00:00:00.Z", "2025-13-01T00:00:00Z", "0000-01-01T00:00:00+01:00", "2025-01-01T00:00:61Z",
        "٢٠٢٥-01-01T00:00:00Z",
    ])
    func whatIsNoMomentIsRefused(text: String) { #expect(Timestamp(rfc3339: text) == nil) }

    @Test func everyDayOfFourCenturiesRoundTrips() throws {
        var moment = try #require(Timestamp(date: "1899-12-31"))
        for _ in 0..<146_097 {
            moment = moment.advanced(byMilliseconds: Timestamp.millisecondsPerDay)
            #expect(Timestamp(date: moment.dateText) == moment)
        }
    }

    @Test func fileNamesAreRead() {
        #expect(Timestamp(fileNameText: "20251029_200951")?.description == "2025-10-29T20:09:51.000Z")
        #expect(Timestamp(rfc3339: "2025-10-29T20:09:51.999Z")?.fileNameText == "20251029_200951")
        #expect(Timestamp(fileNameText: "20251029-200951") == nil)
    }

    @Test func advancingStaysInRange() {
        #expect(Timestamp.latest.advanced(byMilliseconds: 1) == .latest)
        #expect(Timestamp.earliest.advanced(byMilliseconds: .min) == .earliest)
        #expect(Timestamp.latest.advanced(byMilliseconds: .max) == .latest)
    }
}

@Suite struct TimeExpressionTests {
    private let now = Timestamp(rfc3339: "2026-03-10T12:00:00Z") ?? .earliest

    @Test(arguments: [
        ("30min", "2026-03-10T11:30:00.000Z"), ("12h", "2026-03-10T00:00:00.000Z"), ("7d", "2026-03-03T12:00:00.000Z"),
        ("2w", "2026-02-24T12:00:00.000Z"), ("1mo", "2026-02-07T12:00:00.000Z"), ("1y", "2025-03-10T12:00:00.000Z"),
        ("yesterday", "2026-03-09T23:59:59.999Z"), ("2026-03-01", "2026-03-01T23:59:59.999Z"),
        ("now", "2026-03-10T12:00:00.000Z"),
    ])
    func selectorsMeanTheirLastMillisecond(text: String, end: String) throws {
        #expect(try TimeExpression(parsing: text, now: now).end.description == end)
    }

    @Test func aDateSinceMeansItsFirstMillisecond() throws {
        #expect(try TimeExpression(parsing: "2026-03-01", now: now).start.description == "2026-03-01T00:00:00.000Z")
    }

    @Test func minutesOrMonthsIsAmbiguous() {
        #expect(throws: TimeSpan.ParseError.ambiguousUnit) { try TimeExpression(parsing: "5m", now: now) }
    }

    @Test(arguments: ["", "d", "7", "7 d", "-7d", "99999999999999999999d", "9223372036854775807y", "x"])
    func whatIsNoTimeIsRefused(text: String) {
        #expect(throws: TimeSpan.ParseError.malformed) { try TimeExpression(parsing: text, now: now) }
    }
}

@Suite struct SetClockTests {
    @Test func itRunsAtItsSpeed() throws {
        let base = ManualClock(try #require(Timestamp(date: "2026-01-01")))
        let clock = try #require(SetClock(setting: "2030-01-01T00:00:00Zx60", base: base))
        base.advance(milliseconds: 1000)
        #expect(clock.now().description == "2030-01-01T00:01:00.000Z")
        clock.sleep(milliseconds: 60_000)
        #expect(clock.now().description == "2030-01-01T00:02:00.000Z")
        #expect(clock.isSet)
    }

    @Test func whatHasPassedNeverGoesBackAndIsNeverSlowerThanTheBase() throws {
        let base = ManualClock(try #require(Timestamp(date: "2026-01-01")))
        let fast = try #require(SetClock(setting: "2030-01-01x60", base: base))
        let slow = try #require(SetClock(setting: "2030-01-01x0.000001", base: base))
        base.advance(milliseconds: 1000)
        #expect(fast.elapsed() == .seconds(60) && slow.elapsed() == .seconds(1))
        base.advance(milliseconds: -500_000)
        #expect(fast.elapsed() == .seconds(60) && fast.now() < Timestamp(date: "2030-01-01") ?? .earliest)
        #expect(fast.realTime(of: .seconds(60)) == nil, "the base moves when it is told to")
        let real = SetClock(start: .earliest, factor: 60)
        #expect(real.realTime(of: .seconds(60)) == .seconds(1))
        #expect(SetClock(start: .earliest, factor: 1e-9).realTime(of: .seconds(60)) == .seconds(60))
        let first = SystemClock().elapsed()
        #expect(SystemClock().elapsed() >= first)
    }

    @Test func speedsAtTheEndsOfTheRangeDoNotTrap() throws {
        let base = ManualClock(try #require(Timestamp(date: "2026-01-01")))
        let slow = SetClock(start: .earliest, factor: 1e-300, base: base)
        slow.sleep(milliseconds: 1000)
        #expect(base.now() == .latest)
        #expect(SetClock(start: .earliest, factor: 1e300, base: base).now() == .earliest)
    }

    @Test func durationsAreRoundedUpToMilliseconds() {
        #expect(Duration.microseconds(1500).roundedUpToMilliseconds == 2)
        #expect(Duration.zero.roundedUpToMilliseconds == 0)
        #expect(Duration.seconds(-2).roundedUpToMilliseconds == -2000)
        #expect(Duration.seconds(Int64.max).roundedUpToMilliseconds == .max)
    }

    @Test(arguments: ["", "x", "2030", "2030-01-01x0", "2030-01-01x-1", "2030-01-01xnan", "2030-01-01xinf"])
    func badSettingsAreRefused(text: String) { #expect(SetClock(setting: text) == nil) }
}
