"""What every answer carries, and what is done with the huge, the slow and the hostile."""

import asyncio
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
import uvloop
from starlette.requests import Request

from newsletter.errors import NewsletterError, SettingsError
from newsletter.web import listen
from newsletter.web.guard import LARGEST, REPORT, TURNS, Guard
from newsletter.web.listen import AHEAD, open_socket
from newsletter.web.network import Proxies, shorten
from tests.effort import ends
from tests.webserver import MORE, SETTINGS, World, running, serving


def test_every_answer_has_the_headers_that_protect_it(world: World) -> None:
    anna = world.person()
    answers = [
        world.client.request(method, path)
        for method, path in (
            ("GET", "/"),
            ("GET", "/subscribe"),
            ("POST", "/subscribe"),
            ("GET", "/nowhere"),
            ("DELETE", "/subscribe"),
            ("GET", "/confirm/x"),
            ("POST", f"/unsubscribe/{world.token('unsubscribe', anna.id)}"),
            ("GET", "/style.css"),
        )
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 422, 404, 405, 404, 200, 200]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none';")
        for part in ("form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"):
            assert part in policy
        assert "unsafe" not in policy
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "server" not in answer.headers
        assert "set-cookie" not in answer.headers
    assert {answer.headers["cache-control"] for answer in answers[:-1]} == {"no-store"}
    assert answers[4].headers["allow"]


@pytest.mark.parametrize(
    ("base_url", "said"),
    [
        ("https://news.example.org", "max-age=31536000"),
        ("https://news.example.org/", "max-age=31536000"),
        # What else the host has may be reached by http only.
        ("https://example.org/letter", None),
        ("http://127.0.0.1:8000", None),
    ],
)
def test_browsers_are_told_to_come_by_https_where_the_host_is_the_letters_own(
    tmp_path: Path, base_url: str, said: str | None
) -> None:
    with serving(tmp_path, SETTINGS.replace("https://news.example.org", base_url)) as world:
        for path in ("/subscribe", "/nowhere", "/style.css"):
            assert world.client.get(path).headers.get("strict-transport-security") == said


def test_a_fault_of_ours_is_a_page_with_the_headers_too(world: World) -> None:
    anna = world.person()
    path = f"/preferences/{world.token('preferences', anna.id)}"
    world.site.reader.close()
    answer = world.client.get(path)
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "Traceback" not in answer.text
    assert answer.headers["content-security-policy"]


def test_a_fault_of_ours_is_told_to_the_operator_in_one_line_without_a_name(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    anna = world.person()
    world.site.writer.submit(lambda base: base.execute("ALTER TABLE suppressions RENAME TO gone")).result(10)
    answer = world.client.get(f"/preferences/{world.token('preferences', anna.id)}")
    assert answer.status_code == 500
    # The reader is answered first, the operator told next.
    until = time.monotonic() + 10
    while not world.said and time.monotonic() < until:
        time.sleep(0.01)
    (told,) = world.said
    assert "OperationalError in suppressions.py, line " in told
    assert capfd.readouterr() == ("", "")


def test_a_fault_of_the_fault_page_is_answered_too() -> None:
    async def broken(scope, receive, send) -> None:
        raise ValueError("anna@example.org")

    said: list[str] = []
    with running(Guard(broken, say=said.append)) as url:
        answer = httpx.get(url)
    assert answer.status_code == 500
    assert answer.headers["content-security-policy"]
    assert len(said) == 1
    assert "anna" not in answer.text + said[0]


def test_no_form_writes_to_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.client.post("/subscribe", content=b"--y", headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert [record for record in caplog.records if record.name.startswith("python_multipart")] == []


def test_who_leaves_within_a_form_changes_nothing_and_is_no_fault(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    leaving = f"/unsubscribe/{world.token('unsubscribe', world.person().id)}"
    before = world.everything()
    for path in ("/subscribe", leaving, leaving):
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n".encode()
        connected(world.url, head + b"Content-Length: 100\r\n\r\nlist=monthly&email=a%40example.org").close()
        assert world.client.get("/health").status_code == 200
    assert world.everything() == before
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []
    assert world.said == []


def test_no_redirect_is_made_of_the_host_header(world: World) -> None:
    for path in ("/subscribe/", "/health/", "/issues/2025-06/assets/a.png/"):
        answer = world.client.get(path, headers={"Host": "evil.example"})
        assert answer.status_code in (200, 404)
        assert "location" not in answer.headers
        assert "evil.example" not in answer.text


def test_pages_load_nothing_from_elsewhere(world: World) -> None:
    for path in ("/", "/subscribe", "/style.css", "/icon.svg"):
        text = world.client.get(path).text.replace("http://www.w3.org/2000/svg", "")
        assert "http" not in text
        assert "url(" not in text


@pytest.mark.parametrize("path", ["/subscribe", "/unsubscribe/x", "/nowhere"])
def test_a_huge_body_is_refused(world: World, path: str) -> None:
    answer = world.client.post(path, content=b"a=" + b"x" * LARGEST)
    assert answer.status_code == 413
    assert answer.headers["content-security-policy"]


def test_who_writes_all_of_a_large_body_first_hears_that_it_is_too_large(world: World) -> None:
    """As web servers in front do."""
    with connected(world.url, b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 1500000\r\n\r\n") as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        client.sendall(b"x" * 1_500_000)
        assert client.recv(4096).startswith(b"HTTP/1.1 413")


def test_a_body_without_end_is_refused(world: World) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(10_000):
            yield b"x" * 4096

    try:
        status = world.client.post("/subscribe", content=endless()).status_code
    except httpx.TransportError:
        # The server answered and left before we had written everything.
        status = 413
    assert status == 413
    assert world.client.get("/health").json() == {"status": "ok"}


async def answer_ok(scope, receive, send) -> None:
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


def talk(url: str, data: bytes) -> bytes:
    host, _, port = url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as client:
        answer = b""
        # Whoever is refused while still talking may see a reset instead of the answer.
        with suppress(ConnectionError):
            client.sendall(data)
            while part := client.recv(4096):
                answer += part
    return answer


def test_slow_bodies_and_slow_heads_time_out() -> None:
    with running(Guard(answer_ok), patience=0.3) as url:
        body = talk(url, b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\na=")
        assert body.startswith(b"HTTP/1.1 408")
        head = talk(url, b"GET /subscribe HTTP/1.1\r\nHost")
        assert head.startswith(b"HTTP/1.1 408")
        assert talk(url, b"") == b""
        assert httpx.get(url).text == "ok"


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET /subscribe HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    ],
)
def test_what_is_no_http_is_answered_with_400(world: World, data: bytes) -> None:
    answer = talk(world.url, data)
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 431")) or (not answer and len(data) > LARGEST)
    assert b"Content-Security-Policy" in answer or not answer
    assert world.client.get("/health").status_code == 200


@pytest.mark.parametrize("length", ["Content-Length: 36", "Transfer-Encoding: chunked"])
def test_no_body_is_taken_for_the_next_request(world: World, length: str) -> None:
    head = f"POST /subscribe HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n{length}\r\n\r\n"
    host, _, port = world.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as client:
        client.sendall(head.encode())
        answer = client.recv(4096)
        # What comes in a packet of its own is where a parser that went on would begin anew.
        with suppress(ConnectionError):
            client.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            while part := client.recv(4096):
                answer += part
    assert answer.startswith(b"HTTP/1.1 400")
    assert answer.count(b"HTTP/1.1 ") == 1
    assert world.client.get("/health", headers={"Connection": "Upgrade", "Upgrade": "h2c"}).status_code == 200


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"x"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="f"; filename="a"\r\n\r\n1\r\n--x--',
        ),
        ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(400))),
        ("application/x-www-form-urlencoded", b"email=%ff%fe&list=%00"),
        ("text/plain", b"email=a@example.org"),
        ("application/x-www-form-urlencoded; charset=none-such", b"email=a"),
    ],
)
def test_odd_forms_are_refused_and_break_nothing(world: World, content_type: str, body: bytes) -> None:
    answer = world.client.post("/subscribe", content=body, headers={"Content-Type": content_type})
    assert answer.status_code in (400, 422)
    assert world.rows("subscribers") == []


@pytest.mark.parametrize(
    ("name", "kind", "disposition"),
    [
        ("Årets program.pdf", "application/pdf", "inline"),
        ("Talks.MP3", "audio/mpeg", "inline"),
        ("evening.ics", "text/calendar; charset=utf-8", "attachment"),
        ("notes.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "attachment"),
    ],
)
def test_a_document_beside_an_issue_is_given_to_whom_a_letter_sends_there(world, name, kind, disposition) -> None:
    assets = world.site.issues / "2025-06" / "assets"
    assets.mkdir(parents=True)
    (assets / name).write_bytes(b"a document")
    answer = world.client.get(f"/issues/2025-06/assets/{name}")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"a document", kind)
    assert answer.headers["content-disposition"].partition(";")[0] == disposition
    assert "cross-origin-resource-policy" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("asked", "status", "size"),
    [("bytes=0-3", 206, 4), ("bytes=-2", 206, 2), ("bytes=99-", 416, 0), ("pages=1-2", 200, 8), ("all", 200, 8)],
)
def test_parts_of_a_document_are_given_and_what_asks_for_none_gets_it_whole(world, asked, status, size) -> None:
    folder = world.site.issues / "2025-06" / "assets"
    folder.mkdir(parents=True)
    (folder / "programme.pdf").write_bytes(b"%PDF-1.7")
    answer = world.client.get("/issues/2025-06/assets/programme.pdf", headers={"Range": asked})
    assert (answer.status_code, len(answer.content)) == (status, size)


def test_files_beside_an_issue_are_given_and_nothing_else_is(world: World) -> None:
    assets = world.site.issues / "2025-06" / "assets"
    assets.mkdir(parents=True)
    (assets / "Bild på huset.JPG").write_bytes(b"jpeg")
    for name in ("notes.txt", "page.html", "drawing.svg", ".hidden.png", "readers.csv", "readers.xlsx", ".x.pdf"):
        (assets / name).write_bytes(b"secret")
    (world.site.issues / "2025-06" / "issue.md").write_text("secret")
    (world.site.issues / "2025-06" / "cover.png").write_bytes(b"secret")
    outside = world.site.issues.parent / "outside.png"
    outside.write_bytes(b"secret")
    (assets / "link.png").symlink_to(outside)
    (world.site.issues / "linked").symlink_to(world.site.issues.parent)
    answer = world.client.get("/issues/2025-06/assets/Bild på huset.JPG")
    assert (answer.status_code, answer.content) == (200, b"jpeg")
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"].startswith("public")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert world.client.head("/issues/2025-06/assets/Bild på huset.JPG").status_code == 200
    for name in (
        "notes.txt", "page.html", "drawing.svg", ".hidden.png", "link.png", "none.png", "..%2fcover.png",
        "readers.csv", "readers.xlsx", ".x.pdf",
        "%2e%2e%2fcover.png", "..%5ccover.png", "%00.png", "a" * 300 + ".png", "..", "%2fetc%2fpasswd",
    ):  # fmt: skip
        answer = world.client.get(f"/issues/2025-06/assets/{name}")
        assert answer.status_code in (404, 405), name
        assert b"secret" not in answer.content
    for slug in ("..", "%2e%2e", "linked", ".", "a" * 200, "..%2f2025-06", "2025-06%00"):
        assert world.client.get(f"/issues/{slug}/assets/outside.png").status_code == 404


def test_who_asks_is_the_last_address_that_no_proxy_of_ours_wrote() -> None:
    proxies = Proxies(["127.0.0.1", "10.0.0.0/8"])
    for peer, forwarded, wanted in (
        ("203.0.113.9", "192.0.2.1", "203.0.113.9"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", "1.1.1.1, 192.0.2.1, 10.1.2.3", "192.0.2.1"),
        ("127.0.0.1", "192.0.2.1, nonsense", "127.0.0.1"),
        ("::ffff:127.0.0.1", "2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", "192.0.2.1:51234", "192.0.2.1"),
        ("127.0.0.1", "[2001:db8::7]:51234, [::ffff:10.0.0.1]:80", "2001:db8::7"),
        ("127.0.0.1", "[2001:db8::7]", "2001:db8::7"),
        ("127.0.0.1", "[:80", "127.0.0.1"),
        ("127.0.0.1", ":80", "127.0.0.1"),
    ):
        assert str(proxies.client(peer, forwarded)) == wanted
    assert proxies.client("", "192.0.2.1") is None
    with pytest.raises(SettingsError, match="trusted_proxies"):
        Proxies(["everybody"])


def test_a_proxy_that_nobody_trusts_is_told_of_once(tmp_path: Path) -> None:
    forwarded = {"X-Forwarded-For": "192.0.2.1"}
    signup = {"email": "a@example.org", "lists": ["monthly"]}
    with serving(tmp_path) as world:
        world.client.post("/subscribe", json=signup)
        assert world.said == []
        for _ in range(2):
            world.client.post("/subscribe", json=signup, headers=forwarded)
        (told,) = world.said
        assert 'trusted_proxies = ["127.0.0.1", "::1"]' in told
    trusted = SETTINGS + MORE + '[web]\ntrusted_proxies = ["127.0.0.1"]\n'
    with serving(tmp_path, trusted) as world:
        world.client.post("/subscribe", json=signup, headers=forwarded)
        assert world.said == []
        # A container's proxy has an address of its own; a reader of the house comes by the one we trust.
        for peer in ("127.0.0.1", "1.1.1.1", "172.18.0.3", "172.18.0.3"):
            scope = {"type": "http", "headers": [(b"x-forwarded-for", b"10.1.2.3")], "client": (peer, 5000)}
            world.site.client(Request(scope))
        (told,) = world.said
        assert 'trusted_proxies = ["127.0.0.1", "172.18.0.3"]' in told


def test_networks_are_shortened() -> None:
    assert shorten(ip_address("192.0.2.77")) == "192.0.2.0/24"
    assert shorten(ip_address("2001:db8:1:2::3")) == "2001:db8:1::/48"
    assert shorten(None) == ""


def test_a_port_in_use_is_said_clearly() -> None:
    with open_socket("127.0.0.1", 0) as first, pytest.raises(NewsletterError, match="another program") as caught:
        open_socket("127.0.0.1", first.getsockname()[1])
    assert "[web]" in caught.value.remedy


def test_a_request_that_drips_on_after_its_answer_holds_no_connection() -> None:
    async def hasty(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    with running(hasty, patience=0.5) as url:
        host, _, port = url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=10) as client:
            client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n")
            assert client.recv(4096).startswith(b"HTTP/1.1 200")
            with ends(), suppress(ConnectionError):
                while True:
                    client.sendall(b"a")
                    time.sleep(0.1)


def connected(url: str, data: bytes = b"", buffer: int = 0) -> socket.socket:
    """Return a connection that has sent *data*; *buffer* is how much it takes unread, in bytes."""
    host, _, port = url.removeprefix("http://").partition(":")
    client = socket.socket()
    client.settimeout(10)
    if buffer:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    client.connect((host, int(port)))
    client.sendall(data)
    return client


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"])
def test_who_keeps_us_waiting_makes_room_for_the_next(begun: bytes) -> None:
    with running(answer_ok, crowd=5) as url, ExitStack() as stack:
        idle = []
        for _ in range(30):
            idle.append(stack.enter_context(connected(url, begun)))
            if begun.endswith(b"\r\n\r\n"):
                # Who is still being answered makes room for nobody.
                assert idle[-1].recv(4096).startswith(b"HTTP/1.1 200")
        for _ in range(3):
            assert httpx.get(url).text == "ok"
        # The longest have gone, the latest stay.
        with suppress(ConnectionError):
            while idle[0].recv(4096):
                pass
        idle[-1].sendall(b"\r\n" if begun.count(b"\r\n") == 2 else b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle[-1].recv(4096).startswith(b"HTTP/1.1 200")


def test_a_connection_lies_idle_longer_than_a_web_server_in_front_keeps_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert listen.IDLE > 120
    monkeypatch.setattr(listen, "IDLE", 0.5)
    with running(answer_ok) as url, connected(url, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n") as client:
        assert client.recv(4096).startswith(b"HTTP/1.1 200")
        begun = time.monotonic()
        assert client.recv(4096) == b""
        assert 0.4 < time.monotonic() - begun < 4


def test_who_is_being_answered_makes_no_room() -> None:
    async def slow(scope, receive, send) -> None:
        await asyncio.sleep(1)
        await answer_ok(scope, receive, send)

    with running(slow, crowd=5) as url, ExitStack() as stack:
        asked = [stack.enter_context(connected(url, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")) for _ in range(5)]
        time.sleep(0.2)
        for _ in range(10):
            stack.enter_context(connected(url))
        for client in asked:
            assert client.recv(4096).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost"])
def test_who_came_before_the_end_is_answered_and_who_says_nothing_delays_it_little(
    begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n".removeprefix(begun)
    with ExitStack() as stack:
        with running(answer_ok) as url:
            client = stack.enter_context(connected(url, begun))
            # What came later was taken later, so the first is known by now.
            assert httpx.get(url).text == "ok"
            monkeypatch.setattr(listen, "LAST_WORD", 8)
            threading.Timer(0.5, client.sendall, [rest]).start()
        answer = client.recv(4096)
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"connection: close" in answer
    with ExitStack() as stack:
        with running(answer_ok) as url:
            client = stack.enter_context(connected(url, begun))
            assert httpx.get(url).text == "ok"
            monkeypatch.setattr(listen, "LAST_WORD", 0.1)
        assert client.recv(4096) == b""


def test_who_does_not_read_the_answer_holds_no_connection() -> None:
    ended = threading.Event()

    async def huge(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(200):
            await send({"type": "http.response.body", "body": b"x" * 100_000, "more_body": True})
            await asyncio.sleep(0)
        ended.set()

    with running(huge, patience=0.5) as url, connected(url, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 4096):
        assert ended.wait(10)


def test_who_asks_on_and_on_and_reads_no_answer_fills_no_memory() -> None:
    taken = 0

    async def slow(scope, receive, send) -> None:
        nonlocal taken
        taken += 1
        await asyncio.sleep(0.2)
        await answer_ok(scope, receive, send)

    asked = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    with running(slow) as url:
        with connected(url, asked * (AHEAD + 1)) as client:
            said = b""
            while said.count(b"200 OK") <= AHEAD:
                said += client.recv(4096)
        assert taken == AHEAD + 1
        with connected(url, asked * 10_000) as client, suppress(ConnectionError):
            while taken <= AHEAD + 2 and client.recv(4096):
                pass
    assert taken == AHEAD + 2


def test_large_reports_are_read_in_their_turn_and_fill_no_memory() -> None:
    come, read, done = 3 * TURNS, 0, 0

    async def taken(scope, receive, send) -> None:
        nonlocal done
        done += len((await receive())["body"]) == REPORT

    async def post(guard: Guard, go_on: asyncio.Event) -> None:
        begun = False

        async def receive() -> dict[str, object]:
            nonlocal begun, read
            if begun:
                read += 1
                await go_on.wait()
            begun, first = True, not begun
            return {"type": "http.request", "body": b"x" * (REPORT // 2), "more_body": first}

        async def send(message: object) -> None:
            pass

        await guard({"type": "http", "method": "POST", "path": "/hooks/generic"}, receive, send)

    async def crowd() -> None:
        guard, go_on = Guard(taken), asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for _ in range(come):
                group.create_task(post(guard, go_on))
            await asyncio.sleep(0.1)
            assert read == TURNS
            go_on.set()

    asyncio.run(crowd())
    assert (read, done) == (come, come)


@pytest.mark.parametrize("begin", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_who_asks_much_and_leaves_writes_nothing_to_the_log(begin, caplog: pytest.LogCaptureFixture) -> None:
    with running(answer_ok, begin=begin) as url:
        for _ in range(20):
            client = connected(url, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * AHEAD, buffer=1024)
            # What is unread at the end is answered with a reset.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()
        assert httpx.get(url).text == "ok"
    assert caplog.text == ""
