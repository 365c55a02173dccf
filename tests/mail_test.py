"""Relays that ask who sends: how a mail gets through, and what is said when it does not."""
import base64
import os
import signal

from program import main
from relay import Relay, certificate
from server_test import wait_until
from telling_test import STRANGER, TellingTest

PASSWORD = "correct horse, battery staple"
PEOPLE = {"quaywatch": PASSWORD}


class RelayTest(TellingTest):
    def setUp(self):
        super().setUp()
        self.authority, self.context = certificate(self.folder.name)

    def relay(self, **more):
        relay = Relay(self.context, people=PEOPLE, **more)
        self.addCleanup(relay.close)
        return relay

    def channel(self, name, relay, tls, password=PASSWORD):
        """A channel of that name that signs in, its password in a file."""
        secret = os.path.join(self.home, "telling", name)
        with open(secret, "w", encoding="utf-8") as f:
            f.write(password + "\n")
        os.chmod(secret, 0o600)
        return (f'[[channel]]\nname = "{name}"\nkind = "smtp"\norganisation = "Site"\n'
                f'relay = "127.0.0.1:{relay.port}"\n{tls} = true\nca_file = "{self.authority}"\n'
                f'user = "quaywatch"\nsecret_file = "telling/{name}"\n'
                'from = "quaywatch@port.example"\nto = "desk@port.example"\n')

    def told(self, client, alert_id):
        return {t["channel"]: t for t in client.call("getAlert", {"alertId": alert_id}).json["telling"]["told"]}

    def alert(self, client):
        self.arrives("a.jsonl", STRANGER)
        return self.only_alert(client)

    def assert_nowhere(self, server, secrets):
        """No file of the site but that of the secret, and no word of the program, holds one of them."""
        server.process.send_signal(signal.SIGTERM)
        out = "".join(server.process.communicate(timeout=30)).encode()
        for folder, _, names in os.walk(self.home):
            for name in names:
                if folder != os.path.join(self.home, "telling"):
                    with open(os.path.join(folder, name), "rb") as f:
                        out += f.read()
        for secret in secrets:
            self.assertNotIn(secret.encode(), out)

    @staticmethod
    def forms_of(password):
        return [password, base64.b64encode(password.encode()).decode(),
                base64.b64encode(f"\0quaywatch\0{password}".encode()).decode()]


class SignInTest(RelayTest):
    def test_a_mail_gets_through_whatever_the_relay_offers(self):
        relays = {"starttls": (self.relay(), "starttls"), "login": (self.relay(ways="LOGIN"), "starttls"),
                  "sealed": (self.relay(is_sealed=True, ways="XOAUTH2 plain"), "tls")}
        self.configure("".join(self.channel(name, relay, tls) for name, (relay, tls) in relays.items()))
        server, admin = self.begin()
        alert_id = self.alert(admin)
        wait_until(lambda: len(self.told(admin, alert_id)) == 3)
        self.assertEqual({t["outcome"] for t in self.told(admin, alert_id).values()}, {"delivered"})
        for name, way in (("starttls", "PLAIN"), ("login", "LOGIN"), ("sealed", "PLAIN")):
            relay = relays[name][0]
            self.assertEqual([to for to, _ in relay.mails], ["sealed desk@port.example"])
            self.assertEqual(relay.signed_in, [("quaywatch", way)])
            self.assertFalse([line for line in relay.said if b"AUTH" in line], "in clear nothing of it is said")
        self.assert_nowhere(server, self.forms_of(PASSWORD))

    def test_a_wrong_password_is_said_and_tried_again(self):
        wrong = "a word that was changed yesterday"
        relay, tattler = self.relay(), self.relay(ways="LOGIN", refusal="535 5.7.8 not PASSWORD")
        self.configure(self.channel("relay", relay, "starttls", wrong)
                       + self.channel("tattler", tattler, "starttls", wrong))
        server, admin = self.begin()
        alert_id = self.alert(admin)
        wait_until(lambda: relay.refused > 1 and tattler.refused > 1)
        wait_until(lambda: self.told(admin, alert_id).get("relay", {}).get("attempt", 0) > 1)
        told = self.told(admin, alert_id)
        self.assertEqual((told["relay"]["outcome"], told["relay"]["detail"]),
                         ("failed", "the relay refuses user or password: 535 5.7.8 not known here"))
        self.assertEqual(told["tattler"]["detail"], "the relay refuses it, with an answer that holds the password")
        self.assertEqual(relay.mails, [])
        relay.people = {"quaywatch": wrong}
        wait_until(lambda: relay.mails)
        wait_until(lambda: self.told(admin, alert_id)["relay"]["outcome"] == "delivered")
        self.assert_nowhere(server, self.forms_of(wrong))

    def test_a_password_that_was_corrected_counts_without_a_restart(self):
        relay = self.relay()
        self.configure(self.channel("relay", relay, "starttls", "of yesterday"))
        server, admin = self.begin()
        self.alert(admin)
        wait_until(lambda: relay.refused > 3)  # the next attempt would be in 16 s
        self.channel("relay", relay, "starttls")
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: relay.mails, 8)

    def test_nobody_in_between_gets_the_password(self):
        """A relay that offers no way to sign in, and one whose answers in clear run on into what should be TLS."""
        other, between = self.relay(ways="XOAUTH2"), self.relay()
        between.injected = b"250-relay.example\r\n250 AUTH LOGIN\r\n"
        self.configure(self.channel("other", other, "starttls") + self.channel("between", between, "starttls"))
        _, admin = self.begin()
        alert_id = self.alert(admin)
        wait_until(lambda: len(self.told(admin, alert_id)) == 2)
        told = self.told(admin, alert_id)
        self.assertIn("it offers XOAUTH2", told["other"]["detail"])
        self.assertIn("somebody may be in between", told["between"]["detail"])

    def test_what_cannot_be_kept_secret_is_refused_at_the_start(self):
        with_tls = self.channel("relay", self.relay(), "tls")
        self.configure(with_tls.replace("tls = true\n", ""))
        _, err = self.run_program("serve", "--http", "127.0.0.1:0", code=1)
        self.assertIn("a password goes out over TLS alone", err)
        self.configure(with_tls)
        os.chmod(os.path.join(self.home, "telling", "relay"), 0o640)
        _, err = self.run_program("serve", "--http", "127.0.0.1:0", code=1)
        self.assertIn("chmod 600", err)
        self.assertNotIn(PASSWORD, err)


if __name__ == "__main__":
    main()
