"""A server that writes down speech, as far as its protocol goes: what it was sent is kept for the test to read."""

from __future__ import annotations

import json
import threading
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class SpeechServer(ThreadingHTTPServer):
    """answers(n) is said to the n-th piece of sound: a sentence, or a status. `waits` holds answers back."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.heard: list[dict] = []
        self.says: list[str | int] = []
        self.waits = threading.Event()
        self.waits.set()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1/audio/transcriptions"


class _Answers(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        form = BytesParser(policy=HTTP).parsebytes(
            b"Content-Type: " + self.headers["Content-Type"].encode() + b"\r\n\r\n" + body
        )
        parts = {part.get_param("name", header="Content-Disposition"): part for part in form.iter_parts()}
        sound = parts["file"]
        self.server.heard.append({
            "path": self.path,
            "key": self.headers.get("Authorization"),
            "model": parts["model"].get_content().strip(),
            "kind": sound.get_content_type(),
            "name": sound.get_filename(),
            "sound": sound.get_payload(decode=True),
        })  # fmt: skip
        said = self.server.says[len(self.server.heard) - 1] if len(self.server.says) >= len(self.server.heard) else ""
        self.server.waits.wait(10)
        told = json.dumps({"text": said}).encode() if isinstance(said, str) else b"no"
        self.send_response(200 if isinstance(said, str) else said)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, *said: object) -> None:
        """A test reads `heard`."""
