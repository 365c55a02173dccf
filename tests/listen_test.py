#!/usr/bin/env python3
"""What real senders send, as the listener receives it: logger, openssl s_client, rsyslogd, and TLS gone wrong.

usage: listen_test.py LISTEN_TOOL [unittest arguments]

Exit status 77, the reason in the last line, when every test was skipped: Debian packages bsdutils (logger), openssl,
rsyslog, rsyslog-gnutls.
"""
import os
import queue
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest

TOOL = os.path.abspath(sys.argv[1])
PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
PATIENCE_S = 30
NAME = "listener.quaywatch.test"


def program(name, package):
    path = shutil.which(name, path=PATH)
    if path is None:
        raise unittest.SkipTest(f"{name} is not installed (Debian package {package})")
    return path


class Listener:
    """The tool, its output as [kind, transport, peer, reason, bytes]."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([TOOL, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.rows = queue.Queue()
        self.ports = []
        for argument in arguments:
            if "=" not in argument:
                kind, bound = self.process.stdout.readline().decode().split()
                assert kind == "listening", kind
                self.ports.append(int(bound.rsplit(":", 1)[1]))
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            kind, address, peer, reason, text = line.decode().rstrip("\n").split("\t")
            payload = text.encode().decode("unicode_escape").encode("latin-1")
            self.rows.put([kind, address.split(":")[0], peer, reason, payload])

    def take(self, is_enough):
        """All rows until one of them is enough."""
        rows = []
        while not rows or not is_enough(rows[-1]):
            try:
                rows.append(self.rows.get(timeout=PATIENCE_S))
            except queue.Empty:
                raise AssertionError(f"nothing more after {rows}") from None
        return rows

    def records(self, number):
        rows = []
        while len(rows) < number:
            rows += [row for row in self.take(lambda row: row[0] == "record") if row[0] == "record"]
        return [row[4] for row in rows]

    def ending(self):
        """What came until a connection ended: records and losses, then the reason of the end."""
        rows = self.take(lambda row: row[0] == "disconnected")
        return [row[4] if row[0] == "record" else row[3] for row in rows if row[0] != "connected"]

    def close(self):
        self.process.terminate()
        _, errors = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, errors.decode()


class Senders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.folder = folder.name

    @classmethod
    def path(cls, name):
        return os.path.join(cls.folder, name)

    @classmethod
    def make_certificates(cls):
        """An authority, a server and a client that it has signed, and a client that nobody has."""
        def openssl(*arguments):
            subprocess.run([program("openssl", "openssl"), *arguments], check=True, capture_output=True)

        def make(name, *arguments):
            openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", f"/CN={name}", "-keyout", cls.path(name + ".key"), "-out", cls.path(name + ".pem"),
                    *arguments)

        make("authority", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        signed = ("-CA", cls.path("authority.pem"), "-CAkey", cls.path("authority.key"),
                  "-addext", "basicConstraints=critical,CA:FALSE")
        make(NAME, *signed, "-addext", f"subjectAltName=DNS:{NAME}")
        make("client", *signed)
        make("stranger")

    def listen(self, *arguments):
        listener = Listener(*arguments)
        self.addCleanup(listener.process.stderr.close)
        self.addCleanup(listener.process.stdout.close)
        self.addCleanup(listener.process.wait)
        self.addCleanup(listener.process.kill)
        return listener

    def listen_tls(self, *arguments):
        files = [f"certificate={self.path(NAME + '.pem')}", f"key={self.path(NAME + '.key')}"]
        return self.listen(*files, *arguments)


class Logger(Senders):
    def test_every_transport_and_form(self):
        logger = program("logger", "bsdutils")
        listener = self.listen("tcp:0", "udp:0")
        for port, transport in zip(listener.ports, ("--tcp", "--udp")):
            for form, begin in (("--rfc5424", b"<13>1 "), ("--rfc3164", b"<13>")):
                for frame in ((), ("--octet-count",)) if transport == "--tcp" else ((),):
                    with self.subTest(transport=transport, form=form, frame=frame):
                        subprocess.run([logger, "-n", "127.0.0.1", "-P", str(port), transport, form, *frame,
                                        "-t", "gate", "lane 4 opened"], check=True, timeout=PATIENCE_S)
                        record, = listener.records(1)
                        self.assertTrue(record.startswith(begin), record)
                        self.assertTrue(record.endswith(b"lane 4 opened"), record)
        code, errors = listener.close()
        self.assertEqual(code, 0, errors)

    def test_a_stop_is_orderly(self):
        listener = self.listen("tcp:0")
        with socket.create_connection(("127.0.0.1", listener.ports[0])) as client:
            client.sendall(b"one\n" * 1000)
            self.assertEqual(listener.take(lambda row: True)[0][0], "connected")
            listener.process.terminate()
            self.assertEqual(listener.ending(), [b"one"] * 1000 + ["stopped"])
            self.assertEqual(listener.process.wait(PATIENCE_S), 0)


class Tls(Senders):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_certificates()

    def s_client(self, port, *arguments, sent=b"13 from\ns_clientline\n"):
        return subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", self.path("authority.pem"),
             "-verify_return_error", "-verify_hostname", NAME, "-quiet", "-no_ign_eof", *arguments],
            input=sent, capture_output=True, timeout=PATIENCE_S, check=False)

    def connect(self, port):
        context = ssl.create_default_context(cafile=self.path("authority.pem"))
        return context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname=NAME)

    def test_s_client(self):
        listener = self.listen_tls("tls:0")
        for version in ("-tls1_2", "-tls1_3"):
            with self.subTest(version=version):
                client = self.s_client(listener.ports[0], version)
                self.assertEqual(client.returncode, 0, client.stderr)
                self.assertEqual(listener.ending(), [b"from\ns_client", b"line", "closed_by_peer"])

    def test_an_old_version_is_refused(self):
        listener = self.listen_tls("tls:0")
        client = self.s_client(listener.ports[0], "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")
        self.assertNotEqual(client.returncode, 0)
        self.assertEqual(listener.ending(), ["tls_handshake_failed"])

    def test_a_client_certificate_is_verified(self):
        listener = self.listen_tls(f"client-ca={self.path('authority.pem')}", "tls:0")
        for name, expected in (("client", [b"line", "closed_by_peer"]), ("stranger", ["tls_handshake_failed"]),
                               (None, ["tls_handshake_failed"])):
            with self.subTest(client=name):
                own = ["-cert", self.path(name + ".pem"), "-key", self.path(name + ".key")] if name else []
                self.s_client(listener.ports[0], *own, sent=b"line\n")
                self.assertEqual(listener.ending(), expected)

    def test_what_speaks_no_tls_or_stalls(self):
        listener = self.listen_tls("handshake-ms=1000", "tls:0")
        with socket.create_connection(("127.0.0.1", listener.ports[0])) as client:
            client.sendall(b"<13>1 plain text\n")
            self.assertEqual(listener.ending(), ["tls_handshake_failed"])
        with socket.create_connection(("127.0.0.1", listener.ports[0])):
            self.assertEqual(listener.ending(), ["tls_handshake_too_slow"])

    def test_a_cut_stream_is_no_orderly_end(self):
        listener = self.listen_tls("tls:0")
        with self.connect(listener.ports[0]) as client:
            client.sendall(b"whole\nhalf")  # closed below without the closing alert
        self.assertEqual(listener.ending(), [b"whole", "frame_incomplete", "tls_truncated"])

    def test_much_at_once(self):
        listener = self.listen_tls("tls:0")
        with self.connect(listener.ports[0]) as client:
            client.sendall(b"".join(b"%d\n" % i for i in range(100_000)))
            client.unwrap()
        self.assertEqual(listener.ending(), [b"%d" % i for i in range(100_000)] + ["closed_by_peer"])

    def test_key_and_certificate_must_belong_together(self):
        process = subprocess.run([TOOL, f"certificate={self.path(NAME + '.pem')}", f"key={self.path('client.key')}",
                                  "tls:0"], capture_output=True, timeout=PATIENCE_S, check=False)
        self.assertEqual(process.returncode, 2)
        self.assertIn("client.key", process.stderr.decode())
        self.assertIn("must belong together", process.stderr.decode())


class Rsyslog(Senders):
    """rsyslogd forwards what it gets at a socket of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rsyslogd, cls.logger = program("rsyslogd", "rsyslog"), program("logger", "bsdutils")
        cls.make_certificates()

    def start(self, *action):
        own = self.path("log.sock")
        with open(self.path("rsyslog.conf"), "w", encoding="utf-8") as f:
            f.write(f'global(workDirectory="{self.folder}"\n'
                    f'  defaultNetstreamDriverCAFile="{self.path("authority.pem")}"\n'
                    f'  defaultNetstreamDriverCertFile="{self.path("client.pem")}"\n'
                    f'  defaultNetstreamDriverKeyFile="{self.path("client.key")}")\n'
                    'module(load="imuxsock" sysSock.use="off")\n'
                    f'input(type="imuxsock" socket="{own}" createPath="on")\n'
                        f'user.* action(type="omfwd" target="127.0.0.1" {" ".join(action)}\n'
                    '  template="RSYSLOG_SyslogProtocol23Format")\n')
        with open(self.path("own.log"), "wb") as log:
            process = subprocess.Popen([self.rsyslogd, "-n", "-f", self.path("rsyslog.conf"), "-i", self.path("pid")],
                                       stderr=log)
        self.addCleanup(process.wait)
        self.addCleanup(process.terminate)
        latest = time.monotonic() + PATIENCE_S
        while not os.path.exists(own):
            self.assertLess(time.monotonic(), latest, "rsyslogd does not start")
            time.sleep(0.05)
        for number in range(20):
            subprocess.run([self.logger, "-u", own, "-t", "gate", f"lane {number}"], check=True, timeout=PATIENCE_S)

    def own_log(self):
        with open(self.path("own.log"), encoding="utf-8", errors="replace") as f:
            return f.read()

    def check(self, listener):
        try:
            records = listener.records(20)
        except AssertionError as error:
            if "lmnsd_gtls" in self.own_log():
                self.skipTest("rsyslogd cannot speak TLS (Debian package rsyslog-gnutls)")
            raise AssertionError(f"{error}\n{self.own_log()}") from None
        for number, record in enumerate(records):
            self.assertRegex(record.decode(), rf"^<13>1 \S+ \S+ gate - - - +lane {number}$")

    def test_tcp_by_lines(self):
        listener = self.listen("tcp:0")
        self.start(f'protocol="tcp" port="{listener.ports[0]}"')
        self.check(listener)

    def test_tcp_by_octet_count(self):
        listener = self.listen("tcp:0")
        self.start(f'protocol="tcp" port="{listener.ports[0]}" tcp_framing="octet-counted"')
        self.check(listener)

    def test_udp(self):
        listener = self.listen("udp:0")
        self.start(f'protocol="udp" port="{listener.ports[0]}"')
        self.check(listener)

    def test_tls_both_sides_verified(self):
        listener = self.listen_tls(f"client-ca={self.path('authority.pem')}", "tls:0")
        self.start(f'protocol="tcp" port="{listener.ports[0]}" tcp_framing="octet-counted" streamDriver="gtls"',
                   'streamDriverMode="1" streamDriverAuthMode="x509/name"', f'streamDriverPermittedPeers="{NAME}"')
        self.check(listener)


if __name__ == "__main__":
    outcome = unittest.main(argv=[sys.argv[0], *sys.argv[2:]], exit=False).result
    reasons = [reason for _, reason in outcome.skipped]
    print("\n".join(reasons))
    skipped_classes = outcome.testsRun == 0 or outcome.testsRun == len(reasons)
    sys.exit(1 if not outcome.wasSuccessful() else 77 if reasons and skipped_classes else 0)
