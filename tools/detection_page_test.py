#!/usr/bin/env python3
import stat
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import detection_page
import sources

# Writes what simulate, detect and score write, for one script that is found at levels 0 and 1.
PROGRAM = '''#!{python}
import json, pathlib, sys
command, port = sys.argv[1], pathlib.Path("port")
value = lambda flag: sys.argv[sys.argv.index(flag) + 1]
if command == "simulate":
    (port / "truth").mkdir(parents=True)
    (port / "feeds").mkdir()
    (port / "feeds/a.csv").write_text("a")
    (port / "feeds/late.csv").write_text("late")
    (port / "feeds/a.toml").write_text("a mapping arrives with the program")
    (port / "delivery.csv").write_text("file,arrives\\nfeeds/a.csv,2026-10-05T03:00:00Z\\n"
                                       "feeds/late.csv,2026-10-08T03:00:00Z\\n")
    level = value("--plant")[-1] if "--plant" in sys.argv else ""
    crime = [{{"script": "theft", "mo": ["MO-27"], "innocent": False, "level": int(level)}}] if level else []
    (port / "truth/plants.jsonl").write_text("".join(json.dumps(plant) + "\\n" for plant in crime))
    print("'decoy' at level 1 fits no box" if level == "1" else "", file=sys.stderr)
    sys.exit(1 if level == "1" else 0)
if command == "detect":
    feeds = {{path.name for path in pathlib.Path(sys.argv[-1]).iterdir()}}
    assert "a.toml" in feeds and "a.csv" in feeds, feeds
    print(json.dumps({{"rule_id": "r", "rule_version": "v1", "title": "Rule", "level": "high", "alert_id": "1",
                      "status": "final" if "late.csv" in feeds else "provisional",
                      "event_time": "2026-10-05T01:00:00Z",
                      "knowable_at": "2026-10-05T05:30:00Z",
                      "evidence": [{{"file": "port/feeds/a.csv"}}, {{"searched": "x"}}]}}))
else:
    plants = [json.loads(line) for line in (port / "truth/plants.jsonl").open()]
    recall = [{{"script": p["script"], "carefulness": p["level"], "planted": 1,
               "found": int(p["level"] < 2 and sys.argv[-1] != "alerts_None.jsonl")}} for p in plants]
    false = {{"alerts": 3}}
    print(json.dumps({{"port": {{"from": "2026-10-05T00:00:00Z", "until": "2026-10-19T00:00:00Z", "boxes": 5000}},
        "not_found": [{{"id": "P1", "script": p["script"], "acts": [{{"at": "2026-10-05T06:00:00Z"}}]}} for p in plants
                      if p["level"] == 0 and "--reach" not in sys.argv],
        "reach_s": 259200, "recall": recall + [{{"script": None, "carefulness": None, "found": 0, "planted": 0}}],
        "false_alarms": {{"on_nothing": false,
                         "on_twins": [{{"script": "slip", "planted": 9, "alerted_on": 2, "alerts": 0}}],
                         "by_rule": [{{"rule_id": "r", "alerts": 3}}]}},
        "detectors": [{{"rule_id": "r", "title": "Rule"}}],
        "evaluations": {{"rules": [{{"title": "Rule", "asked": 8, "possible": 6,
                                    "not_evaluated": {{"known_since": 2}}}}]}}}}))
'''


class DetectionPage(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.page = Path(self.folder.name) / "page.md"

    def tearDown(self):
        self.folder.cleanup()

    def run_tool(self, program):
        path = Path(self.folder.name) / "program"
        path.write_text(program)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        command = [sys.executable, sources.ROOT / "tools/detection_page.py", path, self.page, "--seeds", "7,8",
                   "--jobs", "2"]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_seeds_and_levels_are_added_up(self):
        done = self.run_tool(PROGRAM.format(python=sys.executable))
        self.assertEqual(done.returncode, 0, done.stderr)
        page = self.page.read_text()
        for told in ("| theft | 2 of 2 (16 to 100 %) | 2 of 2 (16 to 100 %) | 0 of 2 (0 to 84 %) |",
                     "| 4 of 8 (16 to 84 %) | 0 |", "Fitted no box, with the number of seeds: decoy at level 1 (2).",
                     "| Rule | 6 | 6.00 (2.20 to 13.06) | 1.50 (0.55 to 3.26) |",
                     "| slip | 18 | 4 | 0 | 0.00 (0.00 to 3.69) |",
                     "| Rule | 10 | 2.0 h | 2.0 h | 2.5 h | 2.5 h |", "| Rule | 16 | 12 | 75.0 % | known_since 4 |",
                     "| I6 | 2 of 2 (16 to 100 %) | 2 of 2 (16 to 100 %) | 0 of 2 (0 to 84 %) |",
                     "| I13 | not planted |", "| critical and high | 2 | 2.00 (0.24 to 7.22) | 0.50 (0.06 to 1.81) |",
                     "| Rule | v1 |", "--seed 7 --days 14",
                     "on each of 28 mornings at 7:00 UTC", "| critical and high | 0.1 | 1 |",
                     "| medium | 0.0 | 0 |", "| Rule | 2 | 2 | 0 | 0 |", "| 7 | 0 | theft | 6 h | yes |"):
            self.assertIn(told, page)

    def test_what_goes_wrong_is_said_and_no_page_is_written(self):
        self.assertIn("no room", self.run_tool("#!/bin/sh\necho no room >&2\nexit 1\n").stderr)
        self.assertFalse(self.page.exists())

    def test_intervals_are_exact(self):
        self.assertEqual(detection_page.share(0, 4), "0 of 4 (0 to 60 %)")
        self.assertEqual(detection_page.share(120, 300), "120 of 300 (34 to 46 %)")
        self.assertEqual(detection_page.share(0, 0), "not planted")
        self.assertEqual(detection_page.rate(0, 1), "0.00 (0.00 to 3.69)")
        self.assertEqual(detection_page.rate(3552, 1), "3552.00 (3436.14 to 3670.77)")


if __name__ == "__main__":
    unittest.main()
