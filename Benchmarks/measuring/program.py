"""osrs-archive itself, as one who measures drives it."""

import json
import os
import subprocess
import sys

from measuring import ROOT, Failed, run


class Program:
    """A release build of osrs-archive."""

    def __init__(self, path=None):
        if not path:
            subprocess.run(["swift", "build", "-c", "release", "--static-swift-stdlib", "--product", "osrs-archive"],
                           cwd=ROOT, check=True, stdout=sys.stderr)
        self.path = os.path.abspath(path or os.path.join(ROOT, ".build", "release", "osrs-archive"))
        tree = subprocess.run([self.path, "--experimental-dump-help"], check=True, capture_output=True).stdout
        self.commands = {each["commandName"] for each in json.loads(tree)["command"]["subcommands"]}

    def words(self, archive, *words):
        """A command on an archive."""
        return [self.path, *words, "--archive", archive]

    def bring_in(self, captures, archive):
        """Imports all captures into a new archive, which is made before the clock starts, as git's repository is. Raises
        Failed where it did not take just these."""
        folder = os.path.dirname(archive)
        run(self.words(archive, "init"), folder)
        done = run(self.words(archive, "import", captures.lines, "--json"), folder, reads=captures.lines)
        answer = json.loads(done.output)
        if answer["added"] != captures.count or answer["rejected"]:
            raise Failed(f"the import of {captures.lines} took {answer}, not {captures.count}")
        return done

    def gc(self, archive):
        """Seals and merges, or None where this program has no such command."""
        if "gc" not in self.commands:
            return None
        return run(self.words(archive, "gc"), os.path.dirname(archive), reads=archive)

    def verify(self, archive, captures):
        """Recomputes every id. Raises Failed where that is not all captures."""
        done = run(self.words(archive, "verify", "--json"), os.path.dirname(archive), reads=archive)
        answer = json.loads(done.output)
        if not answer["ok"] or answer["observations"] != captures.count:
            raise Failed(f"verify of {archive} says {done.output.strip()[-300:]}")
        return done
