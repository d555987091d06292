"""Links lead where the letter led and nowhere else; they are counted in total, and by person only with consent."""

import time
from datetime import timedelta

import pytest
from markupsafe import Markup

from newsletter.config import parse
from newsletter.errors import SettingsError
from newsletter.model import Rendered, Token
from newsletter.rendering import hyphen
from newsletter.results import clicks
from newsletter.settings.tracking import Tracking
from subscribers.store.back import links
from subscribers.store.back.links import Kept
from subscribers.store.file.open import stamp
from subscribers.store.keeping import retention
from subscribers.store.ledger import sends
from tests import readers, webserver
from tests.effort import ends

BASE = "https://news.example.org"
HTML = (
    '<body><p><a style="x" href="https://harbour.example/a?x=1&amp;y=2">One <b>pier</b></a></p>'
    f'<a href="{BASE}/preferences/NLmarkNL">choose</a><a href="NLmarkNL">leave</a>'
    '<a href="mailto:a@b.example">m</a>'
    '<a href="https://harbour.example/b"><img alt="Boats" src="b.jpg"></a></body>'
)
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/130.0"}


def letter(html=HTML):
    return Rendered("2025-06", "en", frozenset(), "June", "", html, "", (Token("NLmarkNL", "unsubscribe_url"),))


def test_only_links_to_elsewhere_are_counted_and_their_words_are_kept() -> None:
    found = clicks.find(HTML, BASE, ["NLmarkNL"])
    assert [(one.place, one.url, one.label) for one in found] == [
        (1, "https://harbour.example/a?x=1&y=2", "One pier"),
        (2, "https://harbour.example/b", "[Boats]"),
    ]


@pytest.mark.parametrize(
    ("url", "counts"),
    [
        (BASE, False),
        (f"{BASE}/archive", False),
        (f"{BASE}?lang=sv", False),
        (f"{BASE}#top", False),
        ("https://shop.example/?who=NLmarkNL", False),
        (f"{BASE}.shop.example/", True),
        (f"{BASE}2", True),
    ],
)
def test_the_letters_own_pages_and_one_readers_own_are_never_counted(url: str, counts: bool) -> None:
    html = f'<a href="mailto:a@b.example">m</a><a href="{url}">x</a>'
    assert bool(clicks.find(html, BASE, ["NLmarkNL"])) is counts
    assert (clicks.lead(html, BASE, ["NLmarkNL"], lambda place: f"/go/{place}") == html) is not counts


def test_a_long_word_that_may_break_is_told_as_one_word() -> None:
    words = hyphen.title(Markup("Till kompetensförsörjningsstrategin"), "sv")
    [one] = clicks.find(f'<a href="https://bay.example/">{words}</a>', "https://news.example")
    assert one.label == "Till kompetensförsörjningsstrategin"


@pytest.mark.parametrize("words", ["https://harbour.example/a", "www.harbour.example", "<b>harbour.se/a</b>"])
def test_a_link_that_says_an_address_leads_there_and_keeps_the_places_of_the_others(words: str) -> None:
    html = f'<a href="https://harbour.example/a">{words}</a> <a href="https://harbour.example/b">Boats</a>'
    assert [(one.place, one.label) for one in clicks.find(html, BASE)] == [(2, "Boats")]
    assert clicks.counted(letter(html), BASE, {1: "aa", 2: "bb"}).html == html.replace(
        "https://harbour.example/b", f"{BASE}/go/bb"
    )


def test_what_has_no_counter_leads_where_it_led() -> None:
    made = clicks.counted(letter(), BASE, {2: "bb"}).html
    assert made == HTML.replace("https://harbour.example/b", f"{BASE}/go/bb")


def test_a_badge_stands_in_each_counted_link_and_in_no_other() -> None:
    made = clicks.lead(HTML, BASE, ["NLmarkNL"], lambda _: "", lambda place: f"<sup>{place}</sup>")
    assert made == HTML.replace("</b></a>", "</b><sup>1</sup></a>").replace(
        'b.jpg"></a>', 'b.jpg"><sup>2</sup></a>'
    )


def test_a_link_that_shows_nothing_has_no_words() -> None:
    (one,) = clicks.find('<a href="https://harbour.example/"><img src="b.jpg"></a>', BASE)
    assert one.label == ""


def test_each_place_is_measured_by_the_most_clicked() -> None:
    assert clicks.shares({1: 4, 2: 1, 3: 0}) == {1: 1.0, 2: 0.25, 3: 0.0}
    assert clicks.shares({1: 0}) == {1: 0.0}
    assert clicks.shares({}) == {}


def test_a_letter_names_nobody_unless_the_reader_agreed() -> None:
    made = clicks.counted(letter(), BASE, {1: "aa", 2: "bb"})
    assert f'href="{BASE}/go/aa"' in made.html
    assert "harbour.example/a" not in made.html
    assert made.tokens == letter().tokens
    assert "<img alt" in made.html
    assert "/seen/" not in made.html
    own = clicks.counted(letter(), BASE, {1: "aa", 2: "bb"}, watched=True, picture=True)
    assert own.html.count(own.tokens[-1].mark) == 3
    assert own.tokens[-1].name == clicks.FIELD
    assert "/seen/" not in clicks.counted(letter(), BASE, {1: "aa"}, watched=True).html


def test_a_mark_reads_back_only_with_its_key() -> None:
    mark = clicks.mark(7, b"k" * 32)
    assert clicks.read_mark(mark, [b"n" * 32, b"k" * 32]) == 7
    for wrong in (mark.replace("7-", "8-"), mark[:-1], mark.upper(), "7-", "", f"{mark}0", f"0{mark}"):
        assert clicks.read_mark(wrong, [b"k" * 32]) is None


def test_a_place_that_opens_everything_at_once_is_a_machine() -> None:
    burst = clicks.Burst()
    for number in range(5):
        burst.add("gateway", f"link{number}", number * 0.3)
    burst.add("person", "link1", 0.0)
    assert burst.ripe(5.0) == []
    ripe = burst.ripe(30.0)
    assert {machine for link, machine in ripe if link != "link1"} == {True}
    assert ("link1", False) in ripe
    assert not burst


def test_a_place_that_does_not_rest_is_held_for_a_minute_at_most() -> None:
    burst = clicks.Burst()
    for second in range(1000, 1060, 5):
        burst.add("restless", "link1", float(second))
        assert burst.ripe(float(second)) == []
    assert len(burst.ripe(1060.0)) == 12
    assert not burst


@pytest.mark.parametrize(("links", "machine"), [(3, False), (4, True)])
def test_who_opens_a_few_links_is_a_reader(links: int, machine: bool) -> None:
    burst = clicks.Burst()
    for number in range(links):
        burst.add("one", f"link{number}", 1000.0)
        burst.add("one", f"link{number}", 1001.0)
    assert burst.ripe(1010.9) == []
    assert burst.ripe(1011.0) == [(f"link{number}", machine) for number in range(links) for _ in range(2)]


@pytest.mark.parametrize(
    ("method", "agent", "machine"),
    [
        ("GET", BROWSER["User-Agent"], False),
        ("HEAD", BROWSER["User-Agent"], True),
        ("GET", "", True),
        ("GET", "Mozilla/5.0 (compatible; Googlebot/2.1)", True),
        ("GET", "BarracudaCentral LinkScanner", True),
        ("GET", "Mozilla/5.0 (compatible; SomeProxy/1.0)", True),
        ("GET", "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Firefox/11.0 (via ggpht.com GoogleImageProxy)", False),
        ("GET", "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html", False),
        ("GET", "Mozilla/5.0 (Linux; Android 14; CUBOT X90) AppleWebKit/537.36", False),
    ],
)
def test_what_says_it_is_a_machine_is_one(method, agent, machine) -> None:
    assert clicks.is_machine(method, agent) is machine


def test_nothing_is_counted_unless_the_settings_say_so() -> None:
    assert parse(webserver.SETTINGS).tracking == Tracking()
    with pytest.raises(SettingsError, match="single readers' clicks without clicks"):
        parse(webserver.SETTINGS + "[tracking]\npeople = true\n")
    with pytest.raises(SettingsError, match="readers who agreed only"):
        parse(webserver.SETTINGS + "[tracking]\nclicks = true\npictures = true\n")


@pytest.fixture
def world(tmp_path):
    """A site, and an issue with two links that went to Anna."""
    with webserver.serving(tmp_path) as opened:
        opened.anna = opened.person().id
        opened.send = opened.site.writer.submit(lambda connection: _send(connection, opened.clock[0])).result(10)
        opened.client.headers.update(BROWSER)
        yield opened


def _send(connection, now):
    made = sends.create(
        connection,
        issue="2025-06",
        list="monthly",
        rule="{}",
        content="h",
        variants={"en": b"x"},
        now=now,
        due=now,
    )
    sends.start(connection, made.id, readers.EVERYBODY, readers.ENGLISH, now)
    connection.execute("UPDATE deliveries SET state = 'accepted'")
    urls = ("https://harbour.example/a?x=1&y=2", "https://harbour.example/b", "https://harbour.example/c",
            "https://harbour.example/d")  # fmt: skip
    links.keep(connection, made.id, "en", [Kept(f"a{n}", n + 1, url, "") for n, url in enumerate(urls)])
    return made.id


def counted(world, *, until=0):
    """Return what is counted by now, or once that comes to *until* opened links."""
    with ends(20):
        while True:
            totals = {one.id: (one.clicks, one.scans) for one in links.totals(world.site.reader, "2025-06")}
            if sum(map(sum, totals.values())) >= until:
                return {name: figures for name, figures in totals.items() if any(figures)}
            time.sleep(0.02)


def test_a_link_leads_where_the_letter_led_and_an_unknown_one_nowhere(world) -> None:
    gone = world.client.get(f"{world.url}/go/a0")
    assert (gone.status_code, gone.headers["location"]) == (302, "https://harbour.example/a?x=1&y=2")
    assert gone.headers["referrer-policy"] == "no-referrer"
    for path in ("/go/zz", "/go/A0", "/go/https://evil.example", "/go/a0?url=https://evil.example/", "/go/"):
        answer = world.client.get(f"{world.url}{path}")
        if path.startswith("/go/a0?"):
            assert answer.headers["location"] == "https://harbour.example/a?x=1&y=2"
        else:
            assert answer.status_code == 404, path


def test_a_person_counts_after_a_moment_and_nothing_about_them_is_kept(world, monkeypatch) -> None:
    monkeypatch.setattr(clicks, "WINDOW", 1.0)
    world.client.get(f"{world.url}/go/a0")
    assert counted(world) == {}
    assert counted(world, until=1) == {"a0": (1, 0)}
    assert world.rows("footprints") == []


def test_clicks_that_the_disk_does_not_take_are_told_once(world, monkeypatch) -> None:
    monkeypatch.setattr(clicks, "WINDOW", 0.1)
    full = "CREATE TRIGGER full BEFORE INSERT ON clicks BEGIN SELECT raise(ABORT, 'disk full'); END"
    world.site.writer.submit(lambda connection: connection.execute(full)).result(10)
    with ends(20):
        while not world.said:
            world.client.get(f"{world.url}/go/a0")
            time.sleep(0.3)
        world.client.get(f"{world.url}/go/a0")
        time.sleep(2)
    [told] = world.said
    assert told.startswith("Clicks are not counted: ")


def test_machines_are_counted_apart(world, monkeypatch) -> None:
    monkeypatch.setattr(clicks, "WINDOW", 2.0)
    world.client.head(f"{world.url}/go/a0")
    world.client.get(f"{world.url}/go/a0", headers={"User-Agent": "some-crawler/2"})
    assert counted(world) == {"a0": (0, 2)}
    for number in range(4):
        world.client.get(f"{world.url}/go/a{number}")
    assert counted(world, until=6) == {"a0": (0, 3), "a1": (0, 1), "a2": (0, 1), "a3": (0, 1)}


def test_own_clicks_and_the_picture_are_kept_for_who_agreed_only(world) -> None:
    key = world.site.ring.derive(clicks.PURPOSE)
    own = clicks.mark(1, key)
    world.later(minutes=5)
    assert world.client.get(f"{world.url}/seen/{own}").headers["content-type"] == "image/gif"
    world.client.get(f"{world.url}/go/a0/{own}")
    assert world.rows("footprints") == []
    now = world.clock[0]
    world.site.writer.submit(lambda connection: links.watch(connection, world.anna, True, now)).result(10)
    world.client.get(f"{world.url}/seen/{own}")
    world.client.get(f"{world.url}/go/a0/{own}")
    world.client.get(f"{world.url}/go/a1/{clicks.mark(1, b'x' * 32)}")
    rows = world.rows("footprints")
    assert [(row["subscriber_id"], row["link_id"], row["scanner"]) for row in rows] == [
        (world.anna, None, 0), (world.anna, "a0", 0),
    ]  # fmt: skip
    assert links.pictures(world.site.reader, "2025-06") == 1
    world.site.writer.submit(lambda connection: links.watch(connection, world.anna, False, now)).result(10)
    assert world.rows("footprints") == []


def test_a_machine_that_follows_a_readers_own_link_leaves_nothing_of_theirs(world) -> None:
    own = clicks.mark(1, world.site.ring.derive(clicks.PURPOSE))
    world.later(minutes=5)
    now = world.clock[0]
    world.site.writer.submit(lambda connection: links.watch(connection, world.anna, True, now)).result(10)
    for page in (f"/go/a0/{own}", f"/seen/{own}"):
        world.client.get(f"{world.url}{page}", headers={"User-Agent": "some-crawler/2"})
        world.client.head(f"{world.url}{page}")
    assert world.rows("footprints") == []
    assert links.pictures(world.site.reader, "2025-06") == 0
    assert counted(world, until=2) == {"a0": (0, 2)}


def test_too_fast_is_a_machine_and_what_is_old_is_forgotten(world) -> None:
    own = clicks.mark(1, world.site.ring.derive(clicks.PURPOSE))
    now = world.clock[0]
    world.site.writer.submit(lambda connection: links.watch(connection, world.anna, True, now)).result(10)
    with_updated = "UPDATE deliveries SET updated = ?"
    world.site.writer.submit(lambda connection: connection.execute(with_updated, [stamp(now)])).result(10)
    world.later(seconds=1)
    world.client.get(f"{world.url}/go/a0/{own}")
    assert [row["scanner"] for row in world.rows("footprints")] == [1]
    assert counted(world) == {"a0": (0, 1)}
    later = now + timedelta(days=181)
    swept = retention.Rules(footprints=timedelta(days=180))
    world.site.writer.submit(lambda connection: retention.sweep(connection, swept, later, [b"k" * 32])).result(10)
    assert world.rows("footprints") == []
    assert counted(world) == {"a0": (0, 1)}


def test_a_reader_agrees_on_the_page_and_takes_it_back_there(tmp_path) -> None:
    settings = webserver.SETTINGS + "[tracking]\nclicks = true\npeople = true\n"
    with webserver.serving(tmp_path, settings) as world:
        anna = world.person().id
        page = f"{world.url}/preferences/{world.token('preferences', anna)}"
        assert "You may see which links I open" in world.client.get(page).text
        form = {"do": "save", "list": "monthly"}
        world.client.post(page, data=form)
        assert not links.agrees(world.site.reader, anna)
        # Whoever saves the page once more agrees to nothing new.
        for _ in range(2):
            world.client.post(page, data={**form, "asked": "1", "watched": "1"})
            assert links.agrees(world.site.reader, anna)
        said = [row["wording"] for row in world.rows("consents") if row["what"] == "change"]
        assert said == ["You may see which links I open, to make a better letter."]
        world.client.post(page, data={**form, "asked": "1"})
        assert not links.agrees(world.site.reader, anna)
        said = [row["wording"] for row in world.rows("consents") if row["what"] == "change"]
        assert said[1:] == ["You may no longer see which links I open."]


def test_nobody_is_asked_where_single_readers_are_not_seen(world) -> None:
    page = f"{world.url}/preferences/{world.token('preferences', world.anna)}"
    assert "which links I open" not in world.client.get(page).text
    world.client.post(page, data={"do": "save", "list": "monthly", "asked": "1", "watched": "1"})
    assert not links.agrees(world.site.reader, world.anna)
