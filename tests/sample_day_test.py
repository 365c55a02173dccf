#!/usr/bin/env python3
"""The sample port day: exactly the planted alerts stand, however the files are ordered and cut, and each look-alike is
silent only because of the record that proves it innocent.

usage: sample_day_test.py PROGRAM ROOT [unittest arguments]
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

PROGRAM, ROOT = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
os.environ["QUAYWATCH_LANGUAGE"] = "en"  # whatever the system speaks
SAMPLE = os.path.join(ROOT, "data", "samples", "port-day")
MESSAGE = re.compile(rb"UNH\+.*?UNT\+[^']*'\s*", re.DOTALL)


def read_lines(name):
    with open(os.path.join(ROOT, "tests", "samples", name), encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def stated(alert, line):
    """The part of an alert that a line of the truth speaks of."""
    own = {"rule": alert["rule_id"], "status": alert["status"], "event_time": alert["event_time"]}
    return {key: own[key] if key in own else alert["facts"].get(key) for key in line}


def identity(alert):
    """Everything but where the evidence lies in the files."""
    evidence = [{k: v for k, v in e.items() if k not in ("file", "offset", "size", "span")} for e in alert["evidence"]]
    return json.dumps({**alert, "evidence": evidence}, sort_keys=True)


def without(body, name, pattern):
    """The file without the records that match: messages of an interchange, else lines."""
    expression = re.compile(pattern.encode(), re.DOTALL)
    if name.endswith(".edi"):
        return MESSAGE.sub(lambda m: b"" if expression.search(m[0]) else m[0], body)
    return b"".join(line for line in body.splitlines(keepends=True) if not expression.search(line))


def cut(name, body):
    """One export as two: [(name, bytes)], as the mapping files still name them."""
    if name.endswith(".edi"):
        messages = MESSAGE.findall(body)
        if len(messages) < 2:
            return [(name, body)]
        head, tail = body[:body.index(b"UNH+")], re.search(rb"UNZ\+\d+(\+.*)", body, re.DOTALL)[1]
        half = len(messages) // 2
        parts = [head + b"".join(m) + b"UNZ+%d" % len(m) + tail for m in (messages[:half], messages[half:])]
        return [(name, parts[0]), (name.replace(".edi", "_b.edi"), parts[1])]
    lines = body.splitlines(keepends=True)
    head = lines[:1] if name.endswith(".csv") else []
    half = (len(lines) + 1) // 2
    return [(name, b"".join(lines[:half])), (name.replace("_2026", "_b_2026", 1), b"".join(head + lines[half:]))]


class SampleDay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.home = os.path.join(cls.folder.name, "home")
        cls.alerts, cls.account = cls.detect(SAMPLE)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def detect(cls, *paths):
        options = ["--format", "jsonl", "--reveal", "--now", "2026-03-14T00:00:00Z"]
        p = subprocess.run([PROGRAM, "detect", *options, *paths], capture_output=True, timeout=120, check=True,
                           env={**os.environ, "QUAYWATCH_HOME": cls.home})
        return [json.loads(line) for line in p.stdout.splitlines()], p.stderr.decode()

    def copy(self):
        folder = tempfile.mkdtemp(dir=self.folder.name)
        return shutil.copytree(SAMPLE, os.path.join(folder, "port-day"))

    def test_exactly_the_planted_alerts_stand(self):
        truth = read_lines("port-day.expected.jsonl")
        left = list(self.alerts)
        for line in truth:
            match = next((a for a in left if stated(a, line) == line), None)
            self.assertIsNotNone(match, f"missing: {line}")
            left.remove(match)
        self.assertEqual([(a["rule_id"], a["event_time"], a["facts"]) for a in left], [], "nobody planted these")

    def test_every_key_of_an_alert_is_documented(self):
        with open(os.path.join(ROOT, "docs", "reference", "alerts.md"), encoding="utf-8") as f:
            rows = " ".join(line.split("|")[1] for line in f if line.startswith("| `"))
        documented = set(re.findall(r"`(\w+)`", rows))
        lists = ("subjects", "evidence", "missing_inputs")
        printed = {k for a in self.alerts for part in (a, *(row for key in lists for row in a[key])) for k in part}
        self.assertGreater(len(printed), 25)
        self.assertEqual(sorted(printed - documented), [], "see docs/reference/alerts.md")

    def test_every_record_is_accounted_for(self):
        self.assertRegex(self.account, r" 0 rejected; \d+ events")
        self.assertNotIn("refused", self.account, "every shipped rule is on duty")
        line = next(row for row in self.account.splitlines() if " events in = " in row)
        taken, parts = line.split("; ")[1].split(" events in = ")
        self.assertEqual(int(taken), sum(int(p.split()[0]) for p in parts.split(" + ")), line)
        self.assertGreater(int(taken), 3000)

    def test_order_and_cutting_of_files_do_not_matter(self):
        folder = self.copy()
        for name in os.listdir(folder):
            if name.endswith((".toml", ".md")):
                continue
            with open(os.path.join(folder, name), "rb") as f:
                parts = cut(name, f.read())
            for part, body in parts:
                with open(os.path.join(folder, part), "wb") as f:
                    f.write(body)
        backwards = sorted((os.path.join(folder, n) for n in os.listdir(folder)), reverse=True)
        alerts, account = self.detect(*backwards)
        self.assertIn(" 0 rejected;", account)
        self.assertEqual([identity(a) for a in alerts], [identity(a) for a in self.alerts])

    def test_each_look_alike_stands_on_its_proof_alone(self):
        before = {identity(a) for a in self.alerts}
        for row in read_lines("port-day.proofs.jsonl"):
            with self.subTest(**row):
                folder = self.copy()
                for name, pattern in row["without"]:
                    path = os.path.join(folder, name)
                    with open(path, "rb") as f:
                        body = f.read()
                    self.assertNotEqual(without(body, name, pattern), body, "the proof is there to be taken away")
                    with open(path, "wb") as f:
                        f.write(without(body, name, pattern))
                alerts, _ = self.detect(folder)
                new = {(a["rule_id"], s["value"]) for a in alerts if identity(a) not in before for s in a["subjects"]}
                self.assertIn((row["rule"], row["subject"]), new)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
