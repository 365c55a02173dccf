"""Requests of data subjects: what is held on one person and what of it he is told, until when, and who is told of a
correction. What the person gave is nowhere in clear, and what is left out leaves no mark."""
import hashlib
import json
import os
import signal
import time

from program import SAMPLE, main
from unmasking_test import UnmaskingTest

CHECK = "he showed his passport at the desk"
WHY = "it is his right to know"
DETECTORS = os.path.join(SAMPLE, "..", "..", "..", "detectors")
FURTHER = "Nothing further can be stated in answer to this request."
SELECTED = {"type": "selection.added", "feed": "customs", "facility": "HRPLE/QXT",
            "event_time": "2026-03-12T05:00:00Z", "received_at": "2026-03-12T05:00:00Z",
            "container.number": "QAYU1000011"}


def day(seconds_from_now=0):
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() + seconds_from_now))


class SubjectTest(UnmaskingTest):
    def site(self, kind="account"):
        """A terminal with an auditor who answers requests, two officers, another organisation, and a person."""
        self.ground(kind)
        make = lambda login, role, *more: self.add_user(self.admin, self.server, login, [role], *more)
        self.people = {"dpo": make("dpo", "auditor", "terminal"), "guard": make("guard", "officer", "terminal"),
                       "second": make("second2", "officer", "terminal"), "line": make("line", "auditor", "carrier"),
                       "police": make("police", "officer", "police")}
        self.members = {"account": "accounts", "credential": "credentials"}[kind]

    def restart(self, moved_s=0, how=signal.SIGKILL, arguments=()):
        logins = {"second": "second2"}
        serve, people = self.serve, self.people
        self.people = {}
        self.serve = lambda: serve(*arguments)
        try:
            super().restart(moved_s, how)
        finally:
            del self.serve
        self.people = {name: self.server.client(logins.get(name, name)) for name in people}

    def open(self, who="dpo", status=201, **more):
        body = {"kind": "access", "received_on": day(), "identity_check": CHECK, self.members: [self.value], **more}
        answer = self.people[who].call("openSubjectRequest", body=body)
        self.assertEqual(answer.status, status, answer.body)
        self.assertNotIn(self.value.encode(), answer.body)
        return answer.json.get("request_id", answer.json.get("code"))

    def get(self, request_id, who="dpo"):
        return self.people[who].call("getSubjectRequest", {"requestId": request_id})

    def step(self, request_id, status=200, who="dpo", **body):
        answer = self.people[who].call("stepSubjectRequest", {"requestId": request_id}, body={"words": WHY, **body})
        self.assertEqual(answer.status, status, answer.body)
        return answer.json

    def made(self, request_id, language="en"):
        answer = self.people["dpo"].call("readSubjectFile", {"requestId": request_id}, body={"language": language})
        self.assertEqual(answer.status, 200, answer.body)
        return answer

    def section(self, answer, title):
        found = next(s for s in answer.json["sections"] if s["title"] == title)
        rows = [[cell["text"] for cell in row] for row in found["rows"]]
        return [] if rows == [["nothing that can be stated"]] else rows

    def decide(self, body, who="guard"):
        answer = self.people[who].call("decideAlert", {"alertId": self.alert_id}, body=body)
        self.assertEqual(answer.status, 200, answer.body)


class AccessTest(SubjectTest):
    def test_from_the_request_to_the_answer(self):
        self.site()
        request_id = self.open()
        taken = self.get(request_id).json
        self.assertEqual((taken["number"], taken["state"], taken["overdue"]), (1, "open", False))
        self.assertEqual(taken["identifiers"], [{"class": "account", "pseudonym": self.pseudonym}])
        answer = self.made(request_id)
        seen, cursor = [], None
        while True:
            page = self.people["guard"].call("getTimeline", {"kind": "account", "key": self.pseudonym},
                                             {"limit": 500, **({"cursor": cursor} if cursor else {})}).json
            seen += [(e["event_time"], e["type"]) for e in page["events"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        told = [(row[0], row[2]) for row in self.section(answer, "The records")]
        self.assertTrue(seen and set(seen) <= set(told), (seen, told))
        self.assertEqual(told, sorted(told, key=lambda r: r[0], reverse=True))
        feeds = self.section(answer, "What is held, and why")
        self.assertEqual(sum(int(row[1]) for row in feeds), len(told))
        for _, _, _, own, _ in self.section(answer, "The records"):
            self.assertIn(self.pseudonym, own)
        self.assertEqual(self.section(answer, "To whom it was or may be given"), [["carrier *"]], "police is none")
        self.assertTrue(answer.json["sections"][-1]["lead"].startswith(FURTHER))
        self.assertTrue(self.made(request_id, "es").json["title"].startswith("Qué se conserva"))

        compact = json.dumps(answer.json, ensure_ascii=False, separators=(",", ":")).encode()
        self.assertEqual(compact, answer.body, "who saves what he parsed saves the same bytes")
        digest = hashlib.sha256(answer.body).hexdigest()
        files = [f["sha256"] for f in self.get(request_id).json["files"]]
        self.assertEqual((files[0], len(files)), (digest, 2))
        give = {"action": "answer", "decision": "granted", "given": "by post, signed for"}
        self.step(request_id, 409, **give)
        self.step(request_id, 409, **give, sha256="0" * 64)
        done = self.step(request_id, **give, sha256=digest)
        self.assertEqual((done["state"], done["answered"]["decision"], done["answered"]["sha256"]),
                         ("closed", "granted", digest))
        self.step(request_id, 409, **give, sha256=digest)
        audit = [(e["operation"], e.get("detail")) for e in self.people["dpo"].call("listAudit").json["items"]
                 if e["subject"] == "request:" + request_id]
        self.assertEqual(audit, [("stepSubjectRequest", "answer"), ("readSubjectFile", "read"),
                                 ("readSubjectFile", "read"), ("openSubjectRequest", "open")])
        before = self.get(request_id).json
        self.restart()
        self.assertEqual(self.get(request_id).json, before, "after a crash the same")

    def test_what_the_person_gave_is_nowhere_in_clear(self):
        self.site()
        for text in (self.value, self.value.lower(), "-".join(self.value)):
            self.open(status=400, identity_check="passport of " + text)
            self.open(status=400, kind="correction", words="it was not " + text, right="somebody else")
        request_id = self.open()
        self.made(request_id)
        self.server.process.send_signal(signal.SIGTERM)
        out, err = self.server.process.communicate(timeout=60)
        for text in (self.value, self.value.lower()):
            self.assertNotIn(text, out + err)
            self.assertEqual(self.files_with(text), [])

    def test_what_nobody_is_known_by_is_refused(self):
        self.site()
        good = {"kind": "access", "received_on": day(), "identity_check": CHECK, "plates": ["QX 11"]}
        for change in ({"plates": [" - "]}, {"plates": ["unknown"]}, {"plates": ["x"] * 9}, {"plates": []},
                       {"plates": ["a"], "accounts": ["x"] * 8}, {"received_on": "2026-02-30"},
                       {"received_on": "yesterday"}, {"identity_check": "yes"}, {"kind": "erasure"}, {"other": "x"}):
            answer = self.people["dpo"].call("openSubjectRequest", body={**good, **change})
            self.assertEqual(answer.status, 400, (change, answer.body))
        for change in ({"received_on": day(3 * 86400)}, {"kind": "correction"},
                       {"kind": "correction", "words": "it was sold long ago"}, {"kind": "objection"}):
            answer = self.people["dpo"].call("openSubjectRequest", body={**good, **change})
            self.assertEqual(answer.status, 409, (change, answer.body))
        self.assertEqual(self.people["dpo"].call("openSubjectRequest", body=good).status, 201)
        found = self.people["dpo"].call("listSubjectRequests", query={"state": "open"}).json
        self.assertEqual([len(r["identifiers"]) for r in found["items"]], [1])

    def test_the_clock_is_extended_once_and_in_time(self):
        self.site()
        extended, late = self.open(), self.open()
        self.assertEqual(self.step(extended, action="extend")["extended"]["words"], WHY)
        self.step(extended, 409, action="extend")
        self.restart(moved_s=33 * 86400)
        items = self.people["dpo"].call("listSubjectRequests").json
        self.assertEqual((items["overdue"], [(r["request_id"], r["overdue"]) for r in items["items"]]),
                         (1, [(late, True), (extended, False)]), "what is due first stands first")
        self.step(late, 409, action="extend")
        self.step(late, action="answer", decision="refused", given="by letter")
        refused = self.people["dpo"].call("readSubjectFile", {"requestId": late}, body={"language": "en"})
        self.assertEqual(refused.status, 409, "refused: nothing is given")
        self.assertEqual(self.people["dpo"].call("listSubjectRequests").json["overdue"], 0)

    def test_nobody_else_knows_of_it(self):
        self.site()
        request_id = self.open()
        self.assertEqual(self.get(request_id, "guard").status, 403)
        self.assertEqual(self.get(request_id, "line").status, 404)
        self.step(request_id, 404, "line", action="extend")
        self.assertEqual(self.people["line"].call("listSubjectRequests").json["items"], [])
        self.assertNotIn(request_id.encode(), self.people["line"].call("listAudit").body)
        organisation = self.people["dpo"].call("getSession").json["organisation"]["id"]
        insider = self.people["insider"] = self.make_user(self.admin, self.server, "insider", ["auditor"], organisation,
                                                          **{self.members: [self.value]})
        self.assertEqual(self.get(request_id, "insider").status, 404, "whom it is about")
        self.assertEqual(insider.call("listSubjectRequests").json["items"], [])
        self.assertNotIn(request_id.encode(), insider.call("listAudit").body)
        self.assertEqual(self.open("insider", status=403), "forbidden")


class WithheldTest(SubjectTest):
    def test_the_file_is_the_same_to_the_byte_whether_something_is_withheld_or_not(self):
        self.site()
        request_id = self.open()
        rule = os.path.join(DETECTORS, "deselection_without_second", "rule.yml")
        self.restart(arguments=("--rules", rule))
        self.assertEqual(self.people["guard"].call("listAlerts").json["items"], [])
        nothing = self.made(request_id).body
        self.restart()
        self.assertEqual(self.made(request_id).body, nothing, "an alert that waits")
        # Everything that can be withheld at once: look-ups, a case, an unmasking, a hold, what police and customs do.
        self.people["guard"].call("getTimeline", {"kind": "account", "key": self.pseudonym})
        self.people["guard"].call("getAlert", {"alertId": self.alert_id})
        self.people["guard"].call("searchSubjects", query={"q": self.pseudonym})
        opened = self.people["guard"].call("openCase", body={"title": "A badge", "alert_ids": [self.alert_id]})
        self.assertEqual(opened.status, 201, opened.body)
        asked = self.begin("guard")
        self.people["second"].call("decideUnmasking", {"unmaskingId": asked},
                                   body={"decision": "approve", "reason": WHY})
        self.assertEqual(self.read("guard", asked).status, 200)
        self.people["police"].call("getTimeline", {"kind": "account", "key": self.pseudonym})
        self.decide({"action": "take"}, "police")
        self.server.stop()
        selected = json.dumps({**SELECTED, "selection.by": self.value}) + "\n"
        self.run_program("import", "--history", self.file("selected.jsonl", selected))
        self.restart()
        page = self.people["police"].call("getTimeline", {"kind": "container", "key": "QAYU1000011"}).body
        self.assertIn(self.pseudonym.encode(), page, "customs' selection names him")
        self.assertEqual(self.made(request_id).body, nothing)

    def test_what_is_over_is_told(self):
        self.site()
        request_id = self.open()
        self.people["guard"].call("getAlert", {"alertId": self.alert_id})
        self.assertEqual(self.section(self.made(request_id), "Alerts"), [])
        over = [a for a in self.people["guard"].call("listAlerts").json["items"]
                if self.pseudonym in self.people["guard"].call("getAlert", {"alertId": a["alert_id"]}).body.decode()]
        self.assertIn(self.alert_id, [a["alert_id"] for a in over])
        self.assertEqual(self.section(self.made(request_id), "Who looked you up here"), [])
        for alert in over:
            answer = self.people["guard"].call(
                "decideAlert", {"alertId": alert["alert_id"]},
                body={"action": "dismiss", "reason": "a planned test", "reason_code": "known_test"})
            self.assertEqual(answer.status, 200, answer.body)
        told = self.made(request_id)
        self.assertEqual(sorted(row[1] for row in self.section(told, "Alerts")), sorted(a["title"] for a in over))
        looks = self.section(told, "Who looked you up here")
        self.assertTrue(looks)
        self.assertEqual({tuple(row[1:]) for row in looks}, {("officer", "terminal *")}, "by role, never by name")
        self.decide({"action": "take"}, "police")
        self.assertNotIn(self.alert_id.encode(), self.made(request_id).body)
        self.assertEqual(len(self.section(self.made(request_id), "Alerts")), len(over) - 1, "police took one up")

    def test_a_case_is_told_once_it_is_closed_and_came_to_nothing(self):
        self.site()
        request_id = self.open()
        cases = lambda: len(self.section(self.made(request_id), "Cases"))
        case_id = self.people["guard"].call(
            "openCase", body={"title": "A badge", "alert_ids": [self.alert_id]}).json["summary"]["case_id"]
        close = lambda outcome, **more: self.people["guard"].call(
            "stepCase", {"caseId": case_id}, body={"action": "close", "outcome": outcome, "reason": WHY, **more})
        self.assertEqual((cases(), close("prosecution").status, cases()), (0, 200, 0))
        self.people["guard"].call("stepCase", {"caseId": case_id}, body={"action": "reopen", "reason": WHY})
        self.assertEqual((close("cleared", told=False, told_how=WHY).status, cases()), (200, 1))


class CorrectionTest(SubjectTest):
    def test_a_note_stands_and_each_receiver_is_told(self):
        self.site()
        notes = lambda who="guard": self.people[who].call(
            "getTimeline", {"kind": "account", "key": self.pseudonym}).json["notes"]
        request_id = self.open(kind="correction", words="this account was closed in May", right="it was not used since")
        self.assertEqual([(n["request_number"], n["state"], n["right"]) for n in notes()],
                         [(1, "disputed", "it was not used since")])
        self.assertEqual(notes("police"), [], "of another organisation")
        done = self.step(request_id, action="answer", decision="granted", given="by letter")
        self.assertEqual((done["state"], done["answered"]["sha256"]), ("telling", None))
        receivers = {r["name"]: r["id"] for r in done["receivers"]}
        self.assertTrue({"carrier *", "police *"} <= set(receivers), "who may read it, whoever he is")
        self.assertNotIn("terminal *", receivers)
        self.assertEqual(notes()[0]["state"], "corrected")
        self.step(request_id, 409, action="tell", receiver="o-" + "0" * 16, told=True)
        self.step(request_id, 400, action="tell", receiver=receivers["carrier *"])
        left = self.step(request_id, action="tell", receiver=receivers["carrier *"], told=True)
        self.assertEqual(left["state"], "telling")
        self.step(request_id, 409, action="tell", receiver=receivers["carrier *"], told=True)
        for each in set(receivers.values()) - {receivers["carrier *"]}:
            left = self.step(request_id, action="tell", receiver=each, told=False, words="it was never given to them")
        self.assertEqual(left["state"], "closed")
        before = self.get(request_id).json, notes()
        self.restart()
        self.assertEqual((self.get(request_id).json, notes()), before)

    def test_what_is_right_stays_and_is_said_so(self):
        self.site()
        request_id = self.open(kind="correction", words="this was somebody else", right="another account")
        done = self.step(request_id, action="answer", decision="refused", given="by letter")
        self.assertEqual((done["state"], done["receivers"]), ("closed", []))
        page = self.people["guard"].call("getTimeline", {"kind": "account", "key": self.pseudonym}).json
        self.assertEqual([n["state"] for n in page["notes"]], ["kept"])


if __name__ == "__main__":
    main()
