/// Units for systemd(1); systemd.service(5), systemd.exec(5), systemd.timer(5).
enum SystemdUnit {
    private static let name = "osrs-archive"

    static func units(for program: ScheduledProgram) throws(ScheduleError) -> [ScheduleUnit] {
        let service = ScheduleUnit(name: "\(name).service", text: try service(program))
        guard let minutes = program.manner.minutesBetweenRuns else { return [service] }
        return [service, ScheduleUnit(name: "\(name).timer", text: timer(minutes))]
    }

    private static func service(_ program: ScheduledProgram) throws(ScheduleError) -> String {
        guard !program.program.utf8.contains(where: { "\"'\\".utf8.contains($0) }) else {
            throw .path(program.program, reason: "systemd runs no program whose path has quotes or a backslash")
        }
        let isService = program.manner == .service
        let unit = isService ? "\(name).service" : "\(name).timer"
        var places = [try listed(program.folder)]
        for path in [program.archive, program.metricsFile?.folder].compactMap(\.self)
        where !path.isBelow(program.folder) {
            places.append(try listed(path))
        }
        return """
            # Captures Old School RuneScape hiscores\(isService ? " all the time" : ", run by \(unit)").
            # Put this into /etc/systemd/system/\(name).service, then:
            #   systemctl daemon-reload
            #   systemctl enable --now \(unit)
            # What it says: journalctl -u \(name). The folders that it writes to must be there before it starts.
            [Unit]
            Description=Captures of Old School RuneScape hiscores
            Wants=network-online.target
            After=network-online.target

            [Service]
            \(isService ? "Type=exec" : "Type=oneshot")
            \(program.user.map { "User=\($0.escaped(["%": "%%"]))" } ?? "#User=")
            WorkingDirectory=\(try line(program.folder))
            ExecStart=\(command(program.words))
            \(isService ? Self.staysUp : Self.endsWithThree)
            ReadWritePaths=\(places.joined(separator: " "))
            ProtectSystem=strict
            ProtectHome=read-only
            PrivateTmp=yes
            PrivateDevices=yes
            ProtectKernelTunables=yes
            ProtectKernelModules=yes
            ProtectKernelLogs=yes
            ProtectClock=yes
            ProtectHostname=yes
            ProtectControlGroups=yes
            NoNewPrivileges=yes
            RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
            RestrictNamespaces=yes
            RestrictRealtime=yes
            RestrictSUIDSGID=yes
            LockPersonality=yes
            CapabilityBoundingSet=
            SystemCallArchitectures=native
            \(isService ? "\n[Install]\nWantedBy=multi-user.target\n" : "")
            """
    }

    private static let staysUp = """
        ExecReload=/bin/kill -HUP $MAINPID
        Restart=on-failure
        RestartSec=30
        RestartPreventExitStatus=64
        TimeoutStopSec=90
        """

    /// Some accounts failed: recorded, and not worth a failed unit every time a player is renamed.
    private static let endsWithThree = "SuccessExitStatus=3"

    private static func timer(_ minutes: Int) -> String {
        """
        # Runs \(name).service every \(minutes) minutes; missed runs are made up for by one. Put this beside it.
        [Unit]
        Description=Captures of Old School RuneScape hiscores

        [Timer]
        OnBootSec=2min
        OnUnitActiveSec=\(minutes)min
        RandomizedDelaySec=\(min(60, minutes))

        [Install]
        WantedBy=timers.target

        """
    }

    /// Words for `ExecStart`. The colon keeps `$` from being expanded; what is left are quotes, backslashes and `%`.
    private static func command(_ words: [String]) -> String {
        words.enumerated().map { index, word in
            let text = (index == 0 ? ":" : "") + word.escaped(["\\": "\\\\", "\"": "\\\"", "%": "%%"])
            let isPlain = word.utf8.allSatisfy { !" \t\"'\\;".utf8.contains($0) }
            return isPlain ? text : "\"\(text)\""
        }.joined(separator: " ")
    }

    /// A path that is a whole line: there are no quotes, and a backslash at the end would join the next line.
    private static func line(_ path: String) throws(ScheduleError) -> String {
        guard !path.hasSuffix("\\"), !path.hasSuffix(" ") else {
            throw .path(path, reason: "systemd takes no folder that ends in a space or a backslash")
        }
        return path.escaped(["%": "%%"])
    }

    /// A path of a list: quotes are possible, escapes are not.
    private static func listed(_ path: String) throws(ScheduleError) -> String {
        let text = path.escaped(["%": "%%"])
        guard text.utf8.contains(where: { " \t\"'".utf8.contains($0) }) else { return text }
        if !text.contains("\"") { return "\"\(text)\"" }
        guard !text.contains("'") else { throw .path(path, reason: "it has both kinds of quotes") }
        return "'\(text)'"
    }
}

extension String {
    /// The folder that this path lies in.
    fileprivate var folder: String {
        guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")), slash > startIndex else { return "/" }
        return String(self[..<slash])
    }

    /// Whether this path lies in that folder, or is it.
    fileprivate func isBelow(_ folder: String) -> Bool {
        self == folder || folder == "/" || utf8.starts(with: (folder + "/").utf8)
    }
}
