"""Who grants access by OAuth 2.0, on loopback: the forms that it was asked with, and what it says to each."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

#: Whose mailbox its tokens open.
USER = "bounce"


@dataclass
class Grants:
    """Grants a token of its own for each form. *says* is the status and the document of another answer.

    *length* is how many characters a token has at least. *good* are those that a mail server is told are good
    (RFC 7662), none while it *doubts*.
    """

    doubts: bool = False
    says: tuple[int, bytes] | None = None
    lasts: object = 3600
    length: int = 0
    asked: list[dict[str, str]] = field(default_factory=list)
    good: set[str] = field(default_factory=set)
    _server: Any = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/token"

    @property
    def introspection(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/introspect"

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        if path == "/introspect":
            active = form.get("token", "") in self.good and not self.doubts
            return 200, json.dumps({"active": str(active).lower(), "username": USER}).encode()
        self.asked.append(form)
        if self.says:
            return self.says
        token = f"token-{len(self.asked)}".ljust(self.length, "x")
        self.good.add(token)
        return 200, json.dumps({"token_type": "Bearer", "access_token": token, "expires_in": self.lasts}).encode()

    def __enter__(self) -> "Grants":
        grants = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = {key: values[0] for key, values in parse_qs(text).items()}
                status, content = grants.answer(self.path, form)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                if status == 302:
                    self.send_header("Location", grants.url)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *said: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
