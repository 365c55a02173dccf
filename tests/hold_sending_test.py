"""Requests to hold that are sent: to whom the site names, in each form, once, and with what became of it on record."""
import base64
import hashlib
import hmac
import http.server
import os
import signal
import socket
import threading
import time

from program import main
from relay import Relay
from server_test import wait_until
from telling_test import GONE, SECOND, SECRET, STRANGER, TellingTest


class Yard(http.server.ThreadingHTTPServer):
    """The web interface of a terminal: keeps (id, type, body) of what it took."""

    def __init__(self):
        self.taken, self.refused, self.status, self.faults = [], [], 204, []
        super().__init__(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()


class Answer(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
        signature = "v1," + base64.b64encode(hmac.new(SECRET, said, hashlib.sha256).digest()).decode()
        if self.headers["webhook-signature"] != signature:
            self.server.faults.append("wrong signature")
        kept = self.server.taken if self.server.status < 300 else self.server.refused
        kept.append((self.headers["webhook-id"], self.headers["Content-Type"], body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_):
        pass


class HoldSendingTest(TellingTest):
    def setUp(self):
        super().setUp()
        self.yard = Yard()
        self.addCleanup(self.yard.close)

    def receivers(self, more=""):
        """The yard's interface, which is told of no alert."""
        return (self.webhook("yard", more="only_on_call = true").replace(
            f":{self.receiver.port}/", f":{self.yard.server_port}/")
            + '[[hold_receiver]]\nname = "Yard office"\nform = "cohaor"\nchannel = "yard"\n' + more)

    def asked(self, client, receiver="Yard office"):
        """A hold of the stranger's box, asked for and sent there; a look at how it stands."""
        self.arrives("a.jsonl", STRANGER)
        alert_id = self.only_alert(client)
        made = self.ask(client, alert_id, receiver)
        self.assertEqual(made.status, 201, made.body)
        return lambda c=client: c.call("getAlert", {"alertId": alert_id}).json["holds"][-1]

    def ask(self, client, alert_id, receiver):
        return client.call("requestHold", {"alertId": alert_id},
                           body={"reason": "a stranger announced it", "receiver": receiver})

    def outbox(self, hold, ending):
        with open(os.path.join(self.home, "outbox", hold["hold_id"] + ending), "rb") as f:
            return f.read()

    def test_a_request_is_sent_once_also_across_a_restart(self):
        self.configure(self.receivers())
        server, admin = self.begin()
        hold = self.asked(admin)
        wait_until(lambda: hold()["sending"] == "delivered")
        shown = hold()
        self.assertEqual((shown["state"], shown["receiver"]), ("requested", "Yard office"))
        self.assertEqual([s["step"] for s in shown["steps"]], ["request", "sent", "delivered"])
        self.assertEqual(self.yard.taken, [(shown["hold_id"], "application/EDIFACT", self.outbox(shown, ".edi"))])
        self.assertNotIn(b"STRANGER", self.yard.taken[0][2].upper())
        server.stop(signal.SIGKILL)
        server, admin = self.again()
        time.sleep(3)
        self.assertEqual(len(self.yard.taken), 1)
        self.assertEqual(hold(admin), shown)
        self.assertEqual(self.yard.faults, [])
        self.assertEqual(self.receiver.events, [], "a receiver of holds is told of no alert")

    def test_what_was_not_taken_says_why_and_is_tried_again(self):
        self.yard.status = 503
        self.configure(self.receivers())
        server, admin = self.begin()
        hold = self.asked(admin)
        wait_until(lambda: hold()["steps"][-1].get("attempt", 0) >= 2)
        self.assertEqual((hold()["sending"], hold()["delivered_at"]), ("failed", None))
        last = hold()["steps"][-1]
        self.assertEqual((last["step"], last["reason"], last["by"]), ("failed", "the webhook answered 503", None))
        self.assertEqual([s["step"] for s in hold()["steps"]], ["request", "sent", "failed"], "of failures the last")
        server.stop(signal.SIGKILL)
        self.yard.status = 204
        server, admin = self.again()
        wait_until(lambda: hold(admin)["sending"] == "delivered")
        self.assertEqual({row[0] for row in self.yard.refused}, {self.yard.taken[0][0]}, "a repetition can be told")
        self.assertEqual(len(self.yard.taken), 1)

    def test_a_receiver_that_does_not_answer_delays_no_alert_and_no_other_request(self):
        silent = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(silent.close)
        slow = (self.webhook("slow", more="only_on_call = true").replace(
            f":{self.receiver.port}/", f":{silent.getsockname()[1]}/")
            + '[[hold_receiver]]\nname = "Slow office"\nform = "cohaor"\nchannel = "slow"\n')
        self.configure(self.webhook() + self.receivers() + slow)
        _, admin = self.begin()
        hold = self.asked(admin, "Slow office")
        wait_until(lambda: self.receiver.events)
        first = {a["alert_id"] for a in admin.call("listAlerts").json["items"]}
        connection, _ = silent.accept()
        self.addCleanup(connection.close)
        tried = time.monotonic()
        told = len(self.receiver.events)
        self.arrives("b.jsonl", STRANGER, SECOND)
        wait_until(lambda: len(self.receiver.events) > told)
        self.assertLess(time.monotonic() - tried, 8, "while the one does not answer")
        other = next(a["alert_id"] for a in admin.call("listAlerts").json["items"]
                     if a["level"] in ("high", "critical") and a["alert_id"] not in first)
        self.assertEqual(self.ask(admin, other, "Yard office").status, 201)
        wait_until(lambda: self.yard.taken)
        self.assertLess(time.monotonic() - tried, 20)
        wait_until(lambda: hold()["sending"] == "failed")

    def test_who_was_answered_by_telephone_sends_no_more(self):
        self.yard.status = 503
        self.configure(self.receivers())
        _, admin = self.begin()
        hold = self.asked(admin)
        wait_until(lambda: hold()["sending"] == "failed")
        answer = {"answer": "held", "reason": "the yard office has blocked it"}
        self.assertEqual(admin.call("answerHold", {"holdId": hold()["hold_id"]}, body=answer).status, 200)
        time.sleep(1)
        before = len(self.yard.refused)
        time.sleep(6)
        self.assertEqual((len(self.yard.refused), hold()["sending"]), (before, "stopped"))

    def test_a_box_that_has_left_is_asked_for_no_more(self):
        self.yard.status = 503
        self.configure(self.receivers())
        _, admin = self.begin()
        hold = self.asked(admin)
        self.arrives("gate.jsonl", GONE)
        wait_until(lambda: hold()["state"] == "too_late")
        self.assertEqual(hold()["sending"], "stopped")

    def test_a_mail_carries_both_papers_byte_by_byte(self):
        relay = Relay()
        self.addCleanup(relay.close)
        self.configure(f'[[channel]]\nname = "relay"\nkind = "smtp"\norganisation = "Site"\nonly_on_call = true\n'
                       f'relay = "127.0.0.1:{relay.port}"\nfrom = "quaywatch@port.example"\n'
                       + "".join(f'[[hold_receiver]]\nname = "{form}"\nform = "{form}"\nchannel = "relay"\n'
                                 f'to = "{form}@terminal.example"\n' for form in ("mail", "csv")))
        _, admin = self.begin()
        hold = self.asked(admin, "mail")
        wait_until(lambda: hold()["sending"] == "delivered")
        to, mail = relay.mails[0]
        self.assertEqual((to, mail["Subject"]),
                         ("mail@terminal.example", f"Hold request {hold()['hold_id']}: container QAYU1000011"))
        text, edi, csv = mail.get_payload()
        self.assertIn("asks you to hold container QAYU1000011", text.get_payload())
        for part, ending in ((edi, ".edi"), (csv, ".csv")):
            self.assertEqual(part.get_filename(), hold()["hold_id"] + ending)
            self.assertEqual(part.get_payload(decode=True), self.outbox(hold(), ending))
        answer = {"answer": "refused", "reason": "they want it on paper"}
        admin.call("answerHold", {"holdId": hold()["hold_id"]}, body=answer)
        self.assertEqual(self.ask(admin, self.only_alert(admin), "csv").status, 201)
        wait_until(lambda: hold()["sending"] == "delivered")
        self.assertEqual(relay.mails[1][1].get_content_type(), "text/csv")
        self.assertEqual(relay.mails[1][1].get_payload(decode=True), self.outbox(hold(), ".csv"))

    def test_only_whom_the_site_names_for_the_place_can_be_chosen(self):
        elsewhere = ('[[hold_receiver]]\nname = "Elsewhere"\nform = "csv"\nchannel = "yard"\n'
                     'facilities = ["XXXXX/Y"]\n')
        self.configure(self.receivers(elsewhere))
        server, admin = self.begin()
        self.arrives("a.jsonl", STRANGER)
        alert_id = self.only_alert(admin)
        listed = lambda: admin.call("listHoldReceivers", {"alertId": alert_id}).json["items"]
        self.assertEqual(listed(), [{"name": "Yard office", "form": "cohaor"}])
        for name in ("Elsewhere", "Nobody"):
            self.assertEqual(self.ask(admin, alert_id, name).status, 409)
        viewer = self.add_colleague(admin, server, "viewer", ["viewer"])
        self.assertEqual(viewer.call("listHoldReceivers", {"alertId": alert_id}).status, 403)
        self.yard.status = 503
        self.assertEqual(self.ask(admin, alert_id, "Yard office").status, 201)
        wait_until(lambda: self.yard.refused)
        self.configure(self.webhook())
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: listed() == [])
        hold = lambda: admin.call("getAlert", {"alertId": alert_id}).json["holds"][0]
        wait_until(lambda: "names this receiver no longer" in hold()["steps"][-1].get("reason", ""))
        self.yard.status = 204
        self.configure(self.receivers())
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: hold()["sending"] == "delivered")


if __name__ == "__main__":
    main()
