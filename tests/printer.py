"""A printer that takes jobs by IPP (RFC 8011, Print-Job) and can be told to refuse them."""
import http.server
import struct
import threading


def read_job(body):
    """The attributes of a request, and the document behind them."""
    attributes, at, name = {}, 8, None
    while body[at] != 3:
        if body[at] < 0x10:  # a group begins
            at += 1
            continue
        size = struct.unpack_from(">H", body, at + 1)[0]
        name = body[at + 3:at + 3 + size].decode() or name
        at += 3 + size
        size = struct.unpack_from(">H", body, at)[0]
        attributes[name] = body[at + 2:at + 2 + size].decode()
        at += 2 + size
    return attributes, body[at + 1:].decode()


class Printer:
    """`jobs` are (attributes, document). `status` is what it answers; with `is_chunked` in pieces, as CUPS does."""

    def __init__(self, tls=None, is_chunked=False):
        self.jobs, self.refused, self.status = [], 0, 0
        outer = self

        class Answer(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                version, operation, request = struct.unpack_from(">HHI", body)
                is_job = (version, operation, self.headers["Content-Type"]) == (0x101, 2, "application/ipp")
                status = outer.status if is_job else 0x0501
                if status < 0x100:
                    outer.jobs.append(read_job(body))
                else:
                    outer.refused += 1
                answer = struct.pack(">HHI", version, status, request) + b"\x03"
                self.send_response(200)
                self.send_header("Content-Type", "application/ipp")
                self.send_header(*(("Transfer-Encoding", "chunked") if is_chunked else
                                   ("Content-Length", str(len(answer)))))
                self.end_headers()
                if is_chunked:
                    answer = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (answer[:3], answer[3:], b""))
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.port = self.server.server_port
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
