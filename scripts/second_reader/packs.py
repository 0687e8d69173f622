"""Packs (docs/FORMAT.md, "Packs")."""

import hashlib
import zlib

from .canonical_json import Damage, Unsupported, canonical, parse_canonical, sha256
from .records import BOARDS, EARLIEST, LATEST, document_id, is_player, read_record
from .rows import (
    DEPTH_LIMIT, KEY_LIMIT, ROW_LIMIT, Bits, Reader, column_keys, decode_block, inflate, layout_numbers, render,
    string_end)

HEAD = b"OSRP\1\0\0\0"
TRAILER_BYTES = 152
RECORDS_LIMIT = 1 << 20
FOOTER_LIMIT = 16 << 20
PAGE_LIMIT = 16 << 20
BLOCK_LIMIT = 64 << 20
DOCUMENT_LIMIT = 16 << 20
PAGE_ITEMS_LIMIT = 4096
TEMPLATE_LIMIT = 65_536
RECORD_SLOT_LIMIT = 4095
STRING_LIMIT = 1 << 20
SECTIONS = ("directory", "document templates", "record templates", "strings", "other records", "gaps", "index")
NOTHING, IN_LOG, IN_ARCHIVE = 0, 1, 2


def checked(data, what):
    """The bytes in front of their checksum."""
    if len(data) < 4 or zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "little"):
        raise Damage(f"{what}: its checksum is wrong")
    return data[:-4]


def derived(items):
    """The texts of a page of which some are derived from others."""
    texts, wholes = [], {}
    for place, item in enumerate(items):
        reader = Reader(item)
        base = reader.varint(place)
        if base == 0:
            wholes[place] = item[reader.at:]
            texts.append(wholes[place])
            continue
        whole = wholes.get(base - 1)
        if whole is None:
            raise Damage("document templates: one is derived from a derived one")
        prefix = reader.varint(len(whole))
        suffix = reader.varint(len(whole) - prefix)
        texts.append(whole[:prefix] + reader.take(reader.rest()) + whole[len(whole) - suffix:])
        if len(texts[-1]) > TEMPLATE_LIMIT:
            raise Damage("document templates: a derived one is too long")
    return texts


class Page:
    """A page of a section as the footer lists it, and where it begins."""

    def __init__(self, items, size, stored):
        self.items, self.size, self.stored, self.offset = items, size, stored, 0


class Entry:
    """A block as the directory lists it; `number` is its place in the file."""


class Row:
    """A record out of a block, with its document's bytes or None."""

    def __init__(self, number, record, document, is_snapshot, novelty):
        self.number, self.record, self.document = number, record, document
        self.is_snapshot, self.novelty = is_snapshot, novelty


class RecordTemplate:
    """Where in a record's text what stands."""

    def __init__(self, text):
        if len(text) > TEMPLATE_LIMIT:
            raise Damage("a record template is too long")
        self.text = text
        self.keys, self.has_document, self.is_snapshot = [b"\1number"], False, False
        self.result = self.captured_at = None
        self.scan()
        if self.result is None or self.captured_at is None:
            raise Damage("a record template is that of no observation")
        if len(self.keys) > RECORD_SLOT_LIMIT + 1 or sum(map(len, self.keys)) > KEY_LIMIT:
            raise Damage("a record template has too many values")
        if len(set(self.keys)) != len(self.keys):
            raise Damage("a record template names one value twice")

    def scan(self):
        text, at, name, stack = self.text, 0, b"", []  # of containers: the path, the next element's index or None
        while at < len(text):
            byte = text[at]
            at += 1
            if byte > 3 and byte not in b'{[}],"':
                continue
            path = ()
            if stack:
                path = stack[-1][0] + ((name,) if stack[-1][1] is None else (b"%d" % stack[-1][1],))
            if byte <= 3:
                self.slot(byte, path)
            elif byte in b"{[":
                if len(stack) == DEPTH_LIMIT:
                    raise Damage("a record template is nested too deeply")
                stack.append([path, 0 if byte == 0x5B else None])
            elif byte in b"}]":
                if not stack:
                    raise Damage("a record template closes what it did not open")
                stack.pop()
            elif byte == 0x2C:
                if stack and stack[-1][1] is not None:
                    stack[-1][1] += 1
            else:
                end = string_end(text, at - 1)
                name, at = text[at:end - 1], end
        if stack:
            raise Damage("a record template does not close what it opens")

    def slot(self, byte, path):
        if byte <= 1:
            if path == (b"captured_at",) and byte == 0:
                self.captured_at = len(self.keys)
            if path == (b"result",) and byte == 1:
                self.result = len(self.keys)
            self.keys.append(b"\0".join(path))
        elif byte == 2:
            self.has_document = True
            self.is_snapshot = self.is_snapshot or path == (b"snapshot",)

    def render(self, numbers, strings, document, progress):
        out, start, numbers = [], 0, iter(numbers)
        for at, byte in enumerate(self.text):
            if byte > 3:
                continue
            out.append(self.text[start:at])
            start = at + 1
            if byte == 0:
                out.append(b"%d" % next(numbers))
                continue
            if byte == 1:
                place = next(numbers)
                if not 0 <= place < len(strings):
                    raise Damage("a row names a string that is not there")
                content = strings[place]
            else:
                content = document if byte == 2 else progress
                if content is None:
                    raise Damage("a record names a document that it does not have")
            out.append(b'"' + content + b'"')
        return b"".join(out) + self.text[start:]


class Pack:
    """A pack out of `file`, which is bytes or a memory map. Opening it reads trailer and footer."""

    def __init__(self, file, name):
        self.file, self.texts, self.templates = file, {}, {}
        if len(file) < len(HEAD) + TRAILER_BYTES or file[:4] != HEAD[:4]:
            raise Damage("head: no pack")
        if file[4:8] != HEAD[4:]:
            if file_name(file) != name:
                raise Damage("head: it is not what was written")
            raise Unsupported(f"pack format {file[4]}, flags {file[5:8].hex()}")
        self.read_trailer(bytes(file[len(file) - TRAILER_BYTES:]))
        self.read_footer()

    def read_trailer(self, data):
        if data[:4] != b"OSRT":
            raise Damage("trailer: none")
        checked(data, "trailer")
        number = lambda at, count: int.from_bytes(data[at:at + count], "little")
        if number(4, 4) > 3:
            raise Unsupported(f"pack with the flags {number(4, 4)}")
        self.has_newest, self.has_derived_templates = number(4, 4) & 1 == 1, number(4, 4) & 2 == 2
        self.footer_stored, self.footer_size, self.footer_checksum = number(8, 4), number(12, 4), number(16, 4)
        self.archive, self.first, self.count = data[20:36], number(36, 8), number(44, 8)
        self.head_before, self.head_after, self.sum = data[52:84], data[84:116], data[116:148]
        self.footer_offset = len(self.file) - TRAILER_BYTES - self.footer_stored
        if (max(self.footer_stored, self.footer_size) > FOOTER_LIMIT or self.footer_offset < len(HEAD)
                or self.first > 1 << 53 or not 1 <= self.count <= RECORDS_LIMIT):
            raise Damage("trailer: its numbers are out of range")

    def read_footer(self):
        stored = bytes(self.file[self.footer_offset:self.footer_offset + self.footer_stored])
        if zlib.crc32(stored) != self.footer_checksum:
            raise Damage("footer: its checksum is wrong")
        data, rest = inflate(stored, self.footer_size)
        if rest:
            raise Damage("footer: bytes behind its stream")
        reader = Reader(data)
        self.observations = reader.varint(self.count)
        self.successes = reader.varint(self.observations)
        self.new_in_archive = reader.varint(self.successes)
        self.blocks, self.block_bytes = reader.varint(RECORDS_LIMIT), reader.varint(self.footer_offset)
        self.bits = reader.varint(32)
        self.page_bits, self.rice_bits = reader.varint(self.bits), reader.varint(self.bits)
        self.block_bits = reader.varint(24)
        offset = len(HEAD) + self.block_bytes
        self.sections = {}
        for name in (*SECTIONS, "newest") if self.has_newest else SECTIONS:
            limit = self.observations if name == "index" else PAGE_ITEMS_LIMIT
            pages = []
            for _ in range(reader.varint(reader.rest())):
                page = Page(reader.varint(limit), reader.varint(PAGE_LIMIT), reader.varint(PAGE_LIMIT))
                page.offset, offset = offset, offset + page.stored
                pages.append(page)
            self.sections[name] = pages
        self.directory_pages = []
        for page in self.sections["directory"]:
            self.directory_pages.append((self.series(reader), reader.varint(self.block_bytes)))
        reader.end()
        index = self.sections["index"]
        if (offset != self.footer_offset or self.bits < 1 or self.items("directory") != self.blocks
                or sum(size for _, size in self.directory_pages) != self.block_bytes
                or self.items("index") > self.observations
                or self.has_newest and not 0 < self.items("newest") <= self.observations
                or (index and len(index) != 1 << self.page_bits)):
            raise Damage("footer: it does not fit the file")

    def items(self, name):
        return sum(page.items for page in self.sections[name])

    def page(self, name, page):
        data = bytes(self.file[page.offset:page.offset + page.stored])
        data = checked(data, f"{name}: the page at byte {page.offset}")
        if page.stored == page.size + 4:
            return data
        data, rest = inflate(data, page.size)
        if rest:
            raise Damage(f"{name}: bytes behind a page's stream")
        return data

    # Sections

    @staticmethod
    def series(reader):
        player, board = reader.text(4096), reader.text(4096)
        try:
            if not is_player(player.decode()) or board.decode() not in BOARDS:
                raise ValueError
        except ValueError:
            raise Damage("directory: no player or no board") from None
        return player, board

    def directory(self):
        """All blocks, in the order of the file."""
        entries, offset = [], len(HEAD)
        for page, (key, size) in zip(self.sections["directory"], self.directory_pages):
            reader, before, end = Reader(self.page("directory", page)), None, offset + size
            for _ in range(page.items):
                entry = Entry()
                mark = reader.byte()
                if mark > 1 or mark == 0 and before is None:
                    raise Damage("directory: an entry goes on from none")
                entry.series = self.series(reader) if mark else before.series
                entry.number, entry.offset, entry.size = len(entries), offset, reader.varint(BLOCK_LIMIT)
                entry.rows = reader.varint(ROW_LIMIT)
                entry.successes = reader.varint(entry.rows)
                entry.new_in_log = reader.varint(entry.successes)
                entry.new_in_archive = reader.varint(entry.new_in_log)
                entry.first = (before.last if before else 0) + reader.svarint()
                entry.last = entry.first + reader.svarint()
                entry.lowest = self.first + reader.varint(self.count)
                entry.first_number = entry.lowest + reader.varint(self.count)
                entry.last_number = entry.lowest + reader.varint(self.count)
                offset += entry.size
                if (entry.size < 5 or entry.rows == 0 or offset > end or not EARLIEST <= entry.first <= entry.last <= LATEST
                        or max(entry.first_number, entry.last_number) >= self.first + self.count):
                    raise Damage("directory: an entry is out of range")
                order = (entry.series, entry.first, entry.first_number)
                last = entries[-1] if entries else None
                if last and order <= (last.series, last.first, last.first_number):
                    raise Damage("directory: entries are out of order")
                entries.append(entry)
                before = entry
            reader.end()
            if offset != end or page.items == 0 or entries[-page.items].series != key:
                raise Damage("directory: a page is not the one in the footer")
        return entries

    def text_page(self, name, page):
        if (name, page.offset) not in self.texts:
            reader = Reader(self.page(name, page))
            self.texts[name, page.offset] = [reader.text() for _ in range(page.items)]
            reader.end()
            if name == "document templates" and self.has_derived_templates:
                self.texts[name, page.offset] = derived(self.texts[name, page.offset])
        return self.texts[name, page.offset]

    def text(self, name, number):
        for page in self.sections[name]:
            if number < page.items:
                return self.text_page(name, page)[number]
            number -= page.items
        raise Damage(f"{name}: a block names one that is not there")

    def record_template(self, number):
        key = "record templates", number
        if key not in self.templates:
            self.templates[key] = RecordTemplate(self.text(*key))
        return self.templates[key]

    def document_template(self, number):
        """(text, column keys)"""
        key = "document templates", number
        if key not in self.templates:
            text = self.text(*key)
            self.templates[key] = text, column_keys(text)
        return self.templates[key]

    def other_records(self):
        """[(number, the record's bytes)]"""
        found = []
        for page in self.sections["other records"]:
            for item in self.text_page("other records", page):
                reader = Reader(item)
                number = self.first + reader.varint(self.count - 1)
                if found and found[-1][0] >= number:
                    raise Damage("other records: out of order")
                found.append((number, reader.take(reader.rest())))
        return found

    def gaps(self):
        """[(number, the record's id or None, whether it was forgotten)]"""
        found, end = [], self.first + self.count
        for page in self.sections["gaps"]:
            reader, number = Reader(self.page("gaps", page)), self.first
            for _ in range(page.items):
                number += reader.varint(self.count)
                flags = reader.byte()
                identity = reader.take(32) if flags & 2 else None
                count = 1 if flags & 2 else reader.varint(self.count)
                if flags > 3 or count == 0 or number + count > end or found and found[-1][0] >= number:
                    raise Damage("gaps: an item is out of range")
                found += [(number + place, identity, flags & 1 == 1) for place in range(count)]
                number += count
            reader.end()
        return found

    def newest(self):
        """[(moment, board, number, record's bytes, (moment, number) of the one before or None, whether it is the same)]"""
        found = []
        for page in self.sections["newest"] if self.has_newest else []:
            for item in self.text_page("newest", page):
                reader = Reader(item)
                number, mark = self.first + reader.varint(self.count - 1), reader.byte()
                elapsed, distance = (reader.varint(), reader.svarint()) if mark else (0, 0)
                record = reader.take(reader.rest())
                value = read_record(record, f"newest observation {number}")
                if mark > 2 or value["kind"] != "observation" or mark and value["result"] != "ok":
                    raise Damage("newest observations: one is none")
                moment = int(value["captured_at"])
                before = (moment - elapsed, number - distance) if mark else None
                if before and not before < (moment, number):
                    raise Damage("newest observations: one follows what cannot be")
                found.append((moment, value["board"], number, record, before, mark == 2))
        return found

    def verify_newest(self, logs):
        """What is listed is what the blocks say: the newest of all logs, and the ok observation before each. `logs` has
        (moment, number, the parsed record, its bytes) of each row."""
        rows = []
        for log in logs.values():
            before = None
            for moment, number, value, record in sorted(log, key=lambda row: row[:2]):
                is_ok = value["result"] == "ok"
                earlier = before if is_ok else None
                rows.append((moment, value["board"], number, record, earlier and earlier[0],
                             earlier is not None and earlier[1] == value["snapshot"]))
                if is_ok:
                    before = (moment, number), value["snapshot"]
        rows.sort(key=lambda row: row[:3], reverse=True)
        listed = self.newest()
        if listed != rows[:len(listed)]:
            raise Damage("newest observations: they are not those of the blocks")

    def index_page(self, number):
        """[(fingerprint, block)]"""
        page = self.sections["index"][number]
        bits, found = Bits(self.page("index", page)), []
        size = 8 * len(bits.data)
        value = number << self.bits - self.page_bits
        for _ in range(page.items):
            rest = bits.value >> bits.at
            quotient = (rest & -rest).bit_length() - 1
            if quotient < 0:
                raise Damage("index: a page ends early")
            bits.at += quotient + 1
            value += quotient << self.rice_bits | bits.read(self.rice_bits)
            block = bits.read(self.block_bits)
            if bits.at > size or block >= self.blocks or value >> self.bits - self.page_bits != number:
                raise Damage("index: an entry is out of range")
            found.append((value, block))
        bits.end()
        return found

    def index(self):
        return [entry for page in range(len(self.sections["index"])) for entry in self.index_page(page)]

    def blocks_of(self, identity):
        """The numbers of the blocks that may hold the document with an id of 32 bytes."""
        fingerprint = int.from_bytes(identity, "big") >> 256 - self.bits
        if not self.sections["index"]:
            return []
        page = self.index_page(fingerprint >> self.bits - self.page_bits)
        return [block for value, block in page if value == fingerprint]

    # Blocks

    def rows(self, entry):
        """The rows of a block, in their order."""
        what = f"the block at byte {entry.offset}"
        reader = Reader(checked(bytes(self.file[entry.offset:entry.offset + entry.size]), what))
        base = self.first + reader.varint(RECORDS_LIMIT)
        lists = [self.numbers(reader) for _ in range(3)]
        if max(len(lists[0]), len(lists[1])) > ROW_LIMIT or len(lists[2]) > STRING_LIMIT:
            raise Damage(f"{what} names too many templates or strings")
        records = [self.record_template(number) for number in lists[0]]
        documents = [self.document_template(number) for number in lists[1]]
        strings = [self.text("strings", number) for number in lists[2]]
        exceptions = {}
        for _ in range(reader.varint(ROW_LIMIT)):
            row = reader.varint(ROW_LIMIT)
            exceptions[row] = reader.byte()
            if row >= entry.rows or exceptions[row] > IN_ARCHIVE:
                raise Damage(f"{what}: an exception that cannot be")
        record_rows = self.table(reader, [template.keys for template in records])
        document_rows = self.table(reader, [[b"\1raw"]] + [keys for _, keys in documents])
        raw = []
        for _ in range(reader.varint(ROW_LIMIT)):
            size = reader.varint(DOCUMENT_LIMIT)
            raw.append((size, reader.text()))
        reader.end()
        if len(record_rows) != entry.rows:
            raise Damage(f"{what}: it has not {entry.rows} rows")
        found, before, following = [], None, iter(document_rows)
        for place, (template, numbers) in enumerate(record_rows):
            template, document, novelty = records[template], None, NOTHING
            if template.has_document:
                cells = next(following, None)
                if cells is None:
                    raise Damage(f"{what}: a document is missing")
                document = self.document(cells, documents, raw)
                novelty = IN_ARCHIVE if template.is_snapshot and cells != before else NOTHING
                before = cells
            number = base + numbers[0]
            if not self.first <= number < self.first + self.count:
                raise Damage(f"{what}: a record's number is not one of the pack's")
            record = self.record(template, numbers[1:], strings, document, what)
            found.append(Row(number, record, document, template.is_snapshot, exceptions.get(place, novelty)))
        if next(following, None) is not None:
            raise Damage(f"{what}: a document belongs to no row")
        return found

    @staticmethod
    def numbers(reader):
        found, number = [], 0
        for _ in range(reader.varint(reader.rest())):
            number += reader.svarint()
            if not 0 <= number < 1 << 32:
                raise Damage("a block names what cannot be there")
            found.append(number)
        return found

    @staticmethod
    def table(reader, layouts):
        data = reader.text()
        if not data:
            return []
        numbers = layout_numbers(data)
        if any(number >= len(layouts) for number in numbers):
            raise Damage("a table names a layout that is not there")
        return decode_block(data, [layouts[number] for number in numbers])

    @staticmethod
    def document(cells, templates, raw):
        layout, numbers = cells
        if layout > 0:
            return render(templates[layout - 1][0], numbers)
        if not 0 <= numbers[0] < len(raw):
            raise Damage("a row names a document that is not there")
        size, stored = raw[numbers[0]]
        if len(stored) == size:
            return stored
        document, rest = inflate(stored, size)
        if rest:
            raise Damage("bytes behind a document's stream")
        return document

    @staticmethod
    def record(template, numbers, strings, document, what):
        identity = progress = None
        if document is not None:
            identity = sha256(document).hex().encode()
            if template.is_snapshot:
                progress = sha256(canonical(parse_canonical(document, what), without="rank")).hex().encode()
        return template.render(numbers, strings, identity, progress)

    # Proof

    def contents(self, verify, found):
        """Hands (number, id, record's bytes, the parsed record, Row or None) of every record to `found`, block by block,
        and says what is wrong: all that "What a pack proves" asks but the file's name."""
        findings, ids, logs = [], {}, {}

        def attempt(step, *arguments):
            try:
                return step(*arguments)
            except (Damage, Unsupported) as error:
                findings.append(str(error))
                return None

        def add(number, identity):
            if number in ids:
                raise Damage(f"record {number} stands twice")
            ids[number] = identity

        def other(number, record):
            value = read_record(record, f"record {number}")
            if value["kind"] == "observation":
                raise Damage(f"record {number}: an observation outside a block")
            add(number, sha256(record))
            found(number, ids[number], record, value, None)

        fingerprints = set()
        entries = attempt(self.directory) or []
        for entry in entries:
            rows = attempt(self.rows, entry) or []
            for row in attempt(self.verify_block, entry, rows) or []:
                attempt(add, row.number, sha256(row.record))
                value = read_record(row.record, "a record")
                if self.has_newest:
                    logs.setdefault(entry.series, []).append((int(value["captured_at"]), row.number, value, row.record))
                found(row.number, sha256(row.record), row.record, value, row)
                if row.document is not None:
                    identity = int.from_bytes(sha256(row.document), "big")
                    fingerprints.add((identity >> 256 - self.bits, entry.number))
        for number, record in attempt(self.other_records) or []:
            attempt(other, number, record)
        gaps = attempt(self.gaps) or []
        for number, identity, _ in gaps:
            attempt(add, number, identity)
        if verify and not findings:
            attempt(self.verify_whole, entries, fingerprints, ids)
            attempt(self.verify_newest, logs)
        return findings, gaps

    def verify_block(self, entry, rows):
        what = f"the block at byte {entry.offset}"
        if not rows:
            return rows
        before = None
        for row in rows:
            value = read_record(row.record, f"record {row.number}")
            if value["kind"] != "observation" or (value["player"].encode(), value["board"].encode()) != entry.series:
                raise Damage(f"{what}: record {row.number} belongs to another log")
            names = document_id(value)
            if value["result"] != "ok" and names and row.document is not None and (
                    len(row.document) != value["body"]["bytes"]):
                raise Damage(f"{what}: record {row.number} has a body of another length")
            if names != (row.document is not None and sha256(row.document).hex() or None):
                raise Damage(f"{what}: record {row.number} names another document than it has")
            point = int(value["captured_at"]), row.number
            if before is not None and point <= before:
                raise Damage(f"{what}: its rows are out of order")
            if before is None and point != (entry.first, entry.first_number):
                raise Damage(f"{what}: it does not begin where the directory says")
            before = point
        novelties = [row.novelty for row in rows]
        if (before != (entry.last, entry.last_number) or min(row.number for row in rows) != entry.lowest
                or sum(row.is_snapshot for row in rows) != entry.successes
                or sum(novelty > NOTHING for novelty in novelties) != entry.new_in_log
                or novelties.count(IN_ARCHIVE) != entry.new_in_archive):
            raise Damage(f"{what}: it is not what the directory says")
        return rows

    def verify_whole(self, entries, fingerprints, ids):
        sums = [sum(getattr(entry, name) for entry in entries) for name in ("rows", "successes", "new_in_archive")]
        if sums != [self.observations, self.successes, self.new_in_archive]:
            raise Damage("footer: its counts are not those of the directory")
        if self.index() != sorted(fingerprints):
            raise Damage("index: its entries are not those of the documents")
        for name in ("document templates", "record templates", "strings"):
            texts = [text for page in self.sections[name] for text in self.text_page(name, page)]
            if len(set(texts)) != len(texts):
                raise Damage(f"{name}: one stands twice")
        numbers = range(self.first, self.first + self.count)
        if set(ids) != set(numbers):
            raise Damage("records are missing")
        if None in ids.values():
            return
        head = self.head_before
        for number in numbers:
            head = sha256(head, ids[number])
        total = sum(int.from_bytes(identity, "big") for identity in ids.values()) % (1 << 256)
        if head != self.head_after or total.to_bytes(32, "big") != self.sum:
            raise Damage("its records do not lead from its first head to its last")

    def find(self, identity):
        """The bytes of the document with an id of 32 bytes, or None."""
        numbers = self.blocks_of(identity)
        entries = self.directory() if numbers else []
        for number in numbers:
            for row in self.rows(entries[number]):
                if row.document is not None and sha256(row.document) == identity:
                    return row.document
        return None


def file_name(file):
    """The name that a pack with these bytes has."""
    digest = hashlib.sha256()
    for start in range(0, len(file), 1 << 20):
        digest.update(file[start:start + (1 << 20)])
    return digest.hexdigest() + ".pack"
