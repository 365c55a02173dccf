#!/usr/bin/env python3
"""Fill the tables of README.md, so that the front page names what is shipped: detectors from detectors/*/rule.yml,
feeds from the folders adapters/* and data/mappings/*.

usage: readme_table.py [--check] [--root DIR]      --check fails when a table is stale, and changes nothing

A table stands between its two marker lines; all other text of the page is left as it is.
"""
import argparse
import re
import sys
import tomllib
from pathlib import Path

import sources

CHECKED = ("real file", "standard", "secondary", "memory")  # how sure a row of a mapping is
# Top-level keys and the one key of the block; a rule's own value may be quoted. Enough of YAML for these four words.
KEYS = {"title": r"^title: *(.+)$", "status": r"^status: *(.+)$", "level": r"^level: *(.+)$",
        "invariant": r"^quaywatch:\n(?:[ #].*\n|\n)*? +invariant: *(\S+)"}
NEEDED = ("title", "status", "level")


def rules(path):
    """The documents of a rule file that raise alerts, each as a dict of KEYS; an absent invariant is empty. A part of a
    correlation has a name and neither status nor level."""
    for document in re.split(r"^---\s*$", path.read_text(encoding="utf-8"), flags=re.M):
        found = {key: re.search(pattern, document, re.M) for key, pattern in KEYS.items()}
        is_part = re.search(r"^name: ", document, re.M) and not found["status"] and not found["level"]
        if found["title"] and not is_part:
            yield {key: match.group(1).strip().strip("'\"") if match else "" for key, match in found.items()}


def detector_table(root):
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


def first_sentence(readme):
    """Of the first paragraph below the title, on one line and without its full stop."""
    match = re.search(r"^# .*\n+(?!#)((?:.+\n)+)", readme, re.M)
    text = " ".join(match.group(1).split()) if match else ""
    return re.split(r"(?<=\.)\s", text, maxsplit=1)[0].rstrip(".:").replace("|", "\\|")


def mapped_rows(folder):
    """(event type, state) of every field of the folder's mapping files; a field without a state has its event's."""
    for path in sorted(folder.glob("*.toml")):
        mapping = tomllib.loads(path.read_text(encoding="utf-8"))
        for event in mapping.get("event", []):
            state = event.get("checked", mapping.get("checked", "memory"))
            yield event["type"], None
            yield from ((event["type"], field.get("checked", state)) for field in event["fields"])


def adapter_rows(readme, types):
    """The same of an adapter: its README names the types, and the rows of its tables end with the states."""
    yield from ((name, None) for name in re.findall(r"`([a-z_]+\.[a-z_]+)`", readme) if name in types)
    for state in re.findall(rf"\| ({'|'.join(CHECKED)}) \|$", readme, re.M):
        yield None, state


def feed_table(root):
    """Markdown rows, adapters first. A folder without README.md is not shipped yet."""
    catalogue = tomllib.loads((root / "src/model/fields.toml").read_text(encoding="utf-8"))
    types = {entry["name"] for entry in catalogue["type"]}
    table = ["| feed | reads | event types | real file / standard / secondary / memory |", "|---|---|---|---|"]
    for path in [*sorted(root.glob("adapters/*/README.md")), *sorted(root.glob("data/mappings/*/README.md"))]:
        folder, readme = path.parent, path.read_text(encoding="utf-8")
        is_adapter = folder.parent.name == "adapters"
        rows = list(adapter_rows(readme, types) if is_adapter else mapped_rows(folder))
        named = ", ".join(f"`{name}`" for name in dict.fromkeys(name for name, _ in rows if name)) or "any"
        counts = [sum(state == wanted for _, state in rows) for wanted in CHECKED]
        cells = [f"[{folder.name}]({folder.relative_to(root)})", first_sentence(readme), named,
                 " / ".join(map(str, counts)) if any(counts) else ""]
        table.append(f"| {' | '.join(cells)} |")
    return "\n".join(table)


TABLES = {"detectors": detector_table, "feeds": feed_table}


def markers(name):
    return f"<!-- {name}: begin, written by tools/readme_table.py -->", f"<!-- {name}: end -->"


def filled(page, name, rows):
    """The page with one table replaced; None when its markers are not there, once each and in order."""
    begin, end = markers(name)
    if page.count(begin) != 1 or page.count(end) != 1 or page.index(begin) > page.index(end):
        return None
    return page[: page.index(begin) + len(begin)] + "\n" + rows + "\n" + page[page.index(end) :]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--root", type=Path, default=sources.ROOT)
    arguments = parser.parse_args()
    readme = arguments.root / "README.md"
    page = readme.read_text(encoding="utf-8")
    wanted = page
    for name, table in TABLES.items():
        wanted = filled(wanted, name, table(arguments.root))
        if wanted is None:
            begin, end = markers(name)
            sys.exit(f"readme_table: README.md needs the lines '{begin}' and '{end}', once each and in this order")
    if wanted == page:
        return
    if arguments.check:
        sys.exit("readme_table: the tables of README.md are stale; run: tools/readme_table.py")
    readme.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    main()
