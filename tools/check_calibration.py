#!/usr/bin/env python3
"""Check data/simulation/calibration.toml: the form of every figure, its source, and that its codes exist.

usage: check_calibration.py [FILE]

Prints how many figures are public, counted from data and assumed. Exit status 1 if a figure is at fault.
"""
import math
import re
import sys
import tomllib
from collections import Counter
from pathlib import Path

import sources

TABLE = sources.ROOT / "data/simulation/calibration.toml"
NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
KINDS = ("value", "quantiles", "shares")
WORDS = ("public", "data", "assumed")
TEXTS = ("name", "unit", "source", "checked")
DECILES = 11
# What the end of a name says about the unit.
UNITS = {"_h": "h", "_min": "min", "_s": "s", "_kg": "kg", "share": "share"}
COUNTS = ("boxes_per_year", "berths", "quay_cranes", "yard_blocks", "straddle_carriers", "gate_lanes", "hauliers",
          "forwarders", "importers", "staff")
# Shares that are named by a code, and the list in data/reference that must hold it.
CODES = {"box.origin": "unlocode", "box.destination": "unlocode", "box.commodity": "hs"}


def is_number(x):
    return isinstance(x, (int, float)) and not isinstance(x, bool) and math.isfinite(x)


def is_text(x):
    return isinstance(x, str) and bool(x.strip())


def value_faults(value, name):
    if not is_number(value):
        yield f"value is {value!r}, not a finite number"
    elif name.endswith("share") and not 0 <= value <= 1:
        yield f"value is {value}, a share lies between 0 and 1"


def quantile_faults(quantiles, _name):
    if not isinstance(quantiles, list) or len(quantiles) != DECILES or not all(map(is_number, quantiles)):
        yield f"quantiles must be {DECILES} finite numbers, for 0, 10, ... 100 %"
        return
    for i, (low, high) in enumerate(zip(quantiles, quantiles[1:])):
        if high < low:
            yield f"quantiles fall from {low} at {10 * i} % to {high} at {10 * i + 10} %"
    if quantiles[0] == quantiles[-1]:
        yield "all quantiles are the same number: write it as value"


def share_faults(shares, _name):
    if not isinstance(shares, dict) or not all(is_number(x) and x >= 0 for x in shares.values()):
        yield "shares must be a table of names with weights of 0 or more"
    elif not sum(shares.values()) > 0:
        yield "the weights of shares must have a sum above 0"


FAULTS = {"value": value_faults, "quantiles": quantile_faults, "shares": share_faults}


def figure_faults(figure, codes):
    name = figure["name"]
    if not NAME.fullmatch(name):
        yield "the name must be lower_snake words with one dot: subject.what_unit"
    for key in TEXTS:
        if not is_text(figure.get(key)):
            yield f"{key} is missing or empty"
    if is_text(figure.get("checked")) and figure["checked"] not in WORDS:
        yield f"checked is '{figure['checked']}', must be one of {', '.join(WORDS)}"
    unit = next((u for end, u in UNITS.items() if name.endswith(end)), None)
    if unit and figure.get("unit") != unit:
        yield f"unit is '{figure.get('unit')}', the name says '{unit}'"
    for key in sorted(set(figure) - {*TEXTS, *KINDS}):
        yield f"unknown key '{key}'"
    kinds = [kind for kind in KINDS if kind in figure]
    if len(kinds) != 1:
        yield f"has {' and '.join(kinds) or 'none'} of {', '.join(KINDS)}, must have exactly one"
    for kind in kinds:
        yield from FAULTS[kind](figure[kind], name)
    if name in codes and isinstance(figure.get("shares"), dict):
        for code in sorted(set(figure["shares"]) - codes[name]):
            yield f"code '{code}' is not in data/reference/{CODES[name]}.csv"


def size_faults(size):
    for key in COUNTS:
        if not isinstance(size.get(key), int) or isinstance(size[key], bool) or size[key] < 1:
            yield f"{key} is {size.get(key)!r}, must be a whole number of 1 or more"
    if not is_text(size.get("reason")):
        yield "reason is missing or empty"
    for key in sorted(set(size) - {"name", "reason", *COUNTS}):
        yield f"unknown key '{key}'"


def check(document, codes):
    """The faults of the table as "NAME: what is wrong"; codes is {figure: the codes its shares may use}."""
    for key in sorted(set(document) - {"figure", "size"}):
        yield f"{key}: unknown table, must be [[figure]] or [[size]]"
    for kind, faults in (("size", size_faults), ("figure", lambda figure: figure_faults(figure, codes))):
        rows = document.get(kind)
        if not isinstance(rows, list) or not rows:
            yield f"{kind}: the file must hold [[{kind}]] tables"
            continue
        seen = set()
        for number, row in enumerate(rows, 1):
            name = row.get("name")
            if not is_text(name):
                yield f"{kind} number {number}: name is missing or empty"
                continue
            if name in seen:
                yield f"{name}: the name is used twice"
            seen.add(name)
            yield from (f"{name}: {fault}" for fault in faults(row))


def reference(table):
    """The codes in the first column of a list in data/reference."""
    text = sources.read(Path("data/reference") / f"{table}.csv")
    return {line.split(",")[0] for line in text.splitlines() if line and not line.startswith("#")}


def main():
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else TABLE
    shown = path.relative_to(sources.ROOT) if path.is_relative_to(sources.ROOT) else path
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        sys.exit(f"{shown}: {error}")
    faults = [f"{shown}: {fault}" for fault in check(document, {f: reference(table) for f, table in CODES.items()})]
    if faults:
        sys.exit("\n".join([*faults, f"calibration: {len(faults)} faults"]))
    count = Counter(figure["checked"] for figure in document["figure"])
    print(f"calibration: {len(document['size'])} sizes, {len(document['figure'])} figures: "
          + ", ".join(f"{count[word]} {word}" for word in WORDS))


if __name__ == "__main__":
    main()
