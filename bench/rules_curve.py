#!/usr/bin/env python3
"""What many rules cost: one history judged by 1, 4, 16, 64, 256 and 1,024 generated rules, answers first, then times.

usage: rules_curve.py [--program build/release/bin/quaywatch] [--events 200000] [--rounds 3] [--counts 1,16,1024]

The rules come from 32 templates: whole texts, lists, beginnings, ends, parts, bounds and ranges of numbers,
expressions, comparisons of two fields, and `and`, `or`, `not` over them; no rule names an event type, so that every
rule concerns every event. The answer of a rule is how many events match and when the first was, and must be that of a
plain reading of the templates in this file. Then the shipped command is timed, from JSON lines to alerts on disk, on
one core, the counts in turn; `rule stage` is what it takes longer than with a rule that concerns no event at all and
has all of them kept, so that it holds judging, matches and alerts. With `perf`, instructions are counted instead: what
else the machine does is not in them. Exit status 1 when answers differ, the command takes more than 1.5 times as long
with all rules as with one, or the rule stage more than 4 times.
"""
import argparse
import functools
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from make_history import container

HERE = os.path.dirname(os.path.abspath(__file__))
T0 = 1_767_225_600  # 2026-01-01T00:00:00Z
BOXES = 50_000
KINDS = ["shift", "reload", "inspect", "stack", "load", "unload", "weigh", "repair"]
MODES = ["road", "rail", "barge", "feeder"]
SIZES = ["22G1", "42G1", "45G1", "22R1", "45R1", "22T1", "42U1", "L5G1", "22U1", "42R1"]


def fields(rng):
    """Type, feed and fields of one event."""
    if rng.random() < 0.4:
        there = [f"B{rng.randrange(40):02}-{rng.randrange(20):02}" for _ in range(2)]
        return "container.moved", "yard", {
            "equipment.id": f"E{rng.randrange(400):03}", "location.from": there[0], "location.to": there[1],
            "order.kind": rng.choice(KINDS)}
    if rng.random() < 0.67:
        kind = rng.choice(["container.gate_out", "container.gate_in"])
        more = {"container.damage": f"D{rng.randrange(32):02} dent"} if rng.random() < 0.05 else {}
        return kind, "gate", {
            "party.code": f"P{rng.randrange(1000):03}", "capture.lane": f"L{rng.randrange(40):02}",
            "transport.mode": rng.choice(MODES), "container.size_type": rng.choice(SIZES),
            "container.weight_kg": rng.randrange(2_000, 32_000), **more}
    return "container.discharged", "quay", {
        "vessel.voyage": f"V{rng.randrange(300):03}", "container.slot": f"{rng.randrange(50):02}{rng.randrange(20):02}",
        "seal.number": f"S{rng.randrange(1_000_000):06}"}


def history(path, n):
    """The events as JSON lines, and as dictionaries for the plain reading."""
    rng, rows = random.Random(1), []
    with open(path, "w") as f:
        for i in range(n):
            kind, feed, row = fields(rng)
            row["container.number"] = container(rng.randrange(BOXES))
            ms = i * 1000
            at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(T0 + ms // 1000)) + "Z"
            head = {"type": kind, "feed": feed, "facility": "ZZQAY/T1", "event_time": at, "received_at": at}
            f.write(json.dumps({**head, **row}, separators=(",", ":")) + "\n")
            rows.append({**row, "event.feed": feed, "at": at})
    return rows


# --- the words of the templates: each is a line of YAML and what it asks of a row -------------------------------------
def texts(field, values, test, modifier=""):
    lower = [v.lower() for v in values]
    return f"    {field}{modifier}: [{', '.join(repr(v) for v in values)}]", lambda row: field in row and any(
        test(row[field].lower(), v) for v in lower)


def one(field, *values):
    return texts(field, values, str.__eq__)


def begins(field, *values):
    return texts(field, values, str.startswith, "|startswith")


def ends(field, *values):
    return texts(field, values, str.endswith, "|endswith")


def holds(field, *values):
    return texts(field, values, str.__contains__, "|contains")


def at_least(field, n):
    return f"    {field}|gte: {n}", lambda row: row.get(field, -1) >= n


def below(field, n):
    return f"    {field}|lt: {n}", lambda row: field in row and row[field] < n


def like(field, expression):
    compiled = re.compile(expression)
    return f"    {field}|re: '{expression}'", lambda row: field in row and bool(compiled.search(row[field]))


def same(field, other):
    return f"    {field}|fieldref: {other}", lambda row: field in row and other in row and row[field] == row[other]


# A condition over search identifiers, each a list of words that must all hold.
def only(*words):
    return "a", lambda a: a, [words]


def either(a, b):
    return "a or b", lambda a, b: a | b, [a, b]


def both(a, b):
    return "all of them", lambda a, b: a & b, [a, b]


def but_not(a, *others):
    return "a and not 1 of n*", lambda a, *n: a & ~functools.reduce(int.__or__, n), [a, *others]


def detection(template):
    condition, _, identifiers = template
    names = ["a", "b"] if condition != "a and not 1 of n*" else ["a", "n1", "n2"]
    maps = (f"  {name}:\n" + "\n".join(line for line, _ in words) for name, words in zip(names, identifiers))
    return "\n".join(maps) + f"\n  condition: {condition}\n"


def templates(k):
    """The 32 templates with the parameters of the k-th rule of each."""
    e = lambda i: f"E{(k * 12 + i) % 400:03}"
    p = lambda i: f"P{(k * 30 + i) % 1000:03}"
    place = lambda i: f"B{(k + i) % 40:02}-{(k * 3 + i) % 20:02}"
    lane, v, size, mode = f"L{k:02}", f"V{k * 9:03}", SIZES[k % 10], MODES[k % 4]
    kinds, weight, number = [KINDS[(k + i) % 8] for i in range(4)], "container.weight_kg", "container.number"
    return [
        only(one("equipment.id", e(0))),
        only(one("equipment.id", e(1)), begins("location.to", f"B{k % 4}")),
        only(one("equipment.id", e(2), e(40), e(80))),
        only(one("location.to", place(0))),
        only(one("location.from", place(1)), one("order.kind", *kinds)),
        but_not([one("location.from", place(2))], [begins("equipment.id", f"E0{k % 10}")]),
        only(one("party.code", p(0))),
        only(one("party.code", p(1)), at_least(weight, 5_000 + 400 * k)),
        only(one("party.code", p(2)), begins("capture.lane", "L0", "L1", "L2")),
        only(one("party.code", p(3), p(30)), one("transport.mode", mode)),
        only(one("capture.lane", lane), at_least(weight, 3_000 + 800 * k), below(weight, 5_000 + 800 * k)),
        only(one("container.size_type", size), one("capture.lane", lane), below(weight, 9_000 + 500 * k)),
        only(one("container.size_type", size), one("transport.mode", mode), at_least(weight, 28_000 + 90 * k)),
        only(one("vessel.voyage", v)),
        only(one("vessel.voyage", f"V{k * 9 + 1:03}"), begins("container.slot", "0", "1")),
        only(one("container.slot", f"{k:02}{k % 20:02}", f"{k:02}{(k + 7) % 20:02}")),
        only(ends("seal.number", f"{k * 31 % 1000:03}")),
        only(ends("seal.number", f"{k * 3:02}"), begins("container.slot", "2")),
        only(ends(number, f"{k * 29 % 1000:03}")),
        only(like(number, f"{k % 10}.$"), one("equipment.id", e(3), e(43), e(83), e(123))),
        only(at_least(weight, 31_970 - 5 * k)),
        only(below(weight, 2_030 + 5 * k)),
        either([one("equipment.id", e(4))], [one("party.code", p(4))]),
        either([one("location.to", place(5))], [one("vessel.voyage", v), begins("container.slot", "4")]),
        both([one("equipment.id", e(5), e(205))], [one("order.kind", *kinds)]),
        but_not([same("location.from", "location.to")], [one("equipment.id", e(6))]),
        only(one("event.feed", "yard"), one("equipment.id", e(7))),
        only(begins("capture.lane", "L1", "L2", "L3"), one("party.code", p(5))),
        but_not([one("container.size_type", size), one("capture.lane", lane)], [one("transport.mode", mode)]),
        only(begins("container.damage", f"d{k:02}")),
        only(holds("container.damage", f"{k:02} dent"), below(weight, 14_000 + 500 * k)),
        but_not([begins("location.to", f"B{k:02}-0{k % 10}")], [one("order.kind", *kinds)],
                [begins("location.from", "B0")]),
    ]


def generated(count):
    """By rule id: text and template. The templates take turns."""
    out, by_k = {}, {}
    for i in range(count):
        template = by_k.setdefault(i // 32, templates(i // 32))[i % 32]
        id = f"9d5b3a10-7c21-4e55-8f00-{i:012}"
        out[id] = (
            f"title: Generated rule {i}\nid: {id}\nstatus: experimental\nlogsource:\n  product: port\n"
            f"  category: container\ndetection:\n{detection(template)}falsepositives:\n  - None is meant.\n"
            "level: low\nquaywatch:\n  direction: [inbound]\n  group_by: [event.facility]\n  timespan: 30d\n", template)
    return out


# A fact that may rest on an event of any type but a roster's: so that what is kept is what the rules need, too.
IDLE = {"9d5b3a10-7c21-4e55-8f00-999999999999": (
    "title: Concerns no event\nid: 9d5b3a10-7c21-4e55-8f00-999999999999\nstatus: experimental\nlogsource:\n"
    "  product: port\n  category: container\ndetection:\n  a:\n    event.type: vessel.arrived\n"
    "    vessel.voyage: none\n    credential.replaced: true\n  condition: a\nfalsepositives:\n  - None is meant.\n"
    "level: low\n"
    "quaywatch:\n  direction: [inbound]\n  group_by: [event.facility]\n", None)}


def run(program, scratch, rules, feed):
    """Answers by rule id, and the cost: instructions where perf can count them, else seconds."""
    folder = os.path.join(scratch, "rules")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for id, (text, _) in rules.items():
        with open(os.path.join(folder, id + ".yml"), "w") as f:
            f.write(text)
    command = [program, "detect", "--format", "jsonl", "--time-zone", "UTC", "--rules", folder, feed]
    counts = os.path.join(scratch, "perf")
    if shutil.which("perf"):
        command = ["perf", "stat", "-x", ",", "-e", "instructions:u", "-o", counts, *command]
    if shutil.which("taskset"):
        command = ["taskset", "-c", "0", *command]
    alerts = os.path.join(scratch, "alerts.jsonl")
    started = time.monotonic()
    with open(alerts, "w") as out:
        done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, text=True,
                              env={**os.environ, "QUAYWATCH_HOME": os.path.join(scratch, "home")})
    seconds = time.monotonic() - started
    if done.returncode or "refused" in done.stderr:
        sys.exit(done.stderr[-2000:])
    found = {}
    with open(alerts) as f:
        for line in f:
            alert = json.loads(line)
            assert alert["rule_id"] not in found, "one episode a rule is meant"
            found[alert["rule_id"]] = (alert["matches"], alert["event_time"])
    instructions = None
    if os.path.exists(counts):
        with open(counts) as f:
            if m := re.search(r"^(\d+),,instructions", f.read(), re.M):
                instructions = int(m[1])
    return found, seconds, instructions


def read_plainly(rows, rules):
    """By rule id: how many events match, and when the first was. Every word is asked of every row, once."""
    known, out = {}, {}

    def rows_of(word):
        line, test = word
        if line not in known:
            known[line] = int("".join("1" if test(row) else "0" for row in reversed(rows)), 2)
        return known[line]

    for id, (_, (_, combine, identifiers)) in rules.items():
        mask = combine(*(functools.reduce(int.__and__, map(rows_of, words)) for words in identifiers))
        if mask:
            out[id] = (mask.bit_count(), rows[(mask & -mask).bit_length() - 1]["at"])
    return out, len(known)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--program", default=os.path.join(HERE, "..", "build", "release", "bin", "quaywatch"))
    p.add_argument("--events", type=int, default=200_000)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--counts", default="1,4,16,64,256,1024")
    a = p.parse_args()
    counts, is_good = [int(c) for c in a.counts.split(",")], True
    with tempfile.TemporaryDirectory() as scratch:
        feed = os.path.join(scratch, "events.jsonl")
        rows = history(feed, a.events)
        rules = generated(max(counts))
        expected, words = read_plainly(rows, rules)
        rates = sorted(n / len(rows) for n, _ in expected.values())
        print(f"{len(rows)} events, {len(rules)} rules of {words} predicates: each matches {rates[0]:.1e} to "
              f"{rates[-1]:.1e} of the events, {statistics.median(rates):.1e} in the middle, "
              f"all together {sum(rates):.2f} times an event")
        if len(expected) < len(rules) or rates[0] < 1e-4 or rates[-1] > 1e-2:
            print("NOT as wanted: every rule between 1e-4 and 1e-2")
            is_good = False
        sets = {0: IDLE, **{c: dict(list(rules.items())[:c]) for c in counts}}
        costs = {c: [] for c in sets}
        for _ in range(a.rounds):
            for c, chosen in sets.items():
                found, seconds, instructions = run(a.program, scratch, chosen, feed)
                costs[c].append((seconds, instructions))
                if c and found != {id: expected[id] for id in chosen if id in expected}:
                    wrong = [id for id in chosen if found.get(id) != expected.get(id)]
                    print(f"{c} rules: {len(wrong)} answers NOT THE SAME, such as {wrong[0]}: "
                          f"{found.get(wrong[0])} for {expected.get(wrong[0])}")
                    is_good = False
    by_instructions = all(i is not None for rounds in costs.values() for _, i in rounds)
    cost = {c: min(i if by_instructions else s for s, i in rounds) for c, rounds in costs.items()}
    unit, per = ("instructions an event", 1) if by_instructions else ("ns an event", 1e9)
    for c in counts:
        stage = (cost[c] - cost[0]) * per / len(rows)
        seconds = min(s for s, _ in costs[c])
        print(f"{c:5} rules: {seconds:6.2f} s, {len(rows) / seconds:9.0f} events/s; "
              f"{cost[c] * per / len(rows):7.0f} {unit}, of them rule stage {stage:6.0f}")
    first, last = counts[0], counts[-1]
    whole = cost[last] / cost[first]
    stage = (cost[last] - cost[0]) / (cost[first] - cost[0])
    print(f"{last} rules to {first}: whole command {whole:.2f} times, rule stage {stage:.2f} times")
    sys.exit(0 if is_good and whole <= 1.5 and stage <= 4 else 1)


if __name__ == "__main__":
    main()
