#!/usr/bin/env python3
"""Write THIRD_PARTY.md from what CMake finds, the sources include, the program links and the console bundles.

Checks every licence.

usage: licences.py            writes THIRD_PARTY.md
       licences.py --check [--binaries DIR]
           fails when the page is stale (versions aside), a library has no row in tools/licences.toml, a licence is
           not on its list, Debian's copyright file says something else, or DIR/quaywatch links what no row names.
           Exit status 77 where the Debian packages are not there to be read.
"""
import argparse
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import sources

PAGE = "THIRD_PARTY.md"
FOUND = re.compile(r"^[ \t]*(?:find_package|pkg_check_modules|pkg_search_module)\s*\(\s*([\w.+-]+)", re.M)
INCLUDED = re.compile(r"^[ \t]*#[ \t]*include[ \t]*<([^>\n]+)>", re.M)
USES = {"linked": "shared library", "header": "compiled in", "test": "tests only",
        "bench": "benchmarks only", "system": "part of the system"}
HEAD = """# Third-party software

Written by `tools/licences.py` from `tools/licences.toml`, the build and the installed Debian packages; a test fails
when it is stale. No third-party source is copied into this repository: every library comes from a Debian 12 package.
Licence texts are in `/usr/share/doc/PACKAGE/copyright`. Data with a licence of its own is listed in `NOTICE`.

| library | Debian package | version | licence (SPDX) | how it is used |
|---|---|---|---|---|
"""


CONSOLE_HEAD = """
## In the console

What `console/dist` holds beside our own code, from `console/package-lock.json`; `licences.txt` there has the texts.
What only builds or tests the console is not distributed and not listed.

| package (npm) | version | licence (SPDX) |
|---|---|---|
"""


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def version(package):
    return run("dpkg-query", "-W", "-f=${Version}", package).strip()


def found_names(root):
    """Names of libraries that any CMake file looks for."""
    names = set()
    for path in sources.files(root):
        if path.name == "CMakeLists.txt" or path.suffix == ".cmake":
            names.update(FOUND.findall(re.sub(r"#[^\n]*", "", sources.read(path, root))))
    return names


def included_names(root):
    names = set()
    for path in sources.code_files(root):
        names.update(INCLUDED.findall(sources.read(path, root)))
    return names


def used_rows(table, found, included):
    def used(row):
        by_include = any(name.startswith(start) for start in row.get("includes", []) for name in included)
        return row["use"] == "system" or by_include or not found.isdisjoint(row.get("finds", []))
    return [row for row in table["library"] if used(row)]


def console_packages(root):
    """(name, version, licence) of the npm packages that the console needs at run time."""
    lock = json.loads(sources.read(Path("console/package-lock.json"), root))
    built_in = [(path, entry) for path, entry in sorted(lock["packages"].items())
                if path and not entry.get("dev") and not entry.get("devOptional")]
    return [(path.removeprefix("node_modules/"), entry["version"], entry.get("license", ""))
            for path, entry in built_in]


def page(rows, bundled):
    lines = []
    for row in rows:
        package = row.get("runtime", row["package"])
        cells = (row["name"], package, version(package), row["spdx"], USES[row["use"]])
        lines.append("| " + " | ".join(cells) + " |\n")
    console = ["| " + " | ".join(cells) + " |\n" for cells in bundled]
    return HEAD + "".join(lines) + CONSOLE_HEAD + "".join(console)


def without_versions(text):
    return re.sub(r"^(\|[^|\n]*\|[^|\n]*\|)[^|\n]*\|", r"\1|", text, flags=re.M)


def stated_licence(package):
    """First licence that Debian's copyright file gives for all files of the package; empty when it is absent."""
    path = Path("/usr/share/doc") / package / "copyright"
    text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    match = re.search(r"^Files:\s*\*.*?^License:[ \t]*([^\n]*)", text, re.M | re.S)
    return match.group(1).strip() if match else ""


def linked_packages(program):
    """{package: library file} of every shared library the program needs, directly or through another."""
    packages = {}
    for library in re.findall(r"=>\s*(/\S+)", run("ldd", str(program))):
        # dpkg knows a merged /usr by the path it installed to.
        for path in (library, "/usr" + library, library.removeprefix("/usr")):
            owner = run("dpkg", "-S", path).split(":")[0]
            if owner:
                packages[owner] = library
                break
        else:
            packages[f"(no package owns {library})"] = library
    return packages


def check(table, rows, bundled, found, root, binaries):
    problems = [f"{name}: {spdx or 'no licence'} is not on the list of licences in tools/licences.toml"
                for name, _, spdx in bundled if spdx not in table["allowed"]]
    known = {name for row in table["library"] for name in row.get("finds", [])} | set(table["tools"])
    for name in sorted(found - known - {"quaywatch"}):
        problems.append(f"tools/licences.toml: no row finds {name}, which CMake looks for")
    for row in rows:
        allowed = table["allowed"] + (table["allowed_system"] if row["use"] == "system" else [])
        if row["spdx"] not in allowed:
            problems.append(f"{row['name']}: {row['spdx']} is not on the list of licences in tools/licences.toml")
        # ./test does not install what only benchmarks need.
        is_absent = row["use"] == "bench" and not version(row["package"])
        stated = row.get("debian_says") if is_absent else stated_licence(row["package"])
        if "debian_says" in row and stated != row["debian_says"]:
            problems.append(f"{row['name']}: {row['package']} states '{stated}', the table '{row['debian_says']}'; "
                            "read the new text")
        if any(row["package"].startswith(name) for name in table["refused"]):
            problems.append(f"{row['name']}: refused; see tools/licences.toml")
    program = binaries / "quaywatch" if binaries else None
    if program and program.exists():
        runtimes = {row.get("runtime") for row in rows}
        for package, library in sorted(linked_packages(program).items()):
            if package not in runtimes:
                problems.append(f"{program.name} links {library} of {package}: no row names it as runtime")
    committed = sources.read(Path(PAGE), root) if (root / PAGE).exists() else ""
    if without_versions(committed) != without_versions(page(rows, bundled)):
        problems.append(f"{PAGE} is stale; write it again with tools/licences.py")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--binaries", type=Path)
    arguments = parser.parse_args()
    root = sources.ROOT
    with open(root / "tools/licences.toml", "rb") as f:
        table = tomllib.load(f)
    found = found_names(root)
    rows = used_rows(table, found, included_names(root))
    bundled = console_packages(root)
    if not Path("/usr/share/doc/libssl-dev/copyright").exists():
        print("licences: the copyright files of the Debian packages are not installed here")
        sys.exit(77)
    if not arguments.check:
        (root / PAGE).write_text(page(rows, bundled), encoding="utf-8")
        return
    problems = check(table, rows, bundled, found, root, arguments.binaries)
    for problem in problems:
        print(problem)
    print(f"licences: {len(rows)} libraries, {len(bundled)} npm packages, {len(problems)} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
