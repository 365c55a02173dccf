"""Keeping a site: backup beside a server at work, restore, rebuild of the database, and a disk that is nearly full."""
import hashlib
import io
import json
import os
import shutil
import signal
import stat
import subprocess
import threading
import time
import zipfile
import zlib

from program import PROGRAM, Program, main
from server_test import PASSWORD, Server, ServerTest, totp, wait_until

ROOM = 64 << 20  # limits::kIntakeRoomBytes


def answers(client):
    """What the interface says of everything that people made: audit first, as the rest is looked up."""
    out = {}
    for name in ("listAudit", "listUsers", "listOrganisations", "listCases"):
        answer = client.call(name, query={"limit": 500} if name == "listAudit" else None)
        assert answer.status == 200, answer.body
        out[name] = answer.json["items"]
    out["alerts"] = []
    for row in client.call("listAlerts", query={"limit": 500}).json["items"]:
        alert = client.call("getAlert", {"alertId": row["alert_id"]})
        assert alert.status == 200, alert.body
        out["alerts"].append(alert.json)
    out["cases"] = [client.call("getCase", {"caseId": c["case_id"]}).json for c in out["listCases"]]
    return out


class KeepTest(ServerTest):
    def worked(self):
        """A site in which people did something of every kind; the server runs."""
        server, admin = self.first_start()
        officer = self.add_user(admin, server, "officer", ["officer"], "customs")
        gone = self.add_user(admin, server, "gone", ["viewer"], "terminal", ("QXT",))
        changed = admin.call("changeUser", {"userId": gone.user_id}, body={"disabled": True, "name": "Left"})
        self.assertEqual(changed.status, 200, changed.body)
        ids = [a["alert_id"] for a in admin.call("listAlerts").json["items"]]
        admin.call("decideAlert", {"alertId": ids[0]}, body={"action": "dismiss", "reason_code": "known_test",
                                                            "reason": "a misreading"})
        case = admin.call("openCase", body={"title": "Two boxes, one seal", "alert_ids": ids[1:3]})
        self.assertEqual(case.status, 201, case.body)
        self.held = self.hold(admin, ids)
        officer.call("decideAlert", {"alertId": ids[3]}, body={"action": "take"})
        return server, admin

    def hold(self, admin, ids):
        for alert_id in ids:
            made = admin.call("requestHold", {"alertId": alert_id}, body={"reason": "look at it first"})
            if made.status == 201:
                return alert_id
        self.fail("no alert of the sample day has a box to hold")

    def elsewhere(self, name="elsewhere"):
        return os.path.join(self.folder.name, name)

    def serve_at(self, home):
        server = Server(home)
        self.servers.append(server)
        return server


class BackupTest(KeepTest):
    def test_a_backup_beside_a_server_at_work_comes_back_as_it_was(self):
        server, admin = self.worked()
        secret = admin.call("startTotp", body={"password": PASSWORD}).json["secret"]
        self.assertEqual(admin.call("confirmTotp", body={"code": totp(secret, time.time() - 30)}).status, 200)
        before = answers(admin)
        working, looked = threading.Event(), [0]

        def work():  # fewer times than one page of the audit has rows
            while not working.wait(0.01) and looked[0] < 300:
                assert admin.call("searchSubjects", query={"q": "QXCU61"}).status == 200
                looked[0] += 1

        thread = threading.Thread(target=work)
        thread.start()
        wait_until(lambda: looked[0] > 5)
        target = self.elsewhere("site.qwb")
        out, err = self.run_program("backup", target)
        at_backup = looked[0]
        working.set()
        thread.join()
        self.assertEqual(out.strip(), target)
        self.assertRegex(err, r"log input: \d+ entries, root [0-9a-f]{64}")
        self.assertIn("holds the keys", err)
        self.assertEqual(stat.S_IMODE(os.stat(target).st_mode), 0o600)
        self.assertEqual(server.stop(), 0)

        out, _ = self.run_program("restore", "--check", target)
        self.assertIn("is whole", out)
        home = self.elsewhere()
        out, err = self.run_program("restore", target, "--site", home)
        self.assertIn("restored into", out)
        for folder, _, files in os.walk(home):
            self.assertEqual(stat.S_IMODE(os.stat(folder).st_mode), 0o700)
            for name in files:
                self.assertEqual(stat.S_IMODE(os.stat(os.path.join(folder, name)).st_mode), 0o600, name)
        again = self.serve_at(home)
        self.assertIsNone(again.password, "no first start")
        client = again.client("admin", totp=totp(secret, time.time()))
        after = answers(client)
        newer = after["listAudit"][:after["listAudit"].index(before["listAudit"][0])]
        searched = [a for a in newer if a["operation"] == "searchSubjects"]
        self.assertTrue(1 <= len(searched) <= at_backup + 1, (len(searched), at_backup))
        after["listAudit"] = after["listAudit"][len(newer):][:len(before["listAudit"])]
        self.assertEqual(after, before)
        self.assertTrue(any(a["holds"] for a in after["alerts"]), "a hold was there to be lost")

    def test_it_is_not_written_over_another_nor_into_the_site(self):
        target = self.file("old.qwb", "an older backup")
        _, err = self.run_program("backup", target, code=1)
        self.assertIn("--force", err)
        _, err = self.run_program("backup", os.path.join(self.home, "b.qwb"), code=1)
        self.assertIn("another disk", err)
        _, err = self.run_program("backup", "--site", self.elsewhere("nothing"), self.elsewhere("b.qwb"), code=1)
        self.assertIn("not the folder of a site", err)
        self.assertFalse(os.path.exists(self.elsewhere("nothing")))
        # Damage is met when the backup is made, and the older one stays.
        segment = os.path.join(self.home, "input", sorted(os.listdir(os.path.join(self.home, "input")))[-1])
        with open(segment, "r+b") as f:
            f.seek(20000)
            byte = f.read(1)
            f.seek(20000)
            f.write(bytes([byte[0] ^ 1]))
        _, err = self.run_program("backup", "--force", target, code=1)
        self.assertIn(f"{segment} byte ", err)
        self.assertIn("checksum", err)
        with open(target, encoding="utf-8") as f:
            self.assertEqual(f.read(), "an older backup")
        self.assertEqual([n for n in os.listdir(self.folder.name) if "partial" in n], [])

    def altered(self, whole, segment):
        """One bit of the file another. Some bits say nothing: of a code that the compressed text does not use."""
        for at in range(segment.header_offset + 200, segment.header_offset + segment.compress_size):
            content = whole[:at] + bytes([whole[at] ^ 0x10]) + whole[at + 1:]
            with zipfile.ZipFile(io.BytesIO(content)) as z:
                try:
                    z.read(segment.filename)
                except (zipfile.BadZipFile, zlib.error):
                    return content
        raise AssertionError("nothing in it says anything")

    def test_torn_and_altered_files_are_named_and_touch_nothing(self):
        target = self.elsewhere("site.qwb")
        self.run_program("backup", target)
        with open(target, "rb") as f:
            whole = f.read()
        with zipfile.ZipFile(target) as z:
            self.assertIsNone(z.testzip(), "other programs read it")
            segment = next(i for i in z.infolist() if i.filename.endswith(".seg"))
            manifest = json.loads(z.read("manifest.json"))
        self.assertEqual(manifest["format"], "quaywatch.backup/1")
        home = self.elsewhere()

        def refused(content, *words):
            bad = self.file("bad.qwb", content)
            for arguments in (["--check"], ["--site", home]):
                _, err = self.run_program("restore", bad, *arguments, code=1)
                for word in words:
                    self.assertIn(word, err)
            self.assertFalse(os.path.exists(home))

        for size in (0, 10, len(whole) // 2, len(whole) - 1):
            refused(whole[:size], "torn", f"byte {size} ")
        refused(self.altered(whole, segment), segment.filename, "byte")
        refused("something else", "no backup")
        # Altered with care: archive and checksums agree, the manifest does not.
        with zipfile.ZipFile(target) as z, zipfile.ZipFile(self.elsewhere("made.qwb"), "w") as made:
            for info in z.infolist():
                content = z.read(info.filename)
                made.writestr(info.filename, content + b" " if info.filename.endswith(".seg") else content)
        with open(self.elsewhere("made.qwb"), "rb") as f:
            refused(f.read(), segment.filename, "SHA-256")
        for name in ("../outside", "/outside", "input/../../outside"):
            with zipfile.ZipFile(self.elsewhere("made.qwb"), "w") as made:
                made.writestr(name, b"x")
                part = {"name": name, "bytes": 1, "sha256": hashlib.sha256(b"x").hexdigest()}
                made.writestr("manifest.json", json.dumps({**manifest, "parts": [part]}))
            with open(self.elsewhere("made.qwb"), "rb") as f:
                refused(f.read(), "it holds a part named")
        with zipfile.ZipFile(self.elsewhere("made.qwb"), "w") as made:
            made.writestr("manifest.json", json.dumps({**manifest, "format": "quaywatch.backup/2"}))
        with open(self.elsewhere("made.qwb"), "rb") as f:
            refused(f.read(), "newer program")

    def test_what_is_there_is_moved_aside_and_never_under_a_server(self):
        target = self.elsewhere("site.qwb")
        self.run_program("backup", target)
        _, err = self.run_program("restore", target, code=1)
        self.assertIn("--force", err)
        server = self.serve()
        _, err = self.run_program("restore", target, "--force", code=1)
        self.assertIn("in use by another", err)
        server.stop()
        with open(os.path.join(self.home, "mine.txt"), "w", encoding="utf-8") as f:
            f.write("mine")
        _, err = self.run_program("restore", target, "--force")
        aside = [n for n in os.listdir(self.home) if n.startswith(".before-restore-")]
        self.assertEqual(len(aside), 1)
        self.assertIn(aside[0], err)
        with open(os.path.join(self.home, aside[0], "mine.txt"), encoding="utf-8") as f:
            self.assertEqual(f.read(), "mine")
        self.assertFalse(os.path.exists(os.path.join(self.home, "mine.txt")))
        self.serve()

    def test_a_restore_cut_off_half_way_is_not_taken_for_a_site(self):
        target = self.elsewhere("site.qwb")
        self.run_program("backup", target)
        os.mkdir(os.path.join(self.home, ".restoring"))
        _, err = self.run_program("detect", code=1)
        self.assertIn("did not come to its end", err)
        self.run_program("restore", target, "--force")
        self.run_program("detect")


class RebuildTest(KeepTest):
    def lose(self, home=None):
        for name in os.listdir(home or self.home):
            if name.startswith("identity.db"):
                os.remove(os.path.join(home or self.home, name))

    def test_the_database_is_made_again_from_the_journal(self):
        server, admin = self.worked()
        before = answers(admin)
        _, err = self.run_program("rebuild", code=1)
        self.assertIn("in use by another", err)
        server.stop(signal.SIGKILL)
        self.lose()
        _, err = self.run_program("serve", "--http", "127.0.0.1:0", code=1)
        self.assertIn("quaywatch rebuild", err)
        out, err = self.run_program("rebuild", "--site", self.home)
        self.assertIn("states 3 organisations and 3 users", err)
        password = out.split()[-1]
        again = self.serve()
        admin = again.client("admin", password)
        self.assertEqual(admin.call("changePassword", body={"current": password, "new": PASSWORD}).status, 200)
        after = answers(admin)
        new = len(after["listAudit"]) - len(before["listAudit"])
        # The first look through everything, signing in, changing the password.
        self.assertEqual({a["operation"] for a in after["listAudit"][:new]},
                         {"getAlert", "getCase", "signIn", "changePassword"})
        after["listAudit"] = after["listAudit"][new:]
        # What is not in the journal: who is enrolled, and whose password was given out.
        lost = {u["login"]: u.pop("must_change_password") for u in after["listUsers"]}
        for u in before["listUsers"]:
            del u["must_change_password"]
        self.assertEqual(lost, {"admin": False, "officer": True, "gone": True})
        self.assertEqual(after, before)
        refused = again.client().call("signIn", body={"login": "officer", "password": PASSWORD})
        self.assertEqual(refused.status, 401, "a password that is lost lets nobody in")
        officer = next(u for u in after["listUsers"] if u["login"] == "officer")
        reset = admin.call("changeUser", {"userId": officer["id"]}, body={"reset": True}).json["one_time_password"]
        again.client("officer", reset)

    def test_passwords_that_are_still_there_stay(self):
        server, admin = self.worked()
        server.stop()
        out, err = self.run_program("rebuild")
        self.assertEqual(out, "")
        self.assertIn("0 of them were not so", err)
        self.serve().client("admin")

    def test_a_damaged_database_is_kept_aside(self):
        server, _ = self.worked()
        server.stop()
        self.lose()
        with open(os.path.join(self.home, "identity.db"), "w", encoding="utf-8") as f:
            f.write("this is no database " * 100)
        out, err = self.run_program("rebuild")
        self.assertIn("identity.db.damaged-", err)
        self.assertIn("sign in as 'admin'", out)
        self.assertTrue(any(n.startswith("identity.db.damaged-") for n in os.listdir(self.home)))

    def test_users_of_an_older_site_are_stated_at_the_first_start(self):
        server, admin = self.worked()
        users = admin.call("listUsers").json["items"]
        server.stop()
        # As before people were stated: the same database beside a journal that says nothing of them.
        older = self.elsewhere()
        shutil.copytree(ServerTest.imported.name, older)
        for name in os.listdir(self.home):
            if name.startswith("identity.db"):
                shutil.copy(os.path.join(self.home, name), older)
        shutil.copytree(os.path.join(self.home, "keys"), os.path.join(older, "keys"), dirs_exist_ok=True)
        self.serve_at(older).stop()
        self.lose(older)
        _, err = self.run_program("rebuild", "--site", older)
        self.assertIn("states 3 organisations and 3 users", err)


class FullDiskTest(KeepTest):
    """A disk of its own, small, in a mount namespace of the server's; from outside it is seen through /proc."""

    SIZE = 160 << 20

    def test_intake_stops_with_a_reason_and_reading_goes_on(self):
        tool = ["unshare", "-rm", "--propagation", "private"]
        if subprocess.run([*tool, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no mount namespace can be made here")
        disk, drop = self.elsewhere("disk"), self.elsewhere("drop")
        os.mkdir(disk)
        os.mkdir(drop)
        script = (f"mount -t tmpfs -o size={self.SIZE},mode=0700 tmpfs {disk} && cp -a {self.home} {disk}/home && "
                  f"exec {PROGRAM} \"$@\"")
        launcher = self.file("launch", f"#!/bin/sh\nexec {' '.join(tool)} sh -c '{script}' launch \"$@\"\n")
        os.chmod(launcher, 0o700)
        server = Server(os.path.join(disk, "home"), "--settle", "0", drop, program=launcher)
        self.servers.append(server)
        admin = server.client("admin", server.password)
        admin.call("changePassword", body={"current": server.password, "new": PASSWORD})
        alert_id = admin.call("listAlerts").json["items"][0]["alert_id"]
        seen = f"/proc/{server.process.pid}/root{disk}"
        filler = os.path.join(seen, "filler")

        def fill(left):
            with open(filler, "wb") as f:
                free = os.statvfs(seen)
                os.posix_fallocate(f.fileno(), 0, free.f_bavail * free.f_frsize - left)

        feeder = self.add_user(admin, server, "feeder", ["feeder"])

        def deliver(n):
            return feeder.call("takeEvents", body=[self.event(n)], content_type="application/cloudevents-batch+json")

        self.assertEqual(deliver(1).status, 200)
        fill(ROOM // 2)
        refused = deliver(2)
        self.assertEqual((refused.status, refused.json["code"]), (503, "journal_full"))
        self.assertIn("Send it again later", refused.json["detail"])
        self.assertNotIn("/", refused.json["detail"], "where the site lies is for its operator")
        self.assertEqual(admin.raw("GET", "/ready").status, 503)
        self.assertIn("quaywatch_intake_waits 1", admin.raw("GET", "/metrics").body.decode())
        with open(os.path.join(drop, "late.jsonl"), "w", encoding="utf-8") as f:
            f.write(json.dumps(self.record(3)) + "\n")
        time.sleep(3)
        self.assertEqual(admin.call("getAlert", {"alertId": alert_id}).status, 200, "reading goes on")
        self.assertEqual(admin.call("decideAlert", {"alertId": alert_id}, body={"action": "take"}).status, 200)
        self.assertEqual(server.client("admin").call("listAlerts").status, 200, "and signing in")
        self.assertEqual(self.boxes(admin), {1})
        os.remove(filler)
        wait_until(lambda: self.boxes(admin) == {1, 3})
        self.assertEqual(deliver(2).status, 200, "by itself")
        self.assertEqual(admin.raw("GET", "/ready").status, 200)

        # Not one block is left: the journal has taken some ahead.
        fill(0)
        self.assertEqual(deliver(4).status, 503)
        self.assertEqual(admin.call("getAlert", {"alertId": alert_id}).status, 200)
        note = {"action": "note", "reason": "the disk is full"}
        self.assertEqual(admin.call("decideAlert", {"alertId": alert_id}, body=note).status, 200)
        server.process.send_signal(signal.SIGTERM)
        _, told = server.process.communicate(timeout=30)
        self.assertIn("nothing is taken in", told)
        self.assertIn("POST /api/intake/events: nothing is taken in", told)
        self.assertIn("intake goes on", told)

    def record(self, n):
        return {"type": "container.gate_out", "feed": "tos", "facility": "ZZQAY/T1",
                "event_time": f"2026-03-12T0{n}:00:00Z", "container.number": "QAYU1000011"}

    def event(self, n):
        data = {"event_time": f"2026-03-12T0{n}:00:00Z", "facility": "SIKOP/KTV", "container.number": "QAYU1000011"}
        return {"specversion": "1.0", "id": str(n), "source": "/gate", "type": "container.gate_out",
                "time": data["event_time"], "datacontenttype": "application/json", "data": data}

    def boxes(self, client):
        page = client.call("getTimeline", {"kind": "container", "key": "QAYU1000011"})
        return {int(e["event_time"][11:13]) for e in page.json.get("events", [])
                if e["type"] == "container.gate_out"} if page.status == 200 else set()


if __name__ == "__main__":
    main()
