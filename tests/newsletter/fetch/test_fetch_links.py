"""Links are tried over real HTTP: what is there, gone, moved, refused, or out of bounds."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from newsletter.errors import SourceError
from newsletter.fetch import guard
from newsletter.fetch.links import PER_HOST, Visitor
from newsletter.files import linkcache
from newsletter.gate.answers import Answer
from tests.letters import SETTINGS, SOURCE, Letter

HERE = partial(guard.pin, allow_private=True)
NOW = datetime(2025, 6, 1, tzinfo=UTC)


def visit(*addresses: str, **more: object) -> dict[str, Answer]:
    return dict(asyncio.run(Visitor(**{"pin": HERE, **more}).visit(addresses)))


def test_what_answers_is_there_and_what_is_gone_is_dead(site):
    good, gone = site.says("/pier", "<p>Boats"), site.url + "/nothing"
    answers = visit(good, gone)
    assert answers[good].state == "ok"
    assert (answers[gone].state, answers[gone].why) == ("dead", "there is no such page (404)")


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503, 999])
def test_what_is_refused_to_us_may_be_there_for_readers(site, status):
    address = site.says("/pier", status=status)
    assert visit(address)[address].state == "unanswered"


def test_redirects_are_counted_and_a_circle_ends(site):
    for number in range(5):
        site.says(f"/{number}", status=302, headers={"Location": f"/{number + 1}"})
    site.says("/5", "here")
    site.says("/round", status=301, headers={"Location": "/round"})
    answers = visit(site.url + "/0", site.url + "/round")
    assert answers[site.url + "/0"] == Answer("ok", "", 5, site.url + "/5", "text/html")
    assert answers[site.url + "/round"].state == "dead"


def test_a_server_that_is_not_there_is_dead(site):
    address = "http://127.0.0.1:1/pier"
    assert visit(address)[address] == Answer("dead", "nobody answers there")


def test_a_server_that_says_nothing_is_waited_for_only_so_long(site):
    release = threading.Event()

    class Slow(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            release.wait(5)

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Slow) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,)).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        assert visit(address, patience=0.2)[address].state == "unanswered"
        release.set()
        server.shutdown()


def test_a_letter_cannot_make_us_knock_at_our_own_doors(site):
    address = site.says("/secret", "canary")
    answers = dict(asyncio.run(Visitor().visit([address, "http://169.254.169.254/latest"])))
    assert {answer.state for answer in answers.values()} == {"private"}
    assert site.asked == []


def test_a_redirect_cannot_lead_there_either(site):
    async def pin(url: str) -> str:
        return await guard.pin(url, allow_private="/pier" in url)

    inner = site.says("/secret", "canary")
    outer = site.says("/pier", status=302, headers={"Location": inner})
    assert dict(asyncio.run(Visitor(pin=pin).visit([outer])))[outer].state == "private"
    assert [path for path, _ in site.asked] == ["/pier"]


def test_without_a_network_nothing_is_dead_and_with_one_a_missing_host_is():
    async def nowhere(url: str) -> str:
        raise SourceError("there is no host 'tidvatten.se'", where=url, remedy="")

    address = "https://tidvatten.se/pier"
    assert visit(address, pin=nowhere)[address].state == "offline"
    answers = asyncio.run(Visitor(pin=nowhere).visit([address], known=["127.0.0.1"]))
    assert answers[address] == Answer("dead", "there is no host tidvatten.se")


def test_one_host_is_asked_by_few_at_once():
    busy, most, lock = [0], [0], threading.Lock()

    class Counting(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            with lock:
                busy[0] += 1
                most[0] = max(most[0], busy[0])
            threading.Event().wait(0.03)
            with lock:
                busy[0] -= 1
            self.send_response(200)
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Counting) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,)).start()
        addresses = [f"http://127.0.0.1:{server.server_port}/{number}" for number in range(8)]
        assert {answer.state for answer in visit(*addresses).values()} == {"ok"}
        server.shutdown()
    assert 0 < most[0] <= PER_HOST


@pytest.mark.parametrize("no_head", [False, True])
def test_what_a_server_says_of_a_picture_is_noted_without_reading_it(site, no_head):
    class Camera(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            self.send_response(405 if no_head and self.command == "HEAD" else 200)
            self.send_header("Content-Type", "Image/JPEG; q=1")
            self.send_header("Content-Length", self.path.removeprefix("/"))
            self.end_headers()

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Camera) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,)).start()
        address = f"http://127.0.0.1:{server.server_port}/8000000"
        assert visit(address)[address] == Answer("ok", "", 0, address, "image/jpeg", 8_000_000)
        server.shutdown()


def test_the_cache_keeps_what_is_there_and_soon_forgets_what_is_not(tmp_path):
    path = tmp_path / ".cache" / "links.json"
    good, bad = Answer("ok", "", 1, "https://tidvatten.se/b", "image/jpeg", 9), Answer("dead", "gone")
    linkcache.keep(path, {"a": good, "b": bad, "c": Answer("offline")}, NOW)
    assert linkcache.load(path, NOW + timedelta(minutes=1)) == {"a": good, "b": bad}
    assert linkcache.load(path, NOW + timedelta(minutes=5)) == {"a": good}
    assert linkcache.load(path, NOW + timedelta(days=2)) == {}
    path.write_text("{broken", encoding="utf-8")
    assert linkcache.load(path, NOW) == {}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (Answer("dead", "there is no such page (404)"), "link-dead"),
        (Answer("unanswered", "the server answers 503"), "link-unanswered"),
        (Answer("private", "x"), "link-private"),
        (Answer("ok", "", 4, "https://tidvatten.se/new"), "link-redirects"),
        (Answer("ok", "", 1, "https://tidvatten.se/"), "link-home"),
        (Answer("offline"), "links-unchecked"),
    ],
)
def test_what_came_of_a_link_is_told_on_its_line(answer, code):
    from newsletter import config
    from newsletter.gate import answers
    from newsletter.gate.proof import proof
    from newsletter.model import Issue, Rendered

    long = "https://tidvatten.se/pier/opening"
    page = Letter().html.replace('https://tidvatten.se/pier"', f'{long}"')
    issue = Issue(
        "2025-06", "en", path="issues/2025-06/issue.md", source=SOURCE.replace("/pier)", "/pier/opening)")
    )
    rendered = Rendered("2025-06", "en", frozenset(), "", "", page, "", ())
    read = proof(rendered, issue, config.parse(SETTINGS))
    tried = {each: Answer("ok") for each in answers.addresses(read)} | {long: answer}
    (found,) = answers.findings(read, tried)
    assert found.id == code
    assert found.place == ("html" if code == "links-unchecked" else "issues/2025-06/issue.md:8")


def test_a_host_in_a_private_network_is_told_once_with_its_lines():
    from newsletter import config
    from newsletter.gate import answers
    from newsletter.gate.proof import proof
    from newsletter.model import Issue, Rendered

    links = [f"https://within.tidvatten.se/{number}" for number in range(3)]
    page = "".join(f'<p><a href="{href}">Page</a></p>' for href in links)
    source = "\n".join(f"[Page]({href})" for href in links)
    issue = Issue("2025-06", "en", path="issue.md", source=source)
    read = proof(Rendered("2025-06", "en", frozenset(), "", "", page, "", ()), issue, config.parse(SETTINGS))
    (found,) = answers.findings(read, dict.fromkeys(links, Answer("private")))
    assert (found.place, "from 3 lines: 1, 2, 3" in found.message) == ("issue.md:1", True)


@pytest.mark.parametrize(
    ("told", "codes"),
    [
        ({"a.jpg": Answer("ok", kind="image/jpeg", size=512_001), "b.jpg": Answer("ok")}, ["image-heavy a.jpg"]),
        ({"a.jpg": Answer("ok", kind="image/jpeg", size=512_000), "b.jpg": Answer("ok", size=9)}, []),
        ({"a.jpg": Answer("ok", kind="text/html", size=900_000)}, ["image-broken a.jpg"]),
        ({"a.jpg": Answer("dead", "gone", size=900_000)}, ["link-dead a.jpg gives no picture"]),
        (
            {name: Answer("ok", kind="image/png", size=1_100_000) for name in ("a.jpg", "b.jpg")},
            ["image-heavy a.jpg", "image-heavy b.jpg", "images-heavy 2,148 KB"],
        ),
    ],
)
def test_a_picture_on_the_web_that_is_heavy_or_none_is_told_on_its_line(told, codes):
    from newsletter import config
    from newsletter.gate import answers
    from newsletter.gate.proof import proof
    from newsletter.model import Issue, Rendered

    # Each stands there twice, and one more is a link: it may be as heavy as it likes.
    names = [f"https://tidvatten.se/{name}" for name in ("a.jpg", "b.jpg")]
    page = "".join(f'<img src="{src}" alt="A pier"><img src="{src}" alt="">' for src in names)
    page += '<a href="https://tidvatten.se/film">Film</a>'
    source = "\n".join(f"![A pier]({src})" for src in names)
    issue = Issue("2025-06", "en", path="issue.md", source=source)
    read = proof(Rendered("2025-06", "en", frozenset(), "", "", page, "", ()), issue, config.parse(SETTINGS))
    tried = {each: Answer("ok") for each in answers.addresses(read)}
    tried["https://tidvatten.se/film"] = Answer("ok", kind="text/html", size=9_000_000)
    tried |= {f"https://tidvatten.se/{name}": answer for name, answer in told.items()}
    found = list(answers.findings(read, tried))
    assert len(found) == len(codes)
    for one, (code, named) in zip(found, (each.split(" ", 1) for each in codes), strict=True):
        assert (one.id, named in one.message) == (code, True)
        assert one.place == ("html" if code == "images-heavy" else f"issue.md:{1 + ('b.jpg' in named)}")


def test_answers_that_cannot_be_kept_leave_nothing_behind(tmp_path):
    path = tmp_path / "links.json"
    path.mkdir()
    linkcache.keep(path, {"a": Answer("ok")}, NOW)
    assert [*tmp_path.iterdir()] == [path]
