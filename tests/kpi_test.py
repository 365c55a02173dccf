"""What came of a period, as clients of the server count it: it reconciles with the queue whatever was decided, nobody
counts what he may not see, and what is handed on has no small cells."""
import json
import time

from program import main
from server_test import DESELECTED, ServerTest, wait_until


def month():
    """The calendar month of now, as query parameters."""
    now = time.gmtime()
    following = (now.tm_year + 1, 1) if now.tm_mon == 12 else (now.tm_year, now.tm_mon + 1)
    return {"from": f"{now.tm_year}-{now.tm_mon:02}-01T00:00:00Z",
            "until": f"{following[0]}-{following[1]:02}-01T00:00:00Z"}


def numbers(node):
    """Every number of counts and their names, wherever they stand."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "parts":
                yield from value.items()
            elif key in ("total", "count"):
                yield key, value
            else:
                yield from numbers(value)
    elif isinstance(node, list):
        for item in node:
            yield from numbers(item)


class KpiTest(ServerTest):
    def kpis(self, client, **query):
        answer = client.call("getKpis", query=query)
        self.assertEqual(answer.status, 200, answer.body)
        return answer.json

    def check_reconciled(self, client, **query):
        """The figures against themselves and against the queue of the same reader."""
        k = self.kpis(client, **query)
        counts = client.call("listAlerts").json["counts"]
        alerts = k["alerts"]
        self.assertEqual(alerts["total"], counts["all"])
        for b in (alerts, k["open"], k["dismissed"], k["closed"], k["cases_opened"], k["cases_closed"],
                  k["cases_cleared"], k["holds"]):
            self.assertEqual(b["total"], sum(b["parts"].values()), b)
        for part in ("open", "dismissed", "closed"):
            self.assertEqual(k[part]["total"], alerts["parts"][part])
        for table in ("by_level", "by_rule", "by_facility"):
            for part, n in alerts["parts"].items():
                self.assertEqual(sum(row["counts"]["parts"][part] for row in k[table]["rows"]), n, (table, part))
        self.assertEqual(sum(row["counts"]["total"] for row in k["dismissals"]["rows"]), k["dismissed"]["total"])
        self.assertEqual({row["key"]: row["counts"]["total"] for row in k["by_level"]["rows"]},
                         {level: n for level, n in counts["by_level"].items() if n > 0})
        state, opened = counts["by_state"], k["open"]["parts"]
        self.assertEqual(alerts["parts"]["dismissed"], state["dismissed"])
        self.assertEqual(opened["in_case"] + opened["in_other_case"] + alerts["parts"]["closed"], state["in_case"])
        self.check_followed(client, k, query)
        explained = alerts["parts"]["withdrawn"] + alerts["parts"]["excepted"]
        self.assertEqual(opened["new"] + opened["taken"] + explained, state["new"] + state["taken"])
        return k

    def check_followed(self, client, k, query):
        """Each figure is what the queue lists for it."""
        period = {f"raised_{name}": at for name, at in query.items() if name in ("from", "until")}
        listed = lambda **more: client.call("listAlerts", query={**period, **more, "limit": 1}).json["counts"]["all"]
        for part, n in k["alerts"]["parts"].items():
            self.assertEqual(listed(outcome=part), n, part)
            for word, count in (k[part]["parts"] if part in k else {}).items():
                self.assertEqual(listed(outcome=f"{part}.{word}"), count, (part, word))
        for table, name in (("by_rule", "rule_id"), ("by_level", "level"), ("by_facility", "facility")):
            for row in k[table]["rows"]:
                for part, n in row["counts"]["parts"].items():
                    self.assertEqual(listed(outcome=part, **{name: row["key"]}), n, (row["key"], part))

    def test_what_was_received_is_open_and_each_outcome(self):
        server, admin = self.first_start()
        colleague = self.add_user(admin, server, "colleague", ["officer"])
        ids = [a["alert_id"] for a in colleague.call("listAlerts").json["items"]]
        decide = lambda i, **body: colleague.call("decideAlert", {"alertId": ids[i]}, body=body).json
        dismiss = lambda i, code: decide(i, action="dismiss", reason="looked at", reason_code=code)
        before = self.check_reconciled(colleague, **month())
        self.assertEqual(before["open"]["parts"]["new"], len(ids))
        self.assertEqual(before["times"]["alert_to_person"]["count"], 0)
        self.assertEqual(before["times"]["feed_to_alert"]["count"], 0, "of history nobody knows")

        dismiss(0, "data_error")
        dismiss(1, "known_test")
        undone = dismiss(2, "other")["decisions"][-1]["decision_id"]
        self.assertEqual(self.check_reconciled(colleague)["dismissed"]["total"], 3)
        colleague.call("undoDecision", {"decisionId": undone})
        decide(2, action="take")
        k = self.check_reconciled(colleague)
        self.assertEqual((k["dismissed"]["parts"]["data_error"], k["dismissed"]["parts"]["known_test"]), (1, 1))
        self.assertEqual((k["dismissed"]["total"], k["open"]["parts"]["taken"]), (2, 1))
        self.assertEqual(k["times"]["alert_to_person"]["count"], 3, "also what was undone was an answer")

        opened = colleague.call("openCase", body={"title": "Two boxes", "alert_ids": ids[3:6]}).json
        case_id = opened["summary"]["case_id"]
        step = lambda **body: colleague.call("stepCase", {"caseId": case_id}, body=body).json
        part = step(action="split", alert_ids=[ids[5]], title="The third")["steps"][-1]["other"]
        k = self.check_reconciled(colleague)
        self.assertEqual((k["open"]["parts"]["in_case"], k["cases_opened"]["parts"]["open"]), (3, 2))
        step(action="merge", other=part)
        k = self.check_reconciled(colleague)
        self.assertEqual(k["cases_opened"]["parts"], {"open": 1, "closed": 0, "merged": 1})
        step(action="undo_merge", other=part)
        k = self.check_reconciled(colleague)
        self.assertEqual((k["open"]["parts"]["in_case"], k["cases_opened"]["parts"]),
                         (3, {"open": 2, "closed": 0, "merged": 0}))
        step(action="merge", other=part)
        step(action="close", outcome="seizure", reason="found")
        k = self.check_reconciled(colleague, **month())
        self.assertEqual((k["closed"]["parts"]["seizure"], k["cases_closed"]["parts"]["seizure"]), (3, 1))
        self.assertEqual(k["times"]["alert_to_outcome"]["count"], 5)

        for told in (True, False):
            one = colleague.call("openCase", body={"title": "Cleared"}).json["summary"]["case_id"]
            close = {"action": "close", "outcome": "cleared", "reason": "explained"}
            untold = colleague.call("stepCase", {"caseId": one}, body=close)
            self.assertEqual(untold.status, 409, untold.body)
            done = colleague.call("stepCase", {"caseId": one}, body={**close, "told": told, "told_how": "in writing"})
            self.assertEqual(done.status, 200, done.body)
        k = self.check_reconciled(colleague, **month())
        self.assertEqual(k["cases_cleared"], {"total": 2, "parts": {"told": 1, "not_told": 1, "not_stated": 0}})
        self.assertEqual(k["cases_closed"]["parts"]["cleared"], 2)

        box = next(i for i, a in enumerate(colleague.call("listAlerts").json["items"])
                   if any(s["kind"] == "container" for s in a["subjects"]))
        colleague.call("requestHold", {"alertId": ids[box]}, body={"reason": "look inside"})
        wait_until(lambda: self.check_reconciled(colleague)["holds"]["parts"]["too_late"] == 1)
        self.assertEqual(self.kpis(colleague)["holds"]["total"], 1)

        other = self.add_user(admin, server, "other", ["viewer"])
        k = self.check_reconciled(other)
        self.assertEqual((k["open"]["parts"]["in_other_case"], k["closed"]["total"], k["cases_opened"]["total"]),
                         (3, 0, 0), "a case is known to those who were let into it")
        self.assertEqual(k["sample"]["dismissed"], 2)
        for name in ("colleague", "Colleague", "u-", colleague.user_id):
            self.assertNotIn(f'"{name}', json.dumps(k), "never anything per person")
        none = self.kpis(colleague, **{"from": "2020-01-01T00:00:00Z", "until": "2020-02-01T00:00:00Z"})
        self.assertEqual({n for _, n in numbers(none)}, {0})
        by_facility = self.kpis(colleague)["by_facility"]["rows"]
        for row in by_facility:
            self.assertEqual(self.kpis(colleague, facility=row["key"])["alerts"]["total"], row["counts"]["total"])

    def test_a_dismissal_is_looked_at_again_by_somebody_else(self):
        server, admin = self.first_start()
        clients = {name: self.add_user(admin, server, name, ["officer"]) for name in ("first", "second")}
        ids = [a["alert_id"] for a in admin.call("listAlerts").json["items"]][:6]
        body = {"alert_ids": ids, "decision": {"action": "dismiss", "reason": "quick", "reason_code": "other"}}
        clients["first"].call("decideAlerts", body=body)
        drawn = self.kpis(clients["second"])["sample"]["drawn"]
        self.assertEqual(len(drawn), 5, "five of few")
        self.assertEqual({(d["review"], d["own"]) for d in drawn}, {("waiting", False)})
        self.assertEqual({d["own"] for d in self.kpis(clients["first"])["sample"]["drawn"]}, {True})
        say = lambda i, **body: clients["second"].call("decideAlert", {"alertId": drawn[i]["alert_id"]}, body=body)
        say(0, action="note", reason="agreed")
        say(1, action="reopen", reason="the seal was never checked")
        reviews = [d["review"] for d in self.kpis(clients["first"])["sample"]["drawn"]]
        self.assertEqual(reviews, ["kept", "reopened", "waiting", "waiting", "waiting"], "the draw stays")

    def test_nobody_counts_what_he_may_not_see(self):
        self.run_program("import", "--history", DESELECTED)
        server, admin = self.first_start()
        customs = self.add_user(admin, server, "customs", ["officer"], "customs")
        terminal = self.add_user(admin, server, "terminal", ["officer"], "terminal")
        own = self.add_user(admin, server, "own", ["officer"], "terminal", ("QXT",))
        seen = {c: self.check_reconciled(client) for c, client in
                (("customs", customs), ("terminal", terminal), ("own", own))}
        totals = {c: k["alerts"]["total"] for c, k in seen.items()}
        self.assertTrue(totals["own"] < totals["terminal"] < totals["customs"], totals)
        rules = {c: {row["key"] for row in k["by_rule"]["rows"]} for c, k in seen.items()}
        hidden = rules["customs"] - rules["terminal"]
        self.assertTrue(hidden)
        for rule in hidden:
            self.assertNotIn(rule, json.dumps(seen["terminal"]))

        # What customs decides, asks for and files moves no figure of another organisation.
        alert = next(a for a in customs.call("listAlerts").json["items"]
                     if any(s["kind"] == "container" for s in a["subjects"]))
        parameters = {"alertId": alert["alert_id"]}
        customs.call("requestHold", parameters, body={"reason": "for an inspection"})
        customs.call("openCase", body={"title": "ours", "alert_ids": [alert["alert_id"]]})
        customs.call("decideAlert", parameters, body={"action": "dismiss", "reason": "ours", "reason_code": "other"})
        mine = self.check_reconciled(customs)
        self.assertEqual((mine["holds"]["total"], mine["dismissed"]["total"], mine["cases_opened"]["total"]), (1, 1, 1))
        same = lambda k: {key: value for key, value in k.items() if key != "as_of"}
        self.assertEqual(same(self.check_reconciled(terminal)), same(seen["terminal"]))

    def test_whom_an_alert_is_about_does_not_count_it(self):
        server, admin = self.first_start()
        alert, subject = next((a, s) for a in admin.call("listAlerts").json["items"] for s in a["subjects"]
                              if s["kind"] in ("account", "credential"))
        clear, _ = self.run_program("detect", "--format", "jsonl", "--reveal")
        value = next(s["value"] for a in map(json.loads, clear.splitlines()) if a["alert_id"] == alert["alert_id"]
                     for s in a["subjects"] if s["kind"] == subject["kind"])
        linked = {"accounts" if subject["kind"] == "account" else "credentials": [value]}
        insider = self.add_user(admin, server, "insider", ["viewer"], **linked)
        self.assertLess(self.check_reconciled(insider)["alerts"]["total"],
                        self.check_reconciled(admin)["alerts"]["total"])

    def test_what_is_handed_on_has_no_small_cells(self):
        server, admin = self.first_start()
        auditor = self.add_user(admin, server, "auditor", ["auditor"])
        officer = self.add_user(admin, server, "officer", ["officer"])
        ids = [a["alert_id"] for a in officer.call("listAlerts").json["items"]]
        body = {"alert_ids": ids[:5], "decision": {"action": "dismiss", "reason": "one cause", "reason_code": "other"}}
        officer.call("decideAlerts", body=body)
        for client in (auditor, officer):
            k = self.kpis(client, small_cells="hidden", **month())
            self.assertEqual((k["small_cells"], k["small_cell"], k["sample"]), ("hidden", 5, None))
            for name, n in numbers(k):
                self.assertTrue(n is None or n == 0 or n >= 5, (name, n))
            self.assertEqual((k["alerts"]["total"], k["alerts"]["parts"]["dismissed"]), (len(ids), 5))
            for table in ("by_level", "by_rule", "by_facility"):
                rows = [row["counts"]["total"] for row in k[table]["rows"]]
                self.assertEqual(sum(rows) + (k[table]["rest"] or {"total": 0})["total"], len(ids))
        audited = self.kpis(auditor, **month())
        self.assertIsNone(audited["cases_cleared"]["total"])
        self.assertIsNone(audited["cases_opened"]["total"], "who is let into no case does not read that there are none")
        same = {"as_of": None, "cases_opened": None, "cases_closed": None, "cases_cleared": None}
        self.assertEqual({**audited, **same}, {**k, **same}, "an auditor reads no other")
        self.assertEqual(auditor.call("getKpis", query={**month(), "small_cells": "shown"}).status, 403)
        for client, query in ((auditor, {}), (officer, {"small_cells": "hidden"}),
                              (auditor, {"from": "2026-11-01T00:00:00Z", "until": "2026-11-08T00:00:00Z"}),
                              (auditor, {"from": "2026-10-01T00:00:00Z", "until": "2026-12-01T00:00:00Z"}),
                              (auditor, {**month(), "facility": "HRPLE/QXT"})):
            answer = client.call("getKpis", query=query)
            self.assertEqual((answer.status, answer.json["code"]), (400, "invalid"), query)


if __name__ == "__main__":
    main()
