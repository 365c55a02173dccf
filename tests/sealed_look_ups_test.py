"""What customs and police look up is in the journal, and nobody reads it there without their organisation's key."""
import hashlib
import json
import os
import shutil
import struct
import subprocess

from deployed_server_test import ANY_LOOK_UP
from program import main
from server_test import ServerTest, settled, wait_until

CUSTOMS_BOX, POLICE_BOX, TERMINAL_BOX = "QXBU7000018", "QXBU7000023", "QXBU7000039"
KEYS = "organisation_keys"


def frames(path):
    """Sequence, leaf and entry of each frame of a segment, and the id of its key (docs/formats/journal.md)."""
    with open(path, "rb") as f:
        data = f.read()
    at, out = struct.unpack_from("<I", data, 12)[0], []
    while at + 8 <= len(data):
        length, = struct.unpack_from("<I", data, at)
        if length == 0:
            break  # room that was taken ahead
        sequence, = struct.unpack_from("<Q", data, at + 8)
        size, = struct.unpack_from("<I", data, at + 48)
        out.append((sequence, data[at + 16:at + 48], data[at + 52:at + 52 + size]))
        at += 8 + length
    return data[24:40].hex(), out


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def split(n):
    """The largest power of two below n."""
    return 1 << (n - 1).bit_length() - 1


def root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node(root(leaves[:k]), root(leaves[k:]))


def path_of(index, leaves):
    """The audit path of RFC 6962, 2.1.1: what a leaf must be hashed with, from below."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return path_of(index, leaves[:k]) + [(root(leaves[k:]), False)]
    return path_of(index - k, leaves[k:]) + [(root(leaves[:k]), True)]


def digest(alerts):
    return sorted((a["alert_id"], a["status"], a["matches"]) for a in alerts)


class SealedLookUpsTest(ServerTest):
    def setUp(self):
        ServerTest.imported = ServerTest.imported or False  # no sample day
        super(ServerTest, self).setUp()
        self.servers = []
        self.rules = os.path.join(self.folder.name, "rules", "any_look_up")
        os.makedirs(self.rules)
        with open(os.path.join(self.rules, "rule.yml"), "w", encoding="utf-8") as f:
            f.write(ANY_LOOK_UP[-1]["text"])
        self.agree()
        # Nobody listens there: that it was tried is on record, too.
        with open(os.path.join(self.home, "telling.toml"), "w", encoding="utf-8") as f:
            f.write('[[channel]]\nname = "desk"\nkind = "printer"\norganisation = "customs *"\n'
                    'url = "ipp://127.0.0.1:9/ipp/print"\nread_by = ["customs.sees"]\n')

    def start(self):
        return self.serve("--rules", self.rules)

    def staffed(self):
        """A site at which each organisation has one who looks things up and one who is told of it."""
        server, admin = self.first_start("--rules", self.rules)
        self.people = {}
        for kind, owners in (("customs", ("*",)), ("police", ("*",)), ("terminal", ("QXT",))):
            for login, roles in ((f"{kind}.looks", ["officer"]), (f"{kind}.sees", ["officer", "auditor"])):
                self.people[login] = self.add_user(admin, server, login, roles, kind, owners)
        return server, admin

    def looked_up(self):
        """The server has ended; `seen` is what each organisation saw of its own look-ups."""
        server, admin = self.staffed()
        wait_until(lambda: b"telling.begun" in self.journal())
        # On record before anybody can say that nothing names the box.
        for kind, box in (("customs", CUSTOMS_BOX), ("police", POLICE_BOX), ("terminal", TERMINAL_BOX)):
            looks, sees = self.people[f"{kind}.looks"], self.people[f"{kind}.sees"]
            self.assertEqual(looks.call("getTimeline", {"kind": "container", "key": box}).status, 404)
            wait_until(lambda sees=sees: sees.call("listAlerts").json["items"])
            alert = sees.call("listAlerts").json["items"][0]["alert_id"]
            again = looks.call("searchSubjects", query={"q": box + "SOUGHT"})
            self.assertEqual(again.status, 200, again.body)
            self.assertEqual(sees.call("getAlert", {"alertId": alert}).status, 200)
            self.assertEqual(sees.call("getTimeline", {"kind": "container", "key": box},
                                       query={"alert_id": alert}).status, 404)
        settled(admin)
        wait_until(lambda: "\nquaywatch_told_failed_total 0\n" not in admin.raw("GET", "/metrics").body.decode())
        self.seen = {kind: self.seen_by(kind) for kind in ("customs", "police", "terminal")}
        self.assertEqual(admin.raw("GET", "/health").json["organisation_keys"], "whole")
        self.assertEqual(server.stop(), 0)
        self.detected = self.detect()

    def seen_by(self, kind):
        # Asked first: the rest is on record too.
        sees = self.people[f"{kind}.sees"]
        audit = [(a["operation"], a.get("subject"), a.get("detail"), a["by"]["login"])
                 for a in sees.call("listAudit", query={"limit": 500}).json["items"]]
        alerts = sees.call("listAlerts").json["items"]
        return {"audit": audit, "alerts": digest(alerts), "revisions": [(a["alert_id"], a["revision"]) for a in alerts],
                "evidence": [sees.call("getAlert", {"alertId": a["alert_id"]}).json["evidence"] for a in alerts]}

    def sign_in_all(self, server):
        self.people = {login: server.client(login) for login in self.people}

    def detect(self):
        out, _ = self.run_program("detect", "--rules", self.rules, "--format", "jsonl")
        return [json.loads(line) for line in out.splitlines()]

    def journal(self):
        out = b""
        for folder in ("input", "findings", "blobs", "raw", "requests", "keys"):
            for at, _, names in os.walk(os.path.join(self.home, folder)):
                for name in names:
                    with open(os.path.join(at, name), "rb") as f:
                        out += name.encode() + f.read()
        return out

    def secrets(self, kind, box):
        return [box, f"{kind}.looks", f"{kind}.sees", box + "SOUGHT",
                *(alert_id for alert_id, *_ in self.seen[kind]["alerts"])]


class WithTheKeyTest(SealedLookUpsTest):
    def test_all_is_as_before_also_after_a_restart(self):
        self.looked_up()
        for kind, box in (("customs", CUSTOMS_BOX), ("police", POLICE_BOX), ("terminal", TERMINAL_BOX)):
            seen = self.seen[kind]
            self.assertEqual(len(seen["alerts"]), 1, "whom it is about does not see the one on himself")
            self.assertIn(box, json.dumps(seen["evidence"]))
            self.assertIn(("getTimeline", f"container:{box}", None, f"{kind}.looks"), seen["audit"])
            self.assertIn(("searchSubjects", "", box + "SOUGHT", f"{kind}.looks"), seen["audit"])
        told = {a["alert_id"] for a in self.detected}
        self.assertTrue({a[0] for seen in self.seen.values() for a in seen["alerts"]} <= told)
        self.assertEqual(len(told), 6, "each who looked something up")

        server = self.start()
        self.sign_in_all(server)
        for kind, before in self.seen.items():
            after = self.seen_by(kind)
            own = [a for a in after["audit"] if a[0] != "signIn"]
            self.assertEqual(own[len(own) - len([a for a in before["audit"] if a[0] != "signIn"]):],
                             [a for a in before["audit"] if a[0] != "signIn"])
            for what in ("alerts", "revisions", "evidence"):
                self.assertEqual(after[what], before[what], "what was told is not told again")
        self.assertEqual(server.stop(), 0)

    def test_a_rule_on_look_ups_counts_those_of_before_a_restart(self):
        self.looked_up()
        server = self.start()
        self.sign_in_all(server)
        looks, sees = self.people["customs.looks"], self.people["customs.sees"]
        before = sees.call("listAlerts").json["items"]
        self.assertEqual([a["matches"] for a in before], [1])
        looks.call("getTimeline", {"kind": "container", "key": CUSTOMS_BOX})
        wait_until(lambda: [a["matches"] for a in sees.call("listAlerts").json["items"]] == [2])
        self.assertEqual(sees.call("listAlerts").json["items"][0]["alert_id"], before[0]["alert_id"])
        self.assertEqual(server.stop(), 0)
        self.assertIn((before[0]["alert_id"], 2), [(a["alert_id"], a["matches"]) for a in self.detect()])


class WithoutTheKeyTest(SealedLookUpsTest):
    def take_keys_away(self):
        self.away = os.path.join(self.folder.name, "away")
        os.rename(os.path.join(self.home, KEYS), self.away)

    def put_keys_back(self):
        shutil.copytree(self.away, os.path.join(self.home, KEYS), dirs_exist_ok=True)

    def test_the_bytes_of_the_journal_show_neither_box_nor_user_nor_task(self):
        self.looked_up()
        journal = self.journal()
        for kind, box in (("customs", CUSTOMS_BOX), ("police", POLICE_BOX)):
            for secret in self.secrets(kind, box):
                self.assertFalse(secret.encode() in journal, secret)
            for login in (f"{kind}.looks", f"{kind}.sees"):
                by = json.dumps({"by": self.people[login].user_id}, separators=(",", ":"))[:-1].encode()
                self.assertEqual(journal.count(by), 0, "nor who did anything")
        # Their own is as it was: a terminal's look-ups are walled by the server, not sealed.
        self.assertTrue(TERMINAL_BOX.encode() in journal)
        self.assertTrue(b'"by":"' + self.people["terminal.looks"].user_id.encode() in journal)
        names = sorted(os.listdir(os.path.join(self.home, KEYS)))
        self.assertEqual(len(names), 2, "customs and police, and nobody else")
        for name in names:
            self.assertEqual(os.stat(os.path.join(self.home, KEYS, name)).st_mode & 0o777, 0o600)
            self.assertEqual(journal.count(b'"organisation":"' + name.rsplit("-", 1)[0].encode() + b'","key":'), 1,
                             "that a key was made is on record")

    def test_no_command_with_the_keys_of_the_site_shows_them(self):
        self.looked_up()
        self.take_keys_away()
        alerts = [a[0] for kind in ("customs", "police") for a in self.seen[kind]["alerts"]]
        text = ""
        for code, *command in ((0, "detect", "--rules", self.rules, "--format", "jsonl", "--reveal"),
                               (0, "detect", "--rules", self.rules, "--reveal"),
                               (0, "blindspots", "--rules", self.rules), (0, "coverage", "--rules", self.rules),
                               (0, "backtest", "--rules", self.rules, "--reveal"), (0, "feeds"),
                               (0, "rebuild"),
                               *((0, "timeline", box, "--reveal") for box in (CUSTOMS_BOX, POLICE_BOX)),
                               *((1, "explain", alert, "--rules", self.rules, "--reveal") for alert in alerts)):
            out, err = self.run_program(*command, code=code)
            # What was asked for is said back.
            for word in command:
                out, err = out.replace(word, ""), err.replace(word, "")
            text += out + err
        for kind, box in (("customs", CUSTOMS_BOX), ("police", POLICE_BOX)):
            for secret in self.secrets(kind, box):
                self.assertNotIn(secret, text)
        self.assertIn("terminal.looks", text, "what is not sealed is revealed")
        self.assertIn("count as unknown", text)
        terminal = {a["alert_id"] for a in self.detect()}
        self.assertEqual(len(terminal), 2)
        self.put_keys_back()
        self.assertEqual(self.detect(), self.detected)

    def test_a_backup_holds_no_key_of_them_and_says_so(self):
        self.looked_up()
        target = os.path.join(self.folder.name, "site.qwb")
        _, err = self.run_program("backup", target)
        keys = sorted(os.listdir(os.path.join(self.home, KEYS)))
        for name in keys:
            self.assertIn(f"not in it is the key {self.home}/{KEYS}/{name}", err)
        home = os.path.join(self.folder.name, "elsewhere")
        _, err = self.run_program("restore", target, "--site", home)
        self.assertFalse(os.path.exists(os.path.join(home, KEYS)))
        for name in keys:
            self.assertIn(f"the key '{home}/{KEYS}/{name}' is in no backup: put back the organisation's own copy", err)
        _, err = self.run_program("restore", target, "--site", self.home, "--force")
        for name in keys:
            self.assertRegex(err, f"the key '{self.home}/{KEYS}/{name}' is in no backup: put it back from '.*{name}'")
        self.assertEqual(len(self.detect()), 2)
        aside = next(n for n in os.listdir(self.home) if n.startswith(".before-restore-"))
        shutil.copytree(os.path.join(self.home, aside, KEYS), os.path.join(self.home, KEYS))
        self.assertEqual(self.detect(), self.detected)

    def test_anybody_can_prove_that_the_entry_exists(self):
        openssl = shutil.which("openssl")
        if openssl is None:
            self.skipTest("Debian package openssl is needed for AES")
        self.looked_up()
        self.take_keys_away()
        _, err = self.run_program("backup", os.path.join(self.folder.name, "site.qwb"))
        stated = next(line.split()[-1] for line in err.splitlines() if line.startswith("log input"))
        segments = sorted(n for n in os.listdir(os.path.join(self.home, "input")) if n.endswith(".seg"))
        self.assertEqual(len(segments), 1)
        key_id, entries = frames(os.path.join(self.home, "input", segments[0]))
        with open(os.path.join(self.home, "keys", f"segment-{key_id}.key"), "rb") as f:
            key = f.read()[16:48]
        log = hashlib.sha256(b"input").digest()[:4]
        leaves = [leaf for _, leaf, _ in entries]
        proven = {"organisations": set(), "entries": 0}
        for sequence, leaf, entry in entries:
            if entry[1] != 6:
                continue
            place = struct.pack("<QH", sequence, 0xFFFF) + log + b"\0\0"
            salt = subprocess.run([openssl, "enc", "-aes-256-ecb", "-nopad", "-K", key.hex()], input=place,
                                  capture_output=True, check=True).stdout
            self.assertEqual(hashlib.sha256(b"\0" + salt + entry).digest(), leaf)
            at = leaf
            for other, is_left in path_of(sequence, leaves):
                at = node(other, at) if is_left else node(at, other)
            self.assertEqual(at.hex(), stated)
            size, = struct.unpack_from("<I", entry, 12)
            proven["organisations"].add(entry[16:16 + size].decode())
            proven["entries"] += 1
        self.assertEqual(proven["organisations"], {n.rsplit("-", 1)[0] for n in os.listdir(self.away)})
        self.assertGreater(proven["entries"], 12)

    def test_the_server_starts_without_them_says_so_and_takes_up_what_comes_back(self):
        self.looked_up()
        self.take_keys_away()
        server = self.start()
        plain = server.client()
        self.assertEqual(plain.raw("GET", "/health").json["organisation_keys"], "missing")
        self.assertIn("\nquaywatch_organisation_keys_missing 2\n", plain.raw("GET", "/metrics").body.decode())
        self.sign_in_all(server)
        for kind in ("customs", "police"):
            seen = self.seen_by(kind)
            self.assertEqual(seen["alerts"], [])
            self.assertEqual({a[0] for a in seen["audit"]} - {"signIn", "createUser", "createOrganisation"}, set())
        self.assertEqual(self.seen_by("terminal")["alerts"], self.seen["terminal"]["alerts"])
        # What is looked up now is sealed with a key that stands beside the lost one.
        looks, sees = self.people["customs.looks"], self.people["customs.sees"]
        looks.call("getTimeline", {"kind": "container", "key": CUSTOMS_BOX})
        wait_until(lambda: sees.call("listAlerts").json["items"])
        self.assertFalse(CUSTOMS_BOX.encode() in self.journal())
        server.process.terminate()
        _, err = server.process.communicate(timeout=30)
        for name in os.listdir(self.away):
            self.assertIn(f"{self.home}/{KEYS}/{name}", err)
        made = os.listdir(os.path.join(self.home, KEYS))
        self.assertEqual(len(made), 2)
        self.assertEqual(set(made) & set(os.listdir(self.away)), set())
        self.assertEqual(self.journal().count(b'"missing":1}'), 2, "and that it is a further one is on record")

        self.put_keys_back()
        server = self.start()
        self.assertEqual(server.client().raw("GET", "/health").json["organisation_keys"], "whole")
        self.sign_in_all(server)
        seen = self.seen_by("customs")
        self.assertIn(("searchSubjects", "", CUSTOMS_BOX + "SOUGHT", "customs.looks"), seen["audit"])
        self.assertEqual(sorted(a[2] for a in seen["alerts"]), [2], "of the old key and of the new one")
        self.assertEqual(server.stop(), 0)


if __name__ == "__main__":
    main()
