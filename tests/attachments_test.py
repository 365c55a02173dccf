"""Files put to cases, as clients of the server see them: added, read, removed, through the walls, and what is left of
them on disk, after a crash and in a backup."""
import glob
import hashlib
import http.client
import os
import shutil
import signal
import subprocess
import threading
import zipfile
from urllib.parse import quote

from keep_test import KeepTest
from program import PROGRAM, main
from server_test import DESELECTED, PASSWORD, Server, wait_until

MIB = 1 << 20
LIMIT = 100 * MIB
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 700  # three blocks of the store
SAVED = "application/octet-stream"


class AttachmentsTest(KeepTest):
    def ground(self):
        """A case of a guard, and an officer of each organisation that it may come to."""
        self.run_program("import", "--history", DESELECTED)
        server, admin = self.first_start()
        self.server, self.admin = server, admin
        kinds = {"guard": "terminal", "police": "police", "customs": "customs"}
        self.people = {name: self.add_user(admin, server, name, ["officer"], kind) for name, kind in kinds.items()}
        self.ids = {name: p.call("getSession").json["organisation"]["id"] for name, p in self.people.items()}
        self.guard = self.people["guard"]
        self.case_id = self.open(self.guard)

    def open(self, who):
        made = who.call("openCase", body={"title": "A seal that was torn"})
        self.assertEqual(made.status, 201, made.body)
        return made.json["summary"]["case_id"]

    def add(self, who, content=JPEG, name="seal.jpg", description="the seal, torn", case_id=None, **headers):
        sent = {"X-File-Name": quote(name, safe=""), **headers}
        if description:
            sent["X-File-Description"] = quote(description, safe="")
        return who.call("addAttachment", {"caseId": case_id or self.case_id}, body=content, content_type=SAVED,
                        headers=sent)

    def added(self, who, *arguments, **more):
        answer = self.add(who, *arguments, **more)
        self.assertEqual(answer.status, 201, answer.body)
        return answer.json["attachments"][-1]

    def get(self, who, attachment_id, case_id=None):
        return who.call("getAttachment", {"caseId": case_id or self.case_id, "attachmentId": attachment_id})

    def case(self, who):
        return who.call("getCase", {"caseId": self.case_id})

    def step(self, who, **body):
        answer = who.call("stepCase", {"caseId": self.case_id}, body=body)
        self.assertEqual(answer.status, 200, answer.body)
        return answer

    def remove(self, who, attachment_id, reason="it shows another box"):
        return who.call("removeAttachment", {"caseId": self.case_id, "attachmentId": attachment_id},
                        body={"reason": reason} if reason else {})

    def files(self, home=None):
        return sorted(f for f in glob.glob(os.path.join(home or self.home, "attachments", "**"), recursive=True,
                                           include_hidden=True) if os.path.isfile(f))

    def keys(self):
        return set(os.listdir(os.path.join(self.home, "keys")))


class AddTest(AttachmentsTest):
    def test_it_comes_back_as_it_was_and_is_on_record(self):
        self.ground()
        made = self.added(self.guard)
        self.assertEqual((made["name"], made["description"], made["bytes"], made["sha256"], made["media_type"]),
                         ("seal.jpg", "the seal, torn", len(JPEG), hashlib.sha256(JPEG).hexdigest(), "image/jpeg"))
        self.assertEqual((made["by"]["login"], made["removed"]), ("guard", None))
        got = self.get(self.guard, made["attachment_id"])
        self.assertEqual((got.status, got.body), (200, JPEG))
        self.assertEqual(got.headers["content-type"], SAVED)
        self.assertEqual(got.headers["content-disposition"],
                         "attachment; filename=\"seal.jpg\"; filename*=UTF-8''seal.jpg")
        self.assertEqual(got.headers["x-content-type-options"], "nosniff")
        self.assertEqual(got.headers["cache-control"], "no-store")
        self.assertIn("default-src 'self'", got.headers["content-security-policy"])
        step = self.case(self.guard).json["steps"][-1]
        self.assertEqual((step["action"], step["text"], step["attachment_id"]),
                         ("attach", "the seal, torn", made["attachment_id"]))
        auditor = self.make_user(self.admin, self.server, "auditor", ["auditor"], self.ids["guard"])
        rows = [(a["operation"], a.get("subject"), a.get("detail")) for a in auditor.call("listAudit").json["items"]]
        self.assertIn(("getAttachment", f"case:{self.case_id}", made["attachment_id"]), rows)
        self.assertIn(("stepCase", f"case:{self.case_id}", "attach"), rows)
        self.server.stop(signal.SIGKILL)
        again = self.serve().client("guard")
        self.assertEqual(self.get(again, made["attachment_id"]).body, JPEG, "after a crash the same")

    def test_nothing_of_it_is_in_clear_on_disk_and_equal_files_are_two(self):
        self.ground()
        content = b"The seal number is ML-CZ0417733. " * 4000
        first, second = self.added(self.guard, content), self.added(self.guard, content)
        self.assertEqual(first["sha256"], second["sha256"])
        files = self.files()
        self.assertEqual(len(files), 2)
        for path in files:
            self.assertEqual(os.stat(path).st_mode & 0o777, 0o600)
            self.assertNotIn(os.path.basename(path)[:16], first["sha256"])
            with open(path, "rb") as f:
                self.assertNotIn(b"ML-CZ0417733", f.read())

    def test_names_are_taken_for_names_only(self):
        self.ground()
        for given, kept in (("../../keys/site.key", "site.key"), ("C:\\Temp\\seal.jpg", "seal.jpg"),
                            ("Précinto 2.pdf", "Précinto 2.pdf"), ("a\"b;c=d.pdf", "a_b;c=d.pdf"),
                            ("n" * 251 + ".pdf", "n" * 251 + ".pdf")):
            made = self.added(self.guard, b"x", given)
            self.assertEqual(made["name"], kept)
            header = self.get(self.guard, made["attachment_id"]).headers["content-disposition"]
            self.assertTrue(header.startswith("attachment; ") and header.isascii(), header)
            self.assertIn("filename*=UTF-8''" + quote(kept, safe="._-"), header)
        page = self.added(self.guard, b"<html><script>alert(1)</script>", "page.html")
        self.assertEqual(page["media_type"], SAVED)
        self.assertEqual(self.get(self.guard, page["attachment_id"]).headers["content-type"], SAVED)
        for name in ("", "..", "folder/", "n" * 256):
            refused = self.add(self.guard, b"x", name)
            self.assertEqual((refused.status, refused.json["field"]), (400, "X-File-Name"), name)
        for raw in ("two words.pdf", "a%0Ab", "%ff", "caf\u00e9"):
            refused = self.guard.call("addAttachment", {"caseId": self.case_id}, body=b"x", content_type=SAVED,
                                      headers={"X-File-Name": raw})
            self.assertEqual(refused.status, 400, raw)
        self.assertEqual(self.add(self.guard, b"x", description="d" * 501).json["field"], "X-File-Description")

    def test_what_cannot_be_added_leaves_nothing(self):
        self.ground()
        keys = self.keys()
        empty = self.add(self.guard, b"")
        self.assertEqual((empty.status, empty.json["code"]), (400, "invalid"), empty.body)
        self.assertIn("empty", empty.json["detail"])
        typed = self.guard.call("addAttachment", {"caseId": self.case_id}, body=b"x", content_type="text/html",
                                headers={"X-File-Name": "a"})
        self.assertEqual(typed.status, 415)
        self.assertEqual(self.add(self.guard, b"x", case_id="c-" + "0" * 16).status, 404)
        self.assertEqual(self.add(self.people["police"], b"x").status, 404, "another organisation's case")
        viewer = self.make_user(self.admin, self.server, "viewer", ["viewer"], self.ids["guard"])
        self.assertEqual(self.add(viewer, b"x").status, 403)
        token, self.guard.csrf = self.guard.csrf, None
        self.assertEqual(self.add(self.guard, b"x").json["code"], "csrf")
        self.guard.csrf = token
        self.step(self.guard, action="close", outcome="no_finding", reason="all clear")
        self.assertEqual(self.add(self.guard, b"x").status, 409, "closed")
        self.assertEqual(self.files(), [])
        self.assertEqual(self.keys(), keys)
        self.assertEqual(self.case(self.guard).json["attachments"], [])


class SizeTest(AttachmentsTest):
    def memory(self):
        with open(f"/proc/{self.server.process.pid}/status", encoding="utf-8") as f:
            return next(int(line.split()[1]) for line in f if line.startswith("VmHWM")) * 1024

    def test_the_largest_is_kept_without_being_in_memory_and_more_is_refused(self):
        self.ground()
        content = os.urandom(MIB) * 100
        self.assertEqual(len(content), LIMIT)
        before = self.memory()
        made = self.added(self.guard, content)
        got = self.get(self.guard, made["attachment_id"])
        # What is mapped of the file while it goes out is the system's to take back, and counts here by steps of 8 MiB.
        self.assertLess(self.memory() - before, 40 * MIB)
        self.assertEqual(hashlib.sha256(got.body).hexdigest(), hashlib.sha256(content).hexdigest())
        del got
        headers = {**self.guard.headers(), "Content-Type": SAVED, "X-File-Name": "a"}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        connection.putrequest("POST", f"/api/cases/{self.case_id}/attachments")
        for name, value in {**headers, "Content-Length": str(LIMIT + 1)}.items():
            connection.putheader(name, value)
        connection.endheaders()
        self.assertEqual(connection.getresponse().status, 413, "told before it is sent")
        connection.close()
        self.assertEqual(len(self.files()), 1)

    def test_one_in_chunks_is_held_to_the_same_limit(self):
        self.ground()
        path = f"/api/cases/{self.case_id}/attachments"
        headers = {**self.guard.headers(), "Content-Type": SAVED, "X-File-Name": "a"}
        whole = self.guard.raw("POST", path, iter([b"ab", b"cd"]), headers)
        self.assertEqual((whole.status, whole.json["attachments"][0]["bytes"]), (201, 4))
        block = os.urandom(MIB)
        try:
            status = self.guard.raw("POST", path, iter([block] * 101), headers).status
        except (BrokenPipeError, ConnectionResetError):
            status = 413  # it was still sending
        self.assertEqual(status, 413)
        wait_until(lambda: len(self.files()) == 1)

    def test_one_that_ends_halfway_leaves_nothing_and_several_come_at_once(self):
        self.ground()
        keys = self.keys()
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        connection.putrequest("POST", f"/api/cases/{self.case_id}/attachments")
        for name, value in {**self.guard.headers(), "Content-Type": SAVED, "X-File-Name": "a",
                            "Content-Length": str(MIB)}.items():
            connection.putheader(name, value)
        connection.endheaders(os.urandom(MIB // 2))
        wait_until(lambda: len(self.files()) == 1)
        connection.close()
        wait_until(lambda: self.files() == [])
        self.assertEqual(self.keys(), keys)
        contents = [os.urandom(MIB + n) for n in range(8)]
        threads = [threading.Thread(target=self.add, args=(self.guard, c, f"{n}.bin"))
                   for n, c in enumerate(contents)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        held = self.case(self.guard).json["attachments"]
        self.assertEqual(sorted(a["sha256"] for a in held), sorted(hashlib.sha256(c).hexdigest() for c in contents))


class WallTest(AttachmentsTest):
    def test_who_reads_the_case_reads_them_and_nobody_else(self):
        self.ground()
        made = self.added(self.guard)["attachment_id"]
        police, customs = self.people["police"], self.people["customs"]
        colleague = self.make_user(self.admin, self.server, "colleague", ["viewer"], self.ids["guard"])
        for other in (police, customs, colleague):
            self.assertEqual(self.get(other, made).status, 404)
        self.step(self.guard, action="share", users=[colleague.user_id])
        self.assertEqual(self.get(colleague, made).body, JPEG, "let in")
        self.step(self.guard, action="hand_over", organisation_id=self.ids["police"], reason="yours by law")
        self.assertEqual(self.get(police, made).body, JPEG, "offered to them")
        self.assertEqual(self.add(police, b"x").status, 409, "not theirs yet")
        self.assertEqual(self.remove(police, made).status, 409)
        self.step(police, action="accept")
        self.assertEqual(self.get(self.guard, made).body, JPEG, "who gave it reads on")
        self.assertEqual(self.add(self.guard, b"x").status, 409, "and only that")
        self.assertEqual(self.remove(self.guard, made).status, 409)
        self.assertEqual(self.get(customs, made).status, 404)
        of_another = self.open(self.guard)
        self.assertEqual(self.get(self.guard, made, of_another).status, 404, "not in that case")

    def test_what_police_put_there_is_behind_their_wall(self):
        self.ground()
        self.step(self.guard, action="hand_over", organisation_id=self.ids["police"], reason="yours by law")
        police = self.people["police"]
        self.step(police, action="accept")
        made = self.added(police, b"%PDF-1.7 a source says", "source report.pdf", "of a source")
        self.assertEqual(made["media_type"], "application/pdf")
        seen = self.case(self.guard)
        self.assertEqual([(a["attachment_id"], a.get("withheld")) for a in seen.json["attachments"]],
                         [(made["attachment_id"], True)], "that there is one is no secret")
        for said in ("source", made["sha256"]):
            self.assertNotIn(said, seen.body.decode())
        self.assertEqual(self.get(self.guard, made["attachment_id"]).status, 404)
        self.assertEqual(self.remove(police, made["attachment_id"], "burnt").status, 200)
        self.assertNotIn("burnt", self.case(self.guard).body.decode())
        self.assertIsNotNone(self.case(self.guard).json["attachments"][0]["removed"])

    def test_it_goes_along_into_another_case_and_back(self):
        self.ground()
        made = self.added(self.guard)["attachment_id"]
        first, self.case_id = self.case_id, self.open(self.guard)
        self.step(self.guard, action="merge", other=first)
        self.assertEqual(self.get(self.guard, made).body, JPEG)
        since = self.added(self.guard, b"since", "since.txt")["attachment_id"]
        self.step(self.guard, action="undo_merge", other=first)
        self.assertEqual(self.case(self.guard).json["merges"][0]["added"]["attachment_ids"], [since])
        self.assertEqual([self.get(self.guard, f).status for f in (made, since)], [404, 200])
        self.assertEqual(self.get(self.guard, made, first).body, JPEG)
        self.remove(self.guard, since)
        self.step(self.guard, action="merge", other=first)
        self.assertEqual(self.remove(self.guard, made).status, 200)
        self.assertEqual(self.get(self.guard, made, first).status, 404)
        self.assertEqual(self.files(), [])


class RemovalTest(AttachmentsTest):
    def test_it_takes_a_reason_destroys_the_key_and_stays_on_record(self):
        self.ground()
        made, kept = self.added(self.guard), self.added(self.guard, b"another", "other.txt")
        path = next(f for f in self.files() if os.path.getsize(f) > 1000)
        shutil.copy(path, self.folder.name)
        missing = self.remove(self.guard, made["attachment_id"], None)
        self.assertEqual((missing.status, missing.json["field"]), (400, "reason"))
        removed = self.remove(self.guard, made["attachment_id"])
        self.assertEqual(removed.status, 200, removed.body)
        row = removed.json["attachments"][0]
        self.assertEqual((row["name"], row["sha256"], row["bytes"]), ("seal.jpg", made["sha256"], len(JPEG)))
        self.assertEqual((row["removed"]["reason"], row["removed"]["by"]["login"]), ("it shows another box", "guard"))
        self.assertEqual(self.get(self.guard, made["attachment_id"]).status, 404)
        self.assertEqual(self.remove(self.guard, made["attachment_id"]).status, 404, "once")
        self.assertNotIn(f"segment-{os.path.basename(path)}.key", self.keys())
        self.assertEqual([os.path.getsize(f) < 1000 for f in self.files()], [True])
        step = removed.json["steps"][-1]
        self.assertEqual((step["action"], step["text"], step["attachment_id"]),
                         ("remove_attachment", "it shows another box", made["attachment_id"]))
        # Who puts the file back has nothing, and the next start clears it away.
        shutil.copy(os.path.join(self.folder.name, os.path.basename(path)), path)
        self.server.stop(signal.SIGKILL)
        again = self.serve().client("guard")
        self.assertEqual(len(self.files()), 1)
        self.assertEqual(self.case(again).json["attachments"][0], row)
        self.assertEqual(self.get(again, kept["attachment_id"]).body, b"another")


class DiskTest(AttachmentsTest):
    def test_what_a_crash_left_is_destroyed_and_what_is_missing_is_said(self):
        self.ground()
        whole, missing, damaged = [self.added(self.guard, bytes([65 + n]) * 100_000, f"{n}.bin") for n in range(3)]
        by_content = {}
        for path in self.files():  # which is which is told by taking each away
            os.rename(path, path + ".away")
            by_content.update({a["attachment_id"]: path for a in (whole, missing, damaged)
                               if self.get(self.guard, a["attachment_id"]).status == 410})
            os.rename(path + ".away", path)
        self.assertEqual(len(set(by_content.values())), 3)
        with open(by_content[damaged["attachment_id"]], "r+b") as f:
            f.seek(70_000)
            byte = f.read(1)
            f.seek(70_000)
            f.write(bytes([byte[0] ^ 1]))
        refused = self.get(self.guard, damaged["attachment_id"])
        self.assertEqual((refused.status, refused.json["code"]), (410, "damaged"), "nothing of it goes out")
        self.assertNotIn(self.home, refused.body.decode())
        self.assertEqual(self.server.stop(), 0)
        os.remove(by_content[missing["attachment_id"]])
        # As of a crash behind the file and before its entry, and of one while it came in.
        orphan = os.path.join(self.home, "attachments", "ab", "ab" * 16)
        os.makedirs(os.path.dirname(orphan), exist_ok=True)
        key = os.path.join(self.home, "keys", f"segment-{'ab' * 16}.key")
        shutil.copy(glob.glob(os.path.join(self.home, "keys", "segment-*.key"))[0], key)
        half = os.path.join(self.home, "attachments", ".partial", "cd" * 16)
        for path in (orphan, half):
            shutil.copy(by_content[whole["attachment_id"]], path)
        self.server = self.serve()
        for path in (orphan, half, key):
            self.assertFalse(os.path.exists(path), path)
        again = self.server.client("guard")
        self.assertEqual(self.get(again, whole["attachment_id"]).body, b"A" * 100_000)
        self.assertEqual(self.get(again, missing["attachment_id"]).status, 410)
        self.assertEqual(len(self.case(again).json["attachments"]), 3, "the rest of the case is there")
        self.server.process.send_signal(signal.SIGTERM)
        said = self.server.process.communicate(timeout=30)[1]
        self.assertIn(f"attachment {missing['attachment_id']} of case {self.case_id} cannot be read", said)
        self.assertIn("2 files of attachments that no case has were destroyed", said)
        _, said = self.run_program("backup", self.elsewhere("site.qwb"))
        for a in (missing, damaged):
            self.assertIn(f"attachment {a['attachment_id']} of case", said)
        self.assertNotIn(whole["attachment_id"], said)

    def test_a_backup_has_them(self):
        self.ground()
        made, gone = self.added(self.guard), self.added(self.guard, b"gone")
        self.remove(self.guard, gone["attachment_id"])
        target, home = self.elsewhere("site.qwb"), self.elsewhere()
        self.run_program("backup", target)
        with zipfile.ZipFile(target) as z:
            self.assertEqual(len([n for n in z.namelist() if n.startswith("attachments/")]), 1)
        self.server.stop()
        self.run_program("restore", target, "--site", home)
        again = self.serve_at(home).client("guard")
        self.assertEqual(self.get(again, made["attachment_id"]).body, JPEG)
        self.assertEqual(self.case(again).json["attachments"][1]["removed"]["reason"], "it shows another box")
        self.assertEqual(len(self.files(home)), 1)


class FullDiskTest(AttachmentsTest):
    def test_a_file_that_has_no_room_is_refused_with_the_reason(self):
        tool = ["unshare", "-rm", "--propagation", "private"]
        if subprocess.run([*tool, "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no mount namespace can be made here")
        disk = self.elsewhere("disk")
        os.mkdir(disk)
        script = (f"mount -t tmpfs -o size={160 * MIB},mode=0700 tmpfs {disk} && cp -a {self.home} {disk}/home && "
                  f"exec {PROGRAM} \"$@\"")
        launcher = self.file("launch", f"#!/bin/sh\nexec {' '.join(tool)} sh -c '{script}' launch \"$@\"\n")
        os.chmod(launcher, 0o700)
        server = Server(os.path.join(disk, "home"), program=launcher)
        self.servers.append(server)
        admin = server.client("admin", server.password)
        admin.call("changePassword", body={"current": server.password, "new": PASSWORD})
        self.case_id = self.open(admin)
        refused = self.add(admin, bytes(90 * MIB))
        self.assertEqual((refused.status, refused.json["code"]), (503, "journal_full"))
        self.assertIn("no room", refused.json["detail"])
        self.assertEqual(self.add(admin, b"small").status, 201)
        self.assertEqual(admin.raw("GET", "/ready").status, 200, "intake has what it needs")


if __name__ == "__main__":
    main()
