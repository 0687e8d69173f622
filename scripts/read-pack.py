#!/usr/bin/env python3
"""Reads one pack of an archive by docs/FORMAT.md alone, sharing no code with osrs-archive.

    scripts/read-pack.py FILE               what it holds: a line of JSON for the whole, one for each block and gap
    scripts/read-pack.py --records FILE     every record in the order of the sequence, a line of JSON each
    scripts/read-pack.py --documents FILE   every document once, a line of JSON each: `json`, or `base64` of a kept body
    scripts/read-pack.py --verify FILE      nothing but what is wrong

Each reads and verifies the whole file. Findings and a summary go to standard error. Exit codes: 0 sound, 2 cannot be
read, 12 damage found, 64 usage. Needs Python 3.9 and its standard library.
"""

import argparse
import base64
import json
import mmap
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from second_reader.canonical_json import Damage, Unsupported, canonical, sha256  # noqa: E402
from second_reader.packs import Pack, file_name  # noqa: E402


class Arguments(argparse.ArgumentParser):
    def error(self, message):
        self.exit(64, f"read-pack.py: {message}\n{self.format_usage()}")


def line(value):
    print(json.dumps(value, ensure_ascii=False, sort_keys=True))


def print_list(pack):
    line({
        "archive": pack.archive.hex(), "first": pack.first, "count": pack.count, "head_before": pack.head_before.hex(),
        "head_after": pack.head_after.hex(), "observations": pack.observations, "snapshots": pack.successes,
        "new_in_archive": pack.new_in_archive,
        "sections": {name: {"items": pack.items(name), "bytes": sum(page.stored for page in pages)}
                     for name, pages in pack.sections.items()}})
    for entry in pack.directory():
        player, board = (text.decode() for text in entry.series)
        line({
            "player": player, "board": board, "offset": entry.offset, "bytes": entry.size, "rows": entry.rows,
            "snapshots": entry.successes, "new_in_log": entry.new_in_log, "new_in_archive": entry.new_in_archive,
            "from": entry.first, "to": entry.last})
    for number, identity, is_forgotten in pack.gaps():
        line({"gap": number, "sha256": identity and identity.hex(), "forgotten": is_forgotten})


class Printer:
    """Gathers what is printed of the records as they come, block by block."""

    def __init__(self, mode):
        self.mode, self.records, self.documents = mode, {}, set()

    def found(self, number, identity, record, value, row):
        if self.mode == "records":
            self.records[number] = {"seq": float(number), "sha256": identity.hex(), "record": value}
        if self.mode == "documents" and row is not None and row.document is not None:
            name = sha256(row.document)
            if name not in self.documents:
                self.documents.add(name)
                document = row.document
                form, text = ("json", document.decode()) if row.is_snapshot else (
                    "base64", '"' + base64.b64encode(document).decode() + '"')
                print('{"id":"%s","%s":%s}' % (name.hex(), form, text))

    def finish(self):
        for _, value in sorted(self.records.items()):
            print(canonical(value).decode())


def main():
    arguments = Arguments(description="Reads a pack by docs/FORMAT.md alone.")
    arguments.add_argument("file", metavar="FILE")
    modes = arguments.add_mutually_exclusive_group()
    for mode in ("list", "records", "documents", "verify"):
        modes.add_argument("--" + mode, action="store_const", const=mode, dest="mode")
    options = arguments.parse_args()
    sys.setrecursionlimit(20_000)
    try:
        with open(options.file, "rb") as opened:
            file = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) if os.path.getsize(options.file) else b""
        pack = Pack(file, os.path.basename(options.file))
        printer = Printer(options.mode)
        findings, gaps = pack.contents(True, printer.found)
        if not findings and file_name(file) != os.path.basename(options.file):
            findings.append("the file's name is not the SHA-256 of its bytes")
        if not findings and options.mode in (None, "list"):
            print_list(pack)
        printer.finish()
    except Damage as error:
        print(f"damage: {error}", file=sys.stderr)
        return 12
    except (Unsupported, OSError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 2
    sys.stdout.flush()
    for finding in findings:
        print(f"damage: {finding}", file=sys.stderr)
    print(f"{pack.count} records from {pack.first}, {len(gaps)} gone, head {pack.head_after.hex()}", file=sys.stderr)
    return 12 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
