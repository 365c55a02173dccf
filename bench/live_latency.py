#!/usr/bin/env python3
"""From a record on the wire to the alert at a client: the shipped server under a steady load.

usage: live_latency.py [--program build/release/bin/quaywatch] [--rate 10000] [--seconds 60] [--probes 10]

`serve` with the shipped rules listens on TCP; one connection sends --rate records a second, of five types and 100,000
boxes, in steps of ten milliseconds, whatever the server does (open loop). Among them --probes a second are look-ups
of a canary box, each by another account, so that each raises an alert. A client signed in to the interface reads the
stream of changes. The latency of a probe runs from the instant at which its step was due to the instant at which the
client has the alert: over the journal on disk, the engine, the log of findings and HTTP. Prints p50, p99 and the
worst, and exits with 1 when p99 is a second or more, or an alert is missing.
"""
import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

from make_history import FACILITY, container

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "tests"))
from openapi import Client  # noqa: E402

PASSWORD = "a long and quiet tide"
BOXES, STEPS = 100_000, 100  # steps a second
NUMBERS = [container(n) for n in range(BOXES + 1)]
CANARY = NUMBERS.pop()


def stamp(t):
    """As alerts print times: no zeros behind the last digit."""
    ms = round(t * 1000)
    fraction = f".{ms % 1000:03}".rstrip("0").rstrip(".")
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ms // 1000)) + fraction + "Z"


def json_line(kind, feed, at, fields):
    return json.dumps({"type": kind, "feed": feed, "facility": FACILITY, "event_time": at, **fields})


def record(n, now):
    i = n * 7919 % BOXES
    box = {"container.number": NUMBERS[i]}
    slot = f"{'ABCDEFGH'[i % 8]}{i // 8 % 20:02}-{i // 160 % 40 + 1:02}-{i % 6 + 1}-{i % 4 + 1}"  # 6,400 bays
    kind = n % 8
    if kind < 4:
        return json_line("container.moved", "yard", now, {**box, "order.ref": f"W{n:08d}", "location.to": slot})
    if kind == 4:
        more = {"order.ref": f"W{n:08d}", "location.to": slot, "order.issued_by": f"planner-{n % 40}"}
        return json_line("order.issued", "orders", now, {**box, **more})
    if kind == 5:
        return json_line("container.weighed", "scales", now, {**box, "container.weight_kg": 4000 + n % 20000})
    if kind == 6:
        return json_line("account.queried", "audit", now, {"account.id": f"clerk-{n % 400}"})
    door = {"access.reader": f"R{n % 60}", "access.zone": "YARD", "access.direction": "in"}
    return json_line("access.granted", "badges", now, {"credential.id": f"C{n % 9000}", **door})


def first_sign_in(client, login, once):
    """With a password of his own instead of the one-time one."""
    client.call("signIn", body={"login": login, "password": once})
    client.call("changePassword", body={"current": once, "new": PASSWORD})
    client.call("signIn", body={"login": login, "password": PASSWORD})


class Server:
    def __init__(self, program, home):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.intake = free.getsockname()[1]
        # Probes are judged by a rule on staff data.
        subprocess.run([program, "agreement", "record", "--reference", "bench", "--parties", "nobody", "--from",
                        "2000-01-01", "--until", "2099-12-31"], env={**os.environ, "QUAYWATCH_HOME": home},
                       stdout=subprocess.DEVNULL, check=True)
        # What is measured is how much the server can do, not how much it lets one user do.
        with open(os.path.join(home, "site.toml"), "w", encoding="utf-8") as f:
            f.write("[people]\nrequests_per_minute = 0\nsign_ins_per_minute = 0\n")
        command = [program, "serve", "--http", "127.0.0.1:0", "--poll", "1"]
        command += ["--listen", f"port.jsonl=tcp:127.0.0.1:{self.intake}"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                        env={**os.environ, "QUAYWATCH_HOME": home})
        password = self.http = None
        while self.http is None:
            line = self.process.stdout.readline()
            if not line:
                sys.exit("the server ended")
            if m := re.search(r"one-time password (\S+)", line):
                password = m[1]
            if m := re.search(r"serving http://127\.0\.0\.1:(\d+)/", line):
                self.http = int(m[1])
        plain = Client("127.0.0.1", self.http)
        while plain.raw("GET", "/ready").status != 200:
            time.sleep(0.05)
        self.client = Client("127.0.0.1", self.http, plain.raw("GET", "/api/openapi.json").json)
        first_sign_in(self.client, "admin", password)


def follow(server, seen):
    """Notes when the client has each alert, by the event_time that it tells."""
    stream = socket.create_connection(("127.0.0.1", server.http))
    cookie = f"Cookie: quaywatch_session={server.client.cookie}"
    stream.sendall(f"GET /api/events HTTP/1.1\r\nHost: x\r\n{cookie}\r\n\r\n".encode())
    rest = b""
    while part := stream.recv(1 << 20):
        now = time.time()
        *whole, rest = (rest + part).split(b"\n")
        for line in whole:
            if line.startswith(b"data: "):
                alert = json.loads(line[6:]).get("alert", {})
                if alert.get("event_time"):
                    seen.setdefault(alert["event_time"], now)


def send(server, a, probes):
    """Records by the clock; a step that comes late is not given a later time."""
    wire = socket.create_connection(("127.0.0.1", server.intake))
    listed = {"list.name": "canary", "list.entry": "C-1", "container.number": CANARY}
    wire.sendall((json_line("object.listed", "lists", stamp(time.time() - 60), listed) + "\n").encode())
    time.sleep(3)
    per_step, every = a.rate // STEPS, STEPS // a.probes
    begin, n, late = time.time(), 0, 0.0
    for step in range(a.seconds * STEPS):
        due = begin + step / STEPS
        late = max(late, time.time() - due)
        time.sleep(max(0.0, due - time.time()))
        at = stamp(due)
        lines = [record(i, at) for i in range(n, n + per_step)]
        n += per_step
        if step % every == 0:
            probes[at] = due
            lines.append(json_line("account.queried", "audit", at, {
                "container.number": CANARY, "account.id": f"probe-{step}", "account.organisation": "AG-Q"}))
        wire.sendall(("\n".join(lines) + "\n").encode())
    took = time.time() - begin
    return n, took, late, wire


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--program", default=os.path.join(HERE, "..", "build", "release", "bin", "quaywatch"))
    p.add_argument("--rate", type=int, default=10_000)
    p.add_argument("--seconds", type=int, default=60)
    p.add_argument("--probes", type=int, default=10)
    a = p.parse_args()
    seen, probes = {}, {}
    with tempfile.TemporaryDirectory() as home:
        server = Server(a.program, home)
        try:
            threading.Thread(target=follow, args=(server, seen), daemon=True).start()
            n, took, late, wire = send(server, a, probes)
            end = time.time() + 30
            while any(t not in seen for t in probes) and time.time() < end:
                time.sleep(0.1)
            wire.close()
            with open(f"/proc/{server.process.pid}/status") as f:
                memory = int(re.search(r"VmRSS:\s+(\d+)", f.read())[1]) / 1024
        finally:
            server.process.terminate()
            server.process.wait()
    found = sorted(seen[t] - due for t, due in probes.items() if t in seen)
    at = lambda share: found[min(len(found) - 1, int(share * len(found)))] * 1000 if found else float("nan")
    print(f"{n} records in {took:.1f} s: {n / took:.0f} a second; the sender was at most {late * 1000:.0f} ms late")
    print(f"{len(found)} of {len(probes)} alerts: p50 {at(0.5):.0f} ms, p99 {at(0.99):.0f} ms, worst {at(1):.0f} ms; "
          f"server {memory:.0f} MiB")
    sys.exit(0 if len(found) == len(probes) and at(0.99) < 1000 else 1)


if __name__ == "__main__":
    main()
