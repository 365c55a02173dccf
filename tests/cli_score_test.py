#!/usr/bin/env python3
"""The commands simulate, detect --account and score as their users run them.

usage: cli_score_test.py PROGRAM SHARED_DIR [unittest arguments]
"""
import glob
import json
import os
import re
import shlex
import subprocess

from program import PROGRAM, SAMPLE, Program, main

SCENARIOS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "simulation", "scenarios")


class Account(Program):
    def test_the_account_says_what_was_asked_and_what_could_not_be_judged(self):
        account = os.path.join(self.folder.name, "account.json")
        _, err = self.run_program("detect", "--account", account, "--now", "2026-03-14T00:00:00Z", SAMPLE)
        with open(account, encoding="utf-8") as f:
            run = json.load(f)
        events = run["events"]
        self.assertEqual((events["taken"], events["evaluated"] + events["no_rule"]), (3979, 3948))
        self.assertEqual((events["superseded"], events["repeated"], events["too_late"]), (0, 31, 0))
        detectors = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "detectors", "*", "rule.yml")
        self.assertEqual((run["alerts"], len(run["rules"])), (10, len(glob.glob(detectors))))
        lines = [line for line in err.splitlines() if line.startswith("  ")]
        told = sum(int(re.search(r" on (\d+) events?: ", line)[1]) for line in lines)
        self.assertEqual(told, sum(sum(rule["not_evaluated"].values()) for rule in run["rules"]))
        card = next(rule for rule in run["rules"] if rule["title"] == "Card leaves a zone it never entered")
        self.assertEqual(card["not_evaluated"]["known_since"], 27)
        self.assertLess(27, card["asked"])

    def test_an_account_that_cannot_be_written_is_said(self):
        path = os.path.join(self.folder.name, "none", "account.json")
        _, err = self.run_program("detect", "--account", path, SAMPLE, code=1)
        self.assertIn(path, err)


class Score(Program):
    CASE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "score")

    def score(self, *arguments, **how):
        return self.run_program("score", "--truth", os.path.join(self.CASE, "truth"), *arguments, **how)

    def case(self, name):
        return os.path.join(self.CASE, name)

    def assert_golden(self, name, text):
        if os.environ.get("QUAYWATCH_BLESS"):
            with open(self.case(name), "w", encoding="utf-8") as f:
                f.write(text)
        with open(self.case(name), encoding="utf-8") as f:
            self.assertEqual(text, f.read())

    def test_the_report_of_the_case_is_the_expected_one(self):
        files = ["--account", self.case("account.json"), self.case("alerts_week1.jsonl"),
                 self.case("alerts_week2.jsonl"), "--reveal"]
        page = os.path.join(self.folder.name, "page.md")
        out, err = self.score("--page", page, *files)
        self.assertEqual(err, "")
        self.assert_golden("expected.txt", out)
        with open(page, encoding="utf-8") as f:
            self.assert_golden("expected_page.md", f.read())
        out, _ = self.score("--format", "json", *files)
        self.assert_golden("expected.json", json.dumps(json.loads(out), indent=1) + "\n")
        self.assertNotIn("accuracy", out)

    def test_personal_values_of_what_was_missed_are_pseudonyms(self):
        for how in (["--format", "json"], []):
            out, _ = self.score(*how, self.case("alerts_week1.jsonl"))
            self.assertNotIn("qa.two", out)
            self.assertRegex(out, r"account-[0-9a-f]{15}")
        self.assertIn("qa.two", self.score("--reveal", self.case("alerts_week1.jsonl"))[0])
        with open(os.path.join(self.home, "reveals.jsonl"), encoding="utf-8") as f:
            self.assertEqual([json.loads(line)["command"] for line in f], ["score"])

    def test_alerts_from_standard_input_and_a_shorter_reach(self):
        with open(self.case("alerts_week2.jsonl"), "rb") as f:
            alerts = f.read()
        on = lambda *how: json.loads(self.score("--format", "json", *how, "-", stdin=alerts)[0])["false_alarms"]
        self.assertEqual(on()["on_nothing"]["alerts"], 1)
        self.assertEqual(on("--reach", "120h")["on_nothing"]["alerts"], 0)

    def test_pseudonyms_of_detect_match_the_values_of_the_truth(self):
        account = os.path.join(self.folder.name, "account.json")
        alerts, _ = self.run_program("detect", "--format", "jsonl", "--account", account, "--now",
                                     "2026-03-14T00:00:00Z", SAMPLE)
        plant = {"id": "P1", "script": "look_up", "innocent": False, "carefulness": 1,
                 "subjects": {"account": ["qma.tin"]},
                 "acts": [{"at": "2026-03-12T14:00:00Z", "act": "release_viewed", "account": "qma.tin"}]}
        with open(self.case("truth/port.json"), encoding="utf-8") as f:
            self.file("port.json", f.read())
        self.file("plants.jsonl", json.dumps(plant) + "\n")
        out, _ = self.run_program("score", "--format", "json", "--truth", self.folder.name, "--account", account,
                                  self.file("alerts.jsonl", alerts))
        score = json.loads(out)
        self.assertNotIn("qma.tin", alerts)
        self.assertEqual((score["recall"][0]["found"], score["alerts"]["read"]), (1, 10))
        self.assertEqual(score["false_alarms"]["all"]["alerts"], 9)
        with open(account, encoding="utf-8") as f:
            rules = json.load(f)["rules"]
        self.assertEqual({d["rule_id"] for d in score["detectors"]}, {r["rule_id"] for r in rules})
        self.assertEqual(score["evaluations"]["asked"], sum(r["asked"] for r in rules))
        self.assertEqual(score["evaluations"]["asked"] - score["evaluations"]["possible"],
                         sum(sum(r["not_evaluated"].values()) for r in rules))

    def test_bad_input_is_named_with_file_line_and_reason(self):
        bad = self.file("alerts.jsonl", '\n{"alert_id":7}\n')
        self.assertEqual(self.score(bad, code=1), ("", f"quaywatch: {bad}:2: bad_value: alert_id must be a text, "
                                                   "not '7'\n"))
        _, err = self.score("--account", self.case("truth/port.json"), self.case("alerts_week1.jsonl"), code=1)
        self.assertIn("port.json: unsupported: format is 'quaywatch.truth/1'", err)
        _, err = self.score(self.folder.name + "/none.jsonl", code=1)
        self.assertIn("none.jsonl", err)
        _, err = self.run_program("score", "--truth", self.folder.name, bad, code=1)
        self.assertIn("port.json", err)
        for reach in ("3 days", "9999999d"):
            self.assertIn(reach, self.score("--reach", reach, bad, code=1)[1])

    def test_help_has_examples(self):
        self.assertIn("quaywatch score --truth PORT/truth", self.run_program("score", "--help")[0])


class Simulate(Program):
    def simulate(self, name, *arguments, size="one-berth", days="2", first="2026-10-24", code=0):
        out = os.path.join(self.folder.name, name)
        return out, self.run_program("simulate", "--size", size, "--days", days, "--from", first, *arguments, out,
                                     code=code)[1]

    def contents(self, folder):
        out = {}
        for path, _, names in os.walk(folder):
            for name in names:
                with open(os.path.join(path, name), "rb") as f:
                    out[os.path.relpath(os.path.join(path, name), folder)] = f.read()
        return out

    def test_the_same_seed_gives_the_same_bytes(self):
        once = self.contents(self.simulate("a")[0])
        self.assertEqual(once, self.contents(self.simulate("b")[0]))
        self.assertNotEqual(once, self.contents(self.simulate("c", "--seed", "2")[0]))
        told = once["delivery.csv"].decode().splitlines()
        self.assertEqual(told[0], "file,arrives")
        written = {name for name in once if name.startswith("feeds/") and not name.endswith(".toml")}
        self.assertEqual({line.split(",")[0] for line in told[1:]}, written)

    def test_a_planted_crime_is_told_in_the_truth(self):
        out, _ = self.simulate("a", "--plant", "pin_fraud:0", days="8", first="2026-10-19")
        with open(os.path.join(out, "truth", "plants.jsonl")) as f:
            plants = [json.loads(line) for line in f]
        crimes = [plant for plant in plants if not plant["innocent"]]
        self.assertEqual([(crime["script"], crime["carefulness"]) for crime in crimes], [("pin_fraud", 0)])
        self.assertEqual(len(crimes[0]["subjects"]["container"]), 1)
        self.assertIn("gate_left", {act["act"] for act in crimes[0]["acts"]})
        self.assertGreater(len(plants), 50)
        self.assertLessEqual({name for plant in plants for name in plant["twin_of"]},
                             {name[:-5] for name in os.listdir(SCENARIOS)})

    def test_a_crime_that_cannot_be_planted_is_told(self):
        for plant, told in (("pin_fraut", "nearest: pin_fraud"), ("pin_fraud:7", "'7' is no level"),
                            ("hotel_container", "fits no box")):
            self.assertIn(told, self.simulate(plant[:9] + plant[-1], "--plant", plant, days="1", code=1)[1])
        two = self.simulate("two", "--plant", "hotel_container", "--plant", "unread_scan", days="1", code=1)[1]
        self.assertIn("or ask less of it; simulation/scenarios/unread_scan.toml", two)

    def test_feeds_decode_without_a_reject(self):
        out, _ = self.simulate("a", days="7", first="2026-10-20")
        events, err = self.run_program("decode", "--strict", "--time-zone", "Europe/Ljubljana",
                                       os.path.join(out, "feeds"))
        self.assertNotIn("bad_value", err)
        types = {}
        for event in map(json.loads, events.splitlines()):
            if "type" in event:
                types.setdefault(event["feed"].split("/")[0], set()).add(event["type"])
        for feed, needed in {"codeco": {"container.gate_in", "container.gate_out"},
                             "yard_orders": {"order.issued"},
                             "yard_moves": {"container.moved"},
                             "pcs_audit": {"release.viewed", "account.queried", "account.changed"},
                             "agency_tickets": {"task.opened"},
                             "gate_portal": {"vehicle.passed", "container.gate_in", "container.gate_out"},
                             "release_transfers": {"release.transferred"},
                             "pickup_announcements": {"pickup.announced"},
                             "copino": {"pickup.announced", "delivery.announced"},
                             "truck_appointments": {"container.announced", "delivery.announced"},
                             "haulier_register": {"party.registered"},
                             "pickup_history": {"pickup.completed"},
                             "tos_audit": {"account.queried", "account.changed"}}.items():
            self.assertLessEqual(needed, types.get(feed, set()), feed)

    def test_messages_decode_without_a_reject(self):
        feeds = os.path.join(self.simulate("a", days="8", first="2026-10-19")[0], "feeds")
        for folder, wanted in (("terminal", ("container.gate_in", "container.discharged")),
                               ("depot", ("container.gate_out",)), ("inland", ("container.gate_in",)),
                               ("lines", ("container.stowed", "container.announced", "vessel.arrived", '"dcsa')),
                               ("agents", ("release.issued",)), ("shippers", ("container.weighed",)),
                               ("authority", ("vessel.arrived", "vessel.call_declared"))):
            events, _ = self.run_program("decode", "--strict", "--time-zone", "Europe/Ljubljana", "--mapping", feeds,
                                         os.path.join(feeds, folder))
            for word in wanted:
                self.assertIn(word, events, folder)

    def test_what_it_refuses_it_names(self):
        out, err = self.simulate("a")
        self.assertIn("2 days of port size one-berth from 2026-10-24, seed 1", err)
        self.assertIn("has files already", self.simulate("a", code=1)[1])
        self.assertIn("happenings", self.simulate("a", "--force")[1])
        self.assertIn("rotterdam", self.simulate("b", size="huge", code=1)[1])
        self.assertIn("'soon'", self.simulate("b", first="soon", code=1)[1])
        self.assertIn("give 1 to", self.simulate("b", days="0", code=1)[1])

    def test_feeds_of_people_and_devices_are_read(self):
        feeds = os.path.join(self.simulate("a", days="7", first="2026-10-19")[0], "feeds")
        for folder, feed, needed in (
                ("access", "terminal_access", {"access.granted", "access.denied"}),
                ("port_authority", "outer_gate", {"access.granted", "access.denied"}),
                ("cards", "card_register", {"credential.issued", "credential.revoked"}),
                ("roster", "roster", {"roster.planned"}),
                ("reception", "visitors",
                 {"visit.announced", "visit.ended", "credential.issued", "credential.revoked"}),
                ("maintenance", "contractor_orders", {"task.opened", "visit.announced"}),
                ("identity", "identity", {"account.logged_in", "account.logged_out", "account.login_failed"}),
                ("monitoring", "device_health", {"sensor.silent", "sensor.restored"})):
            events, err = self.run_program("decode", "--strict", "--mapping", feeds, os.path.join(feeds, folder))
            self.assertNotIn("bad_value", err)
            types = {event["type"] for event in map(json.loads, events.splitlines()) if event.get("feed") == feed}
            self.assertEqual(needed, types, folder)

    def test_a_planted_crime_is_written_found_and_scored(self):
        out, _ = self.simulate("a", "--plant", "pin_fraud:0", size="small", days="7", first="2026-10-19")
        with open(os.path.join(out, "truth", "plants.jsonl"), encoding="utf-8") as f:
            plants = [json.loads(line) for line in f]
        self.assertEqual([p["script"] for p in plants if not p["innocent"]], ["pin_fraud"])
        self.assertGreater(len(plants), 100, "twins happen without being asked for")
        alerts, _ = self.run_program("detect", "--format", "jsonl", "--time-zone", "Europe/Ljubljana",
                                     os.path.join(out, "feeds"))
        report, _ = self.run_program("score", "--format", "json", "--truth", os.path.join(out, "truth"),
                                     self.file("alerts.jsonl", alerts))
        self.assertEqual([(r["found"], r["planted"]) for r in json.loads(report)["recall"] if r["script"] is None],
                         [(1, 1)])

    def test_the_commands_of_the_walkthrough_do_what_it_says(self):
        root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
        with open(os.path.join(root, "docs", "walkthrough-plant-a-crime.md"), encoding="utf-8") as f:
            page = f.read()
        with open(os.path.join(root, "data", "samples", "scenarios", "yard_pilferage.toml"), encoding="utf-8") as f:
            scenario = f.read()
        self.assertIn(f"```toml\n{scenario}```\n", page)
        self.file("yard_pilferage.toml", scenario)
        for found in (1, 0):  # at level 1, then at level 3
            commands = re.findall(r"^\$ quaywatch (.*)$", page, re.M)[3 * (1 - found):][:3]
            self.assertEqual([c.split()[0] for c in commands], ["simulate", "detect", "score"])
            for command in commands:
                p = subprocess.run(f"{shlex.quote(PROGRAM)} {command}", shell=True, cwd=self.folder.name, timeout=300,
                                   capture_output=True, text=True, env={**os.environ, "QUAYWATCH_HOME": self.home})
                self.assertEqual(p.returncode, 0, p.stderr)
            row = rf"^  yard_pilferage +{3 - 2 * found} +{found} +1 "
            self.assertRegex(p.stdout, re.compile(row, re.M))
            self.assertRegex(page, re.compile(row, re.M))
        for name, seals in (("port", 2), ("port3", 1)):
            feeds = self.contents(os.path.join(self.folder.name, name, "feeds", "gate"))
            checks = b"".join(feeds[path] for path in feeds if path.startswith("seal_checks"))
            self.assertEqual(len(set(re.findall(rb"QZCU6354705;READ;(\w+)", checks))), seals, name)

    def test_a_faulty_scenario_is_told_before_anything_is_written(self):
        plant = self.file("bad.toml", 'format = "quaywatch.scenario/1"\nnam = "x"\n')
        out, err = self.simulate("a", "--plant", plant, code=1)
        self.assertIn("bad.toml, line 1: at the top, name: is missing", err)
        self.assertFalse(os.path.exists(out))

    def test_a_plant_that_does_not_exist_is_named(self):
        self.assertIn("pin_fraud", self.simulate("a", "--plant", "pin_frau", code=1)[1])
        self.assertIn("rip_off", self.simulate("b", "--plant", "rip_off:9", code=1)[1])


if __name__ == "__main__":
    main()
