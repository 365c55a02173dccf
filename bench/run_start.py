#!/usr/bin/env python3
"""Measure how long ./run takes on a tree that is built, until somebody who signs in sees findings.

usage: run_start.py [--times N]

Prints for each run the seconds until the address is printed, until the server is ready and until the first alerts are
listed, and the CPU seconds that all of it took. Build first (./run --build-only); the port 8420 must be free.
"""
import argparse
import json
import os
import re
import resource
import signal
import subprocess
import time
import urllib.error
import urllib.request

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
AT_MOST = 300


def ask(base, path, body=None, **headers):
    """The answer's body and cookie; None while nobody answers or it is not ready."""
    data = json.dumps(body).encode() if body else None
    asked = urllib.request.Request(base + path, data, {"Content-Type": "application/json", **headers})
    asked.method = headers.get("X-Method", "POST" if body else "GET")
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.loads(answer.read() or b"null"), answer.headers["Set-Cookie"]
    except (urllib.error.URLError, ConnectionError):
        return None


def until(condition, began):
    while not (found := condition()):
        if time.monotonic() - began > AT_MOST:
            raise SystemExit(f"not within {AT_MOST} s")
        time.sleep(0.05)
    return found


def signed_in(base, one_time):
    """The cookie of an administrator with a password of his own."""
    password = "harbour lights at midnight"
    session, cookie = ask(base, "/api/session", {"login": "admin", "password": one_time})
    ask(base, "/api/session/password", {"current": one_time, "new": password}, Cookie=cookie.split(";")[0],
        **{"X-CSRF-Token": session["csrf_token"], "X-Method": "PUT"})
    return ask(base, "/api/session", {"login": "admin", "password": password})[1].split(";")[0]


def measure():
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    run = subprocess.Popen([os.path.join(ROOT, "run")], stdout=subprocess.PIPE, text=True, start_new_session=True)
    one_time = base = None
    try:
        while base is None:
            line = run.stdout.readline()
            if not line:
                raise SystemExit("./run ended")
            if m := re.search(r"one-time password (\S+)", line):
                one_time = m.group(1)
            if m := re.search(r"serving (http://\S+?)/ *", line):
                base = m.group(1)
        address = time.monotonic() - began
        until(lambda: ask(base, "/ready"), began)
        ready = time.monotonic() - began
        cookie = signed_in(base, one_time)
        alerts = until(lambda: (ask(base, "/api/alerts", Cookie=cookie) or [{}])[0].get("items"), began)
        found = time.monotonic() - began
    finally:
        os.killpg(run.pid, signal.SIGTERM)
        run.wait()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"address {address:5.1f} s, ready {ready:5.1f} s, findings {found:5.1f} s ({len(alerts)} on the first page), "
          f"CPU {cpu:.1f} s, load {os.getloadavg()[0]:.1f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=1)
    for _ in range(parser.parse_args().times):
        measure()


if __name__ == "__main__":
    main()
