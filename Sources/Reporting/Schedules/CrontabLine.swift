/// A line for crontab(5).
enum CrontabLine {
    static func unit(for program: ScheduledProgram) throws(ScheduleError) -> ScheduleUnit {
        let minutes = program.manner.minutesBetweenRuns ?? 1440
        let possible = if case .byTheList = program.manner { longest(atMost: minutes) } else { minutes }
        guard let times = times(every: possible, program.offset) else { throw .interval(minutes: minutes) }
        let command =
            "cd \(ShellText.words([program.folder])) && \(ShellText.words(program.words)) "
            + ">>\(ShellText.words([program.log])) 2>&1 || "
            + "echo \"osrs-archive: capture ended with $?, see \"\(ShellText.words([program.log]))"
        // crontab(5): an unescaped percent sign ends the command.
        return ScheduleUnit(
            name: "osrs-archive.crontab",
            text: """
                # Captures Old School RuneScape hiscores. Add these lines with `crontab -e`. Times are those of the machine.
                # What went wrong is mailed to whom MAILTO names, if the machine can send mail:
                #MAILTO=you@example.com
                # Two that run at once wait for each other: no flock(1) is needed.
                \(times) \(command.escaped(["%": "\\%"]))

                """)
    }

    /// The longest time between two runs that the five fields can say and that is not above so many minutes; a day where
    /// that is less than those.
    private static func longest(atMost minutes: Int) -> Int {
        (1...max(1, min(minutes, 1440))).last { times(every: $0, 0) != nil } ?? 1
    }

    /// The five fields for a run every so many minutes, `offset` minutes after midnight or less; nil where they cannot say
    /// that.
    static func times(every minutes: Int, _ offset: Int) -> String? {
        let (hour, minute) = (offset / 60, offset % 60)
        switch minutes {
        case 1: return "* * * * *"
        case 2..<60 where 60 % minutes == 0: return "\(minute % minutes)-59/\(minutes) * * * *"
        case 60: return "\(minute) * * * *"
        case 61..<1440 where 1440 % minutes == 0 && minutes % 60 == 0:
            let hours = minutes / 60
            return "\(minute) \(hour % hours)-23/\(hours) * * *"
        case 1440: return "\(minute) \(hour) * * *"
        case 10_080: return "\(minute) \(hour) * * 1"
        default: return nil
        }
    }
}
