"""schemathesis (PyPI), which knows the description alone, against the sample day served: whatever it makes of
api/openapi.yaml, right and wrong, is answered without a server error and as the description says.

  tests/schemathesis_test.py PROGRAM SHARED_DIR [--minutes N] [--examples N] [--seed N] [unittest arguments]

Without options a short run of a fixed seed, as in ./test. It is installed from PyPI once, into build/; exit status 77,
the reason in the last line, when that cannot be done. What is checked stands in schemathesis/schemathesis.toml.
"""
import argparse
import collections
import json
import os
import re
import signal
import subprocess
import sys
from urllib.parse import quote

from deployed_server_test import LOUDER
from map_test import collection
from program import main
from server_test import ServerTest, wait_until

HERE = os.path.dirname(os.path.abspath(__file__))
PEER = os.path.join(HERE, "schemathesis")
VENV = os.path.join(HERE, "..", "build", "schemathesis")
LEFT_OUT = {"streamEvents": "it does not end", "signOut": "nobody would ask the rest"}
ROLES = ["officer", "auditor", "feeder", "administrator"]  # a viewer asks nothing that an officer does not
REASON = "the guard reports a forged badge"
OPTIONS = argparse.ArgumentParser()
OPTIONS.add_argument("--minutes", type=float, help="for each role")
OPTIONS.add_argument("--examples", type=int, default=2, help="made up at random, for each operation")
OPTIONS.add_argument("--seed", type=int, default=1)


def install():
    """Why it cannot be; empty: it is there."""
    pip = [os.path.join(VENV, "bin", "pip"), "install", "-q", "--disable-pip-version-check", "--retries", "0"]
    pinned = ["--require-hashes", "--only-binary", ":all:", "-r", os.path.join(PEER, "requirements.txt")]
    venv = [] if os.path.exists(pip[0]) else [[sys.executable, "-m", "venv", VENV]]
    for command in (*venv, [*pip, *pinned]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return (done.stderr or done.stdout).strip().split("\n")[-1]
    return ""


class SchemathesisTest(ServerTest):
    options = OPTIONS.parse_args([])

    def site(self):
        """A person of each role and a second officer, something of all that can be asked for, and its names."""
        server, admin = self.first_start()
        for name, text in (("site.toml", '[rules]\napprovers = ["officer", "second"]\n'
                            '[people]\nrequests_per_minute = 0\nsign_ins_per_minute = 0\n'),
                           ("port.geojson", json.dumps(collection()))):
            with open(os.path.join(self.home, name), "w", encoding="utf-8") as f:
                f.write(text)
        server.process.send_signal(signal.SIGHUP)
        people = {role: self.add_colleague(admin, server, role, [role]) for role in ROLES}
        officer, second = people["officer"], self.add_colleague(admin, server, "second", ["officer"])
        spare = self.add_colleague(admin, server, "spare", ["viewer"])
        wait_until(lambda: officer.call("getMap").json["features"])
        alerts = officer.call("listAlerts").json["items"]
        subjects = [(a["alert_id"], s["kind"], s["value"]) for a in alerts for s in a["subjects"]]
        named, _, pseudonym = next(s for s in subjects if s[1] == "account")
        boxed, _, box = next(s for s in subjects if s[1] == "container")
        ask = {"pseudonym": pseudonym, "alert_id": named, "reason": REASON}
        paper = {"reference": "paper 7", "parties": "both", "from": "2026-01-01T00:00:00Z",
                 "until": "2026-12-31T00:00:00Z"}
        received = {"received_on": "2026-11-03", "identity_check": "he showed his passport", "plates": ["QX 11 QX"]}
        wrong = {"words": "the plate is another's", "right": "another plate"}
        told = ""
        for who, operation, path, body in (
                (officer, "openCase", {}, {"title": "Two boxes, one seal", "alert_ids": [boxed]}),
                (officer, "requestHold", {"alertId": boxed}, {"reason": REASON}),
                (officer, "requestUnmasking", {}, ask), (second, "requestUnmasking", {}, ask),
                (officer, "breakGlass", {}, ask), (second, "breakGlass", {}, ask),
                (second, "proposeRuleSet", {}, {"files": LOUDER, "reason": REASON}),
                (second, "recordAgreement", {}, paper),
                (people["auditor"], "openSubjectRequest", {}, {"kind": "access", **received}),
                (people["auditor"], "openSubjectRequest", {}, {"kind": "correction", **received, **wrong})):
            answer = who.call(operation, path, body=body)
            self.assertIn(answer.status, (200, 201), (operation, answer.body))
            told += answer.body.decode()
        case_id = re.search("c-[0-9a-f]{16}", told).group()
        # Of a closed one nothing can be removed before somebody reads it.
        closed = officer.call("openCase", body={"title": "A seal"}).json["summary"]["case_id"]
        files = [self.put(officer, each) for each in (case_id, closed)]
        officer.call("stepCase", {"caseId": closed},
                     body={"action": "close", "outcome": "no_finding", "reason": REASON})
        names = {"caseId": [case_id, closed, closed], "attachmentId": [files[0], files[1], files[1]],
                 "alertId": [named, boxed], "alert_id": [named], "alert_ids": [named, boxed], "pseudonym": [pseudonym],
                 "kind": ["container"], "key": [box], "container": [box],
                 "featureId": [quote(f["feature_id"], safe="") for f in officer.call("getMapState").json["features"]]}
        return server, people, {"names": names, "told": told, "spare": spare.user_id,
                                "users": [p.user_id for p in people.values()]}

    def put(self, who, case_id):
        answer = who.call("addAttachment", {"caseId": case_id}, body=b"x", headers={"X-File-Name": "seal.jpg"},
                          content_type="application/octet-stream")
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json["attachments"][0]["attachment_id"]

    def test_no_answer_is_a_server_error_or_not_described(self):
        server, people, site = self.site()
        for role, client in people.items():
            with self.subTest(role):
                operations = [name for name, (_, _, o) in client.operations.items()
                              if {"anyone", "loopback", role} & set(o["x-roles"]) and name not in LEFT_OUT]
                self.ask(server, client, operations, site)
                self.assertEqual(client.call("getSession").status, 200, "it asked as the user to the end")

    def ask(self, server, client, operations, site):
        command = [os.path.join(VENV, "bin", "schemathesis"), "--config-file", os.path.join(PEER, "schemathesis.toml"),
                   "run", f"http://127.0.0.1:{server.port}/api/openapi.json", "--no-color",
                   "--seed", str(self.options.seed), "--max-examples", str(self.options.examples)]
        if self.options.minutes:
            command += ["--max-time", str(round(self.options.minutes * 60))]
        for name, value in client.headers().items():
            command += ["--header", f"{name}: {value}"]
        for name in operations:
            command += ["--include-operation-id", name]
        answers = self.file("answers", "")
        environment = {**os.environ, "PYTHONPATH": PEER, "SCHEMATHESIS_HOOKS": "hooks",
                       "QUAYWATCH_SITE": json.dumps({**site, "answers": answers})}
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder.name,
                              env=environment)
        statuses = collections.defaultdict(collections.Counter)
        with open(answers, encoding="utf-8") as f:
            for name, status in map(str.split, f):
                statuses[name][status] += 1
        for name in operations:
            print(f"{name:20} {dict(sorted(statuses[name].items()))}")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual([name for name in operations if not statuses[name]], [])


if __name__ == "__main__":
    if missing := install():
        print("schemathesis cannot be installed from PyPI:", missing)
        sys.exit(77)
    SchemathesisTest.options, sys.argv[3:] = OPTIONS.parse_known_args(sys.argv[3:])
    main()
