"""Canonical JSON (docs/FORMAT.md, "Canonical JSON")."""

import hashlib
import json

DEPTH_LIMIT = 512


class Damage(Exception):
    """Bytes are not what was written."""


class Unsupported(Exception):
    """A newer program wrote this."""


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
