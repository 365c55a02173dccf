#!/usr/bin/env python3
import subprocess
import tempfile
import unittest
from pathlib import Path

import check_layers

LAYERS = '[modules]\n"src/base" = []\n"src/model" = ["src/base"]\n"adapters" = ["src/model", "adapters/*"]\n' \
         '"adapters/*" = ["src/model"]\n"tests" = ["src/*", "adapters/*"]\n'

# name, files besides layers.toml, words that the one problem must contain (None: clean)
CASES = [
    ("declared edge", {"src/base/a.h": "", "src/model/b.h": '#include "base/a.h"\n'}, None),
    ("undeclared edge", {"src/base/a.h": '#include "model/b.h"\n', "src/model/b.h": ""},
     "src/base may not include src/model"),
    ("names the line", {"src/base/a.h": '\n\n#include "model/b.h"\n', "src/model/b.h": ""}, "src/base/a.h:3"),
    ("no such file", {"src/base/a.h": '#include "base/gone.h"\n'}, '"base/gone.h" is no file of ours'),
    ("short path", {"src/base/a.h": '#include "b.h"\n', "src/base/b.h": ""}, "Write the full path"),
    ("commented out", {"src/base/a.h": '// #include "base/gone.h"\n/*\n#include "base/gone.h"\n*/\n'}, None),
    ("module without row", {"src/extra/a.h": ""}, "no row for src/extra"),
    ("generated file", {"src/model/a.h": '#include "model/fields.gen.h"\n'}, None),
    ("adapter sees adapter", {"adapters/x/a.h": '#include "adapters/y/b.h"\n', "adapters/y/b.h": ""},
     "adapters/x may not include adapters/y"),
    ("registry sees adapters", {"adapters/r.cpp": '#include "adapters/y/b.h"\n', "adapters/y/b.h": ""}, None),
    ("tests see all", {"tests/t_test.cpp": '#include "base/a.h"\n', "src/base/a.h": ""}, None),
]


class Layers(unittest.TestCase):
    def run_case(self, files, layers=LAYERS):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            subprocess.run(["git", "init", "-q", folder], check=True)
            (root / "layers.toml").write_text(layers)
            for path, text in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            return check_layers.check(root)[0]

    def test_cases(self):
        for name, files, words in CASES:
            with self.subTest(name):
                problems = self.run_case(files)
                if words is None:
                    self.assertEqual(problems, [])
                else:
                    self.assertEqual(len(problems), 1, problems)
                    self.assertIn(words, problems[0])

    def test_cycle_between_declared_edges(self):
        layers = LAYERS.replace('"src/base" = []', '"src/base" = ["src/model"]')
        files = {"src/base/a.h": '#include "model/b.h"\n', "src/model/b.h": '#include "base/a.h"\n'}
        first, second = self.run_case(files, layers)
        self.assertIn("declared edges form a cycle", first)
        self.assertIn("include cycle: src/base -> src/model -> src/base", second)


if __name__ == "__main__":
    unittest.main()
