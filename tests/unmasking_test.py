"""Seeing whom a pseudonym stands for: asked by one person and granted by another, or with broken glass that a second
person reviews. Who sees what of it, for how long, and what is left of it in the journal."""
import glob
import json
import os
import re
import signal
import socket
import subprocess
import time

from program import main
from server_test import DESELECTED, ServerTest

REASON = "the guard reports a forged badge"
# The clock of a program moved by QUAYWATCH_MOVED_S seconds.
MOVED_CLOCK = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec* t) {
  static int (*real)(clockid_t, struct timespec*);
  if (!real) real = (int (*)(clockid_t, struct timespec*))dlsym(RTLD_NEXT, "clock_gettime");
  const int out = real(id, t);
  if (id == CLOCK_REALTIME) t->tv_sec += atol(getenv("QUAYWATCH_MOVED_S"));
  return out;
}
"""


class UnmaskingTest(ServerTest):
    def ground(self, kind="account", roles=("officer",)):
        """A server, an alert of the day that names somebody, in clear too, and three people of one organisation."""
        self.server, self.admin = self.first_start()
        self.people = {"asker": self.add_colleague(self.admin, self.server, "asker", ["officer"]),
                       "second": self.add_colleague(self.admin, self.server, "second", list(roles))}
        clear, _ = self.run_program("detect", "--format", "jsonl", "--reveal")
        revealed = {a["alert_id"]: a for a in map(json.loads, clear.splitlines())}
        for alert in self.admin.call("listAlerts").json["items"]:
            for shown, real in zip(alert["subjects"], revealed[alert["alert_id"]]["subjects"]):
                if shown["kind"] == kind:
                    self.alert_id, self.pseudonym, self.value = alert["alert_id"], shown["value"], real["value"]
                    self.assertNotEqual(self.pseudonym, self.value)
                    return
        self.fail(f"no alert names a {kind}")

    def body(self, **more):
        return {"pseudonym": self.pseudonym, "alert_id": self.alert_id, "reason": REASON, **more}

    def begin(self, who="asker", operation="requestUnmasking", status=201, **more):
        answer = self.people[who].call(operation, body=self.body(**more))
        self.assertEqual(answer.status, status, answer.body)
        return answer.json.get("unmasking_id", answer.json.get("code"))

    def decide(self, who, unmasking_id, decision="approve", reason=REASON):
        return self.people[who].call("decideUnmasking", {"unmaskingId": unmasking_id},
                                     body={"decision": decision, "reason": reason})

    def review(self, who, unmasking_id, verdict="justified"):
        return self.people[who].call("reviewBrokenGlass", {"unmaskingId": unmasking_id},
                                     body={"verdict": verdict, "reason": REASON})

    def read(self, who, unmasking_id):
        return self.people[who].call("readUnmasked", {"unmaskingId": unmasking_id})

    def listed(self, who, **query):
        return {u["unmasking_id"]: u for u in self.people[who].call("listUnmaskings", query=query).json["items"]}

    def restart(self, moved_s=0, how=signal.SIGKILL):
        self.server.stop(how)
        moved = {}
        if moved_s:
            library = os.path.join(self.folder.name, "moved_clock.so")
            subprocess.run(["cc", "-shared", "-fPIC", "-x", "c", "-", "-o", library, "-ldl"], check=True, text=True,
                           input=MOVED_CLOCK)
            moved = {"LD_PRELOAD": library, "QUAYWATCH_MOVED_S": str(moved_s)}
        os.environ.update(moved)
        try:
            self.server = self.serve()
        finally:
            for name in moved:
                del os.environ[name]
        self.people = {name: self.server.client(name) for name in self.people}

    def files_with(self, text):
        """Files of the site that hold a text; keys and blobs are files too."""
        out = []
        for path in filter(os.path.isfile, glob.glob(self.home + "/**", recursive=True)):
            with open(path, "rb") as f:
                out += [path] if text.encode() in f.read() else []
        return out


class TwoPersonsTest(UnmaskingTest):
    def test_one_asks_another_grants_and_both_read_for_a_time(self):
        self.ground()
        shown = self.admin.call("getAlert", {"alertId": self.alert_id}).body
        asked = self.begin()
        self.assertEqual(self.listed("asker")[asked]["state"], "asked")
        self.assertEqual(self.read("asker", asked).status, 409, "not granted yet")
        self.assertEqual(self.decide("asker", asked).status, 403, "not by oneself")
        self.assertEqual(self.begin(status=409), "conflict", "it waits already")
        self.assertEqual(list(self.listed("second", show="to_decide")), [asked])
        self.assertEqual(list(self.listed("asker", show="to_decide")), [])
        waiting = self.listed("second")[asked]
        self.assertEqual((waiting["pseudonym"], waiting["begun"]["reason"]), (self.pseudonym, REASON))
        self.assertEqual(waiting["can"], {"decide": True, "review": False, "read": False})
        self.assertEqual(self.decide("second", asked, reason="yes").status, 400, "that is no reason")
        granted = self.decide("second", asked)
        self.assertEqual((granted.status, granted.json["state"]), (200, "granted"), granted.body)
        self.assertEqual(self.decide("second", asked, "refuse").status, 409, "decided")

        answer = self.read("asker", asked)
        self.assertEqual((answer.json["value"], answer.json["unknown"]), (self.value, None))
        self.assertEqual(answer.headers["cache-control"], "no-store")
        self.assertEqual(self.read("second", asked).json["value"], self.value)
        self.assertEqual(self.admin.call("readUnmasked", {"unmaskingId": asked}).status, 409, "nobody else")
        self.assertEqual([r["by"]["login"] for r in self.listed("second")[asked]["readings"]], ["asker", "second"])
        again = self.admin.call("getAlert", {"alertId": self.alert_id}).body
        plain = lambda body: json.loads(body)["summary"]["subjects"]
        self.assertEqual(plain(again), plain(shown), "everybody goes on seeing the pseudonym")
        self.assertNotIn(self.value.encode(), again)
        self.assertEqual(self.begin(status=409), "conflict", "who may read it need not ask")

        before = self.listed("asker")
        self.restart()
        self.assertEqual(self.listed("asker"), before, "after a crash the same")
        self.assertEqual(self.read("asker", asked).json["value"], self.value)
        self.restart(moved_s=72 * 3600 + 60)
        late = self.listed("asker")[asked]
        self.assertEqual((late["state"], late["can"]["read"], len(late["readings"])), ("granted", False, 3))
        self.assertEqual(self.read("asker", asked).status, 409, "its time is over")
        self.begin()
        self.assertEqual(self.server.stop(), 0)
        self.assertEqual(self.files_with(self.value), [], "no clear value on the disk")

    def test_a_refusal_or_silence_shows_nothing(self):
        self.ground("credential")
        refused = self.begin()
        self.assertEqual(self.decide("second", refused, "refuse").json["state"], "refused")
        self.assertEqual(self.read("asker", refused).status, 409)
        silent = self.begin()
        self.restart(moved_s=7 * 86400 + 60)
        self.assertEqual(self.listed("second")[silent]["state"], "lapsed")
        self.assertEqual(self.decide("second", silent).status, 409)
        self.assertEqual(self.people["second"].call("listUnmaskings").json["to_decide"], 0)

    def test_needs_a_ground_that_shows_the_pseudonym(self):
        self.ground()
        call = lambda body: self.people["asker"].call("requestUnmasking", body=body)
        other = next(a["alert_id"] for a in self.admin.call("listAlerts").json["items"]
                     if self.pseudonym not in json.dumps(self.admin.call("getAlert", {"alertId": a["alert_id"]}).json)
                     and not any(s["kind"] in ("container", "release") for s in a["subjects"]))
        for body, status in ((self.body(alert_id=other), 404), (self.body(pseudonym="account-000000000000000"), 404),
                             (self.body(pseudonym=self.value), 404), (self.body(alert_id="0" * 32), 404),
                             (self.body(reason="because"), 400), (self.body(case_id="c-" + "0" * 16), 404),
                             ({"pseudonym": self.pseudonym, "reason": REASON}, 400)):
            self.assertEqual(call(body).status, status, body)
        opened = self.people["asker"].call("openCase", body={"title": "A badge", "alert_ids": [self.alert_id]})
        case_id = opened.json["summary"]["case_id"]
        without = call({"pseudonym": self.pseudonym, "case_id": case_id, "reason": REASON})
        self.assertEqual((without.status, without.json["alert_id"], without.json["case_id"]),
                         (201, self.alert_id, case_id), without.body)
        self.assertIsNone(self.listed("second")[without.json["unmasking_id"]]["case_id"], "he was not let into it")

    def test_of_a_person_whom_only_the_timeline_of_the_box_shows(self):
        self.ground()
        self.alert_id, self.pseudonym = self.beside_an_alert()
        asked = self.begin()
        self.decide("second", asked)
        value = self.read("asker", asked).json["value"]
        self.assertTrue(value and value != self.pseudonym, value)
        linked = {"accounts" if self.pseudonym.startswith("account") else "credentials": [value]}
        self.people["insider"] = self.make_user(self.admin, self.server, "insider", ["officer", "auditor"],
                                                self.admin.call("getSession").json["organisation"]["id"], **linked)
        self.assertEqual(self.people["insider"].call("getAlert", {"alertId": self.alert_id}).status, 200)
        self.assertEqual(self.listed("insider"), {}, "the alert is not about him, the unmasking is")
        self.assertEqual(self.begin("insider", status=404), "not_found")
        self.assertEqual(list(self.listed("asker")), [asked], "nor was it begun")

    def beside_an_alert(self):
        """An alert, and a pseudonym that it does not name and a record of its box does."""
        for alert in self.admin.call("listAlerts").json["items"]:
            told = json.dumps(self.admin.call("getAlert", {"alertId": alert["alert_id"]}).json)
            for box in (s["value"] for s in alert["subjects"] if s["kind"] == "container"):
                page = self.admin.call("getTimeline", {"kind": "container", "key": box}, {"limit": 500}).json
                for f in (f for e in page["events"] if e["feed"] != "quaywatch.lookups" for f in e["fields"]):
                    if re.match(r"(account|card)-[0-9a-f]{15}$", f["value"]) and f["value"] not in told:
                        return alert["alert_id"], f["value"]
        self.fail("no timeline names somebody whom its alert does not")

    def test_whom_it_is_about_does_not_learn_of_it(self):
        self.ground()
        self.people["insider"] = self.add_colleague(self.admin, self.server, "insider", ["officer", "auditor"])
        asked = self.begin()
        self.assertIn(asked, self.listed("insider"))
        linked = self.admin.call("changeUser", {"userId": self.people["insider"].user_id},
                                 body={"accounts": [self.value]})
        self.assertEqual(linked.status, 200, linked.body)
        self.people["insider"] = self.server.client("insider")
        self.assertEqual(self.listed("insider"), {})
        self.assertEqual(self.decide("insider", asked).status, 404)
        self.assertEqual(self.begin("insider", status=404), "not_found", "nor can he ask")
        audit = self.people["insider"].call("listAudit").body
        self.assertNotIn(asked.encode(), audit)
        self.decide("second", asked)
        self.read("asker", asked)
        self.assertNotIn(asked.encode(), self.people["insider"].call("listAudit").body)

    def test_nor_does_somebody_else_whom_the_alert_is_about(self):
        self.ground()
        clear, _ = self.run_program("detect", "--format", "jsonl", "--reveal")
        revealed = {a["alert_id"]: a for a in map(json.loads, clear.splitlines())}
        for alert in self.admin.call("listAlerts").json["items"]:
            told = set(re.findall(r"(?:plate|account|card)-[0-9a-f]{15}",
                                  json.dumps(self.admin.call("getAlert", {"alertId": alert["alert_id"]}).json)))
            about = [(shown, real) for shown, real in zip(alert["subjects"], revealed[alert["alert_id"]]["subjects"])
                     if shown["kind"] in ("account", "credential")]
            others = sorted(told - {shown["value"] for shown, _ in about})
            if about and others:
                break
        self.alert_id, self.pseudonym = alert["alert_id"], others[0]
        shown, real = about[0]
        linked = {"accounts" if shown["kind"] == "account" else "credentials": [real["value"]]}
        self.people["insider"] = self.make_user(self.admin, self.server, "insider", ["officer", "auditor"],
                                                self.admin.call("getSession").json["organisation"]["id"], **linked)
        asked = self.begin()
        self.assertEqual(self.listed("insider"), {})
        self.assertEqual(self.decide("insider", asked).status, 404)

    def test_never_crosses_a_wall(self):
        self.run_program("import", "--history", DESELECTED)
        server, admin = self.first_start()
        self.server, self.admin = server, admin
        terminal = self.add_user(admin, server, "guard", ["officer", "auditor"], "terminal")
        seen = {a["alert_id"] for a in terminal.call("listAlerts").json["items"]}
        customs = [self.add_user(admin, server, f"customs{i}", ["officer"], "customs") for i in (1, 2)]
        self.people = {"asker": customs[0], "second": customs[1], "guard": terminal}
        hidden = next(a for a in customs[0].call("listAlerts").json["items"] if a["alert_id"] not in seen
                      and any(s["kind"] == "account" or s["kind"].startswith("selection") for s in a["subjects"]))
        told = json.dumps(customs[0].call("getAlert", {"alertId": hidden["alert_id"]}).json)
        self.alert_id = hidden["alert_id"]
        self.pseudonym = re.search(r"account-[0-9a-f]{15}", told).group(0)
        asked = self.begin()
        police = self.people["police"] = self.add_user(admin, server, "police", ["officer"], "police")
        self.assertEqual(police.call("getAlert", {"alertId": self.alert_id}).status, 200)
        self.assertEqual(police.call("listUnmaskings").json["items"], [])
        self.assertEqual(self.decide("police", asked).status, 404, "of another organisation")
        self.decide("second", asked)
        self.assertTrue(self.read("asker", asked).json["value"])
        self.assertEqual(terminal.call("listUnmaskings").json["items"], [])
        self.assertEqual(self.read("guard", asked).status, 404)
        self.assertEqual(self.begin("guard", status=404), "not_found")
        self.assertNotIn(asked.encode(), terminal.call("listAudit").body)

    def test_an_auditor_reads_the_record_and_never_the_value(self):
        self.ground()
        auditor = self.add_colleague(self.admin, self.server, "auditor", ["auditor"])
        asked = self.begin()
        self.decide("second", asked)
        self.read("asker", asked)
        page = auditor.call("listUnmaskings")
        one = page.json["items"][0]
        self.assertEqual((one["pseudonym"], one["begun"]["by"]["login"], one["decided"]["by"]["login"],
                          len(one["readings"])), (self.pseudonym, "asker", "second", 1))
        self.assertIsNone(one["alert_title"], "by this alone he sees no alert")
        self.assertNotIn(self.value.encode(), page.body)
        begun = one["begun"]["at"]
        listed = lambda **query: len(auditor.call("listUnmaskings", query=query).json["items"])
        self.assertEqual([listed(**{"from": begun}), listed(until=begun), listed(until="2999-01-01T00:00:00Z")],
                         [1, 0, 1])
        self.assertEqual(auditor.call("readUnmasked", {"unmaskingId": asked}).status, 403)
        audit = [(e["operation"], e["by"]["login"]) for e in auditor.call("listAudit").json["items"]
                 if e["subject"] == "unmasking:" + asked]
        self.assertEqual(audit, [("readUnmasked", "asker"), ("decideUnmasking", "second"),
                                 ("requestUnmasking", "asker")])

    def test_a_value_whose_key_was_destroyed_is_unknown(self):
        self.ground()
        asked = self.begin()
        self.decide("second", asked)
        self.server.stop()
        for path in glob.glob(os.path.join(self.home, "**", "person-*.keys"), recursive=True):
            os.remove(path)
        self.server = self.serve()
        self.people = {name: self.server.client(name) for name in self.people}
        answer = self.read("asker", asked)
        self.assertEqual((answer.status, answer.json["value"], answer.json["unknown"]), (200, None, "key_destroyed"),
                         answer.body)

    def test_the_stream_says_that_something_went_on_and_nothing_of_it(self):
        self.ground()
        self.people["second"].stream = self.follow(self.people["second"])
        asked = self.begin()
        self.decide("second", asked)
        self.read("asker", asked)
        text = self.people["second"].stream(b"unmaskings", 3)
        for word in (self.value, self.pseudonym, asked):
            self.assertNotIn(word.encode(), text)

    def follow(self, client):
        stream = socket.create_connection(("127.0.0.1", self.server.port), timeout=30)
        self.addCleanup(stream.close)
        stream.sendall(f"GET /api/events HTTP/1.1\r\nHost: x\r\nCookie: quaywatch_session={client.cookie}\r\n\r\n"
                       .encode())

        def until(event, times):
            text = b""
            while text.count(b"event: " + event) < times or not text.endswith(b"\n\n"):
                text += stream.recv(65536)
            return text
        until(b"resync", 1)
        return until


class BrokenGlassTest(UnmaskingTest):
    def test_one_reads_at_once_for_an_hour_and_a_second_reviews(self):
        self.ground()
        broken = self.begin(operation="breakGlass")
        self.assertEqual(self.read("asker", broken).json["value"], self.value)
        waiting = self.listed("second", show="to_decide")[broken]
        self.assertEqual((waiting["state"], waiting["can"]["review"]), ("broken", True))
        self.assertEqual(self.review("asker", broken).status, 403, "not by oneself")
        self.assertEqual(self.decide("second", broken).status, 409, "it is reviewed, not decided")
        self.assertEqual(self.read("second", broken).status, 409, "to judge it the value is not needed")
        self.restart(moved_s=3600 + 60)
        self.assertEqual(self.read("asker", broken).status, 409, "the hour is over")
        self.restart(moved_s=72 * 3600 + 60)
        overdue = self.listed("second", show="to_decide")[broken]
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 72 * 3600 + 60))
        self.assertLess(overdue["due_at"], now)
        reviewed = self.review("second", broken)
        self.assertEqual((reviewed.status, reviewed.json["decided"]["action"]), (200, "find_justified"), reviewed.body)
        self.assertEqual(self.review("second", broken, "unjustified").status, 409, "once")

    def test_a_verdict_against_it_ends_the_reading(self):
        self.ground()
        broken = self.begin(operation="breakGlass")
        self.assertEqual(self.review("second", broken, "unjustified").status, 200)
        self.assertEqual(self.read("asker", broken).status, 409)

    def test_an_auditor_can_be_the_second_person(self):
        self.ground(roles=["auditor"])
        self.admin.call("changeUser", {"userId": self.admin.call("getSession").json["user"]["id"]},
                        body={"roles": ["administrator"]})
        self.assertEqual(self.begin(status=409), "no_second_person", "he may not decide, only review")
        broken = self.begin(operation="breakGlass")
        self.assertEqual(self.review("second", broken).json["decided"]["action"], "find_justified")

    def test_where_nobody_could_review_somebody_from_outside_is_named_or_it_stays_whole(self):
        self.ground(roles=["viewer"])
        self.admin.call("changeUser", {"userId": self.admin.call("getSession").json["user"]["id"]},
                        body={"roles": ["administrator"]})
        self.assertEqual(self.begin(operation="breakGlass", status=409), "no_second_person")
        with open(os.path.join(self.home, "site.toml"), "w", encoding="utf-8") as f:
            f.write('[rules]\noutside_reviewer = "the port authority"\n')
        broken = self.begin(operation="breakGlass")
        one = self.listed("asker")[broken]
        self.assertEqual((one["outside_reviewer"], one["decided"]), ("the port authority", None))


if __name__ == "__main__":
    main()
