"""Rules on staff data over a site's journal: off without a recorded agreement, on with one, whatever came first."""
import json
import os
import re

from program import SAMPLE, main
from server_test import ServerTest

PERIOD = ("--from", "2026-01-01", "--until", "2026-12-31")


class AgreementTest(ServerTest):
    def setUp(self):
        super(ServerTest, self).setUp()  # a site of its own, without the agreement of the others
        self.servers = []
        self.run_program("import", "--history", SAMPLE)

    def record(self, *more, code=0):
        return self.run_program("agreement", "record", "--reference", "paper 7", "--parties", "both", *PERIOD, *more,
                                code=code)

    def standing(self, *arguments):
        out, err = self.run_program("detect", "--format", "jsonl", *arguments)
        return {a["alert_id"]: a["title"] for a in map(json.loads, out.splitlines())}, err

    def test_off_without_one_and_on_with_it_whatever_came_first(self):
        files, err = self.standing(SAMPLE)
        self.assertNotIn("off, for want", err, "who names files answers for what is read of them")
        without, err = self.standing()
        self.assertTrue(set(without) < set(files), "rules that read no staff data go on")
        self.assertRegex(err, r"off, for want of an agreement.*\n(  .*: \d+ events?\n)+")
        out, _ = self.run_program("coverage")
        self.assertRegex(out, r"off .*Card .*lacks .*an agreement on staff data")
        out, _ = self.run_program("blindspots", "--format", "jsonl")
        off = [row for row in map(json.loads, out.splitlines()) if row["cause"] == "no_agreement"]
        self.assertTrue(off and all(row["events"] > 0 for row in off))
        out, _ = self.run_program("agreement", "list")
        self.assertIn("no agreement is recorded", out)

        self.assertIn("for review by a second person", self.record()[0])
        covered, err = self.standing()
        self.assertEqual(covered, files)
        self.assertNotIn("off, for want", err)
        alert = sorted(set(files) - set(without))[0]
        self.run_program("explain", alert)
        self.run_program("agreement", "end", "1", "--at", "2026-01-31", "--reason", "replaced")
        self.assertEqual(self.standing()[0], without, "what was said of the time after its end is taken back")
        _, err = self.run_program("agreement", "end", "1", "--at", "2026-03-31", "--reason", "longer", code=2)
        self.assertIn("only be ended before its time", err)
        self.assertIn("agreement 1", self.run_program("rules", "history")[0])

    def test_of_single_rules(self):
        without, _ = self.standing()
        _, err = self.record("--rule", "nothing", code=1)
        self.assertIn("no rule in force that reads data on staff", err)
        out, _ = self.run_program("blindspots", "--format", "jsonl")
        off = sorted({row["rule_id"] for row in map(json.loads, out.splitlines()) if row["cause"] == "no_agreement"})
        for rule_id in off:
            self.record("--rule", rule_id)
        self.assertEqual(self.standing()[0], self.standing(SAMPLE)[0])
        self.assertNotEqual(without, self.standing()[0])

    def approvers(self, *names):
        with open(os.path.join(self.home, "site.toml"), "w", encoding="utf-8") as f:
            f.write(f"[rules]\napprovers = {json.dumps(names)}\n")

    def test_a_server_turns_on_what_a_second_person_confirmed_and_replays(self):
        expected = self.standing(SAMPLE)[0]
        server, admin = self.first_start()
        before = {a["alert_id"] for a in admin.call("listAlerts").json["items"]}
        rules = {r["title"]: r for r in admin.call("listRules").json["items"]}
        off = [r for r in rules.values() if r["off"] > 0]
        self.assertTrue(off and all(r["reads_staff_data"] for r in off))
        staff = admin.call("getLegalDocument", {"document": "staff"}).json
        self.assertGreater(staff["missing"], 0)
        body = {"reference": "paper 7", "parties": "both", "from": "2026-01-01T00:00:00Z",
                "until": "2026-12-31T00:00:00Z"}
        nobody = admin.call("recordAgreement", body=body)
        self.assertEqual(nobody.status, 403, "nobody is named who may")
        self.approvers("admin", "second")
        second = self.add_colleague(admin, server, "second", ["officer"])
        third = self.add_colleague(admin, server, "third", ["officer"])
        self.assertEqual(third.call("recordAgreement", body=body).status, 403)
        wrong = admin.call("recordAgreement", body={**body, "until": "2025-01-01T00:00:00Z"})
        self.assertEqual((wrong.status, wrong.json["field"]), (400, "until"))
        recorded = admin.call("recordAgreement", body=body)
        self.assertEqual(recorded.status, 201, recorded.body)
        self.assertFalse(recorded.json["agreements"][0]["confirmed"])
        confirm = lambda client: client.call("decideAgreement", {"number": 1}, body={"action": "confirm"})
        self.assertEqual(confirm(admin).status, 403)
        self.assertEqual({a["alert_id"] for a in admin.call("listAlerts").json["items"]}, before)
        self.assertTrue(confirm(second).json["agreements"][0]["confirmed"])
        page = admin.call("listAlerts").json["items"]
        self.assertEqual({a["alert_id"] for a in page if a["status"] != "withdrawn"}, set(expected))
        self.assertEqual([r["title"] for r in admin.call("listRules").json["items"] if r["off"] > 0], [])
        staff = admin.call("getLegalDocument", {"document": "staff"}).json
        self.assertIn("paper 7 (both)", json.dumps(staff))
        ended = second.call("decideAgreement", {"number": 1}, body={"action": "end", "reason": "replaced",
                                                                    "until": "2026-01-31T00:00:00Z"})
        self.assertEqual(ended.status, 200, ended.body)
        page = admin.call("listAlerts").json["items"]
        self.assertEqual({a["alert_id"] for a in page if a["status"] != "withdrawn"}, before)
        uses = [e["operation"] for e in admin.call("listAudit").json["items"]]
        self.assertEqual(uses.count("decideAgreement"), 3, "record, confirm, end")
        self.assertTrue(re.search("agreement_ended", json.dumps(ended.json["history"])))


if __name__ == "__main__":
    main()
