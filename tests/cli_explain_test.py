#!/usr/bin/env python3
"""explain, blindspots and budgets as their users run them: every alert is told again by its evidence, or it is said why
not.

usage: cli_explain_test.py PROGRAM SHARED_DIR [unittest arguments]
"""
import json
import os
import shutil

from program import SAMPLE, WORKS, Program, main

SAMPLE_NOW = ["--now", "2026-03-14T00:00:00Z"]
ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")


class Explaining(Program):
    def alerts(self, *paths):
        """The alerts, and the file that states them."""
        out, _ = self.run_program("detect", "--format", "jsonl", *paths)
        return [json.loads(line) for line in out.splitlines()], self.file("alerts.jsonl", out)

    def explains_all(self, *paths):
        alerts, stated = self.alerts(*paths)
        out, err = self.run_program("explain", stated, *paths)
        self.assertEqual(out.count("told again from"), len(alerts), err)
        return alerts, out


class Sample(Explaining):
    def test_every_alert_of_the_sample_day_is_told_again(self):
        alerts, out = self.explains_all(*SAMPLE_NOW, SAMPLE)
        self.assertEqual(len(alerts), 10)
        for alert in alerts:
            self.assertIn(alert["alert_id"], out)

    def collection(self, alerts):
        """The collection of QZBU2876950 by a stranger."""
        return next(a for a in alerts if a["facts"].get("container.number") == "QZBU2876950")

    def test_an_id_or_its_head_names_an_alert_that_stands(self):
        # Ids are keyed by the site: this home has its own.
        whole = self.collection(self.alerts(*SAMPLE_NOW, SAMPLE)[0])["alert_id"]
        out, _ = self.run_program("explain", whole[:8], *SAMPLE_NOW, SAMPLE)
        for part in ("HIGH Collection by a party that never held the release [final]", "conditions of the rule",
                     "release.party_ever_held is false? yes: release.party_ever_held = false",
                     "release.issued in coreor_20260311_0800.edi@306 of release_messages",
                     "looked for release.transferred anywhere from 2026-03-11T07:40:00Z until "
                     "2026-03-12T12:17:00Z: none",
                     "answered by", "what would excuse it", "A subcontractor whose transfer was agreed by telephone",
                     "Hold the box", "told again from"):
            self.assertIn(part, out)
        self.assertEqual(out, self.run_program("explain", whole, *SAMPLE_NOW, SAMPLE)[0])
        self.run_program("explain", "f" * 32, *SAMPLE_NOW, SAMPLE, code=1)

    def test_personal_values_stay_pseudonyms(self):
        _, out = self.explains_all(*SAMPLE_NOW, SAMPLE)
        self.assertNotIn("C-1188", out)
        self.assertRegex(out, r"card-[0-9a-f]{15}")

    def test_it_is_said_which_part_the_evidence_does_not_tell(self):
        alerts, _ = self.alerts(*SAMPLE_NOW, SAMPLE)
        alert = self.collection(alerts)

        def without(kind):
            rest = [e for e in alert["evidence"] if kind not in (e.get("type"), e.get("searched"))]
            return {**alert, "evidence": rest}

        for changed, said in (
                ({**alert, "facts": {**alert["facts"], "release.known": "false"}}, "facts: stated"),
                ({**alert, "status": "provisional"}, "status: stated"),
                ({**alert, "rule_version": "000000000000"}, "rule_version: stated 000000000000"),
                ({**alert, "rule_id": "none"}, "rule_id: no rule none"),
                (without("release.issued"), "the rule had no answer"),
                (without("release.transferred"), "alert_id: its evidence alone"),
                (without("container.gate_out"), "alert_id: its evidence alone"),
                ({**alert, "evidence": [{**alert["evidence"][0], "event_id": "0" * 32}]}, "not among the events read"),
                ({**alert, "evidence": [{"searched": "nothing.known"}]}, "which is no event type")):
            path = self.file("changed.jsonl", "\n" + json.dumps(changed) + "\n")
            out, _ = self.run_program("explain", path + ":2", *SAMPLE_NOW, SAMPLE, code=2)
            self.assertIn("is NOT told again by its evidence", out)
            self.assertIn(said, out)
        self.run_program("explain", self.file("broken.jsonl", "{}\n"), *SAMPLE_NOW, SAMPLE, code=1)

    def test_the_story_of_the_stolen_code(self):
        feeds = self.shared("stories", "pin-fraud-import", "feeds")
        mappings = os.path.join(ROOT, "data", "mappings", "pin-fraud-import")
        alerts, _ = self.explains_all("--mapping", mappings, "--time-zone", "Europe/Ljubljana", "--now",
                                      "2026-11-01T00:00:00Z", feeds)
        self.assertGreater(len(alerts), 5)


class Correlations(Explaining):
    """What they join is said in words, and what was looked for reads as that."""

    def test_joining_conditions_and_what_was_looked_for(self):
        folder = os.path.join(ROOT, "detectors", "card_refused_at_several_readers")
        feeds = ["--rules", folder, os.path.join(folder, "vectors", "fires_three_readers.jsonl")]
        alerts, out = self.explains_all(*feeds)
        self.assertEqual(len(alerts), 1)
        for part in ("'Card refused at several readers and let in nowhere': within 2 hours, by credential.id, "
                     "event.facility: 'Card refused at several readers' and no 'Card let in'",
                     "at least 3 different access.reader in 'Card refused'",
                     "conditions of 'Card refused', asked of [3]", "looked for access.granted at ZZQAY/T1 from",
                     "Card let in              looked for, none found   [4]", "3 records and 1 search alone"):
            self.assertIn(part, out)
        search = next(e for e in alerts[0]["evidence"] if "event_id" not in e)
        self.assertEqual((search["searched"], search["found"]), ("access.granted", 0))


class Week(Explaining):
    def test_every_alert_of_a_planted_week_is_told_again(self):
        out = os.path.join(self.folder.name, "port")
        self.run_program("simulate", "--from", "2026-10-19", "--plant", "all", out)
        alerts, _ = self.explains_all("--time-zone", "Europe/Ljubljana", "--now", "2026-11-05T00:00:00Z",
                                      os.path.join(out, "feeds"))
        self.assertGreater(len({a["rule_id"] for a in alerts}), 15)


class BlindSpots(Program):
    def blind(self, *paths):
        out, _ = self.run_program("blindspots", "--format", "jsonl", *SAMPLE_NOW, *paths)
        return [json.loads(line) for line in out.splitlines()]

    def test_a_day_without_its_file_is_shown_with_feed_and_hours(self):
        whole = self.blind(SAMPLE)
        day = os.path.join(self.folder.name, "day")
        shutil.copytree(SAMPLE, day)
        os.remove(os.path.join(day, "yard_orders_20260312.csv"))
        os.remove(os.path.join(day, "yard_orders_20260313.csv"))  # it begins with an order of the 12th
        orders = [s for s in self.blind(day) if "order.issued" in s["missing"] and s["invariant"] == "I2"]
        self.assertFalse([s for s in whole if "order.issued" in s["missing"] and s["invariant"] == "I2"])
        self.assertTrue(orders)
        # A box first seen after the gap is not known for long enough: another cause, another row.
        for spot in [s for s in orders if s["cause"] != "known_since"]:
            self.assertIn("yard_orders", spot["feeds"])
            self.assertEqual((spot["facility"], spot["cause"]), ("HRPLE/QXT", "no_coverage"))
        self.assertGreaterEqual(min(s["from"] for s in orders), "2026-03-11T23:00:00Z")
        self.assertGreater(sum(s["events"] for s in orders), 0)
        table, _ = self.run_program("blindspots", *SAMPLE_NOW, day)
        self.assertIn("I2   Container moved without a work order", table)
        self.assertIn("order.issued of yard_orders: missing or silent", table)

    def test_the_hours_count_what_the_account_counts(self):
        account = os.path.join(self.folder.name, "account.json")
        self.run_program("detect", "--account", account, *SAMPLE_NOW, SAMPLE)
        with open(account, encoding="utf-8") as f:
            told = sum(sum(rule["not_evaluated"].values()) for rule in json.load(f)["rules"])
        spots = self.blind(SAMPLE)
        self.assertEqual(sum(s["events"] for s in spots), told)
        counted = [s["events"] for s in spots if s["events"] > 0]
        self.assertEqual(counted, sorted(counted, reverse=True))
        self.assertEqual(spots, self.blind(SAMPLE))

    def test_records_of_a_rule_that_are_missing_are_a_blind_spot_too(self):
        day = os.path.join(self.folder.name, "day")
        os.mkdir(day)
        for name in ("access.toml", "access_20260311.csv", "access_20260312.csv"):
            shutil.copy(os.path.join(SAMPLE, name), day)
        with open(os.path.join(SAMPLE, "access_20260312.csv"), encoding="utf-8") as f:
            header = f.readline()
        self.file(os.path.join("day", "access_20260314.csv"), header)  # a day on which nobody came
        gap = [s for s in self.blind(day) if s["events"] == 0 and "access.granted" in s["missing"]]
        self.assertTrue(gap)
        self.assertEqual({(s["from"], s["until"]) for s in gap}, {("2026-03-12T23:00:00Z", "2026-03-13T23:00:00Z")})
        self.assertIn("it was not even asked", self.run_program("blindspots", *SAMPLE_NOW, day)[0])


class Budgets(Program):
    def rules(self, budget):
        """The rule of collections by strangers alone, with this budget."""
        with open(os.path.join(ROOT, "detectors", "collector_never_held_release", "rule.yml"), encoding="utf-8") as f:
            text = f.read().replace("level: high", "level: medium")
        text = text.replace("quaywatch:\n", f"quaywatch:\n  budget: {budget}\n", 1)
        os.makedirs(os.path.join(self.folder.name, "rules"), exist_ok=True)
        self.file(os.path.join("rules", "rule.yml"), text)
        return ["--rules", os.path.join(self.folder.name, "rules"), *SAMPLE_NOW]

    def test_what_goes_beyond_is_one_line_and_can_be_listed(self):
        rules = self.rules("1 per day")
        table, err = self.run_program("detect", *rules, SAMPLE)
        self.assertEqual(table.count("Collection by a party that never held the release  [final]"), 1)
        self.assertIn("2 more by container at HRPLE/QXT on 2026-03-12 beyond 1 a day  [held]", table)
        self.assertIn("3 alerts (2 held by budgets)", err)
        command = next(line for line in table.splitlines() if line.startswith("  list them"))
        listed, _ = self.run_program(*command.split()[3:])
        self.assertEqual(listed.count("Collection by a party that never held the release  [final]"), 2)
        out, _ = self.run_program("detect", "--format", "jsonl", *rules, SAMPLE)
        alerts = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([a["held"] for a in alerts], [False, True, True], "nothing is dropped")
        self.assertEqual({a.get("held_group") for a in alerts},
                         {None, "9f1f6a0c-2d5e-4b8f-a2a7-0a4d8f3c6b03/HRPLE/QXT/2026-03-12"})

    def test_what_an_exception_covers_is_one_line_and_can_be_listed(self):
        rules = self.rules("none")
        self.file(os.path.join("rules", "works.yml"), WORKS)
        table, err = self.run_program("detect", *rules, SAMPLE)
        self.assertNotIn("  [final]", table)
        self.assertIn("Collection by a party that never held the release: 3 under an exception of terminal security "
                      "officer until 2026-03-12T23:59:59Z (Works at the gate): Collectors come by another gate while "
                      "it is rebuilt.  [suppressed]", table)
        self.assertIn("3 alerts (3 suppressed by exceptions)", err)
        command = next(line for line in table.splitlines() if line.startswith("  list them"))
        listed, _ = self.run_program(*command.split()[3:])
        self.assertEqual(listed.count("Collection by a party that never held the release  [final]"), 3)
        self.assertIn("suppressed by terminal security officer until", " ".join(listed.split()))
        out, _ = self.run_program("detect", "--format", "jsonl", *rules, SAMPLE)
        alerts = [json.loads(line) for line in out.splitlines()]
        self.assertEqual([a["suppressed"]["owner"] for a in alerts], 3 * ["terminal security officer"],
                         "nothing is dropped")

    def test_level_and_since_choose_what_is_printed(self):
        def ids(*options):
            out, _ = self.run_program("detect", "--format", "jsonl", *options, *SAMPLE_NOW, SAMPLE)
            return [json.loads(line) for line in out.splitlines()]
        alerts = ids()
        self.assertEqual(ids("--level", "high"), [a for a in alerts if a["level"] in ("high", "critical")])
        since = "2026-03-12T16:00:00Z"
        late = ids("--since", since)
        self.assertEqual(late, [a for a in alerts if a in late])
        self.assertTrue(0 < len(late) < len(alerts))
        self.assertTrue(all(a in late for a in alerts if a["event_time"] >= since))
        none, _ = self.run_program("detect", "--since", "2027-01-01T00:00:00Z", *SAMPLE_NOW, SAMPLE)
        self.assertIn("no alert to show", none)
        self.run_program("detect", "--since", "soon", *SAMPLE_NOW, SAMPLE, code=1)

    def test_without_a_budget_all_are_shown(self):
        table, err = self.run_program("detect", *self.rules("none"), SAMPLE)
        self.assertEqual(table.count("Collection by a party that never held the release  [final]"), 3)
        self.assertNotIn("held", err)


if __name__ == "__main__":
    main()
