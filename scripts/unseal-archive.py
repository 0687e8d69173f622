#!/usr/bin/env python3
"""Writes an encrypted archive as a plain one by docs/FORMAT.md alone: for who has the key, and no osrs-archive.

    scripts/unseal-archive.py (--key-file FILE | --password-file FILE) ARCHIVE OUT

FILE holds a key file's text or a recovery code, or a passphrase as its first line. OUT is a new folder, which
scripts/read-archive.py reads and verifies. Exit codes: 0 done, 2 cannot be read, 12 damage found, 13 wrong key, 64 usage.
Needs Python 3.9 with its standard library and the package `cryptography`. What lies in `torn` and `damaged` stays out.
"""

import argparse
import hashlib
import hmac
import io
import os
import struct
import sys
import zlib

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from second_reader.canonical_json import Damage, canonical, parse, sha256  # noqa: E402
from second_reader.sealing import NotSealed, fields, hkdf_expand, open_message, primitives, scrypt  # noqa: E402

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KINDS = {"object": 1, "pack": 2, "journal": 3}


def opened(message, key, context):
    """The plain bytes of a message that is all there."""
    return b"".join(open_message(io.BytesIO(message).read, key, context))


def code_key(text):
    """The 32 bytes of a recovery code or key file; None where the text is none."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    symbols = [ALPHABET.find({"I": "1", "L": "1", "O": "0"}.get(c, c)) for c in "".join(lines).upper() if c not in " -\t"]
    if len(symbols) != 70 or -1 in symbols:
        return None
    bits = "".join(f"{symbol:05b}" for place, symbol in enumerate(symbols) if place % 5 < 4)
    data = int(bits, 2).to_bytes(35, "big")
    return data[:32] if sha256(b"osrs-archive/v1 recovery" + data[:32])[:3] == data[32:] else None


def read_config(folder):
    with open(os.path.join(folder, "config.json"), "rb") as file:
        value = parse(file.read())
    checksum = value.pop("checksum")
    if sha256(canonical(value)).hex() != checksum:
        raise Damage("config.json: its checksum is wrong")
    if "encrypted" not in value["features"]:
        raise Damage("config.json: the archive is plain; scripts/read-archive.py reads it")
    return value


def master_key(config, words):
    archive = bytes.fromhex(config["archive"])
    key = code_key(words)
    for slot in config["key_slots"]:
        identity, kind = bytes.fromhex(slot["id"]), slot["kind"]
        extra, secret = [b"key slot", kind.encode()], key
        if kind == "passphrase":
            n, r, p, salt = *(int(slot[name]) for name in "nrp"), bytes.fromhex(slot["salt"])
            extra += [struct.pack("<Q", number) for number in (n, r, p)] + [salt]
            passphrase = words.split("\n")[0].rstrip("\r").encode()
            secret = scrypt(passphrase, salt, n, r, p)
        if secret is None:
            continue
        context = fields(b"osrs-archive/v1", archive, b"config", identity, *extra)
        try:
            return opened(bytes.fromhex(slot["wrapped"]), secret, context)
        except NotSealed:
            continue
    return None


class Vault:
    """The keys of an archive."""

    def __init__(self, archive, master):
        self.archive = archive
        self.sealing, self.naming, self.configuration = (
            hkdf_expand(hashlib.sha256, master, b"osrs-archive/v1 " + label, 32)
            for label in (b"sealing", b"naming", b"configuration"))

    def header(self, data, kind, path):
        if data[:8] != b"OSRE" + bytes([1, KINDS[kind], 0, 0]) or len(data) < 24:
            raise Damage(f"{path}: no sealed {kind}")
        return data[8:24]

    def open(self, data, kind, path, *place):
        file = self.header(data, kind, path)
        return self.message(data[24:], kind, file, path, *place)

    def message(self, message, kind, file, path, *place):
        context = fields(b"osrs-archive/v1", self.archive, kind.encode(), file, *place)
        try:
            return opened(message, self.sealing, context)
        except (Damage, NotSealed) as error:
            raise Damage(f"{path}: {error}") from None


def frame(head, payload):
    """A journal's frame with the length's flag, index and number of `head`."""
    start = struct.pack("<III", len(payload) | head[0] & 1 << 31, head[1], head[2])
    start += struct.pack("<I", zlib.crc32(start))
    size = (16 + len(payload) + 4 + 15) // 16 * 16
    body = payload + bytes(size - 20 - len(payload))
    return start + body + struct.pack("<I", zlib.crc32(body))


def unseal_journal(vault, data, names):
    file, offset, previous, output = vault.header(data, "journal", "journal"), 32, sha256(data[:24]), b""
    while offset + 16 <= len(data):
        word, index, number, check = struct.unpack_from("<IIII", data, offset)
        length = word & ~(1 << 31)
        size = (16 + length + 4 + 15) // 16 * 16
        if zlib.crc32(data[offset:offset + 12]) != check:
            raise Damage(f"journal: the frame at byte {offset} is damaged")
        if offset + size > len(data):
            break  # A write that never finished.
        place = struct.pack("<Q", number), previous
        payload = vault.message(data[offset + 16:offset + 16 + length], "journal", file, f"journal, byte {offset}", *place)
        if number == 0:
            header = parse(payload)
            for name in header.get("packs", []):
                if name not in names:
                    raise Damage(f"packs/{name}.pack: it is missing, and the journal names it")
            # A pack that was taken into another may be removed already.
            for member in ("packs", "merged"):
                if member in header:
                    header[member] = [names[name] for name in header[member] if name in names]
            if not header.get("merged", True):
                del header["merged"]
            payload = canonical(header)
        output += frame((word, index, number), payload)
        previous = sha256(data[offset:offset + size])
        offset += size
    return output


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "xb") as file:
        file.write(data)


def unseal(folder, words, out):
    config = read_config(folder)
    master = master_key(config, words)
    if master is None:
        return 13
    vault = Vault(bytes.fromhex(config["archive"]), master)
    code = config.pop("authentication")
    if not hmac.compare_digest(hmac.new(vault.configuration, canonical(config), hashlib.sha256).hexdigest(), code):
        raise Damage("config.json: nobody with the archive's key wrote it")
    del config["key_slots"]
    config["features"].remove("encrypted")

    def read(*parts):
        with open(os.path.join(folder, *parts), "rb") as file:
            return file.read()

    names = {}
    for name in sorted(os.listdir(os.path.join(folder, "packs"))) if os.path.isdir(os.path.join(folder, "packs")) else []:
        data = read("packs", name)
        if sha256(data).hex() + ".pack" != name:
            raise Damage(f"packs/{name}: its bytes do not have the SHA-256 that is its name")
        plain = vault.open(data, "pack", f"packs/{name}")
        names[name[:64]] = sha256(plain).hex()
        write(os.path.join(out, "packs", names[name[:64]] + ".pack"), plain)
    os.makedirs(os.path.join(out, "objects"), exist_ok=True)
    for first in sorted(os.listdir(os.path.join(folder, "objects"))):
        for rest in sorted(os.listdir(os.path.join(folder, "objects", first))):
            path = f"objects/{first}/{rest}"
            plain = vault.open(read("objects", first, rest), "object", path, bytes.fromhex(first + rest))
            identity = sha256(zlib.decompress(plain[12:-4]))
            if hmac.new(vault.naming, identity, hashlib.sha256).hexdigest() != first + rest:
                raise Damage(f"{path}: it holds another document than its name says")
            write(os.path.join(out, "objects", identity.hex()[:2], identity.hex()[2:]), plain)
    write(os.path.join(out, "journal"), unseal_journal(vault, read("journal"), names))
    config["checksum"] = sha256(canonical(config)).hex()
    write(os.path.join(out, "config.json"), canonical(config) + b"\n")
    return 0


def main():
    primitives()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    secret = parser.add_mutually_exclusive_group(required=True)
    secret.add_argument("--key-file")
    secret.add_argument("--password-file")
    parser.add_argument("archive")
    parser.add_argument("out")
    parser.error = lambda message: (print(message, file=sys.stderr), sys.exit(64))
    arguments = parser.parse_args()
    try:
        with open(arguments.key_file or arguments.password_file, encoding="utf-8") as file:
            words = file.read()
        os.mkdir(arguments.out)
        code = unseal(arguments.archive, words, arguments.out)
    except (Damage, zlib.error, KeyError, ValueError, struct.error) as error:
        print(f"damaged: {error}", file=sys.stderr)
        return 12
    except OSError as error:
        print(error, file=sys.stderr)
        return 2
    if code == 13:
        print("wrong key: it opens none of the archive's key slots", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
