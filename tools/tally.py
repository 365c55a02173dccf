#!/usr/bin/env python3
"""Count test results and end with one line: N passed, N failed, N skipped.

usage: tally.py [--cases DIR] [--junit LABEL FILE] [--outcomes FILE] [--failed WORDS] [--skipped WORDS] ...

DIR holds entries.json (ctest --show-only=json-v1), ctest.xml (--output-junit) and gtest/*.xml (GTEST_OUTPUT).
--cases counts each GoogleTest case of a program, or the entry itself where it is no GoogleTest program; --junit counts
the cases of one file; --outcomes reads lines of outcome, name and reason between tabs. Failures and skips are listed
with their reasons first. Exit status 1 when one failed or nothing passed.
"""
import json
import os
import sys
import xml.etree.ElementTree as ElementTree

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
OUTPUT_LINES = 15  # of a failed entry's output, shown under its name


def entry_files(folder):
    """ctest entry -> GoogleTest results file: the one its command names, else the program's in gtest/."""
    with open(os.path.join(folder, "entries.json"), encoding="utf-8") as f:
        tests = json.load(f).get("tests", [])
    files = {}
    for test in tests:
        command = test.get("command", [""])
        named = [a.split("xml:", 1)[1] for a in command if a.startswith("--gtest_output=xml:")]
        files[test["name"]] = (
            named[0] if named else os.path.join(folder, "gtest", os.path.basename(command[0]) + ".xml")
        )
    return files


def entry_results(folder):
    """ctest entry -> (outcome, reason), by ctest's own account."""
    results = {}
    path = os.path.join(folder, "ctest.xml")
    if not os.path.exists(path):
        return results
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        status = case.get("status", "")
        skipped, failure = case.find("skipped"), case.find("failure")
        if status == "run":
            outcome, reason = PASSED, ""
        elif skipped is not None and "SKIP" in skipped.get("message", ""):
            outcome, reason = SKIPPED, last_line(case.findtext("system-out", ""))
        elif status == "disabled":
            outcome, reason = SKIPPED, "disabled"
        else:
            node = failure if failure is not None else skipped
            outcome = FAILED
            reason = (node.get("message", "") if node is not None else "") or status
            reason += "".join("\n    " + line for line in tail(case.findtext("system-out", "")))
        results[case.get("name")] = (outcome, reason)
    return results


def tail(text):
    return [line for line in text.splitlines() if line.strip()][-OUTPUT_LINES:]


def last_line(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""


def program_cases(path):
    """(outcome, case, reason) of each case in a GoogleTest XML file; None when the program left no readable one."""
    try:
        root = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError):
        return None
    cases = []
    for case in root.iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        failure, skipped = case.find("failure"), case.find("skipped")
        if failure is not None:
            cases.append((FAILED, name, "".join("\n    " + line for line in tail(failure.get("message", "")))))
        elif skipped is not None:
            cases.append((SKIPPED, name, last_line(skipped.get("message", "")) or "no reason given"))
        elif case.get("status") == "notrun":
            cases.append((SKIPPED, name, "disabled"))
        else:
            cases.append((PASSED, name, ""))
    return cases


def count_cases(folder):
    rows, results = [], entry_results(folder)
    for entry, file in entry_files(folder).items():
        outcome, reason = results.get(entry, (FAILED, "ctest did not run it"))
        cases = program_cases(file)
        if not cases:
            rows.append((outcome, entry, reason))
            continue
        rows += [(o, f"{entry} {name}", why) for o, name, why in cases]
        # Green cases and a red program: it died at exit, or wrote its results before it was killed.
        if outcome == FAILED and not any(o == FAILED for o, _, _ in cases):
            rows.append((FAILED, entry, f"no case failed, yet the program did: {reason}"))
    return rows


def read_outcomes(path):
    """What a stage wrote itself (tools/fuzz.py). A stage that died before it wrote anything has failed."""
    try:
        with open(path, encoding="utf-8") as f:
            return [tuple(line.rstrip("\n").split("\t")) for line in f]
    except OSError:
        return [(FAILED, path, "was not written")]


def collect(arguments):
    rows, logs, rest = [], [], list(arguments)
    while rest:
        option = rest.pop(0)
        if option == "--cases":
            folder = rest.pop(0)
            rows += count_cases(folder)
            logs.append(folder)
        elif option == "--junit":
            label, file = rest.pop(0), rest.pop(0)
            cases = program_cases(file)
            rows += [(FAILED, file, "was not written")] if cases is None else [
                (outcome, f"{label}/{name}", why) for outcome, name, why in cases]
        elif option == "--outcomes":
            rows += read_outcomes(rest.pop(0))
        elif option in ("--failed", "--skipped"):
            rows.append((option[2:], rest.pop(0), ""))
        else:
            sys.exit(f"tally: unknown option {option}")
    return rows, logs


def main():
    rows, logs = collect(sys.argv[1:])
    counts = {outcome: sum(1 for o, _, _ in rows if o == outcome) for outcome in (PASSED, FAILED, SKIPPED)}
    for outcome in (SKIPPED, FAILED):
        for _, name, reason in (r for r in rows if r[0] == outcome):
            print(f"{outcome}: {name}" + (f": {reason}" if reason else ""))
    if counts[FAILED]:
        for folder in logs:
            print(f"output of what failed: {os.path.join(folder, 'ctest.log')}")
    print(f"{counts[PASSED]} passed, {counts[FAILED]} failed, {counts[SKIPPED]} skipped")
    sys.exit(1 if counts[FAILED] or not counts[PASSED] else 0)


if __name__ == "__main__":
    main()
