#!/usr/bin/env python3
"""An independent background: container flows of conflowgen (PyPI, MIT licence), which knows no crime, through detect.

usage: conflowgen.py [--program build/release/bin/quaywatch] [--days 28] [--from 2026-10-05]

conflowgen draws vessels, barges, trains, lorries and who takes which container from published distributions of
terminals; times are those of the vehicles. It knows no orders, cards, releases, customs or seals. Every alert is a
false one; and what cannot be judged on a port that exports no more than this is told per rule: whether its feeds are
there (`quaywatch coverage`), events asked about, share answered, alerts. A rule without its feeds answers nothing here,
even where one absent field already made it say no.
Installs conflowgen into build/peers/conflowgen on first use.
"""
import argparse
import csv
import datetime
import json
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PEER = os.path.join(HERE, "..", "build", "peers", "conflowgen")
VERSION = "3.0.1"
GENERATE = """
import datetime, sys, conflowgen as c
out, start, days = sys.argv[1], datetime.date.fromisoformat(sys.argv[2]), int(sys.argv[3])
database = c.DatabaseChooser(sqlite_databases_directory=out)
database.create_new_sqlite_database("flows.sqlite", assume_tas=True, overwrite=True)
flows = c.ContainerFlowGenerationManager()
flows.set_properties(name="flows", start_date=start, end_date=start + datetime.timedelta(days=days))
calls, mode = c.PortCallManager(), c.ModeOfTransport
services = [(mode.deep_sea_vessel, 3, 12000, 1200), (mode.feeder, 5, 900, 250), (mode.barge, 7, 150, 60),
            (mode.train, 14, 96, 70)]
for kind, number, capacity, inbound in services:
    for i in range(number):
        calls.add_service_that_calls_terminal(
            vehicle_type=kind, service_name=f"{kind.value}-{i}", average_vehicle_capacity=capacity,
            vehicle_arrives_at=start + datetime.timedelta(days=i % 7),
            vehicle_arrives_at_time=datetime.time(3 * i % 24),
            average_inbound_container_volume=inbound)
flows.generate()
c.ExportContainerFlowManager().export("flows", path_to_export_folder=out, overwrite=True)
database.close_current_connection()
"""
TYPES = ("container.discharged", "container.loaded", "container.gate_in", "container.gate_out")
BETWEEN_LIFTS = datetime.timedelta(seconds=100)  # one crane, some 36 moves an hour


def python_of_peer():
    python = os.path.join(PEER, "bin", "python")
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", PEER], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"conflowgen=={VERSION}"], check=True)
    return python


def container_number(number):
    """ISO 6346 with its check digit; the owner code is not registered."""
    text = f"QCFU{number:06}"
    letters = {chr(65 + i): v for i, v in enumerate(v for v in range(10, 40) if v % 11)}
    total = sum((letters.get(c) or int(c)) * 2**i for i, c in enumerate(text))
    return f"{text}{total % 11 % 10}"


def rows(folder, name):
    with open(os.path.join(folder, name + ".csv"), encoding="utf-8") as f:
        return {row["id"]: row for row in csv.DictReader(f)}


def instant(text):
    return datetime.datetime.fromisoformat(text).replace(microsecond=0) if text else None


class Flows:
    def __init__(self, folder):
        self.vehicles = {}
        for kind in ("deep_sea_vessel", "feeder", "barge", "train"):
            self.vehicles[kind] = rows(folder, kind + "s")
        self.trucks = rows(folder, "trucks")
        self.containers = rows(folder, "containers")
        self.lifts = {}  # vehicle -> containers handled, so that each has a time of its own

    def leg(self, container, way):
        """(type, time, fields) of an arrival ('delivered_by') or a departure ('picked_up_by'); None: unknown."""
        kind, arrives = container[way], way == "delivered_by"
        if kind == "truck":
            truck = self.trucks[str(int(float(container[way + "_truck"])))]
            at = instant(truck["realized_container_delivery_time" if arrives else "realized_container_pickup_time"])
            fields = {"vehicle.plate": f"CF{int(truck['id']):06}", "transport.mode": "road"}
        else:
            vehicle = self.vehicles[kind][str(int(float(container[way + "_vehicle"])))]
            lifted = self.lifts[kind, vehicle["id"]] = self.lifts.get((kind, vehicle["id"]), 0) + 1
            at = instant(vehicle["realized_arrival"]) + BETWEEN_LIFTS * lifted
            fields = {"transport.mode": {"train": "rail", "barge": "barge"}.get(kind, "sea"),
                      "transport.ref": f"{kind}-{vehicle['id']}"}
        if not at:
            return None
        by_land = kind in ("truck", "train")
        event = ("container.gate_in" if arrives else "container.gate_out") if by_land else (
            "container.discharged" if arrives else "container.loaded")
        return event, at, fields

    def events(self):
        # Arrivals of all first: a vessel discharges before it loads.
        for way in ("delivered_by", "picked_up_by"):
            for number, container in sorted(self.containers.items(), key=lambda item: int(item[0])):
                leg = self.leg(container, way)
                if not leg:
                    continue
                event, at, fields = leg
                yield {
                    "type": event, "feed": "conflowgen", "owner": "conflowgen", "facility": "XXCFG/T1",
                    "event_time": at.isoformat() + "Z", "key": f"{number}/{way}",
                    "container.number": container_number(int(number)),
                    "container.full_empty": "empty" if container["storage_requirement"] == "empty" else "full",
                    "container.weight_kg": 1000 * int(container["weight"]), **fields}


def rules_with_feeds(program, feed, now, home):
    """Titles of the rules that can be judged with this feed, by the rows `yes I1 title` of coverage."""
    text = subprocess.run([program, "coverage", "--now", now, feed], check=True, capture_output=True, text=True,
                          env={**os.environ, "QUAYWATCH_HOME": home}).stdout
    return {line[11:].strip() for line in text.splitlines() if line.startswith("  yes ")}


def share(part, whole):
    return f"{part / whole:.1%}" if whole else "-"


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--program", default=os.path.join(HERE, "..", "build", "release", "bin", "quaywatch"))
    p.add_argument("--days", type=int, default=28)
    p.add_argument("--from", dest="start", default="2026-10-05")
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([python_of_peer(), "-c", GENERATE, folder, a.start, str(a.days)], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        flows = Flows(os.path.join(folder, "flows"))
        events = sorted(flows.events(), key=lambda e: (e["event_time"], e["key"]))
        feed = os.path.join(folder, "flows.jsonl")
        with open(feed, "w", encoding="utf-8") as f:
            f.writelines(json.dumps(e) + "\n" for e in events)
        account = os.path.join(folder, "account.json")
        end = datetime.date.fromisoformat(a.start) + datetime.timedelta(days=a.days + 60)
        found = subprocess.run(
            [a.program, "detect", "--format", "jsonl", "--account", account, "--now", f"{end}T00:00:00Z", feed],
            check=True, capture_output=True, text=True, env={**os.environ, "QUAYWATCH_HOME": folder})
        alerts = [json.loads(line) for line in found.stdout.splitlines()]
        with open(account, encoding="utf-8") as f:
            run = json.load(f)
        judgeable = rules_with_feeds(a.program, feed, f"{end}T00:00:00Z", folder)
    counts = {t: sum(e["type"] == t for e in events) for t in TYPES}
    print(f"{len(flows.containers)} containers, {a.days} days, {len(events)} events: {counts}")
    print(f"{'rule':<72} {'feeds':>5} {'asked':>8} {'answered':>9} {'alerts':>7}")
    asked_all = answered_all = 0
    for rule in sorted(run["rules"], key=lambda r: r["title"]):
        has_feeds = rule["title"] in judgeable
        answered = (rule["asked"] - sum(rule["not_evaluated"].values())) * has_feeds
        hits = sum(x["rule_id"] == rule["rule_id"] for x in alerts)
        asked_all, answered_all = asked_all + rule["asked"], answered_all + answered
        print(f"{rule['title'][:72]:<72} {'yes' if has_feeds else 'no':>5} {rule['asked']:>8} "
              f"{share(answered, rule['asked']):>9} {hits:>7}")
    print(f"{'all':<72} {len(judgeable):>5} {asked_all:>8} {share(answered_all, asked_all):>9} {len(alerts):>7}")


if __name__ == "__main__":
    main()
