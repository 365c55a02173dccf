"""telling.toml is read again on SIGHUP: who is told from then on, who no longer, and that nobody is told twice."""
import signal
import time

from program import main
from server_test import wait_until
from telling_test import SECOND, STRANGER, Receiver, TellingTest

THIRD = [("QAYU1000011", "QAYU1000032"), ("QAY26104222", "QAY26104233")]


class ReloadTest(TellingTest):
    def setUp(self):
        super().setUp()
        self.other = Receiver()
        self.addCleanup(self.other.close)

    def to_other(self):
        """The channel `other`, to a receiver of its own."""
        return self.webhook("other").replace(f":{self.receiver.port}/", f":{self.other.port}/")

    def problem(self, client):
        return client.call("getService").json["configuration"]["problem"]

    def reload(self, server, client, text):
        """As the server is told to; until what it read is in force."""
        read_at = lambda: client.call("getService").json["configuration"]["read_at"]
        before = read_at()
        self.configure(text)
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: read_at() != before)
        time.sleep(1)  # and the round of telling that takes it up
        self.assertEqual(self.problem(client), "")

    def words(self, server):
        server.process.send_signal(signal.SIGTERM)
        return server.process.communicate(timeout=30)[1]

    def test_a_new_channel_is_told_what_comes_and_nobody_twice(self):
        self.configure(self.webhook())
        server, admin = self.begin()
        self.arrives("a.jsonl", STRANGER)
        wait_until(lambda: len(self.receiver.alerts()) == 1)
        console = 'console = "https://quaywatch.port.example"\n'
        self.reload(server, admin, console + self.webhook() + self.to_other())
        time.sleep(1)
        self.arrives("b.jsonl", STRANGER, SECOND)
        wait_until(lambda: len(self.receiver.alerts()) == 2 and self.other.alerts())
        self.assertEqual(self.other.alerts(), self.receiver.alerts()[1:])
        self.assertTrue(self.other.events[0]["data"]["link"].startswith("https://quaywatch.port.example/"))
        self.reload(server, admin, self.to_other())
        server.stop(signal.SIGKILL)
        server, admin = self.again()
        time.sleep(3)
        self.assertEqual((len(self.receiver.events), len(self.other.events)), (2, 1))

    def test_a_bad_file_keeps_the_old_one_whole(self):
        self.configure(self.webhook())
        server, admin = self.begin()
        self.configure("per_minut = 3\n" + self.to_other())
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.problem(admin))
        self.assertIn("telling.toml:1: unknown key 'per_minut'; nearest: 'per_minute'", self.problem(admin))
        self.assertEqual(server.client().raw("GET", "/health").json["configuration"], "kept")
        self.arrives("a.jsonl", STRANGER)
        wait_until(lambda: self.receiver.alerts())
        self.assertEqual(self.other.events, [])
        self.assertIn("the configuration stays as it was", self.words(server))

    def test_what_waits_for_a_channel_that_vanished_is_dropped_and_said(self):
        self.receiver.status = 503
        self.configure(self.webhook() + self.to_other())
        server, admin = self.begin()
        self.arrives("a.jsonl", STRANGER)
        wait_until(lambda: self.receiver.refused and self.other.alerts())
        first = self.other.alerts()[0]
        wait_until(lambda: self.metric(server, "quaywatch_told_open") == 1)
        self.reload(server, admin, self.to_other())
        wait_until(lambda: self.metric(server, "quaywatch_told_open") == 0)
        self.receiver.status = 204
        self.arrives("b.jsonl", STRANGER, SECOND)
        wait_until(lambda: len(self.other.alerts()) == 2)
        self.reload(server, admin, self.webhook() + self.to_other())
        time.sleep(1)
        self.arrives("c.jsonl", STRANGER, THIRD)
        wait_until(lambda: self.receiver.alerts() and len(self.other.alerts()) == 3)
        time.sleep(2)
        self.assertEqual(self.receiver.alerts(), self.other.alerts()[2:], "it begins anew")
        self.assertNotIn(first, self.receiver.alerts())
        self.assertIn("telling.toml no longer tells the channel 'desk'; what waited and is not told there: 1",
                      self.words(server))

    def test_clocks_go_on_with_the_new_list(self):
        row = '[[on_call]]\nuser = "{}"\nchannel = "{}"\nescalate_after = "{}"\n'
        pager = self.webhook(more="only_on_call = true")
        self.configure(pager + row.format("admin", "desk", "1h"))
        server, admin = self.begin()
        self.add_user(admin, server, "night", ["officer"])
        self.receiver.status = 503
        self.arrives("a.jsonl", STRANGER)
        wait_until(lambda: self.receiver.refused)
        alert_id = self.only_alert(admin)
        telling = lambda: admin.call("getAlert", {"alertId": alert_id}).json["telling"]
        self.assertEqual(len(telling()["asked"]), 1)
        other = self.to_other() + "only_on_call = true\n"
        self.reload(server, admin, other + row.format("admin", "other", "3s") + row.format("night", "other", "1h"))
        wait_until(lambda: len(self.other.alerts()) == 2)
        self.assertEqual({e["subject"] for e in self.other.events}, {alert_id},
                         "what waited for the first goes by his new channel, and the second is asked")
        self.reload(server, admin, other + row.format("night", "other", "1h"))
        time.sleep(2)
        self.assertFalse(telling()["is_at_its_end"])
        self.assertEqual(len(self.other.events), 2)
        self.assertEqual(len(telling()["asked"]), 1, "night is of another organisation")


if __name__ == "__main__":
    main()
