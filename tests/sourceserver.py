"""A web server on loopback that answers what a test told it, and remembers what it was asked."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Reply:
    """What to answer at a path. *body* may be endless: it is written until the other side has had enough."""

    body: bytes | Callable[[], Iterator[bytes]] = b""
    kind: str = "text/html; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Site:
    """The server of one test. *asked* holds path and headers of every request, *sent* counts bytes of bodies."""

    url: str
    replies: dict[str, Reply] = field(default_factory=dict)
    answers: dict[str, Callable[[str], Reply]] = field(default_factory=dict)
    sent: int = 0
    posts: list[dict] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def reply(self, path: str) -> Reply:
        """Return what *path* is answered with: as it was told, by a function for what stands before its query."""
        answer = self.answers.get(path.partition("?")[0])
        return answer(path) if answer else self.replies.get(path, Reply(b"nothing here", status=404))

    def says(self, path: str, body: str | bytes | Callable[[], Iterator[bytes]] = b"", **rest: object) -> str:
        """Answer *path* like this from now on; return its address."""
        self.replies[path] = Reply(body.encode() if isinstance(body, str) else body, **rest)
        return self.url + path


@contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[Site]:
    """Serve on a free port of *host* while the block runs."""
    site = Site("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            site.asked.append((self.path, headers))
            reply = site.reply(self.path)
            etag, modified = reply.headers.get("ETag"), reply.headers.get("Last-Modified")
            same = etag and headers.get("if-none-match") == etag
            if same or (modified and headers.get("if-modified-since") == modified):
                reply = Reply(status=304)
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.kind, **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            parts = [reply.body] if isinstance(reply.body, bytes) else reply.body()
            try:
                for part in parts:
                    self.wfile.write(part)
                    site.sent += len(part)
            except OSError:
                return

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((host, 0), Handler) as server:
        server.daemon_threads = True
        site.url = f"http://{host}:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield site
        finally:
            server.shutdown()
            thread.join()
