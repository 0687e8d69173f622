import CanonicalJSON
import Testing

/// Long stretches of time, shortened: `scripts/soak` with little to do. Run by itself it takes more accounts, shorter
/// intervals and a release.
@Suite("A month of captures", .serialized)
struct MonthTests {
    private func soak(_ options: String...) throws {
        let place = Workplace()
        place.environment["PYTHONDONTWRITEBYTECODE"] = "1"
        let answer = try place.run(
            Package.folder + "/scripts/soak", ["--program", Program.archive] + options)
        #expect(answer.status == 0, "\(answer)")
    }

    @Test("daily, three of ten answers a fault: no account without a record in any interval, never too fast")
    func daily() throws {
        try soak("--accounts", "12", "--days", "30", "--every", "1440", "--factor", "45000")
    }

    @Test("the service is out for a day: captures every six hours leave a record in each interval all the same")
    func outage() throws {
        try soak("--accounts", "8", "--days", "3", "--every", "360", "--factor", "6000", "--outage-hours", "24")
    }

    @Test("killed on the way, it goes on, and whatever it had told of is there")
    func killed() throws {
        try soak("--accounts", "12", "--days", "4", "--every", "720", "--factor", "20000", "--kills", "3")
    }
}
