"""Documents for the law, on the command line and over HTTP: what contracts and rules state, and what nobody stated."""
import json
import os

from program import SAMPLE, main
from server_test import DESELECTED, ServerTest

NAMES = ("processing", "assessment", "staff")


def column(document, section, name):
    at = document["sections"][section]["columns"].index(name)
    return {row[0]["text"]: row[at] for row in document["sections"][section]["rows"]}


class LegalTest(ServerTest):
    def printed(self, *arguments):
        out, _ = self.run_program("legal", *arguments, "--format", "json")
        return json.loads(out)

    def test_states_what_contracts_and_rules_state_and_marks_the_rest(self):
        document = self.printed("processing", SAMPLE)
        self.assertEqual(column(document, 1, "Purpose")["pcs_audit"],
                         {"text": "security of the release process", "missing": False})
        missing = column(document, 1, "Purpose")["access"]
        self.assertEqual(missing, {"text": "write purpose under [controller] in access.toml", "missing": True})
        self.assertIn("credential.id", column(document, 1, "Personal data, and whose")["access"]["text"])
        cells = [cell for s in document["sections"] for row in s["rows"] for cell in row]
        self.assertEqual(document["missing"], sum(cell["missing"] for cell in cells))
        with open(os.path.join(self.home, "site.toml"), "w", encoding="utf-8") as f:
            f.write('[legal]\ncontroller = "Port of Test"\n')
        stated = self.printed("processing", SAMPLE)
        self.assertEqual(document["missing"] - stated["missing"], 2, "of the site, and of its users")
        with open(os.path.join(self.home, "site.toml"), "w", encoding="utf-8") as f:
            f.write('[legal]\ncontroler = "Port of Test"\n')
        _, err = self.run_program("legal", "processing", code=1)
        self.assertIn("nearest: 'controller'", err)

    def test_every_rule_on_people_is_in_the_assessment_and_every_one_on_staff_in_its_own(self):
        assessment, staff = (column(self.printed(name), section, "Reads") for name, section in
                             (("assessment", 1), ("staff", 0)))
        self.assertTrue(set(staff) < set(assessment))
        self.assertIn("Account looks up many containers that it has no task for", staff)
        for title, cell in staff.items():
            self.assertRegex(cell["text"], "accounts|cards|persons", title)
        out, _ = self.run_program("legal", "staff", "--language", "es")
        self.assertIn("# Qué leen las reglas sobre el personal", out)

    def test_holds_what_its_reader_may_see(self):
        self.run_program("import", "--history", DESELECTED)
        server, admin = self.first_start()
        readers = {"customs": self.add_user(admin, server, "customs", ["auditor"], "customs"),
                   "terminal": self.add_user(admin, server, "terminal", ["auditor"], "terminal"),
                   "own": self.add_user(admin, server, "own", ["viewer"], "terminal", ("QXT",))}
        seen = {(who, name): client.call("getLegalDocument", {"document": name}).json
                for who, client in readers.items() for name in NAMES}
        feeds = {who: set(column(seen[who, "processing"], 1, "Feed")) for who in readers}
        self.assertTrue(feeds["own"] < feeds["terminal"] < feeds["customs"], feeds)
        rules = {who: set(column(seen[who, "staff"], 0, "Rule")) for who in readers}
        walled = rules["customs"] - rules["terminal"]
        self.assertIn("Taken off the control list without a second officer", walled)
        self.assertNotIn("selection.by", json.dumps([seen["terminal", name] for name in NAMES]))
        listed = {f["feed"] for f in readers["own"].call("listFeeds").json["items"]}
        self.assertEqual(feeds["own"], listed, "the same walls as the list of feeds")
        spanish = readers["own"].call("getLegalDocument", {"document": "staff"}, {"language": "es"}).json
        self.assertEqual(spanish["language"], "es")
        meanings = {row[0]["text"]: row[1]["text"] for row in spanish["sections"][1]["rows"]}
        self.assertEqual(meanings["credential.id"], "Pase o tarjeta.")
        file = readers["own"].call("getLegalDocument", {"document": "staff"}, {"form": "markdown"})
        self.assertIn("attachment", file.headers["content-disposition"])
        self.assertTrue(file.body.startswith(b"# What rules read of staff"))
        self.assertEqual(readers["own"].call("getLegalDocument", {"document": "scores"}).status, 404)


if __name__ == "__main__":
    main()
