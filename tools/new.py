#!/usr/bin/env python3
"""Scaffold a new detector folder: rule, document and vectors, complete from the start.

usage: new.py detector ID [--title TITLE]      ID in snake_case, such as moved_without_order

Writes detectors/ID with rule.yml, README.md and vectors/ from tools/templates/detector; an existing folder is kept.
"""
import argparse
import re
import sys
import uuid
from pathlib import Path

import sources

TEMPLATES = sources.ROOT / "tools/templates"


def scaffold(root, name, title):
    """Writes the folder and returns the paths written; a reason in words when it cannot."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", name):
        return [], f"'{name}' is not snake_case of two words or more, such as moved_without_order"
    folder = root / "detectors" / name
    if folder.exists():
        return [], f"{folder} exists; choose another id or edit it"
    words = {"@ID@": name, "@UUID@": str(uuid.uuid4()), "@TITLE@": title or name.replace("_", " ").capitalize()}
    written = []
    for template in sorted(p for p in (TEMPLATES / "detector").rglob("*") if p.is_file()):
        text = template.read_text(encoding="utf-8")
        for mark, word in words.items():
            text = text.replace(mark, word)
        path = folder / template.relative_to(TEMPLATES / "detector")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path.relative_to(root))
    return written, ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["detector"])
    parser.add_argument("id")
    parser.add_argument("--title")
    arguments = parser.parse_args()
    written, reason = scaffold(Path.cwd(), arguments.id, arguments.title)
    if reason:
        sys.exit(f"new: {reason}")
    for path in written:
        print(path)
    print("Next: edit rule.yml and the vectors; CONTRIBUTING.md goes through it step by step.")


if __name__ == "__main__":
    main()
