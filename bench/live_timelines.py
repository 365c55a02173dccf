#!/usr/bin/env python3
"""Memory of many live containers: a visit each, still in the yard at the end, read by the shipped command.

usage: live_timelines.py [--program build/release/bin/quaywatch] [--boxes 1000000]

Every box is discharged, moved under an order and checked for its seal, all within ten days, so that every timeline is
live at the end. Half as many boxes are read first: what the second half costs is the cost of a box, without what the
program needs anyway. Prints both and the bytes of a box. Exit status 1 above 4 GiB for a million boxes.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

from make_history import T0, container, json_line, rfc
import datetime as dt

HERE = os.path.dirname(os.path.abspath(__file__))
SPAN_S = 10 * 86400


def write(path, boxes):
    with open(path, "w") as f:
        for n in range(boxes):
            at = T0 + dt.timedelta(seconds=n * SPAN_S // boxes)
            box, seal = {"container.number": container(n)}, {"seal.number": f"QS{n:07d}"}
            ordered = at + dt.timedelta(minutes=5)
            order = {"order.ref": f"W{n:08d}", "location.to": "A05-12-3-2"}
            for kind, feed, t, fields in (
                ("container.discharged", "quay", at, {**box, **seal}),
                ("order.issued", "orders", ordered, {**box, **order, "order.issued_by": f"planner-{n % 40}"}),
                ("container.moved", "yard", at + dt.timedelta(minutes=20), {**box, **order}),
                ("seal.checked", "seals", at + dt.timedelta(minutes=40), {**box, **seal}),
            ):
                f.write(json_line(kind, feed, t, fields) + "\n")


def read(program, path, home):
    started = time.monotonic()
    p = subprocess.Popen(
        [program, "detect", "--now", rfc(T0 + dt.timedelta(days=12)), "--time-zone", "UTC", path],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "QUAYWATCH_HOME": home},
    )
    text = p.stderr.read()
    _, status, usage = os.wait4(p.pid, 0)
    if status:
        sys.exit(f"detect failed:\n{text}")
    return usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime, time.monotonic() - started


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--program", default=os.path.join(HERE, "..", "build", "release", "bin", "quaywatch"))
    p.add_argument("--boxes", type=int, default=1_000_000)
    a = p.parse_args()
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        for boxes in (a.boxes // 2, a.boxes):
            path = os.path.join(folder, f"{boxes}.jsonl")
            write(path, boxes)
            rows[boxes], cpu, wall = read(a.program, path, folder)
            os.remove(path)
            print(f"{boxes:9} boxes {4 * boxes:9} events {rows[boxes] / 2**20:7.0f} MiB {cpu:6.1f} s CPU {wall:6.1f} s")
    of_box = (rows[a.boxes] - rows[a.boxes // 2]) / (a.boxes - a.boxes // 2)
    million = rows[a.boxes] + (1_000_000 - a.boxes) * of_box
    print(f"{of_box:.0f} bytes a box; a million boxes: {million / 2**30:.2f} GiB" + (
        "" if a.boxes == 1_000_000 else " (extrapolated)"))
    sys.exit(1 if million > 4 * 2**30 else 0)


if __name__ == "__main__":
    main()
