"""A web server that answers as badly as asked: each path is one way to be bad. It counts who came."""

from __future__ import annotations

import gzip
import http.server
import threading
import time
from contextlib import contextmanager
from urllib.parse import unquote

NOTHING_BUT_ZEROS = gzip.compress(b"\0" * 30_000_000)


class Evil(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: list[tuple[str, str, str]]  # of each server: method, path, Authorization
    bodies: dict[str, bytes]

    def log_message(self, *_) -> None:
        pass

    def do_GET(self) -> None:
        self.asked.append((self.command, self.path, self.headers.get("Authorization", "")))
        taken = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        way = self.path.strip("/").split("/")[0].split("?")[0].replace("-", "_")
        try:
            getattr(self, f"way_{way}", self.way_plain)(taken)
        except OSError:
            self.close_connection = True

    do_PROPFIND = do_REPORT = do_PUT = do_DELETE = do_GET  # noqa: N815 - as http.server calls them

    def say(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def way_plain(self, taken: bytes) -> None:
        known = self.bodies.get(self.path)
        if known is None:
            self.say(b"gone", 404)
        elif self.headers.get("If-None-Match") == '"one"':
            self.send_response(304)
            self.end_headers()
        else:
            self.say(known, ETag='"one"', Content_Type="text/calendar")

    def way_echo(self, taken: bytes) -> None:
        self.say(self.command.encode() + b" " + taken)

    def way_packed(self, taken: bytes) -> None:
        self.say(gzip.compress(b"BEGIN"), Content_Encoding="gzip")

    def way_bomb(self, taken: bytes) -> None:
        self.say(NOTHING_BUT_ZEROS, Content_Encoding="gzip")

    def way_half_packed(self, taken: bytes) -> None:
        self.say(gzip.compress(bytes(range(256)) * 50)[:-40], Content_Encoding="gzip")

    def way_endless(self, taken: bytes) -> None:
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(b"X" * 65_536)

    def way_drip(self, taken: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        while True:
            self.wfile.write(b"B")
            time.sleep(0.05)

    def way_drip_headers(self, taken: bytes) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while True:
            self.wfile.write(b"a")
            time.sleep(0.05)

    def way_silent(self, taken: bytes) -> None:
        time.sleep(3)
        self.close_connection = True

    def way_short(self, taken: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"BEGIN:VCALENDAR")
        self.close_connection = True

    def way_babble(self, taken: bytes) -> None:
        self.wfile.write(b"220 mail.example ESMTP\r\n")
        self.close_connection = True

    def way_many_headers(self, taken: bytes) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 500 + b"\r\n")
        self.close_connection = True

    def way_round(self, taken: bytes) -> None:
        self.say(b"", 302, Location="/round/")

    def way_to(self, taken: bytes) -> None:
        """/to/STATUS/ADDRESS leads there."""
        _, _, status, address = self.path.split("/", 3)
        self.say(b"", int(status), Location=unquote(address))


@contextmanager
def evil_server(bodies: dict[str, bytes] | None = None, *, tls=None, host: str = "127.0.0.1"):
    """Yields the server: `port`, `asked`, `bodies`."""
    kind = type("Evil", (Evil,), {"asked": [], "bodies": bodies if bodies is not None else {}})
    server = http.server.ThreadingHTTPServer((host, 0), kind)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.port, server.asked, server.bodies = server.server_address[1], kind.asked, kind.bodies
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
