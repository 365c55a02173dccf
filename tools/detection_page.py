#!/usr/bin/env python3
"""Write the page that shows where detection fails: simulate ports, plant every script, detect, score, join over seeds.

usage: detection_page.py PROGRAM OUT.md [--seeds 101,102,103] [--days 14] [--size small] [--from 2026-10-05]
                         [--jobs 1]

What `score` says is added up, not computed again. Each seed gives five ports: one without a crime, for false alarms and
for what is found by chance, and one per level of carefulness. The same program and options give the same page, however
many seeds are run at once (--jobs).
"""
import argparse
import csv
import json
import math
import os
import re
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import detection_nights
import sources

LEVELS = (0, 1, 2, 3)
ZONE = "Europe/Ljubljana"  # whose clock the simulated terminal's messages show
TAIL = 0.025  # on each side of a 95 % interval
# Of zeros (docs/formats/journal.md): event ids follow from it and decide which record of an instant comes first.
SITE_KEY = b"QWKEYS\r\n" + struct.pack("<II32xI", 1, 1, 0x8A9136AA)
instant = datetime.fromisoformat


def interval(n, at_most, low, high):
    """Where n or more, and n or fewer, have the chance TAIL; `at_most(n, x)` falls with x."""
    def where(holds):
        ends = [low, high]
        for _ in range(60):
            middle = sum(ends) / 2
            ends[0 if holds(middle) else 1] = middle
        return ends[0]
    return where(lambda x: n and 1 - at_most(n - 1, x) < TAIL), where(lambda x: at_most(n, x) > TAIL)


def share(found, of):
    """With the interval of Clopper and Pearson, exact for a share."""
    if not of:
        return "not planted"
    low, high = interval(found, lambda k, p: sum(math.comb(of, i) * p**i * (1 - p) ** (of - i)
                                                 for i in range(k + 1)), 0, 1)
    return f"{found} of {of} ({100 * low:.0f} to {100 * high:.0f} %)"


def rate(n, of):
    """With the interval of Garwood, exact for a count."""
    low, high = interval(n, lambda k, mean: sum(math.exp(i * math.log(mean) - mean - math.lgamma(i + 1))
                                                for i in range(k + 1)), 1e-9, 2 * n + 20)
    return f"{n / of:.2f} ({low / of:.2f} to {high / of:.2f})"


def table(head, rows):
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in [head, ["---"] * len(head), *rows])


class Ports:
    """The runs, and what `score` says of each."""

    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.clean, self.found, self.planted = [], Counter(), Counter()
        self.false = Counter()  # alerts on the ports without a crime, by level
        self.unfit, self.versions, self.mo, self.waits = Counter(), {}, {}, defaultdict(list)
        self.nights = detection_nights.Nights()
        self.not_found = []  # seed, level, script, hours from the first day to its first act, found to the end

    def add(self, other):
        self.clean += other.clean
        self.not_found += other.not_found
        for mine, more in ((self.found, other.found), (self.planted, other.planted), (self.false, other.false),
                           (self.unfit, other.unfit), (self.versions, other.versions), (self.mo, other.mo)):
            mine.update(more)
        for title, waits in other.waits.items():
            self.waits[title] += waits
        self.nights.add(other.nights)

    def run(self, *arguments, into="out", may_fail=False):
        with open(self.folder / into, "w", encoding="utf-8") as out:
            p = subprocess.run([os.path.abspath(self.options.program), *arguments], stdout=out, stderr=subprocess.PIPE,
                               text=True, cwd=self.folder, check=False,
                               env={**os.environ, "QUAYWATCH_HOME": str(self.folder / "home")})
        if p.returncode and not may_fail:
            sys.exit(f"detection_page: {' '.join(arguments)}: exit code {p.returncode}\n{p.stderr[-2000:]}\n"
                     "Run this command by itself; if the program is too old for it: ./run --build-only")
        return p.stderr

    def seed(self, seed):
        o = self.options
        for level in (None, *LEVELS):
            name, word = f"alerts_{level}.jsonl", "no crime" if level is None else f"all:{level}"
            print(f"seed {seed}, {word}", file=sys.stderr)
            told = self.run("simulate", "--seed", str(seed), "--days", str(o.days), "--size", o.size, "--from", o.first,
                            *([] if level is None else ["--plant", word]), "port", may_fail=True)
            if not (truth := self.folder / "port/truth/plants.jsonl").exists():
                sys.exit(f"detection_page: simulate wrote no truth; mend what it says:\n{told}")
            plants = map(json.loads, truth.read_text(encoding="utf-8").splitlines())
            self.mo.update((plant["script"], plant["mo"]) for plant in plants if not plant["innocent"])
            self.unfit.update((script, int(at)) for script, at in re.findall(r"'(\w+)' at level (\d) fits no", told))
            self.run("detect", "--format", "jsonl", "--account", "account.json", "--time-zone", ZONE, "--now", o.now,
                     "port/feeds", into=name)
            if level is None:
                self.clean.append(self.score(name, "--account", "account.json"))
                self.night_by_night(name)
            for kind, alerts, reach in (("", name, "72h"), ("chance", "alerts_None.jsonl", "72h"),
                                        ("end", name, f"{o.days}d"), ("end chance", "alerts_None.jsonl", f"{o.days}d")):
                for row in self.score(alerts, "--reach", reach)["recall"]:
                    for key in ((script, at) for script in {row["script"], "all"} for at in {row["carefulness"], None}):
                        if row["script"]:
                            self.found[kind, *key] += row["found"]
                            self.planted[kind, *key] += row["planted"]
            if level is not None:
                self.note_missed(seed, level, name)
            self.read_alerts(name, self.false if level is None else Counter())
            shutil.rmtree(self.folder / "port")

    def note_missed(self, seed, level, name):
        to_the_end = {crime["id"] for crime in self.score(name, "--reach", f"{self.options.days}d")["not_found"]}
        score = self.score(name)
        for crime in score["not_found"]:
            begins = min(instant(act["at"]) for act in crime["acts"]) - instant(score["port"]["from"])
            self.not_found.append([seed, level, crime["script"], f"{begins / timedelta(hours=1):.0f} h",
                                   "no" if crime["id"] in to_the_end else "yes"])

    def night_by_night(self, name):
        tells = []
        for morning in detection_nights.mornings(self.options.first, self.options.days):
            detection_nights.arrived(self.folder / "port", morning, self.folder / "morning")
            self.run("detect", "--format", "jsonl", "--time-zone", ZONE, "--now", f"{morning:%Y-%m-%dT%H:%M:%SZ}",
                     "morning/feeds", into="morning.jsonl")
            tells.append(detection_nights.alerts_of(self.folder / "morning.jsonl"))
        self.nights.read(tells, detection_nights.alerts_of(self.folder / name))

    def score(self, alerts, *arguments):
        self.run("score", "--format", "json", "--truth", "port/truth", *arguments, alerts, into="score.json")
        return json.loads((self.folder / "score.json").read_text(encoding="utf-8"))

    def read_alerts(self, name, levels):
        rows = csv.DictReader((self.folder / "port/delivery.csv").read_text(encoding="utf-8").splitlines())
        arrives = {"port/" + row["file"]: instant(row["arrives"]) for row in rows}
        for alert in map(json.loads, (self.folder / name).read_text(encoding="utf-8").splitlines()):
            self.versions[alert["rule_id"]] = alert["rule_version"]
            levels[alert["level"]] += 1
            feed = max(arrives[evidence["file"]] for evidence in alert["evidence"] if "file" in evidence)
            event, knowable = instant(alert["event_time"]), max(feed, instant(alert["knowable_at"]))
            self.waits[alert["title"]].append([(feed - event).total_seconds(), (knowable - feed).total_seconds()])


def ports_of(options, folder, seed):
    (key := folder / "home/keys/site.key").parent.mkdir(parents=True)
    key.write_bytes(SITE_KEY)
    ports = Ports(options, folder)
    ports.seed(seed)
    return ports


def shipped_rules():
    """Title to modi operandi, of detectors/."""
    texts = [path.read_text(encoding="utf-8") for path in (sources.ROOT / "detectors").glob("*/rule.yml")]
    found = ((re.search(r"^title: *(.+)$", t, re.M), re.search(r"^ +mo: *\[(.*)\]", t, re.M)) for t in texts)
    return {title[1].strip("'\""): set(re.findall(r"MO-\d+", mo[1])) if mo else set() for title, mo in found if title}


def invariants_of_scripts():
    """Invariant to the scripts that break it, of data/simulation/scenarios/."""
    out = defaultdict(set)
    for path in sorted((sources.ROOT / "data/simulation/scenarios").glob("*.toml")):
        scenario = tomllib.loads(path.read_text(encoding="utf-8"))
        for invariant in scenario.get("breaks", []):
            out[int(invariant[1:])].add(scenario["name"])
    return out


def invariant_table(ports):
    rows, scripts_of = [], invariants_of_scripts()
    for label, scripts in [*((f"I{n}", scripts_of[n]) for n in sorted(scripts_of)),
                           ("all of these", set().union(*scripts_of.values()))]:
        sums = lambda count, kind, level: sum(count[kind, script, level] for script in scripts)
        rows.append([label, *(share(sums(ports.found, kind, at), sums(ports.planted, kind, at))
                              for kind, levels in (("", LEVELS), ("end", (0, 1))) for at in levels)])
    return table(["invariant", *(f"level {level}" for level in LEVELS), "level 0, to the end", "level 1, to the end"],
                 rows)


def found_tables(ports, evaluations):
    of, modi = lambda *key: share(ports.found[key], ports.planted[key]), shipped_rules()
    scripts = sorted(({key[1] for key in ports.planted} | {script for script, _ in ports.unfit}) - {"all"})
    rows = [[s, *(of("", s, at) for at in (*LEVELS, None)), ports.found["chance", s, None]] for s in [*scripts, "all"]]
    missed = []
    for s in (s for s in sorted(ports.mo) if ports.found["", s, None] <= ports.found["chance", s, None]):
        why = "; ".join(f"{t}: {100 * possible / max(1, asked):.0f} % possible" for t, (asked, possible)
                        in sorted(evaluations.items()) if modi.get(t, set()) & set(ports.mo[s]))
        missed.append([s, ", ".join(ports.mo[s]), of("", s, None), ports.found["chance", s, None],
                       of("end", s, None), ports.found["end chance", s, None], why or "none"])
    return table(["script", *(f"level {level}" for level in LEVELS), "all levels", "by chance"], rows), table(
        ["script", "modi operandi", "found", "by chance", "found to the end", "by chance", "rules for them"], missed)


def page(ports):
    boxes = sum(score["port"]["boxes"] for score in ports.clean) / 10_000
    weeks = sum((instant(s["port"]["until"]) - instant(s["port"]["from"])) / timedelta(weeks=1) for s in ports.clean)
    title = {d["rule_id"]: d["title"] for score in ports.clean for d in score["detectors"]}
    evaluations, causes, false, twins = {}, defaultdict(Counter), Counter(), defaultdict(Counter)
    for score in ports.clean:
        for rule in score["evaluations"]["rules"]:
            asked, possible = evaluations.get(rule["title"], (0, 0))
            evaluations[rule["title"]] = (asked + rule["asked"], possible + rule["possible"])
            causes[rule["title"]].update(rule["not_evaluated"])
        false.update({title[row["rule_id"]]: row["alerts"] for row in score["false_alarms"]["by_rule"]})
        for row in [*score["false_alarms"]["on_twins"], {"script": "", **score["false_alarms"]["on_nothing"]}]:
            twins[row["script"]].update({key: row.get(key, 0) for key in ("planted", "alerted_on", "alerts")})
    matrix, missed = found_tables(ports, evaluations)
    rates, head = lambda n: [n, rate(n, boxes), rate(n, weeks)], ["alerts", "per 10,000 boxes", "per week"]
    waits = [[rule, len(w), *(f"{f(part) / 3600:.1f} h" for part in zip(*w) for f in (statistics.median, max))]
             for rule, w in sorted(ports.waits.items())]
    return (sources.ROOT / "tools/templates/detection.txt").read_text(encoding="utf-8").format(
        **vars(ports.options), all_seeds=str(ports.options.seeds)[1:-1], zone=ZONE, matrix=matrix, missed=missed,
        boxes=round(boxes * 10_000), weeks=f"{weeks:.1f}", reach=f"{ports.clean[0]['reach_s'] / 3600:.0f} h",
        by_invariant=invariant_table(ports),
        careless=table(["seed", "level", "script", "first act after the first day began", "found to the end"],
                       sorted(row for row in ports.not_found if row[1] < 2)),
        by_level=table(["level", *head], [
            [word, *rates(sum(ports.false[level] for level in levels))] for word, levels in detection_nights.LEVELS]),
        nights=ports.nights.count, hour=detection_nights.HOUR,
        by_night=table(["level", "provisional of a morning, mean", "most"], ports.nights.by_level()),
        by_fate=table(["rule", "told as provisional", "became final", "still open", "withdrawn"],
                      ports.nights.by_rule()),
        unfit=", ".join(f"{s} at level {l} ({n})" for (s, l), n in sorted(ports.unfit.items())) or "none",
        by_rule=table(["rule", *head], [[t, *rates(n)] for t, n in [*sorted(false.items()), ("all", false.total())]]),
        by_twin=table(["twin", "planted", "alerted on", *head],
                      [[s or "nothing planted", c["planted"], c["alerted_on"], *rates(c["alerts"])]
                       for s, c in sorted(twins.items())]),
        waits=table(["rule", "alerts", "event to feed, median", "worst", "feed to alert, median", "worst"], waits),
        evaluations=table(["rule", "asked", "possible", "share", "not evaluated"], [
            [t, asked, possible, f"{100 * possible / asked:.1f} %" if asked else "none asked",
             ", ".join(f"{cause} {n}" for cause, n in sorted(causes[t].items()))]
            for t, (asked, possible) in sorted(evaluations.items())]),
        versions=table(["rule", "version"], sorted([t, ports.versions.get(i, "no alert")] for i, t in title.items())))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("out", type=Path)
    parser.add_argument("--seeds", type=lambda text: [int(seed) for seed in text.split(",")], default=[101, 102, 103])
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--size", default="small")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--from", dest="first", default="2026-10-05")
    options = parser.parse_args()
    options.now = f"{instant(options.first) + timedelta(days=options.days + 1):%Y-%m-%dT00:00:00Z}"
    if not os.access(options.program, os.X_OK):
        sys.exit(f"detection_page: {options.program} is no program: build it with ./run --build-only")
    with tempfile.TemporaryDirectory() as folder:
        with ThreadPoolExecutor(options.jobs) as jobs:
            ran = list(jobs.map(lambda seed: ports_of(options, Path(folder, str(seed)), seed), options.seeds))
    ports = Ports(options, Path(folder))
    for one in ran:
        ports.add(one)
    options.out.write_text(page(ports), encoding="utf-8")


if __name__ == "__main__":
    main()
