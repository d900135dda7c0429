#!/usr/bin/env python3
"""Writes the table of experiments in docs/results.md from the records of "cajal run NAME --seeds 3 --out RESULTS/NAME".

    docs/experiments.py RESULTS

The seeds of several records of one experiment (--seed 1 --out RESULTS/NAME, --seed 2 --seeds 2 --out RESULTS/NAME-2) are put together.
Rows of experiments that have no record in RESULTS stay as they are.
"""
import json
import pathlib
import sys

BEGIN, END = "<!-- experiments: begin -->", "<!-- experiments: end -->"
HEADER = ["| `cajal run` | figure | expected | mean | least to most | seeds | time per seed | memory |", "|---|---|---|---|---|---|---|---|"]


def rows(record):
    seeds = ", ".join(str(seed["seed"]) for seed in record["seeds"])
    seconds = record["seconds_per_seed"]
    time = f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.1f} min"
    memory = f"{record['peak_memory_bytes'] / 2**20:.0f} MiB"
    for i, goal in enumerate(record["goals"]):
        mark = "" if goal["met"] else " **missed**"
        spread = "" if len(record["seeds"]) == 1 else f"{number(goal['least'], goal)} to {number(goal['most'], goal)}"
        first = f"`{record['experiment']}`" if i == 0 else ""
        yield f"| {first} | {goal['meaning']} | {goal['expected']} | {goal['measured']}{mark} | {spread} | {seeds if i == 0 else ''} | {time if i == 0 else ''} | {memory if i == 0 else ''} |"


def together(records):
    """One record of all seeds; the last one counts for a seed that several have."""
    seeds = {seed["seed"]: seed for record in records for seed in record["seeds"]}
    whole = records[-1] | {"seeds": [seeds[seed] for seed in sorted(seeds)], "peak_memory_bytes": max(record["peak_memory_bytes"] for record in records)}
    whole["seconds_per_seed"] = sum(seed["seconds"] for seed in seeds.values()) / len(seeds)
    for goal in whole["goals"]:
        values = [seed["figures"][goal["name"]] for seed in whole["seeds"]]
        mean = sum(values) / len(values)
        sign, bound = goal["expected"].removesuffix(" %").split()
        bound = float(bound) / (100 if goal["expected"].endswith("%") else 1)
        goal |= {"mean": mean, "least": min(values), "most": max(values), "measured": number(mean, goal), "met": mean >= bound if sign == "≥" else mean <= bound}
    return whole


def number(value, goal):
    """As the mean is written."""
    if value is None:
        return "not measured"
    if "E" in goal["measured"]:
        return f"{value:.1e}".replace("e-0", "E-").replace("e", "E")
    percent = goal["measured"].endswith("%")
    digits = goal["measured"].removesuffix(" %").partition(".")[2]
    return f"{100 * value if percent else value:.{len(digits)}f}{' %' if percent else ''}"


def main():
    page = pathlib.Path(__file__).with_name("results.md")
    text = page.read_text()
    before, rest = text.split(BEGIN)
    table, after = rest.split(END)
    blocks, name = {}, None
    for line in table.strip().splitlines()[2:]:
        first = line.split("|")[1].strip()
        name = first.strip("`") or name
        blocks.setdefault(name, []).append(line)
    records = {}
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*/result.json")):
        record = json.loads(path.read_text())
        if not record["quick"]:
            records.setdefault(record["experiment"], []).append(record)
    for name, parts in records.items():
        blocks[name] = list(rows(together(parts)))
    lines = HEADER + [line for name in sorted(blocks) for line in blocks[name]]
    page.write_text(f"{before}{BEGIN}\n" + "\n".join(lines) + f"\n{END}{after}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main()
