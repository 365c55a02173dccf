"""What the people on duty see each morning, before all files are here: for `detection_page.py`.

A morning is `detect` on the files that have arrived by then, with `--now` at that instant. What it tells as provisional
is followed to what stands at the end: final, provisional still, or withdrawn.
"""
import csv
import json
import os
import shutil
from collections import Counter, defaultdict
from datetime import datetime, timedelta, timezone
from pathlib import Path

LEVELS = (("critical and high", ("critical", "high")), ("medium", ("medium",)),
          ("low and informational", ("low", "informational")))
HOUR = 7  # UTC: when the exports of the night are here and the day shift reads


def mornings(first, days):
    begins = datetime.fromisoformat(first).replace(tzinfo=timezone.utc)
    return [begins + timedelta(days=day, hours=HOUR) for day in range(1, days + 1)]


def arrived(port, until, into):
    """Links what has arrived, and the mappings, which are no deliveries, below `into`."""
    rows = csv.DictReader((port / "delivery.csv").read_text(encoding="utf-8").splitlines())
    arrives = {row["file"]: datetime.fromisoformat(row["arrives"]) for row in rows}
    shutil.rmtree(into, ignore_errors=True)
    for path in sorted((port / "feeds").rglob("*")):
        name = path.relative_to(port)
        if path.is_dir() or arrives.get(str(name), until) > until:
            continue
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        os.link(path, into / name)


class Nights:
    """Provisional alerts of the mornings of one port or several."""

    def __init__(self):
        self.count = 0                    # mornings
        self.standing = defaultdict(list)  # level to how many stand, a number a morning
        self.fate = defaultdict(Counter)  # rule to what became of its provisional alerts, each counted once

    def add(self, other):
        self.count += other.count
        for level, numbers in other.standing.items():
            self.standing[level] += numbers
        for title, fate in other.fate.items():
            self.fate[title].update(fate)

    def read(self, tells, end):
        """tells: for each morning the alerts of it; end: the alerts that stand at last."""
        last = {alert["alert_id"]: alert["status"] for alert in end}
        told = {}
        for alerts in tells:
            open_ones = [alert for alert in alerts if alert["status"] == "provisional"]
            told.update((alert["alert_id"], alert["title"]) for alert in open_ones)
            self.count += 1
            for level, words in LEVELS:
                self.standing[level].append(sum(alert["level"] in words for alert in open_ones))
        for alert, title in told.items():
            self.fate[title][last.get(alert, "withdrawn")] += 1

    def by_level(self):
        return [[level, f"{sum(n) / len(n):.1f}", max(n)] for level, n in self.standing.items() if n]

    def by_rule(self):
        rows = [[title, fate.total(), *(fate[end] for end in ("final", "provisional", "withdrawn"))]
                for title, fate in sorted(self.fate.items())]
        return [*rows, ["all", *(sum(row[i] for row in rows) for i in range(1, 5))]]


def alerts_of(path: Path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
