#!/usr/bin/env python3
import tempfile
import unittest
from pathlib import Path

import fuzz


class Fuzz(unittest.TestCase):
    def test_every_target_has_seeds_and_every_row_of_the_table_a_target(self):
        fuzz.BUILD = Path(tempfile.mkdtemp(dir=fuzz.ROOT))
        self.addCleanup(fuzz.shutil.rmtree, fuzz.BUILD)
        self.assertEqual(set(fuzz.TARGETS) - set(fuzz.target_names()), set())
        for target in set(fuzz.target_names()) - {"archive"}:
            self.assertTrue(fuzz.globbed(fuzz.sources_of(target)[0]), target)
        fuzz.pack_seeds()
        self.assertEqual(sorted(p.name for p in (fuzz.BUILD / "packed").iterdir()),
                         ["gate.gz", "gate_deflated.xlsx", "gate_stored.xlsx"])

    def test_words_are_literals_and_keys(self):
        with tempfile.TemporaryDirectory() as folder:
            cpp, yml = Path(folder, "a.cpp"), Path(folder, "a.yml")
            cpp.write_text('x == "DTM" || y == "no \\" word"')
            yml.write_text("detection:\n  - event.type: a\n")
            self.assertEqual(fuzz.words([cpp]), ["DTM"])
            self.assertEqual(fuzz.words([yml]), ["detection", "event.type"])

    def test_a_finding_fails_its_target_and_a_missed_canary_the_stage(self):
        kept = fuzz.ROOT / "build/fuzz/findings/csv-crash-1"
        results = [{"target": "csv", "failed": True, "code": 77, "kept": [kept]},
                   {"target": "cef", "failed": False, "code": 0, "kept": []}]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "outcomes.tsv")
            fuzz.write_outcomes(path, results, False)
            self.assertEqual(path.read_text(), "failed\tfuzz/canary\tthe fuzzers find nothing\n"
                             "passed\tfuzz/cef\t\nfailed\tfuzz/csv\tbuild/fuzz/findings/csv-crash-1\n")


if __name__ == "__main__":
    unittest.main()
