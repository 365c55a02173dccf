"""Rejects as a client of `quaywatch serve` sees them: the bytes of the record, and none that may name a person."""
import base64
import os

from program import main
from server_test import ServerTest, wait_until

MAPPING = """feed = "{feed}"
format = "csv"
files = ["{feed}*.csv"]
owner = "terminal"
facility = "SIKOP/KTV"
time_zone = "UTC"
[[event]]
type = "container.moved"
time = {{ column = "at", format = "{time}" }}
fields = [{{ to = "container.number", from = "box" }}, {{ to = "{field}", from = "to" }}]
"""
ROWS = "at,box,to\n2026-03-12 10:00,CSQU3054383,A1\n12.03.2026 11:00,CSQU3054383,A2\n"
ISO = "%Y-%m-%d %H:%M"
# A segment that is none: in a message that is read for plates, and in one that is not.
INTERCHANGE = "UNB+UNOA:2+SENDER+RECEIVER+260312:1000+1'UNH+1+{message}:D:95B:UN'BGM+36+1+9'??x+1'UNT+4+1'UNZ+1+1'"


class RejectsTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.drop = os.path.join(self.folder.name, "drop")
        os.mkdir(self.drop)
        os.makedirs(os.path.join(self.home, "feeds"), exist_ok=True)

    def map(self, feed, field, time=ISO):
        with open(os.path.join(self.home, "feeds", feed + ".toml"), "w", encoding="utf-8") as f:
            f.write(MAPPING.format(feed=feed, field=field, time=time))

    def deliver(self, name, text):
        os.rename(self.file("part", text), os.path.join(self.drop, name))

    def rejects(self, admin):
        return {os.path.basename(r["file"]): r for r in admin.call("listRejects").json["items"]}

    def test_the_bytes_are_those_of_the_record(self):
        self.map("lanes", "location.to")
        self.map("staff", "equipment.operator")
        _, admin = self.first_start(self.drop, "--settle", "0")
        self.deliver("lanes_1.csv", ROWS)
        self.deliver("staff_1.csv", ROWS)
        self.deliver("lanes_2.csv", "at,box,to\nnever,CSQU3054383,A3\n")
        self.deliver("gate.edi", INTERCHANGE.format(message="CODECO"))
        self.deliver("quay.edi", INTERCHANGE.format(message="COARRI"))
        self.deliver("notes.csv", "nobody,said\nwhat,this is\n")
        wait_until(lambda: len(self.rejects(admin)) == 6)
        rejects = self.rejects(admin)

        lane = rejects["lanes_1.csv"]
        row = ROWS[ROWS.index("12.03"):]
        self.assertEqual(base64.b64decode(lane["bytes"]).decode(), row)
        self.assertEqual((lane["offset"], lane["size"], lane["cut"]), (ROWS.index(row), len(row), False))
        self.assertEqual(base64.b64decode(rejects["quay.edi"]["bytes"]), b"??x+1'")
        for name in ("staff_1.csv", "gate.edi", "notes.csv"):
            self.assertEqual(rejects[name]["bytes"], "", name)

        def counted():
            rows = {f["feed"]: f["rejected"] for f in admin.call("listFeeds").json["items"]}
            return [rows.get(feed) for feed in ("lanes", "staff", "")]
        wait_until(lambda: counted() == [2, 1, 3])  # in the list a moment after the rejects

        self.map("lanes", "location.to", "%d.%m.%Y %H:%M")
        lanes = sorted(f["file"] for f in admin.call("listRejects").json["files"] if f["feed"] == "lanes")
        self.assertEqual(len(lanes), 2, "also one of which nothing could be read")
        again = admin.call("retryRejects", body={"files": lanes[:1]}).json
        self.assertEqual(again, {"files": 1, "events": 1, "rejected": 1}, "the other form of time, not the first")


if __name__ == "__main__":
    main()
