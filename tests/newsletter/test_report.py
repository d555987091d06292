"""A report's figures add up to the audience, say no more than is known, and are a page worth opening."""

import base64
import csv
import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By

from newsletter import report
from newsletter.bounce import causes, hints, status
from newsletter.cli import wiring
from newsletter.cli.look import freezing
from newsletter.files import issues
from newsletter.files.workspace import find
from newsletter.model import Rendered, Token
from newsletter.report import Cell
from newsletter.results import chart, overlay
from subscribers.event import Event, EventKind, Rule
from subscribers.status import DeliveryState
from subscribers.store.back import events, links
from subscribers.store.file.open import stamp, transaction
from subscribers.store.register import acts
from subscribers.store.register.acts import Act
from subscribers.token import Claim
from tests import blank, readers
from tests.roll import caller

NOW = datetime(2025, 6, 12, 9, 0, tzinfo=UTC)
CELLS = st.lists(
    st.builds(
        Cell,
        variant=st.sampled_from(["en", "sv", "sv+students", "en@b"]),
        domain=st.sampled_from([f"d{number}.example" for number in range(20)] + [""]),
        state=st.sampled_from([str(state) for state in DeliveryState]),
        event=st.sampled_from(["", "complaint", "hard", "block", "soft"]),
        count=st.integers(1, 1000),
    )
)


@given(CELLS)
def test_every_way_of_counting_adds_up_to_the_audience(cells) -> None:
    audience = sum(cell.count for cell in cells)
    assert sum(report.outcomes(cells).values()) == audience
    assert sum(report.states(cells).values()) == audience
    assert sum(group.readers for group in report.domains(cells)) == audience
    assert sum(group.readers for group in report.languages(cells)) == audience


def test_the_worst_that_came_back_decides_and_only_of_what_was_accepted() -> None:
    assert report.outcome("accepted", "") == "accepted"
    assert report.outcome("accepted", "hard") == "bounced"
    assert report.outcome("refused", "hard") == "refused"
    assert report.outcome("committing", "") == "waiting"


@given(st.dictionaries(st.integers(0, 500_000), st.integers(1, 50), max_size=80))
def test_bars_over_time_hold_everything_and_are_few(minutes) -> None:
    bars, step = report.timeline({NOW + timedelta(minutes=at): count for at, count in minutes.items()})
    assert sum(count for _, count in bars) == sum(minutes.values())
    assert len(bars) <= report.BINS + 1
    assert step >= timedelta(minutes=1)


def test_a_difference_that_may_be_chance_is_no_winner() -> None:
    close = [report.compare("A", "one", 1000, 50), report.compare("B", "two", 1000, 58)]
    assert report.winner(close) is None
    clear = [report.compare("A", "one", 1000, 50), report.compare("B", "two", 1000, 120)]
    assert report.winner(clear).name == "B"
    assert report.winner([report.compare("A", "x", 0, 0), report.compare("B", "y", 0, 0)]) is None
    for arm in clear:
        assert 0 <= arm.low < arm.rate < arm.high


def test_a_list_is_counted_backwards_from_what_it_is_now() -> None:
    found = report.months(100, {"2025-06": (10, 4), "2025-05": (50, 1)}, NOW, 3)
    assert [(month.name, month.joined, month.left, month.readers) for month in found] == [
        ("2025-04", 0, 0, 45), ("2025-05", 50, 1, 94), ("2025-06", 10, 4, 100),
    ]  # fmt: skip


def test_some_is_never_nothing_and_not_all_never_all() -> None:
    assert report.share(1, 1_000_000) == "<0.1 %"
    assert report.share(999_999, 1_000_000) == ">99.9 %"
    assert (report.share(0, 5), report.share(5, 5), report.share(1, 0)) == ("0.0 %", "100.0 %", "–")


#: What an axis may end at, the least first.
ROUND = [4, 8, *(each * 10**power for power in range(1, 9) for each in (1, 2, 4, 5, 8))]


@given(st.integers(0, 10**8) | st.sampled_from([each + more for each in ROUND for more in (-1, 0, 1)]))
def test_an_axis_ends_at_the_least_round_number_that_all_bars_fit_under(most) -> None:
    assert chart.ceiling(most) == min(each for each in (*ROUND, 10**9) if each >= most)


@pytest.mark.parametrize(
    ("most", "labels"),
    [
        (4, ["0", "2", "4"]),
        (5, ["0", "4", "8"]),
        (8_000, ["0", "4,000", "8,000"]),
        (10_000, ["0", "5,000", "10 k"]),
        (1_000_000, ["0", "500 k", "1 M"]),
        (5_000_000, ["0", "2.5 M", "5 M"]),
    ],
)
def test_an_axis_is_labelled_in_few_characters(most, labels) -> None:
    drawn = chart.line([("2026-01", most)], "Readers")
    assert re.findall(r'text-anchor="end">([^<]+)<', drawn)[:3] == labels


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=60), st.text(max_size=20))
def test_drawings_are_well_formed_whatever_they_show(counts, title) -> None:
    title = "".join(character for character in title if character.isprintable())
    bars = [(NOW + timedelta(minutes=number), count) for number, count in enumerate(counts)]
    for drawn in (
        chart.over_time(bars, timedelta(minutes=1), title),
        chart.parts([(f"p{number}", count) for number, count in enumerate(counts)], title),
        chart.line([(f"{number}", count) for number, count in enumerate(counts)], title),
        chart.intervals([(title[:3], 0.1, 0.05, 0.2), ("B", 0.0, 0.0, 0.0)], title),
    ):
        root = ElementTree.fromstring(drawn)
        assert root[0].text == (title or None)
        assert "nan" not in drawn
        for bar in root.iter("{http://www.w3.org/2000/svg}rect"):
            left, wide, top, high = (float(bar.get(name)) for name in ("x", "width", "y", "height"))
            assert 0 <= left <= left + wide <= chart.WIDTH + 0.2
            assert 0 <= top <= top + high <= chart.HEIGHT
    assert chart.ceiling(max(counts)) >= max(counts)


@pytest.fixture
def workspace(tmp_path):
    """A workspace in which the sample issue went to sixty readers, and something came back."""
    made = blank.letter(tmp_path / "letter")
    settings = made.root / "newsletter.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\n[tracking]\nclicks = true\n", encoding="utf-8")
    issue = made.issues / "2025-06" / "issue.md"
    issue.parent.mkdir()
    issue.write_text(
        "---\nsubject: <b>June</b> & boats – på kajen, {{ name or 'reader' }}\nlist: monthly\n---\n"
        "Hello {{ name or 'reader' }}.\n\n"
        "[All about the pier](https://harbour.example/pier?a=1&b=2) and [boats](https://harbour.example/boats)\n\n"
        "![The pier](<assets/the pier.png>)\n\n![A key](assets/key.png)\n",
        encoding="utf-8",
    )
    (issue.parent / "assets").mkdir()
    (issue.parent / "assets" / "the pier.png").write_bytes(b"a pier")
    (tmp_path / "key").write_bytes(b"a secret key")
    (issue.parent / "assets" / "key.png").symlink_to(tmp_path / "key")
    found = find(made.root)
    with wiring.people(found) as connection:
        readers.add(connection, 60)
        _send(found, connection)
    return found


def _send(workspace, connection) -> None:
    about = issues.load(workspace, "2025-06")
    rule = freezing.rule(workspace, connection, about, list="monthly", segment="", exclude=(), newcomers=False)
    contents = freezing.contents(workspace, about, rule, {"en", "sv"})
    with transaction(connection):
        made = freezing.create(connection, rule, contents, now=NOW, due=NOW, counted=True)
        freezing.start(connection, made, NOW)
        connection.execute("UPDATE deliveries SET state = 'accepted', updated = ?", (stamp(NOW),))
        connection.execute("UPDATE deliveries SET state = 'refused' WHERE id = 1")
        for delivery, kind in ((2, "hard"), (3, "soft"), (4, "block"), (5, "complaint")):
            events.record(connection, Event(delivery, EventKind(kind), NOW, "mailbox", kind), Rule())
        for number, link in enumerate(links.totals(connection, "2025-06")):
            links.count(connection, [(link.id, False)] * (10 - number) + [(link.id, True)] * 3, NOW)


def test_links_that_say_the_same_are_told_apart_by_where_they_lead() -> None:
    said = [report.Link(f"https://harbour.example/{n}", "Read on", n, 1, 0) for n in (1, 2)]
    assert report.named(said[0], said) == "Read on: harbour.example/1"
    assert report.named(said[0], said[:1]) == "Read on"
    assert report.named(report.Link("https://harbour.example/3", "", 3, 1, 0), said) == "https://harbour.example/3"


def test_every_reason_is_told_in_words() -> None:
    spoken = {word for word, _ in (*causes.TELLING, *hints.VAGUE)} | set(status.DETAILS.values()) - {""}
    assert spoken | set(status.CODES.values()) | set(status.TEMPORARY.values()) <= set(report.WHY)


def test_a_letter_with_clicks_on_it_shows_nothing_personal() -> None:
    rendered = Rendered(
        "2025-06", "en", frozenset(), "", "", '<a href="x/NL1">Hello NL1</a>', "", (Token("NL1", "n"),)
    )
    assert overlay.letter(rendered, "https://news.example", {}, str) == '<a href="x/">Hello …</a>'


@pytest.fixture
def run(workspace, capfd):
    return caller(workspace.root, capfd)


def test_who_took_it_back_at_once_did_not_leave(run, workspace) -> None:
    left = Act("unsubscribe link", NOW + timedelta(hours=1), "en", "")
    with wiring.people(workspace) as connection:
        for reader in (7, 8, 9):
            acts.leave(connection, Claim(reader, 0), left)
        for reader in (8, 9):
            acts.undo(connection, Claim(reader, 0), {}, replace(left, source=acts.UNDO))
        acts.leave(connection, Claim(9, 0), left)
    assert json.loads(run("report", "2025-06", "--json"))["unsubscribed"]["count"] == 2


def test_who_complained_got_the_letter(run, tmp_path) -> None:
    assert report.arrived({"accepted": 55, "complained": 1}) == 56
    assert report.share(56, 60) in run("report", "--all")
    run("report", "2025-06", "--html", str(tmp_path / "page.html"))
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert f"<b>{report.share(56, 60)}</b><span>arrived" in page


def test_of_a_send_under_way_it_says_how_many_letters_arrived_so_far(run, workspace, tmp_path) -> None:
    with wiring.people(workspace) as connection, transaction(connection):
        connection.execute(
            "UPDATE deliveries SET state = 'queued' WHERE id IN (SELECT id FROM deliveries LIMIT 30)"
        )
    left = json.loads(run("report", "2025-06", "--json"))["outcome"]
    told = left["accepted"] + left["complained"]
    assert left["waiting"] == 30
    assert re.search(rf"2025-06 .* 60 +{told} so far ", run("report", "--all"))
    run("report", "2025-06", "--html", str(tmp_path / "page.html"))
    assert "<span>arrived so far</span>" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_the_document_adds_up_and_names_nobody(run) -> None:
    told = json.loads(run("report", "2025-06", "--json"))
    assert told["audience"] == 60
    assert told["subject"] == "<b>June</b> & boats – på kajen, {{ name }}"
    assert told["outcome"] == {
        "accepted": 55, "complained": 1, "bounced": 1, "soft": 1, "blocked": 1, "refused": 1, "uncertain": 0,
        "waiting": 0, "suppressed": 0, "cancelled": 0,
    }  # fmt: skip
    assert sum(one["accepted"] for one in told["timeline"]) == 59
    assert {link["url"] for link in told["links"]} == {
        "https://harbour.example/pier?a=1&b=2", "https://harbour.example/boats",
    }  # fmt: skip
    assert told["clicks"] == sum(link["clicks"] for link in told["links"]) > 0
    assert "@" not in json.dumps(told)


def test_the_terminal_the_table_and_the_comparison_say_the_same(run) -> None:
    shown = run("report", "2025-06")
    assert "<b>June</b> & boats" in shown
    assert re.search(r"all readers\s+60", shown)
    rows = list(csv.DictReader(io.StringIO(run("report", "2025-06", "--csv"))))
    assert {row["figure"]: row["value"] for row in rows if row["about"] == "issue"}["audience"] == "60"
    (line,) = json.loads(run("report", "--all", "--json"))["issues"]
    assert (line["issue"], line["audience"], line["bounced"]) == ("2025-06", 60, 1)
    assert "2025-06" in run("report", "--all")
    (row,) = csv.DictReader(io.StringIO(run("report", "--all", "--csv")))
    assert (row["issue"], row["subject"], row["audience"], row["bounced"]) == (
        "2025-06",
        line["subject"],
        "60",
        "1",
    )
    assert list(row) == list(line)


def test_who_was_left_out_of_a_send_and_got_a_later_one_counts_once(run, workspace) -> None:
    with wiring.people(workspace) as connection:
        connection.execute("UPDATE deliveries SET state = 'cancelled' WHERE id > 40")
        connection.execute("UPDATE sends SET state = 'cancelled'")
        about = issues.load(workspace, "2025-06")
        rule = freezing.rule(workspace, connection, about, list="monthly", segment="", exclude=(), newcomers=True)
        contents = freezing.contents(workspace, about, rule, {"en", "sv"})
        with transaction(connection):
            made = freezing.create(connection, rule, contents, now=NOW, due=NOW)
            freezing.start(connection, made, NOW)
            connection.execute("UPDATE deliveries SET state = 'accepted' WHERE send_id = 2 AND id < 71")
    told = json.loads(run("report", "2025-06", "--json"))
    assert told["audience"] == 60
    assert told["outcome"]["cancelled"] == 0
    assert sum(group["readers"] for group in told["languages"]) == 60


def test_bars_are_whole_on_a_narrow_terminal(run, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "48")
    out = run("report", "2025-06")
    assert "…" not in out
    assert re.search(r"^en .* % +█+░* *$", out, re.MULTILINE)
    assert max(map(len, out.splitlines())) <= 48


def test_a_terminal_of_an_older_encoding_shows_what_it_can(run, workspace) -> None:
    command = [sys.executable, "-m", "newsletter", "--workspace", str(workspace.root), "report", "2025-06"]
    old = {**os.environ, "PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"}
    shown = subprocess.run(command, env=old, capture_output=True, timeout=60)
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert "<b>June</b> & boats - på kajen, {{ name }}".encode("latin-1") in shown.stdout
    assert re.search(rb"^en .* % +#+\.* *$", shown.stdout, re.MULTILINE)
    document = subprocess.run([*command, "--json"], env=old, capture_output=True, timeout=60).stdout
    assert json.loads(document.decode("ascii"))["subject"] == "<b>June</b> & boats – på kajen, {{ name }}"


def test_segments_and_what_came_back_in_them_add_up(run, workspace) -> None:
    (workspace.root / "subscribers" / "segments.toml").write_text(
        "swedish = \"language = 'sv'\"\nall = \"language in ('sv', 'en')\"\nnobody = \"language = 'fi'\"\n",
        "utf-8",
    )
    told = json.loads(run("report", "2025-06", "--json"))
    groups = {one["segment"]: one for one in told["segments"]}
    assert {name: one["readers"] for name, one in groups.items()} == {"swedish": 30, "all": 60}
    assert {name: groups["all"][name] for name in told["outcome"]} == told["outcome"]
    # Readers with odd numbers read Swedish: of 2 to 5 the third and the fifth, and the first, who was refused.
    assert {name: count for name in told["outcome"] if (count := groups["swedish"][name])} == {
        "accepted": 27, "complained": 1, "soft": 1, "refused": 1,
    }  # fmt: skip
    assert "swedish" in run("report", "2025-06")


def test_the_worst_of_what_came_back_about_one_letter_counts_once(run, workspace) -> None:
    with wiring.people(workspace) as connection, transaction(connection):
        events.record(connection, Event(3, EventKind.COMPLAINT, NOW, "mailbox", "abuse"), Rule())
        events.record(connection, Event(2, EventKind.SOFT, NOW, "mailbox", "mailboxfull"), Rule())
    told = json.loads(run("report", "2025-06", "--json"))["outcome"]
    assert (told["complained"], told["bounced"], told["soft"]) == (2, 1, 0)
    assert sum(told.values()) == 60


def test_what_was_not_sent_has_no_report(run) -> None:
    assert "0001-hello was not sent; sent so far: 2025-06" in run("report", "0001-hello", code=4)
    assert "name an issue, or say --all" in run("report", code=2)


def test_the_page_needs_nothing_besides_itself(run, tmp_path) -> None:
    run("report", "2025-06", "--html", str(tmp_path / "report.html"))
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"<th[^>]*></th>", page)
    assert "&lt;b&gt;June&lt;/b&gt; &amp; boats" in page
    assert "<script" not in page
    assert not re.search(r'<(?:link|img)[^>]+(?:src|href)="(?!data:)', page)
    assert "@example.org" not in page.replace("news@example.org", "")
    assert base64.b64encode(b"a pier").decode() in page
    assert base64.b64encode(b"a secret key").decode() not in page


@pytest.mark.browser
@pytest.mark.parametrize("width", [600, 375])
def test_the_page_fits_and_shows_the_clicks_on_the_letter(run, tmp_path, width) -> None:
    run("report", "2025-06", "--html", str(tmp_path / "report.html"))
    options = Options()
    flags = "--headless=new --no-sandbox --disable-gpu --disable-background-networking --disable-component-update"
    for flag in (*flags.split(), "--disable-sync", "--no-first-run", f"--window-size={width + 200},900"):
        options.add_argument(flag)
    options.add_argument(f"--user-data-dir={tmp_path / 'chrome'}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    with webdriver.Chrome(options=options, service=Service()) as driver:
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False},
        )
        driver.get((tmp_path / "report.html").as_uri())
        assert driver.execute_script("return document.documentElement.scrollWidth") <= width
        assert len(driver.find_elements(By.CSS_SELECTOR, "svg")) >= 3
        driver.switch_to.frame(driver.find_element(By.CSS_SELECTOR, "iframe"))
        badges = [each.text for each in driver.find_elements(By.CSS_SELECTOR, "a span")]
        assert [text for text in badges if text.isdigit()]
        assert [line for line in driver.get_log("browser") if line["level"] == "SEVERE"] == []
