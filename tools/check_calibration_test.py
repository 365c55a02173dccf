#!/usr/bin/env python3
import subprocess
import sys
import tempfile
import tomllib
import unittest
from pathlib import Path

import check_calibration

SIZE = {"name": "small", "reason": "because", **dict.fromkeys(check_calibration.COUNTS, 2)}
FIGURE = {"name": "import.dwell_h", "quantiles": [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 30], "unit": "h",
          "source": "somebody, 2024", "checked": "public"}
SHARE = {**FIGURE, "name": "gate.dual_share", "unit": "share", "value": 0.5}
del SHARE["quantiles"]
ORIGIN = {**SHARE, "name": "box.origin", "shares": {"NLRTM": 1}}
del ORIGIN["value"]


def without(row, key):
    return {k: v for k, v in row.items() if k != key}


# name, figures, words that the one fault must contain (None: clean)
FIGURES = [
    ("good", [FIGURE, SHARE, ORIGIN], None),
    ("negative quantiles", [{**FIGURE, "quantiles": [*range(-5, 6)]}], None),
    ("two kinds", [{**SHARE, "shares": {"a": 1}}], "gate.dual_share: has value and shares"),
    ("no kind", [without(FIGURE, "quantiles")], "has none of"),
    ("ten quantiles", [{**FIGURE, "quantiles": [*range(10)]}], "must be 11 finite numbers"),
    ("quantiles fall", [{**FIGURE, "quantiles": [0, 1, 9, 3, *range(10, 17)]}], "from 9 at 20 % to 3 at 30 %"),
    ("quantiles flat", [{**FIGURE, "quantiles": [1] * 11}], "write it as value"),
    ("quantile is true", [{**FIGURE, "quantiles": [True, *range(1, 11)]}], "must be 11 finite numbers"),
    ("value is nan", [{**SHARE, "value": float("nan")}], "not a finite number"),
    ("value is text", [{**SHARE, "value": "0.5"}], "not a finite number"),
    ("percent for share", [{**SHARE, "value": 12}], "lies between 0 and 1"),
    ("negative weight", [{**ORIGIN, "shares": {"NLRTM": -1}}], "weights of 0 or more"),
    ("empty shares", [{**ORIGIN, "shares": {}}], "sum above 0"),
    ("no source", [without(FIGURE, "source")], "import.dwell_h: source is missing"),
    ("blank source", [{**FIGURE, "source": "  "}], "source is missing"),
    ("no unit", [without({**SHARE, "name": "yard.rehandles"}, "unit")], "unit is missing"),
    ("unit against name", [{**FIGURE, "unit": "min"}], "the name says 'h'"),
    ("checked word", [{**FIGURE, "checked": "guess"}], "must be one of public, data, assumed"),
    ("no dot", [{**FIGURE, "name": "dwell_h"}], "with one dot"),
    ("two dots", [{**FIGURE, "name": "import.dwell.x_h"}], "with one dot"),
    ("upper case", [{**FIGURE, "name": "import.Dwell_h"}], "with one dot"),
    ("name twice", [FIGURE, FIGURE], "import.dwell_h: the name is used twice"),
    ("no name", [without(FIGURE, "name")], "figure number 1: name is missing"),
    ("misspelt key", [{**FIGURE, "qantiles": []}], "unknown key 'qantiles'"),
    ("unknown code", [{**ORIGIN, "shares": {"NLRTM": 1, "XXXXX": 1}}], "code 'XXXXX' is not in"),
]
SIZES = [
    ("good", [SIZE, {**SIZE, "name": "large"}], None),
    ("zero cranes", [{**SIZE, "quay_cranes": 0}], "small: quay_cranes is 0"),
    ("no berths", [without(SIZE, "berths")], "berths is None"),
    ("no reason", [without(SIZE, "reason")], "reason is missing"),
    ("size twice", [SIZE, SIZE], "small: the name is used twice"),
    ("none", [], "must hold [[size]]"),
]


class Calibration(unittest.TestCase):
    def expect(self, document, words):
        faults = list(check_calibration.check(document, {"box.origin": {"NLRTM"}}))
        if words is None:
            self.assertEqual(faults, [])
        else:
            self.assertEqual(len(faults), 1, faults)
            self.assertIn(words, faults[0])

    def test_figures(self):
        for name, figures, words in FIGURES:
            with self.subTest(name):
                self.expect({"size": [SIZE], "figure": figures}, words)

    def test_sizes(self):
        for name, sizes, words in SIZES:
            with self.subTest(name):
                self.expect({"size": sizes, "figure": [FIGURE]}, words)

    def test_unknown_table(self):
        self.expect({"size": [SIZE], "figure": [FIGURE], "figures": []}, "figures: unknown table")

    def test_exit_status_names_file_and_figure(self):
        table = tomllib.loads(check_calibration.TABLE.read_text())
        self.assertGreater(len(table["figure"]), 50)
        text = check_calibration.TABLE.read_text().replace('name = "import.dwell_h"', 'name = "dwell"')
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "calibration.toml"
            for content, words in ((text, f"{path}: dwell: "), ("[[figure", f"{path}: "), (None, "No such file")):
                if content is None:
                    path.unlink()
                else:
                    path.write_text(content)
                run = subprocess.run([sys.executable, check_calibration.__file__, str(path)], capture_output=True,
                                     text=True, check=False)
                self.assertEqual(run.returncode, 1)
                self.assertIn(words, run.stderr)


if __name__ == "__main__":
    unittest.main()
