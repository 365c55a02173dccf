#!/usr/bin/env python3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import readme_table
import sources

PAGE = f"# Q\n\nbefore\n\n{readme_table.BEGIN}\nold\n{readme_table.END}\n\nafter\n"
RULE = "title: {title}\nid: x\nstatus: test\nlevel: high\nquaywatch:\n  # which one\n  mo: [MO-3]\n{invariant}"


class ReadmeTable(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        (self.root / "README.md").write_text(PAGE)

    def tearDown(self):
        self.folder.cleanup()

    def rule(self, name, title, invariant=""):
        line = f"  invariant: {invariant}\n" if invariant else "  timespan: 12h\n"
        (self.root / "detectors" / name).mkdir(parents=True)
        (self.root / "detectors" / name / "rule.yml").write_text(RULE.format(title=title, invariant=line))

    def run_tool(self, *arguments):
        command = [sys.executable, sources.ROOT / "tools/readme_table.py", "--root", self.root, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_rows_come_by_invariant_and_link_to_their_folder(self):
        self.rule("a_card", "'Card used'")
        self.rule("b_tenth", "Tenth", "I10")
        self.rule("c_second", "Second", "I2")
        self.assertEqual(self.run_tool().returncode, 0)
        page = (self.root / "README.md").read_text()
        self.assertTrue(page.startswith("# Q\n\nbefore\n\n") and page.endswith("\n\nafter\n"))
        self.assertEqual([line for line in page.splitlines() if line.startswith("| ")][1:], [
            "| I2 | [Second](detectors/c_second) | high | test |",
            "| I10 | [Tenth](detectors/b_tenth) | high | test |",
            "|  | [Card used](detectors/a_card) | high | test |",
        ])

    def test_check_fails_until_the_table_is_written_and_changes_nothing(self):
        self.rule("c_second", "Second", "I2")
        self.assertIn("stale", self.run_tool("--check").stderr)
        self.assertEqual((self.root / "README.md").read_text(), PAGE)
        self.run_tool()
        self.assertEqual(self.run_tool("--check").returncode, 0)

    def test_what_is_missing_is_named(self):
        self.rule("c_second", "Second", "I2")
        (self.root / "detectors/c_second/rule.yml").write_text("title: Second\nlevel: low\n")
        self.assertIn("detectors/c_second/rule.yml lacks status", self.run_tool().stderr)
        (self.root / "README.md").write_text("# no markers\n")
        (self.root / "detectors/c_second/rule.yml").write_text(RULE.format(title="S", invariant=""))
        self.assertIn("needs the lines", self.run_tool("--check").stderr)


if __name__ == "__main__":
    unittest.main()
