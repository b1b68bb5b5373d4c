"""A server that speaks like one of models, as well or as badly as its path says. It keeps what it was sent."""

from __future__ import annotations

import http.server
import json
import threading
import time
from contextlib import contextmanager


class Chat(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    heard: list[dict]

    def log_message(self, *_) -> None:
        pass

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.heard.append({"path": self.path, "key": self.headers.get("Authorization", ""), "body": json.loads(body)})
        try:
            getattr(self, f"way_{self.path.strip('/')}")()
        except OSError:
            self.close_connection = True

    def do_GET(self) -> None:
        self.heard.append({"path": self.path, "key": self.headers.get("Authorization", ""), "body": None})
        self.say(b"{}")

    def say(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def content(self, content: object) -> None:
        self.say(json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode())

    def way_good(self) -> None:
        questions = ["What did it cost you?", "Who should know first?", "What would you ask me?", "A fourth?"]
        self.content("```json\n" + json.dumps({"thoughts": "Sleep on it.", "questions": questions}) + "\n```")

    def way_prose(self) -> None:
        self.content("Sleep on it. <script>alert(1)</script> " + "And again. " * 400)

    def way_odd(self) -> None:
        self.content(json.dumps({"thoughts": ["a"], "questions": [1, None, "  ", "Why now?\x00"]}))

    def way_empty(self) -> None:
        self.content("  ")

    def way_number(self) -> None:
        self.content(7)

    def way_mapping(self) -> None:
        self.content(json.dumps({"thoughts": "Yes.", "questions": 3}))

    def way_broken(self) -> None:
        self.say(b'{"choices": [')

    def way_none(self) -> None:
        self.say(b'{"choices": []}')

    def way_deep(self) -> None:
        self.say(b"[" * 100_000)

    def way_trouble(self) -> None:
        self.say(b"oops", 500)

    def way_onwards(self) -> None:
        self.say(b"", 307, Location="/good")

    def way_huge(self) -> None:
        self.content("x" * 300_000)

    def way_slow(self) -> None:
        time.sleep(3)
        self.way_good()

    def way_drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(30):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.1)


@contextmanager
def chat_server():
    """Yields the address, without a path, and what was heard."""

    class Ours(Chat):
        heard: list[dict] = []

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ours)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", Ours.heard
    finally:
        server.shutdown()
        server.server_close()
