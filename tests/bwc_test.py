"""Sites of earlier formats, opened by today's program: what people made is all there, and goes on.

tests/bwc/NAME.tar.gz is the folder of a site as its program left it, NAME.qwb a backup; NAME.json what it holds and
with which program it was made. They are never made again. A format that changes gets one more, before it changes:
    bwc_test.py PROGRAM SHARED make NAME.tar.gz|NAME.qwb
A NAME that ends with -features also has what bwc_features.py says, under `features` of its NAME.json; one that ends
with -sealed what customs looked up, which is sealed to them, under `sealed`.
"""
import glob
import json
import os
import subprocess
import sys
import tarfile

import bwc_features
from program import PROGRAM, main
from server_test import PASSWORD, Server, ServerTest

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "bwc")
DETECTORS = os.path.join(HERE, "..", "..", "detectors")
FEEDS = [os.path.join(DETECTORS, name, "vectors", file) for name, file in (
    ("came_for_collected_container", "fires_second_on_the_same_day.jsonl"),
    ("seal_continuity", "fires_at_discharge.jsonl"))]


def kept(client):
    """What people made, in words that outlive a change of the interface."""
    call = lambda name, *more, **query: client.call(name, *more, query=query or None).json
    out = {"users": [[u["login"], u["name"], u["roles"], u["disabled"]] for u in call("listUsers")["items"]],
           "organisations": sorted([o["name"], o["kind"], o["owners"]] for o in call("listOrganisations")["items"]),
           "audit": [a["operation"] for a in call("listAudit", limit=500)["items"]][::-1],
           "alerts": {}, "cases": []}
    for row in call("listAlerts", limit=500)["items"]:
        alert = call("getAlert", {"alertId": row["alert_id"]})
        # Alerts that nobody touched are a matter of the rules, which may change.
        if alert["summary"]["triage"]["state"] != "new":
            out["alerts"][row["alert_id"]] = {
                "state": alert["summary"]["triage"]["state"],
                "decisions": [[d["action"], d.get("reason", "")] for d in alert["decisions"]],
                "holds": [h["state"] for h in alert["holds"]]}
    for c in call("listCases")["items"]:
        case = call("getCase", {"caseId": c["case_id"]})
        out["cases"].append([case["summary"]["title"], case["summary"]["state"], [s["action"] for s in case["steps"]]])
    return out


def sealed(client):
    """What the organisation of the client did, by its own audit, without who came later to read it."""
    return [[a["operation"], a["subject"], a["by"]["login"]]
            for a in client.call("listAudit", query={"limit": 500}).json["items"]][::-1]


class BwcTest(ServerTest):
    def setUp(self):
        ServerTest.imported = ServerTest.imported or False  # no sample day
        super(ServerTest, self).setUp()
        self.servers = []

    def serve_at(self, home):
        server = Server(home)
        self.servers.append(server)
        return server

    def unpack(self, path, home):
        if path.endswith(".qwb"):
            self.run_program("restore", path, "--site", home)
            return
        os.mkdir(home, 0o700)
        subprocess.run(["tar", "-xzf", path, "-C", home], check=True)

    def test_each_is_opened_and_goes_on(self):
        sites = [p for p in sorted(glob.glob(os.path.join(HERE, "*"))) if not p.endswith(".json")]
        self.assertTrue(sites)
        for path in sites:
            with self.subTest(os.path.basename(path)):
                with open(path.split(".")[0] + ".json", encoding="utf-8") as f:
                    stated = json.load(f)
                expected = stated["kept"]
                self.assertLess(os.path.getsize(path), 300_000)
                home = os.path.join(self.folder.name, os.path.basename(path))
                self.unpack(path, home)
                server = self.serve_at(home)
                self.assertIsNone(server.password, "no first start")
                admin = server.client("admin")
                found = kept(admin)
                self.assertEqual(found["audit"][:len(expected["audit"])], expected["audit"])
                self.assertEqual({**found, "audit": 0}, {**expected, "audit": 0})
                if "features" in stated:
                    self.assertEqual(bwc_features.kept(server), stated["features"])
                if "sealed" in stated:
                    self.assertEqual(sealed(server.client("watch"))[:len(stated["sealed"])], stated["sealed"])
                held = next(i for i, a in found["alerts"].items() if a["holds"])
                note = {"action": "note", "reason": "still here"}
                self.assertEqual(admin.call("decideAlert", {"alertId": held}, body=note).status, 200)
                server.stop()
                # And once more, over what today's program wrote behind it.
                self.run_program("backup", "--site", home, home + ".again")
                self.run_program("restore", home + ".again", "--site", home + ".restored")
                restored = self.serve_at(home + ".restored")
                if "features" in stated:
                    self.assertEqual(bwc_features.kept(restored), stated["features"])
                again = kept(restored.client("admin"))
                self.assertEqual(again["users"], expected["users"])
                self.assertEqual(again["alerts"][held]["decisions"][-1], ["note", "still here"])
                self.assertEqual(set(again["alerts"]), set(expected["alerts"]))

    def make(self, name):
        features, looked_up = None, None
        if "-features." in name:
            server, admin = bwc_features.make(self)
            features = bwc_features.kept(server)
        else:
            server, admin = self.make_first()
        if "-sealed." in name:
            watch = self.add_user(admin, server, "watch", ["officer", "auditor"], "customs")
            alert = watch.call("listAlerts").json["items"][0]["alert_id"]
            assert watch.call("getAlert", {"alertId": alert}).status == 200
            assert watch.call("searchSubjects", query={"q": "QAYU1000011"}).status == 200
            looked_up = sealed(watch)
        made = kept(admin)
        server.stop()
        self.pack(os.path.join(HERE, name), made, {"features": features, "sealed": looked_up})

    def make_first(self):
        self.run_program("import", "--history", *FEEDS)
        server, admin = self.first_start()
        officer = self.add_user(admin, server, "officer", ["officer"], "customs")
        left = self.add_user(admin, server, "left", ["viewer"], "terminal", ("QXT",))
        admin.call("changeUser", {"userId": left.user_id}, body={"disabled": True})
        ids = [a["alert_id"] for a in admin.call("listAlerts").json["items"]]
        assert len(ids) >= 3, ids
        admin.call("openCase", body={"title": "Two boxes, one seal", "alert_ids": ids[:1]})
        held = admin.call("requestHold", {"alertId": ids[0]}, body={"reason": "look at it first"})
        assert held.status == 201, held.body
        officer.call("decideAlert", {"alertId": ids[1]}, body={"action": "take"})
        dismissed = {"action": "dismiss", "reason": "a planned test", "reason_code": "known_test"}
        assert admin.call("decideAlert", {"alertId": ids[2]}, body=dismissed).status == 200
        return server, admin

    def pack(self, path, made, more):
        version = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout.strip()
        if path.endswith(".qwb"):
            self.run_program("backup", path)
        else:
            with tarfile.open(path, "w:gz") as tar:
                tar.add(self.home, ".", filter=lambda i: None if i.name.endswith((".lock", "-wal", "-shm")) else i)
        with open(path.split(".")[0] + ".json", "w", encoding="utf-8") as f:
            more = {key: value for key, value in more.items() if value}
            json.dump({"program": version, "kept": made, **more}, f, indent=1, sort_keys=True)
            f.write("\n")


if __name__ == "__main__":
    if sys.argv[3:4] == ["make"]:
        maker = BwcTest("make")
        maker.setUp()
        try:
            maker.make(sys.argv[4])
        finally:
            maker.tearDown()
    else:
        main()
