"""Backups that are encrypted and signed, signed files, and the programs age and minisign on the other side of both."""
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import unittest
import zipfile

from program import SAMPLE, Program, main
from server_test import ServerTest

NEEDS_AGE = unittest.skipUnless(shutil.which("age"), "age is not installed (tools/setup.sh)")
NEEDS_MINISIGN = unittest.skipUnless(shutil.which("minisign"), "minisign is not installed (tools/setup.sh)")
CHUNK = 64 * 1024 + 16


def run(*command, stdin=None, code=0):
    p = subprocess.run(command, capture_output=True, input=stdin, timeout=60, check=False)
    assert p.returncode == code, p.stderr.decode(errors="replace")
    return p.stdout


def read(path):
    with open(path, "rb") as f:
        return f.read()


class SealedTest(Program):
    def setUp(self):
        super().setUp()
        self.run_program("import", "--history", SAMPLE)
        self.identity = self.path("port.age")
        out, _ = self.run_program("keygen", "encryption", self.identity)
        self.recipient = out.strip()

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def backup(self, *arguments, name="site.qwb.age"):
        out, err = self.run_program("backup", self.path(name), "--recipient", self.recipient, *arguments)
        self.assertEqual(out.strip(), self.path(name))
        return self.path(name), err

    def tree(self, home):
        return {os.path.relpath(os.path.join(folder, name), home): hashlib.sha256(read(os.path.join(folder, name)))
                .hexdigest() for folder, _, names in os.walk(home) for name in names if name != ".lock"}

    def refused(self, target, *words, arguments=()):
        """By both ways of looking at it, and nothing is written by either."""
        home = self.path("elsewhere")
        before = sorted(os.listdir(self.folder.name))
        for way in (["--check"], ["--site", home]):
            _, err = self.run_program("restore", target, "--identity", self.identity, *way, *arguments, code=1)
            for word in words:
                self.assertIn(word, err)
        self.assertEqual(sorted(os.listdir(self.folder.name)), before)


class EncryptedTest(SealedTest):
    def test_it_comes_back_with_its_key_and_says_nothing_without(self):
        target, err = self.backup()
        self.assertIn("encrypted", err)
        self.assertNotIn("whoever has the file", err)
        content = read(target)
        self.assertEqual(stat.S_IMODE(os.stat(target).st_mode), 0o600)
        for clear in (b"manifest.json", b"PK\x03\x04", b"PK\x05\x06", b"site.key", b"quaywatch.backup"):
            self.assertNotIn(clear, content)
        _, err = self.run_program("restore", "--check", target, code=1)
        self.assertIn("--identity", err)
        out, _ = self.run_program("restore", "--check", target, "--identity", self.identity)
        self.assertIn("is whole", out)
        home = self.path("again")
        self.run_program("restore", target, "--identity", self.identity, "--site", home)
        self.assertEqual(self.tree(home), self.tree(self.home))

    def test_several_keys_of_words_and_files_each_open_it(self):
        others = [self.path(f"other{i}.age") for i in range(3)]
        keys = [self.run_program("keygen", "encryption", other)[0].strip() for other in others]
        listed = self.file("keys.txt", f"# those who may\n{keys[0]}\n\n{keys[1]}\n")
        target, err = self.backup("--recipient", listed)
        self.assertIn("3 recipients", err)
        for other in others[:2]:
            self.run_program("restore", "--check", target, "--identity", others[2], "--identity", other)
        _, err = self.run_program("restore", "--check", target, "--identity", others[2], code=1)
        self.assertIn("3 other keys", err)
        self.assertIn("name the identity file", err)

    def test_keys_that_are_none_make_no_backup(self):
        for wrong in (self.recipient[:-1] + ("q" if self.recipient[-1] != "q" else "p"), self.identity, SAMPLE,
                      self.path("nothing")):
            self.run_program("backup", self.path("b.age"), "--recipient", wrong, code=1)
            self.assertFalse(os.path.exists(self.path("b.age")))
        _, err = self.run_program("backup", self.path("b.age"), "--recipient", self.identity, code=1)
        secret = next(line for line in read(self.identity).decode().splitlines() if line.startswith("AGE-SECRET"))
        self.assertNotIn(secret, err)
        _, err = self.run_program("keygen", "encryption", self.identity, code=1)
        self.assertIn("is lost", err)
        self.assertEqual(stat.S_IMODE(os.stat(self.identity).st_mode), 0o600)

    def test_cut_off_and_changed_files_are_named_and_touch_nothing(self):
        target, _ = self.backup()
        whole = read(target)
        start = whole.index(b"\n--- ") + 5 + 44 + 16
        self.assertGreater(len(whole), start + 3 * CHUNK)
        for size in (30, start - 20, start, start + 10, start + CHUNK, start + 2 * CHUNK + 16, len(whole) - 1):
            self.refused(self.file("bad.age", whole[:size]), "bad.age")
        self.refused(self.file("bad.age", whole[:start + CHUNK]), f"ends at byte {start + CHUNK}", "cut off")
        for at in (100, start - 10, start + 5, start + CHUNK + 1000, len(whole) - 5):
            self.refused(self.file("bad.age", whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:]), "bad.age")
        at = start + CHUNK + 1000
        self.refused(self.file("bad.age", whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:]),
                     f"bytes {start + CHUNK} to {start + 2 * CHUNK}", "Copy the file again")
        self.refused(self.file("bad.age", whole + b"more"), "ends at byte")

    def test_what_fails_on_the_way_leaves_nothing(self):
        segment = next(os.path.join(self.home, "input", n) for n in os.listdir(os.path.join(self.home, "input"))
                       if n.endswith(".seg"))
        content = bytearray(read(segment))
        content[20000] ^= 1
        with open(segment, "wb") as f:
            f.write(content)
        before = sorted(os.listdir(self.folder.name))
        self.run_program("backup", self.path("site.age"), "--recipient", self.recipient, code=1)
        self.assertEqual(sorted(os.listdir(self.folder.name)), before)

    @NEEDS_AGE
    def test_age_opens_ours(self):
        target, _ = self.backup()
        clear = self.path("clear.zip")
        run("age", "-d", "-i", self.identity, "-o", clear, target)
        with zipfile.ZipFile(clear) as z:
            self.assertIsNone(z.testzip())
            self.assertEqual(json.loads(z.read("manifest.json"))["format"], "quaywatch.backup/1")
        self.run_program("restore", "--check", clear)
        self.assertEqual(run("age-keygen", "-y", self.identity).decode().strip(), self.recipient)

    @NEEDS_AGE
    def test_we_open_what_age_made(self):
        clear, theirs = self.path("site.qwb"), self.path("theirs.txt")
        self.run_program("backup", clear)
        run("age-keygen", "-o", theirs)
        key = run("age-keygen", "-y", theirs).decode().strip()
        run("age", "-r", self.recipient, "-r", key, "-o", self.path("by.age"), clear)
        self.run_program("restore", "--check", self.path("by.age"), "--identity", theirs)
        home = self.path("again")
        self.run_program("restore", self.path("by.age"), "--identity", self.identity, "--site", home)
        self.assertEqual(self.tree(home), self.tree(self.home))
        self.run_program("backup", self.path("ours.age"), "--recipient", key)
        run("age", "-d", "-i", theirs, "-o", self.path("clear"), self.path("ours.age"))


class ArchiveTest(SealedTest):
    def test_other_programs_unpack_what_is_written_from_front_to_back(self):
        target = self.path("site.qwb")
        self.run_program("backup", target)
        with zipfile.ZipFile(target) as z:
            self.assertIsNone(z.testzip())
            names = set(z.namelist())
            for info in z.infolist():
                self.assertEqual(info.external_attr >> 16, 0o100600, info.filename)
        if shutil.which("unzip"):
            run("unzip", "-q", target, "-d", self.path("unpacked"))
            unpacked = self.tree(self.path("unpacked"))
            self.assertEqual(set(unpacked), names)
            del unpacked["manifest.json"]
            self.assertEqual(unpacked, self.tree(self.home))


class SignedTest(SealedTest):
    def setUp(self):
        super().setUp()
        self.key = self.path("port.key")
        out, _ = self.run_program("keygen", "signature", self.key)
        self.public = out.strip()

    def test_a_backup_is_taken_from_its_signer_alone(self):
        target, _ = self.backup("--sign", self.key)
        for key in (self.public, self.key + ".pub"):
            _, err = self.run_program("restore", "--check", target, "--identity", self.identity, "--verify", key)
            self.assertRegex(err, r"signed: 2\d{3}-\d\d-\d\dT[\d:]+Z, file:site.qwb.age\n")
        self.run_program("restore", target, "--identity", self.identity, "--verify", self.public,
                         "--site", self.path("again"))
        self.assertEqual(self.tree(self.path("again")), self.tree(self.home))
        other = self.run_program("keygen", "signature", self.path("other.key"))[0].strip()
        self.refused(target, "was signed with key", arguments=("--verify", other))
        # Whoever knows the recipient makes a backup; the signature is what says whose it is.
        forged, _ = self.backup(name="forged.age")
        self.refused(forged, "has no signature", arguments=("--verify", self.public))
        shutil.copy(target + ".minisig", forged + ".minisig")
        self.refused(forged, "not the file that was signed", arguments=("--verify", self.public))
        text = read(target + ".minisig").decode()
        with open(target + ".minisig", "w", encoding="utf-8") as f:
            f.write(text.replace("timestamp:", "timestamp:9"))
        self.refused(target, "comment was changed", arguments=("--verify", self.public))

    def test_a_clear_backup_is_signed_too_and_replaced_with_its_signature(self):
        target = self.path("site.qwb")
        for _ in range(2):
            self.run_program("backup", target, "--sign", self.key, "--force")
            self.run_program("restore", "--check", target, "--verify", self.public)

    def test_any_file_is_signed_and_verified(self):
        package = self.file("quaywatch_9_amd64.deb", os.urandom(300_000))
        out, _ = self.run_program("sign-file", package, "--key", self.key)
        self.assertEqual(out.strip(), package + ".minisig")
        out, _ = self.run_program("verify-file", package, "--key", self.public)
        self.assertRegex(out, r"is what was signed: 2\d{3}-\d\d-\d\dT[\d:]+Z, file:quaywatch_9_amd64.deb\n")
        self.file("quaywatch_9_amd64.deb", read(package)[:-1] + b"x")
        _, err = self.run_program("verify-file", package, "--key", self.public, code=1)
        self.assertIn("Do not use it", err)
        _, err = self.run_program("verify-file", self.path("nothing.deb"), "--key", self.public, code=1)
        self.assertIn("nothing.deb", err)
        for wrong in ("RWnonsense", self.key, self.identity):
            self.run_program("verify-file", package, "--key", wrong, code=1)
        self.run_program("sign-file", package, "--key", self.key + ".pub", code=1)

    @NEEDS_MINISIGN
    def test_minisign_checks_ours(self):
        target, _ = self.backup("--sign", self.key)
        out = run("minisign", "-V", "-P", self.public, "-m", target).decode()
        self.assertIn("Signature and comment signature verified", out)
        self.assertIn("file:site.qwb.age", out)
        run("minisign", "-V", "-p", self.key + ".pub", "-m", target)
        run("minisign", "-S", "-s", self.key, "-m", target)  # its program takes our key as well
        self.run_program("verify-file", target, "--key", self.public)

    @NEEDS_MINISIGN
    def test_we_check_what_minisign_made(self):
        key, locked = self.path("theirs.key"), self.path("locked.key")
        run("minisign", "-G", "-W", "-p", key + ".pub", "-s", key)
        target, _ = self.backup()
        run("minisign", "-S", "-s", key, "-m", target, "-t", "monday")
        _, err = self.run_program("restore", "--check", target, "--identity", self.identity, "--verify", key + ".pub")
        self.assertIn("signed: monday", err)
        self.run_program("sign-file", target, "--key", key)
        run("minisign", "-V", "-p", key + ".pub", "-m", target)
        run("minisign", "-G", "-p", locked + ".pub", "-s", locked, stdin=b"pw\npw\n")
        _, err = self.run_program("sign-file", target, "--key", locked, code=1)
        self.assertIn("locked with a password", err)
        run("minisign", "-S", "-s", locked, "-m", target, stdin=b"pw\n")
        self.run_program("verify-file", target, "--key", locked + ".pub")
        fingerprint = re.search(r"key (\w+)", read(key + ".pub").decode()).group(1).zfill(16)  # theirs drops zeros
        _, err = self.run_program("verify-file", target, "--key", key + ".pub", code=1)
        self.assertIn(f"not with {fingerprint}", err)


class StorageTest(ServerTest):
    """Whether the disk is encrypted, as `lsblk` would say it of the folder."""

    def path(self, name):
        return os.path.join(self.folder.name, name)

    def test_the_server_says_what_it_lies_on(self):
        server, admin = self.first_start()
        said = next(line for line in server.process.stderr if "the folder of the site lies" in line)
        storage = admin.call("getService").json["storage"]
        device = os.stat(self.home).st_dev
        link = f"/sys/dev/block/{os.major(device)}:{os.minor(device)}"
        self.assertEqual(storage["device"], os.path.basename(os.path.realpath(link)) if os.path.exists(link) else "")
        self.assertIn({"dm_crypt": "on an encrypted device", "none": "does not encrypt",
                       "unknown": "cannot be told"}[storage["encryption"]], said)
        self.assertIn(f"quaywatch_storage_encrypted {int(storage['encryption'] == 'dm_crypt')}\n",
                      admin.call("getMetrics").body.decode())

    def test_a_site_at_the_root_of_its_own_file_system_is_kept(self):
        root = self.path("root")
        shutil.copytree(self.home, root)
        os.makedirs(os.path.join(root, "lost+found"))
        self.run_program("backup", self.path("site.qwb"), "--site", root)
        with zipfile.ZipFile(self.path("site.qwb")) as z:
            self.assertEqual([n for n in z.namelist() if "lost" in n], [])
        with open(os.path.join(root, "lost+found", "#12"), "w", encoding="utf-8") as f:
            f.write("of the disk")
        self.run_program("restore", self.path("site.qwb"), "--site", root, "--force")
        self.assertEqual(os.listdir(os.path.join(root, "lost+found")), ["#12"])
        os.makedirs(os.path.join(self.path("new"), "lost+found"))
        self.run_program("restore", self.path("site.qwb"), "--site", self.path("new"))


if __name__ == "__main__":
    main()
