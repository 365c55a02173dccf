#!/usr/bin/env python3
import json
import tempfile
import unittest
from pathlib import Path

import tally

ENTRIES = {"tests": [{"name": "unit/base", "command": ["/b/bin/base_test"]},
                     {"name": "unit/died", "command": ["/b/bin/died_test"]},
                     {"name": "unit/leaks", "command": ["/b/bin/leaks_test"]},
                     {"name": "check/layers", "command": ["/usr/bin/python3", "x.py"]},
                     {"name": "check/licences", "command": ["/usr/bin/python3", "y.py"]},
                     {"name": "unit/unbuilt", "command": ["/b/bin/unbuilt_test"]}]}
CTEST = """<testsuite>
<testcase name="unit/base" status="fail"><failure message=""/></testcase>
<testcase name="unit/died" status="fail"><failure message="SEGFAULT"/></testcase>
<testcase name="unit/leaks" status="fail"><failure message="Failed"/>
<system-out>
LeakSanitizer: 24 bytes
</system-out></testcase>
<testcase name="check/layers" status="run"/>
<testcase name="check/licences" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/>
<system-out>first
licences: no dpkg here
</system-out></testcase>
</testsuite>"""
BASE = """<testsuites><testsuite>
<testcase name="Good" classname="Time" status="run" result="completed"/>
<testcase name="Bad" classname="Time" status="run" result="completed">
<failure message="x.cpp:3&#x0A;Expected 1"/></testcase>
<testcase name="NoData" classname="Time" status="run" result="skipped">
<skipped message="f.cpp:9&#x0A;b2 is absent"/></testcase>
<testcase name="DISABLED_Off" classname="Time" status="notrun" result="suppressed"/>
</testsuite></testsuites>"""
LEAKS = '<testsuites><testsuite><testcase name="A" classname="B" status="run"/></testsuite></testsuites>'


class Tally(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        root = Path(self.folder.name)
        (root / "gtest").mkdir()
        (root / "entries.json").write_text(json.dumps(ENTRIES))
        (root / "ctest.xml").write_text(CTEST)
        (root / "gtest/base_test.xml").write_text(BASE)
        (root / "gtest/leaks_test.xml").write_text(LEAKS)

    def tearDown(self):
        self.folder.cleanup()

    def test_cases_and_checks_are_counted_once_each(self):
        rows = tally.count_cases(self.folder.name)
        self.assertEqual(sorted(rows), sorted([
            ("passed", "unit/base Time.Good", ""),
            ("failed", "unit/base Time.Bad", "\n    x.cpp:3\n    Expected 1"),
            ("skipped", "unit/base Time.NoData", "b2 is absent"),
            ("skipped", "unit/base Time.DISABLED_Off", "disabled"),
            ("failed", "unit/died", "SEGFAULT"),
            ("passed", "unit/leaks B.A", ""),
            ("failed", "unit/leaks", "no case failed, yet the program did: Failed\n    LeakSanitizer: 24 bytes"),
            ("passed", "check/layers", ""),
            ("skipped", "check/licences", "licences: no dpkg here"),
            ("failed", "unit/unbuilt", "ctest did not run it"),
        ]))

    def test_outcomes_of_a_stage_are_rows_and_their_absence_a_failure(self):
        path = Path(self.folder.name) / "outcomes.tsv"
        self.assertEqual(tally.read_outcomes(str(path)), [("failed", str(path), "was not written")])
        path.write_text("passed\tfuzz/csv\t\nfailed\tfuzz/json\tjson-crash-1\n")
        self.assertEqual(tally.collect(["--outcomes", str(path)])[0],
                         [("passed", "fuzz/csv", ""), ("failed", "fuzz/json", "json-crash-1")])

    def test_cases_of_one_file_are_rows_and_its_absence_a_failure(self):
        file = str(Path(self.folder.name) / "gtest/base_test.xml")
        rows, _ = tally.collect(["--junit", "console", file])
        self.assertEqual([(outcome, name) for outcome, name, _ in rows], [
            ("passed", "console/Time.Good"), ("failed", "console/Time.Bad"), ("skipped", "console/Time.NoData"),
            ("skipped", "console/Time.DISABLED_Off")])
        self.assertEqual(tally.collect(["--junit", "console", file + ".gone"])[0],
                         [("failed", file + ".gone", "was not written")])


if __name__ == "__main__":
    unittest.main()
