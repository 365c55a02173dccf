#!/usr/bin/env python3
import tempfile
import unittest
from pathlib import Path

import check_links

CASES = [
    ("to a page beside it", "[x](b.md)", []),
    ("to a folder", "[x](d)", []),
    ("to a heading of another page", "[x](b.md#two-words)", []),
    ("to a heading of its own", "# Own one\n\n[x](#own-one)", []),
    ("out to the web", "[x](https://unece.org/none) [y](mailto:a@b)", []),
    ("inside code", "`[x](none.md)`\n\n```\n[x](none.md)\n```\n", []),
    ("to nothing, with its line", "text\n\n[x](none.md)", ["a.md:3: 'none.md' does not exist in the repository"]),
    ("out of the repository", "[x](../..)", ["a.md:1: '../..' does not exist in the repository"]),
    ("to a heading that is not there", "[x](b.md#three)", ["a.md:1: 'b.md' has no heading '#three'"]),
]


class Links(unittest.TestCase):
    def test_each_kind_of_link(self):
        for name, text, expected in CASES:
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                root = Path(folder)
                (root / "d").mkdir()
                (root / "b.md").write_text("# B\n\n## Two words\n")
                (root / "a.md").write_text(text)
                self.assertEqual(list(check_links.problems(root)), expected)


if __name__ == "__main__":
    unittest.main()
