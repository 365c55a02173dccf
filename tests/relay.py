"""A relay for mail that takes what it is given, in clear, after STARTTLS or over TLS from the start, and lets in who
knows the password where it asks for one."""
import base64
import email
import os
import socketserver
import ssl
import subprocess
import threading


def certificate(folder):
    """Of this machine, signed by itself: the file of its authority, and what a server needs."""
    key, pem = (os.path.join(folder, "receiver" + ending) for ending in (".key", ".pem"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "2", "-subj", "/CN=receiver", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", key, "-out", pem], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, key)
    return pem, context


class Relay(socketserver.ThreadingTCPServer):
    """`mails` are (how it came, message). With `people`, a map of users to passwords, it takes none without a user, and
    offers the `ways` to sign in over TLS alone. `said` is every line that it was sent outside TLS."""
    daemon_threads = True

    def __init__(self, tls=None, is_sealed=False, people=None, ways="PLAIN LOGIN", refusal="535 5.7.8 not known here"):
        self.mails, self.said, self.signed_in, self.refused = [], [], [], 0
        self.tls, self.is_sealed, self.people, self.ways, self.refusal = tls, is_sealed, people, ways, refusal
        self.injected = b""  # said in clear behind the answer to STARTTLS
        super().__init__(("127.0.0.1", 0), Talk)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, *_):
        pass  # who ends the handshake because of the certificate

    def close(self):
        self.shutdown()
        self.server_close()


class Talk(socketserver.StreamRequestHandler):
    def seal(self):
        sealed = self.server.tls.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = sealed.makefile("rb"), sealed.makefile("wb", buffering=0)
        self.sealed = sealed

    def finish(self):
        super().finish()
        if self.sealed:
            self.sealed.close()

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")

    def hear(self):
        line = self.rfile.readline()
        if not self.sealed:
            self.server.said.append(line)
        return line.decode().rstrip("\r\n")

    def ask(self, challenge):
        self.say("334 " + base64.b64encode(challenge.encode()).decode())
        return base64.b64decode(self.hear()).decode()

    def sign_in(self, way):
        if not self.sealed:
            return self.say("530 5.7.0 TLS first")
        if way == "PLAIN":
            _, user, password = self.ask("").split("\0")
        else:
            user, password = self.ask("Username:"), self.ask("Password:")
        if self.server.people.get(user) != password:
            self.server.refused += 1
            return self.say(self.server.refusal.replace("PASSWORD", password))
        self.user = user
        self.server.signed_in.append((user, way))
        return self.say("235 2.7.0 come in")

    def greet(self):
        lines = ["relay.example"] + ([] if self.sealed or not self.server.tls else ["STARTTLS"])
        if self.server.people and self.sealed:
            lines.append("AUTH " + self.server.ways)
        for line in lines[:-1]:
            self.say("250-" + line)
        self.say("250 " + lines[-1])

    def take(self, to):
        self.say("354 go on")
        text = b""
        while (part := self.rfile.readline()) != b".\r\n":
            text += part
        self.server.mails.append((("sealed " if self.sealed else "") + to, email.message_from_bytes(text)))

    def handle(self):
        self.sealed, self.user, to = None, None, None
        if self.server.is_sealed:
            self.seal()
        self.say("220 relay.example")
        while line := self.hear():
            word = line.split(" ")[0].upper()
            if word == "EHLO":
                self.greet()
            elif word == "STARTTLS":
                self.wfile.write(b"220 go on\r\n" + self.server.injected)
                self.seal()
            elif word == "AUTH":
                self.sign_in(line.split(" ")[1].upper())
            elif word == "MAIL" and self.server.people and not self.user:
                self.say("530 5.7.0 sign in first")
            elif word == "QUIT":
                self.say("221 bye")
            else:
                if word == "RCPT":
                    to = line.split("<")[1].split(">")[0]
                if word == "DATA":
                    self.take(to)
                self.say("250 yes")
