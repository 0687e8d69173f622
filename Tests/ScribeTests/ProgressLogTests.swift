import Glibc
import Scribe
import TestSupport
import Testing

@testable import Threads

@Suite struct ProgressLogTests {
    private func entry(_ message: String) -> ScribeEntry {
        ScribeEntry(message, time: "T", project: ScribeProject(progressLog: "log"))
    }

    @Test func makesFoldersAndAddsAtTheEnd() throws {
        let folder = TemporaryFolder()
        let log = ProgressLog(path: "\(folder.path)/docs/plans/LOG.md")
        try log.append(entry("one"))
        try log.append(entry("two"))
        #expect(folder.text(of: "docs/plans/LOG.md") == "[📝] [T] one\n[📝] [T] two\n")
    }

    @Test func aLineThatWasCutShortStaysApart() throws {
        let folder = TemporaryFolder()
        folder.write("[📝] [T] cut sho", to: "LOG")
        try ProgressLog(path: "\(folder.path)/LOG").append(entry("next"))
        #expect(folder.text(of: "LOG") == "[📝] [T] cut sho\n[📝] [T] next\n")
    }

    @Test func rotatesBeforeTheLimitIsPassed() throws {
        let folder = TemporaryFolder()
        let line = entry("message 1").line.count
        let log = ProgressLog(path: "\(folder.path)/LOG", limit: 2 * line)
        for number in 1...5 { try log.append(entry("message \(number)")) }
        #expect(folder.text(of: "LOG.1") == "[📝] [T] message 1\n[📝] [T] message 2\n")
        #expect(folder.text(of: "LOG.2") == "[📝] [T] message 3\n[📝] [T] message 4\n")
        #expect(folder.text(of: "LOG") == "[📝] [T] message 5\n")
        #expect(folder.text(of: "LOG.3") == nil)
    }

    @Test func rotationReplacesNoFile() throws {
        let folder = TemporaryFolder()
        folder.write("kept", to: "LOG.1")
        let log = ProgressLog(path: "\(folder.path)/LOG", limit: 1)
        try log.append(entry("longer than the limit"))
        try log.append(entry("next"))
        #expect(folder.text(of: "LOG.1") == "kept")
        #expect(folder.text(of: "LOG.2") == "[📝] [T] longer than the limit\n")
        #expect(folder.text(of: "LOG") == "[📝] [T] next\n")
    }

    @Test func manyWritersLoseAndMixNothingWhileTheLogRotates() async throws {
        // Each append opens the file anew, so threads lock each other out just as processes do.
        let folder = TemporaryFolder()
        let log = ProgressLog(path: "\(folder.path)/LOG", limit: 2000)
        let filler = String(repeating: "x", count: 80)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    for number in 0..<100 { try log.append(entry("\(writer)-\(number) \(filler)")) }
                }
            }
            try await group.waitForAll()
        }
        var lines: [String] = []
        var rotated = 1
        while let text = folder.text(of: "LOG.\(rotated)") {
            #expect(text.utf8.count <= 2000)
            lines += text.split(separator: "\n").map(String.init)
            rotated += 1
        }
        lines += try #require(folder.text(of: "LOG")).split(separator: "\n").map(String.init)
        let expected = (0..<8).flatMap { writer in (0..<100).map { entry("\(writer)-\($0) \(filler)").text } }
        #expect(rotated > 30)
        #expect(lines.sorted() == expected.sorted())
    }

    @Test func waitsForWhoHoldsTheLock() throws {
        let folder = TemporaryFolder()
        let path = "\(folder.path)/LOG"
        let holder = unsafe open(path, O_RDWR | O_CREAT, 0o644)
        #expect(flock(holder, LOCK_EX) == 0)
        // On threads of their own: the tests' pool may be busy for longer than the log waits.
        concurrently(2) { worker in
            if worker == 0 {
                #expect(throws: Never.self) { try ProgressLog(path: path).append(entry("after")) }
            } else {
                usleep(50_000)
                #expect(folder.text(of: "LOG") == "")
                close(holder)
            }
        }
        #expect(folder.text(of: "LOG") == "[📝] [T] after\n")
    }

    @Test func failuresNameTheFileAndTheReason() throws {
        #expect(throws: ScribeError.logNotWritten(path: "/dev/full", call: "write", number: ENOSPC)) {
            try ProgressLog(path: "/dev/full").append(entry("m"))
        }
        let folder = TemporaryFolder()
        #expect {
            try ProgressLog(path: folder.path).append(entry("m"))
        } throws: {
            "\($0)" == "Cannot write the progress log \(folder.path): open: Is a directory."
        }
        folder.write("", to: "file")
        #expect(throws: ScribeError.logNotWritten(path: "\(folder.path)/file/log", call: "open", number: ENOTDIR)) {
            try ProgressLog(path: "\(folder.path)/file/log").append(entry("m"))
        }
    }
}
