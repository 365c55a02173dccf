"""Records of one day, taken in live one by one, seven and 1,024 at a time: the alerts that stand have one digest, as
the server says them, as its journal gives them when it is replayed, and as they are read from one file.

A batch is what one append to the journal brings to the engine: here one file of a watched folder, elsewhere what one
look at a stream found, or the body of one request.
"""
import hashlib
import json
import os
import shutil

from program import SAMPLE, Program, main
from server_test import PASSWORD, Server, wait_until

BATCHES = (1, 7, 1024)
LAST = '{"type":"visit.ended","feed":"last","event_time":"2026-03-12T12:00:00Z","visit.ref":"none"}\n'
EVERY = 60  # one in so many of the records that no alert is about is taken: each is a file of its own once


def essence(alert, facts):
    """What `detect` and the server both say of an alert, but where its records lie and when they were taken."""
    own = {k: alert[k] for k in ("alert_id", "rule_id", "rule_version", "status", "event_time", "matches", "subjects")}
    own["facts"] = {k: v if isinstance(v, list) else [v] for k, v in facts.items()}
    own["evidence"] = sorted(
        e.get("event_id") or f"{e.get('searched') or e.get('required')} from {e['from']} until {e['until']}"
        for e in alert["evidence"])
    return json.dumps(own, sort_keys=True)


def digest(alerts):
    return hashlib.sha256("\n".join(sorted(alerts)).encode()).hexdigest()


def chosen_records(program):
    """Those of the sample day that alerts are about, and some others, in the order of their time."""
    found, _ = program.run_program("detect", "--format", "jsonl", "--reveal", SAMPLE)
    named = {f'"{s["value"]}"' for a in map(json.loads, found.splitlines()) for s in a["subjects"]}
    out, _ = program.run_program("decode", "--reveal", SAMPLE)
    lines = list(dict.fromkeys(out.splitlines(keepends=True)))
    chosen = [line for i, line in enumerate(lines) if i % EVERY == 0 or any(n in line for n in named)]
    return sorted(chosen, key=lambda line: json.loads(line).get("event_time", ""))


def detected(program, *arguments):
    out, _ = program.run_program("detect", "--format", "jsonl", *arguments)
    return [essence(a, a["facts"]) for a in map(json.loads, out.splitlines())]


def standing(client):
    """What a server says stands."""
    alerts = []
    for row in client.call("listAlerts", query={"status": "final,provisional"}).json["items"]:
        alert = client.call("getAlert", {"alertId": row["alert_id"]}).json
        facts = {f["name"]: f["values"] for f in alert["facts"]}
        alerts.append(essence({**row, "evidence": alert["evidence"]}, facts))
    return alerts


class BatchTest(Program):
    def setUp(self):
        super().setUp()
        self.seed = self.home  # event ids and pseudonyms rest on the key of the home
        self.lines = chosen_records(self)
        self.agree()

    def served(self, size):
        """What the server says stands after batches of so many records."""
        drop = os.path.join(self.folder.name, f"drop-{size}")
        os.mkdir(drop)
        server = Server(self.home, drop, "--settle", "0")
        try:
            admin = server.client("admin", server.password)
            admin.call("changePassword", body={"current": server.password, "new": PASSWORD})
            for i in range(0, len(self.lines), size):
                part = self.file("part", "".join(self.lines[i:i + size]))
                os.rename(part, os.path.join(drop, f"{i:06}.jsonl"))
            os.rename(self.file("part", LAST), os.path.join(drop, "last.jsonl"))
            wait_until(lambda: any(f["feed"] == "last" for f in admin.call("listFeeds").json["items"]), 300)
            return standing(admin)
        finally:
            server.stop()

    def test_every_batching_ends_in_one_digest(self):
        whole = detected(self, self.file("whole.jsonl", "".join(self.lines)))
        self.assertGreater(len(whole), 5)
        for size in BATCHES:
            self.home = os.path.join(self.folder.name, f"home-{size}")
            shutil.copytree(self.seed, self.home)
            served = self.served(size)
            replayed = detected(self)
            self.assertEqual(sorted(replayed), sorted(served), f"replayed and served, batches of {size}")
            self.assertEqual(sorted(whole), sorted(served), f"one file and batches of {size}")
            print(f"{len(self.lines)} records, batches of {size}: {len(served)} alerts, {digest(served)}")


if __name__ == "__main__":
    main()
