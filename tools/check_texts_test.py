#!/usr/bin/env python3
"""Faults that check_texts.py must find, and what it must leave alone."""
import json
import tempfile
import unittest
from pathlib import Path

import check_texts

CODE = '''
void f(int n) {
  print(stdout, "one {} "  // a "comment"
        "text\\n", n);
  print(stderr, "  {}: {}\\n", '"', n);
  out.key("json");
  return fail(ErrorCode::malformed, fmt::format("wrong {}", say_counted(n, "{} box", "{} boxes")));
}
'''


class CheckTextsTest(unittest.TestCase):
    def test_texts_are_found_and_fillers_are_not(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.cpp"
            path.write_text(CODE, encoding="utf-8")
            found = check_texts.texts_of(check_texts.code_of(Path("a.cpp"), Path(folder)))
        self.assertEqual(found, {"one {} text\n", "wrong {}", "{} box", "{} boxes"})

    def test_rows_keep_values_and_blanks(self):
        for english, said, fault in [
                ("{} of {}\n", "{1} en {0}\n", False),
                ("{:>6} a", "{:>9} b", False),
                ("{} of {}", "{} de", True),
                ("{} of {}", "{0} de {0}", True),
                ("{:.1f} h", "{} h", True),
                ("{} a", "{} {} a", True),
                ("a\n", "a", True),
                (" a", "a", True),
        ]:
            with self.subTest(english=english, said=said):
                self.assertEqual(bool(list(check_texts.problems_of_row(english, said))), fault)

    def test_sentences_of_other_layers_are_found_and_what_is_for_machines_is_not(self):
        code = '''
  return fail(ErrorCode::malformed, fmt::format("'{}' has no "
                                                "closing quote", x));
  run("SELECT id, name FROM user");
  answer.headers = {"text/html; charset=utf-8", "x-file-name"};
  metric("quaywatch_events", "Events that no rule asks about.");
  if (fd < 0) return os_failure("look at", path, errno);
  open_descriptor(path, O_RDONLY | O_DIRECTORY, "open the folder");
'''
        found, literals = check_texts.messages_in(code)
        self.assertEqual(found, {"'{}' has no closing quote", "cannot look at {}: {}; {}",
                                 "cannot open the folder {}: {}; {}"})
        self.assertIn("look at", literals)

    def test_braces_that_are_no_values_are_left_alone(self):
        self.assertEqual(check_texts.values_of("a table { to = ..., from = ... } of {}, {{}}"), {"0": ""})

    def test_a_row_twice_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "xx.json"
            path.write_text(json.dumps({"a": "b"})[:-1] + ', "a": "c"}', encoding="utf-8")
            with self.assertRaises(SystemExit):
                check_texts.rows_of(path)

    def test_the_repository_holds(self):
        said, problems = check_texts.check(check_texts.sources.ROOT)
        self.assertGreater(len(said), 1900)
        self.assertEqual(problems, [])


if __name__ == "__main__":
    unittest.main()
