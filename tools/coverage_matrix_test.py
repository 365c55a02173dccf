#!/usr/bin/env python3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import sources

CATALOGUE = """[[type]]
name = "container.moved"
[[type]]
name = "order.issued"
[[type]]
name = "vessel.positioned"
[[field]]
name = "move.ordered"
needs = ["order.issued"]
"""
MODI = """[[mo]]
number = 5
name = "Moved"
directions = ["inbound", "outbound"]
[[mo]]
number = 15
name = "At sea"
directions = ["inbound"]
needs = ["vessel.positioned"]
why = "No tracks."
"""
RULE = """title: Moved
detection:
  move:
    event.type: container.moved  # not vessel.positioned
  unordered:
    move.ordered: false
quaywatch:
  mo: [{mo}]
  direction: [inbound]
"""


class CoverageMatrix(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        self.write("src/model/fields.toml", CATALOGUE)
        self.write("data/modi_operandi.toml", MODI)
        self.write("detectors/moved/rule.yml", RULE.format(mo="MO-5"))
        (self.root / "docs").mkdir()

    def tearDown(self):
        self.folder.cleanup()

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def run_tool(self, *arguments):
        command = [sys.executable, sources.ROOT / "tools/coverage_matrix.py", "--root", self.root, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def refused(self, word):
        ran = self.run_tool()
        self.assertEqual(ran.returncode, 1)
        self.assertIn(word, ran.stderr)

    def test_rows_and_reasons(self):
        self.assertEqual(self.run_tool().returncode, 0)
        page = (self.root / "docs/coverage-matrix.md").read_text()
        events = "`container.moved`, `order.issued`"
        self.assertIn(f"| MO-5 | Moved | [moved](../detectors/moved) | open |  | {events} |", page)
        self.assertIn("| MO-15 | At sea | open |  |  | `vessel.positioned` |", page)
        self.assertIn("| MO-15 | At sea | No tracks. |", page)

    def test_check_tells_a_stale_page_and_changes_nothing(self):
        self.assertEqual(self.run_tool("--check").returncode, 1)
        self.assertFalse((self.root / "docs/coverage-matrix.md").exists())
        self.run_tool()
        self.assertEqual(self.run_tool("--check").returncode, 0)

    def test_an_unknown_number_is_refused(self):
        self.write("detectors/moved/rule.yml", RULE.format(mo="MO-5, MO-99"))
        self.refused("MO-99")

    def test_each_has_a_detector_or_a_reason_and_not_both(self):
        self.write("detectors/sea/rule.yml", RULE.format(mo="MO-15"))
        self.refused("MO-15 has a detector and a reason")
        self.write("detectors/sea/rule.yml", RULE.format(mo="MO-15"))
        self.write("data/modi_operandi.toml", MODI.replace('why = "No tracks."\n', ""))
        self.write("detectors/moved/rule.yml", RULE.format(mo="MO-15"))
        self.refused("MO-5 has neither")


if __name__ == "__main__":
    unittest.main()
