#!/usr/bin/env python3
"""Check every #include "..." against layers.toml: undeclared edges, cycles, includes that name no file of ours.

usage: check_layers.py [--root DIR] [--graph]

A module is a folder: src/NAME, adapters/NAME, and adapters, tests, bench, fuzz themselves. --graph prints the edges.
"""
import argparse
import re
import sys
import tomllib
from pathlib import Path

import sources

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*"([^"\n]+)"', re.M)


def module_of(path):
    """src/model/event.h -> src/model; adapters/codeco/adapter.cpp -> adapters/codeco; adapters/x.h -> adapters."""
    if path.parts[0] in ("src", "adapters") and len(path.parts) > 2:
        return "/".join(path.parts[:2])
    return path.parts[0]


def declared_row(module, layers):
    """The row of layers.toml that speaks for a module: its own name, else its family such as adapters/*."""
    if module in layers:
        return module
    family = module.split("/")[0] + "/*"
    return family if "/" in module and family in layers else None


def allows(patterns, module):
    family = module.split("/")[0] + "/*" if "/" in module else None
    return module in patterns or (family is not None and family in patterns)


def resolve(name, root):
    """Path of an included file relative to root; a *.gen.* file lies in the build tree and counts to its folder."""
    for base in ("src", "."):
        path = Path(base) / name
        if (root / path).is_file() or (".gen." in path.name and (root / path.parent).is_dir()):
            return path
    return None


def edges_of(paths, root, problems):
    """{(from, to): "file:line" of the first include}; problems gets the includes that resolve to nothing."""
    edges = {}
    for path in paths:
        text = sources.read(path, root)
        # Comments are blanked, the include's own literal is not: it is read from the original text.
        quiet = sources.blank(text)
        for match in INCLUDE.finditer(text):
            if "include" not in quiet[match.start():match.end()]:
                continue
            where = f"{path}:{sources.line_of(text, match.start(1))}"
            target = resolve(match.group(1), root)
            if target is None:
                problems.append(f'{where}: "{match.group(1)}" is no file of ours. Write the full path from src/ or the '
                                "root; libraries go in <...>, generated files carry .gen. in their name")
                continue
            edge = (module_of(path), module_of(target))
            if edge[0] != edge[1]:
                edges.setdefault(edge, where)
    return edges


def find_cycle(edges):
    """One cycle of modules as a list that ends where it begins, or None."""
    graph, done = {}, set()
    for a, b in edges:
        graph.setdefault(a, []).append(b)

    def walk(node, trail):
        if node in trail:
            return trail[trail.index(node):] + [node]
        if node in done:
            return None
        for following in sorted(graph.get(node, [])):
            cycle = walk(following, trail + [node])
            if cycle:
                return cycle
        done.add(node)
        return None

    for start in sorted(graph):
        cycle = walk(start, [])
        if cycle:
            return cycle
    return None


def check(root):
    problems = []
    with open(root / "layers.toml", "rb") as f:
        layers = tomllib.load(f)["modules"]
    declared = [(a, b) for a, allowed in layers.items() for b in allowed if a != b and "*" not in a + b]
    cycle = find_cycle(declared)
    if cycle:
        problems.append("layers.toml: the declared edges form a cycle: " + " -> ".join(cycle))

    paths = sources.code_files(root)
    rows = {}
    for path in paths:
        module = module_of(path)
        if module not in rows:
            rows[module] = declared_row(module, layers)
            if rows[module] is None:
                problems.append(f'layers.toml: no row for {module} ({path}). Add "{module}" = [what it may include]')
    edges = edges_of(paths, root, problems)
    for (a, b), where in sorted(edges.items()):
        if rows.get(a) is not None and not allows(layers[rows[a]], b):
            allowed = ", ".join(layers[rows[a]]) or "nothing"
            problems.append(f"{where}: {a} may not include {b}. Allowed: {allowed} (layers.toml)")
    cycle = find_cycle(edges)
    if cycle:
        problems.append("include cycle: " + " -> ".join(cycle) + "; first at " + edges[cycle[0], cycle[1]])
    return problems, edges, rows


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=Path, default=sources.ROOT)
    parser.add_argument("--graph", action="store_true")
    arguments = parser.parse_args()
    problems, edges, rows = check(arguments.root)
    if arguments.graph:
        for (a, b), where in sorted(edges.items()):
            print(f"{a} -> {b}  ({where})")
    for problem in problems:
        print(problem)
    print(f"layers: {len(rows)} modules, {len(edges)} edges, {len(problems)} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
