"""Sealed bytes (docs/FORMAT.md, "Sealed files"): key derivation and Cobblestone-256 messages."""

import hashlib
import hmac
import os
import sys

from .canonical_json import Damage

SEALED_CHUNK, MESSAGE_HEADER = 16_400, 56


class NotSealed(Exception):
    """A message was sealed with another key, or as something else."""


def primitives():
    """The parts of the package `cryptography` that are used: `pip install cryptography`, or python3-cryptography."""
    try:
        from cryptography.exceptions import InvalidSignature, InvalidTag
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    except ImportError:
        sys.exit(f"{os.path.basename(sys.argv[0])}: the Python package `cryptography` is missing: "
                 "apt install python3-cryptography, or pip install cryptography")
    return (InvalidSignature, InvalidTag, Ed25519PublicKey, X25519PrivateKey, X25519PublicKey, AESGCM, Encoding,
            PublicFormat)


def hkdf_expand(digest, key, info, count):
    """RFC 5869, section 2.3."""
    output, block, number = b"", b"", 0
    while len(output) < count:
        number += 1
        block = hmac.new(key, block + info + bytes([number]), digest).digest()
        output += block
    return output[:count]


def fields(*parts):
    """Each part behind its length in four bytes: no two lists have the same bytes."""
    return b"".join(len(part).to_bytes(4, "little") + part for part in parts)


def scrypt(password, salt, n, r, p):
    """RFC 7914; never with parameters that would take all memory, or a day."""
    if not (2 <= n <= 1 << 20 and 1 <= r <= 16 and 1 <= p <= 16 and n * r <= 1 << 23 and n * r * p <= 1 << 24):
        raise Damage("scrypt is asked for too much work")
    return hashlib.scrypt(password, salt=salt, n=n, r=r, p=p, maxmem=128 * r * (n + p + 2) + (1 << 20), dklen=32)


def open_message(read, key, context):
    """The plain bytes of a Cobblestone-256 message, chunk by chunk; `read(count)` gives its stored bytes."""
    _, InvalidTag, _, _, _, AESGCM, *_ = primitives()
    head = read(MESSAGE_HEADER)
    salt, commitment = head[:24], head[24:]
    info = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0" + salt + context
    derived = hkdf_expand(hashlib.sha512, key, info, 76)
    if not hmac.compare_digest(derived[44:], commitment):
        raise NotSealed("it is not sealed with this key as what it is taken for")
    cipher, nonce, chunk = AESGCM(derived[:32]), int.from_bytes(derived[32:44], "big"), 0
    while True:
        sealed = read(SEALED_CHUNK)
        try:
            yield cipher.decrypt((nonce ^ chunk).to_bytes(12, "big"), sealed, None)
        except (InvalidTag, ValueError):
            raise Damage(f"chunk {chunk} is damaged") from None
        chunk += 1
        # The last chunk is the only short one.
        if len(sealed) < SEALED_CHUNK:
            return
