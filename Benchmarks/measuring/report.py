"""Results as Markdown and as JSON."""

import json
import statistics


def row(captures, title, step, runs=None):
    """One line of a table: a step of a tool on some captures. Of several runs the medians, and the largest peak."""
    runs = runs or [step.run]
    seconds = statistics.median(each.seconds for each in runs)
    return {"input": captures.name, "title": title, "captures": captures.count,
            "tool": step.tool, "note": step.note, "runs": len(runs), "bytes": step.bytes,
            "bytes_per_capture": step.bytes / captures.count, "seconds": seconds,
            "captures_per_second": captures.count / seconds,
            "cpu_seconds": statistics.median(each.cpu for each in runs),
            "peak_bytes": max(each.peak for each in runs)}


def number(value):
    """A figure with three digits that mean something."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(head, lines):
    """A Markdown table; all but the first column are set to the right."""
    yield "| " + " | ".join(head) + " |"
    yield "|---" + "|---:" * (len(head) - 1) + "|"
    for line in lines:
        yield "| " + " | ".join(line) + " |"


def row_cells(row, first):
    return [first, f"{row['captures']:,}", number(row["bytes_per_capture"]), number(row["seconds"]),
            number(row["cpu_seconds"]), number(row["captures_per_second"]), number(row["peak_bytes"] / 1e6)]


ROW_HEAD = ["captures", "bytes a capture", "seconds", "CPU seconds", "captures a second", "peak MB"]


def heading(results):
    """What was measured on, and how to do it again."""
    machine = results["machine"]
    yield (f"Machine: {machine['processor']}, {machine['cores']} cores, {machine['memory_bytes'] / 2**30:.0f} GiB; "
           f"{machine['system']}, Linux {machine['kernel']}. {machine['date']}.")
    yield "Versions: " + ", ".join(f"{name} {told}" for name, told in results["versions"].items()) + "."
    yield "Command: `" + " ".join(results["command"]) + "`"


def markdown(results):
    """The report of sizes, in lines."""
    yield from heading(results)
    rows = results["rows"]
    for title in dict.fromkeys(row["title"] for row in rows):
        yield ""
        yield f"### {title[0].upper()}{title[1:]}"
        yield from table(["tool", *ROW_HEAD], [
            row_cells(row, row["tool"] + (f" ({row['note']})" if row["note"] else ""))
            for row in rows if row["title"] == title])
        for pair in results["pairs"]:
            if pair["title"] == title:
                yield ""
                yield (f"Import and `git fast-import` in turn, runs of each: {len(pair['ours'])}. Medians "
                       f"{number(statistics.median(pair['ours']))} s and {number(statistics.median(pair['git']))} s, "
                       f"ratio {pair['ratio']:.2f}.")
    if results["skipped"]:
        yield ""
        yield "Not measured: " + "; ".join(results["skipped"]) + "."


def write_json(results, path):
    with open(path, "w") as file:
        json.dump(results, file, indent=1)
        file.write("\n")
