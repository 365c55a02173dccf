"""What the tests of the command line share: the program named in the arguments, run in a home and folder of its own.

Arguments of every such test: PROGRAM SHARED_DIR [unittest arguments]
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest

PROGRAM, SHARED = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
SAMPLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "samples", "port-day")
os.environ["QUAYWATCH_LANGUAGE"] = "en"  # whatever the system speaks
NOW = "2026-11-01T00:00:00Z"
# An exception that covers three alerts of the sample day.
WORKS = """title: Works at the gate
logsource: {product: port, category: container}
filter:
  rules: [9f1f6a0c-2d5e-4b8f-a2a7-0a4d8f3c6b03]
  works: {event.facility: HRPLE/QXT}
  condition: not works
quaywatch:
  owner: terminal security officer
  reason: Collectors come by another gate while it is rebuilt.
  from: 2026-03-12T00:00:00Z
  until: 2026-03-12T23:59:59Z
"""


def main():
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])


class Program(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.home = os.path.join(self.folder.name, "home")

    def tearDown(self):
        self.folder.cleanup()

    def run_program(self, *arguments, code=0, stdin=None):
        p = subprocess.run(
            [PROGRAM, *arguments],
            input=stdin,
            capture_output=True,
            env={**os.environ, "QUAYWATCH_HOME": self.home},
            timeout=300,
            check=False,
        )
        self.assertEqual(p.returncode, code, p.stderr.decode(errors="replace")[-2000:])
        return p.stdout.decode(), p.stderr.decode()

    def agree(self):
        """Rules on staff data are off over a journal without an agreement."""
        self.run_program("agreement", "record", "--reference", "of the test", "--parties", "nobody",
                         "--from", "2000-01-01", "--until", "2099-12-31")

    def file(self, name, content):
        path = os.path.join(self.folder.name, name)
        with open(path, "wb") as f:
            f.write(content if isinstance(content, bytes) else content.encode())
        return path

    def spans(self, path, *arguments):
        out, _ = self.run_program("decode", "--spans", *arguments, path)
        rows = [json.loads(line) for line in out.splitlines()]
        at = 0
        for row in rows:
            self.assertEqual(row["offset"], at, row)
            at += row["size"]
        self.assertEqual(at, os.path.getsize(path), "every byte lies in exactly one span")
        return rows

    def shared(self, *parts):
        path = os.path.join(SHARED, *parts)
        if not os.path.exists(path):
            self.skipTest(f"{path} is not on this machine")
        return path
