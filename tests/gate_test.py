"""The gate: who is on duty there sees the boxes to be kept and, on record, the lorries for them; and nothing else."""
import json
import os

from program import main
from server_test import ServerTest
from telling_test import SECOND, STRANGER

ACCOUNT, PLATE, CARD = "qras.01", "QXW482", "DC-0417"


def announced(line):
    """With the lorry named beside the announcement."""
    event = json.loads(line)
    if event["type"] == "pickup.announced":
        event |= {"vehicle.plate": PLATE, "driver.card": CARD}
    return json.dumps(event)


class GateTest(ServerTest):
    def ground(self):
        """A stranger announced a lorry for a box that still stands there, and an officer asked to keep it."""
        lines = "\n".join(map(announced, STRANGER)) + "\n"
        second = lines
        for old, new in SECOND:
            second = second.replace(old, new)
        path = os.path.join(self.folder.name, "pcs.jsonl")
        with open(path, "w", encoding="utf-8") as f:
            f.write(lines + second)
        self.run_program("import", "--history", path)
        self.server, self.admin = self.first_start()
        self.home_id = self.admin.call("getSession").json["organisation"]["id"]
        self.people = {login: self.make_user(self.admin, self.server, login, [role], self.home_id)
                       for login, role in (("officer", "officer"), ("guard", "gate"), ("auditor", "auditor"))}
        alerts = self.people["officer"].call("listAlerts", query={"level": "high,critical"}).json["items"]
        self.alerts = {s["value"]: a["alert_id"] for a in alerts for s in a["subjects"] if s["kind"] == "container"}
        self.box, self.other = "QAYU1000011", "QAYU1000027"
        self.hold_id = self.ask(self.box)

    def ask(self, box):
        made = self.people["officer"].call("requestHold", {"alertId": self.alerts[box]},
                                           body={"reason": "a stranger announced it"})
        self.assertEqual(made.status, 201, made.body)
        return made.json["holds"][0]["hold_id"]

    def listed(self, who):
        return [h["hold_id"] for h in self.people[who].call("listGateHolds").json["items"]]

    def read(self, who):
        return self.people[who].call("readGateHold", {"holdId": self.hold_id})

    def test_the_guard_sees_the_box_and_its_lorry_and_that_is_on_record(self):
        self.ground()
        guard = self.people["guard"]
        hold, = guard.call("listGateHolds").json["items"]
        self.assertEqual((hold["container"], hold["state"]), (self.box, "requested"))
        self.assertNotIn(b"stranger", guard.call("listGateHolds").body, "nor why")
        lorry, = self.read("guard").json["lorries"]
        self.assertEqual((lorry["type"], lorry["plate"], lorry["card"]), ("pickup.announced", PLATE, CARD))
        entries = [e for e in self.people["auditor"].call("listAudit").json["items"]
                   if e["operation"] == "readGateHold"]
        self.assertEqual({e["by"]["login"] for e in entries}, {"guard"})
        subjects = {e["subject"] for e in entries}
        self.assertEqual({s[:s.index("-") + 1] if "-" in s else s for s in subjects},
                         {f"container:{self.box}", "vehicle:plate-", "credential:card-"})
        for value in (PLATE, CARD):
            self.assertNotIn(value.encode(), self.people["auditor"].call("listAudit").body)
        looked_up = self.people["officer"].call("getTimeline", {"kind": "container", "key": self.box}, {"limit": 500})
        self.assertIn(f"hold {self.hold_id}", looked_up.body.decode(), "rules see the look-up and what explains it")
        for operation, parameters in (("getAlert", {"alertId": self.alerts[self.box]}), ("listAlerts", {}),
                                      ("getTimeline", {"kind": "container", "key": self.box})):
            self.assertEqual(guard.call(operation, parameters).status, 403)
        self.assertEqual(self.read("officer").status, 403, "whoever is not at the gate has the two persons")

    def test_it_ends_with_the_hold(self):
        self.ground()
        answer = lambda word: self.people["guard"].call("answerGateHold", {"holdId": self.hold_id},
                                                        body={"answer": word, "reason": "stands on lane 3"})
        self.assertEqual(answer("held").json["state"], "answered")
        self.assertEqual(answer("refused").status, 409)
        self.assertEqual(self.listed("guard"), [self.hold_id], "it is to be kept, still")
        second = self.ask(self.other)
        self.assertEqual(self.listed("guard"), [second, self.hold_id])
        self.hold_id = second
        self.assertEqual(answer("refused").json["state"], "refused")
        self.assertEqual(self.read("guard").status, 404)
        self.assertEqual(answer("held").status, 404)
        self.server.stop()
        self.server = self.serve()
        self.people["guard"] = self.server.client("guard")
        self.assertEqual(len(self.listed("guard")), 1)

    def test_others_and_whom_the_alert_is_about_see_nothing_of_it(self):
        self.ground()
        self.people["stranger"] = self.add_user(self.admin, self.server, "stranger", ["gate"], "port_authority")
        self.assertEqual(self.listed("stranger"), [])
        self.assertEqual(self.read("stranger").status, 404)
        self.people["insider"] = self.make_user(self.admin, self.server, "insider", ["gate"], self.home_id,
                                                accounts=[ACCOUNT])
        self.assertEqual(self.listed("insider"), [])
        self.assertEqual(self.read("insider").status, 404)


if __name__ == "__main__":
    main()
