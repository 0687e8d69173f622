"""The captures that are measured, in each form that a tool takes; every form is written before any clock starts."""

import functools
import glob
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime

from measuring import ROOT, say

SERIES = os.path.join(os.environ.get("OSRS_SHARED", os.path.join(ROOT, "..", "shared")), "data", "series")
# Bytes of a line, for what a disk must hold.
LINE = 7000


def player_key(name):
    """The normalised name of a player."""
    return re.sub(r"[ \u00a0_-]+", "_", name.strip()).lower()


def canonical(body):
    """RFC 8785 for what the hiscores serve: ASCII names, whole numbers."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class Captures:
    """Captures in one order. `lines` is what osrs-archive reads: JSON lines.

    `bodies` holds the canonical documents, a line each, in the same order: all that the other tools get, in their
    several forms. Times and players are in git's commits and in the names of files; xz and zstd get the documents alone.
    """

    def __init__(self, name, title, folder, lines):
        self.name, self.title, self.folder, self.lines = name, title, folder, lines
        self.bodies = os.path.join(folder, f"{name}.bodies")

    @functools.cached_property
    def places(self):
        """Board, player and time of each capture. Writes `bodies` on the way."""
        say(f"{self.name}: canonical documents")
        places = []
        with open(self.lines, "rb") as source, open(self.bodies, "wb") as target:
            for line in source:
                capture = json.loads(line)
                moment = datetime.fromisoformat(capture["captured_at"].replace("Z", "+00:00"))
                place = (capture["board"], player_key(capture["player"]))
                places.append((*map(sys.intern, place), moment.timestamp()))
                target.write(canonical(capture["body"]) + b"\n")
        return places

    @functools.cached_property
    def count(self):
        """How many captures there are."""
        with open(self.lines, "rb") as source:
            return sum(block.count(b"\n") for block in iter(lambda: source.read(1 << 20), b""))

    @property
    def some_player(self):
        """The player of the first capture."""
        with open(self.lines, "rb") as source:
            return player_key(json.loads(source.readline())["player"])

    def concatenation(self):
        """All canonical documents in one file, a line each."""
        _ = self.places  # writes it
        return self.bodies

    def each(self):
        """Each capture as (board, player, seconds since 1970, canonical document)."""
        with open(self.concatenation(), "rb") as source:
            for place, body in zip(self.places, source):
                yield *place, body.rstrip(b"\n")

    def form(self, suffix, write):
        """The path of a form, written at the first request."""
        path = os.path.join(self.folder, f"{self.name}.{suffix}")
        if not os.path.exists(path):
            say(f"{self.name}: {suffix}")
            write(path)
        return path

    def git_stream(self):
        """A stream for git fast-import: one commit a capture, the document at board/player.json."""
        def write(path):
            with open(path, "wb") as target:
                for board, player, seconds, body in self.each():
                    target.write(b"commit refs/heads/main\ncommitter archive <archive> %d +0000\ndata 0\n"
                                 b"M 100644 inline %s/%s.json\ndata %d\n%s\n"
                                 % (seconds, board.encode(), player.encode(), len(body), body))
        return self.form("fast-import", write)

    def capture_files(self):
        """A folder with a file a capture: board/player/milliseconds.json."""
        def write(path):
            for board, player, seconds, body in self.each():
                folder = os.path.join(path, board, player)
                os.makedirs(folder, exist_ok=True)
                with open(os.path.join(folder, f"{round(seconds * 1000)}.json"), "wb") as target:
                    target.write(body)
        return self.form("capture-files", write)

    def player_files(self):
        """A folder with a file a player: its documents by time, a line each, as one who appends to a file keeps them."""
        def write(path):
            for board, player, _, body in self.each():
                os.makedirs(os.path.join(path, board), exist_ok=True)
                with open(os.path.join(path, board, f"{player}.jsonl"), "ab") as target:
                    target.write(body + b"\n")
        return self.form("player-files", write)

    def remove(self):
        """Removes every form."""
        for path in glob.glob(os.path.join(glob.escape(self.folder), f"{self.name}.*")):
            shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)

    def of_first_players(self, limit):
        """Whole histories of as many players as have at most `limit` captures together; self where all fit."""
        if self.count <= limit:
            return self
        histories = {}
        for place in self.places:
            histories[place[:2]] = histories.get(place[:2], 0) + 1
        chosen, count = set(), 0
        for player in sorted(histories):
            if count + histories[player] > limit and chosen:
                break
            chosen.add(player)
            count += histories[player]
        name = f"{self.name}-{count}"
        path = os.path.join(self.folder, f"{name}.jsonl")
        with open(self.lines, "rb") as source, open(path, "wb") as target:
            target.writelines(line for place, line in zip(self.places, source) if place[:2] in chosen)
        return Captures(name, f"{self.title}: {len(chosen)} of its players", self.folder, path)


def real_series(folder, paths=None):
    """The given series as an import takes them: every answer once, cut-off ones and second spellings left out.
    None where they are absent."""
    paths = paths or sorted(glob.glob(os.path.join(SERIES, "*.jsonl")))
    seen, path = set(), os.path.join(folder, "series.jsonl")
    with open(path, "wb") as target:
        for each in paths:
            with open(each, "rb") as source:
                for line in source:
                    capture = json.loads(line)
                    key = (player_key(capture["player"]), capture["board"], capture["captured_at"])
                    if "body" in capture and key not in seen:
                        seen.add(key)
                        target.write(line)
    return Captures("series", "real series", folder, path) if seen else None


def build_generator():
    """The generator of Benchmarks/, built in release."""
    scratch = os.path.join(ROOT, ".build-benchmarks")
    command = ["swift", "build", "--package-path", os.path.join(ROOT, "Benchmarks"), "-c", "release",
               "--scratch-path", scratch, "--product", "generate-clan"]
    subprocess.run(command, check=True, stdout=sys.stderr)
    return os.path.join(scratch, "release", "generate-clan")


def clan(generator, folder, name, title, *options):
    """Captures of a made-up clan."""
    path = os.path.join(folder, f"{name}.jsonl")
    say(f"{name}: generate-clan {' '.join(options)}")
    with open(path, "wb") as target:
        subprocess.run([generator, *options], check=True, stdout=target)
    return Captures(name, title, folder, path)


def growth_sizes(text, players, parser):
    """Numbers of captures from an option: whole days of the clan."""
    sizes = [int(each) for each in text.split(",") if each]
    if any(each < 1 or each % (players * 4) for each in sizes):
        parser.error(f"--sizes: whole days of {players} players are multiples of {players * 4}")
    return sizes


def growing_clan(generator, folder, players, size):
    """The first `size` captures of a clan of which each player is captured four times a day, interleaved by time."""
    return clan(generator, folder, f"growth-{size}", f"growing clan of {players}, {size:,} captures",
                "--players", str(players), "--captures-a-day", "4", "--days", str(size // (players * 4)))
