#!/usr/bin/env python3
"""Turns measurements into tables, so that no figure is typed by hand.

report.py table {epoch|memory|som} FILE...   prints a table of JSON lines for the terminal
report.py write RESULTS [--document FILE]    replaces the tables of the document between its markers by those of the files in a folder

The folder holds what benchmarks/measure.sh writes: compare-N.txt (the table of ratios with N threads), workloads-N.jsonl, memory.jsonl,
scaling.jsonl, sweep.jsonl, epochs.jsonl, cold-start.jsonl, machine.json. A table whose files are missing stays as it is.
"""
import json
import math
import os
import re
import statistics
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
DOCUMENT = os.path.join(HERE, "..", "docs", "performance.md")
MIB = 1 << 20


def lines(*paths):
    """The JSON objects of files with one on each line; other lines are passed over."""
    rows = []
    for path in paths:
        with open(path) as file:
            rows += [json.loads(line) for line in file if line.startswith("{")]
    return rows


def compared(path):
    """What compare.py printed: {workload: (cajal ms, torch ms)}, in its order."""
    row = re.compile(r"^(\S+)\s+([\d.e+-]+)\s+([\d.e+-]+)\s+[\d.]+x$")
    with open(path) as file:
        pairs = {m[1]: (float(m[2]), float(m[3])) for m in map(row.match, file) if m}
    return pairs or sys.exit(f"{path}: there is no row of a workload in it; is it what compare.py printed?")


def number(value, digits=3):
    """So many significant digits, thousands set apart, no exponent."""
    if value is None:
        return ""
    if value == 0:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    return f"{value:,.{places}f}"


def percent(value, places=1):
    return "" if value is None else f"{100 * value:.{places}f} %"


def mib(value):
    return "" if value is None else f"{value / MIB:,.1f}"


def markdown(head, rows, texts=1):
    """So many columns to the left, figures to the right."""
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * texts + "---:|" * (len(head) - texts), *("| " + " | ".join(row) + " |" for row in rows)])


def geometric_mean(values):
    return math.exp(statistics.fmean(map(math.log, values)))


def ratios(folder, threads):
    pairs = compared(os.path.join(folder, f"compare-{threads}.txt"))
    own = {row["name"]: row for row in lines(os.path.join(folder, f"workloads-{threads}.jsonl"))}
    rows = []
    for name, (cajal, torch) in pairs.items():
        row = own.get(name, {})
        rows.append([name, number(cajal), number(torch), f"{torch / cajal:.2f}", percent(row["limit"], 0) if row.get("limit") else "", percent(row.get("gc"))])
    all_ratios = [torch / cajal for cajal, torch in pairs.values()]
    below = [name for name, (cajal, torch) in pairs.items() if torch < cajal]
    table = markdown(["workload", "Cajal, ms", "libtorch, ms", "times faster", "share of limit", "GC"], rows)
    return f"{table}\n\nGeometric mean {geometric_mean(all_ratios):.2f} over {len(pairs)} workloads; slower than libtorch: {', '.join(below) or 'none'}."


def limits(folder):
    rows = []
    for file in sorted(os.listdir(folder)):
        if not re.fullmatch(r"workloads-\d+\.jsonl", file):
            continue
        found = {row["name"]: row for row in lines(os.path.join(folder, file)) if row["name"].startswith("limit/")}
        if len(found) == 2:
            rows.append([str(found["limit/fma"]["threads"]), number(found["limit/fma"]["gflops"]), number(found["limit/memory"]["gbytes"])])
    if not rows:
        raise FileNotFoundError("workloads-N.jsonl")
    return markdown(["threads", "multiply-adds, GFLOP/s", "copies, GB/s read and written"], rows)


def by_engine(rows, key=lambda row: row["name"]):
    """{workload: {engine: rows}}"""
    groups = {}
    for row in rows:
        groups.setdefault(key(row), {}).setdefault(row["engine"], []).append(row)
    return groups


def median(rows, field):
    return statistics.median(row[field] for row in rows)


def memory_rows(rows):
    result = []
    for name, engines in by_engine(rows).items():
        for engine, runs in engines.items():
            peak = median(runs, "peak")
            own = median(engines["cajal"], "peak") if "cajal" in engines else None
            live = runs[0].get("live") and median(runs, "live")
            result.append([
                name, engine, f"{runs[0]['steps']:,}" + ("" if runs[0]["steps"] == runs[0]["wanted"] else " (time)"), mib(median(runs, "base")), mib(live), mib(median(runs, "pool") if "pool" in runs[0] else None), mib(peak), mib(median(runs, "final")),
                f"{median(runs, 'ratio'):.2f}" if live else "", f"{median(runs, 'own_ratio'):.2f}" if live else "", percent(median(runs, "growth")), f"{peak / own:.2f}" if own else ""])
    return result


MEMORY_HEAD = ["workload", "engine", "steps", "base, MiB", "live set, MiB", "pool, MiB", "peak, MiB", "final, MiB", "peak / (base + live)", "(peak - base) / live", "growth", "peak / Cajal's"]


def memory(folder):
    return markdown(MEMORY_HEAD, memory_rows(lines(os.path.join(folder, "memory.jsonl"))), texts=2)


def collections(folder):
    rows = [row for row in lines(os.path.join(folder, "memory.jsonl")) if row["engine"] == "cajal"]
    return markdown(["workload", "ms a step", "GC", "collections per 1000 steps", "full ones", "allocated bytes a step"],
                    [[row["name"], number(row["ms"]), percent(row["gc"], 2), number(row["collections"]), number(row["full"]), f"{row['allocated']:,}"] for row in rows])


def scaling(folder):
    times = {}
    for row in lines(os.path.join(folder, "scaling.jsonl")):
        times.setdefault(row["name"], {})[row["threads"]] = row
    more = sorted(max(times.values(), key=len))[1:]
    head, rows = ["workload", "1 thread, ms"], [[name, number(of[1]["ms"])] for name, of in times.items()]
    for n in more:
        head += [f"{n} threads, ms", "times faster", "efficiency"]
        for row, of in zip(rows, times.values()):
            row += [number(of[n]["ms"]), f"{of[n]['speedup']:.2f}", percent(of[n]["efficiency"], 0)]
    return markdown(head, rows)


def sweep(folder, kind):
    rows = [row for row in lines(os.path.join(folder, "sweep.jsonl")) if row["name"].startswith(f"sweep/{kind}-")]
    return markdown([kind, "parameters", "ms a step", "µs a sample", "ns a sample and parameter"], [
        [row["name"].rsplit("-", 1)[1], f"{row['parameters']:,}", number(row["ms"]), number(row["us_per_sample"]), number(row["ns_per_sample_parameter"])] for row in rows])


def epoch_rows(rows):
    result = []
    for name, engines in by_engine(rows).items():
        own = [epoch_seconds(runs)[0] for engine, runs in engines.items() if engine.startswith("cajal")]
        for engine, runs in engines.items():
            seconds, first = epoch_seconds(runs)
            score = statistics.median(row["test_accuracy"] for row in runs if row["epoch"] == 1)
            result.append([name, engine, number(first), number(seconds), percent(score, 2), f"{seconds / min(own):.2f}" if own else ""])
    return result


def epoch_seconds(runs):
    """The median of the epochs behind the first, if there are any, and of the first."""
    first = [row["seconds"] for row in runs if row["epoch"] == 1]
    later = [row["seconds"] for row in runs if row["epoch"] > 1] or first
    return statistics.median(later), statistics.median(first)


EPOCH_HEAD = ["network", "engine", "first epoch, s", "later epochs, s", "test accuracy after the first", "times Cajal's"]


def epoch(folder):
    return markdown(EPOCH_HEAD, epoch_rows(lines(os.path.join(folder, "epochs.jsonl"))), texts=2)


SOM_HEAD = ["map", "engine", "updates a second", "quantisation error", "times as long as Cajal"]


def som_rows(rows):
    result = []
    for name, engines in by_engine(rows).items():
        speed = {engine: statistics.median(row["updates_per_second"] for row in runs) for engine, runs in engines.items()}
        for engine, runs in engines.items():
            result.append([name, engine, number(speed[engine]), number(statistics.median(row["quantisation_error"] for row in runs), 4), f"{speed['cajal'] / speed[engine]:.2f}" if "cajal" in speed else ""])
    return result


def cold_start(folder):
    return markdown(["command", "build", "median, ms", "fastest, ms", "runs"], [
        [f"`{row['name']}`", row["engine"], number(row["ms"]), number(row["min_ms"]), str(row["runs"])] for row in lines(os.path.join(folder, "cold-start.jsonl"))], texts=2)


def machine(folder):
    with open(os.path.join(folder, "machine.json")) as file:
        facts = json.load(file)
    return markdown(["", ""], [[key, str(value)] for key, value in facts.items()], texts=2)


TABLES = {
    "machine": machine,
    "limits": limits,
    "ratios-2": lambda folder: ratios(folder, 2),
    "ratios-1": lambda folder: ratios(folder, 1),
    "memory": memory,
    "collections": collections,
    "scaling": scaling,
    "sweep-batch": lambda folder: sweep(folder, "batch"),
    "sweep-width": lambda folder: sweep(folder, "width"),
    "epochs": epoch,
    "cold-start": cold_start,
}


def write(folder, document):
    with open(document, encoding="utf-8") as file:
        text = file.read()
    for name, table in TABLES.items():
        begin, end = f"<!-- table: {name} -->", "<!-- end of table -->"
        at = text.find(begin)
        if at < 0:
            sys.exit(f"{document}: there is no marker {begin}.")
        stop = text.index(end, at)
        try:
            content = table(folder)
        except FileNotFoundError as missing:
            print(f"{name}: left as it is, {os.path.basename(missing.filename or str(missing))} is missing")
            continue
        text = f"{text[:at]}{begin}\n{content}\n{text[stop:]}"
        print(f"{name}: written")
    temporary = document + ".new"
    with open(temporary, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(temporary, document)


def show(head, rows):
    table = [head, *rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(head))]
    for row in table:
        print("  ".join(cell.ljust(width) if i < 2 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))).rstrip())


def main(arguments):
    match arguments:
        case ["table", "epoch", *files] if files:
            show(EPOCH_HEAD, epoch_rows(lines(*files)))
        case ["table", "memory", *files] if files:
            show(MEMORY_HEAD, memory_rows(lines(*files)))
        case ["table", "som", *files] if files:
            show(SOM_HEAD, som_rows(lines(*files)))
        case ["write", folder]:
            write(folder, DOCUMENT)
        case ["write", folder, "--document", document]:
            write(folder, document)
        case _:
            sys.exit(__doc__)


main(sys.argv[1:])
