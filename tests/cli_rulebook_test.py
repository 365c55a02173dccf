#!/usr/bin/env python3
"""Trying and deploying rules, as their users run the commands.

usage: cli_rulebook_test.py PROGRAM SHARED_DIR [unittest arguments]
"""
import json
import os
import shutil

from program import SAMPLE, Program, main

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
        self.assertIn("32 rules before, 1 now, 0 of them with the same text", out)
        self.assertRegex(out, r"2026-03-12 +\d+ +1\n")
        self.assertIn("level: high, now critical", out)
        self.assertIn("(gone)", out)

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
        self.assertIn("18 vectors, 1 failed", out)

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


if __name__ == "__main__":
    main()
