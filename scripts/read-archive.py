#!/usr/bin/env python3
"""Reads and verifies an archive by docs/FORMAT.md alone: a second reader that shares no code with osrs-archive.

    scripts/read-archive.py DIR             every record as a line of JSON, everything verified
    scripts/read-archive.py --check DIR     verified, nothing printed but what is wrong
    scripts/read-archive.py --cat ID DIR    the bytes of one document, checked against its id

Findings and a summary go to standard error. Exit codes: 0 sound, 2 cannot be read, 10 no archive here, 12 damage found,
20 no such document, 64 usage. Needs Python 3.9 and its standard library. It takes no lock and writes nothing.
"""

import argparse
import mmap
import os
import struct
import sys
import zlib

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from second_reader.canonical_json import (  # noqa: E402
    Damage, Unsupported, canonical, number_text, parse, parse_canonical, sha256)
from second_reader.packs import IN_ARCHIVE, IN_LOG, NOTHING, Pack, file_name  # noqa: E402
from second_reader.records import (  # noqa: E402
    check, document_id, is_archive, is_count, is_id, is_ids, is_moment, read_record)

CONFIG_LIMIT = 64 << 10
JOURNAL_LIMIT = 1 << 32
PAYLOAD_LIMIT = 1 << 20
DOCUMENT_LIMIT = 16 << 20
FEATURES = ("packs", "ranks_only")
ARCHIVE = {"archive": is_archive, "created_at": is_moment}


# config.json


def read_config(data):
    """The archive's id and features. The order of the checks matters: a newer format must not be called damage."""
    try:
        value = parse(data)
        checksum = value.pop("checksum")
        if sha256(canonical(value)).hex() != checksum:
            raise Damage("config.json: its checksum is wrong")
    except (ValueError, KeyError, AttributeError, RecursionError):
        raise Damage("config.json: not a JSON object with a checksum") from None
    if value.get("format") != 1:
        raise Unsupported(f"config.json: format {value.get('format')}")
    features = value.get("features")
    if not isinstance(features, list) or features != [name for name in FEATURES if name in features]:
        raise Unsupported(f"config.json: features {value.get('features')}")
    if set(value) != {"archive", "created_at", "features", "format"}:
        raise Damage("config.json: other members than it should have")
    if canonical(dict(value, checksum=checksum)) + b"\n" != data:
        raise Damage("config.json: not in canonical form")
    check(value, ARCHIVE, "config.json")
    return bytes.fromhex(value["archive"]), value["features"]


# The journal

FRAME_HEAD = struct.Struct("<IIII")


class Frame:
    """A frame whose head is sound."""

    def __init__(self, length, is_last, index, number):
        self.length, self.is_last, self.index, self.number = length, is_last, index, number
        self.size = -(-(16 + length + 4) // 16) * 16


def frame_at(file, offset):
    """('whole', frame) | ('cut', None) | ('bad payload', frame) | ('bad head', None)"""
    if len(file) - offset < 16:
        return "cut", None
    word, index, number, checksum = FRAME_HEAD.unpack_from(file, offset)
    frame = Frame(word & 0x7FFFFFFF, word >> 31 == 1, index, number)
    if zlib.crc32(file[offset:offset + 12]) != checksum or not 1 <= frame.length <= PAYLOAD_LIMIT:
        return "bad head", None
    if len(file) - offset < frame.size:
        return "cut", None
    covered = file[offset + 16:offset + frame.size - 4]
    stored = int.from_bytes(file[offset + frame.size - 4:offset + frame.size], "little")
    if zlib.crc32(covered) != stored or any(covered[frame.length:]):
        return "bad payload", frame
    return "whole", frame


def has_unwritten_sector(file, offset):
    state, frame = frame_at(file, offset)
    starts = [offset]
    if state == "bad payload":
        starts = range((offset // 512 + 1) * 512, offset + frame.size, 512)
    return any(not any(file[start:start + 16]) for start in starts)


def whole_frames(file, offset):
    """The whole frames from an offset on, found on the grid of 16 bytes."""
    while offset < len(file):
        state, frame = frame_at(file, offset)
        if state == "whole":
            yield offset, frame
        offset += frame.size if state == "whole" else 16


def scan_journal(file):
    """(payloads by frame number, damage, end of the last whole batch)"""
    payloads, damage, batch = {}, [], {}
    offset = expected = end = 0
    index = 0  # Where in its batch the next frame stands; None behind damage that hides it.
    while offset < len(file):
        state, frame = frame_at(file, offset)
        if state == "cut":
            break
        if state == "whole" and frame.number == expected:
            continues = index in (None, frame.index) and (expected > 0 or frame.is_last)
            if continues:
                batch[expected] = bytes(file[offset + 16:offset + 16 + frame.length])
            else:
                damage.append(f"journal: the frame at byte {offset} does not continue its batch")
            expected, offset = expected + 1, offset + frame.size
            index = 0 if frame.is_last else frame.index + 1
            if frame.is_last or not continues:
                payloads.update(batch)
                batch, end = {}, offset
            continue
        following = next(
            ((at, next_frame) for at, next_frame in whole_frames(file, offset if state == "whole" else offset + 16)
             if next_frame.number > expected), None)
        if has_unwritten_sector(file, offset) and not any(
                later.number - later.index > expected for _, later in whole_frames(file, offset + 16)):
            break
        at, number = (following[0], following[1].number) if following else (len(file), expected + 1)
        damage.append(f"journal: records {expected - 1} to {number - 2} cannot be read at byte {offset}")
        payloads.update(batch)
        batch = {}
        expected, offset, end = number, at, at
        index = None
    return payloads, damage, end


HEADER = {"archive": is_archive, "base": is_count, "base_head": is_id, "packs?": is_ids, "merged?": is_ids}


def read_header(payload, archive, features):
    """The header; its `base` and `base_head` are not compared with the packs yet."""
    header = parse_canonical(payload, "journal: header")
    if not isinstance(header, dict) or not is_count(header.get("journal")):
        raise Damage("journal: header: no journal format")
    if header["journal"] != 1:
        raise Unsupported(f"journal: format {number_text(header['journal'])}")
    check(header, HEADER, "journal: header")
    if header["archive"] != archive.hex():
        raise Damage("journal: it belongs to another archive")
    if ("packs" in header) != (header["base"] > 0) or "packs" in header and "packs" not in features:
        raise Damage("journal: header: packs and base do not belong together")
    return header


# Packs


def open_pack(folder, name):
    path = os.path.join(folder, "packs", name + ".pack")
    if not os.path.exists(path):
        raise Damage(f"pack {name}: {path} is missing")
    with open(path, "rb") as opened:
        file = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) if os.path.getsize(path) else b""
    try:
        return Pack(file, name + ".pack")
    except Damage as error:
        raise Damage(f"pack {name}: {error}") from None


# Loose objects


def object_path(folder, identity):
    return os.path.join(folder, "objects", identity[:2], identity[2:])


def decode_object(file, identity):
    what = f"object {identity}"
    if len(file) < 16 or file[:4] != b"OSRO":
        raise Damage(f"{what}: no object's file")
    if zlib.crc32(file[:-4]) != int.from_bytes(file[-4:], "little"):
        raise Damage(f"{what}: its checksum is wrong")
    if file[4:8] != b"\x01\x01\0\0":
        raise Unsupported(f"{what}: format {file[4]}, codec {file[5]}")
    size = int.from_bytes(file[8:12], "little")
    if size > DOCUMENT_LIMIT:
        raise Damage(f"{what}: over the limit")
    stream = zlib.decompressobj()
    try:
        document = stream.decompress(file[12:-4], size + 1)
    except zlib.error as error:
        raise Damage(f"{what}: {error}") from None
    if len(document) != size or not stream.eof or stream.unused_data:
        raise Damage(f"{what}: its zlib stream is not one of {size} bytes")
    if sha256(document).hex() != identity:
        raise Damage(f"{what}: its document does not hash to its name")
    return document


def read_file(path, limit):
    size = os.path.getsize(path)
    if size > limit:
        raise Damage(f"{path}: {size} bytes")
    with open(path, "rb") as file:
        return file.read(limit + 1)


def read_document(folder, identity):
    path = object_path(folder, identity)
    if not os.path.exists(path):
        raise Damage(f"object {identity}: {path} is missing")
    return decode_object(read_file(path, DOCUMENT_LIMIT + DOCUMENT_LIMIT // 1024 + 64), identity)


def verify_snapshot(document, record, what):
    value = parse_canonical(document, what)
    if sha256(canonical(value, without="rank")).hex() != record["progress"]:
        raise Damage(f"{what}: its progress id is not {record['progress']}")


# The whole


class Reader:
    """Reads an archive's folder; `findings` says what is wrong."""

    def __init__(self, folder):
        self.folder = folder
        self.findings = []
        self.records = []
        self.head = None
        self.torn = 0
        self.checked = {}
        self.packed = 0  # How many of the records are in packs.
        self.point = None  # Where the next pack must go on: number and head; None behind one that cannot be read.
        self.logs = {}  # Of each snapshot in packs the logs that name it.
        self.gone = []  # Of each record that is gone, whether it was forgotten.

    def read(self):
        config = os.path.join(self.folder, "config.json")
        archive, features = read_config(read_file(config, CONFIG_LIMIT))
        journal = os.path.join(self.folder, "journal")
        if not os.path.exists(journal):
            raise Damage("journal: missing")
        file = read_file(journal, JOURNAL_LIMIT)
        payloads, damage, end = scan_journal(file)
        self.torn = len(file) - end
        self.findings += damage
        if 0 not in payloads:
            raise Damage("journal: its header cannot be read")
        header = read_header(payloads.pop(0), archive, features)
        base = int(header["base"])
        self.point = 0, sha256(b"osrs-archive/v1 sequence\0", archive)
        for name in header.get("packs", []):
            try:
                self.read_pack(name, archive)
            except Damage as error:
                self.findings.append(str(error))
        if self.point not in (None, (base, bytes.fromhex(header["base_head"]))):
            raise Damage("journal: it does not go on where the packs end")
        head = bytes.fromhex(header["base_head"])
        for number, payload in sorted(payloads.items()):
            identity = sha256(payload)
            head = sha256(head, identity)
            self.attempt(self.read_one, base + number - 1, identity, payload)
        self.head = None if self.findings else head.hex()
        for _, _, record in self.records[self.packed:]:
            self.attempt(self.verify_documents, record)
        if not self.findings:
            self.attempt(self.verify_gaps)

    def read_pack(self, name, archive):
        point, self.point = self.point, None
        pack = open_pack(self.folder, name)
        if pack.archive != archive or point not in (None, (pack.first, pack.head_before)):
            raise Damage(f"pack {name}: it does not go on where the one before ends")
        self.point = pack.first + pack.count, pack.head_after
        records, rows = [], []

        def found(number, identity, record, value, row):
            records.append((number, identity.hex(), value))
            if row is not None and row.is_snapshot:
                rows.append((number, row.novelty, value))
            # What the journal's records name beside a pack must be told apart by progress ids all the same.
            if row is not None and row.document is not None:
                self.checked.setdefault(value.get("snapshot") or value["body"]["id"], value.get("progress"))

        findings, gaps = pack.contents(True, found)
        self.findings += [f"pack {name}: {finding}" for finding in findings]
        if not findings and file_name(pack.file) != name + ".pack":
            self.findings.append(f"pack {name}: its bytes do not have the SHA-256 that is its name")
        self.gone += [is_forgotten for _, _, is_forgotten in gaps]
        self.records += sorted(records, key=lambda record: record[0])
        self.packed = len(self.records)
        if not self.findings and all(self.gone):
            self.verify_novelties(name, sorted(rows, key=lambda row: row[0]))

    def verify_gaps(self):
        """Whether what is gone is declared, and nothing else."""
        declared = {name: [record for _, _, record in self.records if record["kind"] == name]
                    for name in ("tombstone", "loss")}
        forgotten = sum(record["count"] for record in declared["tombstone"]) + sum(
            record.get("forgotten", 0) for record in declared["loss"])
        lost = sum(record["count"] for record in declared["loss"])
        if (forgotten, lost) != (sum(self.gone), len(self.gone) - sum(self.gone)):
            raise Damage("tombstones and losses do not declare what is gone")

    def verify_novelties(self, name, rows):
        """Whether each row is the first to name its snapshot, as far as records are not gone."""
        for number, novelty, record in rows:
            logs = self.logs.setdefault(record["snapshot"], set())
            log = record["player"], record["board"]
            if novelty != (IN_ARCHIVE if not logs else NOTHING if log in logs else IN_LOG):
                raise Damage(f"pack {name}: record {number} has the novelty {novelty}")
            logs.add(log)

    def find(self, identity):
        """A document: a loose object, or out of the packs that the journal names; None where there is none."""
        if os.path.exists(object_path(self.folder, identity)):
            return read_document(self.folder, identity)
        archive, features = read_config(read_file(os.path.join(self.folder, "config.json"), CONFIG_LIMIT))
        payloads, _, _ = scan_journal(read_file(os.path.join(self.folder, "journal"), JOURNAL_LIMIT))
        if 0 not in payloads:
            raise Damage("journal: its header cannot be read")
        for name in read_header(payloads[0], archive, features).get("packs", []):
            document = open_pack(self.folder, name).find(bytes.fromhex(identity))
            if document is not None:
                return document
        return None

    def attempt(self, step, *arguments):
        try:
            step(*arguments)
        except (Damage, Unsupported) as error:
            self.findings.append(str(error))

    def read_one(self, sequence, identity, payload):
        self.records.append((sequence, identity.hex(), read_record(payload, f"record {sequence}")))

    def verify_documents(self, record):
        if record["kind"] != "observation":
            return
        document = document_id(record)
        snapshot = document if record["result"] == "ok" else None
        if snapshot and self.checked.setdefault(snapshot, record["progress"]) != record["progress"]:
            raise Damage(f"object {snapshot}: two records name different progress ids")
        if snapshot and (snapshot, True) not in self.checked:
            self.checked[snapshot, True] = True
            verify_snapshot(read_document(self.folder, snapshot), record, f"object {snapshot}")
        if document and not snapshot and document not in self.checked:
            self.checked[document] = None
            if len(read_document(self.folder, document)) != record["body"]["bytes"]:
                raise Damage(f"object {document}: it has not {number_text(record['body']['bytes'])} bytes")


def printed(sequence, identity, record):
    """The record with its number and its SHA-256, as one line."""
    line = {"seq": float(sequence), "sha256": identity, "record": record}
    return canonical(line).decode("utf-8")


class Arguments(argparse.ArgumentParser):
    def error(self, message):
        self.exit(64, f"read-archive.py: {message}\n{self.format_usage()}")


def main():
    arguments = Arguments(description="Reads and verifies an archive by docs/FORMAT.md alone.")
    arguments.add_argument("folder", metavar="DIR")
    arguments.add_argument("--check", action="store_true", help="print nothing but what is wrong")
    arguments.add_argument("--cat", metavar="ID", help="print the document with this id of 64 hex digits")
    options = arguments.parse_args()
    sys.setrecursionlimit(20_000)
    if options.cat is not None and not is_id(options.cat):
        arguments.error("an id has 64 lower-case hex digits")
    if not os.path.exists(os.path.join(options.folder, "config.json")):
        print(f"there is no archive in {options.folder}", file=sys.stderr)
        return 10
    reader = Reader(options.folder)
    try:
        if options.cat is not None:
            document = reader.find(options.cat)
            if document is None:
                print(f"there is no document {options.cat}", file=sys.stderr)
                return 20
            sys.stdout.buffer.write(document)
            return 0
        reader.read()
    except Damage as error:
        reader.findings.append(str(error))
    except (Unsupported, OSError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 2
    if not options.check:
        for entry in reader.records:
            print(printed(*entry))
    sys.stdout.flush()  # The summary comes last, wherever both streams go.
    for finding in reader.findings:
        print(f"damage: {finding}", file=sys.stderr)
    if reader.torn:
        print(f"note: the journal ends in {reader.torn} bytes of an unfinished write", file=sys.stderr)
    print(f"{len(reader.records)} records, head {reader.head or 'unknown'}", file=sys.stderr)
    return 12 if reader.findings else 0


if __name__ == "__main__":
    sys.exit(main())
