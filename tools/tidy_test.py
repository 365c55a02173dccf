#!/usr/bin/env python3
import subprocess
import tempfile
import unittest
from pathlib import Path

import sources
import tidy
from cpp_functions import functions

HEADER = "// What it is.\n#pragma once\n"
MAP = "`src/base`: values.\n"

# C++ text, [(name, lines)] expected
BODIES = [
    ("int f() {\n  return 1;\n}\n", [("f", 3)]),
    ("namespace a {\nclass B {\n public:\n  B() : x_{1}, y_(2) {\n    go();\n  }\n  int x_{3};\n};\n}\n", [("B", 3)]),
    ("constexpr Row kRows[] = {\n  {1, f(2)},\n};\nvoid g(int a = 1) { h(a); }\n", [("g", 1)]),
    ("bool operator==(A a, B b) { return true; }\nauto k() -> std::vector<int> {\n  return {};\n}\n",
     [("operator==", 1), ("k", 3)]),
    ("TEST(Time, Parses) {\n  for (;;) {\n  }\n}\n", [("Time.Parses", 4)]),
    ("#if X\nvoid f() {\n#else\nvoid f() {\n#endif\n}\n}\n", [("f", 6)]),
]

# name, files, words of the one problem (None: clean)
TREES = [
    ("clean", {"src/base/a.h": HEADER, "src/base/a.cpp": '#include "base/a.h"\nint f() { return 1; }\n'}, None),
    ("dead header", {"src/base/a.h": HEADER}, "nobody includes it"),
    ("header without opening", {"src/base/a.h": "#pragma once\n// x\n", "src/base/a.cpp": '#include "base/a.h"\n'},
     "a header opens with what it is"),
    ("clock", {"src/base/a.cpp": "auto t = std::chrono::system_clock::now();\n"}, "src/io/clock.h is the only clock"),
    ("clock in io", {"src/io/a.cpp": "auto t = std::chrono::system_clock::now();\n", "src/io/README.md": ""}, None),
    ("in a comment or string", {"src/base/a.cpp": '// atoi(\nconst char* s = "atoi(";\n'}, None),
    ("snprintf is not printf", {"src/base/a.cpp": "int n = snprintf(b, 4, s);\n"}, None),
    ("stoi", {"src/base/a.cpp": "\nint n = std::stoi(s);\n"}, "src/base/a.cpp:2: std::stoi is not used here"),
    ("loop over a member of what ends", {"src/base/a.cpp": "void f() {\n  for (auto& a : view()->alerts) g(a);\n}\n"},
     "src/base/a.cpp:2: for (auto& a : view()-> is not used here"),
    ("file in a test", {"src/base/a_test.cpp": "#include <fstream>\nstd::ifstream in(p);\n"}, None),
    ("missing include", {"src/base/a.cpp": "std::map<int, int> m;\n"},
     "src/base/a.cpp:1: std::map< without #include <map>"),
    ("include through ours", {"src/base/a.h": HEADER + "#include <map>\n",
                              "src/base/a.cpp": '#include "base/a.h"\nstd::map<int, int> m;\n'}, None),
    ("structured binding in a lambda",
     {"src/base/a.cpp": "void f(M& m) {\n  for (auto& [key, n] : m)\n    g([&](int k) { return k == key; });\n}\n"},
     "src/base/a.cpp:3: the lambda uses the structured binding key"),
    ("structured binding captured",
     {"src/base/a.cpp": "void f(M& m) {\n  const auto [key, n] = m;\n  g([&, &of = key](int k) { return k == of; });\n"
                        "  g([&](int n) { return n; });\n}\nint h(int key) { return [&] { return key; }(); }\n"}, None),
    ("bare TODO", {"src/base/a.cpp": "// " + "TO" + "DO: later\n"}, "finish it"),
    ("numbered TODO", {"src/base/a.cpp": "// " + "TO" + "DO(#12): later\n"}, None),
    ("long line", {"src/base/a.cpp": "// " + "x" * 118 + "\n"}, "121 characters, at most 120"),
    ("tab", {"src/base/a.cpp": "\tint x;\n"}, "tab"),
    ("long function", {"src/base/a.cpp": "void f() {\n" + "  g();\n" * 69 + "}\n"}, "f is 71 lines, at most 70"),
    ("longest function", {"src/base/a.cpp": "void f() {\n" + "  g();\n" * 68 + "}\n"}, None),
    ("name", {"src/base/a.cpp": "class FeedManager {};\n"}, "name the noun"),
    ("undescribed module", {"src/extra/a.cpp": "int x;\n"}, "neither a README.md nor a paragraph"),
    ("adapter without README", {"adapters/x/adapter.cpp": "int x;\n"}, "adapters/x: README.md is missing"),
]


class Tidy(unittest.TestCase):
    def problems(self, files):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            subprocess.run(["git", "init", "-q", folder], check=True)
            rules = (sources.ROOT / "tools/tidy.toml").read_text().split("[long_functions]")[0]
            files = {"ARCHITECTURE.md": MAP, **files,
                     "tools/tidy.toml": rules + "[long_functions]\n[unused_headers]\n"}
            for path, text in files.items():
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(text)
            # The comment budget is a figure of the whole tree; a tree of one header cannot meet it.
            return [p for p in tidy.check(tidy.Tree(root)) if not p.startswith("headers:")]

    def test_functions(self):
        for text, expected in BODIES:
            with self.subTest(text):
                self.assertEqual([(name, lines) for name, _, lines in functions(sources.blank(text))], expected)

    def test_trees(self):
        for name, files, words in TREES:
            with self.subTest(name):
                problems = self.problems(files)
                if words is None:
                    self.assertEqual(problems, [])
                else:
                    self.assertEqual(len(problems), 1, problems)
                    self.assertIn(words, problems[0])

    def test_incomplete_detector_names_what_is_missing(self):
        problems = self.problems({"detectors/x/rule.yml": "", "detectors/x/README.md": "## Goal\n",
                                  "detectors/x/vectors/fires_1.jsonl": ""})
        self.assertIn("detectors/x/vectors: 1 of fires_*.jsonl, at least 2", problems)
        self.assertIn("detectors/x/README.md: no heading 'blind spots'", problems)

    def test_a_shrunk_exemption_must_be_lowered(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            subprocess.run(["git", "init", "-q", folder], check=True)
            (root / "tools").mkdir()
            (root / "src").mkdir()
            (root / "src/a.cpp").write_text("void f() {\n" + "  g();\n" * 78 + "}\n")
            rules = (sources.ROOT / "tools/tidy.toml").read_text().split("[long_functions]")[0]
            for entry, words in ((80, None), (90, "has shrunk to 80"), (75, "f is 80 lines, at most 75")):
                (root / "tools/tidy.toml").write_text(
                    f'{rules}[long_functions]\n"src/a.cpp" = {{ "f" = {entry} }}\n[unused_headers]\n')
                problems = tidy.check(tidy.Tree(root))
                self.assertEqual(bool(words), any(words in p for p in problems) if words else bool(problems), problems)


if __name__ == "__main__":
    unittest.main()
