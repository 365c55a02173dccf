#!/usr/bin/env python3
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import readme_table
import sources

PAGE = "# Q\n\nbefore\n\n" + "\n\nbetween\n\n".join(
    "{}\nold\n{}".format(*readme_table.markers(name)) for name in readme_table.TABLES) + "\n\nafter\n"
CATALOGUE = '[[type]]\nname = "container.gate_in"\n[[type]]\nname = "container.gate_out"\n'
CODECO = """# CODECO: the gate

UN/EDIFACT message CODECO, directory D.95B, as
ports use it (ITG14). Not this.

34 is `container.gate_in`, `container.number` no type.

| where | field | checked |
|---|---|---|
| header BGM | `document.ref` | real file |
| group SEL | `seal.number` | standard |
| group DTM | `(event time)` | real file |
"""
GATE = """feed = "gate"
checked = "secondary"
[[event]]
type = "container.gate_out"
fields = [{ to = "a.b", from = "c" }, { to = "d.e", from = "f", checked = "standard" }]
[[event]]
type = "container.gate_in"
checked = "memory"
fields = [{ to = "a.b", from = "c" }]
[[event]]
type = "container.gate_in"
fields = []
"""
RULE = "title: {title}\nid: x\nstatus: test\nlevel: high\nquaywatch:\n  # which one\n  mo: [MO-3]\n{invariant}"


class ReadmeTable(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        (self.root / "README.md").write_text(PAGE)
        self.write("src/model/fields.toml", CATALOGUE)

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def table(self, name):
        begin, end = readme_table.markers(name)
        page = (self.root / "README.md").read_text()
        return page[page.index(begin) + len(begin) : page.index(end)].strip().split("\n")

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
        self.assertEqual(self.table("detectors")[2:], [
            "| I2 | [Second](detectors/c_second) | high | test |",
            "| I10 | [Tenth](detectors/b_tenth) | high | test |",
            "|  | [Card used](detectors/a_card) | high | test |",
        ])

    def test_feeds_show_what_they_read_and_how_sure_they_are(self):
        self.write("adapters/codeco/README.md", CODECO)
        self.write("adapters/unfinished/adapter.cpp", "")
        self.write("data/mappings/gate/README.md", "# gate: portal\n\nPlates | boxes. More.\n")
        self.write("data/mappings/gate/mapping.toml", GATE)
        self.write("adapters/other/README.md", "# other: title only\n\n## Heading\n\nText.\n")
        self.assertEqual(self.run_tool().returncode, 0)
        self.assertEqual(self.table("feeds")[2:], [
            "| [codeco](adapters/codeco) | UN/EDIFACT message CODECO, directory D.95B, as ports use it (ITG14) |"
            " `container.gate_in` | 2 / 1 / 0 / 0 |",
            "| [other](adapters/other) |  | any |  |",
            "| [gate](data/mappings/gate) | Plates \\| boxes |"
            " `container.gate_out`, `container.gate_in` | 0 / 1 / 1 / 1 |",
        ])
        self.assertEqual(self.run_tool("--check").returncode, 0)
        self.write("data/mappings/gate/mapping.toml", GATE.replace('"standard"', '"real file"'))
        self.assertIn("stale", self.run_tool("--check").stderr)

    def test_check_fails_until_the_table_is_written_and_changes_nothing(self):
        self.rule("c_second", "Second", "I2")
        self.assertIn("stale", self.run_tool("--check").stderr)
        self.assertEqual((self.root / "README.md").read_text(), PAGE)
        self.run_tool()
        self.assertEqual(self.run_tool("--check").returncode, 0)

    def test_a_part_of_a_correlation_has_no_row(self):
        self.rule("c_joined", "Joined", "I2")
        path = self.root / "detectors/c_joined/rule.yml"
        path.write_text(path.read_text() + "---\ntitle: Part\nname: part\n")
        self.run_tool()
        self.assertIn("[Joined]", (self.root / "README.md").read_text())
        self.assertNotIn("Part", (self.root / "README.md").read_text())

    def test_what_is_missing_is_named(self):
        self.rule("c_second", "Second", "I2")
        (self.root / "detectors/c_second/rule.yml").write_text("title: Second\nlevel: low\n")
        self.assertIn("detectors/c_second/rule.yml lacks status", self.run_tool().stderr)
        (self.root / "README.md").write_text("# no markers\n")
        (self.root / "detectors/c_second/rule.yml").write_text(RULE.format(title="S", invariant=""))
        self.assertIn("needs the lines", self.run_tool("--check").stderr)


if __name__ == "__main__":
    unittest.main()
