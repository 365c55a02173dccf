#!/usr/bin/env python3
"""Reduce UNECE UN/LOCODE code lists to code and function flags.

usage: reduce_unlocode.py OUT.csv CodeListPart1.csv CodeListPart2.csv CodeListPart3.csv

The published parts are CSV without a header line, in Latin-1 (a part that is valid UTF-8 is read as such). Kept: the
five characters and the function classifiers that are set (1 port, 2 rail, 3 road, 4 airport, 5 postal exchange office,
6 multimodal, 7 fixed installation, 8 inland port, B border crossing, 0 not known). Output is ASCII, sorted, one code
a line; a code listed twice keeps the union of its functions.
"""
import csv
import io
import re
import sys

CODE = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")


def rows(path):
    with open(path, "rb") as f:
        data = f.read()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return csv.reader(io.StringIO(text, newline=""))


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    functions = {}
    skipped = 0
    for path in sys.argv[2:]:
        for row in rows(path):
            code = "".join(row[1:3]).strip().upper() if len(row) > 6 else ""
            if not CODE.fullmatch(code):
                skipped += 1  # country head lines and alias lines carry no code
                continue
            functions.setdefault(code, set()).update(c for c in row[6].upper() if c in "012345678B")
    with open(sys.argv[1], "w", encoding="ascii", newline="\n") as out:
        for code in sorted(functions):
            out.write(f"{code},{''.join(sorted(functions[code]))}\n")
    print(f"{len(functions)} codes, {skipped} lines without a code")


if __name__ == "__main__":
    main()
