"""What leaves the console: alerts told to receivers of our own, the clock of the on-call list, and hold requests."""
import base64
import hashlib
import hmac
import http.server
import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
import unittest

from program import SAMPLE, main
from relay import Relay, certificate
from server_test import DESELECTED, ServerTest, wait_until

VECTORS = os.path.join(SAMPLE, "..", "..", "..", "detectors")
with open(os.path.join(VECTORS, "collector_never_held_release", "vectors", "fires_announced_by_stranger.jsonl"),
          encoding="utf-8") as file:
    WHOLE = file.read().splitlines()
GONE = [line for line in WHOLE if "gate_out" in line]
STRANGER = [line for line in WHOLE if line not in GONE]  # the box is announced and still there
SECOND = [("QAYU1000011", "QAYU1000027"), ("QAY26104222", "QAY26104299")]
with open(DESELECTED, encoding="utf-8") as file:
    DESELECTION = file.read().splitlines()
SECRET = b"a-secret-of-this-test-alone"


class Receiver:
    """A webhook that keeps what it was sent, and can be told to be out of order."""

    def __init__(self, tls=None):
        self.events, self.refused, self.status, self.faults = [], [], 204, []
        outer = self

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                said = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
                signature = "v1," + base64.b64encode(hmac.new(SECRET, said, hashlib.sha256).digest()).decode()
                if self.headers["webhook-signature"] not in (None, signature):
                    outer.faults.append("wrong signature")
                if self.headers["Content-Type"] != "application/cloudevents+json":
                    outer.faults.append(self.headers["Content-Type"])
                (outer.events if outer.status < 300 else outer.refused).append(json.loads(body))
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.port = self.server.server_port
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def alerts(self, kind="raised"):
        return [e["subject"] for e in self.events if e["type"] == "org.quaywatch.alert." + kind]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class TellingTest(ServerTest):
    def setUp(self):
        super().setUp()
        self.home = os.path.join(self.folder.name, "empty")
        self.drop = os.path.join(self.folder.name, "drop")
        os.makedirs(os.path.join(self.home, "telling"), mode=0o700)
        self.agree()
        os.mkdir(self.drop)
        self.receiver = Receiver()

    def tearDown(self):
        super().tearDown()
        self.receiver.close()
        self.assertEqual(self.receiver.faults, [])

    def configure(self, text):
        with open(os.path.join(self.home, "telling.toml"), "w", encoding="utf-8") as f:
            f.write(text)
        secret = os.path.join(self.home, "telling", "desk.secret")
        with open(secret, "wb") as f:
            f.write(SECRET + b"\n")
        os.chmod(secret, 0o600)

    def webhook(self, name="desk", organisation="Site", more=""):
        return (f'[[channel]]\nname = "{name}"\nkind = "webhook"\norganisation = "{organisation}"\n'
                f'url = "http://127.0.0.1:{self.receiver.port}/{name}"\nsecret_file = "telling/desk.secret"\n{more}\n')

    def begin(self, *more):
        started = self.first_start(self.drop, "--settle", "0", *more)
        time.sleep(2)  # telling has begun: what stands from here on is news
        return started

    def again(self):
        server = self.serve(self.drop, "--settle", "0")
        return server, server.client("admin")

    def metric(self, server, name):
        text = server.client().raw("GET", "/metrics").body.decode()
        return next(int(line.split()[1]) for line in text.splitlines() if line.startswith(name + " "))

    def arrives(self, name, lines, changed=()):
        """A file of a feed, with other words where wanted."""
        text = "\n".join(lines) + "\n"
        for old, new in changed:
            text = text.replace(old, new)
        whole = os.path.join(self.folder.name, name)
        with open(whole, "w", encoding="utf-8") as f:
            f.write(text)
        os.rename(whole, os.path.join(self.drop, name))

    def only_alert(self, client):
        query = {"level": "high,critical"}
        wait_until(lambda: client.call("listAlerts", query=query).json["items"])
        alerts = client.call("listAlerts", query=query).json["items"]
        self.assertEqual(len(alerts), 1)
        return alerts[0]["alert_id"]


class WebhookTest(TellingTest):
    def test_an_alert_is_told_once_with_the_minimum(self):
        self.configure('console = "https://quaywatch.port.example"\n' + self.webhook())
        _, admin = self.begin()
        began = time.monotonic()
        self.arrives("a.jsonl", STRANGER)
        wait_until(lambda: self.receiver.events)
        self.assertLess(time.monotonic() - began, 60)
        alert_id = self.only_alert(admin)
        event = self.receiver.events[0]
        self.assertEqual((event["specversion"], event["type"], event["subject"]),
                         ("1.0", "org.quaywatch.alert.raised", alert_id))
        self.assertEqual(set(event["data"]), {"alert_id", "revision", "news", "status", "level", "title", "facility",
                                              "event_time", "link"})
        self.assertEqual(event["data"]["link"], "https://quaywatch.port.example/watch?alert=" + alert_id)
        alert = admin.call("getAlert", {"alertId": alert_id}).json
        for subject in alert["summary"]["subjects"]:
            self.assertNotIn(subject["value"], json.dumps(event))
        wait_until(lambda: admin.call("getAlert", {"alertId": alert_id}).json["telling"]["told"])
        told = admin.call("getAlert", {"alertId": alert_id}).json["telling"]["told"]
        self.assertEqual([(t["channel"], t["outcome"], t["to"]) for t in told], [("desk", "delivered", None)])
        time.sleep(3)
        self.assertEqual(len(self.receiver.events), 1)

    def test_a_restart_neither_loses_nor_repeats(self):
        self.configure(self.webhook())
        server, admin = self.begin()
        self.arrives("a.jsonl", STRANGER)
        wait_until(lambda: len(self.receiver.alerts()) == 1)
        first = self.only_alert(admin)
        wait_until(lambda: admin.call("getAlert", {"alertId": first}).json["telling"]["told"])
        self.receiver.status = 503
        self.arrives("b.jsonl", STRANGER, SECOND)
        wait_until(lambda: self.receiver.refused)
        second = self.receiver.refused[0]["subject"]
        self.assertNotEqual(first, second)
        server.stop(signal.SIGKILL)
        self.receiver.status = 204
        server, admin = self.again()
        wait_until(lambda: len(self.receiver.alerts()) == 2)
        time.sleep(3)
        self.assertEqual(self.receiver.alerts(), [first, second])
        self.assertEqual(self.receiver.events[1]["id"], self.receiver.refused[0]["id"], "a repetition can be told")
        told = admin.call("getAlert", {"alertId": second}).json["telling"]["told"]
        self.assertEqual(told[-1]["outcome"], "delivered")
        self.assertGreaterEqual(self.metric(server, "quaywatch_told_failed_total"), 1)

    def test_what_stood_before_is_not_told_and_a_withdrawal_is(self):
        self.arrives("old.jsonl", STRANGER, SECOND)
        server, admin = self.begin()
        old = self.only_alert(admin)
        server.stop()
        self.configure(self.webhook())
        server, admin = self.again()
        time.sleep(2)
        self.arrives("a.jsonl", STRANGER)
        wait_until(lambda: self.receiver.alerts())
        self.assertNotIn(old, self.receiver.alerts())
        new = self.receiver.alerts()[0]
        late = {**next(e for e in map(json.loads, STRANGER) if e["type"] == "release.transferred"),
                "event_time": "2026-03-03T20:00:00Z", "release.from": "HT-QIRP", "release.to": "HZ-QRAS"}
        self.arrives("late.jsonl", [json.dumps(late)])
        wait_until(lambda: self.receiver.alerts("withdrawn"))
        self.assertEqual(self.receiver.alerts("withdrawn"), [new])

    def test_a_flood_comes_together_and_whole(self):
        self.configure("per_minute = 2\n" + self.webhook())
        _, admin = self.begin()
        for i in range(30):
            self.arrives(f"flood{i:02}.jsonl", STRANGER, [("HZ-QRAS", f"HZ-Q{i:02}"), ("qras.01", f"q.{i:02}")])
        wait_until(lambda: admin.call("listAlerts").json["counts"]["all"] >= 20)
        wanted = {a["alert_id"] for a in admin.call("listAlerts").json["items"] if a["level"] in ("high", "critical")}

        def told():
            out = set(self.receiver.alerts())
            for e in self.receiver.events:
                if e["type"] == "org.quaywatch.alerts.grouped":
                    self.assertEqual(e["data"]["count"], len(e["data"]["alerts"]))
                    out |= {a["alert_id"] for a in e["data"]["alerts"]}
            return out

        wait_until(lambda: told() >= wanted, 150)
        self.assertLessEqual(len(self.receiver.events), 6)


class WallTest(TellingTest):
    def test_a_channel_gets_only_what_its_organisation_may_read(self):
        self.configure(self.webhook("customs", "customs *") + self.webhook("terminal", "terminal *"))
        server, admin = self.begin()
        self.add_user(admin, server, "selector", ["officer"], "customs")
        self.add_user(admin, server, "planner", ["officer"], "terminal")
        self.arrives("a.jsonl", DESELECTION)
        wait_until(lambda: self.metric(server, "quaywatch_told_total") > 0)
        wait_until(lambda: self.metric(server, "quaywatch_told_withheld_total") > 0)
        alert_id = self.only_alert(admin)
        self.assertEqual(self.receiver.alerts(), [alert_id])
        self.assertEqual(admin.call("getAlert", {"alertId": alert_id}).json["telling"]["told"], [],
                         "what another organisation was told is not shown")

    def test_whom_it_is_about_is_neither_asked_nor_reads_the_channel(self):
        self.configure(self.webhook() + self.webhook("pager", more="only_on_call = true")
                       + '[[on_call]]\nuser = "insider"\nchannel = "pager"\n'
                       + '[[on_call]]\nuser = "admin"\nchannel = "pager"\n')
        server, admin = self.begin()
        organisation = next(o["id"] for o in admin.call("listOrganisations").json["items"] if o["name"] == "Site")
        made = admin.call("createUser", body={"login": "insider", "name": "Insider", "roles": ["officer"],
                                              "organisation_id": organisation, "accounts": ["qras.01"]})
        self.assertEqual(made.status, 201, made.body)
        self.arrives("a.jsonl", STRANGER)
        alert_id = self.only_alert(admin)
        wait_until(lambda: self.receiver.alerts())
        time.sleep(2)
        telling = admin.call("getAlert", {"alertId": alert_id}).json["telling"]
        self.assertEqual([a["who"]["login"] for a in telling["asked"]], ["admin"])
        self.assertEqual([t["channel"] for t in telling["told"]], ["pager"])


    def test_who_turns_out_to_be_concerned_is_not_told_what_waited(self):
        self.configure(self.webhook())
        server, admin = self.begin()
        self.receiver.status = 503
        self.arrives("a.jsonl", STRANGER)
        wait_until(lambda: self.receiver.refused)
        organisation = next(o["id"] for o in admin.call("listOrganisations").json["items"] if o["name"] == "Site")
        admin.call("createUser", body={"login": "insider", "name": "Insider", "roles": ["officer"],
                                       "organisation_id": organisation, "accounts": ["qras.01"]})
        self.receiver.status = 204
        wait_until(lambda: self.metric(server, "quaywatch_told_open") == 0)
        time.sleep(5)
        self.assertEqual(self.receiver.events, [])


class OnCallTest(TellingTest):
    def list_of_two(self, after="4s"):
        return (self.webhook(more="only_on_call = true")
                + f'[[on_call]]\nuser = "admin"\nchannel = "desk"\nescalate_after = "{after}"\n'
                + f'[[on_call]]\nuser = "night"\nchannel = "desk"\nescalate_after = "{after}"\n')

    def test_the_next_is_asked_until_somebody_acknowledges(self):
        self.configure(self.list_of_two())
        server, admin = self.begin()
        night = self.add_user(admin, server, "night", ["officer"])
        self.arrives("a.jsonl", STRANGER)
        alert_id = self.only_alert(admin)
        wait_until(lambda: len(self.receiver.alerts()) == 1)
        telling = lambda client: client.call("getAlert", {"alertId": alert_id}).json["telling"]
        self.assertIsNotNone(telling(admin)["next_at"])
        self.assertEqual(night.call("acknowledgeAlert", {"alertId": alert_id}).status, 409, "not asked yet")
        server.stop()
        server, admin = self.again()
        night = server.client("night")
        wait_until(lambda: len(self.receiver.alerts()) == 2)
        done = night.call("acknowledgeAlert", {"alertId": alert_id})
        self.assertEqual(done.status, 200, done.body)
        self.assertEqual(done.json["telling"]["acknowledged"]["by"]["login"], "night")
        self.assertGreaterEqual(done.json["telling"]["acknowledged"]["after_s"], 4)
        self.assertIsNone(done.json["telling"]["next_at"])
        self.assertEqual(night.call("acknowledgeAlert", {"alertId": alert_id}).status, 409)
        self.assertEqual(telling(admin)["acknowledged"]["by"]["login"], "", "of another organisation: its name alone")
        time.sleep(6)
        self.assertEqual(len(self.receiver.alerts()), 2)
        self.assertFalse(telling(admin)["is_at_its_end"])

    def test_a_decision_is_an_answer_and_the_list_has_an_end(self):
        self.configure(self.list_of_two("1s"))
        server, admin = self.begin()
        self.add_user(admin, server, "night", ["officer"])
        self.arrives("a.jsonl", STRANGER)
        alert_id = self.only_alert(admin)
        wait_until(lambda: admin.call("getAlert", {"alertId": alert_id}).json["telling"]["is_at_its_end"])
        self.assertEqual(len(self.receiver.alerts()), 2)
        taken = admin.call("decideAlert", {"alertId": alert_id}, body={"action": "take"}).json
        self.assertEqual(taken["telling"]["acknowledged"]["by"]["login"], "admin")
        self.assertFalse(taken["telling"]["is_at_its_end"])


RSYSLOGD = shutil.which("rsyslogd", path=os.environ.get("PATH", "") + ":/usr/sbin")


class CollectorTest(TellingTest):
    @unittest.skipUnless(RSYSLOGD, "rsyslogd is not installed (Debian package rsyslog)")
    def test_rsyslogd_reads_over_tcp_what_it_should(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        got, conf = (os.path.join(self.folder.name, name) for name in ("got", "rsyslog.conf"))
        with open(conf, "w", encoding="utf-8") as f:
            f.write(f'module(load="imtcp")\nglobal(workDirectory="{self.folder.name}")\n'
                    'template(name="fields" type="string" string="%pri-text% %app-name% %msgid%|%msg%\\n")\n'
                    f'ruleset(name="all") {{ action(type="omfile" file="{got}" template="fields") }}\n'
                    f'input(type="imtcp" address="127.0.0.1" port="{port}" ruleset="all")\n')
        process = subprocess.Popen([RSYSLOGD, "-n", "-f", conf, "-i", os.path.join(self.folder.name, "pid")])
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        self.configure('[[channel]]\nname = "siem"\nkind = "syslog"\norganisation = "Site"\n'
                       f'address = "tcp:127.0.0.1:{port}"\nformat = "cef"\n')
        _, admin = self.begin()
        self.arrives("a.jsonl", STRANGER)
        alert_id = self.only_alert(admin)
        wait_until(lambda: os.path.exists(got) and os.path.getsize(got))
        with open(got, encoding="utf-8") as f:
            lines = f.read().splitlines()
        self.assertEqual(len(lines), 1, "one frame is one message")
        self.assertRegex(lines[0], r"^local0\.err quaywatch alert\.raised\| ?CEF:0\|Quaywatch\|")
        self.assertIn("externalId=" + alert_id, lines[0])


class OtherChannelTest(TellingTest):
    def test_mail_and_syslog(self):
        relay, collector = Relay(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        collector.bind(("127.0.0.1", 0))
        collector.settimeout(60)
        udp, tcp = collector.getsockname()[1], relay.server_address[1]
        self.configure(
            f'[[channel]]\nname = "relay"\nkind = "smtp"\norganisation = "Site"\nrelay = "127.0.0.1:{tcp}"\n'
            'from = "quaywatch@port.example"\nto = "desk@port.example"\n'
            f'[[channel]]\nname = "siem"\nkind = "syslog"\norganisation = "Site"\naddress = "udp:127.0.0.1:{udp}"\n'
            'format = "cef"\n')
        _, admin = self.begin()
        self.arrives("a.jsonl", STRANGER)
        alert_id = self.only_alert(admin)
        line = collector.recv(4096).decode()
        self.assertRegex(line, r"^<131>1 \S+Z - quaywatch - alert\.raised - CEF:0\|Quaywatch\|")
        self.assertIn("externalId=" + alert_id, line)
        wait_until(lambda: relay.mails)
        to, mail = relay.mails[0]
        self.assertEqual((to, mail["To"], mail["Auto-Submitted"]), ("desk@port.example",) * 2 + ("auto-generated",))
        self.assertIn(alert_id, mail.get_payload())
        collector.close()
        relay.close()

    def test_tls_trusts_only_whom_it_should(self):
        authority, context = certificate(self.folder.name)
        sealed, relay = Receiver(context), Relay(context)
        https = (f'[[channel]]\nname = "NAME"\nkind = "webhook"\norganisation = "Site"\n'
                 f'url = "https://127.0.0.1:{sealed.port}/"\n')
        self.configure(
            https.replace("NAME", "trusted") + f'ca_file = "{authority}"\n' + https.replace("NAME", "stranger")
            + f'[[channel]]\nname = "relay"\nkind = "smtp"\norganisation = "Site"\n'
            + f'relay = "127.0.0.1:{relay.server_address[1]}"\nfrom = "quaywatch@port.example"\n'
            + f'to = "desk@port.example"\nstarttls = true\nca_file = "{authority}"\n')
        _, admin = self.begin()
        self.arrives("a.jsonl", STRANGER)
        alert_id = self.only_alert(admin)
        told = lambda: {t["channel"]: t for t in
                        admin.call("getAlert", {"alertId": alert_id}).json["telling"]["told"]}
        wait_until(lambda: len(told()) == 3)
        self.assertEqual({n: t["outcome"] for n, t in told().items()},
                         {"trusted": "delivered", "stranger": "failed", "relay": "delivered"})
        self.assertIn("whose certificate", told()["stranger"]["detail"])
        self.assertEqual(sealed.alerts(), [alert_id])
        self.assertEqual([to for to, _ in relay.mails], ["sealed desk@port.example"])
        sealed.close()
        relay.close()

    def test_what_is_wrong_with_the_configuration_is_said_at_the_start(self):
        self.configure(self.webhook())
        os.chmod(os.path.join(self.home, "telling", "desk.secret"), 0o644)
        _, err = self.run_program("serve", "--http", "127.0.0.1:0", code=1)
        self.assertIn("chmod 600", err)


class HoldTest(TellingTest):
    def ask(self, client, alert_id, **body):
        return client.call("requestHold", {"alertId": alert_id}, body={"reason": "a stranger announced it", **body})

    def test_a_hold_goes_out_and_is_answered(self):
        server, admin = self.begin()
        self.arrives("a.jsonl", STRANGER)
        alert_id = self.only_alert(admin)
        self.assertEqual(self.ask(admin, alert_id, container="QAYU1000027").status, 409, "not of this alert")
        made = self.ask(admin, alert_id)
        self.assertEqual(made.status, 201, made.body)
        hold = made.json["holds"][0]
        self.assertEqual((hold["state"], hold["container"]), ("requested", "QAYU1000011"))
        self.assertEqual(self.ask(admin, alert_id).status, 409, "it stands already")
        outbox = os.path.join(self.home, "outbox")
        files = {ending: os.path.join(outbox, hold["hold_id"] + ending) for ending in (".edi", ".csv", ".txt")}
        for path in files.values():
            self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
            with open(path, encoding="utf-8") as f:
                text = f.read()
            self.assertIn("QAYU1000011", text)
            self.assertNotIn("stranger", text, "the reason stays here")
        out, _ = self.run_program("decode", files[".edi"])
        read = [row for row in map(json.loads, out.splitlines()) if "finding" not in row]
        self.assertEqual([(e["type"], e["container.number"], e["facility"], e["handling.kind"][0]) for e in read],
                         [("handling.ordered", "QAYU1000011", hold["facility"], "HOLD")])
        self.assertEqual(read[0]["order.ref"], hold["hold_id"].replace("-", "").upper())

        self.arrives("before.jsonl", GONE, [("2026-03-04T01:", "2026-02-04T01:")])
        wait_until(lambda: any(f["feed"] == "codeco" for f in admin.call("listFeeds").json["items"]))
        time.sleep(2)
        self.assertEqual(admin.call("getAlert", {"alertId": alert_id}).json["holds"][0]["state"], "requested",
                         "an earlier visit is over and is not this one")
        other = self.add_user(admin, server, "planner", ["officer"], "terminal")
        shown = other.call("getAlert", {"alertId": alert_id})
        self.assertEqual((shown.json["holds"], shown.json["decisions"]), ([], []))
        self.assertNotIn(hold["hold_id"].encode(), shown.body)
        answer = {"answer": "held", "reason": "the yard office has blocked it"}
        self.assertEqual(other.call("answerHold", {"holdId": hold["hold_id"]}, body=answer).status, 404)
        done = admin.call("answerHold", {"holdId": hold["hold_id"]}, body=answer)
        self.assertEqual(done.json["holds"][0]["state"], "answered", done.body)
        self.assertEqual([s["step"] for s in done.json["holds"][0]["steps"]], ["request", "sent", "answer"])
        self.assertEqual(admin.call("answerHold", {"holdId": hold["hold_id"]}, body=answer).status, 409)
        server.stop(signal.SIGKILL)
        _, admin = self.again()
        self.assertEqual(admin.call("getAlert", {"alertId": alert_id}).json["holds"], done.json["holds"])

    def test_a_hold_is_too_late_when_the_box_has_left(self):
        server, admin = self.begin()
        self.arrives("a.jsonl", STRANGER)
        alert_id = self.only_alert(admin)
        self.assertEqual(self.ask(admin, alert_id).status, 201)
        self.arrives("gate.jsonl", GONE)
        hold = lambda: admin.call("getAlert", {"alertId": alert_id}).json["holds"][0]
        wait_until(lambda: hold()["state"] == "too_late")
        last = hold()["steps"][-1]
        self.assertEqual((last["step"], last["by"]), ("too_late", None))
        self.assertIn("container.gate_out at 2026-03-04T01:07:00Z", last["reason"])
        refused = {"answer": "held", "reason": "x"}
        self.assertEqual(admin.call("answerHold", {"holdId": hold()["hold_id"]}, body=refused).status, 409)
        self.assertEqual(self.ask(admin, alert_id).status, 201, "it may be asked for again")
        wait_until(lambda: admin.call("getAlert", {"alertId": alert_id}).json["holds"][1]["state"] == "too_late")


if __name__ == "__main__":
    main()
