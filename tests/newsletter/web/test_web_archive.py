"""The archive: what was sent, for everybody, with nothing of any reader and nothing that runs."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, unquote

import html5lib
import httpx
import icalendar
import lxml.html
import pytest
from lxml import etree

from newsletter import archive as stage
from newsletter.files.workspace import Workspace
from newsletter.mail.letterhead import Letterhead, pack
from newsletter.model import Enclosed, Entry, Rendered, Token
from subscribers.store.file.open import connect, transaction
from subscribers.store.ledger import sends
from tests.shell import ended
from tests.webserver import NOW, SETTINGS, World, serving

HEAD = Letterhead(
    "Harbour", "news@example.org", "news@example.org", "https://news.example.org", "monthly", "Monthly"
)
NAME, LEAVE, CHOICE, END = (f"NLabcd1234X{number}XNL" for number in range(4))
TOKENS = (Token(NAME, "name", "reader"), Token(LEAVE, "unsubscribe_url"))
PARTY = Entry("2025-06-10T16:00:00Z", "2025-06-10T19:00:00Z", f"Party of {NAME}", "The pier")
FAIR = Entry("2025-06-20", "", "Fair")
HTML = f"""<!doctype html><html lang="en"><head><title>June</title><style>p {{ color: #222 }}</style></head>
<body class="page"><p>Dear {NAME}, the pier is open.</p>
<img src="https://news.example.org/issues/2025-06/assets/pier.jpg" alt="The pier">
<a href="{LEAVE}">Unsubscribe</a></body></html>"""


def rendered(language: str = "en", **more: object) -> Rendered:
    made = Rendered("2025-06", language, frozenset(), "June by the harbour", "A new pier", HTML, "Hello", TOKENS)
    return replace(made, **more)


def send(
    world: World,
    *variants: Rendered,
    issue: str = "2025-06",
    slug: str = "monthly",
    started: bool = True,
    segment: str = "",
) -> int:
    """Write a send into the ledger as `newsletter send` does, without an audience."""

    def job(connection):
        content = {each.variant: pack(replace(each, issue=issue), HEAD) for each in variants}
        made = sends.create(
            connection,
            issue=issue,
            list=slug,
            rule=json.dumps({"segment": segment}) if segment else "{}",
            content="",
            variants=content,
            now=NOW,
            due=world.clock[0],
        )
        if started:
            connection.execute(
                "UPDATE sends SET state = 'sending', started = ? WHERE id = ?",
                (world.clock[0].isoformat(), made.id),
            )
        return made.id

    return world.site.writer.submit(job).result(10)


@pytest.fixture
def world(tmp_path):
    private = '\n[[list]]\nslug = "board"\narchive = false\n'
    with serving(tmp_path, SETTINGS + private) as one:
        yield one


def get(world: World, path: str, status: int = 200, **headers: str) -> httpx.Response:
    answer = world.client.get(path, headers=headers)
    assert answer.status_code == status
    return answer


def test_before_the_first_send_the_archive_says_so(world):
    assert "None has been sent yet" in get(world, "/archive").text
    assert "Inget har skickats än" in get(world, "/archive?lang=sv").text
    get(world, "/archive/2025-06", 404)


def test_a_sent_issue_is_there_in_its_languages_and_a_scheduled_one_is_not(world):
    send(world, rendered(), rendered("sv", subject="Juni vid hamnen"))
    send(world, rendered(), issue="2025-07", started=False)
    index = get(world, "/archive").text
    assert 'href="/archive/2025-06?lang=en"' in index
    assert "2025-07" not in index
    assert "Juni vid hamnen" in get(world, "/archive?lang=sv").text
    page = get(world, "/archive/2025-06?lang=sv")
    assert page.headers["Content-Language"] == "sv"
    assert 'href="/archive/2025-06?lang=en"' in page.text
    get(world, "/archive/2025-07", 404)


def test_the_index_says_in_which_language_each_of_its_lines_is(tmp_path):
    """Nobody has put our words into Icelandic: its page is English, and so are its days; the letter is Swedish."""
    with serving(tmp_path, SETTINGS.replace('"en", "sv"', '"sv", "is"')) as world:
        send(world, rendered("sv", subject="Juni vid hamnen"))
        index = " ".join(get(world, "/archive?lang=is").text.split())
    assert '<html lang="en" dir="ltr">' in index
    assert 'datetime="2025-06-01">June 1, 2025</time>' in index
    assert 'lang="sv" dir="auto">Juni vid hamnen</a>' in index


def test_nothing_of_a_reader_is_in_it(world):
    send(world, rendered())
    page = get(world, "/archive/2025-06").text
    assert "Dear reader, the pier is open" in page
    assert "NLabcd" not in page
    assert '<a href="https://news.example.org/preferences">Unsubscribe</a>' in page


def test_all_but_the_personal_fields_the_links_above_and_its_card_is_byte_for_byte_what_was_sent(world):
    send(world, rendered())
    page = get(world, "/archive/2025-06").text
    letter = re.sub(r"<nav .*?</nav>|(?<=<head>).*?(?=<title>)", "", page, count=2)
    assert letter == HTML.replace(NAME, "reader").replace(LEAVE, "https://news.example.org/preferences")


def card(page: str) -> dict[str, str]:
    """Return what the head of a page tells those who lead to it."""
    head = lxml.html.document_fromstring(page).head
    named = [(one.get("property") or one.get("name"), one.get("content")) for one in head.iter("meta")]
    linked = [
        (f"{one.get('rel')} {one.get('hreflang', '')}".strip(), one.get("href")) for one in head.iter("link")
    ]
    return dict(named + linked)


def test_a_page_tells_sites_that_lead_to_it_what_to_show_of_it(world):
    logo = '<td class="photo logo"><img src="https://example.org/logo.png" alt="Harbour"></td>'
    words = HTML.replace("<p>", f"<table><tr>{logo}</tr></table><p>", 1)
    send(world, rendered(html=words, subject='June & "July"', preheader="A <new> pier"), rendered("sv"))
    assert card(get(world, "/archive/2025-06?lang=en").text) == {
        "og:type": "article",
        "og:site_name": "The Harbour Letter",
        "og:title": 'June & "July"',
        "og:description": "A <new> pier",
        "description": "A <new> pier",
        "og:url": "https://news.example.org/archive/2025-06?lang=en",
        "article:published_time": "2025-06-01T08:00:00+00:00",
        "og:image": "https://news.example.org/issues/2025-06/assets/pier.jpg",
        "og:image:alt": "The pier",
        "twitter:card": "summary_large_image",
        "canonical": "https://news.example.org/archive/2025-06?lang=en",
        "alternate en": "https://news.example.org/archive/2025-06?lang=en",
        "alternate sv": "https://news.example.org/archive/2025-06?lang=sv",
    }


def test_a_letter_with_no_picture_or_one_inside_shows_none_on_a_card():
    for page in ("", "<p>Words</p>", '<p><img src="data:image/png;base64,AA" alt="x"></p>'):
        made = stage.bygone(
            rendered(html=f"<html><head></head><body>{page}</body></html>"), "https://a.example", NOW
        )
        assert (
            not {"og:image", "twitter:card", "canonical"}
            & card(stage.framed(made, (), "", stage.told(made, "H", {}))).keys()
        )


def test_a_letter_for_a_segment_is_listed_nowhere_and_its_readers_find_its_page(world):
    send(world, rendered(), segment="city = 'Huddinge'")
    assert get(world, "/archive/2025-06").status_code == 200
    assert "2025-06" not in get(world, "/archive").text
    assert "2025-06" not in get(world, "/archive/feed.xml").text
    send(world, rendered())
    assert "/archive/2025-06" in get(world, "/archive").text
    assert "/archive/2025-06" in get(world, "/archive/feed.xml").text


def test_words_for_a_segment_are_for_that_segment(world):
    research = rendered(segments=frozenset({"research"}), html=HTML.replace("the pier", "the secret laboratory"))
    send(world, rendered(), research)
    assert "secret laboratory" not in get(world, "/archive/2025-06").text
    send(world, research, issue="2025-08")
    get(world, "/archive/2025-08", 404)
    assert "2025-08" not in get(world, "/archive").text


def test_a_list_that_is_not_for_everybody_is_not_in_the_archive(world):
    send(world, rendered(), slug="board")
    get(world, "/archive/2025-06", 404)
    assert "June by the harbour" not in get(world, "/archive").text
    assert "June by the harbour" not in get(world, "/archive/feed.xml").text


def test_an_edit_after_the_send_changes_nothing_and_a_further_send_does(world):
    send(world, rendered())
    assert "the pier is open" in get(world, "/archive/2025-06").text
    world.later(days=1)
    send(world, rendered(html=HTML.replace("open", "open, and mended")))
    assert "open, and mended" in get(world, "/archive/2025-06").text
    assert get(world, "/archive").text.count("/archive/2025-06?") == 1


PLACES = [
    "/archive", "/archive/2025-06", "/archive/feed.xml", "/archive/2025-06.ics", "/style.css", "/openapi.json",
    "/issues/2025-06/assets/pier.jpg",
]  # fmt: skip


@pytest.mark.parametrize("path", PLACES)
def test_who_has_it_already_is_not_given_it_again(world, path):
    send(world, rendered(calendar=(PARTY,)))
    picture = world.site.issues / "2025-06" / "assets" / "pier.jpg"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"jpeg")
    first = get(world, path)
    tag = first.headers["ETag"]
    # As it was given, by a web server that packed it, and among others.
    for told in (tag, f"W/{tag}", f'{tag[:-1]}-gzip"', f'"other", {tag}'):
        again = get(world, path, 304, **{"If-None-Match": told})
        assert again.content == b""
        # What is kept takes over what the answer says anew, such as its policy.
        lost = {name for name, value in first.headers.items() if again.headers.get(name) != value}
        assert lost <= {"date", "content-length"}
    assert get(world, path, **{"If-None-Match": '"other"'}).content == first.content


def test_a_changed_letter_is_given_again(world):
    send(world, rendered())
    tag = get(world, "/archive/2025-06").headers["ETag"]
    world.later(days=1)
    send(world, rendered(html=HTML.replace("open", "shut")))
    assert "shut" in get(world, "/archive/2025-06", **{"If-None-Match": tag}).text


def test_the_page_runs_nothing_and_says_so(world):
    send(world, rendered())
    policy = get(world, "/archive/2025-06").headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; img-src 'self' https: http: data:; style-src 'unsafe-inline'")
    assert "frame-ancestors 'none'" in policy
    assert "sandbox allow-downloads allow-popups " in policy
    assert "allow-scripts" not in policy
    assert "script-src" not in policy


PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "javascript:alert(1)",
    "</title><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "]]><x xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script>",
    "\x00\x0b\ufffe&#x1;&lt;b&gt;",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_words_of_an_issue_are_words_in_index_and_feed(world, payload):
    send(world, rendered(subject=payload, preheader=payload, tokens=()))
    index = get(world, "/archive").text
    tree = html5lib.parse(index, treebuilder="etree", namespaceHTMLElements=False)
    names = [element.tag for element in tree.iter() if isinstance(element.tag, str)]
    assert not {"script", "svg", "iframe", "math", "base", "form", "img"} & set(names)
    assert not [key for element in tree.iter() for key in element.attrib if key.startswith("on")]
    assert names.count("meta") == 4
    feed = etree.fromstring(get(world, "/archive/feed.xml").content)
    assert {etree.QName(each).namespace for each in feed.iter()} == {"http://www.w3.org/2005/Atom"}
    assert "49" not in "".join(feed.itertext())


@pytest.mark.parametrize("slug", ["..%2F..%2Fetc", "%00", "a" * 5000, "<script>", "2025-06%2F..", "feed.xml%20"])
def test_an_issue_that_is_none_is_not_found(world, slug):
    send(world, rendered())
    assert world.client.get(f"/archive/{slug}").status_code == 404


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_queries_change_nothing(world, payload):
    send(world, rendered())
    for path in ("/archive", "/archive/2025-06", "/archive/feed.xml"):
        answer = world.client.get(path, params={"lang": payload})
        assert answer.status_code == 200
        assert payload not in answer.text
        assert world.client.post(path).status_code == 405


def test_the_feed_is_one_of_atom(world):
    send(world, rendered())
    world.later(days=30)
    send(world, rendered(subject="July & August"), issue="2025-07")
    answer = get(world, "/archive/feed.xml?lang=en")
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    import feedparser

    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == ["July & August", "June by the harbour"]
    assert feed.entries[0].link == "https://news.example.org/archive/2025-07?lang=en"
    assert feed.entries[1].updated == (NOW).isoformat()
    assert feedparser.parse(get(world, "/archive/feed.xml?lang=sv").content).entries == []


def test_pictures_that_travelled_inside_the_message_are_shown(world):
    picture = Enclosed("abc@picture", "jpeg", "pier.jpg", b"\xff\xd8\xff")
    html = HTML.replace("https://news.example.org/issues/2025-06/assets/pier.jpg", "cid:abc@picture")
    send(world, rendered(html=html, enclosed=(picture,)))
    assert 'src="data:image/jpeg;base64,/9j/"' in get(world, "/archive/2025-06").text


def test_events_are_there_for_a_readers_own_calendar_as_the_letter_counts_them(world):
    send(world, rendered(calendar=(PARTY, FAIR)), rendered("sv", calendar=(replace(PARTY, title="Fest"),)))
    answer = get(world, "/archive/2025-06.ics?lang=en&event=2")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert summaries(answer.content) == ["Fair"]
    assert summaries(get(world, "/archive/2025-06.ics").content) == ["Party of reader", "Fair"]
    assert summaries(get(world, "/archive/2025-06.ics?lang=sv&event=1").content) == ["Fest"]


@pytest.mark.parametrize("number", ["0", "3", "-1", "x", "²", "1 ", "99999999999"])
def test_an_event_that_is_none_is_not_found(world, number):
    send(world, rendered(calendar=(PARTY, FAIR)))
    assert world.client.get(f"/archive/2025-06.ics?event={number}").status_code == 404


def test_a_letter_without_events_or_for_a_closed_list_has_no_calendar(world):
    send(world, rendered())
    send(world, rendered(calendar=(FAIR,)), issue="2025-07", slug="board")
    for issue in ("2025-06", "2025-07"):
        assert world.client.get(f"/archive/{issue}.ics").status_code == 404


def summaries(content: bytes) -> list[str]:
    return [str(each["SUMMARY"]) for each in icalendar.Calendar.from_ical(content).walk("VEVENT")]


def test_html5lib_finds_no_fault_in_the_index(world):
    send(world, rendered(), rendered("sv"))
    for language in ("en", "sv"):
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(get(world, f"/archive?lang={language}").text)
        assert parser.errors == []


def test_a_letter_without_a_reader_has_no_word_of_one():
    for name in ("name", "ticket_url"):
        tokens = (Token(NAME, name, "a pier"), Token(LEAVE, "unsubscribe_url"))
        made = rendered(html=HTML.replace("pier", NAME), tokens=tokens)
        one = stage.bygone(made, "https://news.example.org", NOW + timedelta(days=1))
        assert "NLabcd" not in one.html + one.subject + one.text
        assert "a pier" in one.html


def test_a_name_without_a_fallback_leaves_no_hole():
    tokens = (Token(NAME, "name", None), Token(LEAVE, "unsubscribe_url"))
    made = rendered(html=HTML.replace("pier", f"pier, {NAME}!"), subject=f"Your June, {NAME}?", tokens=tokens)
    one = stage.bygone(made, "https://news.example.org", NOW)
    assert one.subject == "Your June?"
    assert "pier!" in one.html


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace whose ledger has one sent issue, with a picture and a document beside it."""
    folder = tmp_path / "letter"
    (folder / "issues" / "2025-06" / "assets").mkdir(parents=True)
    (folder / "issues" / "2025-06" / "assets" / "pier.jpg").write_bytes(b"\xff\xd8\xff a pier")
    (folder / "issues" / "2025-06" / "assets" / "på väg.pdf").write_bytes(b"%PDF-1.7 a programme")
    (folder / "newsletter.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "subscribers").mkdir()
    connection = connect(folder / "subscribers" / "subscribers.db")
    link = '<a href="https://news.example.org/archive/2025-06.ics?lang=en&amp;event={}">Add to calendar</a>'
    links = "".join(link.format(number) for number in range(1, 12))
    links += f'<a href="https://news.example.org/issues/2025-06/assets/{quote("på väg.pdf")}#page=2">Programme</a>'
    made = rendered(html=HTML.replace("</body>", f"{links}</body>"), calendar=(PARTY, FAIR, *[FAIR] * 9))
    with transaction(connection):
        content = {each.variant: pack(each, HEAD) for each in (made, rendered("sv", subject="Juni"))}
        sends.create(
            connection, issue="2025-06", list="monthly", rule="{}", content="", variants=content, now=NOW, due=NOW
        )
        connection.execute("UPDATE sends SET state = 'sending', started = ?", (NOW.isoformat(),))
    connection.close()
    return Workspace(folder)


def test_the_archive_is_written_as_files_that_stand_alone(workspace, tmp_path, capsys):
    assert ended("--workspace", str(workspace.root), "archive", str(tmp_path / "out"), "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["issues"] == [{"issue": "2025-06", "languages": ["en", "sv"]}]
    out = tmp_path / "out"
    names = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}
    letters = {"2025-06.html", "2025-06.sv.html", "index.html", "index.sv.html", "feed.xml", "feed.sv.xml"}
    events = {f"2025-06.{number}.ics" for number in range(1, 12)}
    assert names == letters | events | {
        "style.css", "icon.svg", "assets/2025-06/pier.jpg", "assets/2025-06/på väg.pdf"
    }  # fmt: skip
    assert len(names) == document["files"]
    for name in (name for name in names if name.endswith(".html")):
        text = (out / name).read_text(encoding="utf-8")
        assert "NLabcd" not in text
        links = re.findall(r'(?:href|src)="([^"#?:]+)"', text)
        missing = [link for link in links if not (out / unquote(link)).exists() and link != "./"]
        assert missing == [], name
    letter = (out / "2025-06.html").read_text(encoding="utf-8")
    assert 'src="assets/2025-06/pier.jpg"' in letter
    assert f'href="assets/2025-06/{quote("på väg.pdf")}#page=2"' in letter
    shown = card(letter)
    assert shown["og:image"] == "https://news.example.org/issues/2025-06/assets/pier.jpg"
    assert not {"og:url", "canonical"} & shown.keys()
    assert re.findall(r'href="(2025-06\.[^"]*ics[^"]*)"', letter) == [
        f"2025-06.{number}.ics" for number in range(1, 12)
    ]
    assert "SUMMARY:Fair" in (out / "2025-06.2.ics").read_text(encoding="utf-8")


def test_each_colour_of_the_line_above_a_letter_has_one_for_the_dark() -> None:
    line = stage.bar([stage.Way("/", "All")], "Letters")
    colours = re.findall(r"([a-z-]*color):(#\w{6}|light-dark\(#\w{6},#\w{6}\));", line)
    assert len(colours) == 6
    assert all(
        one[0] == dark[0] and one[1] in dark[1] for one, dark in zip(colours[::2], colours[1::2], strict=True)
    )


def test_pages_and_feed_call_the_letter_by_its_name_in_their_language(tmp_path):
    names = 'name = {en = "The Harbour Letter", sv = "Hamnbrevet"}'
    with serving(tmp_path, SETTINGS.replace('name = "The Harbour Letter"', names)) as world:
        send(world, rendered(), rendered("sv", subject="Juni vid hamnen"))
        for path in (
            "/",
            "/subscribe",
            "/privacy",
            "/preferences",
            "/archive",
            "/archive/feed.xml",
            "/archive/2025-06",
        ):
            swedish, english = get(world, f"{path}?lang=sv").text, get(world, f"{path}?lang=en").text
            assert "Hamnbrevet" in swedish, path
            assert "Harbour Letter" not in swedish, path
            assert "The Harbour Letter" in english, path
