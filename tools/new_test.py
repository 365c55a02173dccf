#!/usr/bin/env python3
import json
import re
import subprocess
import tempfile
import tomllib
import unittest
from pathlib import Path

import new
import sources
import tidy


class New(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        subprocess.run(["git", "init", "-q", self.folder.name], check=True)

    def tearDown(self):
        self.folder.cleanup()

    def test_a_new_detector_is_complete(self):
        written, reason = new.scaffold(self.root, "moved_without_order", None)
        self.assertEqual(reason, "")
        (self.root / "tools").mkdir()
        (self.root / "tools/tidy.toml").write_text((sources.ROOT / "tools/tidy.toml").read_text())
        problems = []
        tidy.check_folders(tidy.Tree(self.root), problems)
        self.assertEqual(problems, [])
        rule = (self.root / "detectors/moved_without_order/rule.yml").read_text()
        self.assertIn("title: Moved without order\n", rule)
        identifier = re.search(r"^id: ([0-9a-f-]{36})$", rule, re.M).group(1)
        for path in written:
            text = (self.root / path).read_text()
            self.assertNotRegex(text, r"@[A-Z]+@", path)
            for line in text.splitlines() if path.suffix in (".jsonl", ".expected") else ():
                self.assertIn(json.loads(line).get("rule", identifier), identifier)

    def test_vectors_name_only_what_the_catalogue_has(self):
        with open(sources.ROOT / "src/model/fields.toml", "rb") as f:
            catalogue = tomllib.load(f)
        types = {row["name"] for row in catalogue["type"]} | {"feed.coverage"}
        fields = {row["name"] for row in catalogue["field"]}
        for path in sorted((new.TEMPLATES / "detector/vectors").glob("*.jsonl")):
            for line in path.read_text().splitlines():
                record = json.loads(line)
                self.assertIn(record["type"], types, path)
                unknown = {key for key in record if "." in key} - fields
                self.assertEqual(unknown, set(), path)

    def test_refusals_say_why(self):
        self.assertIn("is not snake_case", new.scaffold(self.root, "BadName", None)[1])
        self.assertIn("is not snake_case", new.scaffold(self.root, "../evil_path", None)[1])
        new.scaffold(self.root, "moved_twice", None)
        self.assertIn("exists", new.scaffold(self.root, "moved_twice", None)[1])


if __name__ == "__main__":
    unittest.main()
