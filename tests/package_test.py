"""The Debian package on a machine: installed, started, upgraded over data, also that of earlier programs, removed,
purged. The machine is this one
under an overlay in a mount namespace of its own, so that nothing of it changes; no network is needed.

Arguments: BUILD_DIR SOURCE_DIR [unittest arguments]. With QUAYWATCH_PACKAGE=FILE.deb that package instead of one made
here from the build as it is.
"""
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

BUILD, SOURCE = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
os.environ["QUAYWATCH_LANGUAGE"] = "en"  # whatever the system speaks
SITE = "/var/lib/quaywatch"
GET = ("python3 -c 'import sys, urllib.request as r; print(r.urlopen(sys.argv[1], timeout=5).read().decode())' "
       "$(grep -o 'http://[0-9.:]*' /tmp/out)")
# As the unit starts it, less what only systemd can do.
AS_SERVICE = (f"setpriv --reuid quaywatch --regid quaywatch --init-groups --no-new-privs "
              f"env -i QUAYWATCH_HOME={SITE} TMPDIR=/var/tmp")
START = (f"{AS_SERVICE} /usr/bin/quaywatch serve --http 127.0.0.1:0 >/tmp/out 2>/tmp/err & server=$!; "
         f"for i in $(seq 100); do {GET}/ready >/dev/null 2>&1 && break; sleep 0.1; done; "
         f"cat /tmp/out /tmp/err; {GET}/ready")
STOP = "kill $server; wait $server"
DATA = f"cd {SITE} && find . -type f ! -name '*.db-*' -exec sha256sum {{}} + | sort"
# What the administrator of a site of tests/bwc finds: logins, alerts that somebody worked on, cases.
LOOK = """import json, sys, urllib.request as r
base, login = sys.argv[1], {"login": "admin", "password": "a long and quiet tide"}
asked = r.Request(base + "/api/session", json.dumps(login).encode(), {"Content-Type": "application/json"})
cookie = r.urlopen(asked).headers["Set-Cookie"].split(";")[0]
get = lambda path: json.load(r.urlopen(r.Request(base + path, headers={"Cookie": cookie})))["items"]
alerts = [a["alert_id"] for a in get("/api/alerts?limit=500") if a["triage"]["state"] != "new"]
print(json.dumps([[u["login"] for u in get("/api/users")], sorted(alerts), [c["title"] for c in get("/api/cases")]]))
"""

UNSHARE = ["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "sh", "-c"]
# The disk of the machine, then what is said to its shell.
DISK = """set -e
mount -t tmpfs -o size=2g tmpfs {folder}/disk
mkdir {folder}/disk/upper {folder}/disk/work {folder}/disk/root
mount -t overlay overlay -o lowerdir=/,upperdir={folder}/disk/upper,workdir={folder}/disk/work {folder}/disk/root
"""
MACHINE = DISK + """
mount --rbind /proc {folder}/disk/root/proc
mount --rbind /dev {folder}/disk/root/dev
cp {folder}/*.deb {folder}/look.py {folder}/bwc/* {folder}/disk/root/root/
# As on a machine that never had it.
rm -rf {folder}/disk/root{site} {folder}/disk/root/etc/quaywatch
echo force-unsafe-io >{folder}/disk/root/etc/dpkg/dpkg.cfg.d/test  # it has no disk that could lose what was written
exec chroot {folder}/disk/root /bin/bash --noprofile --norc
"""


def make_package(folder, version):
    made = subprocess.run(["cpack", "--config", os.path.join(BUILD, "CPackConfig.cmake"), "-G", "DEB", "-B", folder,
                           "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=none", "-D", f"CPACK_PACKAGE_VERSION={version}",
                           "-D", f"CPACK_DEBIAN_PACKAGE_VERSION={version}"],
                          capture_output=True, text=True, check=False)
    if made.returncode != 0:
        raise AssertionError(made.stdout + made.stderr)
    return os.path.join(folder, f"quaywatch_{version}_amd64.deb")


class Machine:
    """A shell as root of the machine."""

    def __init__(self, folder):
        self.shell = subprocess.Popen([*UNSHARE, MACHINE.format(folder=folder, site=SITE)],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                      text=True,
                                      env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
                                           "DEBIAN_FRONTEND": "noninteractive", "HOME": "/root"})

    def run(self, command, code=0):
        self.shell.stdin.write(f"{{ {command}\n}} </dev/null; echo \"::$?::\"\n")
        self.shell.stdin.flush()
        said = []
        for line in self.shell.stdout:
            if m := re.search(r"::(\d+)::$", line):
                said.append(line[:m.start()])
                text = "".join(said)
                if code is not None and int(m.group(1)) != code:
                    raise AssertionError(f"{command}: {m.group(1)}\n{text}")
                return text
            said.append(line)
        raise AssertionError(f"{command}: the machine is gone\n{''.join(said)}")

    def end(self):
        self.shell.stdin.close()
        self.shell.kill()
        self.shell.wait()
        self.shell.stdout.close()


def can_make_machines(folder):
    tried = subprocess.run([*UNSHARE, DISK.format(folder=folder)], capture_output=True, check=False)
    return os.geteuid() == 0 and tried.returncode == 0


class PackageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        for tool in ("cpack", "dpkg-deb", "dpkg-shlibdeps"):
            if shutil.which(tool) is None:
                raise unittest.SkipTest(f"{tool} is not here")
        # Thousands of small files, written several times.
        cls.folder = tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None)
        given = os.environ.get("QUAYWATCH_PACKAGE")
        if given:
            cls.package = shutil.copy(given, cls.folder.name)
        else:
            cls.package = make_package(cls.folder.name, "0.0.9")
        shutil.copytree(os.path.join(SOURCE, "tests", "bwc"), os.path.join(cls.folder.name, "bwc"))
        with open(os.path.join(cls.folder.name, "look.py"), "w", encoding="utf-8") as f:
            f.write(LOOK)
        os.mkdir(os.path.join(cls.folder.name, "disk"))
        # The same content under a later version: what an upgrade does to data does not hang on it.
        cls.newer = os.path.join(cls.folder.name, "newer.deb")
        tree = os.path.join(cls.folder.name, "tree")
        subprocess.run(["dpkg-deb", "-R", cls.package, tree], check=True)
        control = os.path.join(tree, "DEBIAN", "control")
        with open(control, encoding="utf-8") as f:
            text = f.read()
        with open(control, "w", encoding="utf-8") as f:
            f.write(re.sub(r"^Version: .*$", "Version: 99.0.0", text, flags=re.M))
        subprocess.run(["dpkg-deb", "-Znone", "-b", tree, cls.newer], check=True, capture_output=True)
        shutil.rmtree(tree)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def contents(self):
        listed = subprocess.run(["dpkg-deb", "-c", self.package], capture_output=True, text=True, check=True).stdout
        return {line.split()[5][1:]: line.split()[:2] for line in listed.splitlines()}

    def test_it_holds_what_a_machine_needs(self):
        files = self.contents()
        for path in ("/usr/bin/quaywatch", "/usr/lib/systemd/system/quaywatch.service", "/etc/quaywatch/serve.conf",
                     "/usr/share/quaywatch/detectors/seal_continuity/rule.yml",
                     "/usr/share/quaywatch/reference/unlocode.csv", "/usr/share/quaywatch/samples/port-day/README.md",
                     "/usr/share/man/man1/quaywatch.1", "/usr/share/doc/quaywatch/copyright",
                     "/usr/share/doc/quaywatch/docs/reference/server.md", "/usr/share/doc/quaywatch/api/openapi.yaml"):
            self.assertTrue(path in files, path)
        self.assertTrue(any(p.startswith("/usr/share/quaywatch/mappings/") for p in files))
        if os.environ.get("QUAYWATCH_PACKAGE"):
            self.assertTrue("/usr/share/quaywatch/console/index.html" in files)
        for path, (mode, owner) in files.items():
            self.assertEqual(owner, "root/root", path)
            self.assertNotIn("w", mode[4:], f"{path}: only root may write it")
            self.assertNotIn("s", mode, path)
        named = [p for p in files if re.search(r"/\.|~$|\.orig$|node_modules|__pycache__", p[1:])]
        self.assertEqual(named, [])
        fields = subprocess.run(["dpkg-deb", "-f", self.package], capture_output=True, text=True, check=True).stdout
        self.assertRegex(fields, r"(?m)^Depends: .*libsqlite3-0")
        self.assertRegex(fields, r"(?m)^Depends: .*adduser")

    def test_the_service_can_do_little(self):
        if shutil.which("systemd-analyze") is None:
            self.skipTest("systemd-analyze is not here")
        unit = os.path.join(SOURCE, "packaging", "quaywatch.service")
        # Ten times the exposure level: most services of a distribution have 90 and more.
        rated = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--threshold=15", unit],
                               capture_output=True, text=True, check=False)
        self.assertEqual(rated.returncode, 0, rated.stdout[-300:] + rated.stderr)

    def machine(self):
        if not can_make_machines(self.folder.name):
            self.skipTest("no namespace can be made here")
        m = Machine(self.folder.name)
        self.addCleanup(m.end)
        return m

    def test_install_start_upgrade_remove_purge(self):
        m = self.machine()
        told = m.run(f"dpkg -i /root/{os.path.basename(self.package)}")
        self.assertIn("systemctl enable --now quaywatch", told)
        self.assertEqual(m.run(f"stat -c '%U:%G %a' {SITE} /etc/quaywatch").split("\n")[:2],
                         ["quaywatch:quaywatch 700", "root:quaywatch 750"])
        self.assertIn("0.", m.run("quaywatch --version"))

        m.run(f"{AS_SERVICE} /usr/bin/quaywatch import --history /usr/share/quaywatch/samples/port-day")
        said = m.run(START)
        self.assertIn("one-time password", said)
        if os.environ.get("QUAYWATCH_PACKAGE"):
            self.assertIn("<title>", m.run(f"{GET}/"))
        m.run(STOP)
        m.run("echo 'OPTIONS=--http 127.0.0.1:8430' >/etc/quaywatch/serve.conf")
        m.run(f"install -m 0644 -o quaywatch /dev/null {SITE}/site.toml")
        before = m.run(DATA)
        self.assertIn("input/0", before)

        m.run("dpkg -i /root/newer.deb")
        self.assertEqual(m.run(DATA), before, "an upgrade leaves the data alone")
        self.assertIn("8430", m.run("cat /etc/quaywatch/serve.conf"), "and the configuration")
        self.assertNotIn("one-time password", m.run(START), "the site goes on")
        m.run(STOP)
        before = m.run(DATA)
        m.run("dpkg -r quaywatch")
        self.assertEqual(m.run(DATA), before, "removal leaves the data alone")
        m.run("test ! -e /usr/bin/quaywatch && test ! -e /usr/lib/systemd/system/quaywatch.service")
        m.run("grep -q 8430 /etc/quaywatch/serve.conf")

        m.run(f"dpkg -i /root/{os.path.basename(self.package)}")
        self.assertNotIn("one-time password", m.run(START), "installed again it has its site")
        m.run(STOP)
        m.run("dpkg -P quaywatch")
        m.run(f"test ! -e {SITE} && test ! -e /etc/quaywatch")

    def test_an_upgrade_goes_on_with_the_sites_of_earlier_programs(self):
        m = self.machine()
        m.run(f"dpkg -i /root/{os.path.basename(self.package)}")
        for path in sorted(glob.glob(os.path.join(SOURCE, "tests", "bwc", "*.json"))):
            name = os.path.basename(path).removesuffix(".json")
            with self.subTest(name), open(path, encoding="utf-8") as f:
                kept = json.load(f)["kept"]
                self.put_site(m, name)
                before = m.run(DATA)
                m.run("dpkg -i /root/newer.deb")
                self.assertEqual(m.run(DATA), before, "an upgrade leaves the data alone")
                self.assertNotIn("one-time password", m.run(START), "the site goes on")
                found = json.loads(m.run(f"python3 /root/look.py $(grep -o 'http://[0-9.:]*' /tmp/out)"))
                self.assertEqual(found, [[u[0] for u in kept["users"]], sorted(kept["alerts"]),
                                         [c[0] for c in kept["cases"]]])
                m.run(STOP)
        before = m.run(DATA)
        m.run("dpkg -r quaywatch")
        self.assertEqual(m.run(DATA), before, "removal leaves the data alone")
        m.run("dpkg -P quaywatch")
        m.run(f"test ! -e {SITE}")

    @staticmethod
    def put_site(machine, name):
        """As it would be there had the earlier program run as this service."""
        machine.run(f"rm -rf {SITE}")
        machine.run(f"if [ -e /root/{name}.qwb ]; then quaywatch restore /root/{name}.qwb --site {SITE}; "
                    f"else mkdir -m 700 {SITE} && tar -xzf /root/{name}.tar.gz -C {SITE}; fi")
        machine.run(f"chown -R quaywatch:quaywatch {SITE}")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]])
