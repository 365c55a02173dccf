"""`quaywatch serve` as a client sees it: the sample day served, walked, attacked, and started again."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
import types

from openapi import Client, faults
from program import PROGRAM, SAMPLE, Program, main

DESELECTED = os.path.join(SAMPLE, "..", "..", "..", "detectors", "deselection_without_second", "vectors",
                          "fires_approved_by_oneself.jsonl")
TEXTS = os.path.join(SAMPLE, "..", "..", "texts")
PASSWORD = "a long and quiet tide"
ROLES = ["administrator", "officer", "viewer", "auditor", "feeder"]


class Server:
    """The program, serving a home."""

    def __init__(self, home, *arguments, program=PROGRAM):
        environment = {**os.environ, "QUAYWATCH_HOME": home}
        self.process = subprocess.Popen([program, "serve", "--http", "127.0.0.1:0", "--poll", "1", *arguments],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        self.password, self.port = None, None
        while self.port is None:
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError("the server ended: " + self.process.stderr.read())
            if m := re.search(r"one-time password (\S+)", line):
                self.password = m.group(1)
            if m := re.search(r"serving http://127\.0\.0\.1:(\d+)/", line):
                self.port = int(m.group(1))
        plain = Client("127.0.0.1", self.port)
        try:
            wait_until(lambda: plain.raw("GET", "/ready").status == 200, 300)
        except AssertionError:
            self.process.kill()
            raise AssertionError("not ready: " + self.process.communicate()[1]) from None
        self.spec = plain.raw("GET", "/api/openapi.json").json

    def client(self, login=None, password=PASSWORD, **more):
        client = Client("127.0.0.1", self.port, self.spec)
        if login:
            answer = client.call("signIn", body={"login": login, "password": password, **more})
            assert answer.status == 200, answer.body
        return client

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.communicate(timeout=30)
        return self.process.returncode


def wait_until(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("it did not come about in time")
        time.sleep(0.05)


def settled(client):
    """Waits until two seconds brought nothing more and the rules have judged what is in the journal."""
    seen = None
    while True:
        waiting = re.search(r"\nquaywatch_journal_waiting (\d+)\n", client.raw("GET", "/metrics").body.decode())[1]
        taken = sum(f["events"] + f["rejected"] for f in client.call("listFeeds").json["items"])
        before, seen = seen, (taken, int(waiting))
        if seen == before and seen[1] == 0:
            return
        time.sleep(2)


def totp(secret, at):
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    offset = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class ServerTest(Program):
    imported = None  # a home that holds the sample day; every test gets a copy

    def setUp(self):
        super().setUp()
        self.servers = []
        if ServerTest.imported is None:
            self.run_program("import", "--history", SAMPLE)
            self.agree()
            ServerTest.imported = tempfile.TemporaryDirectory()
            shutil.copytree(self.home, ServerTest.imported.name, dirs_exist_ok=True)
        else:
            shutil.copytree(ServerTest.imported.name, self.home)

    def tearDown(self):
        for server in self.servers:
            if server.process.poll() is None:
                server.stop(signal.SIGKILL)
        super().tearDown()

    def serve(self, *arguments):
        server = Server(self.home, *arguments)
        self.servers.append(server)
        return server

    def first_start(self, *arguments):
        server = self.serve(*arguments)
        admin = server.client("admin", server.password)
        done = admin.call("changePassword", body={"current": server.password, "new": PASSWORD})
        self.assertEqual(done.status, 200, done.body)
        return server, admin

    def add_user(self, admin, server, login, roles, kind="authority", owners=("*",), **more):
        organisations = {o["name"]: o for o in admin.call("listOrganisations").json["items"]}
        name = f"{kind} {','.join(owners)}"
        if name not in organisations:
            made = admin.call("createOrganisation", body={"name": name, "kind": kind, "owners": list(owners)})
            self.assertEqual(made.status, 201, made.body)
            organisations[name] = made.json
        return self.make_user(admin, server, login, roles, organisations[name]["id"], **more)

    def without_rates(self):
        """At this home users may ask as fast as a test does; before it is served."""
        os.makedirs(self.home, mode=0o700, exist_ok=True)
        with open(os.path.join(self.home, "site.toml"), "w", encoding="utf-8") as f:
            f.write("[people]\nrequests_per_minute = 0\n")

    def add_colleague(self, admin, server, login, roles):
        """Of the administrator's own organisation."""
        return self.make_user(admin, server, login, roles, admin.call("getSession").json["organisation"]["id"])

    def make_user(self, admin, server, login, roles, organisation_id, **more):
        made = admin.call("createUser", body={"login": login, "name": login.title(), "roles": roles,
                                              "organisation_id": organisation_id, **more})
        self.assertEqual(made.status, 201, made.body)
        client = server.client(login, made.json["one_time_password"])
        changed = client.call("changePassword", body={"current": made.json["one_time_password"], "new": PASSWORD})
        self.assertEqual(changed.status, 200, changed.body)
        client.user_id = made.json["user"]["id"]
        return client


class DecisionTest(ServerTest):
    def test_an_alert_is_seen_and_decided_and_the_decision_survives(self):
        server, admin = self.first_start()
        detected, _ = self.run_program("detect", "--format", "jsonl")
        expected = {a["alert_id"]: a for a in map(json.loads, detected.splitlines())}

        page = admin.call("listAlerts").json
        self.assertEqual({a["alert_id"] for a in page["items"]}, set(expected))
        self.assertEqual(page["counts"]["by_state"]["new"], len(expected))
        first = page["items"][0]
        self.assertEqual(first["title"], expected[first["alert_id"]]["title"])

        sealed = "Seal changed without inspection or reseal on record"
        for words, titles in [("seal CHANGED", {sealed}), ("Precinto cambiado", {sealed}), ("ni INSPECCION", set()),
                              ("conste inspeccion ni", {sealed}), ("nada de eso", set())]:
            found = admin.call("listAlerts", query={"q": words}).json
            self.assertEqual({a["title"] for a in found["items"]}, titles, words)

        alert = admin.call("getAlert", {"alertId": first["alert_id"]}).json
        with_file = [e for e in alert["evidence"] if "event_id" in e]
        self.assertTrue(with_file and all(os.path.exists(e["file"]) and e["size"] > 0 for e in with_file))
        told = {f["name"]: f["values"] for f in alert["facts"]}
        for name, value in expected[first["alert_id"]]["facts"].items():
            self.assertEqual(told[name], value if isinstance(value, list) else [value])
        self.assertTrue(alert["innocent_causes"] and alert["actions"])

        # A search reads as in `detect`: one that nobody answered never as one that found nothing.
        searches = lambda evidence: [{**e, "sentence": "", "facts": e.get("facts", [])}
                                     for e in evidence if "event_id" not in e]
        for alert_id, said in expected.items():
            shown = admin.call("getAlert", {"alertId": alert_id}).json
            self.assertEqual(searches(shown["evidence"]), searches(said["evidence"]))

        decide = lambda body: admin.call("decideAlert", {"alertId": first["alert_id"]}, body=body)
        self.assertEqual(decide({"action": "dismiss", "reason_code": "data_error"}).status, 409, "a reason is needed")
        self.assertEqual(decide({"action": "dismiss", "reason": "x"}).status, 409, "a reason_code is needed")
        unknown = decide({"action": "note", "reason": "x", "reason_code": "AAA"})
        self.assertEqual((unknown.status, unknown.json["field"]), (400, "reason_code"), "nor one that nobody knows")
        taken = decide({"action": "take"}).json
        self.assertEqual(taken["summary"]["triage"]["state"], "taken")
        dismissed = decide({"action": "dismiss", "reason": "a planned test", "reason_code": "known_test"}).json
        self.assertEqual(dismissed["summary"]["triage"]["state"], "dismissed")

        self.assertEqual(server.stop(signal.SIGKILL), -signal.SIGKILL)
        server = self.serve()
        admin = server.client("admin")
        alert = admin.call("getAlert", {"alertId": first["alert_id"]}).json
        self.assertEqual(alert["summary"]["triage"]["state"], "dismissed")
        self.assertEqual([d["action"] for d in alert["decisions"]], ["take", "dismiss"])
        self.assertEqual(alert["decisions"][1]["reason"], "a planned test")
        self.assertEqual(alert["summary"]["revision"], first["revision"], "what was told is not told again")

        undone = admin.call("undoDecision", {"decisionId": alert["decisions"][1]["decision_id"]}).json
        self.assertEqual(undone["summary"]["triage"]["state"], "taken")
        again = admin.call("undoDecision", {"decisionId": alert["decisions"][1]["decision_id"]})
        self.assertEqual(again.status, 409)
        self.assertEqual(server.stop(), 0)

        after, _ = self.run_program("detect", "--format", "jsonl")
        self.assertEqual(after, detected, "what our users looked up is in the log and changes no alert of the day")

    def test_several_at_once_are_all_or_none(self):
        _, admin = self.first_start()
        ids = [a["alert_id"] for a in admin.call("listAlerts").json["items"]]
        body = {"alert_ids": ids[:3], "decision": {"action": "take"}}
        self.assertEqual(len(admin.call("decideAlerts", body=body).json["items"]), 3)
        body = {"alert_ids": [ids[4], "0" * 32], "decision": {"action": "take"}}
        self.assertEqual(admin.call("decideAlerts", body=body).status, 404)
        self.assertEqual(admin.call("listAlerts", query={"state": "taken"}).json["counts"]["all"], 3)
        self.assertEqual(admin.call("listAlerts", query={"owner": "me"}).json["counts"]["all"], 3)

        undo = lambda ids: admin.call("undoDecisions", body={"alert_ids": ids})
        self.assertEqual(undo([ids[0], ids[4]]).status, 409, "nothing was decided on one of them")
        self.assertEqual(admin.call("listAlerts", query={"state": "taken"}).json["counts"]["all"], 3)
        states = [a["triage"]["state"] for a in undo(ids[:3]).json["items"]]
        self.assertEqual(states, ["new"] * 3)
        opened = admin.call("openCase", body={"title": "Three at once", "alert_ids": ids[:3]})
        self.assertEqual(opened.json["summary"]["alerts"], 3)
        self.assertEqual(undo(ids[:3]).status, 200, "opening a case is a decision on each")
        self.assertEqual(admin.call("getCase", {"caseId": opened.json["summary"]["case_id"]}).json["alerts"], [])

    def test_pages_hold_each_alert_once(self):
        _, admin = self.first_start()
        for sort in ("newest", "urgent"):
            whole = [a["alert_id"] for a in admin.call("listAlerts", query={"sort": sort}).json["items"]]
            pages, cursor = [], None
            while True:
                query = {"sort": sort, "limit": 3, **({"cursor": cursor} if cursor else {})}
                page = admin.call("listAlerts", query=query).json
                pages += [a["alert_id"] for a in page["items"]]
                cursor = page["next_cursor"]
                if cursor is None:
                    break
            self.assertEqual(pages, whole)

    def follow(self, server, client, last=None):
        """The stream of events, and a reader that gives all of it up to a pattern."""
        stream = socket.create_connection(("127.0.0.1", server.port), timeout=30)
        self.addCleanup(stream.close)
        headers = [f"Cookie: quaywatch_session={client.cookie}"] + ([f"Last-Event-ID: {last}"] if last else [])
        stream.sendall("\r\n".join(["GET /api/events HTTP/1.1", "Host: x", *headers, "", ""]).encode())
        text = b""

        def until(pattern):
            nonlocal text
            end = time.monotonic() + 30  # it is never silent for long
            while not (re.search(pattern, text) and text.endswith(b"\n\n")):
                more = stream.recv(65536)
                if not more or time.monotonic() > end:
                    raise AssertionError(f"no {pattern} in {text}")
                text += more
            return text
        return stream, until

    def test_changes_come_as_events(self):
        server, admin = self.first_start()
        alert_id = admin.call("listAlerts").json["items"][0]["alert_id"]
        stream, until = self.follow(server, admin)
        until(b"event: resync")
        admin.call("decideAlert", {"alertId": alert_id}, body={"action": "take"})
        text = until(b"event: decision")
        data = json.loads(re.search(rb"event: decision\ndata: (.*)\n", text).group(1))
        self.assertEqual(faults(server.spec, {"$ref": "#/components/schemas/AlertChange"}, data), [])
        self.assertEqual(data["alert"]["triage"]["state"], "taken")
        admin.call("signOut")
        stream.settimeout(10)
        while stream.recv(65536):
            pass  # the stream of a session that is over ends
        stream.close()

    def test_who_comes_back_is_told_what_came_between_and_not_how_much_more(self):
        server, admin = self.first_start()
        customs = self.add_user(admin, server, "customs", ["officer"], "customs")
        alert_id = admin.call("listAlerts").json["items"][0]["alert_id"]
        def note(client, text):
            body = {"action": "note", "reason": text}
            self.assertEqual(client.call("decideAlert", {"alertId": alert_id}, body=body).status, 200)

        first, until = self.follow(server, admin)
        until(b"event: resync")
        note(admin, "first")
        ids = re.findall(rb"\nid: (\w+)", b"\n" + until(b"event: decision"))
        first.close()
        for _ in range(3):
            note(customs, "ours alone")
        note(admin, "second")
        again, until = self.follow(server, admin, ids[-1].decode())
        text = until(b"event: decision")
        again.close()
        self.assertEqual(text.count(b"event: "), 1, "what customs decided is not told, nor what was told before")
        self.assertNotIn(b"sequence", text)
        twice = [re.search(rb"id: (\w+)", until(b"event: resync")).group(1)
                 for _, until in (self.follow(server, admin) for _ in range(2))]
        self.assertEqual(len({len(i) for i in ids + twice}), 1)
        self.assertNotEqual(*twice, "the same moment has each time another id")
        for stale in ("7", "f" * 128):
            _, until = self.follow(server, admin, stale)
            until(b"event: resync")


class SignInTest(ServerTest):
    def test_the_one_time_password_opens_only_its_change(self):
        server = self.serve()
        admin = server.client("admin", server.password)
        self.assertTrue(admin.call("getSession").json["must_change_password"])
        self.assertEqual(admin.call("listAlerts").json["code"], "must_change_password")
        short = admin.call("changePassword", body={"current": server.password, "new": "short"})
        self.assertEqual(short.status, 400)
        done = admin.call("changePassword", body={"current": server.password, "new": PASSWORD})
        self.assertEqual(done.status, 200)
        self.assertEqual(admin.call("listAlerts").status, 200)
        old = server.client().call("signIn", body={"login": "admin", "password": server.password})
        self.assertEqual(old.json["code"], "wrong_credentials")

    def test_a_second_factor_counts_each_code_once(self):
        server, admin = self.first_start()
        secret = admin.call("startTotp", body={"password": PASSWORD}).json["secret"]
        self.assertEqual(admin.call("confirmTotp", body={"code": "000000"}).status, 400)
        code = totp(secret, time.time())
        self.assertTrue(admin.call("confirmTotp", body={"code": code}).json["totp_enrolled"])
        body = {"login": "admin", "password": PASSWORD}
        self.assertEqual(server.client().call("signIn", body=body).json["code"], "totp_required")
        self.assertEqual(server.client().call("signIn", body={**body, "totp": code}).status, 401, "used before")
        later = totp(secret, time.time() + 30)
        self.assertEqual(server.client().call("signIn", body={**body, "totp": later}).status, 200)

    def test_wrong_passwords_lock_the_account(self):
        server, _ = self.first_start()
        answers = [server.client().call("signIn", body={"login": "admin", "password": f"wrong {i}"}) for i in range(6)]
        self.assertEqual([a.status for a in answers], [401] * 5 + [429])
        self.assertGreater(int(answers[5].headers["retry-after"]), 60)
        right = server.client().call("signIn", body={"login": "admin", "password": PASSWORD})
        self.assertEqual(right.json["code"], "locked")
        nobody = [server.client().call("signIn", body={"login": "nobody", "password": "x"}).status for _ in range(2)]
        self.assertEqual(nobody, [401, 401])

    def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(self):
        server, admin = self.first_start()
        answer = server.client().call("signIn", body={"login": "admin", "password": PASSWORD})
        for word in ("HttpOnly", "SameSite=Strict", "Path=/"):
            self.assertIn(word, answer.headers["set-cookie"])
        for name in ("content-security-policy", "x-content-type-options", "referrer-policy"):
            self.assertIn(name, answer.headers)
        admin.csrf = "0" * 64
        self.assertEqual(admin.call("signOut").json["code"], "csrf")


class AccessTest(ServerTest):
    PARAMETERS = {"alertId": "0" * 32, "decisionId": "d-" + "0" * 16, "caseId": "c-" + "0" * 16,
                  "attachmentId": "f-" + "0" * 16,
                  "userId": "u-" + "0" * 16, "holdId": "h-" + "0" * 16, "ruleId": "x",
                  "organisationId": "o-" + "0" * 16,
                  "unmaskingId": "m-" + "0" * 16, "requestId": "r-" + "0" * 16,
                  "backtestId": "b-" + "0" * 16, "version": "0",
                  "kind": "container", "key": "QZBU2876950", "document": "processing",
                  "featureId": "block:HRPLE/QXT:A1", "number": "1"}

    def test_every_route_as_every_role_and_as_nobody(self):
        server, admin = self.first_start()
        # The administrator last: then the organisation is nobody else's to add users to.
        clients = {role: self.add_user(admin, server, role, [role]) for role in reversed(ROLES)}
        for operation_id, (_, path, operation) in server.client().operations.items():
            allowed = operation["x-roles"]
            if operation_id in ("signIn", "signOut"):
                continue  # would end the client
            parameters = {name: self.PARAMETERS[name] for name in re.findall(r"\{(\w+)\}", path)}
            content = next(iter(operation.get("requestBody", {"content": {}})["content"]), None)
            for role, client in [*clients.items(), ("nobody", server.client())]:
                query = {"q": "zzzz"} if operation_id == "searchSubjects" else None
                answer = (self.head_of_stream(server, client) if operation_id == "streamEvents" else
                          client.call(operation_id, parameters, query, {} if content else None, content))
                is_open = "anyone" in allowed or "loopback" in allowed
                if role == "nobody" and not is_open:
                    self.assertEqual((operation_id, answer.status), (operation_id, 401))
                elif role in allowed or is_open:
                    self.assertNotIn(answer.status, (401, 403, 500), (operation_id, role, answer.body))
                else:
                    self.assertEqual((operation_id, role, answer.status), (operation_id, role, 403))

    @staticmethod
    def head_of_stream(server, client):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.request("GET", "/api/events", headers={"Cookie": f"quaywatch_session={client.cookie}"})
        answer = connection.getresponse()
        answer.close()
        connection.close()
        return types.SimpleNamespace(status=answer.status, body=answer.getheader("Content-Type"))

    def test_walls_stand_before_alerts_counts_timelines_and_search(self):
        self.run_program("import", "--history", DESELECTED)
        server, admin = self.first_start()
        customs = self.add_user(admin, server, "customs", ["officer"], "customs")
        terminal = self.add_user(admin, server, "terminal", ["officer"], "terminal")
        own = self.add_user(admin, server, "own", ["officer"], "terminal", ("QXT",))
        readers = {"customs": customs, "terminal": terminal, "own": own}
        seen = {c: client.call("listAlerts").json for c, client in readers.items()}
        ids = {c: {a["alert_id"] for a in page["items"]} for c, page in seen.items()}
        self.assertTrue(ids["own"] < ids["terminal"] < ids["customs"], {c: len(i) for c, i in ids.items()})
        for c, page in seen.items():
            self.assertEqual(page["counts"]["all"], len(ids[c]))
        hidden = sorted(ids["customs"] - ids["terminal"])
        for alert_id in hidden:
            self.assertEqual(terminal.call("getAlert", {"alertId": alert_id}).status, 404)
            self.assertEqual(terminal.call("decideAlert", {"alertId": alert_id}, body={"action": "take"}).status, 404)
        walled = re.compile(r"^(selection|inspection|scan|customs)\.(?!released)")
        boxes = {s["value"] for a in seen["customs"]["items"] for s in a["subjects"] if s["kind"] == "container"}
        selected, customs_id = 0, customs.call("getSession").json["organisation"]["id"]
        for box in sorted(boxes):
            everything = customs.call("getTimeline", {"kind": "container", "key": box}, {"limit": 500}).json
            selected += any(walled.match(e["type"]) for e in everything["events"])
            answer = terminal.call("getTimeline", {"kind": "container", "key": box}, {"limit": 500})
            for e in answer.json["events"] if answer.status == 200 else []:
                self.assertIsNone(walled.match(e["type"]), e)
                self.assertNotEqual((e["feed"], e["owner"]), ("quaywatch.lookups", customs_id), "sealed to customs")
                self.assertEqual([f["name"] for f in e["fields"] + e["facts"] if walled.match(f["name"])], [])
        self.assertGreater(selected, 0, "the day has selections to hide")
        box = "QAYU1000011"  # of the vector: nothing but customs speaks of it
        self.assertEqual(customs.call("searchSubjects", query={"q": box}).json["items"][0]["subject"]["key"], box)
        self.assertEqual(terminal.call("searchSubjects", query={"q": box}).json["items"], [])
        self.assertEqual(terminal.call("getTimeline", {"kind": "container", "key": box}).status, 404)
        rules = {c: {r["rule_id"] for r in client.call("listRules").json["items"]}
                 for c, client in readers.items()}
        self.assertTrue(rules["terminal"] < rules["customs"])
        feeds = {f["feed"] for f in terminal.call("listFeeds").json["items"]}
        self.assertFalse(any("customs" in f for f in feeds), feeds)
        # Counts over the whole site tell of what is behind the wall.
        for client, kind in ((terminal, type(None)), (customs, int)):
            for rule in client.call("listRules").json["items"]:
                told = [rule["asked"], rule["off"], *rule["not_evaluated"].values()]
                self.assertEqual({type(n) for n in told}, {kind}, rule["rule_id"])
            told = [e["events"] for a in ids["terminal"]
                    for e in client.call("getAlert", {"alertId": a}).json["not_evaluated"]]
            self.assertEqual({type(n) for n in told}, {kind})

    def test_an_organisation_does_not_see_what_another_decided(self):
        server, admin = self.first_start()
        customs = self.add_user(admin, server, "customs", ["officer"], "customs")
        alert_id = admin.call("listAlerts").json["items"][0]["alert_id"]
        customs.call("decideAlert", {"alertId": alert_id}, body={"action": "note", "reason": "ours alone"})
        other = admin.call("getAlert", {"alertId": alert_id})
        self.assertEqual((other.json["decisions"], other.json["summary"]["triage"]["state"]), ([], "new"))
        self.assertNotIn(b"ours alone", other.body)
        audit = self.add_user(admin, server, "auditor", ["auditor"], "customs")
        operations = [e["operation"] for e in audit.call("listAudit").json["items"]]
        self.assertIn("decideAlert", operations)
        of_others = admin.call("listAudit", query={"subject": "alert:" + alert_id}).json["items"]
        self.assertEqual({e["by"]["login"] for e in of_others}, {"admin"})

    def test_whom_an_alert_is_about_is_not_told(self):
        server, admin = self.first_start()
        personal = [(a["alert_id"], s) for a in admin.call("listAlerts").json["items"] for s in a["subjects"]
                    if s["kind"] in ("account", "credential")]
        alert_id, subject = personal[0]
        clear, _ = self.run_program("detect", "--format", "jsonl", "--reveal")
        value = next(s["value"] for a in map(json.loads, clear.splitlines()) if a["alert_id"] == alert_id
                     for s in a["subjects"] if s["kind"] == subject["kind"])
        linked = {"accounts" if subject["kind"] == "account" else "credentials": [value]}
        home = admin.call("getSession").json["organisation"]["id"]
        insider = self.make_user(admin, server, "insider", ["officer", "auditor"], home, **linked)
        other = self.make_user(admin, server, "other", ["officer"], home)
        self.assertEqual(insider.call("getAlert", {"alertId": alert_id}).status, 404)
        own = {"kind": subject["kind"], "key": subject["value"]}
        self.assertEqual(insider.call("getTimeline", own).status, 404)
        assign = {"action": "assign", "assignee": insider.user_id}
        self.assertEqual(other.call("decideAlert", {"alertId": alert_id}, body=assign).status, 400)
        # Nor of its case: nobody lets him in, and he is out of his own once it has the alert.
        readable = insider.call("listAlerts").json["items"][0]["alert_id"]
        case_id = insider.call("openCase", body={"title": "Box", "alert_ids": [readable]}).json["summary"]["case_id"]
        step = lambda who, **body: who.call("stepCase", {"caseId": case_id}, body=body).status
        self.assertEqual(step(insider, action="share", users=[other.user_id]), 200)
        self.assertEqual(step(other, action="add_alerts", alert_ids=[alert_id]), 200)
        self.assertEqual(insider.call("getCase", {"caseId": case_id}).status, 404)
        self.assertEqual(insider.call("listCases").json["items"], [])
        self.assertEqual(insider.call("getAlert", {"alertId": readable}).json["summary"]["triage"]["case_ids"], [])
        mine = other.call("openCase", body={"title": "Desk", "alert_ids": [alert_id]}).json["summary"]["case_id"]
        for body in ({"action": "share", "users": [insider.user_id]}, {"action": "assign", "assignee": insider.user_id},
                     {"action": "add_task", "text": "Look", "assignee": insider.user_id}):
            answer = other.call("stepCase", {"caseId": mine}, body=body)
            self.assertEqual((answer.status, answer.json["detail"]), (400, "this user cannot be let into this case"))
        # Nor from the record of who looked at what; that he asked for himself is on it as for anybody else.
        self.assertEqual(other.call("getTimeline", own).status, 200)
        self.assertEqual(other.call("getAlert", {"alertId": alert_id}).status, 200)
        about = {f"{subject['kind']}:{subject['value']}", f"alert:{alert_id}", f"case:{mine}", f"case:{case_id}"}
        looks = lambda who: {e["subject"]: e["by"]["login"]
                             for e in who.call("listAudit", query={"limit": 500}).json["items"]}
        self.assertEqual(about - looks(admin).keys(), set())
        self.assertEqual(about & looks(insider).keys(), set())
        first = f"{subject['kind']}:{subject['value']}"
        by = [e["by"]["login"] for e in admin.call("listAudit", query={"subject": first}).json["items"]]
        self.assertEqual(by, ["other", "insider"])


class ReadingTest(ServerTest):
    def test_a_timeline_has_lanes_clocks_facts_and_the_alerts_at_their_place(self):
        _, admin = self.first_start()
        alert, box = next((a, s["value"]) for a in admin.call("listAlerts").json["items"] for s in a["subjects"]
                          if s["kind"] == "container")
        query = {"limit": 500, "alert_id": alert["alert_id"]}
        admin.call("getTimeline", {"kind": "container", "key": box}, query)
        lines, _ = self.run_program("timeline", box)
        # A look-up is durable before its answer, and in the timeline as soon as it was judged.
        wait_until(lambda: "\nquaywatch_journal_waiting 0\n" in admin.raw("GET", "/metrics").body.decode())
        page = admin.call("getTimeline", {"kind": "container", "key": box}, query).json
        own = [lane for lane in page["lanes"] if lane["feed"] == "quaywatch.lookups"]
        looked_up = sum(lane["events"] for lane in own)
        unnamed = admin.call("getTimeline", {"kind": "container", "key": box}, {"alert_id": ""})
        self.assertEqual((unnamed.status, unnamed.json["field"]), (400, "alert_id"))
        others = [e for e in page["events"] if e["feed"] != "quaywatch.lookups"]
        self.assertEqual([e["facts"] for e in page["events"] if e not in others], [[]] * looked_up,
                         "what a colleague looks at is not summed up")
        self.assertEqual(len(others) + 1, int(re.search(r"(\d+) events of", lines).group(1)))
        self.assertEqual(sum(lane["events"] for lane in page["lanes"]), len(page["events"]))
        self.assertIn(looked_up, (1, 2), "the first look-up is on record, and perhaps the second")
        times = [e["event_time"] for e in page["events"]]
        self.assertEqual(times, sorted(times))
        self.assertIn(alert["alert_id"], [a["alert_id"] for a in page["alerts"]])
        self.assertTrue(any(alert["alert_id"] in e["alert_ids"] for e in page["events"]))
        self.assertTrue(any(e["facts"] for e in page["events"]))
        pieces, cursor = [], None
        while True:
            query = {"limit": 2, **({"cursor": cursor} if cursor else {})}
            piece = admin.call("getTimeline", {"kind": "container", "key": box}, query).json
            pieces += [e["event_id"] for e in piece["events"] if e["feed"] != "quaywatch.lookups"]
            cursor = piece["next_cursor"]
            if cursor is None:
                break
        self.assertEqual(pieces, [e["event_id"] for e in page["events"] if e["feed"] != "quaywatch.lookups"])

    def test_a_spanish_page_knows_every_meaning_that_is_given(self):
        with open(os.path.join(TEXTS, "fields", "es.json"), encoding="utf-8") as f:
            spanish = json.load(f)
        _, admin = self.first_start()
        feeds = admin.call("listFeeds").json["items"]
        said = [entry["sentence"] for feed in feeds for entry in feed["health"]]
        for row in admin.call("listAlerts").json["items"]:
            alert = admin.call("getAlert", {"alertId": row["alert_id"]}).json
            said += [entry["sentence"] for entry in alert["evidence"] + alert["facts"]]
            for box in (s["value"] for s in row["subjects"] if s["kind"] == "container"):
                page = admin.call("getTimeline", {"kind": "container", "key": box}).json
                said += [entry["sentence"] for entry in page["events"] + page["contradictions"]]
        self.assertEqual({sentence for sentence in said if sentence not in spanish}, set())
        for english in ("Equipment moved the container inside the facility.", "A reader let a credential through.",
                        "None of the seals named here was known before; blanks, dashes and case do not count."):
            self.assertIn(english, said)

    def test_search_forgives_typing(self):
        _, admin = self.first_start()
        alerts = admin.call("listAlerts").json["items"]
        box = next(s["value"] for a in alerts for s in a["subjects"] if s["kind"] == "container")
        wrong = box[:5] + ("1" if box[5] != "1" else "2") + box[6:]
        for words in (box, box.lower(), f"{box[:4]} {box[4:10]}-{box[10]}", box[:10], wrong):
            found = admin.call("searchSubjects", query={"q": words}).json["items"]
            self.assertIn(box, [f["subject"]["key"] for f in found], words)
        self.assertEqual(admin.call("searchSubjects", query={"q": "ZZZZ9999999"}).json["items"], [])

    def test_feeds_and_rules(self):
        _, admin = self.first_start()
        feeds = {f["feed"]: f for f in admin.call("listFeeds").json["items"]}
        self.assertTrue(feeds and all(f["events"] + f["rejected"] + f["files"] > 0 for f in feeds.values()))
        self.assertTrue(any(f["covered"] for f in feeds.values()))
        rules = admin.call("listRules").json["items"]
        self.assertTrue(any(r["not_evaluated"] for r in rules))
        one = admin.call("getRule", {"ruleId": rules[0]["rule_id"]}).json
        self.assertIn(rules[0]["rule_id"], one["text"])

    def test_events_of_others_are_taken_and_judged(self):
        server, admin = self.first_start()
        feeder = self.add_user(admin, server, "feeder", ["feeder"])
        event = {"specversion": "1.0", "id": "1", "source": "/gate", "type": "container.gate_in",
                 "time": "2026-03-12T05:00:00Z", "datacontenttype": "application/json",
                 "data": {"event_time": "2026-03-12T05:00:00Z", "facility": "SIKOP/KTV",
                          "container.number": "QZBU2876950"}}
        kind = "application/cloudevents-batch+json"
        batch = feeder.call("takeEvents", body=[event, {"specversion": "1.0"}], content_type=kind)
        self.assertEqual(batch.status, 200, batch.body)
        self.assertEqual(sum(batch.json["rejected"].values()) + batch.json["events"], 2, batch.json)
        self.assertEqual(feeder.call("takeEvents", body={}, content_type="application/json").status, 415)

    def test_a_spanish_page_knows_why_each_record_was_rejected_whatever_it_holds(self):
        with open(os.path.join(TEXTS, "messages", "es.json"), encoding="utf-8") as f:
            formats = [re.compile(re.escape(english).replace(r"\{\}", "(.+)"), re.S) for english in json.load(f)]
        server, admin = self.first_start()
        feeder = self.add_user(admin, server, "feeder", ["feeder"])
        data = {"event_time": "2026-03-12T05:00:00Z", "facility": "SIKOP/KTV"}
        event = {"specversion": "1.0", "id": "1", "source": "/gate", "type": "container.gate_in"}
        batch = [{"specversion": "1.0"}, {**event, "specversion": "0.3", "data": data}, {**event, "data": 1},
                 {**event, "data": {**data, "container.colour": "red"}},
                 {**event, "data": {**data, "event_time": "yesterday"}}, {**event, "data": {**data, "move.ordered": 1}}]
        answer = feeder.call("takeEvents", body=batch, content_type="application/cloudevents-batch+json")
        self.assertEqual(sum(answer.json["rejected"].values()), len(batch), answer.json)
        said = [item["message"] for item in admin.call("listRejects").json["items"]]
        self.assertEqual(len(set(said)), len(batch), said)
        self.assertEqual([m for m in said if not any(known.fullmatch(m) for known in formats)], [])

    def test_files_put_into_a_watched_folder_raise_alerts_live(self):
        drop = os.path.join(self.folder.name, "drop")
        os.mkdir(drop)
        self.home = os.path.join(self.folder.name, "empty")
        server, admin = self.first_start(drop, "--settle", "0", "--mapping", SAMPLE)
        self.assertEqual(admin.call("listAlerts").json["items"], [])
        for name in sorted(os.listdir(SAMPLE)):
            if not name.endswith((".toml", ".md")):
                with open(os.path.join(SAMPLE, name), "rb") as f:
                    content = f.read()
                with open(os.path.join(drop, name), "wb") as f:
                    f.write(content)
        wait_until(lambda: len({f["feed"] for f in admin.call("listFeeds").json["items"]}) >= 10)
        settled(admin)
        live = {a["alert_id"]: a for a in admin.call("listAlerts", query={"status": "final,provisional"}).json["items"]}
        server.stop()
        detected, _ = self.run_program("detect", "--format", "jsonl")
        replayed = {a["alert_id"]: a for a in map(json.loads, detected.splitlines())}
        self.assertEqual({i: a["status"] for i, a in live.items()}, {i: a["status"] for i, a in replayed.items()})


    def test_others_read_and_decide_while_much_is_taken_in(self):
        port, drop = os.path.join(self.folder.name, "port"), os.path.join(self.folder.name, "drop")
        crimes = ["cloned_seal", "cloned_truck", "decoy", "lent_badge", "mass_queries", "switch"]
        self.run_program("simulate", "--size", "one-berth", "--days", "2", "--seed", "3", "--from", "2026-01-05",
                         *(word for crime in crimes for word in ("--plant", crime)), port)
        os.mkdir(drop)
        self.home = os.path.join(self.folder.name, "empty")
        self.without_rates()
        self.agree()
        server, admin = self.first_start(drop, "--settle", "0", "--time-zone", "Europe/Ljubljana", "--mapping",
                                         os.path.join(port, "feeds"))
        officers = [self.add_colleague(admin, server, f"officer{i}", ["officer"]) for i in range(3)]
        over, said = threading.Event(), []

        def look(client):
            while not over.is_set():
                for alert in client.call("listAlerts", query={"limit": "20"}).json["items"]:
                    for subject in alert["subjects"]:
                        answer = client.call("getTimeline", {"kind": subject["kind"], "key": subject["value"]})
                        said.append(answer.status)
                    decided = client.call("decideAlert", {"alertId": alert["alert_id"]}, body={"action": "take"})
                    said.append(decided.status)

        threads = [threading.Thread(target=look, args=(officer,)) for officer in officers]
        for thread in threads:
            thread.start()
        shutil.copytree(os.path.join(port, "feeds"), drop, dirs_exist_ok=True)
        taken = [-1, 0]
        while taken[-1] < 15_000 or taken[-1] != taken[-2]:
            time.sleep(2)
            taken.append(sum(f["events"] for f in admin.call("listFeeds").json["items"]))
            self.assertLess(len(taken), 60, taken)
        over.set()
        for thread in threads:
            thread.join()
        self.assertGreater(len(said), 100)
        self.assertEqual({s for s in said if s >= 500}, set())
        live = {}
        query = {"status": "final,provisional", "limit": "100"}
        while True:
            page = admin.call("listAlerts", query=query).json
            live.update({a["alert_id"]: a["status"] for a in page["items"]})
            if not page["next_cursor"]:
                break
            query["cursor"] = page["next_cursor"]
        server.stop()
        detected, _ = self.run_program("detect", "--format", "jsonl")
        replayed = {a["alert_id"]: a["status"] for a in map(json.loads, detected.splitlines())}
        self.assertGreater(len(replayed), 5)
        self.assertEqual(live, replayed)


class CaseTest(ServerTest):
    def test_a_case_from_opening_to_outcome(self):
        server, admin = self.first_start()
        ids = [a["alert_id"] for a in admin.call("listAlerts").json["items"]]
        case = admin.call("openCase", body={"title": "Two boxes, one seal", "alert_ids": ids[:2]})
        self.assertEqual(case.status, 201, case.body)
        case_id = case.json["summary"]["case_id"]
        step = lambda **body: admin.call("stepCase", {"caseId": case_id}, body=body)
        self.assertEqual(admin.call("listAlerts", query={"state": "in_case"}).json["counts"]["all"], 2)
        added = admin.call("decideAlert", {"alertId": ids[2]}, body={"action": "add_to_case", "case_id": case_id})
        self.assertEqual(added.json["summary"]["triage"]["case_ids"], [case_id])
        task = step(action="add_task", text="ask the yard for the seal log").json["tasks"][0]
        self.assertEqual(step(action="close", outcome="seizure").status, 409, "a reason is needed")
        for field, value in (("outcome", "AAA"), ("reason", 1), ("organisation_id", "AAA"), ("ends_reading", "AAA")):
            wrong = step(action="note", text="x", **{field: value})
            self.assertEqual((wrong.status, wrong.json["field"]), (400, field), "also where it is not used")
        step(action="finish_task", task_id=task["task_id"])
        part = step(action="split", alert_ids=[ids[2]], title="The third").json
        self.assertEqual(part["summary"]["alerts"], 2)
        other_id = part["steps"][-1]["other"]
        merged = step(action="merge", other=other_id).json
        self.assertEqual(merged["summary"]["alerts"], 3, "split and merge lose nothing")
        self.assertEqual(admin.call("getCase", {"caseId": other_id}).json["summary"]["merged_into"], case_id)
        self.assertEqual([(m["case_id"], m["title"], m["can_undo"]) for m in merged["merges"]],
                         [(other_id, "The third", True)])
        step(action="add_alerts", alert_ids=[ids[3]])
        undone = step(action="undo_merge", other=other_id).json
        self.assertEqual({a["alert_id"] for a in undone["alerts"]}, {*ids[:2], ids[3]}, "what was added since stays")
        merge = undone["merges"][0]
        self.assertEqual((merge["added"]["alert_ids"], merge["can_undo"]), ([ids[3]], False))
        part = admin.call("getCase", {"caseId": other_id}).json
        self.assertEqual((part["summary"]["state"], [a["alert_id"] for a in part["alerts"]]), ("open", [ids[2]]))
        self.assertEqual(step(action="undo_merge", other=other_id).status, 409)
        step(action="remove_alerts", alert_ids=[ids[3]])
        self.assertEqual(step(action="merge", other=other_id).json["summary"]["alerts"], 3)
        self.assertEqual(admin.call("getCase", {"caseId": case_id}, query={"for": "paper"}).status, 400)
        self.assertEqual(admin.call("getCase", {"caseId": case_id}, query={"for": "file"}).status, 200)
        auditor = self.add_colleague(admin, server, "auditor", ["auditor"])
        printed = [e for e in auditor.call("listAudit").json["items"] if e.get("detail") == "file"]
        self.assertEqual([(e["operation"], e["subject"]) for e in printed], [("getCase", f"case:{case_id}")])
        closed = step(action="close", outcome="cleared", reason="the seal log explains it", told=True,
                      told_how="by telephone, the same day").json
        self.assertEqual((closed["summary"]["state"], closed["summary"]["outcome"]), ("closed", "cleared"))
        late = self.add_colleague(admin, server, "late", ["officer"])
        self.assertEqual(late.call("getCase", {"caseId": case_id}).status, 404, "need to know")
        self.assertEqual(late.call("listCases").json["items"], [])
        step(action="reopen", reason="one more question")
        step(action="share", users=[late.user_id])
        self.assertEqual(late.call("getCase", {"caseId": case_id}).status, 200)
        server.stop(signal.SIGKILL)
        again = self.serve().client("admin").call("getCase", {"caseId": case_id}).json
        self.assertEqual((again["summary"]["alerts"], again["summary"]["state"]), (3, "open"))
        self.assertEqual([m["can_undo"] for m in again["merges"]], [False, True])


class HostileTest(ServerTest):
    def send(self, server, data, seconds=10):
        """What the server says to raw bytes until it closes, or falls silent."""
        with socket.create_connection(("127.0.0.1", server.port), timeout=seconds) as s:
            s.sendall(data)
            out = b""
            try:
                while piece := s.recv(65536):
                    out += piece
            except (socket.timeout, ConnectionResetError):
                pass
            return out

    def test_requests_that_are_not_what_they_should_be(self):
        server, admin = self.first_start()
        cookie = f"Cookie: quaywatch_session={admin.cookie}\r\nX-CSRF-Token: {admin.csrf}\r\n"
        head = b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        self.assertIn(b" 413 ", self.send(server, head + b"Content-Length: 99999999\r\n\r\n")[:40])
        piece = b"10000\r\n" + b"x" * 65536 + b"\r\n"
        self.assertIn(b" 413 ", self.send(server, head + b"Transfer-Encoding: chunked\r\n\r\n" + 2 * piece)[:40])
        self.assertIn(b" 431 ", self.send(server, b"GET / HTTP/1.1\r\nX: " + b"a" * 40000 + b"\r\n\r\n")[:40])
        self.assertIn(b" 400 ", self.send(server, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")[:40])
        for path in ("/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/assets/..%2f..%2fetc/passwd",
                     "//etc/passwd", "/%00"):
            answer = self.send(server, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            self.assertNotIn(b"root:", answer)
            self.assertRegex(answer[:20], rb" (400|404|200) ")
        raw = lambda body, kind: admin.raw("POST", "/api/session", body, {"Content-Type": kind})
        self.assertEqual(raw("{", "application/json").status, 400)
        self.assertEqual(raw("[" * 30000, "application/json").status, 400)
        self.assertEqual(raw("login=admin", "application/x-www-form-urlencoded").status, 415)
        self.assertEqual(raw('{"login": 1, "password": []}', "application/json").json["field"], "login")
        self.assertEqual(raw('{"login": "a", "password": "b", "more": 1}', "application/json").json["field"], "more")
        self.assertEqual(admin.raw("PUT", "/api/alerts", "{}").status, 405)
        self.assertEqual(admin.raw("GET", "/api/nothing").status, 404)
        for query in ("limit=0", "limit=501", "limit=x", "state=odd", "cursor=zz", "q=%ff", "sort=random"):
            self.assertEqual(admin.raw("GET", "/api/alerts?" + query, headers=admin.headers()).status, 400, query)
        head = f"GET /api/session HTTP/1.1\r\nHost: x\r\n{cookie}Connection: close\r\n\r\n".encode()
        self.assertIn(b" 200 ", self.send(server, head)[:20], "and it still answers")

    def test_a_slow_client_is_ended_and_holds_nobody_up(self):
        server, admin = self.first_start()
        slow = [socket.create_connection(("127.0.0.1", server.port), timeout=40) for _ in range(50)]
        for s in slow:
            s.sendall(b"GET /api/alerts HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        began = time.monotonic()
        self.assertEqual(admin.call("listAlerts").status, 200)
        self.assertLess(time.monotonic() - began, 5)
        self.assertEqual(slow[0].recv(100), b"", "the server has closed it")
        self.assertLess(time.monotonic() - began, 35)
        for s in slow:
            s.close()

    def test_a_plan_with_a_mistyped_year_makes_nobody_forget(self):
        _, admin = self.first_start()
        now, before = (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - s)) for s in (0, 60))

        def give(feed, kind, at, **data):
            event = {"specversion": "1.0", "id": kind, "source": f"/feeds/{feed}", "type": kind, "time": at,
                     "datacontenttype": "application/json", "data": {"facility": "SIKOP/KTV", **data}}
            answer = admin.raw("POST", "/api/intake/events", json.dumps([event]),
                               {**admin.headers(), "Content-Type": "application/cloudevents-batch+json"})
            self.assertEqual((answer.status, answer.json["events"]), (200, 1), answer.body)

        canary = "QXBU1000002"
        give("lists", "object.listed", before,
             **{"list.name": "canary", "list.entry": "C-1", "container.number": canary})
        give("calls", "vessel.arrived", "2206-01-01T00:00:00Z",
             **{"classifier": "planned", "vessel.imo": "9074729"})
        give("audit", "account.queried", now,
             **{"container.number": canary, "account.id": "probe", "account.organisation": "AG-Q"})
        wait_until(lambda: admin.call("listAlerts", query={"q": canary}).json["items"])

    def test_who_asks_for_it_is_answered_when_the_rules_have_judged(self):
        _, admin = self.first_start()
        now, before = (time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - s)) for s in (0, 60))

        def give(boxes, when):
            events = [{"specversion": "1.0", "id": f"{kind}{box}", "source": f"/feeds/{feed}", "type": kind, "time": at,
                       "datacontenttype": "application/json",
                       "data": {"facility": "SIKOP/KTV", "container.number": f"QXBU{box:07}", **data}}
                      for kind, feed, at, data in (
                          ("object.listed", "lists", before, {"list.name": "canary", "list.entry": "C-1"}),
                          ("account.queried", "audit", now, {"account.id": f"probe{boxes[0]}"})) for box in boxes]
            return admin.raw("POST", f"/api/intake/events?answer_when={when}", json.dumps(events),
                             {**admin.headers(), "Content-Type": "application/cloudevents-batch+json"})

        def matches():
            alerts = admin.call("listAlerts", query={"limit": 500}).json["items"]
            return sum(a["matches"] for a in alerts if a["title"].startswith("Canary") and a["status"] != "withdrawn")

        for n in range(5):
            boxes = range(n * 80, n * 80 + 80)  # more entries than are judged at once
            self.assertEqual(give(boxes, "judged").json["events"], 160)
            self.assertEqual(matches(), (n + 1) * 80)
        self.assertEqual(give([9001], "durable").json["events"], 2)
        wait_until(lambda: matches() == 401)
        self.assertEqual(give([1], "never").json["field"], "answer_when")
        metrics = admin.raw("GET", "/metrics").body.decode()
        self.assertRegex(metrics, r"\nquaywatch_journal_waiting \d+\n")

    def test_a_large_file_does_not_keep_others_from_the_journal(self):
        drop, rows = os.path.join(self.folder.name, "drop"), 60_000
        os.mkdir(drop)
        self.home = os.path.join(self.folder.name, "empty")
        self.without_rates()
        server, admin = self.first_start(drop, "--settle", "0")
        officer = self.add_colleague(admin, server, "officer", ["officer"])
        day = "2026-03-12T{:02}:{:02}:{:02}Z"
        lines = [json.dumps({"type": "container.moved", "feed": "yard", "facility": "SIKOP/KTV",
                             "event_time": day.format(n // 3600, n // 60 % 60, n % 60), "order.ref": f"W{n}",
                             "container.number": f"QXBU{n % 5000:07}"}) for n in range(rows)]
        whole = os.path.join(self.folder.name, "whole.jsonl")
        with open(whole, "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
        look = lambda: officer.call("getTimeline", {"kind": "container", "key": "QXBU0000001"}).status
        look()
        os.rename(whole, os.path.join(drop, "yard.jsonl"))
        between = [0]
        while between[-1] < rows:
            look()
            between.append(sum(f["events"] for f in admin.call("listFeeds").json["items"] if f["feed"] == "yard"))
        look()
        self.assertTrue(any(0 < n < rows for n in between), "they are noted amid its records, not after all of them")
        server.stop()
        out, _ = self.run_program("timeline", "QXBU0000001")
        self.assertEqual(out.count("container.moved"), rows // 5000)

    def test_nothing_listens_beyond_loopback_without_tls(self):
        p = subprocess.run([PROGRAM, "serve", "--http", "0.0.0.0:0"], capture_output=True, text=True,
                           env={**os.environ, "QUAYWATCH_HOME": self.home}, timeout=60)
        self.assertEqual(p.returncode, 1)
        self.assertIn("without TLS", p.stderr)


class ConsoleTest(ServerTest):
    def test_files_of_the_console(self):
        folder = os.path.join(self.folder.name, "console")
        os.makedirs(os.path.join(folder, "assets"))
        for name, text in (("index.html", "<!doctype html>console"), ("assets/app-1a2b.js", "export {}")):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write(text)
        server = self.serve("--console", folder)
        client = server.client()
        page = client.raw("GET", "/")
        self.assertEqual((page.status, page.headers["content-type"]), (200, "text/html; charset=utf-8"))
        self.assertEqual(page.headers["cache-control"], "no-cache")
        self.assertEqual(client.raw("GET", "/alerts/123").body, page.body, "a page of the console")
        script = client.raw("GET", "/assets/app-1a2b.js")
        self.assertIn("immutable", script.headers["cache-control"])
        self.assertTrue(script.headers["content-type"].startswith("text/javascript"))
        again = client.raw("GET", "/", headers={"If-None-Match": page.headers["etag"]})
        self.assertEqual((again.status, again.body), (304, b""))
        self.assertEqual(client.raw("GET", "/missing.js").status, 404)


if __name__ == "__main__":
    main()
