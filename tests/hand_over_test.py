"""A case on its way from guard to police to customs, as clients of the server see it: who reads it when, who works on
it, what the wall keeps, and how long each had it."""
import signal

from program import main
from server_test import DESELECTED, ServerTest


class HandOverTest(ServerTest):
    def ground(self):
        """A guard's case of an alert that he sees and of one that only customs sees, and an officer of each side."""
        self.run_program("import", "--history", DESELECTED)
        server, admin = self.first_start()
        self.server = server
        kinds = {"guard": "terminal", "police": "police", "customs": "customs", "carrier": "carrier"}
        self.people = {name: self.add_user(admin, server, name, ["officer"], kind) for name, kind in kinds.items()}
        self.ids = {name: p.call("getSession").json["organisation"]["id"] for name, p in self.people.items()}
        seen = [a["alert_id"] for a in self.people["guard"].call("listAlerts").json["items"]]
        made = self.people["guard"].call("openCase", body={"title": "Box asked for early", "alert_ids": seen[:1]})
        self.assertEqual(made.status, 201, made.body)
        self.case_id, self.seen = made.json["summary"]["case_id"], seen

    def step(self, who, **body):
        return self.people[who].call("stepCase", {"caseId": self.case_id}, body=body)

    def offer(self, giver, to, **more):
        answer = self.step(giver, action="hand_over", organisation_id=self.ids[to], reason="yours by law", **more)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def readers(self):
        """Who can open the case; and the list says the same to everybody."""
        out = set()
        for name, person in self.people.items():
            can = person.call("getCase", {"caseId": self.case_id}).status == 200
            listed = [c["case_id"] for c in person.call("listCases").json["items"]]
            self.assertEqual(can, self.case_id in listed, name)
            out |= {name} if can else set()
        return out

    def test_is_seen_once_offered_and_no_more_once_refused(self):
        self.ground()
        self.assertEqual(self.readers(), {"guard"})
        desks = {d["id"]: d["name"] for d in self.people["guard"].call("listDesks").json["items"]}
        self.assertTrue({self.ids[n] for n in ("police", "customs", "carrier")} <= set(desks))
        self.assertNotIn(self.ids["guard"], desks)
        offered = self.offer("guard", "police")
        self.assertEqual(offered["summary"]["offered_to"]["id"], self.ids["police"])
        self.assertEqual(offered["summary"]["holder"]["id"], self.ids["guard"])
        self.assertEqual(self.readers(), {"guard", "police"})
        self.assertEqual(self.step("police", action="note", text="x").status, 409, "not his yet")
        self.assertEqual(self.step("customs", action="accept").status, 404, "not offered to him")
        self.assertEqual(self.step("police", action="refuse").status, 409, "a reason is needed")
        self.assertEqual(self.step("police", action="refuse", reason="a matter for customs").status, 204)
        self.assertEqual(self.readers(), {"guard"})
        hop = self.people["guard"].call("getCase", {"caseId": self.case_id}).json["hops"][0]
        self.assertEqual((hop["state"], hop["answer"]), ("refused", "a matter for customs"))
        self.assertEqual(self.step("guard", action="note", text="still ours").status, 200)

    def test_goes_from_guard_to_police_to_customs_and_each_hop_is_timed(self):
        self.ground()
        self.step("guard", action="note", text="the yard office was called")
        self.offer("guard", "police")
        taken = self.step("police", action="accept").json
        self.assertEqual(taken["summary"]["holder"]["id"], self.ids["police"])
        self.assertEqual(self.step("guard", action="note", text="x").status, 409, "who gave it reads on, and only that")
        added = self.people["guard"].call("decideAlert", {"alertId": self.seen[1]},
                                          body={"action": "add_to_case", "case_id": self.case_id})
        self.assertEqual(added.status, 409, added.body)
        self.step("police", action="note", text="the source says Friday")
        self.step("police", action="add_task", text="watch the gate")
        self.offer("police", "customs", assignee=self.people["customs"].user_id)
        customs = self.step("customs", action="accept", reason="with thanks").json
        self.assertEqual(self.readers(), {"guard", "police", "customs"})
        holdings = customs["holdings"]
        self.assertEqual([h["holder"]["id"] for h in holdings], [self.ids[n] for n in ("guard", "police", "customs")])
        self.assertEqual([h["until"] for h in holdings[:-1]], [h["from"] for h in holdings[1:]], "no gap")
        self.assertIsNone(holdings[-1]["until"])
        self.assertEqual([h["answered_at"] for h in customs["hops"]], [h["from"] for h in holdings[1:]])

        texts = lambda case: [s.get("text") for s in case["steps"] if s["action"] == "note"]
        self.assertEqual(texts(customs), ["the yard office was called", "the source says Friday"])
        guard = self.people["guard"].call("getCase", {"caseId": self.case_id}).json
        self.assertEqual(texts(guard), ["the yard office was called", None], "the wall holds in a case too")
        self.assertEqual([(t["text"], t["withheld"]) for t in guard["tasks"]], [("", True)])
        self.assertNotIn("with thanks", str(guard))
        self.assertEqual([h["reason"] for h in guard["hops"]], ["yours by law", ""])
        self.assertEqual(len(guard["steps"]), len(customs["steps"]), "that a step was made is no secret")

        hidden = {a["alert_id"] for a in self.people["customs"].call("listAlerts").json["items"]} - set(self.seen)
        self.assertTrue(hidden)
        whole = self.step("customs", action="add_alerts", alert_ids=sorted(hidden)[:1]).json
        self.assertEqual((whole["summary"]["alerts"], len(whole["alerts"])), (2, 2))
        guard = self.people["guard"].call("getCase", {"caseId": self.case_id}).json
        self.assertEqual((guard["summary"]["alerts"], len(guard["alerts"])), (1, 1), "walls stand per alert")
        self.assertNotIn(sorted(hidden)[0], str(guard))
        self.step("customs", action="close", outcome="seizure", reason="found")
        self.server.stop(signal.SIGKILL)
        again = self.serve().client("police").call("getCase", {"caseId": self.case_id}).json
        self.assertEqual((again["summary"]["state"], again["holdings"]), ("closed", holdings), "after a crash the same")

    def test_ends_the_reading_of_the_giver_where_he_said_so(self):
        self.ground()
        self.offer("guard", "police", ends_reading=True)
        self.assertEqual(self.readers(), {"guard", "police"})
        self.step("police", action="accept")
        self.assertEqual(self.readers(), {"police"})

    def test_goes_to_nobody_who_is_not_there(self):
        self.ground()
        customs = self.people["customs"].user_id
        for body in ({"organisation_id": "o-00000000000000ff", "reason": "x"}, {"reason": "x"},
                     {"organisation_id": self.ids["police"], "reason": "x", "assignee": customs}):
            self.assertEqual(self.step("guard", action="hand_over", **body).status, 400, body)
        own = self.step("guard", action="hand_over", organisation_id=self.ids["guard"], reason="x")
        self.assertEqual(own.status, 409, own.body)
        self.offer("guard", "police")
        self.offer("guard", "customs")
        self.assertEqual(self.readers(), {"guard", "customs"}, "the later offer takes the place of the first")
        self.step("guard", action="close", outcome="cleared", reason="all clear")
        self.assertEqual(self.readers(), {"guard"})


if __name__ == "__main__":
    main()
