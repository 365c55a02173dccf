"""What docs/reference/asvs.md says of headers, cookies, transport, sessions, passwords and the record of what was
refused, as a client of the server sees it."""
import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import time

from openapi import Client
from program import PROGRAM, main
from server_test import PASSWORD, ROLES, ServerTest, totp, wait_until

JSON = {"Content-Type": "application/json"}
SIGN_IN = json.dumps({"login": "admin", "password": PASSWORD})


class HeaderTest(ServerTest):
    def answers(self, server, admin):
        """One of each kind: page, file, data, and every refusal."""
        plain = server.client()
        for method, path, headers in (
                ("GET", "/", {}), ("GET", "/missing.js", {}), ("GET", "/%ff", {}), ("POST", "/", {}),
                ("GET", "/health", {}), ("GET", "/metrics", {}), ("GET", "/api/alerts", {}),
                ("GET", "/api/nothing", {}), ("TRACE", "/api/alerts", {}), ("GET", "/api/alerts", admin.headers()),
                ("GET", "/api/alerts?limit=0", admin.headers()),
                ("POST", "/api/session", {"Content-Length": "99999999"}), ("GET", "/", {"X": "a" * 20000})):
            yield f"{method} {path} {list(headers)}", plain.raw(method, path, None, headers)

    def test_every_answer_has_them(self):
        folder = os.path.join(self.folder.name, "console")
        os.makedirs(folder)
        with open(os.path.join(folder, "index.html"), "w", encoding="utf-8") as f:
            f.write("<!doctype html>console")
        server, admin = self.first_start("--console", folder)
        statuses = set()
        for name, answer in self.answers(server, admin):
            with self.subTest(name):
                statuses.add(answer.status)
                headers = answer.headers
                self.assertEqual(headers["x-content-type-options"], "nosniff")
                self.assertEqual(headers["referrer-policy"], "no-referrer")
                policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
                words = ("default-src", "object-src", "base-uri", "frame-ancestors")
                self.assertEqual([policy[word] for word in words], ["'self'", "'none'", "'none'", "'none'"])
                self.assertNotIn("unsafe", headers["content-security-policy"])
                self.assertEqual(headers["cross-origin-resource-policy"], "same-origin")
                self.assertEqual([h for h in headers if h.startswith("access-control") or h == "server"], [])
                kind = r"^(application/(problem\+)?json|text/[a-z]+;.*charset=utf-8)$"
                self.assertRegex(headers["content-type"], kind)
                if "json" in headers["content-type"]:
                    self.assertEqual(headers["cache-control"], "no-store")
        self.assertEqual(statuses, {200, 400, 401, 404, 405, 413, 431})

    def test_folders_are_not_listed_and_trace_is_refused(self):
        folder = os.path.join(self.folder.name, "console")
        os.makedirs(os.path.join(folder, "assets"))
        for name in ("index.html", "assets/secret.js", ".hidden.js"):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                f.write("console")
        server = self.serve("--console", folder)
        plain = server.client()
        self.assertEqual(plain.raw("GET", "/assets/secret.js").status, 200)
        for path in ("/assets", "/assets/"):
            self.assertEqual(plain.raw("GET", path).body, b"console")
        self.assertEqual(plain.raw("GET", "/.hidden.js").status, 404)
        for path in ("/", "/api/alerts", "/health"):
            for method in ("TRACE", "CONNECT", "OPTIONS"):
                self.assertEqual(plain.raw(method, path).status, 405, (method, path))

    def test_counters_are_for_this_machine_or_who_has_the_token(self):
        def status(server, **headers):
            return server.client().raw("GET", "/metrics", None, headers).status

        server = self.serve()
        self.assertEqual(status(server), 200)
        for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"):
            self.assertEqual(status(server, **{name: "192.0.2.1"}), 401, name)
        server.stop()
        server = self.serve("--without-tls")
        self.assertEqual(status(server), 401)
        server.stop()
        server = self.serve("--without-tls", "--metrics-token", self.file("token", "0123456789abcdefXYZ\n"))
        self.assertEqual(status(server), 401)
        self.assertEqual(status(server, Authorization="Bearer 0123456789abcdefXY"), 401)
        self.assertEqual(status(server, Authorization="Bearer 0123456789abcdefXYZ"), 200)
        server.stop()
        short = self.file("short", "abc")
        _, err = self.run_program("serve", "--http", "127.0.0.1:0", "--metrics-token", short, code=1)
        self.assertIn("at least 16", err)

    def test_length_and_chunks_together_are_refused(self):
        server = self.serve()
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as s:
            s.sendall(b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                      b"Content-Length: 1000\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                      b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            out = b""
            while piece := s.recv(65536):
                out += piece
        self.assertEqual(re.findall(rb"HTTP/1\.1 (\d+)", out), [b"400"], "what follows is no request of its own")

    def test_what_changes_something_wants_the_token_of_the_session(self):
        server, admin = self.first_start()
        everything = self.add_user(admin, server, "everything", ROLES)
        everything.csrf = None
        asked = 0
        for operation_id, (method, path, operation) in everything.operations.items():
            if method == "GET" or operation_id == "signIn":
                continue
            content = next(iter(operation.get("requestBody", {"content": {}})["content"]), None)
            target = re.sub(r"\{(\w+)\}", "x", path)
            answer = everything.raw(method, target, "{}" if content else None,
                                    {**everything.headers(), **({"Content-Type": content} if content else {})})
            self.assertEqual((operation_id, answer.status, answer.json["code"]), (operation_id, 403, "csrf"))
            asked += 1
        self.assertGreater(asked, 15)


class TransportTest(ServerTest):
    def test_with_tls_the_cookie_is_for_it_alone(self):
        server, _ = self.first_start()
        server.stop()
        path = lambda ending: os.path.join(self.folder.name, "own" + ending)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=own", "-addext", "subjectAltName=IP:127.0.0.1",
                        "-keyout", path(".key"), "-out", path(".pem")], check=True, capture_output=True)
        process = subprocess.Popen([PROGRAM, "serve", "--http", "127.0.0.1:0", "--http-certificate", path(".pem"),
                                    "--http-key", path(".key")], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   text=True, env={**os.environ, "QUAYWATCH_HOME": self.home})
        self.addCleanup(process.communicate)
        self.addCleanup(process.send_signal, signal.SIGTERM)
        port = int(re.search(r"serving https://127\.0\.0\.1:(\d+)/", process.stdout.readline()).group(1))

        def ask(method, target, body=None, headers=None, **versions):
            context = ssl.create_default_context(cafile=path(".pem"))
            for name, version in versions.items():
                setattr(context, name, version)
            connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=30, context=context)
            try:
                connection.request(method, target, body, headers or {})
                answer = connection.getresponse()
                return answer.status, dict(answer.getheaders()), answer.read(), connection.sock
            finally:
                connection.close()

        end = time.monotonic() + 60
        while ask("GET", "/ready")[0] != 200:
            self.assertLess(time.monotonic(), end)
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            self.assertEqual(ask("GET", "/health", minimum_version=version, maximum_version=version)[0], 200)
        old = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-tls1_1", "-cipher",
                              "DEFAULT@SECLEVEL=0"], input=b"", capture_output=True, timeout=60, check=False)
        self.assertNotEqual(old.returncode, 0)
        status, headers, _, _ = ask("POST", "/api/session", SIGN_IN, JSON)
        self.assertEqual(status, 200)
        self.assertRegex(headers["Set-Cookie"], r"^__Host-quaywatch_session=[0-9a-f]{64}; Path=/; HttpOnly; "
                                                r"SameSite=Strict; Max-Age=43200; Secure$")
        self.assertGreaterEqual(int(headers["Strict-Transport-Security"].removeprefix("max-age=")), 31536000)
        token = re.search(r"=([0-9a-f]+);", headers["Set-Cookie"]).group(1)
        self.assertEqual(ask("GET", "/api/session", headers={"Cookie": f"__Host-quaywatch_session={token}"})[0], 200)
        self.assertEqual(ask("GET", "/api/session", headers={"Cookie": f"quaywatch_session={token}"})[0], 401)
        # Nothing answers in clear where TLS is spoken.
        with self.assertRaises((http.client.HTTPException, OSError)):
            Client("127.0.0.1", port).raw("GET", "/health")

    def test_a_proxy_before_it_changes_nothing_of_that(self):
        server, _ = self.first_start()
        server.stop()
        server = self.serve("--without-tls")
        answer = server.client().raw("POST", "/api/session", SIGN_IN, JSON)
        self.assertRegex(answer.headers["set-cookie"], r"^__Host-.*; Secure$")
        self.assertIn("strict-transport-security", answer.headers)
        refused = server.client().raw("GET", "/", headers={"X": "a" * 20000})
        self.assertEqual((refused.status, "strict-transport-security" in refused.headers), (431, True))


class SessionTest(ServerTest):
    def is_in(self, client):
        return client.call("getSession").status == 200

    def test_what_ends_a_session(self):
        server, admin = self.first_start()
        token = admin.cookie
        admin.call("signIn", body={"login": "admin", "password": PASSWORD})
        old = server.client()
        old.cookie = token
        self.assertNotEqual(admin.cookie, token)
        self.assertFalse(self.is_in(old), "the session of the cookie that was replaced")

        other = server.client("admin")
        self.assertEqual(admin.call("changePassword", body={"current": PASSWORD, "new": PASSWORD + "s"}).status, 200)
        self.assertFalse(self.is_in(other), "a new password")
        other = server.client("admin", PASSWORD + "s")
        secret = admin.call("startTotp", body={"password": PASSWORD + "s"}).json["secret"]
        self.assertTrue(self.is_in(other))
        self.assertEqual(admin.call("confirmTotp", body={"code": totp(secret, time.time())}).status, 200)
        self.assertFalse(self.is_in(other), "a second factor")
        self.assertTrue(self.is_in(admin))

        user = self.add_user(admin, server, "officer", ["officer"])
        self.assertEqual(admin.call("changeUser", {"userId": user.user_id}, body={}).status, 200)
        self.assertFalse(self.is_in(user), "an administrator")
        user = server.client("officer")
        admin.call("changeUser", {"userId": user.call("getSession").json["user"]["id"]}, body={"disabled": True})
        self.assertFalse(self.is_in(user), "disabled")
        again = server.client().call("signIn", body={"login": "officer", "password": PASSWORD})
        self.assertEqual(again.json["code"], "wrong_credentials")
        token = admin.cookie
        self.assertEqual(admin.call("signOut").status, 204)
        admin.cookie = token
        self.assertFalse(self.is_in(admin), "signed out")


class OwnSessionsTest(ServerTest):
    def test_they_are_seen_and_ended_with_the_password(self):
        server, admin = self.first_start()
        others = [server.client("admin") for _ in range(3)]
        viewer = self.add_colleague(admin, server, "viewer", ["viewer"])
        rows = admin.call("listSessions").json["items"]
        self.assertEqual(len(rows), 4)
        self.assertEqual([r["is_current"] for r in rows], [True, False, False, False], "used last first")
        for secret in (admin.cookie, admin.csrf, *(o.cookie for o in others)):
            for row in rows:
                self.assertNotIn(row["session_id"][2:], secret)
        ids = [r["session_id"] for r in rows]
        end = lambda **body: admin.call("endSessions", body=body)
        self.assertEqual(end(session_ids=ids[1:], password="wrong-secret-7").status, 400)
        for wrong in ([], ["x"], ["s-1"], [ids[0]] * 17):
            self.assertEqual(end(session_ids=wrong, password=PASSWORD).status, 400, wrong)
        self.assertEqual(len(admin.call("listSessions").json["items"]), 4)
        self.assertEqual(others[0].call("getSession").status, 200, "used after those of the list")
        stranger = viewer.call("listSessions").json["items"]
        self.assertEqual(len(stranger), 1, "of others nothing is seen")
        left = end(session_ids=[ids[0], ids[3], stranger[0]["session_id"]], password=PASSWORD)
        self.assertEqual(sorted(r["session_id"] for r in left.json["items"]), sorted(ids[:3]))
        self.assertEqual(viewer.call("getSession").status, 200, "of others nothing is ended")
        self.assertEqual(end(session_ids=ids[1:3], password=PASSWORD).status, 200)
        self.assertEqual([o.call("getSession").status for o in others], [401] * 3)
        self.assertEqual(admin.call("getSession").status, 200)
        uses = [(e["operation"], e.get("detail")) for e in admin.call("listAudit").json["items"]]
        self.assertIn(("endSessions", "refused"), uses)
        self.assertIn(("endSessions", "2"), uses)

    def test_the_client_is_named_as_it_said_and_never_more(self):
        server, _ = self.first_start()
        for said, kept in (("Mozilla/5.0 <b>", "Mozilla/5.0 <b>"), ("x" * 5000, "x" * 200), ("\xff\xfe", "")):
            client = server.client()
            answer = client.raw("POST", "/api/session", SIGN_IN, {**JSON, "User-Agent": said})
            self.assertEqual(answer.status, 200)
            client.cookie = re.search(r"session=([0-9a-f]+)", answer.headers["set-cookie"]).group(1)
            current = next(r for r in client.call("listSessions").json["items"] if r["is_current"])
            self.assertEqual(current["client"], kept)

    def test_the_second_factor_is_asked_for_where_there_is_one(self):
        server, admin = self.first_start()
        server.client("admin")
        secret = admin.call("startTotp", body={"password": PASSWORD}).json["secret"]
        self.assertEqual(admin.call("confirmTotp", body={"code": totp(secret, time.time() - 30)}).status, 200)
        other = server.client("admin", totp=totp(secret, time.time()))
        ids = [r["session_id"] for r in admin.call("listSessions").json["items"]]
        end = lambda **more: admin.call("endSessions", body={"session_ids": ids, "password": PASSWORD, **more})
        self.assertEqual(end().json["code"], "totp_required")
        self.assertEqual(end(totp=totp(secret, time.time() + 30)).status, 200)
        self.assertEqual(other.call("getSession").status, 401)


class SecondFactorTest(ServerTest):
    OPEN = {"getHealth", "getReadiness", "getMetrics", "getOpenApi", "signIn", "getSession", "signOut",
            "changePassword", "startTotp", "confirmTotp"}

    def configure(self, text):
        with open(os.path.join(self.home, "site.toml"), "w", encoding="utf-8") as f:
            f.write(text)

    def enrol(self, client):
        secret = client.call("startTotp", body={"password": PASSWORD}).json["secret"]
        done = client.call("confirmTotp", body={"code": totp(secret, time.time())})
        self.assertEqual((done.status, done.json["must_enrol_totp"]), (200, False))

    def answers(self, client):
        """Every operation but those that are open, and what it answers."""
        for operation_id, (_, path, operation) in client.operations.items():
            if operation_id not in self.OPEN:
                content = next(iter(operation.get("requestBody", {"content": {}})["content"]), None)
                parameters = {name: "x" for name in re.findall(r"\{(\w+)\}", path)}
                yield operation_id, client.call(operation_id, parameters, None, {} if content else None, content)

    def test_nothing_is_open_before_it_is_set_up(self):
        self.configure('[people]\nsecond_factor = ["administrator", "officer"]\n')
        server = self.serve()
        admin = server.client("admin", server.password)
        early = admin.call("startTotp", body={"password": server.password})
        self.assertEqual(early.json["code"], "must_change_password", "the password comes first")
        done = admin.call("changePassword", body={"current": server.password, "new": PASSWORD})
        self.assertTrue(done.json["must_enrol_totp"])
        refused = {operation: (a.status, a.json["code"]) for operation, a in self.answers(admin)}
        self.assertEqual(set(refused.values()), {(403, "must_enrol_totp")}, refused)
        self.assertGreater(len(refused), 30)
        self.enrol(admin)
        self.assertEqual(admin.call("listUsers").status, 200)
        viewer = self.add_colleague(admin, server, "viewer", ["viewer"])
        self.assertEqual(viewer.call("listAlerts").status, 200, "of a viewer none is demanded")
        officer = self.add_colleague(admin, server, "officer", ["officer"])
        self.assertEqual(officer.call("listAlerts").json["code"], "must_enrol_totp")
        self.enrol(officer)
        self.assertEqual(officer.call("listAlerts").status, 200)
        reset = admin.call("changeUser", {"userId": officer.user_id}, body={"reset": True, "reset_second_factor": True})
        again = server.client("officer", reset.json["one_time_password"])
        again.call("changePassword", body={"current": reset.json["one_time_password"], "new": PASSWORD})
        self.assertEqual(again.call("listAlerts").json["code"], "must_enrol_totp", "the demand stays")

    def test_demanded_unasked_where_others_reach_the_server_and_not_on_the_machine_itself(self):
        server, admin = self.first_start()
        self.assertFalse(admin.call("getSession").json["must_enrol_totp"])
        server.stop()
        for text, expected in (("", True), ("[people]\nsecond_factor = []\n", False)):
            self.configure(text)
            server = self.serve("--without-tls")
            session = server.client().raw("POST", "/api/session", SIGN_IN, JSON).json
            self.assertEqual(session["must_enrol_totp"], expected, text)
            server.stop()

    def test_read_anew_it_ends_what_is_open(self):
        server, admin = self.first_start()
        stream = socket.create_connection(("127.0.0.1", server.port), timeout=30)
        self.addCleanup(stream.close)
        cookie = f"Cookie: quaywatch_session={admin.cookie}"
        stream.sendall(f"GET /api/events HTTP/1.1\r\nHost: x\r\n{cookie}\r\n\r\n".encode())
        self.assertIn(b"200 OK", stream.recv(65536))
        self.configure('[people]\nsecond_factor = ["administrator"]\n')
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: admin.call("listAlerts").status == 403)
        while stream.recv(65536):
            pass
        self.configure('[people]\nsecond_factor = ["boss"]\n')
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: server.client().raw("GET", "/health").json["configuration"] == "kept")
        self.assertEqual(admin.call("listAlerts").status, 403, "what cannot be read changes nothing")

    def test_an_open_session_is_not_enough_to_set_one_up(self):
        server, admin = self.first_start()
        wrong = admin.call("startTotp", body={"password": "wrong-secret-7"})
        self.assertEqual((wrong.status, wrong.json["field"]), (400, "password"))
        secret = admin.call("startTotp", body={"password": PASSWORD}).json["secret"]
        code = totp(secret, time.time())
        self.assertEqual(admin.call("confirmTotp", body={"code": code}).status, 200)
        asked = lambda **more: admin.call("startTotp", body={"password": PASSWORD, **more})
        self.assertEqual(asked().json["code"], "totp_required", "the present one, for another one")
        self.assertEqual(asked(totp=code).status, 400, "used before")
        self.assertEqual(asked(totp=totp(secret, time.time() + 30)).status, 200)
        answers = [admin.call("startTotp", body={"password": f"wrong {i}"}).status for i in range(6)]
        self.assertEqual(answers, [400] * 5 + [429], "they count towards the lock")
        uses = [(e["operation"], e.get("detail")) for e in admin.call("listAudit").json["items"]]
        self.assertIn(("startTotp", "refused"), uses)


class ThrottleTest(ServerTest):
    """One user, or one address, does not use the server up."""

    def configure(self, text, server=None):
        with open(os.path.join(self.home, "site.toml"), "w", encoding="utf-8") as f:
            f.write("[people]\n" + text)
        if server is not None:
            server.process.send_signal(signal.SIGHUP)

    def test_a_user_who_asks_too_often_waits_and_others_do_not(self):
        server, admin = self.first_start()
        other = self.add_colleague(admin, server, "other", ["officer"])
        auditor = self.add_colleague(admin, server, "auditor", ["auditor"])
        self.configure("requests_per_minute = 20\n", server)
        ask = lambda: other.raw("GET", "/api/alerts?limit=1", headers=other.headers())
        wait_until(lambda: [ask() for _ in range(12)][-1].status == 429)
        refused = ask()
        self.assertEqual((refused.status, json.loads(refused.body)["code"]), (429, "too_many_requests"))
        self.assertIn(int(refused.headers["retry-after"]), (1, 2, 3))
        self.assertEqual(admin.call("listOrganisations").status, 200)
        noted = [(e["operation"], e["detail"]) for e in auditor.call("listAudit").json["items"]
                 if e["by"]["login"] == "other" and e.get("detail") == "too many requests"]
        self.assertEqual(noted, [("listAlerts", "too many requests")], "once in a row")
        self.configure("requests_per_minute = 0\n", server)
        wait_until(lambda: ask().status == 200)
        self.assertEqual({ask().status for _ in range(60)}, {200})

    def test_nor_does_an_address_try_to_sign_in_without_end(self):
        self.configure("sign_ins_per_minute = 12\n")
        server, _ = self.first_start()
        attempts = [server.client().call("signIn", body={"login": f"nobody{n}", "password": "wrong-secret-7"})
                    for n in range(10)]
        self.assertEqual({a.status for a in attempts}, {401, 429})
        self.assertEqual(attempts[-1].json["code"], "too_many_requests")
        self.assertEqual(server.client().raw("GET", "/health").status, 200)

    def test_what_is_no_rate_is_said(self):
        for text in ('requests_per_minute = "many"', "sign_ins_per_minute = -1", "requests_per_minute = 0.5"):
            self.configure(text + "\n")
            _, err = self.run_program("serve", "--http", "127.0.0.1:0", code=1)
            self.assertIn("per_minute is a number from 0 (no limit) to 1000000", err)


class PasswordTest(ServerTest):
    def test_any_that_is_long_counts_to_its_last_byte(self):
        server, admin = self.first_start()
        current = PASSWORD
        for wanted in (" blanks around it ", "naïve crêpes ☃ on ice", "tide " * 50 + "and a"):
            done = admin.call("changePassword", body={"current": current, "new": wanted})
            self.assertEqual(done.status, 200, done.body)
            for wrong in (wanted[:-1], wanted.upper(), wanted.strip() + " "):
                refused = server.client().call("signIn", body={"login": "admin", "password": wrong})
                self.assertEqual(refused.json["code"], "wrong_credentials")
            self.assertEqual(server.client("admin", wanted).call("getSession").status, 200)
            current = wanted
        change = lambda wanted: admin.call("changePassword", body={"current": current, "new": wanted}).status
        for wanted in ("x" * 257, "elevenchars", "the ADMIN of it", "quayWATCH 2026", "Password1234!", current):
            self.assertEqual(change(wanted), 400, wanted)
        self.assertEqual(admin.call("changePassword", body={"current": "wrong", "new": "another long one"}).status, 400)


    def test_none_of_the_site_s_list_is_taken(self):
        self.file("home/site.toml", '[people]\nrefused_passwords = "refused.txt"\n')
        self.run_program("serve", "--http", "127.0.0.1:0", code=1)
        self.file("home/refused.txt", "quiet harbour at night\r\nanother of them\n")
        server, admin = self.first_start()
        change = lambda wanted: admin.call("changePassword", body={"current": PASSWORD, "new": wanted})
        for wanted in ("quiet harbour at night", "Another Of Them"):
            refused = change(wanted)
            self.assertEqual((refused.status, refused.json["field"]), (400, "new"), refused.body)
            self.assertIn("list", refused.json["detail"])
        self.assertEqual(change("quiet harbour at nigh").status, 200)
        os.remove(os.path.join(self.home, "refused.txt"))
        refused = admin.call("changePassword", body={"current": "quiet harbour at nigh", "new": "one more of them"})
        self.assertEqual(refused.status, 500, "a list that is gone lets nothing through")


class RecordTest(ServerTest):
    def test_what_was_refused_is_on_record_and_no_secret_is(self):
        server, admin = self.first_start()
        viewer = self.add_colleague(admin, server, "viewer", ["viewer"])
        for login in ("viewer", "viewer", "nobody"):
            server.client().call("signIn", body={"login": login, "password": "wrong-secret-7"})
        self.assertEqual(viewer.call("listUsers").status, 403)
        viewer.csrf = "0" * 64
        self.assertEqual(viewer.call("openCase", body={"title": "x"}).json["code"], "csrf")
        page = admin.call("listAudit", query={"limit": 500})
        of_viewer = [(e["operation"], e.get("detail")) for e in page.json["items"] if e["by"]["login"] == "viewer"]
        self.assertEqual(of_viewer[:4], [("openCase", "refused"), ("listUsers", "refused"), ("signIn", "refused"),
                                         ("signIn", "refused")])
        self.assertTrue(all(re.fullmatch(r"\d{4}-.*Z", e["at"]) for e in page.json["items"]), "UTC")
        self.assertEqual(viewer.call("listAudit").status, 403)
        server.process.send_signal(signal.SIGTERM)
        out, log = server.process.communicate(timeout=30)
        for secret in ("wrong-secret-7", PASSWORD, viewer.cookie, admin.cookie, admin.csrf):
            self.assertNotIn(secret, page.body.decode() + out + log)
            for folder, _, names in os.walk(self.home):
                for name in names:
                    with open(os.path.join(folder, name), "rb") as f:
                        self.assertNotIn(secret.encode(), f.read(), name)


if __name__ == "__main__":
    main()
