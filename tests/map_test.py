"""The map as clients of the server see it: the port's own geometry, what stood where and when, and who may see it."""
import json
import os
import shutil
import signal

from program import SAMPLE, main
from server_test import ServerTest, wait_until

BLOCKS = [f"{row}{n}" for row in "ABCE" for n in range(1, 6)]


def feature(kind, code, x, **more):
    ring = [[13 + (x + dx) / 1000, 45 + dy / 1000] for dx, dy in ((0, 0), (0.8, 0), (0.8, 1), (0, 1), (0, 0))]
    return {"type": "Feature", "properties": {"kind": kind, "code": code, "facility": "HRPLE/QXT", **more},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}


def collection():
    return {"type": "FeatureCollection", "features": [
        *(feature("block", code, i) for i, code in enumerate(BLOCKS)),
        *(feature("zone", code, 30 + i) for i, code in enumerate(["QUAY", "YARD", "REEFER", "GATEHOUSE"])),
        feature("zone", "SERVER", 39, owner="QXQ"), feature("berth", "T1-1", 40),
        feature("camera", "CAM1", 41, owner="QXT")]}


class MapTest(ServerTest):
    def write(self, geometry, name="port.geojson"):
        os.makedirs(self.home, exist_ok=True)
        with open(os.path.join(self.home, name), "w", encoding="utf-8") as f:
            f.write(geometry if isinstance(geometry, str) else json.dumps(geometry))

    def ask(self, client, operation, path=None, code=200, **query):
        answer = client.call(operation, path, query)
        self.assertEqual(answer.status, code, answer.body)
        return answer.json

    def counts(self, client, **query):
        return {f["feature_id"]: f["counts"] for f in self.ask(client, "getMapState", **query)["features"]}

    def stands(self, counts, elsewhere):
        named = {feature_id.split(":")[-1]: c["boxes"] for feature_id, c in counts.items() if c["boxes"]}
        return {**named, "": elsewhere["boxes"]}

    def counted(self, at):
        """Boxes by block, as the records of the sample day say it: the last one of each box up to then."""
        comes, leaves = ("discharged", "gate_in", "moved"), ("loaded", "gate_out")
        last, known = {}, {*BLOCKS, "QUAY"}
        decoded, _ = self.run_program("decode", SAMPLE)
        for e in map(json.loads, decoded.splitlines()):
            happened = e.get("type", "").removeprefix("container.")
            if happened not in comes + leaves or e["event_time"].rstrip("Z") > at.rstrip("Z"):
                continue
            number = e["container.number"]
            if number not in last or last[number]["event_time"].rstrip("Z") <= e["event_time"].rstrip("Z"):
                last[number] = e
        out = {"": 0}
        for e in last.values():
            if e["type"].removeprefix("container.") in comes:
                place = e.get("location.to", "").split("-")[0] if e["type"] == "container.moved" else ""
                out[place if place in known else ""] = out.get(place if place in known else "", 0) + 1
        return out

    def test_without_a_file_there_is_a_state_and_no_feature(self):
        _, admin = self.first_start()
        self.assertEqual(self.ask(admin, "getMap")["features"], [])
        state = self.ask(admin, "getMapState")
        self.assertEqual(state["features"], [])
        self.assertGreater(state["elsewhere"]["boxes"], 100)

    def test_what_the_records_say_stands_where_they_say(self):
        self.write(collection())
        _, admin = self.first_start()
        self.assertEqual(len(self.ask(admin, "getMap")["features"]), len(collection()["features"]))
        state = self.ask(admin, "getMapState")
        counts = {f["feature_id"]: f["counts"] for f in state["features"]}
        self.assertEqual(state["until"], state["at"])
        self.assertEqual(self.stands(counts, state["elsewhere"]), self.counted("2026-03-14T00:00:00Z"))
        for at in ("2026-03-11T20:00:00Z", "2026-03-12T09:30:00Z", "2026-03-12T18:00:00.5Z"):
            then = self.ask(admin, "getMapState", at=at)
            counts = {f["feature_id"]: f["counts"] for f in then["features"]}
            self.assertEqual(self.stands(counts, then["elsewhere"]), self.counted(at), at)
        alert = next(a for a in admin.call("listAlerts").json["items"]
                     if any(s["value"] == "QXCU6170026" for s in a["subjects"]))
        # Moved to C9-40-1 without an order at 01:36:20Z; C9 is not on the map.
        before = self.counts(admin, at="2026-03-12T01:30:00Z")
        self.assertEqual(sum(c["boxes_with_alerts"] for c in before.values()), 0, "nothing was known yet")
        after = self.ask(admin, "getMapState", at="2026-03-12T01:40:00Z")
        self.assertGreaterEqual(after["elsewhere"]["boxes_with_alerts"], 1)
        admin.call("decideAlert", {"alertId": alert["alert_id"]}, body={"action": "dismiss", "reason": "a planned move",
                                                                      "reason_code": "innocent_explained"})
        again = self.ask(admin, "getMapState", at="2026-03-12T01:40:00Z")
        self.assertEqual(again["elsewhere"]["boxes_with_alerts"], after["elsewhere"]["boxes_with_alerts"] - 1)
        layers = {layer["layer"]: layer for layer in state["layers"]}
        self.assertIn("yard_moves", layers["boxes"]["feeds"])
        self.assertEqual(layers["vessels"]["feeds"], [])

    def test_cards_are_pseudonyms_and_a_look_is_on_record(self):
        self.write(collection())
        server, admin = self.first_start()
        zone = {"featureId": "zone:HRPLE/QXT:REEFER"}
        # C-1126 was there for half an hour from 03:18:05 local on; the presence off the roster is an alert.
        at = "2026-03-12T02:30:00Z"
        here = self.ask(admin, "getMapFeature", zone, at=at)
        self.assertGreaterEqual(here["counts"]["cards"], 1)
        self.assertEqual(len(here["cards"]), here["counts"]["cards"])
        self.assertNotIn("C-1126", json.dumps(here))
        self.assertTrue(all(c["card"].startswith("card-") for c in here["cards"]), here["cards"])
        off_roster = [a for a in here["alerts"] if any(s["value"] == "REEFER" for s in a["subjects"])]
        self.assertEqual(len(off_roster), 1, here["alerts"])
        audit = self.add_colleague(admin, server, "auditor", ["auditor"])
        looks = [(e["subject"], e["detail"]) for e in audit.call("listAudit").json["items"]
                 if e["operation"] == "getMapFeature"]
        self.assertIn(("feature:zone:HRPLE/QXT:REEFER", "at 2026-03-12T02:30:00Z"), looks)
        # The reader of whom an alert tells is not told, and does not see himself.
        person = [s for s in off_roster[0]["subjects"] if s["kind"] == "credential"][0]["value"]
        self.assertIn(person, [c["card"] for c in here["cards"]])
        self.assertNotIn(person, json.dumps(self.ask(admin, "getMapFeature", zone, at="2026-03-12T04:30:00Z")["cards"]))
        insider = self.add_user(admin, server, "insider", ["officer"], credentials=["C-1126"])
        seen = self.ask(insider, "getMapFeature", zone, at=at)
        self.assertNotIn(person, json.dumps(seen))
        self.assertEqual(seen["counts"]["cards"], here["counts"]["cards"] - 1)

    def test_walls_stand_before_every_count(self):
        self.write(collection())
        server, admin = self.first_start()
        carrier = self.add_user(admin, server, "carrier", ["officer"], "carrier", ("QXL",))
        terminal = self.add_user(admin, server, "terminal", ["officer"], "terminal", ("QXT",))
        kinds = lambda client: {f["kind"] for f in self.ask(client, "getMap")["features"]}
        self.assertEqual(kinds(carrier), {"block", "zone", "berth"}, "where cameras are is their owner's")
        self.assertEqual(kinds(terminal), {"block", "zone", "berth", "camera"})
        state = self.ask(carrier, "getMapState")
        self.assertEqual([f for f in state["features"] if f["counts"]["cards"] or f["counts"]["boxes"]], [])
        self.assertTrue(all(layer["feeds"] == [] for layer in state["layers"]), state["layers"])
        self.assertGreater(sum(c["boxes"] for c in self.counts(terminal).values()), 100)
        self.ask(carrier, "getMapFeature", {"featureId": "camera:HRPLE/QXT:CAM1"}, code=404)
        self.ask(terminal, "getMapFeature", {"featureId": "camera:HRPLE/QXT:CAM1"})
        # What stands at a feature of another owner stands elsewhere for who may read the records alone.
        others = "zone:HRPLE/QXT:SERVER"
        at = {"at": "2026-03-12T10:00:00Z"}
        mine, all_ = self.ask(terminal, "getMapState", **at), self.ask(admin, "getMapState", **at)
        here = {f["feature_id"]: f["counts"] for f in all_["features"]}[others]["cards"]
        self.assertGreater(here, 0)
        self.assertEqual(mine["elsewhere"]["cards"], all_["elsewhere"]["cards"] + here)
        self.assertNotIn(others, [f["feature_id"] for f in mine["features"]])

    def test_vessels_by_call_and_by_position(self):
        self.write(collection())
        _, admin = self.first_start()
        ship = {"vessel.imo": "9074729", "vessel.name": "QUIET TIDE", "vessel.mmsi": "238000001"}
        words = lambda type_, time, **more: {
            "specversion": "1.0", "id": type_ + time, "source": "ais", "type": type_, "time": time,
            "data": {"type": type_, "feed": "ais", "facility": "HRPLE/QXT", "owner": "QXT", "event_time": time, **more}}
        events = [words("vessel.arrived", "2026-03-12T20:00:00Z", **ship, **{"berth.code": "T1-1"}),
                  words("vessel.positioned", "2026-03-12T22:00:00Z", **{
                      "vessel.mmsi": "238000001", "position.latitude": 45.1, "position.longitude": 13.2}),
                  words("vessel.departed", "2026-03-12T22:30:00Z", **ship)]
        taken = admin.call("takeEvents", query={"answer_when": "judged"}, body=events,
                           content_type="application/cloudevents-batch+json")
        self.assertEqual((taken.status, taken.json["events"]), (200, 3), taken.body)
        vessel = self.ask(admin, "getMapState", at="2026-03-12T22:10:00Z")["vessels"][0]
        self.assertEqual((vessel["name"], vessel["feature_id"]), ("QUIET TIDE", "berth:HRPLE/QXT:T1-1"))
        self.assertEqual(vessel["position"]["latitude"], 45.1)
        self.assertEqual(self.ask(admin, "getMapFeature", {"featureId": "berth:HRPLE/QXT:T1-1"},
                                  at="2026-03-12T22:10:00Z")["vessels"][0]["imo"], "9074729")
        after = self.ask(admin, "getMapState", at="2026-03-12T22:40:00Z")["vessels"]
        self.assertEqual([(v["berth"], v["position"] is None) for v in after], [("", False)])

    def test_what_was_corrected_or_taken_back_does_not_count(self):
        self.write(collection())
        _, admin = self.first_start()
        at = "2026-03-12T22:10:00Z"
        e4 = lambda: self.counts(admin, at=at).get("block:HRPLE/QXT:E4", {"boxes": 0})["boxes"]
        e5 = lambda: self.counts(admin, at=at).get("block:HRPLE/QXT:E5", {"boxes": 0})["boxes"]

        def say(op, minute, to):
            data = {"op": op, "key": "M1", "facility": "HRPLE/QXT", "event_time": "2026-03-12T22:00:00Z",
                    "reported_at": f"2026-03-12T22:{minute:02}:00Z", "container.number": "QAYU1000011",
                    "location.to": to}
            event = {"specversion": "1.0", "id": f"{op}{minute}", "source": "/yard", "type": "container.moved",
                     "time": data["event_time"], "datacontenttype": "application/json", "data": data}
            taken = admin.call("takeEvents", query={"answer_when": "judged"}, body=[event],
                               content_type="application/cloudevents-batch+json")
            self.assertEqual((taken.status, taken.json["events"]), (200, 1), taken.body)

        before = (e4(), e5())
        say("assert", 1, "E4-01-1")
        self.assertEqual((e4(), e5()), (before[0] + 1, before[1]))
        say("correct", 2, "E5-01-1")
        self.assertEqual((e4(), e5()), (before[0], before[1] + 1))
        say("void", 3, "E5-01-1")
        self.assertEqual((e4(), e5()), before)

    def test_times_and_features_that_are_none(self):
        self.write(collection())
        _, admin = self.first_start()
        refused = self.ask(admin, "getMapState", at="2026-02-01T00:00:00Z", code=400)
        self.assertEqual(refused["field"], "at")
        self.assertIn("the map goes back to", refused["detail"])
        self.ask(admin, "getMapState", at="yesterday", code=400)
        for code in ("block:HRPLE/QXT:Z9", "block", "ground:HRPLE/QXT:", "x" * 500, "../../etc/passwd"):
            self.ask(admin, "getMapFeature", {"featureId": code}, code=404)

    def test_a_bad_file_is_refused_at_the_start_and_keeps_the_old_later(self):
        bad = collection()
        bad["features"][3]["properties"]["kind"] = "stack"
        self.write(bad)
        _, said = self.run_program("serve", "--http", "127.0.0.1:0", code=1)
        self.assertIn("port.geojson", said)
        self.assertIn("feature 4 ('A4'), kind: 'stack' is none of", said)
        self.write(collection())
        server, admin = self.first_start()
        self.write(bad)
        server.process.send_signal(signal.SIGHUP)
        problem = lambda: admin.call("getService").json["configuration"]["problem"]
        wait_until(problem)
        self.assertIn("feature 4 ('A4'), kind", problem())
        self.assertEqual(len(self.ask(admin, "getMap")["features"]), len(collection()["features"]))
        self.write({**collection(), "features": collection()["features"][:2]}, "other.geojson")
        self.write('[map]\ngeometry = "other.geojson"\n', "site.toml")
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: not problem())
        self.assertEqual(len(self.ask(admin, "getMap")["features"]), 2)

    def test_the_simulated_port_has_one(self):
        week = os.path.join(self.folder.name, "week")
        self.run_program("simulate", "--size", "one-berth", "--days", "1", "--from", "2026-10-20", week)
        self.run_program("import", "--history", os.path.join(week, "feeds"), "--time-zone", "Europe/Ljubljana")
        shutil.copy(os.path.join(week, "port.geojson"), self.home)
        _, admin = self.first_start()
        state = self.ask(admin, "getMapState")
        placed = {kind: sum(f["counts"][what] for f in state["features"] if f["feature_id"].startswith(kind))
                  for kind, what in (("block", "boxes"), ("zone", "cards"))}
        self.assertGreater(placed["block"], 10, state)
        self.assertGreater(placed["zone"], 10, state)
        self.assertEqual(state["elsewhere"]["cards"], 0, "every zone of its readers is on its map")


if __name__ == "__main__":
    main()
