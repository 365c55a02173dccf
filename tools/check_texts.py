#!/usr/bin/env python3
"""Check what people are told against its translations, data/texts/*/*.json.

usage: check_texts.py [--root DIR] [--list]

Fails on a text of src/app (commands), a sentence of the layers below it (messages) or a meaning of the field catalogue
(fields) that a language has no row for, on a row that nothing says, and on a row whose values, line breaks or blanks
around it are not those of its English. --list prints the texts.
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
# What other layers say where src/app or the console prints it: a literal of two words or more.
WORD = re.compile(r"(?<![\w.<%{])[a-z]{2,}(?![\w.=>])")
OTHER_LAYERS = ("src", "adapters", "sim")
# No sentences but tables for machines, words with a table of their own, and texts that stand there in both languages.
WITHOUT_SENTENCES = re.compile("|".join([
    r"_test\.cpp$", r"fuzz\.cpp$", r"/testing\.h$", r"src/(app|legal|timeline)/", r"src/telling/(?!configuration|send)",
    r"src/holds/request", r"src/adapter/edifact_(segments|table)", r"src/ingest/(header_words|event_choice)",
    r"src/rules/(texts|rule_text|question_words)\b",
    r"sim/(?!figures|happening|plants|scenario|simulate\.|timetable)"]))
EDIFACT_ROWS = "EdifactRow kRows"  # an adapter that is a table
# SQL; headers of HTTP and names of keys; help of metrics and comments of files, which are whole sentences as no message
# is; what is written to files and read again; names that are compared; faults of this program.
FOR_MACHINES = re.compile("|".join([
    "SELECT|INSERT|PRAGMA|ALTER|CREATE", r"charset=|max-age|-src '|filename=|\\r|\n", r"^(1: |[A-Z]).*\.$|comment: $",
    "^quaywatch journal |^person key |%zu|^; tried by|^ against version",
    "^real file$|^remain on board$|^with a hole$|^(SMDG|alpha-)", "^OpenSSL |^value_end |^this path is not"]))
# These put what was tried into a sentence: "cannot {} {}: {}; {}".
TRIED = re.compile(rf"\b(?:os_failure\((?:fmt::format\()?|open_descriptor\([^;]*?)({LITERAL})")
# What simdjson says of input that is no JSON, at the end of our sentences.
OF_SIMDJSON = (
    "A string is opened, but never closed.",
    "Empty: no JSON found",
    "JSON document ended early in the middle of an object or array.",
    "Problem while parsing a number",
    "Problem while parsing a string",
    "Problem while parsing an atom starting with the letter 'f'",
    "Problem while parsing an atom starting with the letter 'n'",
    "Problem while parsing an atom starting with the letter 't'",
    "The JSON document has an improper structure: missing or superfluous commas, braces, missing keys, etc.",
    "The JSON document was too deep (too many nested objects and arrays)",
    "The JSON element does not have the requested type.",
    "The JSON number is too large or too small to fit within the requested type.",
    "The input is not valid UTF-8",
    "Unexpected trailing content in the JSON input.",
    "Within strings, some characters must be escaped, we found unescaped characters")
VALUE = re.compile(r"\{(\d*)(?::([^{}]*))?\}")
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
    for name, spec in VALUE.findall(text.replace("{{", "").replace("}}", "")):
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


def is_sentence(text):
    words = WORD.findall(re.sub(r"\{[^}]*\}", " ", text))
    return len(words) > 1 and " " in text.strip() and not FOR_MACHINES.search(text)


def messages_in(code):
    said = {value(literals) for literals in LITERALS.findall(code)}
    tried = {value(m.group(1)) for m in TRIED.finditer(code)}
    whole = {f"cannot {words} {{}}: {{}}; {{}}" for words in tried}
    return {text for text in said - tried if is_sentence(text)} | whole, said | whole


def messages(root):
    """Sentences of the layers below src/app, and all their literals: a part of a sentence may have a row too."""
    sentences = words(root) | set(OF_SIMDJSON)
    said = {os.strerror(number) for number in errno.errorcode}
    for path in sources.code_files(root):
        if path.parts[0] not in OTHER_LAYERS or path.parts[:2] == ("src", "app") or sources.is_test(path):
            continue
        code = code_of(path, root)
        found, literals = messages_in(code)
        said |= literals
        if not WITHOUT_SENTENCES.search(str(path)) and EDIFACT_ROWS not in code:
            sentences |= found
    return sentences, said | sentences


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


def problems_of_rows(path, rows):
    for english, said in rows.items():
        yield from (f"{path.parent.name}/{path.name}: {english!r}: {why}" for why in problems_of_row(english, said))


def check(root):
    code = [code_of(path, root) for path in sources.code_files(root)
            if path.parts[:2] == ("src", "app") and not path.name.endswith("_test.cpp")]
    said = set().union(*map(texts_of, code))
    in_app = {value(literals) for text in code for literals in LITERALS.findall(text)}
    sentences, below = messages(root)
    problems = list(problems_of_fields(root))
    for path in sorted((root / "data/texts/messages").glob("*.json")):
        rows = rows_of(path)
        problems += [*unsaid(path, rows, sentences, below | in_app), *problems_of_rows(path, rows)]
        # What src/app says too stands there alone.
        path = root / "data/texts/commands" / path.name
        own = rows_of(path)
        problems += [*unsaid(path, own, said - rows.keys(), in_app - rows.keys()), *problems_of_rows(path, own)]
    return said | sentences, problems


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
