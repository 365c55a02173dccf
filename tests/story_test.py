"""The Saturday night of the stolen reefer, by its own clock and in the order in which its records came: the desk is
told and the yard holds the box before its lorry comes."""
import csv
import datetime as dt
import json
import os
import struct
import time
import unittest
import zoneinfo

from hold_sending_test import Yard
from program import PROGRAM, SAMPLE, main
from server_test import wait_until
from telling_test import TellingTest

CLOCK = os.path.join(os.path.dirname(os.path.abspath(PROGRAM)), "libshifted_clock.so")
MAPPINGS = os.path.join(SAMPLE, "..", "..", "mappings", "pin-fraud-import")
BOX, TITLE = "TRHU3871247", "Collection by a party that never held the release"
LORRY_COMES = "2026-10-25T00:12:30Z"
ZONE = zoneinfo.ZoneInfo("Europe/Ljubljana")


def utc(text):
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00"))


def local(text, form):
    return dt.datetime.strptime(text, form).replace(tzinfo=ZONE).astimezone(dt.timezone.utc)


# When a row of a stream was written, by the beginning of the file's name. Rows stand in the order in which they came.
ROW_TIMES = {
    "access": lambda line: utc(line.split(";")[1]),
    "appointments": lambda line: local(line.split(";")[2], "%d.%m.%Y %H:%M"),
    "device_status": lambda line: local(line.split(";")[0], "%Y-%m-%d %H:%M:%S"),
    "gate_anpr": lambda line: local(line.split(";")[3], "%Y-%m-%d %H:%M:%S"),
    "pcs_audit": lambda line: utc(json.loads(line)["ts"]),
    "yard_moves": lambda line: utc(line.split(",")[1]),
}


class Port:
    """What the port has handed over: whole files when they came, streams as far as they had been written."""

    def __init__(self, story, drop):
        self.feeds, self.drop = os.path.join(story, "feeds"), drop
        with open(os.path.join(story, "delivery.csv"), encoding="utf-8") as f:
            self.deliveries = list(csv.DictReader(f))

    def deliver(self, until):
        for row in self.deliveries:
            with open(os.path.join(self.feeds, row["file"]), "rb") as f:
                content = f.read()
            if row["mode"] == "stream":
                content = self.written(row["file"], content, until)
            elif utc(row["delivered_at_utc"]) > until:
                continue
            self.put(row["file"], content)

    @staticmethod
    def written(name, content, until):
        time_of = next(time_of for begin, time_of in ROW_TIMES.items() if name.startswith(begin))
        lines = content.decode().splitlines(keepends=True)
        head = [] if name.endswith(".jsonl") else lines[:1]
        rows = lines[len(head):]
        count = next((i for i, line in enumerate(rows) if time_of(line) > until), len(rows))
        return "".join(head + rows[:count]).encode() if count else b""

    def put(self, name, content):
        """Files grow; what is as it was is not touched."""
        path = os.path.join(self.drop, name)
        size = os.path.getsize(path) if os.path.exists(path) else 0
        if len(content) > size:
            with open(path, "ab") as f:
                f.write(content[size:])


@unittest.skipUnless(os.path.exists(CLOCK), f"{CLOCK} is not built")
class StoryTest(TellingTest):
    def setUp(self):
        super().setUp()
        self.port = Port(self.shared("stories", "pin-fraud-import"), self.drop)
        self.clock = os.path.join(self.folder.name, "clock")
        self.set_clock(utc("2026-10-24T21:05:00Z"))
        environment = {"LD_PRELOAD": CLOCK, "SHIFTED_CLOCK": self.clock}
        os.environ.update(environment)
        self.addCleanup(lambda: [os.environ.pop(name) for name in environment])

    def set_clock(self, at):
        self.shift = at.timestamp() - time.time()
        with open(self.clock, "r+b" if os.path.exists(self.clock) else "wb") as f:
            f.write(struct.pack("q", int(self.shift)))

    def now(self):
        return dt.datetime.fromtimestamp(time.time() + int(self.shift), dt.timezone.utc)

    def goes_on_until(self, at):
        self.set_clock(utc(at))
        self.port.deliver(self.now())

    @staticmethod
    def seen_until(client, feed):
        return max(f["last_event_time"] for f in client.call("listFeeds").json["items"] if f["feed"] == feed)

    @staticmethod
    def hold(client, alert_id):
        return client.call("getAlert", {"alertId": alert_id}).json["holds"][0]

    def told(self):
        """Titles of what reached the desk."""
        return {a["title"] for e in self.receiver.events for a in e["data"].get("alerts", [e["data"]])}

    def all_read(self, client):
        """What the port handed over until now is judged."""
        wait_until(lambda: client.raw("GET", "/ready").status == 200)
        time.sleep(5)

    def test_the_box_is_held_before_its_lorry_comes(self):
        yard = Yard()
        self.addCleanup(yard.close)
        to_yard = self.webhook("yard", more="only_on_call = true")
        to_yard = to_yard.replace(f":{self.receiver.port}/", f":{yard.server_port}/")
        self.configure("per_minute = 60\n" + self.webhook() + to_yard
                       + '[[hold_receiver]]\nname = "Yard office"\nform = "csv"\nchannel = "yard"\n')
        self.port.deliver(self.now())
        server, admin = self.begin("--mapping", MAPPINGS, "--time-zone", "Europe/Ljubljana")
        self.all_read(admin)
        self.assertNotIn(TITLE, self.told())

        self.goes_on_until("2026-10-24T21:10:34Z")  # the stranger announces that he will collect the box
        came = time.monotonic()
        wait_until(lambda: TITLE in self.told(), 60)
        print(f"the desk is told {time.monotonic() - came:.1f} s after the record came")
        alert_id = next(a["alert_id"] for a in admin.call("listAlerts").json["items"]
                        if a["title"] == TITLE and BOX in {s["value"] for s in a["subjects"]})
        made = admin.call("requestHold", {"alertId": alert_id}, body={
            "reason": "announced by a stranger", "container": BOX, "receiver": "Yard office"})
        self.assertEqual(made.status, 201, made.body)
        hold_id = made.json["holds"][0]["hold_id"]
        wait_until(lambda: self.hold(admin, alert_id)["sending"] == "delivered")
        self.assertIn(BOX.encode(), yard.taken[0][2])

        self.goes_on_until("2026-10-24T21:30:00Z")  # three codes are refused; the yard office calls back
        answer = {"answer": "held", "reason": "blocked in the yard"}
        answered = admin.call("answerHold", {"holdId": hold_id}, body=answer)
        self.assertEqual(answered.status, 200, answered.body)

        self.goes_on_until(LORRY_COMES)
        admin = server.client("admin")  # nobody was there for three hours: the session ended
        wait_until(lambda: self.seen_until(admin, "gate_anpr") == "2026-10-25T00:12:08Z")
        time.sleep(2)
        hold = self.hold(admin, alert_id)
        self.assertEqual([s["step"] for s in hold["steps"]], ["request", "sent", "delivered", "answer"])
        self.assertEqual(hold["state"], "answered")
        self.assertLess(hold["steps"][-1]["at"], LORRY_COMES)


if __name__ == "__main__":
    main()
