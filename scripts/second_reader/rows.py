"""Templates and row blocks (docs/FORMAT.md, "Templates" and "Row blocks")."""

import zlib

from .canonical_json import Damage

MASK = (1 << 64) - 1
ROW_LIMIT, SLOT_LIMIT, LAYOUTS_LIMIT, TEXT_LIMIT, DEPTH_LIMIT = 4096, 4096, 16_384, 65_536, 512
CHANGE_LIMIT, SUM_LIMIT, SETTINGS_LIMIT, KEY_LIMIT = 1 << 20, 1 << 22, 1 << 20, 1 << 20


def signed(number):
    """A 64-bit pattern as a signed number: sums and products wrap."""
    number &= MASK
    return number - (1 << 64) if number >> 63 else number


def unfolded(number):
    """0, 1, 2, 3 … as 0, -1, 1, -2 …"""
    return number >> 1 if number & 1 == 0 else -(number + 1 >> 1)


class Reader:
    """Numbers and stretches one after the other."""

    def __init__(self, data):
        self.data, self.at = bytes(data), 0

    def rest(self):
        return len(self.data) - self.at

    def take(self, count):
        if count > self.rest():
            raise Damage("it ends too early")
        self.at += count
        return self.data[self.at - count:self.at]

    def byte(self):
        return self.take(1)[0]

    def varint(self, limit=MASK):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                break
            if shift >= 70:
                raise Damage("a number has no end")
        if value > limit:
            raise Damage("a number is over its limit")
        return value

    def svarint(self):
        return unfolded(self.varint())

    def text(self, limit=MASK):
        return self.take(self.varint(min(limit, self.rest())))

    def end(self):
        if self.rest():
            raise Damage("bytes behind the end")


class Bits:
    """Bits one after the other, the lowest of a byte first; zeros behind the last one."""

    def __init__(self, data):
        self.data, self.value, self.at = data, int.from_bytes(data, "little"), 0

    def read(self, count):
        number = self.value >> self.at & ((1 << count) - 1)
        self.at += count
        return number

    def end(self):
        if (self.at + 7) // 8 != len(self.data) or self.value >> self.at:
            raise Damage("bits behind the end, or too few")


def inflate(data, size):
    """The document of a raw deflate stream that is `size` bytes long inflated, and what follows the stream."""
    inflater = zlib.decompressobj(-15)
    try:
        out = inflater.decompress(data, size + 1)
    except zlib.error as error:
        raise Damage(str(error)) from None
    if len(out) != size or not inflater.eof:
        raise Damage("a deflate stream has another length")
    return out, inflater.unused_data


# Templates


def render(text, numbers):
    """The document: each zero byte of the template's text replaced by the next number."""
    pieces = text.split(b"\0")
    if len(pieces) != len(numbers) + 1:
        raise Damage("a row does not have as many numbers as its template has slots")
    out = [pieces[0]]
    for number, piece in zip(numbers, pieces[1:]):
        out += [b"%d" % number, piece]
    return b"".join(out)


def string_end(text, start):
    """Where the string that begins at `start` ends, behind its quote."""
    at = start + 1
    while at < len(text) and text[at] != 0x22:
        at += 2 if text[at] == 0x5C else 1
    if at >= len(text):
        raise Damage("a template has a string without end")
    return at + 1


class TemplateScanner:
    """Walks the structure of a template's text. `slot(frame, step)` is told of each slot, `step` the mark and the text of
    its last component, None where it is the whole document."""

    def __init__(self, text):
        self.text, self.at, self.names = text, 0, {}

    def columns(self):
        """The path of the container and the last component's text of each slot, in the order of the text."""
        found = []
        self.value(b"", None, 0, found)
        if self.at != len(self.text):
            raise Damage("a template goes on behind its end")
        return found

    def value(self, path, component, depth, found):
        first = self.text[self.at:self.at + 1]
        if first == b"\0":
            self.at += 1
            found.append((path, component[1] if component else b""))
        elif first == b"{" or first == b"[":
            if depth == DEPTH_LIMIT:
                raise Damage("a template is nested too deeply")
            if component is not None:
                mark, text = component
                name = self.name_of(self.at) if mark == b"\2" and first == b"{" else None
                path += mark + text if name is None else b"\1" + name
            self.container(first == b"{", path, depth + 1, found)
        elif first == b'"':
            self.at = string_end(self.text, self.at)
        else:
            start = self.at
            while self.at < len(self.text) and self.text[self.at] not in b',]}':
                self.at += 1
            if start == self.at:
                raise Damage("a template is no JSON")

    def container(self, is_object, path, depth, found):
        closing = b"}" if is_object else b"]"
        self.at += 1
        index = 0
        while self.text[self.at:self.at + 1] != closing or index:
            component = b"\2", b"%d" % index
            if is_object:
                component = b"\0", self.member()
            self.value(path, component, depth, found)
            index += 1
            separator = self.text[self.at:self.at + 1]
            if separator == closing:
                break
            if separator != b",":
                raise Damage("a template is no JSON")
            self.at += 1
        self.at += 1

    def member(self):
        start = self.at
        if self.text[start:start + 1] != b'"':
            raise Damage("a template is no JSON")
        self.at = string_end(self.text, start) + 1
        if self.text[self.at - 1:self.at] != b":":
            raise Damage("a template is no JSON")
        return self.text[start + 1:self.at - 2]

    def name_of(self, start):
        """The content of the first string member `name` of the object that begins at `start`."""
        inner = TemplateScanner(self.text)
        inner.at = start + 1
        while inner.text[inner.at:inner.at + 1] == b'"':
            member = inner.member()
            begin = inner.at
            if member == b"name" and inner.text[begin:begin + 1] == b'"':
                return inner.text[begin + 1:string_end(inner.text, begin) - 1]
            inner.skip()
            if inner.text[inner.at:inner.at + 1] != b",":
                return None
            inner.at += 1
        return None

    def skip(self):
        """Passes a value."""
        depth = 0
        while self.at < len(self.text):
            byte = self.text[self.at]
            if byte == 0x22:
                self.at = string_end(self.text, self.at)
                continue
            if byte in b"{[":
                depth += 1
            elif byte in b"}]":
                if depth == 0:
                    return
                depth -= 1
            elif byte == 0x2C and depth == 0:
                return
            self.at += 1


def column_keys(text):
    """The column key of each slot of a document template."""
    if len(text) > TEXT_LIMIT:
        raise Damage("a template is too long")
    seen, keys = {}, []
    for path, component in TemplateScanner(text).columns():
        key = component + path
        ordinal = seen[key] = seen.get(key, -1) + 1
        keys.append(key + b"\3%d" % ordinal if ordinal else key)
    if len(keys) > SLOT_LIMIT or sum(map(len, keys)) > KEY_LIMIT:
        raise Damage("a template has too many slots")
    return keys


# Row blocks


def number(symbol, tails):
    """The number of a class and its tail."""
    if symbol == 0:
        return 0
    if symbol < 249:
        k, top, sign = (symbol - 1) >> 3, (symbol - 1) >> 1 & 3, (symbol - 1) & 1
        e = min(k, 2)
        if top >> e:
            raise Damage("unknown class")
        magnitude = (1 << e | top) << (k - e) | tails.read(k - e)
    elif symbol < 251:
        sign, k = symbol - 249, tails.read(6)
        magnitude = 1 << k | tails.read(k)
    else:
        raise Damage("unknown class")
    return signed(-magnitude if sign else magnitude)


def read_header(reader):
    """(rows, layout numbers, [(place of the layout, rows)])"""
    rows = reader.varint(ROW_LIMIT)
    layouts = [reader.varint((1 << 31) - 1) for _ in range(reader.varint(rows))]
    if (rows == 0) != (not layouts):
        raise Damage("rows without a layout")
    runs, rest = ([(0, rows)], 0) if len(layouts) == 1 else ([], rows)
    while rest > 0:
        layout, count = reader.varint(len(layouts) - 1), reader.varint(rest)
        if count == 0:
            raise Damage("a run of no rows")
        runs.append((layout, count))
        rest -= count
    return rows, layouts, runs


def layout_numbers(block):
    """The layout numbers that a block names."""
    return read_header(Reader(block))[1]


def read_settings(data, rows, columns):
    reader, settings = Reader(data), []
    for column in range(columns if rows > 1 else 0):
        head = reader.byte()
        setting = {"transform": head & 7, "divisor": 1, "pace": 0, "addends": [], "guide": None}
        if head >= 64 or head & 7 > 4 or (head & 7 == 4 and head != 4):
            raise Damage("unknown settings")
        if head == 4:
            setting["guide"] = column + reader.svarint()
            if not 0 <= setting["guide"] < columns:
                raise Damage("a guide beyond the columns")
        if head & 8:
            setting["divisor"] = max(1, signed(reader.varint()))
        if head & 16:
            setting["pace"] = reader.svarint()
        if head & 32:
            end = 0
            for _ in range(reader.varint(columns)):
                start = end + reader.varint(columns - end)
                end = start + 1 + reader.varint(columns)
                if end > columns:
                    raise Damage("an addend beyond the columns")
                setting["addends"] += range(start, end)
        settings.append(setting)
    reader.end()
    return settings or [{"transform": 0, "divisor": 1, "pace": 0, "addends": [], "guide": None}] * columns


def steady_differences(setting, bits, rows, classes, tails):
    """The differences of a column that does not drift, row by row, the first 0."""
    out = [0] * rows
    if bits:
        for row in range(1, rows):
            if bits >> row & 1:
                out[row] = signed(number(next(classes), tails) * setting["divisor"])
    if setting["transform"] == 2:
        for row in range(1, rows):
            out[row] = signed(out[row] + out[row - 1])
    if setting["transform"] == 3:
        for row in range(rows - 1, 0, -1):
            out[row] = signed(out[row] - out[row - 1])
    if setting["pace"]:
        for row in range(1, rows):
            out[row] = signed(out[row] + setting["pace"])
    return out


def drift_differences(bits, guide, paces, classes, small, quotients, tails):
    """The differences of a column that drifts."""
    out = [0] * len(guide)
    rate = spread = updates = 0
    for row in range(1, len(guide)):
        written, pace, difference = bits >> row & 1, paces[row - 1], 0
        if guide[row] == 0 and updates:
            prediction = rate * pace + 128 >> 8
            if written:
                shift = (spread >> 6).bit_length()
                symbol = next(quotients if shift else small)
                if symbol == 0:
                    residual = number(next(classes), tails)
                elif symbol <= 40:
                    residual = unfolded(symbol - 1) << shift | tails.read(shift)
                else:
                    raise Damage("unknown quotient")
                difference = signed(prediction + residual)
            error = signed(difference - prediction)
            limit = 8 * (spread >> 4) + 16
            held = min(max(error, -limit), limit)
            gain = min(256, 8192 // pace) if pace else 0
            rate = min(max(rate + (held * gain >> (6 if updates == 1 else 7)), -(1 << 40)), 1 << 40)
            spread = min(spread + abs(held) - (spread >> 4), 1 << 36)
            updates = 2
        else:
            if written:
                difference = number(next(classes), tails)
            if guide[row] == 0 and pace:
                held = min(max(difference, -(1 << 30)), 1 << 30)
                rate = abs(held) * 256 // pace * (-1 if held < 0 else 1)
                spread, updates = 4 * abs(held), 1
        out[row] = difference
    return out


class Symbols:
    """The bytes of a stream, all of which must be taken."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def __next__(self):
        if self.at == len(self.data):
            raise Damage("a stream ends too early")
        self.at += 1
        return self.data[self.at - 1]

    def end(self):
        if self.at != len(self.data):
            raise Damage("a stream is too long")


def decode_block(block, layouts):
    """[(layout number, [numbers])] of a block; layouts: the column keys of each of layout_numbers(block)."""
    reader = Reader(block)
    rows, names, runs = read_header(reader)
    if len(layouts) != len(names) or sum(map(len, layouts)) > LAYOUTS_LIMIT:
        raise Damage("layouts that cannot be")
    keys = sorted({key for layout in layouts for key in layout})
    column_of = {key: column for column, key in enumerate(keys)}
    settings_size, forms = reader.varint(SETTINGS_LIMIT), reader.byte()

    def stream(index, size):
        if not forms >> index & 1:
            return reader.take(size)
        if size == 0:
            raise Damage("a stream of no bytes is deflated")
        out, rest = inflate(reader.data[reader.at:], size)
        reader.at = len(reader.data) - len(rest)
        return out

    settings = read_settings(stream(0, settings_size), rows, len(keys))
    drifting = [column for column, setting in enumerate(settings) if setting["transform"] == 4]
    sizes = [reader.varint(CHANGE_LIMIT) for _ in range(3)] if drifting else [0, 0, 0]
    first_classes = stream(1, len(keys))
    paces = stream(2, rows - 1 if drifting else 0)
    flag_bytes = (rows + 6) // 8
    steady = sum(setting["transform"] in (1, 2, 3) for setting in settings)
    flags = stream(3, (steady + len(drifting)) * flag_bytes)
    written = bin(int.from_bytes(flags, "little")).count("1")
    if written > CHANGE_LIMIT:
        raise Damage("too many changes")
    in_steady = bin(int.from_bytes(flags[:steady * flag_bytes], "little")).count("1")
    classes = Symbols(stream(4, in_steady))
    drift_classes, small, quotients = (Symbols(stream(5 + index, sizes[index])) for index in range(3))
    tails = Bits(reader.take(reader.rest()))
    flag_reader = Reader(flags)

    def next_flags():
        bits = int.from_bytes(flag_reader.take(flag_bytes), "little") << 1
        if bits >> rows:
            raise Damage("a change behind the last row")
        return bits

    values = [number(symbol, tails) for symbol in first_classes]
    steps = [None] * len(keys)
    for column, setting in enumerate(settings):
        if setting["transform"] != 4:
            bits = next_flags() if setting["transform"] else 0
            steps[column] = steady_differences(setting, bits, rows, classes, tails)
    summands = 0
    differences = sum(step != 0 for column in steps if column for step in column)
    for column, setting in enumerate(settings):
        for addend in setting["addends"]:
            if settings[addend]["addends"] or settings[addend]["transform"] == 4:
                raise Damage("an addend has addends or drifts")
            summands += 1 + sum(step != 0 for step in steps[addend])
            if summands > SUM_LIMIT:
                raise Damage("totals of too many changes")
            steps[column] = [signed(left + right) for left, right in zip(steps[column], steps[addend])]
        if setting["addends"]:
            differences += sum(step != 0 for step in steps[column])
    if differences > 2 * CHANGE_LIMIT:
        raise Damage("too many differences")
    for column in drifting:
        guide = settings[column]["guide"]
        if settings[guide]["transform"] == 4:
            raise Damage("a guide drifts")
        steps[column] = drift_differences(
            next_flags(), steps[guide], paces, drift_classes, small, quotients, tails)
    for symbols in (classes, drift_classes, small, quotients, tails):
        symbols.end()

    changes = [[(column, steps[column][row]) for column in range(len(keys)) if steps[column][row]]
               for row in range(rows)]
    out, row = [], 0
    for layout, count in runs:
        columns = [column_of[key] for key in layouts[layout]]
        for row in range(row, row + count):
            for column, step in changes[row]:
                values[column] = signed(values[column] + step)
            out.append((names[layout], [values[column] for column in columns]))
        row += 1
    return out
