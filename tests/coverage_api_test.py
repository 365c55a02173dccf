"""The coverage matrix as a client of `quaywatch serve` sees it: of the rules in force, through the walls, and what
keeps each from judging."""
import os
import re
import tomllib

from deployed_server_test import FEWER, Deployed
from program import main
from server_test import ServerTest

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


def matrix(client):
    answer = client.call("getCoverage")
    assert answer.status == 200, answer.body
    return {row["mo"]: row for row in answer.json["items"]}


def rules_of(matrix_):
    return {rule["title"]: rule for row in matrix_.values() for rule in row["rules"]}


class CoverageTest(ServerTest):
    def test_what_the_program_ships_is_what_the_page_says(self):
        _, admin = self.first_start()
        rows = matrix(admin)
        with open(os.path.join(ROOT, "data", "modi_operandi.toml"), "rb") as f:
            known = {f"MO-{mo['number']}": mo for mo in tomllib.load(f)["mo"]}
        self.assertEqual({n: (r["name"], r["directions"], r["why"]) for n, r in rows.items()},
                         {n: (m["name"], m["directions"], m.get("why", "")) for n, m in known.items()})
        for number, row in rows.items():
            self.assertEqual(bool(row["rules"]), "why" not in known[number], number)
        with open(os.path.join(ROOT, "docs", "coverage-matrix.md"), encoding="utf-8") as f:
            cells = {line.split(" | ")[0][2:]: line.split(" | ") for line in f if line.startswith("| MO-")}
        for number, row in rows.items():
            for at, direction in enumerate(("inbound", "outbound", "transhipment"), 2):
                if number in cells and len(cells[number]) > 5:
                    named = len(set(re.findall(r"\[(\w+)\]", cells[number][at])))
                    told = sum(direction in rule["directions"] for rule in row["rules"])
                    self.assertGreaterEqual(told, named, (number, direction))

    def test_what_keeps_a_rule_from_judging_is_said(self):
        with open(os.path.join(self.home, "site.toml"), "w", encoding="utf-8") as f:
            f.write('[rules]\napprovers = ["admin", "second"]\n')
        _, admin = self.first_start()
        rules = rules_of(matrix(admin))
        seals = rules["Seal changed without inspection or reseal on record"]
        self.assertEqual((seals["state"], seals["lacks"]), ("judges", []))
        reefer = rules["Reefer without power, and nobody ordered it"]
        self.assertEqual(reefer["state"], "lacks_feeds", "no feed of the sample day tells of reefers")
        self.assertIn("container.status_reported", reefer["lacks"])
        card = "Card used in a restricted zone outside every planned duty"
        self.assertEqual(rules[card]["state"], "judges")
        agreement = admin.call("listRuleSets").json["agreements"][0]["number"]
        ended = admin.call("decideAgreement", {"number": agreement}, body={"action": "end", "reason": "replaced",
                                                                           "until": "2000-01-02T00:00:00Z"})
        self.assertEqual(ended.status, 200, ended.body)
        self.assertEqual(rules_of(matrix(admin))[card]["state"], "off")

    def test_walls_stand_before_the_matrix(self):
        server, admin = self.first_start()
        terminal = self.add_user(admin, server, "terminal", ["viewer"], "terminal")
        listed = {r["title"] for r in terminal.call("listRules").json["items"] if r["raises_alerts"]}
        self.assertEqual(set(rules_of(matrix(terminal))) - listed, set())
        self.assertLess(len(listed), len({r["title"] for r in admin.call("listRules").json["items"]}))


class OfTheSetInForceTest(Deployed):
    def test_a_rule_that_was_taken_out_covers_nothing(self):
        _, admin, second = self.first_start()
        self.assertIn("Seal changed without inspection or reseal on record", rules_of(matrix(admin)))
        self.assertEqual(self.propose(admin, FEWER).status, 201)
        self.assertEqual(self.decide(second, 1, "approve").status, 200)
        rows = matrix(admin)
        self.assertNotIn("Seal changed without inspection or reseal on record", rules_of(rows))
        states = {rule["state"] for rule in rules_of(rows).values()}
        self.assertEqual(states, {"lacks_feeds", "off"}, "nothing came yet")


if __name__ == "__main__":
    main()
