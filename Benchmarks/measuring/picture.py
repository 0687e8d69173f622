"""Draws bytes a capture and seconds against the number of captures, as one SVG without any dependency."""

import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 900, 430
PANEL, TOP, BOTTOM = 330, 60, 350
LEFTS = (70, 505)
# Ours first; told apart by shape as well as by colour (Okabe and Ito's, which most people can tell apart).
COLOURS = ["#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#7F7F7F", "#882255"]
SHAPES = ["circle", "square", "diamond", "triangle"]


def short(value):
    """A round figure for an axis: 0.1, 20, 5k, 1M."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def ticks(low, high, steps):
    """Values of `steps` times powers of ten from low to high."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return [step * 10.0 ** power for power in powers for step in steps if low <= step * 10.0 ** power * 1.0001
            and step * 10.0 ** power <= high * 1.0001]


class Panel:
    """One diagram with logarithmic axes."""

    def __init__(self, left, title, points):
        self.left, self.title = left, title
        across, up = [x for x, _ in points], [y for _, y in points]
        self.low_x, self.high_x = min(across) / 1.3, max(across) * 1.3
        self.low_y, self.high_y = min(up) / 1.5, max(up) * 1.5

    def x(self, value):
        return self.left + PANEL * math.log(value / self.low_x) / math.log(self.high_x / self.low_x)

    def y(self, value):
        return BOTTOM - (BOTTOM - TOP) * math.log(value / self.low_y) / math.log(self.high_y / self.low_y)

    def frame(self):
        yield f'<text x="{self.left}" y="{TOP - 14}" class="title">{escape(self.title)}</text>'
        narrow = self.high_y / self.low_y < 300
        for value in ticks(self.low_y, self.high_y, (1, 2, 5) if narrow else (1,)):
            y = self.y(value)
            yield f'<line x1="{self.left}" y1="{y:.1f}" x2="{self.left + PANEL}" y2="{y:.1f}" class="grid"/>'
            yield f'<text x="{self.left - 6}" y="{y + 4:.1f}" class="end">{short(value)}</text>'
        for value in ticks(self.low_x, self.high_x, (1,)):
            x = self.x(value)
            yield f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{BOTTOM}" class="grid"/>'
            yield f'<text x="{x:.1f}" y="{BOTTOM + 16}" class="middle">{short(value)}</text>'
        yield f'<text x="{self.left + PANEL / 2}" y="{BOTTOM + 34}" class="middle">captures</text>'

    def line(self, points, colour, shape, width):
        path = " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in points)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
        for x, y in points:
            yield marker(self.x(x), self.y(y), colour, shape)


def marker(x, y, colour, shape):
    if shape == "circle":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'
    corners = {"square": [(-4, -4), (4, -4), (4, 4), (-4, 4)], "diamond": [(0, -5), (5, 0), (0, 5), (-5, 0)],
               "triangle": [(0, -5), (5, 4), (-5, 4)]}[shape]
    return '<polygon points="' + " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners) + f'" fill="{colour}"/>'


def picture(rows):
    """The SVG of some rows: a line a tool, sizes on the left, times on the right."""
    series = {}
    for row in sorted(rows, key=lambda row: row["captures"]):
        series.setdefault(row["tool"], []).append(row)
    names = sorted(series, key=lambda name: name != "osrs-archive")
    panels = [
        (Panel(left, title, [(row["captures"], row[key]) for row in rows]), key)
        for left, title, key in zip(LEFTS, ("bytes a capture", "seconds"), ("bytes_per_capture", "seconds"))]
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT + 18 * ((len(names) + 2) // 3)}" '
             'font-family="sans-serif" font-size="12" role="img">',
             "<title>Bytes a capture and seconds against the number of captures</title>",
             "<style>.grid{stroke:#ddd}.end{text-anchor:end}.middle{text-anchor:middle}.title{font-weight:bold}</style>",
             '<rect width="100%" height="100%" fill="white"/>']
    for panel, _ in panels:
        lines += panel.frame()
    for index, name in enumerate(names):
        colour, shape = COLOURS[index % len(COLOURS)], SHAPES[index % len(SHAPES)]
        for panel, key in panels:
            lines += panel.line([(row["captures"], row[key]) for row in series[name]], colour, shape,
                                1.5 if index else 3.5)
        x, y = LEFTS[0] + 285 * (index % 3), HEIGHT - 20 + 18 * (index // 3)
        lines += [marker(x, y - 4, colour, shape), f'<text x="{x + 10}" y="{y}">{escape(name)}</text>']
    return "\n".join(lines + ["</svg>", ""])
