#!/usr/bin/env python3
"""Check that every relative link of every page leads to a file or folder of the repository, and to a heading there.

usage: check_links.py [--root DIR]
"""
import argparse
import re
import sys
from pathlib import Path

import sources

CODE = re.compile(r"^(\s*)(```|~~~).*?^\s*\2\s*$|`[^`\n]*`", re.S | re.M)
LINK = re.compile(r"\]\(([^)\s]+)\)")
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")


def anchors(text):
    """The anchors of the headings of a page: lower case, blanks as dashes, punctuation dropped."""
    headings = re.findall(r"^#+ +(.+?) *$", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def problems(root):
    for page in (p for p in sources.files(root) if p.suffix == ".md"):
        text = sources.read(page, root)
        # What is blanked keeps its lines, so that the place told is right.
        quiet = CODE.sub(lambda m: re.sub(r"[^\n]", " ", m.group(0)), text)
        for match in LINK.finditer(quiet):
            target, _, anchor = match.group(1).partition("#")
            if SCHEME.match(match.group(1)):
                continue
            place = f"{page}:{quiet.count(chr(10), 0, match.start()) + 1}"
            path = (root / page).parent / target if target else root / page
            if not path.resolve().is_relative_to(root.resolve()) or not path.exists():
                yield f"{place}: '{target}' does not exist in the repository"
            elif anchor and path.suffix == ".md" and anchor not in anchors(path.read_text(encoding="utf-8")):
                yield f"{place}: '{target or page}' has no heading '#{anchor}'"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=sources.ROOT)
    found = list(problems(parser.parse_args().root))
    print("\n".join([*found, f"links: {len(found)} problems"]))
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
