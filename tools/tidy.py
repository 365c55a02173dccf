#!/usr/bin/env python3
"""Check sizes, names, banned calls, dead headers and missing documents; limits and exemptions are in tools/tidy.toml.

usage: tidy.py [--root DIR] [--measure | --wrap]

--measure prints the figures without judging them. --wrap has clang-format break the C++ lines that are too long, and
leaves every other line as it is.
"""
import argparse
import ast
import fnmatch
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import sources
from cpp_functions import functions, matching

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.M)
SYSTEM_INCLUDE = re.compile(r"^[ \t]*#[ \t]*include[ \t]*<([^>\n]+)>", re.M)
TYPE = re.compile(r"\b(?:class|struct|enum\s+class)\s+(?:\[\[\w+\]\]\s*)?(\w+)")
BINDING = re.compile(r"\bauto\s*&{0,2}\s*\[([\w\s,]+)\]")
LAMBDA = re.compile(r"\[\s*[&=][^\]]*\]\s*(\([^{};]*?\))?\s*(?:mutable\s*|->[^{};]*)?\{")
UNFINISHED = re.compile(r"\bFIXME\b|\bTODO\b(?!\(#\d+\))")
TEXT_SUFFIXES = (".h", ".cpp", ".inc", ".py", ".sh", ".cmake", ".toml", ".yml", ".md", ".txt", ".json")


def percentile(values, share):
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)] if ordered else 0


def matches(path, patterns):
    return any(fnmatch.fnmatch(str(path), pattern) for pattern in patterns)


class Tree:
    """The repository as read once: code files, their text and their text without comments and literals."""

    def __init__(self, root):
        self.root = root
        self.files = sources.files(root)
        self.code = [p for p in self.files if p.parts[0] in sources.CODE_FOLDERS and p.suffix in sources.CODE_SUFFIXES]
        self.text = {p: sources.read(p, root) for p in self.code}
        self.quiet = {p: sources.blank(t) for p, t in self.text.items()}
        self.headers = [p for p in self.code if p.suffix == ".h"]
        with open(root / "tools/tidy.toml", "rb") as f:
            self.rules = tomllib.load(f)

    def lines(self, path):
        return self.text[path].count("\n")


def check_sizes(tree, problems):
    sizes = tree.rules["sizes"]
    for path in tree.code:
        cap = sizes["test_max"] if sources.is_test(path) else sizes["file_max"]
        if tree.lines(path) > cap:
            problems.append(f"{path}: {tree.lines(path)} lines, at most {cap}. Split it by the nouns in it")
    written = [tree.lines(p) for p in tree.code if not sources.is_test(p)]
    headers = [tree.lines(p) for p in tree.headers]
    for name, value, cap in (("p95 of source files", percentile(written, 95), sizes["file_p95"]),
                             ("median of source files", percentile(written, 50), sizes["file_median"]),
                             ("p95 of headers", percentile(headers, 95), sizes["header_p95"])):
        if value > cap:
            problems.append(f"sizes: {name} is {value} lines, at most {cap}")


def check_functions(tree, problems):
    cap, listed = tree.rules["sizes"]["function_max"], tree.rules["long_functions"]
    for path in tree.code:
        if path.suffix == ".inc":
            continue
        allowed = dict(listed.get(str(path), {}))
        for name, line, length in functions(tree.quiet[path]):
            limit = allowed.pop(name, cap)
            if length > max(limit, cap):
                problems.append(f"{path}:{line}: {name} is {length} lines, at most {max(limit, cap)}")
            elif limit > cap and length < limit:
                problems.append(f"tools/tidy.toml: {path} {name} has shrunk to {length}; lower its entry of {limit}")
        for name in allowed:
            problems.append(f"tools/tidy.toml: {path} has no function {name} any more; remove its entry")
    for path in (p for p in tree.files if p.suffix == ".py"):
        for node in ast.walk(ast.parse(sources.read(path, tree.root))):
            length = node.end_lineno - node.lineno + 1 if isinstance(node, ast.FunctionDef) else 0
            if length > cap:
                problems.append(f"{path}:{node.lineno}: {node.name} is {length} lines, at most {cap}")


def check_text(tree, problems):
    cap, free = tree.rules["sizes"]["line_max"], tree.rules["long_lines"]["allowed"]
    for path in tree.files:
        script = path.suffix == "" and len(path.parts) == 1 and path.name in ("run", "test")
        if not script and path.suffix not in TEXT_SUFFIXES:
            continue
        if "vectors" in path.parts or path.parts[0] == "data":
            continue
        text = tree.text.get(path) or sources.read(path, tree.root)
        for number, line in enumerate(text.splitlines(), 1):
            if "\t" in line:
                problems.append(f"{path}:{number}: tab; indent with blanks")
            if len(line) > cap and not matches(path, free):
                problems.append(f"{path}:{number}: {len(line)} characters, at most {cap}")
            if path.suffix in (".h", ".cpp", ".py") and path.name not in ("tidy.py", "tidy_test.py"):
                found = UNFINISHED.search(line)
                if found:
                    problems.append(f"{path}:{number}: {found.group(0)}; finish it, or write TODO(#issue)")


def check_banned(tree, problems):
    for row in tree.rules["banned"]:
        pattern = re.compile(row["pattern"])
        for path in tree.code:
            if matches(path, row["allowed"]):
                continue
            for match in pattern.finditer(tree.quiet[path]):
                line = sources.line_of(tree.quiet[path], match.start())
                problems.append(f"{path}:{line}: {match.group(0).strip()} is not used here; use {row['instead']}")


def check_names(tree, problems):
    names = tree.rules["names"]
    for path in tree.code:
        if not re.fullmatch(r"[a-z0-9_]+(\.gen)?\.(h|cpp|inc)", path.name):
            problems.append(f"{path}: file names are snake_case")
        for folder in path.parts[:-1]:
            if folder in names["refused_folders"]:
                problems.append(f"{path}: a folder named {folder} collects what has no home; name the noun")
        for match in TYPE.finditer(tree.quiet[path]):
            name = match.group(1)
            refused = any(name.endswith(s) and name != s for s in names["refused_suffixes"])
            if refused and name not in names["allowed_types"]:
                line = sources.line_of(tree.quiet[path], match.start())
                problems.append(f"{path}:{line}: {name}: name the noun that is kept or the verb that is done")


def check_headers(tree, problems):
    included = set()
    for path in tree.code:
        included.update(INCLUDE.findall(tree.text[path]))
    for path in tree.headers:
        name = str(path.relative_to("src")) if path.parts[0] == "src" else str(path)
        if name not in included and str(path) not in tree.rules["unused_headers"]:
            problems.append(f"{path}: nobody includes it; delete it or say why it stays in tools/tidy.toml")
        if not tree.text[path].lstrip().startswith("//"):
            problems.append(f"{path}:1: a header opens with what it is, its invariants, units, errors and thread rule")
        if "#pragma once" not in tree.quiet[path]:
            problems.append(f"{path}: no #pragma once")
    share, sizes = comment_share(tree), tree.rules["sizes"]
    if tree.headers and not sizes["comment_share_min"] <= share <= sizes["comment_share_max"]:
        problems.append(f"headers: {share} % of the lines carry a comment; between {sizes['comment_share_min']} and "
                        f"{sizes['comment_share_max']} % is the budget")


def headers_of(tree, path, known):
    """The system headers that a file names, itself or through ours."""
    if path not in known:
        known[path] = set()  # two headers that include each other end here
        found = set(SYSTEM_INCLUDE.findall(tree.text[path]))
        for name in INCLUDE.findall(tree.text[path]):
            for candidate in (Path("src") / name, Path(name), path.parent / name):
                if candidate in tree.text:
                    found |= headers_of(tree, candidate, known)
        known[path] = found
    return known[path]


def check_includes(tree, problems):
    """Builds with compiled headers (QUAYWATCH_PCH) would not notice a missing one."""
    known = {}
    for path in tree.code:
        for row in tree.rules["includes"]:
            used = re.search(row["pattern"], tree.quiet[path])
            if used and not headers_of(tree, path, known).intersection(row["headers"]):
                line = sources.line_of(tree.quiet[path], used.start())
                problems.append(f"{path}:{line}: {used[0]} without #include <{row['headers'][0]}>")


def scope_of(text, at):
    """Text from `at` to the end of the block, or of the loop or branch in whose head it stands."""
    depth = 0
    for match in re.compile(r"[(){};]").finditer(text, at):
        token = match.group(0)
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(token, 0)
        if depth < 0 and token == "}":
            return text[at:match.start()]
        if depth < 0:  # it stood in a head; the statement behind that is the scope
            behind = re.compile(r"\s*\{").match(text, match.end())
            return text[at:matching(text, behind.end() - 1)] if behind else text[at:text.find(";\n", match.end())]
    return text[at:]


def check_bindings(tree, problems):
    """Clang 14, which builds the sanitizers, knows no structured binding in a lambda that captures by default."""
    for path in tree.code:
        text = tree.quiet[path]
        for binding in BINDING.finditer(text):
            scope = scope_of(text, binding.end())
            for found in LAMBDA.finditer(scope):
                body = scope[found.end():matching(scope, found.end() - 1)]
                for name in re.findall(r"\w+", binding.group(1)):
                    used = re.search(rf"(?<![\w.:])(?<!->){name}\b", body)
                    own = re.search(rf"\b{name}\b", found.group(1) or "") or re.search(
                        rf"(?:auto|\w[&*>]?)\s*[&*]*\s+&?{name}\s*(?:[=:;{{]|\()", body)
                    if used and not own:
                        line = sources.line_of(text, binding.end() + found.start())
                        problems.append(f"{path}:{line}: the lambda uses the structured binding {name}; capture it "
                                        f"by a name of its own ([&, &of = {name}]), for clang 14")


def comment_share(tree):
    lines = sum(tree.lines(p) for p in tree.headers)
    return round(100 * sum(sources.comment_lines(tree.text[p]) for p in tree.headers) / lines) if lines else 0


def check_folders(tree, problems):
    """Modules are described, adapters have their documents, detectors are complete."""
    known = {str(p) for p in tree.files}
    code_map = sources.read("ARCHITECTURE.md", tree.root) if "ARCHITECTURE.md" in known else ""
    for module in sorted({p.parts[1] for p in tree.code if p.parts[0] == "src" and len(p.parts) > 2}):
        if f"src/{module}/README.md" not in known and f"`src/{module}`" not in code_map:
            problems.append(f"src/{module}: neither a README.md nor a paragraph `src/{module}` in ARCHITECTURE.md")
    for folder in sorted({p.parts[1] for p in tree.files if p.parts[0] == "adapters" and len(p.parts) > 2}):
        for name in tree.rules["adapter"]["files"]:
            if f"adapters/{folder}/{name}" not in known:
                problems.append(f"adapters/{folder}: {name} is missing")
    for folder in sorted({p.parts[1] for p in tree.files if p.parts[0] == "detectors" and len(p.parts) > 2}):
        check_detector(tree, f"detectors/{folder}", known, problems)


def check_detector(tree, folder, known, problems):
    rules = tree.rules["detector"]
    for name in rules["files"]:
        if f"{folder}/{name}" not in known:
            problems.append(f"{folder}: {name} is missing")
    for pattern, wanted in rules["vectors"].items():
        found = len(fnmatch.filter(known, f"{folder}/vectors/{pattern}"))
        if found < wanted:
            problems.append(f"{folder}/vectors: {found} of {pattern}, at least {wanted}")
    readme = f"{folder}/README.md"
    if readme in known:
        heads = [h.strip().lower() for h in re.findall(r"^##+ (.+)$", sources.read(readme, tree.root), re.M)]
        for spellings in rules["headings"]:
            if not any(h.startswith(s) for h in heads for s in spellings):
                problems.append(f"{readme}: no heading '{spellings[0]}'")


def measure(tree):
    written = [tree.lines(p) for p in tree.code if not sources.is_test(p)]
    headers = [tree.lines(p) for p in tree.headers]
    lengths = [n for p in tree.code if p.suffix != ".inc" for _, _, n in functions(tree.quiet[p])]
    for name, values in (("source files", written), ("headers", headers), ("functions", lengths)):
        print(f"{name}: {len(values)}; lines median {percentile(values, 50)}, p95 {percentile(values, 95)}, "
              f"max {max(values, default=0)}")
    print(f"headers: {comment_share(tree)} % of the lines carry a comment")


def check(tree):
    problems = []
    for step in (check_sizes, check_functions, check_text, check_banned, check_names, check_headers, check_includes,
                 check_bindings, check_folders):
        step(tree, problems)
    return problems


def wrap(tree):
    """clang-format on the lines over the limit only; what it cannot break (a long literal) stays reported."""
    cap = tree.rules["sizes"]["line_max"]
    for path in tree.code:
        lines = [n for n, line in enumerate(tree.text[path].splitlines(), 1) if len(line) > cap]
        if lines:
            ranges = [f"--lines={n}:{n}" for n in lines]
            subprocess.run(["clang-format", "-i", *ranges, str(tree.root / path)], check=True)
            print(f"{path}: {len(lines)} lines")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=sources.ROOT)
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--wrap", action="store_true")
    arguments = parser.parse_args()
    tree = Tree(arguments.root)
    if arguments.measure:
        measure(tree)
        return
    if arguments.wrap:
        wrap(tree)
        return
    problems = check(tree)
    for problem in problems:
        print(problem)
    print(f"tidy: {len(tree.code)} source files, {len(problems)} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
