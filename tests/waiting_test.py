"""Requests that wait for a second person, and cases that wait to be taken over: told to whoever may answer, once, with
nothing of what they are about."""
import json
import os
import re
import signal
import time

from deployed_server_test import LOUDER
from program import main
from server_test import wait_until
from telling_test import STRANGER, Receiver, TellingTest

CONSOLE = 'console = "https://quaywatch.port.example"\n'
REASON = "the guard reports a forged badge"


def requests(receiver):
    return [e for e in receiver.events if e["type"].startswith("org.quaywatch.request")]


def kinds(receiver):
    return [e["data"]["kind"] for e in requests(receiver)]


class WaitingTest(TellingTest):
    """An officer who asks and one who may answer; both stand in the list of approvers and are on call."""

    def setUp(self):
        super().setUp()
        with open(os.path.join(self.home, "site.toml"), "w", encoding="utf-8") as f:
            f.write('[rules]\napprovers = ["asker", "second"]\n')
        self.pagers = {login: Receiver() for login in ("asker", "second")}
        for pager in self.pagers.values():
            self.addCleanup(pager.close)

    def on_call(self):
        out = ""
        for login, pager in self.pagers.items():
            out += self.webhook(login, more="only_on_call = true").replace(f":{self.receiver.port}/", f":{pager.port}/")
        return out + "".join(f'[[on_call]]\nuser = "{login}"\nchannel = "{login}"\n' for login in self.pagers)

    def start(self, text):
        self.configure(CONSOLE + text)
        self.server, self.admin = self.begin()
        self.clients = {login: self.add_colleague(self.admin, self.server, login, ["officer"]) for login in self.pagers}

    def restart(self):
        self.server.stop(signal.SIGKILL)
        self.server, self.admin = self.again()
        self.clients = {login: self.server.client(login) for login in self.clients}

    def ask(self, operation="requestUnmasking"):
        """The asker's request to see whom an account of the stranger's alert stands for."""
        alert_id = self.only_alert(self.clients["asker"])
        alert = self.clients["asker"].call("getAlert", {"alertId": alert_id}).body.decode()
        self.pseudonym = re.search(r"account-[0-9a-f]+", alert)[0]
        made = self.clients["asker"].call(operation, body={"pseudonym": self.pseudonym, "alert_id": alert_id,
                                                           "reason": REASON})
        self.assertEqual(made.status, 201, made.body)
        return made.json["unmasking_id"]

    def propose(self):
        made = self.clients["asker"].call("proposeRuleSet", body={"files": LOUDER, "reason": "to see"})
        self.assertEqual(made.status, 201, made.body)

    def told(self):
        return self.metric(self.server, "quaywatch_told_total")


class ToldTest(WaitingTest):
    def test_an_unmasking_is_told_once_to_who_may_answer(self):
        self.start(self.webhook() + self.on_call())
        self.arrives("a.jsonl", STRANGER)
        unmasking_id = self.ask()
        for receiver in (self.receiver, self.pagers["second"]):
            wait_until(lambda: requests(receiver))
            event = requests(receiver)[0]
            self.assertEqual(event["type"], "org.quaywatch.request.waiting")
            self.assertEqual(event["data"], {"kind": "unmasking",
                                             "link": "https://quaywatch.port.example/unmaskings"})
            for word in (self.pseudonym, unmasking_id, "asker", REASON):
                self.assertNotIn(word, json.dumps(event))
        time.sleep(2)
        self.restart()
        time.sleep(4)
        self.assertEqual(kinds(self.receiver), ["unmasking"], "once, also after a restart")
        self.assertEqual(kinds(self.pagers["second"]), ["unmasking"])
        self.assertEqual(kinds(self.pagers["asker"]), [], "he asked")

    def test_every_kind_is_told(self):
        self.start(self.on_call())
        self.arrives("a.jsonl", STRANGER)
        self.ask("breakGlass")
        self.propose()
        made = self.clients["asker"].call("recordAgreement", body={
            "reference": "2026/1", "parties": "works council", "from": "2026-01-01T00:00:00Z",
            "until": "2026-12-31T00:00:00Z"})
        self.assertEqual(made.status, 201, made.body)
        wait_until(lambda: len(requests(self.pagers["second"])) == 3)
        self.assertEqual(sorted(kinds(self.pagers["second"])), ["agreement", "broken_glass", "rule_set"])
        links = {e["data"]["kind"]: e["data"]["link"].rsplit("/", 1)[1] for e in requests(self.pagers["second"])}
        self.assertEqual(links, {"agreement": "rules", "broken_glass": "unmaskings", "rule_set": "rules"})
        self.assertEqual(kinds(self.pagers["asker"]), [])

    def test_what_was_refused_is_told_after_a_restart_and_not_when_it_was_decided(self):
        self.start(self.webhook())
        self.receiver.status = 503
        self.propose()
        wait_until(lambda: self.receiver.refused)
        self.restart()
        self.receiver.status = 204
        wait_until(lambda: requests(self.receiver))
        self.assertEqual(requests(self.receiver)[0]["id"], self.receiver.refused[0]["id"])
        self.receiver.status = 503
        self.propose()
        wait_until(lambda: self.receiver.refused[-1]["id"] != self.receiver.refused[0]["id"])
        done = self.clients["second"].call("decideRuleSet", {"version": 2}, body={"action": "refuse", "reason": "no"})
        self.assertEqual(done.status, 200, done.body)
        self.receiver.status = 204
        wait_until(lambda: self.metric(self.server, "quaywatch_told_open") == 0)
        time.sleep(5)
        self.assertEqual(kinds(self.receiver), ["rule_set"])


class HandOverTest(WaitingTest):
    """A case of the site that is offered to the terminal."""

    def setUp(self):
        super().setUp()
        self.start(self.webhook("terminal", "terminal *") + self.on_call())
        self.planner = self.add_user(self.admin, self.server, "planner", ["officer"], "terminal")
        self.arrives("a.jsonl", STRANGER)
        made = self.clients["asker"].call("openCase", body={"title": "Strange collector",
                                                            "alert_ids": [self.only_alert(self.clients["asker"])]})
        self.assertEqual(made.status, 201, made.body)
        self.case_id = made.json["summary"]["case_id"]
        self.terminal = self.planner.call("getSession").json["organisation"]["id"]

    def step(self, who, **body):
        answer = who.call("stepCase", {"caseId": self.case_id}, body=body)
        self.assertIn(answer.status, (200, 204), answer.body)

    def offer(self, **more):
        self.step(self.clients["asker"], action="hand_over", organisation_id=self.terminal, reason=REASON, **more)

    def test_is_told_once_to_who_may_take_it(self):
        self.offer()
        wait_until(lambda: requests(self.receiver))
        event = requests(self.receiver)[0]
        self.assertEqual(event["type"], "org.quaywatch.request.waiting")
        self.assertEqual(event["data"], {"kind": "hand_over", "link": "https://quaywatch.port.example/cases"})
        for word in (self.case_id, "Strange", "asker", REASON):
            self.assertNotIn(word, json.dumps(event))
        self.restart()
        time.sleep(4)
        self.assertEqual(kinds(self.receiver), ["hand_over"], "once, also after a restart")
        self.assertEqual([kinds(p) for p in self.pagers.values()], [[], []], "they gave it")
        self.step(self.server.client("planner"), action="refuse", reason="not ours")
        self.offer()
        wait_until(lambda: kinds(self.receiver) == ["hand_over", "hand_over"])

    def test_its_end_is_told_once_to_who_handed_it_on(self):
        self.offer(ends_reading=True)
        self.step(self.planner, action="accept")
        self.step(self.planner, action="close", outcome="seizure", reason=REASON, feedback="well seen")
        wait_until(lambda: requests(self.pagers["asker"]))
        event = requests(self.pagers["asker"])[0]
        self.assertEqual(event["data"], {"kind": "feedback", "link": "https://quaywatch.port.example/cases"})
        for word in (self.case_id, "Strange", "planner", "seizure", "well seen", REASON):
            self.assertNotIn(word, json.dumps(event))
        self.restart()
        time.sleep(4)
        self.assertEqual([kinds(self.pagers[p]) for p in ("asker", "second")], [["feedback"], []],
                         "once, and not to a colleague who never read it")
        self.assertNotIn("feedback", kinds(self.receiver), "they closed it")

    def test_is_not_told_where_he_is_not_who_is_meant_or_somebody_reads_whom_it_is_about(self):
        other = self.make_user(self.admin, self.server, "other", ["officer"], self.terminal)
        self.configure(CONSOLE + self.webhook("terminal", "terminal *", 'read_by = ["planner"]'))
        self.restart()
        self.offer(assignee=other.user_id)
        time.sleep(3)
        self.assertEqual(kinds(self.receiver), [], "the other one may answer, and does not read there")
        self.link("qras.01")
        self.offer()
        time.sleep(3)
        self.assertEqual(kinds(self.receiver), [], "the alert is about the planner")
        self.link("somebody")
        wait_until(lambda: kinds(self.receiver) == ["hand_over"])

    def link(self, account):
        linked = self.admin.call("changeUser", {"userId": self.planner.user_id}, body={"accounts": [account]})
        self.assertEqual(linked.status, 200, linked.body)


class WallTest(WaitingTest):
    def test_whom_it_is_about_and_others_are_not_told(self):
        self.start(self.webhook() + self.webhook("terminal", "terminal *") + self.on_call())
        self.add_user(self.admin, self.server, "planner", ["officer"], "terminal")
        insider = self.add_colleague(self.admin, self.server, "insider", ["officer"])
        linked = self.admin.call("changeUser", {"userId": insider.user_id}, body={"accounts": ["qras.01"]})
        self.assertEqual(linked.status, 200, linked.body)
        self.arrives("a.jsonl", STRANGER)
        self.ask()
        wait_until(lambda: requests(self.pagers["second"]))
        time.sleep(3)
        self.assertEqual(kinds(self.receiver), [],
                         "the insider reads the one channel, the other is of another organisation")
        self.propose()
        wait_until(lambda: requests(self.receiver))
        self.assertEqual(kinds(self.receiver), ["rule_set"], "and no approver is at the terminal")

    def test_nobody_is_told_who_may_not_answer(self):
        self.start(self.webhook(more='read_by = ["asker"]'))
        self.propose()
        time.sleep(4)
        self.assertEqual(self.told(), 0)


if __name__ == "__main__":
    main()
