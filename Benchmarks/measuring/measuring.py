"""Whole processes measured from start to end, folders weighed, files put out of the page cache."""

import dataclasses
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CHILD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "child.py")


class Failed(Exception):
    """A measured command did not end as it should."""


@dataclasses.dataclass
class Run:
    """What one process took, its own children included."""
    code: int
    seconds: float
    # Processor seconds, of the program and the system.
    cpu: float
    # The largest resident set, in bytes.
    peak: int
    output: str = ""


def say(text):
    """A word on what goes on, apart from the results."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def run(command, folder, reads=None, source="/dev/null", output=None, environment=None):
    """Runs `command` in `folder`. Before the clock starts, what others wrote is on the disk, and what it `reads`, a file
    or a folder, is in the page cache: some machines empty that early, and a disk's speed is not what is measured.

    Standard output goes to the file `output`, else into the run. Raises Failed for an exit code other than 0.
    """
    os.sync()
    if reads:
        bring_into_cache(reads)
    with tempfile.TemporaryDirectory() as notes:
        report, errors = os.path.join(notes, "report"), os.path.join(notes, "errors")
        answer = output or os.path.join(notes, "output")
        subprocess.run([sys.executable, "-I", "-S", CHILD, report, source, answer, errors, *command], cwd=folder,
                       check=True, env=dict(os.environ, **(environment or {})))
        with open(report) as file:
            measured = Run(**json.load(file))
        if measured.code != 0:
            with open(errors, errors="replace") as file:
                raise Failed(f"{' '.join(command)} ended with {measured.code}: {file.read().strip()[-500:]}")
        if not output:
            with open(answer, errors="replace") as file:
                measured.output = file.read()
        return measured


def milliseconds(command, folder):
    """One short run, output thrown away: from fork to exit."""
    begin = os.getcwd()
    os.chdir(folder)
    start = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)])
    _, status = os.waitpid(pid, 0)
    elapsed = (time.perf_counter() - start) * 1000
    os.chdir(begin)
    if os.waitstatus_to_exitcode(status) != 0:
        raise Failed(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
    return elapsed


def files(path):
    """All files of a folder, or the file itself."""
    if not os.path.isdir(path):
        yield path
    for folder, _, names in os.walk(path):
        for name in names:
            yield os.path.join(folder, name)


def weight(path):
    """Bytes of all files, by their lengths: what a copy of them holds."""
    return sum(os.lstat(each).st_size for each in files(path))


def bring_into_cache(path):
    """Reads the files once."""
    for each in files(path):
        with open(each, "rb", buffering=0) as file:
            while file.read(1 << 20):
                pass


def drop_from_cache(path):
    """Puts the files' pages out of the cache. The directory entries stay in memory."""
    for each in files(path):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


def require_space(folder, needed):
    """Stops where the disk cannot hold what is to be written."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise SystemExit(f"{folder} has {free / 1e9:.1f} GB free and {needed / 1e9:.1f} GB are needed: "
                         "name another folder with --scratch, or measure fewer captures")


def machine():
    """What was measured on."""
    with open("/proc/cpuinfo") as file:
        model = re.search(r"model name\s*:\s*(.+)", file.read())
    with open("/etc/os-release") as file:
        system = re.search(r'PRETTY_NAME="(.+)"', file.read())
    return {"processor": model.group(1) if model else platform.machine(), "cores": os.cpu_count(),
            "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
            "system": system.group(1) if system else platform.system(), "kernel": platform.release(),
            "date": time.strftime("%Y-%m-%d")}


def version(command):
    """The version that a program tells, or None where it is absent."""
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"\d+(\.\d+)+", answer.stdout or answer.stderr)
    return found.group() if found else "?"
