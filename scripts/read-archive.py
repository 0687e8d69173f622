#!/usr/bin/env python3
"""Reads and verifies an archive by docs/FORMAT.md alone: a second reader that shares no code with osrs-archive.

    scripts/read-archive.py DIR             every record as a line of JSON, everything verified
    scripts/read-archive.py --check DIR     verified, nothing printed but what is wrong
    scripts/read-archive.py --cat ID DIR    the bytes of one document, checked against its id

Findings and a summary go to standard error. Exit codes: 0 sound, 2 cannot be read, 10 no archive here, 12 damage found,
20 no such document, 64 usage. Needs Python 3.9 and its standard library. It takes no lock and writes nothing.
"""

import argparse
import hashlib
import json
import os
import re
import struct
import sys
import zlib

BOARDS = {
    "main", "ironman", "hardcore_ironman", "ultimate", "deadman", "seasonal", "tournament", "fresh_start", "skiller",
    "skiller_defence",
}
RESULTS = {"ok", "not_found", "unavailable", "throttled", "invalid"}
CONFIG_LIMIT = 64 << 10
JOURNAL_LIMIT = 1 << 32
PAYLOAD_LIMIT = 1 << 20
RECORD_LIMIT = 64 << 10
DOCUMENT_LIMIT = 16 << 20
DEPTH_LIMIT = 512
EARLIEST, LATEST = -62_167_219_200_000, 253_402_300_799_999


class Damage(Exception):
    """Bytes are not what was written."""


class Unsupported(Exception):
    """A newer program wrote this."""


# Canonical JSON


def number_text(value):
    """The ECMAScript form of a double (RFC 8785, section 3.2.2.3)."""
    if value == 0:
        return "0"
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = int(exponent or 0) + len(whole) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        text = digits + "0" * (point - count)
    elif 0 < point <= 21:
        text = digits[:point] + "." + digits[point:]
    elif -6 < point <= 0:
        text = "0." + "0" * -point + digits
    else:
        text = digits[0] + ("." + digits[1:] if count > 1 else "") + "e%+d" % (point - 1)
    return "-" + text if value < 0 else text


def integer_literal(text):
    value = float(text)
    if value in (float("inf"), float("-inf")) or (int(text) != int(value) and number_text(value) != text):
        raise ValueError("an integer that a double does not hold exactly")
    return value


def decimal_literal(text):
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number too large for a double")
    return value


def no_constant(text):
    raise ValueError("not JSON: " + text)


def members(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("two members of one name")
    return dict(pairs)


def parse(data):
    """The value of a JSON text; ValueError for anything that has no canonical form."""
    return json.loads(
        data.decode("utf-8"), object_pairs_hook=members, parse_int=integer_literal, parse_float=decimal_literal,
        parse_constant=no_constant)


def canonical(value, without=None):
    """The canonical bytes of a value (RFC 8785), every member named `without` left out at any depth."""
    parts = []

    def write(value, depth):
        if isinstance(value, (dict, list)) and depth >= DEPTH_LIMIT:
            raise ValueError("nested too deeply")
        if isinstance(value, dict):
            names = sorted((name for name in value if name != without), key=lambda name: name.encode("utf-16-be"))
            parts.append("{")
            for index, name in enumerate(names):
                parts.append(("," if index else "") + json.dumps(name, ensure_ascii=False) + ":")
                write(value[name], depth + 1)
            parts.append("}")
        elif isinstance(value, list):
            parts.append("[")
            for index, element in enumerate(value):
                parts.append("," if index else "")
                write(element, depth + 1)
            parts.append("]")
        elif isinstance(value, str):
            parts.append(json.dumps(value, ensure_ascii=False))
        elif isinstance(value, float):
            parts.append(number_text(value))
        else:
            parts.append({True: "true", False: "false", None: "null"}[value])

    write(value, 0)
    return "".join(parts).encode("utf-8")


def parse_canonical(data, what):
    try:
        value = parse(data)
        if canonical(value) != data:
            raise ValueError("not in canonical form")
    except (ValueError, RecursionError) as error:
        raise Damage(f"{what}: {error}") from None
    return value


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


# config.json


def read_config(data):
    """The archive's id. The order of the checks matters: a newer format must not be called damage."""
    try:
        value = parse(data)
        checksum = value.pop("checksum")
        if sha256(canonical(value)).hex() != checksum:
            raise Damage("config.json: its checksum is wrong")
    except (ValueError, KeyError, AttributeError, RecursionError):
        raise Damage("config.json: not a JSON object with a checksum") from None
    if value.get("format") != 1:
        raise Unsupported(f"config.json: format {value.get('format')}")
    if value.get("features") != []:
        raise Unsupported(f"config.json: features {value.get('features')}")
    if set(value) != {"archive", "created_at", "features", "format"}:
        raise Damage("config.json: other members than it should have")
    if canonical(dict(value, checksum=checksum)) + b"\n" != data:
        raise Damage("config.json: not in canonical form")
    check(value, ARCHIVE, "config.json")
    return bytes.fromhex(value["archive"])


# Records


def is_text(value):
    return isinstance(value, str)


def is_count(value):
    return isinstance(value, float) and value.is_integer() and 0 <= value < 2**63


def is_moment(value):
    return isinstance(value, float) and value.is_integer() and EARLIEST <= value <= LATEST


def is_flag(value):
    return isinstance(value, bool)


def is_id(value):
    return is_text(value) and re.fullmatch("[0-9a-f]{64}", value) is not None


def is_archive(value):
    return is_text(value) and re.fullmatch("[0-9a-f]{32}", value) is not None


def is_player(value):
    return is_text(value) and re.fullmatch("[^A-Z \t\r\n\u00a0\ufffd-]+", value) is not None and not (
        value.startswith("_") or value.endswith("_") or "__" in value)


def is_body(value):
    check(value, BODY, "body")
    return True


def is_texts(value):
    return isinstance(value, list) and len(value) > 0 and all(map(is_text, value))


ARCHIVE = {"archive": is_archive, "created_at": is_moment}
BODY = {"bytes": is_count, "id": is_id, "kept": is_flag, "content_type?": is_text}
PLACE = {"board": BOARDS.__contains__, "player": is_player, "captured_at": is_moment}
KINDS = {
    "observation": dict(PLACE, **{
        "result": RESULTS.__contains__, "display_name?": is_text, "snapshot?": is_id, "progress?": is_id,
        "http_status?": is_count, "latency_ms?": is_count, "attempt?": is_count, "error?": is_text,
        "redirect?": is_text, "source?": is_text, "agent?": is_text, "run?": is_text, "clock?": "set".__eq__,
        "body?": is_body, "provenance?": is_texts}),
    "tag": {
        "name": is_text, "recorded_at": is_moment, "snapshot?": is_id, "board?": BOARDS.__contains__,
        "player?": is_player, "captured_at?": is_moment},
    "rename": {
        "from": is_player, "to": is_player, "effective_at": is_moment, "recorded_at": is_moment, "undone": is_flag},
    "tombstone": {
        "player": is_player, "board?": BOARDS.__contains__, "captured_at?": is_moment, "count": is_count,
        "reason": is_text, "recorded_at": is_moment},
}


def check(value, shape, what):
    """Every member that must be there is, and each known one is of its type. Unknown members are passed over."""
    if not isinstance(value, dict):
        raise Damage(f"{what}: no object")
    for name, test in shape.items():
        present = value.get(name.rstrip("?"))
        if name.rstrip("?") not in value:
            if not name.endswith("?"):
                raise Damage(f"{what}: it lacks {name}")
        elif isinstance(present, (dict, list)) and test not in (is_body, is_texts) or not test(present):
            raise Damage(f"{what}: {name.rstrip('?')} is not what it must be")


def read_record(payload, what):
    if len(payload) > RECORD_LIMIT:
        raise Damage(f"{what}: {len(payload)} bytes")
    record = parse_canonical(payload, what)
    kind = record.get("kind") if isinstance(record, dict) else None
    if kind not in KINDS:
        raise Damage(f"{what}: unknown kind {kind}")
    check(record, KINDS[kind], what)
    if kind == "observation":
        if not ("snapshot" in record) == ("progress" in record) == (record["result"] == "ok"):
            raise Damage(f"{what}: exactly an ok observation has a snapshot")
    if kind == "tag" and "player" in record:
        check(record, dict(PLACE, snapshot=is_id), what)
    return record


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


def read_header(payload, archive):
    header = parse_canonical(payload, "journal: header")
    if not isinstance(header, dict) or not is_count(header.get("journal")):
        raise Damage("journal: header: no journal format")
    if header["journal"] != 1:
        raise Unsupported(f"journal: format {number_text(header['journal'])}")
    check(header, {"archive": is_archive, "base": is_count, "base_head": is_id}, "journal: header")
    start = sha256(b"osrs-archive/v1 sequence\0", archive)
    if header["archive"] != archive.hex() or header["base"] != 0 or header["base_head"] != start.hex():
        raise Damage("journal: it belongs to another archive")
    return start


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

    def read(self):
        config = os.path.join(self.folder, "config.json")
        archive = read_config(read_file(config, CONFIG_LIMIT))
        journal = os.path.join(self.folder, "journal")
        if not os.path.exists(journal):
            raise Damage("journal: missing")
        file = read_file(journal, JOURNAL_LIMIT)
        payloads, damage, end = scan_journal(file)
        self.torn = len(file) - end
        self.findings += damage
        if 0 not in payloads:
            raise Damage("journal: its header cannot be read")
        head = read_header(payloads.pop(0), archive)
        for number, payload in sorted(payloads.items()):
            identity = sha256(payload)
            head = sha256(head, identity)
            self.attempt(self.read_one, number - 1, identity, payload)
        self.head = None if self.findings else head.hex()
        for _, _, record in self.records:
            self.attempt(self.verify_documents, record)

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
        snapshot = record.get("snapshot")
        if snapshot and self.checked.setdefault(snapshot, record["progress"]) != record["progress"]:
            raise Damage(f"object {snapshot}: two records name different progress ids")
        if snapshot and (snapshot, True) not in self.checked:
            self.checked[snapshot, True] = True
            verify_snapshot(read_document(self.folder, snapshot), record, f"object {snapshot}")
        body = record.get("body")
        if body and body["kept"] and record["result"] != "ok" and body["id"] not in self.checked:
            self.checked[body["id"]] = None
            if len(read_document(self.folder, body["id"])) != body["bytes"]:
                raise Damage(f"object {body['id']}: it has not {number_text(body['bytes'])} bytes")


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
            if not os.path.exists(object_path(options.folder, options.cat)):
                print(f"there is no document {options.cat}", file=sys.stderr)
                return 20
            sys.stdout.buffer.write(read_document(options.folder, options.cat))
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
