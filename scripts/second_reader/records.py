"""Records (docs/FORMAT.md, "Records") and the types of members."""

import re

from .canonical_json import Damage, parse_canonical

BOARDS = {
    "main", "ironman", "hardcore_ironman", "ultimate", "deadman", "seasonal", "tournament", "fresh_start", "skiller",
    "skiller_defence",
}
SERVED = {"ok", "ranks_only"}
RESULTS = SERVED | {"not_found", "unavailable", "throttled", "invalid"}
RECORD_LIMIT = 64 << 10
EARLIEST, LATEST = -62_167_219_200_000, 253_402_300_799_999


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


def is_ids(value):
    return is_texts(value) and all(map(is_id, value))


LISTS = (is_body, is_texts, is_ids)
BODY = {"bytes": is_count, "id": is_id, "kept": is_flag, "content_type?": is_text}
PLACE = {"board": BOARDS.__contains__, "player": is_player, "captured_at": is_moment}
KINDS = {
    "observation": dict(PLACE, **{
        "result": RESULTS.__contains__, "display_name?": is_text, "snapshot?": is_id, "progress?": is_id,
        "http_status?": is_count, "latency_ms?": is_count, "attempt?": is_count, "error?": is_text,
        "redirect?": is_text, "source?": is_text, "agent?": is_text, "run?": is_text, "clock?": "set".__eq__,
        "body?": is_body, "provenance?": is_texts, "suspicions?": is_texts}),
    "tag": {
        "name": is_text, "recorded_at": is_moment, "snapshot?": is_id, "board?": BOARDS.__contains__,
        "player?": is_player, "captured_at?": is_moment},
    "rename": {
        "from": is_player, "to": is_player, "effective_at": is_moment, "recorded_at": is_moment, "undone": is_flag},
    "tombstone": {
        "player": is_player, "board?": BOARDS.__contains__, "captured_at?": is_moment, "count": is_count,
        "reason": is_text, "recorded_at": is_moment},
    "loss": {
        "player?": is_player, "board?": BOARDS.__contains__, "from?": is_moment, "to?": is_moment, "count": is_count,
        "forgotten?": is_count, "reason": is_text, "recorded_at": is_moment},
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
        elif isinstance(present, (dict, list)) and test not in LISTS or not test(present):
            raise Damage(f"{what}: {name.rstrip('?')} is not what it must be")


def document_id(record):
    """The document that an archive keeps for an observation, if any: of ranks alone it is declared absent."""
    if record["result"] in SERVED:
        return record["snapshot"] if record["result"] == "ok" else None
    body = record.get("body")
    return body["id"] if body and body["kept"] else None


def read_record(payload, what):
    if len(payload) > RECORD_LIMIT:
        raise Damage(f"{what}: {len(payload)} bytes")
    record = parse_canonical(payload, what)
    kind = record.get("kind") if isinstance(record, dict) else None
    if kind not in KINDS:
        raise Damage(f"{what}: unknown kind {kind}")
    check(record, KINDS[kind], what)
    if kind == "observation":
        if not ("snapshot" in record) == ("progress" in record) == (record["result"] in SERVED):
            raise Damage(f"{what}: exactly what was served has a snapshot")
    if kind == "tag" and "player" in record:
        check(record, dict(PLACE, snapshot=is_id), what)
    return record
