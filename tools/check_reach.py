#!/usr/bin/env python3
"""Check that each file includes what declares the names of ours that it uses, itself or through what it includes.

usage: check_reach.py [--root DIR]

The presets that ./test builds compile several files of a library as one (CMAKE_UNITY_BUILD), where a file that lacks an
include gets it from the file before; alone, as in a release, it would not compile. Names are those that headers declare
outside any braces but a namespace's: types, aliases, constants, functions.
"""
import argparse
import re
import sys
from pathlib import Path

import sources
from check_layers import INCLUDE, resolve

PRODUCT = ("src", "adapters", "sim")
DECLARATIONS = [re.compile(pattern, re.M) for pattern in (
    r"^(?:template <.*>\s)?(?:class|struct|enum class|union) (\w+)\b(?!;)",
    r"^(?:template <.*>\s)?using (\w+) =",
    r"^(?:inline )?constexpr [^=({;]*?\b(\w+)\b\s*(?:=|\{|\[)",
    r"^(?:template <.*>\s)?(?!(?:return|using|static_assert|namespace)\b)[\w:][\w:<>,*& \[\]]*[ &*](\w+)\(",
)]
SPACE = re.compile(r"^namespace ([\w:]+) \{", re.M)
# A name that is no member of something, with the namespace it is named by. One in lower case counts where it is called:
# elsewhere it is a variable.
USE = re.compile(r"(?<![\w.:~])(?<!->)(?:(\w+)::)?(?:([A-Z]\w*|k[A-Z]\w*)\b|([a-z]\w*)(?=\())")
DEFINED = re.compile(r"[\w>&*\]](?<!\breturn)(?<!\belse)(?<!\bthrow) +[&*]*$")  # what stands before a variable's name


def declared(quiet):
    return {name for pattern in DECLARATIONS for name in pattern.findall(quiet)}


MEMBERS = re.compile(
    r"\b(?:enum class|class|struct|enum|using|typename) (\w+)|\bauto (\w+) ="
    r"|[\w>&*\]](?<!\breturn)(?<!\belse) +[&*]*(\w+)[(,);]")


def nested(quiet):
    """Names that are declared anywhere, in classes and functions too."""
    return {name for match in MEMBERS.findall(quiet) for name in match}


def used(own, quiet, homes, spaces):
    """(name, headers, offset) of what `quiet` takes from headers: unqualified of its own or our whole namespace."""
    for match in USE.finditer(quiet):
        scope, kind, function = match.groups()
        name = kind or function
        meant = {h for h in homes.get(name, ()) if spaces[h] in ((scope,) if scope else (own, "quaywatch"))}
        if not meant:
            continue
        if function and not scope and DEFINED.search(quiet, max(0, match.start() - 40), match.start()):
            continue
        yield name, meant, match.start()


def closure(path, includes, known):
    if path not in known:
        known[path] = {path}
        for target in includes[path]:
            known[path] |= closure(target, includes, known)
    return known[path]


def problems_of(root):
    files = [p for p in sources.code_files(root) if p.parts[0] in PRODUCT and not sources.is_test(p)]
    text = {p: sources.read(p, root) for p in files}
    quiet = {p: sources.blank(t) for p, t in text.items()}
    includes = {p: [t for t in (resolve(n, root) for n in INCLUDE.findall(text[p])) if t in text] for p in files}
    homes = {}  # of a name, the headers that declare it
    for path in files:
        for name in declared(quiet[path]) if path.suffix == ".h" else ():
            homes.setdefault(name, set()).add(path)
    spaces = {p: (SPACE.findall(q) or [""])[0].split("::")[-1] for p, q in quiet.items()}
    inner = {p: nested(q) - declared(q) if p.suffix == ".h" else nested(q) | declared(q) for p, q in quiet.items()}
    known = {}
    for path in files:
        reached = closure(path, includes, known)
        seen = set().union(*(inner[p] for p in reached))
        for name, meant, at in used(spaces[path], quiet[path], homes, spaces):
            if name in seen or meant & reached:
                continue
            seen.add(name)
            wanted = " or ".join(sorted(str(h).removeprefix("src/") for h in meant))
            yield f"{path}:{sources.line_of(quiet[path], at)}: {name} is declared in {wanted}; #include it"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=sources.ROOT)
    problems = list(problems_of(parser.parse_args().root))
    print("\n".join([*problems, f"reach: {len(problems)} names without the header that declares them"]))
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
