/// A property list for launchd; launchd.plist(5).
enum PropertyList {
    private static let label = "osrs-archive"

    static func unit(for program: ScheduledProgram) -> ScheduleUnit {
        let words = program.words.map { "        <string>\(escaped($0))</string>" }.joined(separator: "\n")
        let times =
            switch program.manner.minutesBetweenRuns {
            case nil:
                """
                    <key>RunAtLoad</key>
                    <true/>
                    <key>KeepAlive</key>
                    <dict>
                        <key>SuccessfulExit</key>
                        <false/>
                    </dict>
                    <key>ThrottleInterval</key>
                    <integer>30</integer>
                """
            case let minutes?:
                """
                    <key>StartInterval</key>
                    <integer>\(minutes * 60)</integer>
                """
            }
        return ScheduleUnit(
            name: "\(label).plist",
            text: """
                <?xml version="1.0" encoding="UTF-8"?>
                <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
                <!-- Captures Old School RuneScape hiscores. Put this into ~/Library/LaunchAgents/\(label).plist, then:
                     launchctl bootstrap gui/$(id -u) ~/Library/LaunchAgents/\(label).plist -->
                <plist version="1.0">
                <dict>
                    <key>Label</key>
                    <string>\(label)</string>
                    <key>ProgramArguments</key>
                    <array>
                \(words)
                    </array>
                    <key>WorkingDirectory</key>
                    <string>\(escaped(program.folder))</string>
                \(times)
                    <key>StandardOutPath</key>
                    <string>\(escaped(program.log))</string>
                    <key>StandardErrorPath</key>
                    <string>\(escaped(program.log))</string>
                </dict>
                </plist>

                """)
    }

    /// Character data of XML 1.0.
    private static func escaped(_ text: String) -> String {
        text.escaped(["&": "&amp;", "<": "&lt;", ">": "&gt;"])
    }
}
