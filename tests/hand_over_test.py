"""A case on its way from guard to police to customs, as clients of the server see it: who reads it when, who works on
it, what the wall keeps, and how long each had it."""
import json
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

    def ended_for(self, who):
        return self.people[who].call("listHandedOn").json["items"]

    def test_who_handed_it_on_hears_how_it_ended_and_nothing_else(self):
        self.ground()
        admin, guard = self.server.client("admin"), self.ids["guard"]
        colleague = self.make_user(admin, self.server, "colleague", ["officer"], guard)
        self.people["new"] = colleague
        early = self.step("guard", action="close", outcome="no_finding", reason="x", feedback="thanks")
        self.assertEqual((early.status, self.ended_for("guard")), (409, []), "nobody handed it on")
        self.offer("guard", "police", ends_reading=True)
        self.step("police", action="accept")
        known = [(e["case_id"], e["to"]["id"], e["may_open"], e["closed_at"]) for e in self.ended_for("guard")]
        self.assertEqual(known, [(self.case_id, self.ids["police"], False, None)], "what he knows")
        self.offer("police", "customs")
        self.step("customs", action="accept")
        closed = self.step("customs", action="close", outcome="seizure", reason="found behind the panel",
                           feedback="your call was right")
        self.assertEqual(closed.status, 200, closed.body)
        ended, = self.ended_for("guard")
        self.assertEqual(set(ended), {"case_id", "title", "to", "at", "may_open", "closed_at", "outcome_group",
                                      "feedback"})
        self.assertEqual((ended["outcome_group"], ended["feedback"], ended["to"]["id"]),
                         ("crime", "your call was right", self.ids["police"]))
        for word in ("seizure", "behind the panel", self.ids["customs"], self.people["customs"].user_id):
            self.assertNotIn(word, str(ended))
        self.assertEqual(ended["closed_at"], closed.json["steps"][-1]["at"])
        police, = self.ended_for("police")
        self.assertTrue(police["may_open"], "it reads on")
        for who in ("new", "customs", "carrier"):
            self.assertEqual(self.ended_for(who), [], who)
        self.step("customs", action="reopen", reason="more was found")
        self.assertEqual([e["closed_at"] for e in self.ended_for("guard")], [None])
        self.step("customs", action="close", outcome="cleared", reason="planted", told=False, told_how="not found yet")
        self.server.stop(signal.SIGKILL)
        self.server = self.serve()
        self.people["guard"] = self.server.client("guard")
        ended, = self.ended_for("guard")
        self.assertEqual((ended["outcome_group"], "feedback" in ended), ("no_guilt", False), "after a crash the same")

    def test_what_is_said_to_the_giver_passes_the_wall_where_he_reads_on(self):
        self.ground()
        self.offer("guard", "police")
        self.step("police", action="accept")
        self.step("police", action="close", outcome="cleared", reason="a source said so", feedback="a late order",
                  told=True, told_how="by his lawyer")
        guard = self.people["guard"].call("getCase", {"caseId": self.case_id}).json["steps"][-1]
        self.assertEqual((guard["feedback"], guard["told"], guard["withheld"]), ("a late order", True, True))
        self.assertFalse({"text", "told_how"} & set(guard), "the rest stands behind the wall")
        police = self.people["police"].call("getCase", {"caseId": self.case_id}).json["steps"][-1]
        self.assertEqual((police["told_how"], police["text"]), ("by his lawyer", "a source said so"))

    def test_whom_it_is_about_hears_nothing_of_its_end(self):
        self.ground()
        alert = self.people["guard"].call("getAlert", {"alertId": self.seen[0]}).json
        kind = next(s["kind"] for s in alert["summary"]["subjects"] if s["kind"] in ("account", "credential"))
        clear, _ = self.run_program("detect", "--format", "jsonl", "--reveal")
        value = next(s["value"] for a in map(json.loads, clear.splitlines()) if a["alert_id"] == self.seen[0]
                     for s in a["subjects"] if s["kind"] == kind)
        self.offer("guard", "police")
        self.step("police", action="accept")
        self.step("police", action="close", outcome="seizure", reason="found", feedback="thanks")
        self.assertEqual(len(self.ended_for("guard")), 1)
        linked = {"accounts" if kind == "account" else "credentials": [value]}
        answer = self.server.client("admin").call("changeUser", {"userId": self.people["guard"].user_id}, body=linked)
        self.assertEqual(answer.status, 200, answer.body)
        self.people["guard"] = self.server.client("guard")
        self.assertEqual(self.ended_for("guard"), [])

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
        self.step("guard", action="close", outcome="no_finding", reason="all clear")
        self.assertEqual(self.readers(), {"guard"})


if __name__ == "__main__":
    main()
