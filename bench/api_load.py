#!/usr/bin/env python3
"""What the interface bears: reads of one subject while records come in, and batches of events by HTTP.

usage: api_load.py [--program build/release/bin/quaywatch] [--rate 10000] [--seconds 20] [--clients 16]

Reads: `serve` with the shipped rules takes --rate records a second over TCP, of five types and 100,000 boxes, whatever
it does (open loop, bench/live_latency.py); meanwhile `wrk` (Debian) asks as --clients signed-in officers for the
timelines of those boxes, on as many connections. Each look-up is in the journal on disk before its answer.
Asked: at least 2,000 a second, p99 under 30 ms.

Batches: another server takes CloudEvents by HTTP in batches of 10,000 on two connections, durable before each answer
and judged after it.
Asked: at least 200,000 events a second. Exit status 1 where one of the three falls short or an answer is not 200.
"""
import argparse
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import types

from live_latency import NUMBERS, Client, Server, first_sign_in, record, send, stamp

BATCH = 10_000
ASK = """
local boxes, sessions = {%s}, {%s}
local n = 0
request = function()
  n = n + 1
  local headers = {Cookie = "quaywatch_session=" .. sessions[n %% #sessions + 1]}
  return wrk.format("GET", "/api/timelines/container/" .. boxes[n * 7 %% #boxes + 1] .. "?limit=20", headers)
end
"""


def sessions(server, n):
    """Of n officers."""
    organisation = server.client.call("getSession").json["organisation"]["id"]
    for i in range(n):
        made = server.client.call("createUser", body={"login": f"officer{i}", "name": f"Officer {i}",
                                                      "roles": ["officer"], "organisation_id": organisation}).json
        person = Client("127.0.0.1", server.http, server.client.spec)
        first_sign_in(person, f"officer{i}", made["one_time_password"])
        yield person.cookie


def lua_list(words):
    return ",".join(f'"{word}"' for word in words)


def reads(a):
    with tempfile.TemporaryDirectory() as home:
        server = Server(a.program, home)
        try:
            cookies = list(sessions(server, a.clients))
            # The first look-up of a site is a feed met for the first time: all is judged again, once.
            server.client.raw("GET", f"/api/timelines/container/{NUMBERS[0]}", headers=server.client.headers())
            load = types.SimpleNamespace(rate=a.rate, seconds=a.seconds + 8, probes=1)
            sender = threading.Thread(target=send, args=(server, load, {}), daemon=True)
            sender.start()
            time.sleep(9)  # three until it begins, and those whose boxes are asked for
            script = os.path.join(home, "ask.lua")
            with open(script, "w") as f:
                # Those whose every kind of record came in the first seconds.
                seen = {NUMBERS[n * 7919 % len(NUMBERS)] for n in range(0, 4 * a.rate, 8)}
                f.write(ASK % (lua_list(sorted(seen)), lua_list(cookies)))
            command = ["wrk", "-t1", f"-c{a.clients}", f"-d{a.seconds}s", "--latency", "-s", script]
            said = subprocess.run([*command, f"http://127.0.0.1:{server.http}"], stdout=subprocess.PIPE, text=True,
                                  check=True).stdout
            sender.join()
        finally:
            server.process.terminate()
            server.process.wait()
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", said).groups()
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return (float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),
            float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit], int(refused[1]) if refused else 0)


def cloud_event(n, at):
    row = json.loads(record(n, at))
    head = {"specversion": "1.0", "id": f"r{n}", "source": f"/feeds/{row.pop('feed')}", "time": row.pop("event_time"),
            "type": row.pop("type"), "datacontenttype": "application/json"}
    return {**head, "data": row}


def batches(a):
    begin = time.time() - a.events / a.rate
    bodies = [json.dumps([cloud_event(n, stamp(begin + n / a.rate)) for n in range(i, i + BATCH)]).encode()
              for i in range(0, a.events, BATCH)]
    with tempfile.TemporaryDirectory() as home:
        server = Server(a.program, home)
        headers = {**server.client.headers(), "Content-Type": "application/cloudevents-batch+json"}
        wrong = []

        def post(mine):
            connection = http.client.HTTPConnection("127.0.0.1", server.http, timeout=120)
            for body in mine:
                connection.request("POST", "/api/intake/events", body, headers)
                answer = connection.getresponse()
                said = json.loads(answer.read())
                if answer.status != 200 or said["events"] != BATCH:
                    wrong.append(said)

        try:
            began = time.monotonic()
            posters = [threading.Thread(target=post, args=(bodies[i::2],)) for i in range(2)]
            for p in posters:
                p.start()
            for p in posters:
                p.join()
            took = time.monotonic() - began
        finally:
            server.process.terminate()
            server.process.wait()
    if wrong:
        print(f"{len(wrong)} batches were not taken whole: {wrong[0]}")
    return len(bodies) * BATCH / took, len(wrong)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--program", default=os.path.join(os.path.dirname(__file__), "..", "build/release/bin/quaywatch"))
    p.add_argument("--rate", type=int, default=10_000)
    p.add_argument("--seconds", type=int, default=20)
    p.add_argument("--clients", type=int, default=16)
    p.add_argument("--events", type=int, default=500_000)
    a = p.parse_args()
    if not shutil.which("wrk"):
        sys.exit("no wrk. On Debian: apt-get install wrk")
    a.program = os.path.abspath(a.program)
    each, p99, refused = reads(a)
    print(f"{each:.0f} reads of one subject a second, p99 {p99:.1f} ms, {refused} refused, beside {a.rate} records a "
          "second")
    taken, wrong = batches(a)
    print(f"{taken:.0f} events a second in batches of {BATCH} by HTTP")
    sys.exit(1 if refused or wrong or each < 2000 or p99 >= 30 or taken < 200_000 else 0)


if __name__ == "__main__":
    main()
