#!/usr/bin/env python3
"""Check what people are told against its translations, data/texts/*/*.json.

usage: check_texts.py [--root DIR] [--list]

Fails on a text of src/app (commands) or a meaning of the field catalogue (fields) that a language has no row for, on a
row that nothing says, and on a row whose values, line breaks or blanks around it are not those of its English. --list
prints the texts.
"""
import argparse
import errno
import json
import os
import re
import string
import sys
from pathlib import Path

import gen_fields
import sources

LITERAL = r'"(?:[^"\\]|\\.)*"'
LITERALS = re.compile(rf"{LITERAL}(?:\s*{LITERAL})*")
# The first literal is the text: of a format, of a marked text, of an error that src/app makes.
FIRST = re.compile(r"(?<![.>\w])(?:print\(std(?:out|err),|say\(|key\(|ErrorCode::\w+,\s*(?:fmt::format\()?)\s*"
                   rf"({LITERAL}(?:\s*{LITERAL})*)")
# All literals between the parentheses are texts.
ALL = re.compile(r"\b(?:translated|say_counted|say_row)\(")
# Words and sentences of other layers that src/app says: where the functions that name them begin.
WORDS = {"src/live/rows.cpp": "std::string_view sentence(UnknownCause",
         "src/pipeline/alert_book.cpp": "std::string_view name(AlertStatus",
         "src/rulebook/deployments.cpp": "std::string_view sentence(Refusal"}
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


def value(literals):
    """The text of adjacent literals."""
    parts = re.findall(LITERAL, literals)
    return "".join(re.sub(r"\\(.)", lambda m: ESCAPES.get(m.group(1), m.group()), part[1:-1]) for part in parts)


def code_of(path, root):
    """Without comments, and without quotes that begin no text."""
    return sources.TOKEN.sub(lambda m: m.group() if m.group("text") else "", sources.read(path, root))


def is_text(text):
    """Has a word in it: fillers such as "  {}: {}" need no row."""
    return any(c.isalpha() for literal, *_ in string.Formatter().parse(text) for c in literal)


def inside(code, start):
    """What stands between the parenthesis before `start` and the one that closes it."""
    depth, i = 1, start
    while depth > 0:
        if code[i] == '"':
            i = LITERALS.match(code, i).end()
            continue
        depth += {"(": 1, ")": -1}.get(code[i], 0)
        i += 1
    return code[start:i - 1]


def texts_of(code):
    found = [value(m.group(1)) for m in FIRST.finditer(code)]
    for m in ALL.finditer(code):
        found += [value(literals) for literals in LITERALS.findall(inside(code, m.end()))]
    return {text for text in found if is_text(text)}


def words(root):
    out = set(gen_fields.SUBJECTS)
    for path, head in WORDS.items():
        code = code_of(Path(path), root)
        begin = code.index(head)
        out |= {value(literals) for literals in LITERALS.findall(code[begin:code.index("\n}\n", begin)])} - {""}
    return out


def values_of(text):
    """{place: how it is written}: a number as a float or hexadecimal is no other value. Widths may differ."""
    out, following = {}, 0
    for _, name, spec, _ in string.Formatter().parse(text):
        if name is None:
            continue
        place = name or str(following)
        following += name == ""
        out[place] = re.sub(r"^(?:.?[<>^])?\d*", "", spec)
    return out


def problems_of_row(english, said):
    if values_of(english) != values_of(said):
        yield f"values {values_of(said)} are not {values_of(english)}"
    for what, pattern in (("begins", r"^\s*"), ("ends", r"\s*$")):
        if re.search(pattern, english).group() != re.search(pattern, said).group():
            yield f"{what} with other blanks or line breaks"


def elsewhere(root):
    """Literals of the other layers: their sentences are rows too, and are looked up where src/app prints them."""
    return {value(literals) for path in sources.code_files(root) if path.parts[0] in ("src", "adapters", "sim")
            for literals in LITERALS.findall(code_of(path, root))}


def rows_of(path):
    def unique(pairs):
        keys = [key for key, _ in pairs]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            sys.exit(f"{path}: rows that are there twice: {sorted(twice)}")
        return dict(pairs)
    return json.loads(path.read_text("utf-8"), object_pairs_hook=unique)


def unsaid(path, rows, wanted, known):
    """What lacks a row, and rows that nothing says."""
    name = f"{path.parent.name}/{path.name}"
    return ([f"{name}: no row for {text!r}" for text in sorted(wanted - rows.keys())] +
            [f"{name}: nothing says {text!r}" for text in sorted(rows.keys() - known)])


def meanings(root):
    catalogues = [root / "src/model/fields.toml", *sorted((root / "adapters").glob("*/fields.toml"))]
    return {row["sentence"] for rows in gen_fields.load(catalogues) for row in rows}


def problems_of_fields(root):
    wanted = meanings(root)
    for path in sorted((root / "data/texts/fields").glob("*.json")):
        rows = rows_of(path)
        yield from unsaid(path, rows, wanted, wanted)
        for english, said in rows.items():
            if not said.endswith(".") or said == english:
                yield f"{path.parent.name}/{path.name}: {english!r}: no sentence of that language"


def check(root):
    code = [path for path in sources.code_files(root)
            if path.parts[:2] == ("src", "app") and not path.name.endswith("_test.cpp")]
    said = words(root).union(*(texts_of(code_of(path, root)) for path in code))
    known = said | elsewhere(root) | {os.strerror(number) for number in errno.errorcode}
    problems = list(problems_of_fields(root))
    for path in sorted((root / "data/texts/commands").glob("*.json")):
        rows = rows_of(path)
        problems += unsaid(path, rows, said, known)
        for english, translation in rows.items():
            problems += [f"{path.name}: {english!r}: {why}" for why in problems_of_row(english, translation)]
    return said, problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=sources.ROOT)
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    said, problems = check(arguments.root)
    if arguments.list:
        print(json.dumps(sorted(said), ensure_ascii=False, indent=0))
    for problem in problems:
        print(problem)
    print(f"texts: {len(said)}, {len(problems)} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
