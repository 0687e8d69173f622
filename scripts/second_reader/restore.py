"""Bundles (docs/FORMAT.md, "Bundles"): what `osrs-archive backup create` writes, opened with nothing but a key."""

import argparse
import glob
import hashlib
import hmac
import math
import os
import re
import sys
import tempfile

from .canonical_json import Damage, Unsupported, canonical, parse_canonical, sha256
from .packs import Pack
from .records import read_record
from .rows import inflate
from .sealing import NotSealed, fields, hkdf_expand, open_message, primitives, scrypt

NAME = re.compile(r"([0-9a-f]{16})-([0-9]{6,9})-([0-9a-f]{64})\.bundle")
KEY = re.compile(r"osrs-backup-secret-1-([0-9a-f]{64})-([0-9a-f]{8})")
SIGNER = re.compile(r"osrs-backup-signer-1-([0-9a-f]{64})-([0-9a-f]{8})")
SIGNATURE_BYTES = 64


class WrongKey(Exception):
    """None of the keys opens a bundle."""


class Keys:
    """What bundles are opened with."""

    def __init__(self, identities, password):
        self.identities, self.password, self.derived = identities, password, {}

    def bundle_key(self, header, binding, name):
        _, InvalidTag, _, X25519PrivateKey, X25519PublicKey, AESGCM, Encoding, PublicFormat = primitives()

        def unwrap(under, wrapped):
            return AESGCM(under).decrypt(wrapped[:12], wrapped[12:], binding)

        for stanza in header["recipients"]:
            try:
                wrapped = bytes.fromhex(stanza["wrapped"])
                if stanza["kind"] == "x25519":
                    ephemeral = bytes.fromhex(stanza["ephemeral"])
                    for identity in self.identities:
                        private = X25519PrivateKey.from_private_bytes(identity)
                        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
                        if sha256(public).hex()[:16] != stanza["id"]:
                            continue
                        # `exchange` refuses public keys that give all zeros.
                        shared = private.exchange(X25519PublicKey.from_public_bytes(ephemeral))
                        extracted = hmac.new(ephemeral + public, shared, hashlib.sha256).digest()
                        under = hkdf_expand(hashlib.sha256, extracted, b"osrs-archive/v1 backup X25519", 32)
                        return unwrap(under, wrapped)
                elif stanza["kind"] == "passphrase" and self.password is not None:
                    n, r, p = (int(stanza[name]) for name in "nrp")
                    salt = bytes.fromhex(stanza["salt"])
                    if (salt, n, r, p) not in self.derived:
                        self.derived[salt, n, r, p] = scrypt(self.password, salt, n, r, p)
                    return unwrap(self.derived[salt, n, r, p], wrapped)
            except (InvalidTag, KeyError, ValueError):
                continue
        raise WrongKey(f"{name}: none of the keys that were given opens it")


class Bundle:
    """A bundle whose SHA-256 and signature were found right."""

    def __init__(self, path):
        InvalidSignature, _, Ed25519PublicKey, *_ = primitives()
        self.path, self.name = path, os.path.basename(path)
        match = NAME.fullmatch(self.name)
        if not match:
            raise Damage(f"{self.name}: no bundle is called so")
        self.size = os.path.getsize(path)
        body, whole = hashlib.sha256(), hashlib.sha256()
        with open(path, "rb") as file:
            left = self.size - SIGNATURE_BYTES
            while left > 0:
                piece = file.read(min(1 << 20, left))
                if not piece:
                    raise Damage(f"{self.name}: it ends early")
                body.update(piece)
                whole.update(piece)
                left -= len(piece)
            signature = file.read()
            whole.update(signature)
            file.seek(0)
            start = file.read(28 + 65_536)
        if whole.hexdigest() != match[3]:
            raise Damage(f"{self.name}: it is damaged: its bytes do not have the SHA-256 in its name")
        if start[:8] != b"OSRE\1\4\0\0":
            raise Unsupported(f"{self.name}: it is no bundle of this format")
        self.file_id = start[8:24]
        self.start = 28 + int.from_bytes(start[24:28], "little")
        self.encoded = start[:self.start]
        self.header = parse_canonical(start[28:self.start], self.name)
        if self.header.get("format") != 1:
            raise Unsupported(f"{self.name}: it needs a newer restore.py")
        self.archive = bytes.fromhex(self.header["archive"])
        self.writer, self.number = match[1], int(match[2])
        if (self.header["writer"], int(self.header["number"])) != (self.writer, self.number):
            raise Damage(f"{self.name}: its name is another bundle's")
        try:
            signer = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.header["signer"]))
            signer.verify(signature, b"osrs-archive/v1 bundle\0" + body.digest())
        except InvalidSignature:
            raise Damage(f"{self.name}: it is forged: its signature is wrong")

    def open(self, keys, folder):
        """Decrypts the packs into files of a folder, and gives their paths and the manifest."""
        binding = b"osrs-archive/v1 backup key\0" + self.archive + self.file_id
        key = keys.bundle_key(self.header, binding, self.name)
        context = fields(b"osrs-archive/v1", self.archive, b"bundle", self.file_id, sha256(self.encoded))
        end = self.size - SIGNATURE_BYTES
        with open(self.path, "rb") as file, tempfile.TemporaryFile(dir=folder) as plain:
            file.seek(self.start)
            try:
                for piece in open_message(lambda count: file.read(min(count, end - file.tell())), key, context):
                    plain.write(piece)
            except (NotSealed, Damage) as error:
                raise Damage(f"{self.name}: {error}") from None
            if file.tell() != end:
                raise Damage(f"{self.name}: something stands behind its message")
            size = plain.tell()
            plain.seek(size - 4)
            count = int.from_bytes(plain.read(4), "little")
            plain.seek(size - 4 - count)
            manifest = parse_canonical(plain.read(count), self.name)
            plain.seek(0)
            packs = []
            for place, entry in enumerate(manifest["packs"]):
                path = os.path.join(folder, f"{self.writer}-{self.number}-{place}")
                data = plain.read(int(entry["bytes"]))
                if "inflated" in entry:
                    data, rest = inflate(data, int(entry["inflated"]))
                    if rest:
                        raise Damage(f"{self.name}: something stands behind a pack in it")
                if sha256(data).hex() != entry["id"]:
                    raise Damage(f"{self.name}: a pack in it is not what it names")
                with open(path, "wb") as file_of_pack:
                    file_of_pack.write(data)
                packs.append((path, entry["id"]))
        return packs, manifest


def read_pack(path, name):
    with open(path, "rb") as file:
        return Pack(file.read(), name + ".pack")


def chains(bundles):
    """The bundles of each writer from the last one on that needs none before: its last one, and those that it builds on."""
    by_writer = {}
    for bundle in bundles:
        by_writer.setdefault(bundle.writer, []).append(bundle)
    for writer, files in sorted(by_writer.items()):
        by_digest = {NAME.fullmatch(bundle.name)[3]: bundle for bundle in files}
        # Where two have one number, two copies of the archive wrote at once: the later one counts.
        chain = [max(files, key=lambda each: (each.number, int(each.header["created_at"]), each.name))]
        while not chain[0].header["full"]:
            before = by_digest.get(chain[0].header.get("previous"))
            if before is None or before.number != chain[0].number - 1:
                raise Damage(f"{chain[0].name}: the bundle that it goes on from is not among those that were given")
            if any(before.header[name] != chain[0].header[name] for name in ("archive", "signer")):
                raise Damage(f"{chain[0].name}: it is of another archive or signer than the bundle before it")
            chain.insert(0, before)
        yield chain


def forgets(tombstone, number, value):
    """Whether a tombstone, which stands at a number of the sequence, means a record."""
    at, stone = tombstone
    if number >= at:
        return False
    same = {name: stone[name] for name in ("player", "board", "captured_at") if name in stone}
    if value["kind"] == "observation":
        return all(value[name] == expected for name, expected in same.items())
    if value["kind"] == "tag" and "player" in value:
        return all(value[name] == expected for name, expected in same.items())
    if value["kind"] == "rename":
        return set(same) == {"player"} and same["player"] in (value["from"], value["to"])
    if value["kind"] == "loss":
        return "captured_at" not in same and all(value.get(name) == expected for name, expected in same.items())
    return False


class Output:
    """The folder that everything is written to."""

    def __init__(self, folder):
        self.folder, self.documents, self.records = folder, set(), set()
        os.makedirs(os.path.join(folder, "snapshots"), exist_ok=True)
        self.lines = open(os.path.join(folder, "records.jsonl"), "wb")

    def add(self, record, row):
        identity = sha256(record)
        if identity in self.records:
            return
        self.records.add(identity)
        self.lines.write(record + b"\n")
        if row is None or row.document is None:
            return
        name = sha256(row.document).hex()
        if name in self.documents:
            return
        self.documents.add(name)
        folder, suffix = ("snapshots", ".json") if row.is_snapshot else ("bodies", ".body")
        if not row.is_snapshot:
            os.makedirs(os.path.join(self.folder, folder), exist_ok=True)
        with open(os.path.join(self.folder, folder, name + suffix), "wb") as file:
            file.write(row.document)


class Chain:
    """The bundles of a chain, opened: their packs lie in a folder."""

    def __init__(self, bundles, keys, folder):
        self.bundles, self.packs, self.head, self.count = bundles, [], None, 0
        self.tombstones, self.moments = [], []
        for bundle in bundles:
            opened, manifest = bundle.open(keys, folder)
            if self.head is not None and (manifest["head_before"], int(manifest["first"])) != (self.head, self.count):
                raise Damage(f"{bundle.name}: it does not go on where the bundle before it ends")
            self.head, self.count = manifest["head_after"], int(manifest["first"]) + int(manifest["records"])
            self.packs += opened
            for path, name in opened:
                for number, record in read_pack(path, name).other_records():
                    value = read_record(record, f"record {number}")
                    if value["kind"] == "tombstone":
                        self.tombstones.append((number, value))
                        self.moments.append(int(bundle.header["created_at"]))

    def later_tombstones(self, others):
        """Those in later bundles of other chains of the archive, whose history may be another one: they mean all records."""
        mine = self.bundles[-1].header
        return [(math.inf, tombstone[1]) for other in others if other.bundles[-1].header["archive"] == mine["archive"]
                for tombstone, moment in zip(other.tombstones, other.moments)
                if moment > int(mine["created_at"]) and tombstone not in self.tombstones]

    def write(self, others, output):
        tombstones = self.tombstones + self.later_tombstones(others)
        for path, name in self.packs:
            kept = {}

            def found(number, identity, record, value, row):
                if not any(forgets(tombstone, number, value) for tombstone in tombstones):
                    kept[number] = record, row

            findings, _ = read_pack(path, name).contents(True, found)
            if findings:
                raise Damage(f"{self.bundles[0].writer}: {findings[0]}")
            for _, (record, row) in sorted(kept.items()):
                output.add(record, row)
            os.remove(path)


def secret_keys(path):
    keys = []
    with open(path, encoding="ascii", errors="replace") as file:
        for line in filter(None, (line.strip() for line in file)):
            if line.startswith("#"):
                continue
            keys.append(bytes.fromhex(key_digits(KEY, line, f"{path} holds no secret key, or a mistyped one")))
    return keys


def key_digits(kind, text, otherwise):
    """The 64 digits of a key of a kind, whose check digits are right."""
    match = kind.fullmatch(text)
    if not match or sha256(text.rpartition("-")[0].encode()).hex()[:8] != match[2]:
        sys.exit(f"restore.py: {otherwise}")
    return match[1]


def main():
    parser = argparse.ArgumentParser(
        prog="restore.py", description="Restores all snapshots and records from bundles of osrs-archive.")
    parser.add_argument("--identity", metavar="FILE", action="append", default=[], help="a file with a secret key")
    parser.add_argument("--password-file", metavar="FILE", help="a file whose first line is the passphrase")
    parser.add_argument("--signer", metavar="KEY", action="append", default=[],
                        help="the signer that `backup create` printed: nobody else may have signed")
    parser.add_argument("--to", metavar="OUT", required=True, help="the folder to write to")
    parser.add_argument("bundles", metavar="BUNDLE", nargs="+", help="bundles, or folders of them")
    options = parser.parse_args()
    sys.setrecursionlimit(20_000)
    password = None
    if options.password_file:
        with open(options.password_file, "rb") as file:
            password = file.read().split(b"\n", 1)[0].rstrip(b"\r")
    keys = Keys([key for path in options.identity for key in secret_keys(path)], password)
    paths = []
    for path in options.bundles:
        paths += sorted(glob.glob(os.path.join(glob.escape(path), "*.bundle"))) if os.path.isdir(path) else [path]
    if not paths:
        sys.exit("restore.py: there is no bundle")
    signers = [key_digits(SIGNER, text, f"{text} is no signer, or a mistyped one") for text in options.signer]
    try:
        bundles = [Bundle(path) for path in paths]
        for bundle in bundles:
            if signers and bundle.header["signer"] not in signers:
                raise Damage(f"{bundle.name} is signed by somebody else")
        output = Output(options.to)
        with tempfile.TemporaryDirectory(dir=options.to) as folder:
            opened = [Chain(each, keys, folder) for each in chains(bundles)]
            for chain in opened:
                chain.write([other for other in opened if other is not chain], output)
                print(f"chain {chain.bundles[0].writer}: {len(chain.bundles)} bundles, {chain.count} records, "
                      f"head {chain.head}", file=sys.stderr)
        output.lines.close()
    except WrongKey as error:
        print(f"restore.py: {error}", file=sys.stderr)
        return 13
    except (Damage, KeyError, TypeError, ValueError) as error:
        print(f"restore.py: damage: {error}", file=sys.stderr)
        return 12
    except (Unsupported, OSError) as error:
        print(f"restore.py: {error}", file=sys.stderr)
        return 2
    print(f"{len(output.records)} records, {len(output.documents)} documents", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
