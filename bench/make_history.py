#!/usr/bin/env python3
"""Write a history of a busy terminal for bench/detect: EDIFACT (COARRI, CODECO) and JSON lines mixed, nothing planted.

usage: make_history.py --days 90 --boxes 500 OUT_DIR

Every box is discharged, moved four times under orders, released, passed on, looked up, announced and collected five
days later; staff walk through readers. The yard keeps its size, so twice the days is the same port for twice as long.
"""
import argparse
import datetime as dt
import json
import os
import random

FACILITY = "SIKOP/QBT"
T0 = dt.datetime(2026, 1, 1)
VALUES = {c: v for c, v in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", [n for n in range(10, 39) if n % 11])} | {
    str(d): d for d in range(10)
}


def container(n):
    head = "QXBU%06d" % (n % 1_000_000)
    return head + str(sum(VALUES[c] * 2**i for i, c in enumerate(head)) % 11 % 10)


def rfc(t):
    return t.strftime("%Y-%m-%dT%H:%M:%SZ")


def json_line(kind, feed, t, fields):
    row = {"type": kind, "feed": feed, "facility": FACILITY, "event_time": rfc(t), "received_at": rfc(t), **fields}
    return json.dumps(row, separators=(",", ":"))


class Day:
    def __init__(self):
        self.json, self.coarri, self.codeco = [], [], []


def edi(message, bgm, boxes, day, number, kind):
    stamp = (day + dt.timedelta(hours=23, minutes=59)).strftime("%y%m%d:%H%M")
    out = [
        f"UNB+UNOA:2+QBENCH+QLINE+{stamp}+{number}'",
        f"UNH+1+{message}:D:95B:UN:ITG12'",
        f"BGM+{bgm}+Q{number}+9'",
        "TDT+20+12W+1+13+QLN:172:ZZZ+++9QX1:103::BENCH STAR'",
        "LOC+11+SIKOP:139:6+QBT:TER:ZZZ'",
    ]
    count = 4
    for number_, t, seal, extra in boxes:
        rows = [f"EQD+CN+{number_}+22G1:102:5++3+5'"]
        if kind == "quay":
            rows += [
                f"DTM+203:{t:%Y%m%d%H%M}:203'",
                "LOC+147+0100182::5'",
                "MEA+AAE+EGW+KGM:18000'",
                f"SEL+{seal}+CA'",
            ]
        else:
            rows += [
                f"RFF+RE:{extra[0]}'",
                f"DTM+7:{t:%Y%m%d%H%M}:203'",
                "LOC+165+SIKOP:139:6+QBT:TER:ZZZ'",
                "MEA+AAE+G+KGM:18000'",
                f"SEL+{seal}+CA'",
                f"TDT+1++3++{extra[1]}:172:ZZZ+++QX{extra[2]}:146'",
            ]
        out += rows
        count += len(rows)
    out += [f"UNT+{count + 1}+1'", f"UNZ+1+{number}'"]
    return "\n".join(out) + "\n"


def box(days, first, n, rng):
    number, ref, seal = container(n), f"QR{n:08d}", f"QS{n:07d}"
    at = T0 + dt.timedelta(days=first, minutes=rng.randrange(1200))

    def put(t, feed, kind, **fields):
        index = (t - T0).days
        if index < len(days):
            days[index].json.append((t, json_line(kind, feed, t, fields)))

    days[first].coarri.append((number, at, seal, None))
    for step in range(4):
        t = at + dt.timedelta(hours=1 + step * 22, minutes=rng.randrange(60))
        order = f"{n}{step}"
        to = f"B{rng.randrange(40)}-{rng.randrange(30)}"
        put(
            t - dt.timedelta(minutes=30),
            "orders",
            "order.issued",
            **{"container.number": number, "order.ref": order, "location.to": to, "equipment.id": f"SC{n % 20}"},
        )
        put(
            t,
            "moves",
            "container.moved",
            **{"container.number": number, "order.ref": order, "location.to": to, "equipment.id": f"SC{n % 20}"},
        )
    haulier = f"HT-{n % 60:02d}"
    common = {"container.number": number, "release.ref": ref}
    put(at + dt.timedelta(hours=6), "pcs", "release.issued", **common, **{"release.holder_named": f"FW-{n % 30:02d}"})
    put(
        at + dt.timedelta(hours=30),
        "pcs",
        "release.viewed",
        **common,
        **{"account.id": f"fw{n % 30}.1", "account.organisation": f"FW-{n % 30:02d}", "task.ref": f"J{n}"},
    )
    put(
        at + dt.timedelta(hours=31),
        "pcs",
        "release.transferred",
        **common,
        **{"release.from": f"FW-{n % 30:02d}", "release.to": haulier, "account.id": f"fw{n % 30}.1"},
    )
    put(
        at + dt.timedelta(hours=100),
        "pcs",
        "pickup.announced",
        **common,
        **{"party.code": haulier, "account.id": f"ht{n % 60}.1", "account.organisation": haulier},
    )
    out = at + dt.timedelta(hours=118)
    if (out - T0).days < len(days):
        days[(out - T0).days].codeco.append((number, out, seal, (ref, haulier, f"{n % 900:03d}")))


def staff(days, index, cards, rng):
    for card in range(cards):
        t = T0 + dt.timedelta(days=index, hours=6, minutes=rng.randrange(30))
        for step in range(4):
            fields = {
                "credential.id": f"B{card}",
                "access.zone": "YARD",
                "access.reader": f"R{card % 9}",
                "access.direction": "out" if step % 2 else "in",
            }
            row = json_line("access.granted", "access", t, fields)
            days[index].json.append((t, row))
            t += dt.timedelta(hours=2)


COVER = {
    "orders": ["order.issued", "order.cancelled"],
    "moves": ["container.moved"],
    "pcs": [
        "release.issued",
        "release.replaced",
        "release.cancelled",
        "release.transferred",
        "release.viewed",
        "pickup.announced",
        "pickup.denied",
        "account.queried",
    ],
    "tickets": ["task.opened"],
    "access": ["access.granted"],
    "panels": ["sensor.silent"],
    "cards": ["credential.revoked", "credential.replaced", "credential.issued"],
    "customs": ["container.sealed", "container.inspected"],
}


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--days", type=int, default=90)
    p.add_argument("--boxes", type=int, default=500)
    p.add_argument("out")
    a = p.parse_args()
    rng = random.Random(7)
    days = [Day() for _ in range(a.days)]
    for first in range(a.days):
        for i in range(a.boxes):
            box(days, first, first * a.boxes + i, rng)
        staff(days, first, a.boxes // 2, rng)
    os.makedirs(a.out, exist_ok=True)
    for index, day in enumerate(days):
        date = T0 + dt.timedelta(days=index)
        until = date + dt.timedelta(days=1)
        with open(os.path.join(a.out, f"day{index:04d}.jsonl"), "w", encoding="utf-8") as f:
            f.writelines(line + "\n" for _, line in sorted(day.json))
            for feed, types in COVER.items():
                row = {"type": "feed.coverage", "feed": feed, "facility": FACILITY, "types": types}
                row |= {"from": rfc(date), "until": rfc(until), "stated_at": rfc(until)}
                f.write(json.dumps(row) + "\n")
        for name, boxes, bgm, message, kind in (
            ("coarri", day.coarri, 44, "COARRI", "quay"),
            ("codeco", day.codeco, 36, "CODECO", "gate"),
        ):
            if boxes:
                with open(os.path.join(a.out, f"{name}{index:04d}.edi"), "w", encoding="utf-8") as f:
                    f.write(edi(message, bgm, boxes, date, index, kind))


if __name__ == "__main__":
    main()
