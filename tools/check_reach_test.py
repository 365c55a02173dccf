#!/usr/bin/env python3
import tempfile
import unittest
from pathlib import Path

import check_reach

HEADER = """namespace quaywatch::base {
struct Thing {
  int inner(int x);
};
enum class Kind : int { one };
using Things = int;
inline constexpr int kMost = 3;
template <typename T>
bool is_in(const T& list);
int counted(int n);
}
"""
CASES = [
    ("a type", "Thing t;", ["src/base/b.cpp:2: Thing is declared in base/a.h; #include it"]),
    ("an alias, a constant", "Things t = kMost;", ["src/base/b.cpp:2: Things is declared in base/a.h; #include it",
                                                   "src/base/b.cpp:2: kMost is declared in base/a.h; #include it"]),
    ("a function", "int x = is_in(3) + counted(3);", [
        "src/base/b.cpp:2: is_in is declared in base/a.h; #include it",
        "src/base/b.cpp:2: counted is declared in base/a.h; #include it"]),
    ("named by its namespace", "int x = base::counted(3);",
     ["src/base/b.cpp:2: counted is declared in base/a.h; #include it"]),
    ("included", '#include "base/a.h"\nThing t;', []),
    ("included by what is included", '#include "base/c.h"\nThing t;', []),
    ("a member, a variable", "int x = y.counted(3); int counted(4); void f() { auto is_in = 3; is_in(1); }", []),
    ("a parameter", "template <typename Thing> struct Mine { Thing t; };\nvoid g(F& counted) { counted(3); }", []),
    ("one's own", "struct Thing { int x; };\nThing thing;", []),
    ("another's", "int x = std::counted(3) + other::Thing();", []),
    ("in a comment or a text", '// Thing\nauto x = "Thing";', []),
]


def found(base, text):
    (base / "b.cpp").write_text(text if "#" in text else "namespace quaywatch::base {\n" + text + "\n}\n")
    return list(check_reach.problems_of(base.parent.parent))


class Reach(unittest.TestCase):
    def test_each_use(self):
        for name, text, expected in CASES:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                base = Path(folder) / "src/base"
                base.mkdir(parents=True)
                (base / "a.h").write_text(HEADER)
                (base / "c.h").write_text('#include "base/a.h"\n')
                self.assertEqual(found(base, text), expected)


if __name__ == "__main__":
    unittest.main()
