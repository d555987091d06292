"""Laws of fetching (S14, S15): nothing reaches this network unless an editor allowed it; nothing is too big."""

import asyncio
import gzip
import socket
import threading
import time
import tracemalloc
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from ipaddress import ip_address

import pytest

from newsletter.errors import NewsletterError, SourceError, TryAgainError
from newsletter.fetch import guard, http
from tests.effort import computes
from tests.sourceserver import Site, serving

PUBLIC = "93.184.216.34"


@pytest.fixture
def canary() -> Iterator[list[object]]:
    """A door on loopback that nobody may knock on: it lists who did."""
    knocks: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(0.05)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    knocks.append(door.accept()[1])
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen)
        thread.start()
        yield [door.getsockname()[1], knocks]
        stop.set()
        thread.join()


def resolver(*addresses: str, hosts: dict[str, Sequence[str]] | None = None) -> guard.Resolver:
    """Return a resolver that answers *addresses* for every name but those of *hosts*, and numbers as they are."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        known = (hosts or {}).get(host)
        if known is not None:
            return known
        return addresses or await guard.resolve(host, port)

    return resolve


def get(url: str, patience: float = 5, **rest: object) -> http.Answer:
    return asyncio.run(http.Client(partial(guard.pin, **rest), patience).get(url))


def test_no_proxy_of_the_environment_is_asked(canary: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    port, knocks = canary
    for name in ("http_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    monkeypatch.delenv("no_proxy", raising=False)
    with serving() as site:
        assert get(site.says("/", "here"), allow_private=True).data == b"here"
    assert not knocks


def test_a_server_that_drips_for_ever_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def drips() -> Iterator[bytes]:
        for _ in range(100):
            time.sleep(0.1)
            yield b"x"

    monkeypatch.setattr(http, "TOTAL", 0.5)
    with serving() as site, pytest.raises(TryAgainError, match="takes too long"):
        get(site.says("/", drips), allow_private=True)


@pytest.mark.parametrize("scheme", ["ftp", "gopher", "file", "ws", "javascript", "httpx"])
def test_nothing_but_the_web_is_asked_for_anything(scheme: str) -> None:
    with pytest.raises(SourceError, match="only http:// and https:// are read"):
        asyncio.run(guard.pin(f"{scheme}://public.example:80/", resolver=resolver(PUBLIC)))


def test_where_a_network_only_has_ipv6_the_public_internet_is_reached_all_the_same() -> None:
    """Its resolver wraps the addresses of IPv4 (RFC 6147)."""
    for wrapped, allowed in (
        ("64:ff9b::5db8:d822", True),
        ("::ffff:5db8:d822", True),
        ("64:ff9b::a00:1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::", False),
    ):
        pinned = guard.pin("http://site.example/", resolver=resolver(wrapped))
        if allowed:
            assert ip_address(asyncio.run(pinned)) == ip_address(wrapped)
        else:
            with pytest.raises(SourceError):
                asyncio.run(pinned)


VECTORS = (
    "http://127.0.0.1:{port}/",
    "http://localhost:{port}/",
    "http://127.1:{port}/",
    "http://0x7f.1:{port}/",
    "http://0x7f000001:{port}/",
    "http://2130706433:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::7f00:1]:{port}/",
    "http://[64:ff9b:1::7f00:1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fc00::1]:{port}/",
    "http://[fec0::1]:{port}/",
    "http://[ff02::1]:{port}/",
    "http://public.example@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@public.example/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "http://10.0.0.1:{port}/",
    "http://172.16.0.1:{port}/",
    "http://192.168.0.1:{port}/",
    "http://169.254.169.254:{port}/latest/meta-data/",
    "http://100.64.0.1:{port}/",
    "http://198.18.0.1:{port}/",
    "http://192.0.2.1:{port}/",
    "http://240.0.0.1:{port}/",
    "http://255.255.255.255:{port}/",
    "http://224.0.0.1:{port}/",
    "file:///etc/passwd",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/_x",
    "dict://127.0.0.1:{port}/",
    "jar:http://127.0.0.1:{port}/!/",
    "http://",
    "http:///x",
    "//127.0.0.1:{port}/",
)


#: That nobody answers is no refusal: on another machine somebody might.
REFUSED = "not on the public internet|no web address|names no host|there is no host|leads elsewhere"


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_reaches_this_network(canary: list[object], vector: str) -> None:
    port, knocks = canary
    with pytest.raises(SourceError, match=REFUSED):
        get(vector.format(port=port))
    assert knocks == []


@pytest.mark.parametrize("vector", VECTORS)
def test_no_redirect_reaches_this_network(site: Site, canary: list[object], vector: str) -> None:
    port, knocks = canary
    site.says("/", status=302, headers={"Location": vector.format(port=port).encode().decode("latin-1")})
    start = f"http://public.example:{site.port}/"

    async def pin(url: str) -> str:
        """Take the test's server for a public one; everything else is for the guard."""
        return "127.0.0.1" if url == start else await guard.pin(url)

    with pytest.raises(SourceError, match=REFUSED):
        asyncio.run(http.Client(pin).get(start))
    assert {headers["host"] for _, headers in site.asked} == {f"public.example:{site.port}"}
    assert knocks == []


def test_a_name_that_is_also_private_is_refused() -> None:
    with pytest.raises(SourceError, match="not on the public internet"):
        asyncio.run(guard.pin("http://two.example/", resolver=resolver(PUBLIC, "127.0.0.1")))


def test_what_was_checked_is_what_is_connected_to(canary: list[object]) -> None:
    port, knocks = canary
    answers = iter([["192.0.0.9"], ["127.0.0.1"]])

    async def rebinding(host: str, port: int) -> Sequence[str]:
        return next(answers)

    # 192.0.0.9 is global and answers nobody; a second look-up would lead to the canary.
    with pytest.raises((SourceError, TryAgainError)):
        get(f"http://rebind.example:{port}/", 0.3, resolver=rebinding)
    assert knocks == []
    assert next(answers) == ["127.0.0.1"]


def test_an_intranet_is_read_when_it_is_allowed(site: Site) -> None:
    url = site.says("/", "hello")
    assert get(url, allow_private=True).data == b"hello"


@pytest.mark.parametrize(
    "address",
    [
        *("169.254.169.254", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "fe80::1"),
        *("fd00:ec2::254", "fd20:ce::254", "192.0.0.192", "168.63.129.16", "::169.254.169.254"),
        *("224.0.0.1", "0.0.0.0", "::", "240.0.0.1"),
    ],
)
def test_not_even_an_intranet_may_be_link_local(address: str) -> None:
    with pytest.raises(SourceError, match="not on the public internet"):
        asyncio.run(guard.pin("http://intra.example/", allow_private=True, resolver=resolver(address)))


def test_a_public_address_is_used_as_it_was_resolved() -> None:
    assert asyncio.run(guard.pin("https://public.example/", resolver=resolver(PUBLIC))) == PUBLIC


@pytest.mark.parametrize("address", ["2606:2800:21f::7", "2a00:1450:400f::1"])
def test_the_public_internet_of_ipv6_is_reached(address: str) -> None:
    assert asyncio.run(guard.pin("https://public.example/", resolver=resolver(address))) == address


def test_the_server_hears_its_own_name(site: Site) -> None:
    site.says("/", "hello")
    hosts = {"intra.example": ["127.0.0.1"]}
    get(f"http://intra.example:{site.port}/", allow_private=True, resolver=resolver(hosts=hosts))
    [(_, headers)] = site.asked
    assert headers["host"] == f"intra.example:{site.port}"
    assert "cookie" not in headers
    assert "authorization" not in headers


def test_redirects_are_followed_and_counted(site: Site) -> None:
    site.says("/a", status=301, headers={"Location": "b"})
    site.says("/b", "there")
    site.says("/loop", status=302, headers={"Location": "/loop"})
    answer = get(site.url + "/a", allow_private=True)
    assert (answer.url, answer.data) == (site.url + "/b", b"there")
    with pytest.raises(SourceError, match="more than 5 times"):
        get(site.url + "/loop", allow_private=True)
    assert [path for path, _ in site.asked].count("/loop") == 6


def test_a_cookie_goes_back_to_the_host_that_gave_it_with_a_redirect_and_nowhere_else(site: Site) -> None:
    with serving() as other:
        elsewhere = other.says("/there", status=302, headers={"Location": f"{site.url}/back"})
        site.says("/a", status=302, headers={"Location": "/b", "Set-Cookie": "seen=yes; Path=/; HttpOnly"})
        site.says("/b", status=302, headers={"Location": elsewhere})
        site.says("/back", "here")
        assert get(site.url + "/a", allow_private=True).data == b"here"
        get(site.url + "/back", allow_private=True)
        assert [headers.get("cookie") for _, headers in site.asked] == [None, "seen=yes", "seen=yes", None]
        assert [headers.get("cookie") for _, headers in other.asked] == [None]


def endless() -> Iterator[bytes]:
    while True:
        yield b"x" * 65536


def test_an_endless_page_is_refused(site: Site) -> None:
    with pytest.raises(SourceError, match="larger than 5 MB"):
        get(site.says("/", endless), allow_private=True)


@pytest.mark.parametrize("headers", [{"Content-Encoding": "gzip"}, {}])
def test_a_gzip_bomb_is_refused_before_it_is_memory(site: Site, headers: dict[str, str]) -> None:
    bomb = gzip.compress(b"\0" * 200_000_000, 9)
    url = site.says("/", bomb, headers=headers)
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match="larger than 5 MB"):
            get(url, allow_private=True)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_no_cookie_is_carried_on_and_no_password_of_an_address_is_sent(site: Site) -> None:
    url = site.says("/", b"x", headers={"Set-Cookie": "who=anna"})

    async def twice() -> None:
        async with http.Connections() as connections:
            client = http.Client(partial(guard.pin, allow_private=True), 5, connections)
            for _ in range(2):
                await client.get(url.replace("//", "//anna:secret@"))

    asyncio.run(twice())
    assert len(site.asked) == 2
    assert not any({"cookie", "authorization"} & headers.keys() for _, headers in site.asked)


PAGE = b"hello " * 1000


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (gzip.compress(PAGE), "gzip"),
        (gzip.compress(PAGE), "identity"),
        (gzip.compress(gzip.compress(PAGE)), "gzip, gzip"),
        (gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:]), "x-gzip"),
        (gzip.compress(PAGE) + b"\0\0\n", "gzip"),
        (PAGE, "gzip"),
        (PAGE, "none"),
        (PAGE, "UTF-8"),
    ],
    ids=["once", "unsaid", "twice", "in parts", "padded", "plain", "plain, none", "plain, charset"],
)
def test_a_packed_page_is_unpacked_and_no_other(site: Site, body: bytes, said: str) -> None:
    answer = get(site.says("/", body, headers={"Content-Encoding": said}), allow_private=True)
    assert answer.data == PAGE


@pytest.mark.parametrize(
    "body", [gzip.compress(b"") * 90_000, gzip.compress(b" " * 60_000) * 99], ids=["of nothing", "of blanks"]
)
def test_many_packed_parts_take_neither_time_nor_memory(site: Site, body: bytes) -> None:
    url = site.says("/", body, headers={"Content-Encoding": "gzip"})
    with computes(5), pytest.raises(NewsletterError, match=r"broken|larger than 5 MB"):
        get(url, allow_private=True)


@pytest.mark.parametrize(
    ("reply", "kind", "words"),
    [
        ({"status": 404}, SourceError, "no such page"),
        ({"status": 410}, SourceError, r"gone for good \(410\)"),
        ({"status": 403}, SourceError, "refuses us"),
        ({"status": 503}, TryAgainError, "cannot answer now"),
        ({"status": 429}, TryAgainError, "try again later"),
        ({"status": 418}, SourceError, "answers 418"),
        ({"body": b"x", "headers": {"Content-Encoding": "br"}}, SourceError, "packed as br"),
        ({"body": gzip.compress(b"x")[:-1], "headers": {"Content-Encoding": "gzip"}}, TryAgainError, "broken"),
        ({"status": 302, "headers": {"Location": "javascript:alert(1)"}}, SourceError, "leads to no web address"),
    ],
)
def test_every_fault_of_a_server_is_told(site: Site, reply: dict[str, object], kind: type, words: str) -> None:
    url = site.says("/", **reply)
    with pytest.raises(kind, match=words) as caught:
        get(url, allow_private=True)
    assert caught.value.where == url
    assert caught.value.remedy


@pytest.mark.parametrize(
    "url", ["http://nobody.invalid/", "http://a..b.example/", "http://" + "a" * 300 + ".example/"]
)
def test_a_host_that_is_not_there_is_told(url: str) -> None:
    async def nobody(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(SourceError, match="check the address"):
        get(url, resolver=nobody)


@pytest.mark.parametrize("said", [b"", b"ICY 200 OK\r\n\r\nx", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx"])
def test_a_server_that_hangs_up_or_speaks_no_http_is_told_in_our_words(said: bytes) -> None:
    def answer(server: socket.socket) -> None:
        with server.accept()[0] as one:
            one.recv(4096)
            one.sendall(said)

    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor() as beside:
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        beside.submit(answer, server)
        with pytest.raises(TryAgainError, match=f"{url}: the answer is broken; try again later$"):
            get(url, allow_private=True)
    with pytest.raises(SourceError, match="no server answers there"):
        get(url, allow_private=True)


@pytest.mark.parametrize(
    ("said", "words"),
    [(b"HTTP/1.0 400 Bad\r\n\r\n", "no https is spoken there"), (b"", "hangs up|is broken|no https")],
)
def test_who_speaks_no_https_is_told_in_our_words(said: bytes, words: str) -> None:
    def answer(server: socket.socket) -> None:
        with server.accept()[0] as one:
            one.recv(4096)
            one.sendall(said)

    with socket.create_server(("127.0.0.1", 0)) as server, ThreadPoolExecutor() as beside:
        beside.submit(answer, server)
        with pytest.raises(SourceError, match=words):
            get(f"https://127.0.0.1:{server.getsockname()[1]}/", allow_private=True)


def test_a_server_that_says_nothing_is_left(site: Site) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        url = f"http://127.0.0.1:{mute.getsockname()[1]}/"
        with pytest.raises(TryAgainError, match="takes too long"):
            get(url, allow_private=True, patience=0.2)
