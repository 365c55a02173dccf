#!/usr/bin/env python3
"""Write the sample port day: data/samples/port-day/ and its truth in tests/samples/.

usage: make_sample_day.py          write both
       make_sample_day.py --check  fail when what is committed differs, or holds a file that nobody wrote

Deterministic: one seed, no clock. The mapping files (*.toml) beside the data are written by hand and left alone.
"""
import json
import os
import sys

from sample_day.day import build, files
from sample_day.plants import RULES
from sample_day.readme import page

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join("data", "samples", "port-day")
TRUTH = os.path.join("tests", "samples", "port-day.expected.jsonl")
PROOFS = os.path.join("tests", "samples", "port-day.proofs.jsonl")
SIZE_MOST = 1_500_000


def proofs(port):
    """What must stand when the records that prove a look-alike innocent are taken away."""
    late = {"key": "I2", "subject": port.late["box"], "without": port.late["without"]}
    for row in [*port.look_alikes, late]:
        if row["without"]:
            yield {"rule": RULES[row["key"]], "subject": row["subject"], "without": row["without"]}


def wanted():
    """Path from the root -> bytes."""
    port, boxes = build()
    out = {os.path.join(FOLDER, name): body for name, body in files(port).items()}
    out[os.path.join(FOLDER, "README.md")] = page(port, boxes).encode()
    out[TRUTH] = "".join(json.dumps(p["line"]) + "\n" for p in port.truth).encode()
    out[PROOFS] = "".join(json.dumps(row) + "\n" for row in proofs(port)).encode()
    return out


def complaints(want):
    for path, body in sorted(want.items()):
        try:
            with open(os.path.join(ROOT, path), "rb") as f:
                if f.read() != body:
                    yield f"{path} differs from what the tool writes"
        except FileNotFoundError:
            yield f"{path} is missing"
    folder = os.path.join(ROOT, FOLDER)
    for name in sorted(os.listdir(folder) if os.path.isdir(folder) else []):
        if not name.endswith(".toml") and os.path.join(FOLDER, name) not in want:
            yield f"{FOLDER}/{name} is not written by the tool"
    size = sum(len(b) for p, b in want.items() if p.startswith(FOLDER))
    if size > SIZE_MOST:
        yield f"the sample has {size} bytes; at most {SIZE_MOST}"


def main():
    want = wanted()
    if sys.argv[1:] == ["--check"]:
        found = list(complaints(want))
        for line in found:
            print(line)
        sys.exit(1 if found else 0)
    if sys.argv[1:]:
        sys.exit(__doc__)
    for path, body in want.items():
        os.makedirs(os.path.dirname(os.path.join(ROOT, path)), exist_ok=True)
        with open(os.path.join(ROOT, path), "wb") as f:
            f.write(body)


if __name__ == "__main__":
    main()
