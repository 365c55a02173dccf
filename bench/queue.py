#!/usr/bin/env python3
"""A queue of 100,000 alerts: what its pages cost the server, and how it moves on screen.

usage: queue.py [--program build/release/bin/quaywatch] [--console console/dist] [--alerts 100000]

A site gets --alerts records, each of which raises an alert (a rule of this script, critical, so that none is held), and
is served. Then the queue is read page by page as one client would, 500 alerts each; and Debian's Chromium opens the
console, scrolls through all of it, walks with the keys, and waits for an alert that is raised meanwhile. Asked: first
page interactive and an alert on screen within a second each, scrolling smooth: p99 of the frames 50 ms at most. Needs
`npm ci` and a built console (./run makes both). Exit status 1 where something falls short.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time

from live_latency import HERE, Client, first_sign_in, json_line, stamp
from make_history import container

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
PAGE = 500
RULE = """
title: Box at the scales
id: 5b0c3c7e-3f0e-4e53-9d4e-2a3f4b5c6d7e
description: Each weighing is an alert, so that there are many.
logsource: {product: port, category: container}
detection:
  selection: {event.type: container.weighed}
  condition: selection
fields: [container.number, container.weight_kg]
falsepositives: [All of them are.]
level: critical
quaywatch:
  direction: [inbound]
  subjects: {about: [container.number]}
  group_by: [container.number]
  actions: [Nothing is to be done.]
"""


def weighed(n, at):
    return json_line("container.weighed", "scales", at, {"container.number": container(n),
                                                         "container.weight_kg": 4000 + n % 20000})


def make_site(a, home):
    rules = os.path.join(home, "rules")
    os.makedirs(rules)
    with open(os.path.join(rules, "weighed.yml"), "w") as f:
        f.write(RULE.lstrip())
    begin = time.time() - a.alerts / 10 - 60
    delivered = os.path.join(home, "port.jsonl")
    with open(delivered, "w") as f:
        f.writelines(weighed(n, stamp(begin + n / 10)) + "\n" for n in range(a.alerts))
    subprocess.run([a.program, "import", delivered], env={**os.environ, "QUAYWATCH_HOME": home},
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    return rules


def serve(a, home, rules):
    command = [a.program, "serve", "--http", "127.0.0.1:0", "--rules", rules, "--console", a.console]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              env={**os.environ, "QUAYWATCH_HOME": home})
    said = ""
    while not (served := re.search(r"serving http://127\.0\.0\.1:(\d+)/", said)):
        line = server.stdout.readline()
        if not line:
            sys.exit("the server ended")
        said += line
    return server, int(served[1]), re.search(r"one-time password (\S+)", said)[1]


def sign_in(port, once):
    plain = Client("127.0.0.1", port)
    began = time.monotonic()
    while plain.raw("GET", "/ready").status != 200:
        time.sleep(0.05)
    print(f"ready {time.monotonic() - began:.1f} s after it began to serve")
    client = Client("127.0.0.1", port, plain.raw("GET", "/api/openapi.json").json)
    first_sign_in(client, "admin", once)
    return client


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def read_all(client, pid):
    """-> alerts read, pages, seconds of the slowest page, CPU seconds of the server."""
    cursor, n, pages, worst, used = "", 0, 0, 0.0, cpu_seconds(pid)
    while cursor is not None:
        began = time.monotonic()
        page = client.raw("GET", f"/api/alerts?sort=urgent&limit={PAGE}" + (cursor and f"&cursor={cursor}"),
                          headers=client.headers()).json
        worst = max(worst, time.monotonic() - began)
        n, pages, cursor = n + len(page["items"]), pages + 1, page["next_cursor"]
    return n, pages, worst, cpu_seconds(pid) - used


def on_screen(a, client, port):
    event = json.loads(weighed(a.alerts, stamp(time.time())))
    head = {"specversion": "1.0", "id": "late", "source": f"/feeds/{event.pop('feed')}", "type": event.pop("type"),
            "time": event.pop("event_time"), "datacontenttype": "application/json"}
    given = {"origin": f"http://127.0.0.1:{port}", "chromium": CHROMIUM, "alerts": a.alerts,
             "headers": client.headers(), "event": {**head, "data": event}}
    said = subprocess.run(["node", os.path.join(HERE, "queue_on_screen.mjs"), json.dumps(given)],
                          stdout=subprocess.PIPE, text=True, check=True).stdout
    return json.loads(said)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--program", default=os.path.join(HERE, "..", "build/release/bin/quaywatch"))
    p.add_argument("--console", default=os.path.join(HERE, "..", "console/dist"))
    p.add_argument("--alerts", type=int, default=100_000)
    a = p.parse_args()
    a.program, a.console = os.path.abspath(a.program), os.path.abspath(a.console)
    if not os.path.exists(CHROMIUM) or not os.path.exists(os.path.join(a.console, "index.html")):
        sys.exit("Chromium and a built console are needed: ./run makes the console, CHROMIUM=... says where it is.")
    with tempfile.TemporaryDirectory() as home:
        server, port, once = serve(a, home, make_site(a, home))
        try:
            client = sign_in(port, once)
            n, pages, worst, used = read_all(client, server.pid)
            print(f"{n} alerts in {pages} pages: {used / pages * 1000:.0f} ms of a core each, the slowest "
                  f"{worst * 1000:.0f} ms")
            seen = on_screen(a, client, port)
        finally:
            server.terminate()
            server.wait()
    print(f"first page interactive after {seen['interactive']:.0f} ms; {seen['rows']} rows scrolled through, frames "
          f"p50 {seen['p50']:.0f} ms, p99 {seen['p99']:.0f} ms, worst {seen['worst']:.0f} ms")
    print(f"with the keys, all loaded: p99 {seen['keys']['p99']:.0f} ms; an alert on screen {seen['alert']:.0f} ms "
          "after it was sent")
    is_well = n == a.alerts == seen["rows"] and max(seen["interactive"], seen["alert"]) < 1000
    sys.exit(0 if is_well and max(seen["p99"], seen["keys"]["p99"]) <= 50 else 1)


if __name__ == "__main__":
    main()
