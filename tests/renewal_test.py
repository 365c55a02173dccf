"""Certificates and reference tables that change while the server runs: SIGHUP reads them; a bad one keeps the old."""
import os
import re
import signal
import socket
import ssl
import subprocess

from program import PROGRAM, main
from server_test import ServerTest, wait_until

TABLES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "reference")


class RenewalTest(ServerTest):
    def make_certificate(self, name):
        """Into the files that the server was told of."""
        made = [os.path.join(self.folder.name, name + ending) for ending in (".key", ".pem")]
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "2", "-subj", "/CN=" + name, "-keyout", made[0], "-out", made[1]],
                       check=True, capture_output=True)
        return made

    def put_certificate(self, key, pem):
        for source, target in ((key, self.key), (pem, self.pem)):
            with open(source, "rb") as f, open(target, "wb") as out:
                out.write(f.read())

    def begin(self):
        self.key, self.pem = (os.path.join(self.folder.name, "of-the-server" + e) for e in (".key", ".pem"))
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            self.stream = s.getsockname()[1]
        self.put_certificate(*self.make_certificate("first"))
        self.log = open(os.path.join(self.folder.name, "log"), "w+", encoding="utf-8")
        self.addCleanup(self.log.close)
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--http", "127.0.0.1:0", "--http-certificate", self.pem, "--http-key", self.key,
             "--listen", f"canonical=tls:127.0.0.1:{self.stream}", "--certificate", self.pem, "--key", self.key,
             "--poll", "1"], stdout=subprocess.PIPE, stderr=self.log, text=True,
            env={**os.environ, "QUAYWATCH_HOME": self.home})
        self.addCleanup(self.process.communicate)
        self.addCleanup(self.process.send_signal, signal.SIGTERM)
        line = ""
        while "serving https" not in line:
            line = self.process.stdout.readline()
            self.assertTrue(line, "the server ended")
        self.web = int(re.search(r":(\d+)/", line).group(1))
        wait_until(lambda: self.shown(self.web) and self.shown(self.stream))

    @staticmethod
    def shown(port):
        """The name in the certificate of a new connection."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=30) as plain:
                with context.wrap_socket(plain) as sealed:
                    der = sealed.getpeercert(binary_form=True)
        except OSError:
            return None
        text = subprocess.run(["openssl", "x509", "-inform", "DER", "-noout", "-subject"], input=der,
                              capture_output=True, check=True).stdout.decode()
        return text.split("CN = ")[1].strip()

    def said(self):
        self.log.seek(0)
        return self.log.read()

    def test_new_certificates_are_shown_and_bad_ones_keep_the_old(self):
        self.begin()
        self.assertEqual([self.shown(p) for p in (self.web, self.stream)], ["first"] * 2)
        context = ssl._create_unverified_context()
        with socket.create_connection(("127.0.0.1", self.web)) as plain, context.wrap_socket(plain) as open_before:
            second = self.make_certificate("second")
            self.put_certificate(*second)
            self.process.send_signal(signal.SIGHUP)
            wait_until(lambda: [self.shown(p) for p in (self.web, self.stream)] == ["second"] * 2)
            open_before.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            self.assertIn(b"200 OK", open_before.recv(4096), "what is open goes on")
        key_of_another = self.make_certificate("third")[0]
        self.put_certificate(key_of_another, second[1])
        self.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "the configuration stays as it was" in self.said())
        self.assertIn("belong together", self.said())
        self.assertEqual([self.shown(p) for p in (self.web, self.stream)], ["second"] * 2)

    def test_a_cut_reference_table_keeps_all_as_it_was_and_is_named(self):
        server, admin = self.first_start()
        path = os.path.join(self.home, "reference", "smdg_liner.csv")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(os.path.join(TABLES, "smdg_liner.csv"), encoding="utf-8") as f:
            whole = f.read()
        state = lambda: admin.call("getService").json["configuration"]
        for text, is_usable in ((whole, True), (whole[:-20], False), (whole, True)):
            before = state()
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)
            server.process.send_signal(signal.SIGHUP)
            wait_until(lambda: state() != before)
            self.assertEqual(path not in state()["problem"], is_usable, state())
            self.assertEqual(state()["read_at"] != before["read_at"], is_usable)


if __name__ == "__main__":
    main()
