#!/usr/bin/env python3
"""Text to alerts, whole command, one core: events per second and memory for a history and for twice its length.

usage: detect.py [--program build/release/bin/quaywatch] [--days 90] [--boxes 500] [--runs 5]

The history comes from make_history.py (EDIFACT and JSON lines mixed, nothing planted), all shipped rules are on. Prints
one line per run and the medians. Exit status 1 when twice the days costs 10 % more memory, or an alert stands.
"""
import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def run(program, folder, home):
    command = [program, "detect", "--now", "2027-12-01T00:00:00Z", "--time-zone", "UTC", folder]
    if os.path.exists("/usr/bin/taskset"):
        command = ["taskset", "-c", "0", *command]
    started = time.monotonic()
    p = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "QUAYWATCH_HOME": home},
    )
    text = p.stderr.read()
    _, status, usage = os.wait4(p.pid, 0)
    seconds = time.monotonic() - started
    if status:
        sys.exit(f"detect failed:\n{text}")
    found = re.search(r"(\d+) alerts?(?: \([^)]*\))? from (\d+) rules; (\d+) events in", text)
    return seconds, usage.ru_maxrss / 1024, int(found[3]), int(found[1]), int(found[2])


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--program", default=os.path.join(HERE, "..", "build", "release", "bin", "quaywatch"))
    p.add_argument("--days", type=int, default=90)
    p.add_argument("--boxes", type=int, default=500)
    p.add_argument("--runs", type=int, default=5)
    a = p.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for days in (a.days, 2 * a.days):
            history = os.path.join(folder, str(days))
            maker = [sys.executable, os.path.join(HERE, "make_history.py"), "--days", str(days)]
            subprocess.run([*maker, "--boxes", str(a.boxes), history], check=True)
            run(a.program, history, folder)  # warm-up
            rows = [run(a.program, history, folder) for _ in range(a.runs)]
            for seconds, mib, events, alerts, rules in rows:
                print(
                    f"{days:4} days {events:9} events {seconds:6.2f} s {events / seconds:9.0f} events/s {mib:6.0f} MiB"
                )
            results[days] = (statistics.median(r[2] / r[0] for r in rows), statistics.median(r[1] for r in rows))
            alerts, rules = rows[0][3], rows[0][4]
    speed, memory = results[a.days]
    growth = results[2 * a.days][1] / memory - 1
    print(
        f"median: {speed:.0f} events/s on one core, {rules} rules; {memory:.0f} MiB; "
        f"twice the days: {growth:+.1%} memory"
    )
    sys.exit(1 if growth >= 0.10 or alerts else 0)


if __name__ == "__main__":
    main()
