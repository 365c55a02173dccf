"""Rules tried on history through the server: what comes of it is what `quaywatch backtest` says of the same journal and
time, for the eyes of who asked; it goes with a proposal, and the server stays as it was."""
import json
import os
import shutil
import signal
import tempfile
import time

from deployed_server_test import FEWER, LOUDER, shipped
from program import main
from server_test import Server, ServerTest, wait_until

DAY = {"from": "2026-03-12T00:00:00Z", "until": "2026-03-13T00:00:00Z"}  # of the sample
BROKEN = shipped()[:1] + [{"path": "broken/rule.yml", "text": "title: Broken\nlogsource: {product: port}\n"}]
ROW = ("rule_id", "title", "appear", "disappear", "change", "before", "now")


class Tried(ServerTest):
    def setUp(self):
        super().setUp()
        with open(os.path.join(self.home, "site.toml"), "w", encoding="utf-8") as f:
            f.write('[rules]\napprovers = ["admin", "second"]\n')

    def start(self, client, files, code=202, **time_of_it):
        answer = client.call("startBacktest", body={"files": files, **time_of_it})
        self.assertEqual(answer.status, code, answer.body)
        return answer.json

    def get(self, client, backtest_id, code=200):
        answer = client.call("getBacktest", {"backtestId": backtest_id})
        self.assertEqual(answer.status, code, answer.body)
        return answer.json

    def done(self, client, files, **time_of_it):
        backtest_id = self.start(client, files, **time_of_it)["backtest_id"]
        wait_until(lambda: self.get(client, backtest_id)["state"] in ("done", "failed"), 120)
        return self.get(client, backtest_id)

    def commanded(self, files, **time_of_it):
        """The rows of the command: rules, alerts."""
        folder = tempfile.mkdtemp(dir=self.folder.name)
        for f in files:
            path = os.path.join(folder, f["path"])
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as out:
                out.write(f["text"])
        out, _ = self.run_program("backtest", "--rules", folder, "--format", "jsonl",
                                  "--from", time_of_it["from"], "--to", time_of_it["until"])
        rows = [json.loads(line) for line in out.splitlines()]
        return [r for r in rows if "format" in r], [r for r in rows if "effect" in r], out

    def propose(self, client, files, **more):
        return client.call("proposeRuleSet", body={"files": files, "reason": "to see", **more})


class FoundTest(Tried):
    def test_it_is_what_the_command_says_and_goes_with_the_proposal(self):
        server, admin = self.first_start()
        second = self.add_colleague(admin, server, "second", ["officer"])
        fewer_and_louder = [f for f in LOUDER if f["path"] in {g["path"] for g in FEWER} or "seal" in f["path"]]
        tried = self.done(admin, fewer_and_louder, **DAY)
        self.assertEqual((tried["state"], tried["problem"], tried["seconds_left"]), ("done", "", None))
        self.assertEqual({k: tried[k] for k in DAY}, DAY)
        rules, alerts, printed = self.commanded(fewer_and_louder, **DAY)
        result, figures = tried["result"], tried["figures"]
        by_id = lambda rows: {r["rule_id"]: {k: r[k] for k in ROW} for r in rows}
        self.assertEqual(by_id(result["rules"]), by_id(rules))
        for effect in ("appear", "disappear", "change"):
            self.assertEqual(figures[effect], sum(r["effect"] == effect for r in alerts), effect)
            shown = {e["alert_id"] for e in result["examples"] if e["effect"] == effect}
            self.assertLessEqual(shown, {r["alert"]["alert_id"] for r in alerts if r["effect"] == effect})
        self.assertGreater(figures["disappear"], 0)
        self.assertGreater(figures["change"], 0, "the sample has a changed seal")
        for side in ("before", "now"):
            self.assertEqual(sum(d[side] for d in result["days"]), figures[side])
            self.assertEqual(sum(r[side]["alerts"] for r in result["rules"] if r[side]), figures[side])
        self.assertIn(["level: high, now critical"], [e["differences"] for e in result["examples"]])
        self.assertEqual(figures["on_server"], {**DAY, "against": 0})

        self.assertEqual(self.get(second, tried["backtest_id"], 404)["code"], "not_found", "it is the asker's alone")
        self.assertEqual(self.propose(admin, FEWER, backtest_id=tried["backtest_id"]).status, 409, "of other rules")
        both = self.propose(admin, fewer_and_louder, backtest_id=tried["backtest_id"], backtest=printed)
        self.assertEqual((both.status, both.json["field"]), (400, "backtest_id"))
        proposed = self.propose(admin, fewer_and_louder, backtest_id=tried["backtest_id"])
        self.assertEqual(proposed.status, 201, proposed.body)
        seen = second.call("listRuleSets").json["proposals"][0]
        self.assertEqual(seen["figures"], figures, "the second person sees it, and that the server made it")
        pasted = self.propose(admin, fewer_and_louder, backtest=printed)
        self.assertEqual(pasted.json["proposals"][1]["figures"], {**figures, "on_server": None})
        approved = second.call("decideRuleSet", {"version": 1}, body={"action": "approve"})
        self.assertEqual(approved.status, 200, approved.body)
        late = self.propose(admin, fewer_and_louder, backtest_id=tried["backtest_id"])
        self.assertEqual((late.status, late.json["field"]), (409, "backtest_id"), "other rules are in force now")
        auditor = self.add_colleague(admin, server, "auditor", ["auditor"])
        audit = [e for e in auditor.call("listAudit").json["items"] if e["subject"].startswith("backtest:")]
        self.assertEqual({e["operation"] for e in audit}, {"startBacktest", "getBacktest"})

        self.assertEqual(server.stop(), 0)
        again = self.serve()
        admin = again.client("admin")
        self.assertEqual(self.get(admin, tried["backtest_id"], 404)["code"], "not_found", "memory alone holds it")
        self.assertEqual(admin.call("listRuleSets").json["proposals"][0]["figures"]["on_server"], None)

    def test_without_a_time_it_is_the_latest_that_happened(self):
        server, admin = self.first_start()
        tried = self.done(admin, FEWER)
        self.assertEqual(tried["state"], "done")
        self.assertTrue(tried["from"].endswith("T00:00:00Z") and tried["until"].endswith("T00:00:00Z"), tried)
        last = admin.call("listAlerts", query={"sort": "newest", "limit": 1}).json["items"][0]["event_time"]
        self.assertTrue(tried["from"] <= last < tried["until"])
        planned = max(f["last_event_time"] or "" for f in admin.call("listFeeds").json["items"])
        self.assertLessEqual(tried["until"], planned, "rosters and ships to come lie behind it")
        by_id = lambda rows: {r["rule_id"]: {k: r[k] for k in ROW} for r in rows}
        rules, _, _ = self.commanded(FEWER, **{k: tried[k] for k in DAY})
        self.assertEqual(by_id(tried["result"]["rules"]), by_id(rules))

    def test_walls_and_agreements_hold(self):
        server, admin = self.first_start()
        carrier = self.add_user(admin, server, "carrier", ["officer"], kind="carrier")
        lone = self.add_user(admin, server, "lone", ["officer"], kind="terminal", owners=("T9",))
        everything = {"from": "2000-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z"}
        counted = {}
        for name, client in (("admin", admin), ("carrier", carrier), ("lone", lone)):
            tried = self.done(client, LOUDER, **everything)
            rules = {r["rule_id"]: r for r in tried["result"]["rules"]}
            may_see = {r["rule_id"] for r in client.call("listRules").json["items"] if r["raises_alerts"]}
            self.assertEqual(set(rules), may_see, name)
            listed = client.call("listAlerts", query={"limit": 500, "status": "provisional,final"}).json["items"]
            for rule_id, rule in rules.items():
                self.assertEqual(rule["before"]["alerts"], sum(a["rule_id"] == rule_id for a in listed), (name, rule))
            self.assertLessEqual({e["alert_id"] for e in tried["result"]["examples"]}, {a["alert_id"] for a in listed})
            counted[name] = (len(rules), tried["figures"]["before"])
        self.assertGreater(counted["admin"], counted["carrier"])
        self.assertGreater(counted["carrier"][1], counted["lone"][1])
        hidden = [f for f in shipped() if not f["path"].startswith("deselection")]
        self.start(carrier, hidden, 403)
        # Without an agreement no rule on staff data judges.
        number = admin.call("listRuleSets").json["agreements"][0]["number"]
        ended = admin.call("decideAgreement", {"number": number}, body={"action": "end", "reason": "over",
                                                                        "until": "2000-01-02T00:00:00Z"})
        self.assertEqual(ended.status, 200, ended.body)
        self.assertLess(self.done(admin, LOUDER, **everything)["figures"]["before"], counted["admin"][1])


class RefusedTest(Tried):
    def test_by_role_and_by_reason(self):
        server, admin = self.first_start()
        for role in ("viewer", "auditor", "feeder", "administrator"):
            client = self.add_colleague(admin, server, f"a-{role}", [role])
            for operation, path in (("startBacktest", {}), ("getBacktest", {"backtestId": "b-" + 16 * "0"}),
                                    ("cancelBacktest", {"backtestId": "b-" + 16 * "0"})):
                body = {"files": FEWER} if operation == "startBacktest" else None
                answer = client.call(operation, path, body=body)
                self.assertEqual((answer.status, answer.json["code"]), (403, "forbidden"), (role, operation))
        broken = self.start(admin, BROKEN, 400)
        self.assertIn("broken/rule.yml:", broken["detail"])
        back = {"from": DAY["until"], "until": DAY["from"]}
        self.assertEqual(self.start(admin, FEWER, 400, **back)["field"], "until")
        early = self.start(admin, FEWER, 409, until="2020-01-01T00:00:00Z")
        self.assertIn("holds nothing of this time", early["detail"])
        self.get(admin, "b-" + 16 * "0", 404)
        # Between what there is.
        moment = {"from": "2026-03-12T00:00:00.000001Z", "until": "2026-03-12T00:00:00.000002Z"}
        quiet = self.done(admin, FEWER, **moment)
        self.assertEqual((quiet["state"], quiet["result"]), ("failed", None))
        self.assertIn("nothing that the journal holds", quiet["problem"])

    def test_without_history(self):
        shutil.rmtree(self.home)
        server, admin = self.first_start()
        self.assertIn("nothing was taken in yet", self.start(admin, FEWER, 409)["detail"])


class LongTest(Tried):
    """Over some simulated days, which take some seconds."""

    days = None

    def setUp(self):
        super().setUp()
        shutil.rmtree(self.home)
        if LongTest.days is None:
            port = os.path.join(self.folder.name, "port")
            self.run_program("simulate", "--days", "2", "--from", "2026-10-19", port)
            self.run_program("import", "--history", os.path.join(port, "feeds"))
            LongTest.days = tempfile.TemporaryDirectory()
            shutil.copytree(self.home, LongTest.days.name, dirs_exist_ok=True)
        else:
            shutil.copytree(LongTest.days.name, self.home)

    def serve(self, *arguments):
        server = Server(self.home, *arguments)
        self.servers.append(server)
        return server

    def test_its_way_is_told_and_one_runs_at_a_time(self):
        server, admin = self.first_start()
        second = self.add_colleague(admin, server, "second", ["officer"])
        backtest_id = self.start(admin, FEWER)["backtest_id"]
        busy = second.call("startBacktest", body={"files": LOUDER})
        self.assertEqual((busy.status, busy.json["code"]), (409, "conflict"))
        self.assertIn("another back-test runs", busy.json["detail"])
        seen = [self.get(admin, backtest_id)]
        slowest = 0.0
        while seen[-1]["state"] in ("reading", "judging"):
            began = time.monotonic()
            self.assertEqual(second.call("listAlerts", query={"limit": 1}).status, 200)
            slowest = max(slowest, time.monotonic() - began)
            time.sleep(0.05)  # as fast as a user may
            seen.append(self.get(admin, backtest_id))
        nice = [os.getpriority(os.PRIO_PROCESS, int(thread))
                for thread in os.listdir(f"/proc/{server.process.pid}/task")]
        self.assertIn(19, nice, "one thread gives way to the others")
        # Its feeds also tell of ships that are to come weeks later.
        self.assertEqual((seen[-1]["from"][:10], seen[-1]["until"][:10]), ("2026-09-23", "2026-10-21"))
        states = [s["state"] for s in seen]
        self.assertEqual(sorted(set(states), key=states.index), ["reading", "judging", "done"])
        judging = [s for s in seen if s["state"] == "judging"]
        self.assertEqual([s["done"] for s in judging], sorted(s["done"] for s in judging))
        self.assertGreater(max(s["seconds_left"] or 0 for s in judging), 0)
        self.assertTrue(all(s["done"] <= s["all"] for s in seen))
        self.assertLess(slowest, 2, "others are answered meanwhile")
        self.start(second, LOUDER)

    def test_it_is_given_up_and_the_next_may_begin(self):
        server, admin = self.first_start()
        second = self.add_colleague(admin, server, "second", ["officer"])
        backtest_id = self.start(admin, FEWER)["backtest_id"]
        seen = lambda: self.get(admin, backtest_id)
        wait_until(lambda: seen()["state"] == "judging" and seen()["done"] > seen()["all"] / 10)
        left = seen()["seconds_left"]
        self.assertEqual(second.call("cancelBacktest", {"backtestId": backtest_id}).status, 404, "not his")
        self.assertEqual(admin.call("cancelBacktest", {"backtestId": backtest_id}).status, 204)
        self.get(admin, backtest_id, 404)
        self.assertEqual(self.propose(admin, FEWER, backtest_id=backtest_id).status, 409)
        began = time.monotonic()
        next_id = self.start(second, LOUDER)["backtest_id"]
        wait_until(lambda: self.get(second, next_id)["done"] > 0)
        self.assertLess(time.monotonic() - began, 0.7 * left, "it need not wait for the rest of the one before")

    def test_the_server_ends_while_it_runs(self):
        for stage in ("reading", "judging"):
            with self.subTest(stage):
                server = self.serve()
                if server.password:
                    self.password = server.password
                    admin = server.client("admin", server.password)
                    admin.call("changePassword", body={"current": server.password, "new": "a long and quiet tide"})
                admin = server.client("admin")
                backtest_id = self.start(admin, FEWER)["backtest_id"]
                wait_until(lambda: self.get(admin, backtest_id)["state"] == stage)
                began = time.monotonic()
                self.assertEqual(server.stop(signal.SIGTERM), 0)
                self.assertLess(time.monotonic() - began, 3)


if __name__ == "__main__":
    main()
