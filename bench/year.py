#!/usr/bin/env python3
"""A year of a large port, from four weeks of it: all shipped detectors over simulated feeds, time and memory.

usage: year.py [--program build/release/bin/quaywatch] [--size rotterdam] [--days 28] [--folder DIR]

`rotterdam` is a port of 8.5 million boxes a year. The time of --days is extrapolated to 364 days; memory is what those
days needed, and is flat from then on only if the history span (60 days) has passed: it says so. --folder keeps the
feeds.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
HISTORY_DAYS = 60  # limits::kSubjectHistorySpan


def run(command, home):
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
    if status:
        sys.exit(f"{' '.join(command)} failed:\n{text}")
    return text, usage.ru_utime + usage.ru_stime, time.monotonic() - started, usage.ru_maxrss / 1024


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--program", default=os.path.join(HERE, "..", "build", "release", "bin", "quaywatch"))
    p.add_argument("--size", default="rotterdam")
    p.add_argument("--days", type=int, default=28)
    p.add_argument("--folder")
    a = p.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        port = a.folder or os.path.join(scratch, "port")
        feeds = os.path.join(port, "feeds")
        if not os.path.isdir(feeds):
            size = ["--size", a.size, "--days", str(a.days), "--seed", "1", "--from", "2026-01-05"]
            _, cpu, wall, mib = run([a.program, "simulate", *size, port], scratch)
            print(f"simulated {a.days} days of {a.size}: {cpu:.0f} s CPU, {wall:.0f} s, {mib:.0f} MiB", flush=True)
        command = [a.program, "detect", "--format", "jsonl", "--time-zone", "Europe/Ljubljana", feeds]
        text, cpu, wall, mib = run(command, scratch)
    account = re.search(r"(\d+) alerts?(?: \([^)]*\))? from (\d+) rules; (\d+) events in", text)
    alerts, rules, events = map(int, account.groups())
    print(f"detected: {events} events, {alerts} alerts, {rules} rules: {cpu:.0f} s CPU, {wall:.0f} s, {mib:.0f} MiB")
    times = 364 / a.days
    print(
        f"a year, extrapolated ({times:.0f} times): {events * times / 1e6:.0f} M events, "
        f"{cpu * times / 60:.0f} min CPU; memory of {a.days} days: {mib:.0f} MiB"
        + ("" if a.days >= HISTORY_DAYS else f", grows until {HISTORY_DAYS} days of history are held")
    )


if __name__ == "__main__":
    main()
