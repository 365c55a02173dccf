#!/usr/bin/env python3
"""What the time of an answer tells of what lies behind a wall.

usage: walls_timing.py [--program build/release/bin/quaywatch] [--boxes 200] [--rounds 20]

`serve` holds --boxes containers of which nothing is known but their selection by customs. A signed-in officer of a
terminal, who may not see selections, asks for the timelines of those, for those of as many containers that nobody
ever named, and finds both by the search, in random order. The answers must not differ but for the number asked for;
then the times: medians of both, and the difference of their medians with an interval that holds it in 95 of 100
drawn anew from the same times (bootstrap). Exit status 1 where an answer tells, or where the whole of an interval lies
beyond a hundredth of the median.
"""
import argparse
import json
import os
import random
import socket
import statistics
import sys
import tempfile
import time

from live_latency import Client, Server, first_sign_in, json_line, stamp
from make_history import container

DRAWN_ANEW = 1000


def officer_of_a_terminal(server):
    organisation = server.client.call("createOrganisation", body={"name": "A terminal", "kind": "terminal",
                                                                  "owners": ["A"]}).json["id"]
    made = server.client.call("createUser", body={"login": "outside", "name": "Outside", "roles": ["officer"],
                                                  "organisation_id": organisation}).json
    person = Client("127.0.0.1", server.http, server.client.spec)
    first_sign_in(person, "outside", made["one_time_password"])
    return person


def fill(server, boxes):
    rows = [json_line("selection.added", "customs", stamp(time.time() - 600 - i), {"container.number": box})
            for i, box in enumerate(boxes)]
    with socket.create_connection(("127.0.0.1", server.intake)) as wire:
        wire.sendall(("\n".join(rows) + "\n").encode())
    for _ in range(300):
        known = server.client.raw("GET", f"/api/search?q={boxes[-1]}", headers=server.client.headers()).json
        if known.get("items"):
            return
        time.sleep(0.1)
    sys.exit("the server did not take the selections in")


def ask(person, path):
    began = time.perf_counter()
    answer = person.raw("GET", path, headers=person.headers())
    return time.perf_counter() - began, answer


def difference(a, b):
    """Of the medians, and where it lies in 95 of 100."""
    rng = random.Random(1)
    drawn = sorted(statistics.median(rng.choices(a, k=len(a))) - statistics.median(rng.choices(b, k=len(b)))
                   for _ in range(DRAWN_ANEW))
    return statistics.median(a) - statistics.median(b), drawn[DRAWN_ANEW // 40], drawn[-DRAWN_ANEW // 40]


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--program", default=os.path.join(os.path.dirname(__file__), "..", "build/release/bin/quaywatch"))
    p.add_argument("--boxes", type=int, default=200)
    p.add_argument("--rounds", type=int, default=20)
    a = p.parse_args()
    walled = [container(n) for n in range(a.boxes)]
    unknown = [container(n) for n in range(a.boxes, 2 * a.boxes)]
    tells = []
    with tempfile.TemporaryDirectory() as home:
        server = Server(os.path.abspath(a.program), home)
        try:
            fill(server, walled)
            person = officer_of_a_terminal(server)
            for name, path in (("timeline", "/api/timelines/container/{}"), ("search", "/api/search?q={}")):
                asked = [(True, box) for box in walled] + [(False, box) for box in unknown]
                for _, box in asked[:: a.boxes // 10]:
                    ask(person, path.format(box))
                times, said = {True: [], False: []}, {True: set(), False: set()}
                for _ in range(a.rounds):
                    random.shuffle(asked)
                    for is_walled, box in asked:
                        took, answer = ask(person, path.format(box))
                        times[is_walled].append(took * 1e6)
                        said[is_walled].add((answer.status, json.dumps(answer.json).replace(box, "BOX")))
                if said[True] != said[False]:
                    tells.append(f"{name}: the answers differ")
                middle = statistics.median(times[False])
                by, least, most = difference(times[True], times[False])
                print(f"{name}: {statistics.median(times[True]):.1f} us behind the wall, {middle:.1f} us unknown; "
                      f"difference {by:+.1f} us ({least:+.1f} to {most:+.1f}) of {len(times[True])} each")
                if least > middle / 100 or most < -middle / 100:
                    tells.append(f"{name}: the times differ")
        finally:
            server.process.terminate()
            server.process.wait()
    for tell in tells:
        print(tell)
    sys.exit(1 if tells else 0)


if __name__ == "__main__":
    main()
