"""Rules decided on beside a running server and through it: what stands is what `detect` says of the same journal, and
nobody decides alone."""
import json
import os
import shutil
import signal

from batches_test import LAST, chosen_records, detected, digest, standing
from program import SAMPLE, Program, main
from server_test import PASSWORD, Server, wait_until

DETECTORS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "detectors")
SEALS = "Seal changed without inspection or reseal on record"


def shipped():
    """The shipped rules as a set to propose, each under the path that the program gives it."""
    files = []
    for name in sorted(os.listdir(DETECTORS)):
        path = os.path.join(DETECTORS, name, "rule.yml")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                files.append({"path": f"{name}/rule.yml", "text": f.read()})
    return files


def changed(name, old, new):
    """The shipped rules, of which one says something else."""
    files = shipped()
    file = next(f for f in files if f["path"] == f"{name}/rule.yml")
    assert old in file["text"], file["text"]
    file["text"] = file["text"].replace(old, new)
    return files


LOUDER = changed("seal_continuity", "level: high", "level: critical")
ANY_LOOK_UP = shipped() + [{"path": "any_look_up/rule.yml", "text": next(
    f["text"] for f in shipped() if f["path"] == "canary_looked_up/rule.yml").replace(
        "d81f4c3a", "d81f4c3b").replace("Canary container", "Anything").replace(
            "  canary:\n    container.on_list: canary\n", "").replace("look_up and canary", "look_up")}]
# Nothing of seals, of moves without an order or of cards any more.
FEWER = [f for f in shipped() if not f["path"].startswith(("seal_continuity", "move_without", "exit_without"))]


class Deployed(Program):
    """A home with two approvers, `admin` and `second`, and a folder that a server watches."""

    APPROVERS = 'approvers = ["admin", "second"]'

    def setUp(self):
        super().setUp()
        self.servers = []
        os.mkdir(self.home, 0o700)
        self.configure(self.APPROVERS)
        self.drop = os.path.join(self.folder.name, "drop")
        os.mkdir(self.drop)
        self.clients = {}

    def tearDown(self):
        for server in self.servers:
            if server.process.poll() is None:
                server.stop(signal.SIGKILL)
        super().tearDown()

    def configure(self, rules):
        with open(os.path.join(self.home, "site.toml"), "w", encoding="utf-8") as f:
            f.write(f"[rules]\n{rules}\n")

    def first_start(self, *arguments):
        server = Server(self.home, self.drop, "--settle", "0", *arguments)
        self.servers.append(server)
        admin = server.client("admin", server.password)
        admin.call("changePassword", body={"current": server.password, "new": PASSWORD})
        organisation = admin.call("listOrganisations").json["items"][0]["id"]
        for login in ("second", "third"):
            self.add_user(server, admin, login, organisation)
        self.clients["admin"] = admin
        return server, admin, self.clients["second"]

    def add_user(self, server, admin, login, organisation, **more):
        made = admin.call("createUser", body={"login": login, "name": login.title(), "roles": ["officer"],
                                              "organisation_id": organisation, **more})
        self.assertEqual(made.status, 201, made.body)
        client = server.client(login, made.json["one_time_password"])
        client.call("changePassword", body={"current": made.json["one_time_password"], "new": PASSWORD})
        self.clients[login] = client

    def put(self, name, lines):
        """Into the watched folder; back when the server took it."""
        os.rename(self.file("part", "".join(lines)), os.path.join(self.drop, name))
        last = LAST.replace('"last"', f'"last-{name[:-6]}"')
        os.rename(self.file("part", last), os.path.join(self.drop, f"z-{name}"))
        feeds = lambda: {f["feed"] for f in self.clients["admin"].call("listFeeds").json["items"]}
        wait_until(lambda: f"last-{name[:-6]}" in feeds(), 300)

    def seal_change(self):
        path = os.path.join(DETECTORS, "seal_continuity", "vectors", "fires_at_discharge.jsonl")
        with open(path, encoding="utf-8") as f:
            return f.read().splitlines(keepends=True)

    def propose(self, client, files, **more):
        return client.call("proposeRuleSet", body={"files": files, "reason": "to see", **more})

    def decide(self, client, version, action, **more):
        return client.call("decideRuleSet", {"version": version}, body={"action": action, **more})


class LiveTest(Deployed):
    def test_what_stands_is_what_the_journal_gives(self):
        lines = chosen_records(self)
        third = len(lines) // 3
        server, admin, second = self.first_start()
        self.put("a.jsonl", lines[:third])
        before = {a["alert_id"]: a["revision"] for a in admin.call("listAlerts").json["items"]}
        proposed = self.propose(admin, FEWER)
        self.assertEqual(proposed.status, 201, proposed.body)
        approved = self.decide(second, 1, "approve")
        self.assertEqual(approved.status, 200, approved.body)
        self.assertEqual(approved.json["in_force"]["version"], 1)
        after = {a["alert_id"]: a["revision"] for a in admin.call("listAlerts").json["items"]}
        self.assertEqual(after, before, "what was said stands, and nothing is told twice")
        self.put("b.jsonl", lines[third:2 * third])
        self.assertEqual(self.propose(second, LOUDER).status, 201)
        self.assertEqual(self.decide(admin, 2, "approve").status, 200)
        self.put("c.jsonl", lines[2 * third:])
        served = standing(admin)
        metrics = server.client().raw("GET", "/metrics").body.decode()
        self.assertIn("\nquaywatch_rules_version 2\n", metrics)
        self.assertEqual(server.client().raw("GET", "/health").json["rules_version"], 2)
        self.assertEqual(server.stop(), 0)

        replayed = detected(self)
        self.assertEqual(sorted(replayed), sorted(served))
        self.assertEqual(digest(replayed), digest(served))
        of_shipped = detected(self, "--rules", DETECTORS)
        self.assertNotEqual(digest(of_shipped), digest(served), "the decisions make a difference")
        again = Server(self.home, self.drop, "--settle", "0")
        self.servers.append(again)
        admin = again.client("admin")
        self.assertEqual(digest(standing(admin)), digest(served), "and after a restart")
        told = {a["alert_id"]: a["revision"] for a in admin.call("listAlerts").json["items"]}
        self.assertEqual({i: told[i] for i in before if before[i] == 1},
                         {i: max(1, told[i]) for i in before if before[i] == 1})
        print(f"{len(lines)} records, three sets of rules: {len(served)} alerts, {digest(served)}")

    def test_a_version_of_the_journal_is_in_force_from_the_start(self):
        lines = chosen_records(self)
        server, admin, second = self.first_start()
        self.propose(admin, FEWER)
        self.decide(second, 1, "approve")
        self.assertEqual(server.stop(), 0)
        self.run_program("import", self.file("a.jsonl", "".join(lines)))
        server = Server(self.home)
        self.servers.append(server)
        admin = server.client("admin")
        in_force = admin.call("listRuleSets").json["in_force"]
        alerting = [r for r in admin.call("listRules").json["items"] if r["raises_alerts"]]
        self.assertEqual((in_force["version"], in_force["rules"]), (1, len(alerting)))
        served = standing(admin)
        self.assertEqual(server.stop(), 0)
        self.assertEqual(digest(served), digest(detected(self)))
        self.assertNotIn(SEALS, {a["title"] for a in map(json.loads, self.run_program(
            "detect", "--format", "jsonl")[0].splitlines())})

    def test_a_look_up_is_judged_by_the_version_of_its_time(self):
        self.configure("")
        self.agree()  # the rule reads accounts
        self.configure(self.APPROVERS)
        server, admin, second = self.first_start()
        self.put("a.jsonl", self.seal_change())
        self.assertEqual(self.propose(admin, ANY_LOOK_UP).status, 201)
        self.assertEqual(self.decide(second, 1, "approve").status, 200)
        look_up = lambda: admin.call("getTimeline", {"kind": "container", "key": "QAYU1000011"})
        # Whom an alert is about does not see it.
        told = lambda: [a["title"] for a in second.call("listAlerts").json["items"] if a["status"] != "withdrawn"]
        self.assertEqual(look_up().status, 200)
        wait_until(lambda: sorted(told()) == ["Anything looked up", SEALS])
        self.assertEqual(self.decide(second, 0, "roll_back", reason="only to see").status, 200)
        self.assertEqual(sorted(told()), ["Anything looked up", SEALS], "no file came in its time")
        self.assertEqual(look_up().status, 200)
        served = [a["matches"] for a in second.call("listAlerts").json["items"] if a["title"] == "Anything looked up"]
        self.assertEqual(server.stop(), 0)
        replayed = [json.loads(line) for line in self.run_program("detect", "--format", "jsonl")[0].splitlines()]
        self.assertEqual([a["matches"] for a in replayed if a["title"] == "Anything looked up"], served)

    def test_what_is_taken_back_is_withdrawn_at_once(self):
        server, admin, _ = self.first_start()
        lines = self.seal_change()
        self.put("a.jsonl", lines)
        states = lambda: [a["status"] for a in admin.call("listAlerts").json["items"]]
        self.assertEqual(states(), ["final"])
        same_seal = [line.replace("EUQ2288471", "NLX0957700") for line in lines]
        os.rename(self.file("part", "".join(same_seal)), os.path.join(self.drop, "a.jsonl"))
        wait_until(lambda: states() == ["withdrawn"])

    def test_one_left_by_the_command_line_takes_hold(self):
        server, admin, second = self.first_start()
        self.propose(admin, LOUDER)
        requests = os.path.join(self.home, "requests")
        os.makedirs(requests, exist_ok=True)
        by = admin.call("listRuleSets").json
        self.assertEqual(by["proposals"][0]["by"]["is_me"], True)
        other = next(a["account"] for a in by["approvers"] if not a["is_me"])
        body = {"request": "0" * 32, "by": other, "version": 1}
        with open(os.path.join(requests, "part"), "w", encoding="utf-8") as f:
            json.dump({"topic": "rules.deployed", "body": json.dumps(body)}, f)
        os.rename(f.name, os.path.join(requests, "0.json"))
        wait_until(lambda: admin.call("listRuleSets").json["in_force"]["version"] == 1)
        self.assertEqual({r["level"] for r in admin.call("listRules").json["items"] if r["title"] == SEALS},
                         {"critical"})

    def test_rules_named_at_the_start_are_those(self):
        server, admin, second = self.first_start("--rules", os.path.join(DETECTORS, "seal_continuity"))
        self.assertEqual(len(admin.call("listRules").json["items"]), 1)
        refused = self.propose(admin, LOUDER)
        self.assertEqual((refused.status, refused.json["code"]), (409, "conflict"))
        self.assertIn("--rules", refused.json["detail"])


class DecisionTest(Deployed):
    def test_nobody_decides_alone(self):
        server, admin, second = self.first_start()
        third = self.clients["third"]
        sets = self.propose(admin, LOUDER).json
        proposal = sets["proposals"][0]
        self.assertEqual([(c["title"], c["effect"], c["before"]["level"], c["now"]["level"])
                          for c in proposal["changes"]], [(SEALS, "changed", "high", "critical")])
        self.assertEqual(proposal["approve"]["refusal"], "same_person")
        self.assertEqual(second.call("listRuleSets").json["proposals"][0]["approve"]["refusal"], None)
        self.assertEqual(third.call("listRuleSets").json["proposals"][0]["approve"]["refusal"], "not_an_approver")
        for client, why in ((admin, "the one who proposed may not approve"), (third, "site.toml")):
            refused = self.decide(client, 1, "approve")
            self.assertEqual(refused.status, 403)
            self.assertIn(why, refused.json["detail"])
        self.assertEqual(second.call("listRuleSets").json["in_force"]["version"], 0)
        self.assertEqual(self.decide(second, 1, "refuse").json["field"], "reason")
        self.assertEqual(self.decide(second, 1, "approve", reason="seals matter").status, 200)
        self.assertEqual(self.decide(second, 1, "approve").status, 409, "decided before")
        self.assertEqual(self.decide(second, 7, "approve").status, 404)
        back = self.decide(admin, 0, "roll_back", reason="too loud").json
        self.assertEqual(back["in_force"]["version"], 0)
        self.assertEqual([s["step"] for s in back["history"]], ["rolled_back", "deployed", "proposed", "approvers"])
        self.assertEqual(back["history"][0]["review"], "a second person")
        self.assertEqual((back["history"][1]["by"]["person"]["login"], back["history"][1]["reason"]),
                         ("second", "seals matter"))
        self.propose(admin, FEWER)
        self.assertEqual(self.decide(second, 2, "refuse", reason="no vectors").json["proposals"], [])
        server.stop(signal.SIGKILL)
        history, _ = self.run_program("rules", "history")
        self.assertEqual([line.split()[1] for line in history.splitlines()],
                         ["approvers", "proposed", "deployed", "rolled_back", "proposed", "refused", "force:"])

    def test_a_second_login_of_one_person_is_no_second_person(self):
        server, admin, second = self.first_start()
        organisation = admin.call("listOrganisations").json["items"][0]["id"]
        self.configure('approvers = ["admin", "other"]')
        self.add_user(server, admin, "other", organisation, accounts=["admin"])
        self.propose(admin, LOUDER)
        refused = self.decide(self.clients["other"], 1, "approve")
        self.assertEqual(refused.status, 403)
        self.assertIn("the one who proposed", refused.json["detail"])

    def test_alone_one_waits_and_somebody_outside_must_be_named(self):
        self.configure('approvers = ["admin"]')
        server, admin, second = self.first_start()
        self.propose(admin, LOUDER)
        self.assertIn("outside_reviewer", self.decide(admin, 1, "approve").json["detail"])
        self.configure('approvers = ["admin"]\noutside_reviewer = "the port authority"')
        early = self.decide(admin, 1, "approve")
        self.assertEqual(early.status, 409)
        self.assertIn("24 hours", early.json["detail"])
        steps = [s["step"] for s in admin.call("listRuleSets").json["history"]]
        self.assertEqual(steps, ["approvers", "proposed", "approvers"], "the wait begins with the new list")
        self.configure("approver = []")
        broken = self.decide(admin, 1, "approve")
        self.assertEqual(broken.status, 409)
        self.assertIn("nearest: 'approvers'", broken.json["detail"])

    def test_what_does_not_compile_is_refused_with_its_place(self):
        server, admin, second = self.first_start()
        refused = self.propose(admin, changed("seal_continuity", "seal.changed:", "seal.changd:"))
        self.assertEqual((refused.status, refused.json["field"]), (400, "files"))
        self.assertRegex(refused.json["detail"], r"seal_continuity/rule\.yml:\d+.*nearest: 'seal\.changed'")
        self.assertEqual(admin.call("listRuleSets").json["proposals"], [])
        for files in ([], [{"path": "../x.yml", "text": "a"}], [{"path": "x.yml"}]):
            self.assertEqual(self.propose(admin, files).status, 400)
        self.assertEqual(self.propose(admin, [{"path": "x.yml", "text": "action: none\n"}]).status, 400)

    def test_a_draft_is_checked_and_not_kept(self):
        server, admin, second = self.first_start()
        check = lambda files, client=admin: client.call("checkRuleSet", body={"files": files})
        same = check(shipped()).json
        self.assertEqual((same["refused"], same["changes"]), ([], []))
        louder = check(LOUDER).json
        self.assertEqual(louder["rules"], same["rules"])
        self.assertEqual([(c["title"], c["effect"], c["now"]["level"]) for c in louder["changes"]],
                         [(SEALS, "changed", "critical")])
        wrong = check(changed("seal_continuity", "seal.changed:", "seal.changd:")).json["refused"]
        self.assertEqual([(r["path"], r["rule"]) for r in wrong], [("seal_continuity/rule.yml", SEALS)])
        self.assertGreater(wrong[0]["line"], 1)
        self.assertIn("nearest: 'seal.changed'", wrong[0]["reason"])
        self.assertEqual(check([{"path": "../x.yml", "text": "a"}]).status, 400)
        self.assertEqual(admin.call("listRuleSets").json["proposals"], [])
        made = admin.call("createOrganisation", body={"name": "terminal", "kind": "terminal", "owners": ["*"]}).json
        self.add_user(server, admin, "terminal", made["id"])
        walled = changed("selected_left_uncontrolled", "level: high", "level: medium")
        self.assertEqual(check(walled, self.clients["terminal"]).status, 403)

    def test_a_back_test_must_be_of_the_rules(self):
        rules = os.path.join(self.folder.name, "rules")
        for f in LOUDER:
            os.makedirs(os.path.join(rules, os.path.dirname(f["path"])))
            with open(os.path.join(rules, f["path"]), "w", encoding="utf-8") as out:
                out.write(f["text"])
        tried, _ = self.run_program("backtest", "--format", "jsonl", "--rules", rules, SAMPLE)
        tried = "".join(line for line in tried.splitlines(keepends=True) if '"quaywatch.backtest/1"' in line)
        server, admin, second = self.first_start()
        self.assertEqual(self.propose(admin, FEWER, backtest=tried).json["field"], "backtest")
        proposed = self.propose(admin, LOUDER, backtest=tried)
        self.assertEqual(proposed.status, 201, proposed.body)
        figures = proposed.json["proposals"][0]["figures"]
        self.assertGreater(figures["change"], 0)
        self.assertEqual((figures["appear"], figures["disappear"], figures["now"]), (0, 0, figures["before"]))

    def test_who_may_not_see_a_rule_is_not_shown_its_change(self):
        server, admin, second = self.first_start()
        made = admin.call("createOrganisation", body={"name": "terminal", "kind": "terminal", "owners": ["*"]}).json
        self.configure('approvers = ["admin", "terminal"]')
        self.add_user(server, admin, "terminal", made["id"])
        terminal = self.clients["terminal"]
        walled = changed("selected_left_uncontrolled", "level: high", "level: medium")
        self.propose(admin, walled)
        self.assertEqual(terminal.call("listRuleSets").json["proposals"], [])
        self.assertEqual(self.decide(terminal, 1, "approve").status, 404)
        self.assertEqual(terminal.call("getRuleSet", {"version": 1}).status, 404)
        self.assertEqual({s["reason"] for s in terminal.call("listRuleSets").json["history"]}, {""})
        self.assertEqual(self.propose(terminal, walled).status, 403)
        self.assertEqual(len(admin.call("getRuleSet", {"version": 1}).json["files"]), len(walled))
        self.propose(admin, LOUDER)
        self.assertEqual([p["version"] for p in terminal.call("listRuleSets").json["proposals"]], [2])
        self.assertEqual(self.decide(terminal, 2, "approve").status, 200)


class ReloadTest(Deployed):
    def hang_up(self, server, condition):
        server.process.send_signal(signal.SIGHUP)
        wait_until(condition)

    def test_a_mapping_is_read_anew_and_a_bad_one_keeps_the_old(self):
        feeds = os.path.join(self.home, "feeds")
        os.mkdir(feeds)
        name = next(n for n in sorted(os.listdir(SAMPLE)) if n.endswith(".toml"))
        path = os.path.join(feeds, name)
        shutil.copy(os.path.join(SAMPLE, name), path)
        server, admin, _ = self.first_start()
        service = lambda: admin.call("getService").json["configuration"]
        self.assertEqual((service()["mapping_files"], service()["problem"]), ([path], ""))
        with open(path, "a", encoding="utf-8") as f:
            f.write("\nnonsense = 1\n")
        self.hang_up(server, lambda: service()["problem"] != "")
        self.assertIn(name, service()["problem"])
        self.assertEqual(service()["mapping_files"], [path], "the old one is in force")
        self.assertEqual(server.client().raw("GET", "/health").json["configuration"], "kept")
        self.assertIn("quaywatch_configuration_kept 1", server.client().raw("GET", "/metrics").body.decode())
        shutil.copy(os.path.join(SAMPLE, name), path)
        other = os.path.join(feeds, "other.toml")
        shutil.copy(os.path.join(SAMPLE, sorted(n for n in os.listdir(SAMPLE) if n.endswith(".toml"))[1]), other)
        self.hang_up(server, lambda: service()["problem"] == "")
        self.assertEqual(service()["mapping_files"], [path, other])
        self.configure("approver = []")
        self.hang_up(server, lambda: "site.toml:2" in service()["problem"])
        server.process.send_signal(signal.SIGTERM)
        _, said = server.process.communicate(timeout=30)
        self.assertIn("the configuration stays as it was", said)
        self.assertIn("read the configuration: 2 mapping files", said)

    def test_a_mended_mapping_reads_what_comes_after(self):
        csv = [n for n in sorted(os.listdir(SAMPLE)) if n.endswith(".csv")]
        server, admin, _ = self.first_start()
        feeds = lambda: {f["feed"]: f for f in admin.call("listFeeds").json["items"]}
        shutil.copy(os.path.join(SAMPLE, csv[0]), os.path.join(self.drop, csv[0]))
        wait_until(lambda: admin.call("listRejects").json["files"] != [])
        mappings = os.path.join(self.home, "feeds")
        os.mkdir(mappings)
        before = set(feeds())
        for n in os.listdir(SAMPLE):
            if n.endswith(".toml"):
                shutil.copy(os.path.join(SAMPLE, n), mappings)
        retried = admin.call("retryRejects", body={"files": [csv[0]]})
        self.assertEqual(retried.status, 200, retried.body)
        self.assertGreater(retried.json["events"], 0)
        self.assertGreater(len(set(feeds()) - before), 0)


if __name__ == "__main__":
    main()
