"""The preview's pages: only for this machine's browser, and never a script from a letter."""

import asyncio
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from newsletter.errors import IssueError
from newsletter.files import changes
from newsletter.files.looks import themes
from newsletter.files.shipped import shipped
from newsletter.model import Finding, Level
from newsletter.web.preview import Letter, Someone, View, app, emulate
from tests.letters import SETTINGS

TOKEN = "a-secret-that-no-other-page-knows"
HTML = (
    "<!doctype html><html><head><meta name='color-scheme' content='light dark'><style>"
    "@media (prefers-color-scheme: dark) { body { background: #000 !important } }"
    "</style></head><body><h1>Hello</h1><script>alert(1)</script></body></html>"
)
VIEW = View("English", "issues/1/issue.md", "---\n---\nHello\n")
LETTER = Letter("The Tide", "June", "Boats", HTML, "Hello")
FOUND = Finding("cta-without-link", Level.ERROR, "issues/1/issue.md:3", "no link", "write one")


class OneIssue:
    """A studio with one issue, or one fault."""

    def __init__(self, folder: Path, fault: IssueError | None = None) -> None:
        self.folder = folder
        self.fault = fault

    def slugs(self):
        return ["1", "<b>2</b>"]

    def stamp(self, slug):
        return f"stamp of {slug}"

    def views(self, slug):
        if self.fault:
            raise self.fault
        return (VIEW,)

    def findings(self, slug):
        self.views(slug)
        return (FOUND,)

    def as_read(self, slug, view, reader):
        self.views(slug)[view]
        return replace(LETTER, subject=f"for {reader}")

    def headers(self, slug, view, reader):
        return f"To: {self.as_read(slug, view, reader).sender}"

    def find(self, slug, address):
        self.views(slug)
        return Someone(7, "Eva", 0) if address == "eva@tidvatten.se" else None

    def picture(self, slug, name):
        return self.folder / name if (self.folder / name).is_file() else None


@pytest.fixture
def studio(tmp_path):
    return OneIssue(tmp_path)


class Browser:
    """Asks an application, one request at a time."""

    def __init__(self, asked):
        self.transport = httpx.ASGITransport(asked)

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, content: bytes | None = None
    ) -> httpx.Response:
        async def one() -> httpx.Response:
            async with httpx.AsyncClient(transport=self.transport, base_url="http://127.0.0.1:8001") as client:
                return await client.request(method, path, headers=headers, content=content)

        return asyncio.run(one())

    def get(self, path, headers=None):
        return self.ask("GET", path, headers)


@pytest.fixture
def browser(studio):
    return Browser(app(studio, themes.pages((shipped("templates"),), "en"), TOKEN))


def test_the_page_has_one_first_heading_for_those_who_hear_it(browser):
    assert browser.get(f"/{TOKEN}/1/").text.count("<h1") == 1


def test_nothing_is_shown_without_the_secret(browser):
    for path in ("/", "/1/", f"/{TOKEN[:-1]}/1/", f"/{TOKEN}x/1/sheet", "/x/1/mail", "/x/1/saves"):
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", ""])
def test_another_host_name_gets_nothing(browser, host):
    assert browser.get(f"/{TOKEN}/1/", headers={"Host": host}).status_code == 400


def test_nothing_can_be_posted(browser):
    for path in ("", "sheet", "findings", "mail", "headers"):
        assert browser.ask("POST", f"/{TOKEN}/1/{path}").status_code == 405


def test_the_page_may_load_nothing_from_elsewhere(browser):
    answer = browser.get(f"/{TOKEN}/1/")
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'nonce-")
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "<b>2</b>" not in answer.text
    assert policy != browser.get(f"/{TOKEN}/1/").headers["Content-Security-Policy"]


def test_a_letter_runs_no_script(browser):
    policy = browser.get(f"/{TOKEN}/1/mail?view=0").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "sandbox allow-same-origin" in policy
    assert "allow-scripts" not in policy


def test_each_save_is_told_and_the_telling_ends_with_the_preview(studio):
    stamps = iter(["one", "one", "two", "two", "three"])
    told: list[str] = []
    studio.stamp = lambda slug: next(stamps)
    asked = app(studio, themes.pages([shipped("templates")], "en"), TOKEN, lambda: len(told) == 3)

    async def send(message):
        if body := message.get("body"):
            told.append(body.decode())

    async def receive():
        await asyncio.sleep(60)

    scope = {
        "type": "http", "method": "GET", "path": f"/{TOKEN}/1/saves", "query_string": b"", "root_path": "",
        "headers": [(b"host", b"127.0.0.1")], "asgi": {"spec_version": "2.4"},
    }  # fmt: skip
    asyncio.run(asyncio.wait_for(asked(scope, receive, send), 30))
    assert told == ["data: one\n\n", "data: two\n\n", "data: three\n\n"]


def test_the_sheet_tells_views_and_findings(browser):
    sheet = browser.get(f"/{TOKEN}/1/sheet").json()
    assert sheet["stamp"] == "stamp of 1"
    assert sheet["views"][0]["name"] == "English"
    assert sheet["letter"]["subject"] == "for 0"
    assert sheet["letter"]["bytes"] == len(HTML)
    assert browser.get(f"/{TOKEN}/1/findings").json()["findings"] == [
        {
            "id": "cta-without-link",
            "level": "error",
            "place": "issues/1/issue.md:3",
            "message": "no link",
            "remedy": "write one",
            "source": "",
        }
    ]


def test_a_broken_issue_is_told_in_place_of_the_letter(browser, studio):
    studio.fault = IssueError("a quote is missing", where="issues/1/issue.md:2", remedy="add it")
    sheet = browser.get(f"/{TOKEN}/1/sheet").json()
    assert sheet["error"] == {"what": "a quote is missing", "where": "issues/1/issue.md:2", "remedy": "add it"}
    assert browser.get(f"/{TOKEN}/1/mail").status_code == 404


@pytest.mark.parametrize("view", ["1", "x", "99999999999999999999", "", "-1"])
def test_a_view_that_does_not_exist_is_not_found(browser, view):
    assert browser.get(f"/{TOKEN}/1/mail?view={view}").status_code == 404
    assert browser.get(f"/{TOKEN}/1/headers?view={view}").status_code == 404


@pytest.mark.parametrize("reader", ["-102", "x", "", "9" * 30])
def test_a_reader_that_cannot_be_is_not_found(browser, reader):
    assert browser.get(f"/{TOKEN}/1/mail?reader={reader}").status_code == 404


def test_a_view_is_shown_as_a_reader_gets_it(browser):
    assert browser.get(f"/{TOKEN}/1/sheet?view=0&reader=7").json()["letter"]["subject"] == "for 7"
    assert browser.get(f"/{TOKEN}/1/sheet?view=0&reader=-1").json()["letter"]["subject"] == "for -1"


JSON = {"Content-Type": "application/json"}


def find(browser, address: str, headers=JSON, token=TOKEN) -> httpx.Response:
    return browser.ask("POST", f"/{token}/1/reader", headers, json.dumps({"address": address}).encode())


def test_a_reader_is_found_by_an_address_that_stands_in_no_url(browser):
    assert find(browser, "eva@tidvatten.se").json() == {"number": 7, "name": "Eva", "view": 0}
    assert find(browser, "nobody@tidvatten.se").json() is None
    assert browser.ask("POST", f"/{TOKEN}/1/reader", JSON, b"[1]").status_code == 404
    assert browser.ask("POST", f"/{TOKEN}/1/reader", JSON, b"{" * 2000).status_code == 413


def test_no_other_page_can_ask_for_a_reader(browser):
    assert find(browser, "eva@tidvatten.se", token="x").status_code == 404
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert find(browser, "eva@tidvatten.se", {"Content-Type": kind}).status_code == 415
    assert find(browser, "eva@tidvatten.se", {**JSON, "Host": "evil.example"}).status_code == 400
    assert browser.get(f"/{TOKEN}/1/reader").status_code in {404, 405}


def test_the_html_is_shown_as_text(browser):
    answer = browser.get(f"/{TOKEN}/1/mail?as=source")
    assert answer.text == HTML
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_pictures_beside_the_issue_are_shown(browser, tmp_path):
    (tmp_path / "boat.png").write_bytes(b"\x89PNG")
    assert browser.get(f"/{TOKEN}/1/boat.png").content == b"\x89PNG"
    assert browser.get(f"/{TOKEN}/1/other.png").status_code == 404


def test_dark_and_light_are_shown_whatever_the_machine_prefers():
    assert "@media (min-width:0px)" in emulate(HTML, dark=True)
    assert "@media (max-width:0px)" in emulate(HTML, dark=False)
    assert "color-scheme:dark;" in emulate(HTML, dark=True)
    assert "prefers-color-scheme" not in emulate(HTML, dark=True)
    words = HTML.replace("Hello", "about (prefers-color-scheme: dark) rules")
    assert "about (prefers-color-scheme: dark) rules" in emulate(words, dark=True)


def test_every_save_changes_the_stamp(tmp_path):
    issue, templates = tmp_path / "issue.md", tmp_path / "templates"
    templates.mkdir()
    seen = [changes.stamp([issue, templates])]
    issue.write_text("one", encoding="utf-8")
    seen.append(changes.stamp([issue, templates]))
    issue.write_text("three", encoding="utf-8")
    seen.append(changes.stamp([issue, templates]))
    (templates / "a.mjml").write_text("", encoding="utf-8")
    seen.append(changes.stamp([issue, templates]))
    (templates / "a.mjml").unlink()
    seen.append(changes.stamp([issue, templates]))
    assert len(set(seen)) == 4
    assert seen[2] == seen[4]
    assert changes.stamp([issue, templates]) == seen[4]


def test_a_missing_issue_and_an_empty_workspace_say_what_to_do(tmp_path):
    (tmp_path / "newsletter.toml").write_text(SETTINGS, encoding="utf-8")
    for arguments, hint in (
        (("2031-01",), "make it with: newsletter compose 2031-01"),
        ((), "newsletter compose"),
    ):
        command = [sys.executable, "-m", "newsletter", "preview", "--no-open", *arguments]
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=20, check=False)
        assert ended.returncode == 4
        assert hint in ended.stderr
