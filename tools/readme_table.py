#!/usr/bin/env python3
"""Fill the table of detectors in README.md from detectors/*/rule.yml, so that the front page names what is shipped.

usage: readme_table.py [--check] [--root DIR]      --check fails when the table is stale, and changes nothing

The table stands between the two marker lines; all other text of the page is left as it is.
"""
import argparse
import re
import sys
from pathlib import Path

import sources

BEGIN, END = "<!-- detectors: begin, written by tools/readme_table.py -->", "<!-- detectors: end -->"
# Top-level keys and the one key of the block; a rule's own value may be quoted. Enough of YAML for these four words.
KEYS = {"title": r"^title: *(.+)$", "status": r"^status: *(.+)$", "level": r"^level: *(.+)$",
        "invariant": r"^quaywatch:\n(?:[ #].*\n|\n)*? +invariant: *(\S+)"}
NEEDED = ("title", "status", "level")


def rules(path):
    """The detection documents of a rule file, each as a dict of KEYS; an absent invariant is empty."""
    for document in re.split(r"^---\s*$", path.read_text(encoding="utf-8"), flags=re.M):
        found = {key: re.search(pattern, document, re.M) for key, pattern in KEYS.items()}
        if found["title"]:
            yield {key: match.group(1).strip().strip("'\"") if match else "" for key, match in found.items()}


def table(root):
    """Markdown rows, by invariant and then folder; rules without an invariant come last."""
    rows = []
    for path in sorted((root / "detectors").glob("*/rule.yml")):
        for rule in rules(path):
            lacking = [key for key in NEEDED if not rule[key]]
            if lacking:
                sys.exit(f"readme_table: {path.relative_to(root)} lacks {', '.join(lacking)}")
            number = re.fullmatch(r"I(\d+)", rule["invariant"])
            folder = path.parent.name
            cells = [rule["invariant"], f"[{rule['title']}](detectors/{folder})", rule["level"], rule["status"]]
            rows.append((int(number.group(1)) if number else sys.maxsize, folder, f"| {' | '.join(cells)} |"))
    head = ["| invariant | alert | level | status |", "|---|---|---|---|"]
    return "\n".join([*head, *(text for _, _, text in sorted(rows))])


def filled(page, rows):
    """The page with its table replaced; None when the markers are not there, once each and in order."""
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        return None
    return page[: page.index(BEGIN) + len(BEGIN)] + "\n" + rows + "\n" + page[page.index(END) :]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--root", type=Path, default=sources.ROOT)
    arguments = parser.parse_args()
    readme = arguments.root / "README.md"
    page = readme.read_text(encoding="utf-8")
    wanted = filled(page, table(arguments.root))
    if wanted is None:
        sys.exit(f"readme_table: README.md needs the lines '{BEGIN}' and '{END}', once each and in this order")
    if wanted == page:
        return
    if arguments.check:
        sys.exit("readme_table: the detectors of README.md are stale; run: tools/readme_table.py")
    readme.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    main()
