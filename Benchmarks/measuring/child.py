"""Runs one command for measuring.py and writes what it took: child.py REPORT STDIN STDOUT STDERR COMMAND...

A process of its own, started with -I -S, because on Linux the peak memory of a child begins with that of the process that
started it: here some 10 MB, whatever the measuring program holds.
"""

import json
import os
import sys
import time

report, source, output, errors, *command = sys.argv[1:]
actions = [
    (os.POSIX_SPAWN_OPEN, 0, source, os.O_RDONLY, 0),
    (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644),
    (os.POSIX_SPAWN_OPEN, 2, errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)]
start = time.perf_counter()
pid = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
_, status, usage = os.wait4(pid, 0)
seconds = time.perf_counter() - start
with open(report, "w") as file:
    json.dump({"code": os.waitstatus_to_exitcode(status), "seconds": seconds,
               "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss * 1024}, file)
