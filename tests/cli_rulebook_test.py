#!/usr/bin/env python3
"""Trying and deploying rules, as their users run the commands.

usage: cli_rulebook_test.py PROGRAM SHARED_DIR [unittest arguments]
"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest

from program import PROGRAM, SAMPLE, WORKS, Program, main

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
DETECTORS = os.path.join(ROOT, "detectors")
DAY = "2026-03-14T00:00:00Z"  # the import of the sample day
SEALS = "Seal changed without inspection or reseal on record"
MOVES = "Container moved without a work order"


class Rulebook(Program):
    def copy(self, *detectors, name="my-rules"):
        """A folder of the named detectors, to be changed."""
        out = os.path.join(self.folder.name, name)
        for detector in detectors:
            shutil.copytree(os.path.join(DETECTORS, detector), os.path.join(out, detector))
        return out

    def edit(self, path, old, new):
        with open(path, encoding="utf-8") as f:
            text = f.read()
        self.assertIn(old, text)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text.replace(old, new))


class Backtest(Rulebook):
    def backtest(self, *arguments):
        out, err = self.run_program("backtest", "--now", DAY, "--format", "jsonl", *arguments, SAMPLE)
        rows = [json.loads(line) for line in out.splitlines()]
        return {r["title"]: r for r in rows if "rule_id" in r}, [r for r in rows if "effect" in r], err

    def test_the_same_rules_change_nothing(self):
        rules, effects, err = self.backtest("--rules", DETECTORS)
        self.assertEqual(effects, [])
        self.assertGreater(sum(r["now"]["alerts"] for r in rules.values()), 5)
        for r in rules.values():
            self.assertEqual(r["before"], r["now"])
        self.assertIn("judging took", err)

    def test_counts_are_those_of_detect(self):
        alerts, _ = self.run_program("detect", "--now", DAY, "--format", "jsonl", SAMPLE)
        per_rule = {}
        for a in map(json.loads, alerts.splitlines()):
            per_rule[a["rule_id"]] = per_rule.get(a["rule_id"], 0) + 1
        rules, _, _ = self.backtest("--rules", DETECTORS)
        self.assertEqual({r["rule_id"]: r["now"]["alerts"] for r in rules.values() if r["now"]["alerts"]}, per_rule)

    def test_what_appears_disappears_and_changes(self):
        new = self.copy("seal_continuity", "move_without_order")
        seals = os.path.join(new, "seal_continuity", "rule.yml")
        self.edit(seals, "level: high", "level: critical")
        self.edit(os.path.join(new, "move_without_order", "rule.yml"), "event.type: container.moved",
                  "event.type: container.loaded")
        rules, effects, _ = self.backtest("--rules", new)
        told = {e["alert"]["title"]: e for e in effects}
        self.assertEqual(told[SEALS]["effect"], "change")
        self.assertEqual(told[SEALS]["differences"], ["level: high, now critical"])
        self.assertEqual(told[SEALS]["before"]["level"], "high")
        self.assertEqual(told[MOVES]["effect"], "disappear")
        self.assertNotEqual(rules[MOVES]["before"]["asked"], rules[MOVES]["now"]["asked"])
        gone = [r for r in rules.values() if r["now"] is None]
        self.assertEqual(len(gone), len(rules) - 2)
        self.assertEqual(sum(r["disappear"] for r in rules.values()),
                         sum(e["effect"] == "disappear" for e in effects))
        back, effects, _ = self.backtest("--rules", DETECTORS, "--against", new)
        self.assertEqual({e["effect"] for e in effects if e["alert"]["title"] == MOVES}, {"appear"})
        self.assertIsNone(next(r for r in back.values() if r["title"] not in (SEALS, MOVES))["before"])

    def test_only_the_interval_is_judged(self):
        rules, _, _ = self.backtest("--rules", DETECTORS, "--from", "2026-03-13")
        self.assertEqual(sum(r["now"]["alerts"] for r in rules.values()), 0)
        whole, _, _ = self.backtest("--rules", DETECTORS, "--from", "2026-03-12", "--to", "2026-03-13")
        self.assertEqual({d for r in whole.values() for d in r["now"]["per_day"]}, {"2026-03-12"})
        _, err = self.run_program("backtest", "--rules", DETECTORS, "--from", "2026-03-13", "--to", "2026-03-12",
                                  SAMPLE, code=1)
        self.assertIn("ends before it begins", err)

    def test_table_for_people(self):
        new = self.copy("seal_continuity")
        self.edit(os.path.join(new, "seal_continuity", "rule.yml"), "level: high", "level: critical")
        out, _ = self.run_program("backtest", "--now", DAY, "--rules", new, SAMPLE)
        self.assertRegex(out, r"\d+ rules before, 1 now, 0 of them with the same text")
        self.assertRegex(out, r"2026-03-12 +\d+ +1\n")
        self.assertIn("level: high, now critical", out)
        self.assertIn("(gone)", out)

    def test_each_exception_says_what_it_covers(self):
        new = self.copy("collector_never_held_release")
        self.file(os.path.join("my-rules", "works.yml"), WORKS)
        elsewhere = WORKS.replace("Works at", "Drill at").replace("HRPLE", "ZZQAY")
        self.file(os.path.join("my-rules", "drill.yml"), elsewhere)
        old = self.copy("collector_never_held_release", name="old")
        rules, effects, _ = self.backtest("--rules", new, "--against", old)
        self.assertEqual(effects, [], "what is covered is there all the same")
        row = rules["Collection by a party that never held the release"]
        self.assertNotIn("exceptions", row["before"])
        self.assertEqual({e["by"]: e["alerts"] for e in row["now"]["exceptions"]},
                         {"Works at the gate": row["now"]["alerts"], "Drill at the gate": 0})
        self.assertEqual(row["now"]["exceptions"][0]["owner"], "terminal security officer")
        out, _ = self.run_program("backtest", "--now", DAY, "--rules", new, SAMPLE)
        self.assertRegex(out, r"(?m)^ +- +3  Collection by a party .*: terminal security officer from 2026-03-12"
                              r"T00:00:00Z until 2026-03-12T23:59:59Z \(Works at the gate\): Collectors come by")
        self.assertRegex(out, r"(?m)^ +- +0  Collection .*Drill at the gate")
        self.assertNotIn("exceptions, and", self.run_program("backtest", "--now", DAY, "--rules", DETECTORS, SAMPLE)[0])

    def test_personal_values_are_pseudonyms(self):
        new = self.copy("invalid_card_used")
        out, _ = self.run_program("backtest", "--now", DAY, "--rules", DETECTORS, "--against", new, SAMPLE)
        self.assertIn("card-", out)
        alerts, _ = self.run_program("detect", "--now", DAY, "--format", "jsonl", "--reveal", SAMPLE)
        cards = {s["value"] for a in map(json.loads, alerts.splitlines()) for s in a["subjects"]
                 if s["kind"] in ("credential", "account")}
        self.assertTrue(cards)
        for card in cards:
            self.assertNotIn(card, out)

    def test_no_rules_and_no_folder_are_told(self):
        self.assertIn("--rules", self.run_program("backtest", SAMPLE, code=1)[1])
        self.assertIn("nowhere", self.run_program("backtest", "--rules", "nowhere", SAMPLE, code=1)[1])


class RulesTest(Rulebook):
    def test_shipped_detectors_pass(self):
        out, _ = self.run_program("rules", "test", DETECTORS)
        self.assertRegex(out, r"\n\d+ detectors, \d+ vectors, 0 failed\n$")

    def test_a_changed_rule_fails_by_its_vectors(self):
        detector = os.path.join(self.copy("move_without_order"), "move_without_order")
        self.edit(os.path.join(detector, "rule.yml"), "event.type: container.moved", "event.type: container.loaded")
        out, _ = self.run_program("rules", "test", detector, code=2)
        self.assertRegex(out, r"FAILED .*/vectors/fires_no_order\.jsonl\n +expected, but nothing like it stands: \{")
        self.assertNotIn("FAILED " + detector + "/vectors/silent_ordered_hours_before", out)

    def test_an_alert_that_nobody_expects_is_told(self):
        detector = os.path.join(self.copy("move_without_order"), "move_without_order")
        open(os.path.join(detector, "vectors", "fires_no_order.expected"), "w").close()
        out, _ = self.run_program("rules", "test", detector, code=2)
        self.assertRegex(out, rf"not expected: an alert of '{MOVES}' stands \(final\): .*container.number = ")
        self.assertRegex(out, r"\d+ vectors, 1 failed")

    def test_faults_of_files_are_told(self):
        detector = os.path.join(self.copy("move_without_order"), "move_without_order")
        with open(os.path.join(detector, "vectors", "fires_bad.jsonl"), "w", encoding="utf-8") as f:
            f.write('{"type":"container.mooved"}\n')
        with open(os.path.join(detector, "vectors", "fires_bad.expected"), "w", encoding="utf-8") as f:
            f.write('{"rule":"x","container.numbr":"A"}\n')
        out, _ = self.run_program("rules", "test", detector, code=2)
        self.assertIn("container.mooved", out)
        self.assertIn("no field 'container.numbr'", out)

    def test_a_refused_rule_and_a_folder_without_vectors_fail(self):
        detector = os.path.join(self.copy("move_without_order"), "move_without_order")
        shutil.rmtree(os.path.join(detector, "vectors"))
        self.assertIn("no vectors", self.run_program("rules", "test", detector, code=2)[0])
        self.edit(os.path.join(detector, "rule.yml"), "event.type:", "event.tipe:")
        self.assertIn("nearest: 'event.type'", self.run_program("rules", "test", detector, code=2)[0])
        self.assertIn("nowhere", self.run_program("rules", "test", "nowhere", code=1)[1])


def can_be_another():
    """Whether this process may start the program as another account: root, and no log-in that the kernel remembers."""
    with open("/proc/self/loginuid", encoding="ascii") as f:
        return os.geteuid() == 0 and f.read().strip() == str(2**32 - 1)


@unittest.skipUnless(can_be_another(), "needs root outside a log-in session")
class Deployment(Rulebook):
    FIRST, SECOND, OTHER = 1, 2, 3  # accounts of every Debian system: daemon, bin, sys
    APPROVERS = '[rules]\napprovers = ["daemon", "bin"]\n'

    def setUp(self):
        super().setUp()
        os.mkdir(self.home, 0o700)
        self.configure(self.APPROVERS)

    def configure(self, text):
        with open(os.path.join(self.home, "site.toml"), "w", encoding="utf-8") as f:
            f.write(text)

    def run_as(self, person, *arguments, code=0):
        p = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=300, check=False,
                           env={**os.environ, "QUAYWATCH_HOME": self.home},
                           preexec_fn=lambda: os.setreuid(person, 0))
        self.assertEqual(p.returncode, code, p.stdout + p.stderr)
        return p.stdout, p.stderr

    def deploy(self, folder):
        out, _ = self.run_as(self.FIRST, "rules", "propose", folder, "--reason", "to see")
        version = out.split("version ")[1].split(":")[0]
        self.run_as(self.SECOND, "rules", "approve", version)
        return version

    def alerts(self, *arguments):
        return self.run_program("detect", "--format", "jsonl", *arguments)[0].splitlines()

    def seal_change(self, name):
        """Files that the rule on seals alerts on, each with boxes of its own."""
        path = os.path.join(DETECTORS, "seal_continuity", "vectors", "fires_at_discharge.jsonl")
        with open(path, encoding="utf-8") as f:
            return self.file(name, f.read().replace("QAYU1", name[:4] + "1"))

    def test_a_second_person_approves(self):
        rules = os.path.join(self.folder.name, "rules")
        out, _ = self.run_program("rules", "export", rules)
        self.assertRegex(out, r"wrote the shipped rules: \d+ files")
        self.edit(os.path.join(rules, "seal_continuity", "rule.yml"), "level: high", "level: critical")
        out, _ = self.run_as(self.FIRST, "rules", "propose", rules, "--reason", "seals matter most here")
        self.assertRegex(out, r"as version 1: \d+ rules; against the shipped rules: 0 new, 1 changed, 0 gone")
        out, _ = self.run_program("rules", "proposals")
        self.assertIn(f"changed  {SEALS}", out)
        self.assertIn("seals matter most here", out)
        _, err = self.run_as(self.FIRST, "rules", "approve", "1", code=2)
        self.assertIn("the one who proposed may not approve; a second person", err)
        _, err = self.run_as(self.OTHER, "rules", "approve", "1", code=2)
        self.assertIn("site.toml", err)
        self.assertNotIn("critical", "".join(self.alerts("--now", DAY, SAMPLE)))
        out, _ = self.run_as(self.SECOND, "rules", "approve", "1")
        self.assertIn("version 1 is in force from here on", out)
        self.assertIn('"critical"', "".join(self.alerts("--now", DAY, SAMPLE)))
        self.assertIn("decided before", self.run_as(self.SECOND, "rules", "approve", "1", code=2)[1])
        out, _ = self.run_as(self.SECOND, "rules", "rollback", "--reason", "too loud")
        self.assertIn("the shipped rules are in force from here on; a second person must review this", out)
        self.assertNotIn('"critical"', "".join(self.alerts("--now", DAY, SAMPLE)))
        out, _ = self.run_program("rules", "history")
        self.assertEqual([line.split()[1] for line in out.splitlines()],
                         ["approvers", "proposed", "deployed", "rolled_back", "force:"])
        self.assertIn("[for review by a second person]", out)

    def test_a_deployment_takes_effect_at_its_place_in_the_journal(self):
        self.run_program("import", self.seal_change("QAYA.jsonl"))
        first = self.alerts()
        self.assertEqual([json.loads(a)["title"] for a in first], [SEALS])
        self.deploy(self.copy("move_without_order"))
        self.assertEqual(self.alerts(), first, "what was said stands")
        self.run_program("import", self.seal_change("QAYB.jsonl"))
        self.assertEqual(self.alerts(), first, "the rule that is gone judges no more")
        self.assertEqual(self.alerts("--rules", os.path.join(DETECTORS, "move_without_order")), [])
        self.run_as(self.FIRST, "rules", "rollback", "--reason", "seals are missed")
        self.run_program("import", self.seal_change("QAYC.jsonl"))
        boxes = {s["value"][:4] for a in map(json.loads, self.alerts()) for s in a["subjects"]
                 if s["kind"] == "container"}
        self.assertEqual(boxes, {"QAYA", "QAYC"})
        self.assertEqual(self.alerts(), self.alerts(), "the same journal gives the same")

    def test_a_running_import_takes_the_decision_without_a_restart(self):
        drop = os.path.join(self.folder.name, "drop")
        os.mkdir(drop)
        with subprocess.Popen([PROGRAM, "import", "--follow", "--poll", "1", "--settle", "0", drop],
                              env={**os.environ, "QUAYWATCH_HOME": self.home}, stderr=subprocess.PIPE, text=True) as p:
            try:
                while "stop with Ctrl-C" not in p.stderr.readline():
                    self.assertIsNone(p.poll())
                _, err = self.run_as(self.FIRST, "rules", "propose", self.copy("seal_continuity"), "--reason", "try")
                self.assertIn("another process of the site", err)
                out, _ = self.run_as(self.SECOND, "rules", "approve", "1")
                self.assertIn("version 1 is in force", out)
                self.assertEqual(os.listdir(os.path.join(self.home, "requests")), [])
                with open(os.path.join(self.home, "requests", "0.json"), "w", encoding="utf-8") as f:
                    f.write('{"topic":"file.begin","body":"{}"}')
                end = time.time() + 20
                while os.path.exists(os.path.join(self.home, "requests", "0.json")) and time.time() < end:
                    time.sleep(0.1)
                self.assertEqual(os.listdir(os.path.join(self.home, "requests")), ["0.json.refused"])
            finally:
                p.send_signal(signal.SIGINT)
                p.communicate(timeout=60)
        self.assertIn("in force: version 1", self.run_program("rules", "history")[0])

    def test_alone_one_waits_and_somebody_outside_must_be_named(self):
        self.configure('[rules]\napprovers = ["daemon"]\n')
        self.run_as(self.FIRST, "rules", "propose", self.copy("seal_continuity"), "--reason", "try")
        self.assertIn("outside_reviewer", self.run_as(self.FIRST, "rules", "approve", "1", code=2)[1])
        self.configure('[rules]\napprovers = ["daemon"]\noutside_reviewer = "the port authority"\n')
        self.assertIn("24 hours", self.run_as(self.FIRST, "rules", "approve", "1", code=2)[1])
        self.assertIn("outside reviewer: the port authority", self.run_program("rules", "history")[0])

    def test_accounts_are_pseudonyms_unless_revealed(self):
        self.deploy(self.copy("seal_continuity"))
        out, _ = self.run_program("rules", "history")
        self.assertNotIn("daemon", out)
        self.assertEqual(out.count("by account-"), 3)
        self.assertIn("by daemon", self.run_program("rules", "history", "--reveal")[0])
        with open(os.path.join(self.home, "reveals.jsonl"), encoding="utf-8") as f:
            self.assertIn("rules history", f.read())
        for folder, _, names in os.walk(os.path.join(self.home, "input")):
            for name in names:
                with open(os.path.join(folder, name), "rb") as f:
                    self.assertNotIn(b"daemon", f.read())

    def test_a_back_test_goes_with_the_proposal_and_must_be_of_its_rules(self):
        rules = self.copy("seal_continuity")
        tried, _ = self.run_program("backtest", "--now", DAY, "--format", "jsonl", "--rules", rules, SAMPLE)
        path = self.file("tried.jsonl", tried)
        self.run_as(self.FIRST, "rules", "propose", rules, "--reason", "try", "--backtest", path)
        out, _ = self.run_program("rules", "proposals")
        self.assertRegex(out, r"back-test: 1 alerts, before \d+: 0 appear, \d+ disappear, 0 change")
        self.edit(os.path.join(rules, "seal_continuity", "rule.yml"), "level: high", "level: low")
        _, err = self.run_as(self.FIRST, "rules", "propose", rules, "--reason", "try", "--backtest", path, code=1)
        self.assertIn("not of the rules that are proposed", err)

    def test_what_cannot_be_proposed_is_told(self):
        rules = self.copy("seal_continuity")
        self.assertIn("--reason", self.run_as(self.FIRST, "rules", "propose", rules, code=1)[1])
        self.assertIn("no reason", self.run_as(self.FIRST, "rules", "propose", rules, "--reason", " ", code=2)[1])
        self.edit(os.path.join(rules, "seal_continuity", "rule.yml"), "seal.changed:", "seal.changd:")
        _, err = self.run_as(self.FIRST, "rules", "propose", rules, "--reason", "try", code=1)
        self.assertIn("nearest: 'seal.changed'", err)
        self.assertIn("no proposal waits", self.run_program("rules", "proposals")[0])
        self.configure('[rules]\napprover = ["daemon"]\n')
        _, err = self.run_as(self.FIRST, "rules", "approve", "1", code=1)
        self.assertIn("site.toml:2: unknown key 'approver'; nearest: 'approvers'", err)
        self.assertIn("number of a version", self.run_as(self.FIRST, "rules", "approve", "x", code=1)[1])

    def test_a_refused_proposal_stays_refused(self):
        self.run_as(self.FIRST, "rules", "propose", self.copy("seal_continuity"), "--reason", "try")
        out, _ = self.run_as(self.SECOND, "rules", "refuse", "1", "--reason", "no vectors")
        self.assertIn("version 1 is refused", out)
        self.assertIn("decided before", self.run_as(self.SECOND, "rules", "approve", "1", code=2)[1])
        self.assertIn("no proposal waits", self.run_program("rules", "proposals")[0])

    def test_export_does_not_write_over_anything(self):
        rules = self.copy("seal_continuity")
        self.assertIn("not empty", self.run_program("rules", "export", rules, code=1)[1])
        version = self.deploy(rules)
        out = os.path.join(self.folder.name, "out")
        self.run_program("rules", "export", out, "--version", version)
        self.assertEqual(os.listdir(out), ["seal_continuity"])
        self.assertIn("no such version", self.run_program("rules", "export", out + "2", "--version", "9", code=1)[1])

    def test_the_commands_of_the_walkthrough_do_what_it_says(self):
        with open(os.path.join(ROOT, "docs", "walkthrough-change-a-rule.md"), encoding="utf-8") as f:
            page = f.read()
        files = re.findall(r"`(my-rules/\S+/vectors/\S+)`:\n\n```json\n(.*?)```", page, re.S)
        self.assertEqual(len(files), 2)
        paths = {"$": os.path.dirname(PROGRAM), "first$": self.run_by(self.FIRST), "second$": self.run_by(self.SECOND)}
        said = {}
        self.configure("")  # until the page comes to who may decide
        for prompt, command in re.findall(r"^(\$|first\$|second\$) (.*)$", page, re.M):
            environment = {**os.environ, "QUAYWATCH_HOME": self.home, "PATH": paths[prompt] + ":" + os.environ["PATH"]}
            p = subprocess.run(command, shell=True, cwd=self.folder.name, env=environment, timeout=300, check=False,
                               capture_output=True, text=True)
            is_refused = prompt == "first$" and "approve" in command
            self.assertEqual(p.returncode, 2 if is_refused else 0, command + "\n" + p.stderr)
            said[prompt + command] = p.stdout + p.stderr
            if "rules export" in command:
                self.configure(self.APPROVERS)
                self.follow_page(page, files)
        self.check_page(page, said)

    def run_by(self, person):
        """A folder for PATH in which `quaywatch` runs as another account; a shell would give its rights away."""
        folder = os.path.join(self.folder.name, f"bin{person}")
        os.mkdir(folder)
        with open(os.path.join(folder, "quaywatch"), "w", encoding="utf-8") as f:
            f.write(f"#!{sys.executable}\nimport os, sys\nos.setreuid({person}, 0)\n"
                    f"os.execv({PROGRAM!r}, sys.argv)\n")
        os.chmod(f.name, 0o755)
        return folder

    def follow_page(self, page, files):
        diff = re.search(r"```diff\n(.*?)```", page, re.S).group(1).splitlines(keepends=True)
        rule = os.path.join(self.folder.name, "my-rules", "exit_without_entry", "rule.yml")
        self.edit(rule, "".join(line[1:] for line in diff if line[0] != "+"),
                  "".join(line[1:] for line in diff if line[0] != "-"))
        self.edit(rule, "level: low", "level: medium")
        for name, content in files:
            os.makedirs(os.path.dirname(os.path.join(self.folder.name, name)), exist_ok=True)
            self.file(name, content)

    def check_page(self, page, said):
        """Lines that the text of the page speaks of; counts of rules and of other alerts may grow."""
        all_said = "\n".join(said.values())
        for row in (r"^ +7 +2 +0 +5 +2 .*Card leaves a zone it never entered",
                    r"^             level: low, now medium$",
                    r"^ok     my-rules/exit_without_entry: 2 vectors, 0 failed$",
                    r"^proposed as version 1: \d+ rules; against the shipped rules: 0 new, 1 changed, 0 gone$",
                    r"^refused: the one who proposed may not approve; a second person on the list of approvers must$",
                    r"^  back-test: \d+ alerts, before \d+: 0 appear, 5 disappear, 2 change$",
                    r"^version 1 is in force from here on", r"^2 sets of rules judged",
                    r"rolled_back  the shipped rules  by account-\w+  .*\[for review by a second person\]$"):
            self.assertTrue(re.search(row, page, re.M), "not on the page: " + row)
            self.assertTrue(re.search(row, all_said, re.M), "not said: " + row)
        told = {}
        for name in ("before", "sunday"):
            with open(os.path.join(self.folder.name, name + ".jsonl"), encoding="utf-8") as f:
                told[name] = {a["alert_id"]: a for a in map(json.loads, f)}
        new = [told["sunday"][i] for i in told["sunday"] if i not in told["before"]]
        self.assertEqual([(a["level"], a["facts"]["access.zone"]) for a in new if a["title"].startswith("Card leaves")],
                         [("medium", "YARD")] * 2)


if __name__ == "__main__":
    main()
