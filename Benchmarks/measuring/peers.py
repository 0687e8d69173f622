"""The other tools on the same captures, each in the way that its users would take."""

import dataclasses
import os
import shutil
from typing import Callable

from measuring import run, version, weight


@dataclasses.dataclass
class Step:
    """One measured step of a tool, and what its result weighs then."""
    tool: str
    run: object
    bytes: int
    note: str = ""


@dataclasses.dataclass
class Peer:
    """A tool beside which osrs-archive is measured."""
    key: str
    # Tells its version, and with that whether it is here.
    asks: list
    package: str
    # (captures, an empty folder) to its step.
    measure: Callable
    # The most captures that it is given by default.
    limit: int

    @property
    def version(self):
        return version(self.asks)


REPACK = "git repack -f --window=250 --depth=50"


def import_into_git(captures, folder):
    """A new bare repository in `folder` with a commit a capture, by fast-import."""
    repository = os.path.join(folder, "git")
    stream = captures.git_stream()
    run(["git", "init", "-q", "--bare", "--template=", "-b", "main", repository], folder)
    done = run(["git", "-C", repository, "fast-import", "--quiet"], folder, reads=stream, source=stream)
    return repository, done


def git_fast_import(captures, folder):
    repository, done = import_into_git(captures, folder)
    return Step("git fast-import", done, weight(repository), "a commit a capture")


def git_repack(captures, folder):
    repository, _ = import_into_git(captures, folder)
    done = run(["git", "-C", repository, "repack", "-q", "-a", "-d", "-f", "--window=250", "--depth=50"], folder,
               reads=repository)
    return Step(REPACK, done, weight(repository), "after fast-import, without its time")


def restic(form, note):
    """Restic on one form of the captures. It always encrypts; compression is set as high as it goes."""
    def measure(captures, folder):
        source, repository = form(captures), os.path.join(folder, "restic")
        environment = {"RESTIC_PASSWORD": "bench", "RESTIC_REPOSITORY": repository}
        run(["restic", "init", "-q", "--repository-version", "2"], folder, environment=environment)
        done = run(["restic", "backup", "-q", "--no-cache", "--compression", "max", "."], source, reads=source,
                   environment=environment)
        return Step("restic --compression max", done, weight(repository), note)
    return measure


def borg(form, note):
    """Borg on one form of the captures, without encryption, at about the compression of restic's max."""
    def measure(captures, folder):
        source, repository = form(captures), os.path.join(folder, "borg")
        environment = {"BORG_BASE_DIR": os.path.join(folder, "home"),
                       "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes"}
        run(["borg", "init", "-e", "none", repository], folder, environment=environment)
        done = run(["borg", "create", "--compression", "zstd,11", f"{repository}::all", "."], source,
                   reads=source, environment=environment)
        return Step("borg --compression zstd,11", done, weight(repository), note)
    return measure


def zstd(captures, folder):
    target = os.path.join(folder, "all.zst")
    source = captures.concatenation()
    done = run(["zstd", "-q", "-19", "--long", source, "-o", target], folder, reads=source)
    return Step("zstd -19 --long", done, weight(target), "documents alone, one stream")


def xz(captures, folder):
    target = os.path.join(folder, "all.xz")
    source = captures.concatenation()
    done = run(["xz", "-9e", "-k", "-c", source], folder, reads=source, output=target)
    return Step("xz -9e", done, weight(target), "documents alone, one stream")


EACH, ALL = "a file a capture, one backup", "a file a player, one backup"
PEERS = [
    Peer("git", ["git", "--version"], "git", git_fast_import, 200_000),
    Peer("repack", ["git", "--version"], "git", git_repack, 20_000),
    Peer("restic", ["restic", "version"], "restic", restic(lambda all: all.capture_files(), EACH), 200_000),
    Peer("restic-players", ["restic", "version"], "restic", restic(lambda all: all.player_files(), ALL), 200_000),
    Peer("borg", ["borg", "--version"], "borgbackup", borg(lambda all: all.capture_files(), EACH), 200_000),
    Peer("borg-players", ["borg", "--version"], "borgbackup", borg(lambda all: all.player_files(), ALL), 200_000),
    Peer("zstd", ["zstd", "--version"], "zstd", zstd, 50_000),
    Peer("xz", ["xz", "--version"], "xz-utils", xz, 50_000),
]


def empty(folder):
    """The folder with nothing in it."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder
