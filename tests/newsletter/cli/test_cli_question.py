"""A question from the issue file to the report, by the commands that an editor runs."""

import csv
import html
import io
import re
from urllib.parse import unquote

import pytest

from newsletter.cli import wiring
from newsletter.cli.send import messages
from newsletter.cli.terminal import now
from subscribers import token
from subscribers.store.ledger import answers, sends
from subscribers.store.register import suppressions
from subscribers.token import Purpose
from tests.editor import SLUG, Editor, parsed
from tests.pictures import browser
from tests.smtpserver import Server

ENGLISH = """
::: question {name="worth"}
Was it worth your time, {{ name or "reader" }}?

- Yes
- Some of it
- No
:::
"""
SWEDISH = ENGLISH.replace("Was it worth your time", "Var det värt din tid").replace("Some of it", "Delar av det")
LINK = re.compile(r"https?://[^/\s\"]+/answer/([\w%-]{44,})/([\w-]+)/(\d)")


@pytest.fixture
def asking(editor: Editor) -> Editor:
    """An editor whose issue asks something, in two languages."""
    folder = editor.root / "issues" / SLUG
    issue = folder / "issue.md"
    issue.write_text(issue.read_text() + ENGLISH)
    swedish = "---\nsubject: Juni vid hamnen\npreheader: En ny pir, fyrtio båtar och en fest på kajen\n---\nHej!\n"
    (folder / "issue.sv.md").write_text(swedish + SWEDISH)
    return editor


def give(editor: Editor, *given: tuple[int, int], send: int = 1, question: str = "worth") -> None:
    keys = wiring.ring(editor.workspace).derived(suppressions.PURPOSE)
    with wiring.people(editor.workspace) as connection:
        for reader, answer in given:
            answers.give(connection, send, reader, question, answer, keys)


def told(editor: Editor) -> dict[str, object]:
    (one,) = editor.json("report", SLUG)[1]["questions"]
    return one


def test_each_reader_gets_links_that_are_theirs_and_of_this_send(asking: Editor) -> None:
    asking.people(4)
    with Server() as server:
        asking.to(server)
        assert asking("send", SLUG, "--yes")[0] == 0
    ring = wiring.ring(asking.workspace)
    for received in server.accepted:
        reader = int(re.search(r"\d+", received.recipient)[0])
        text, page = (part.get_content() for part in parsed(received).iter_parts())
        assert [found[1:] for found in LINK.findall(text)] == [("worth", "1"), ("worth", "2"), ("worth", "3")]
        assert {found[0] for found in LINK.findall(text + page)} == {LINK.search(text)[1]}
        claim = token.read(ring, Purpose.ANSWER, unquote(LINK.search(text)[1]), now())
        assert (claim.subscriber, claim.list) == (reader, 1)
        assert received.recipient not in re.sub(r"mailto:\S+", "", text)


def test_no_link_of_an_answer_ends_the_comment_that_it_stands_in(asking: Editor) -> None:
    ring = wiring.ring(asking.workspace)
    links, make = messages.Links(ring, 1, 7), token.Maker(ring, Purpose.ANSWER, 7)
    made = {reader: links.of(reader)["answer_url"] for reader in range(1, 4000)}
    assert any("%" in one for one in made.values())
    assert not any("--" in one for one in made.values())
    assert {reader: unquote(one) for reader, one in made.items()} == {reader: make(reader) for reader in made}


def test_a_test_mail_has_links_that_are_nobodys(asking: Editor) -> None:
    with Server() as server:
        asking.to(server)
        assert asking("test", SLUG, "eva@example.org")[0] == 0
    text = next(parsed(server.accepted[0]).iter_parts()).get_content()
    claim = token.read(wiring.ring(asking.workspace), Purpose.ANSWER, unquote(LINK.search(text)[1]), now())
    assert (claim.subscriber, claim.list) == (0, 0)


def test_a_report_counts_over_all_sends_subjects_and_languages_of_an_issue(asking: Editor) -> None:
    asking.people(6)
    issue = asking.root / "issues" / SLUG / "issue.md"
    issue.write_text(issue.read_text().replace("subject:", "subject_b: Another one\nsubject:", 1))
    with Server() as server:
        asking.to(server)
        assert asking("send", SLUG, "--yes")[0] == 0
        give(asking, (1, 1), (2, 1), (3, 3))
        asking.people(2, first=7)
        assert asking("send", SLUG, "--to-new", "--yes")[0] == 0
    give(asking, (7, 1), send=2)
    assert told(asking) == {
        "question": "worth",
        "words": "Was it worth your time, {{ name }}?",
        "arrived": 8,
        "answered": 4,
        "answers": [
            {"words": "Yes", "count": 3},
            {"words": "Some of it", "count": 0},
            {"words": "No", "count": 1},
        ],
    }
    _, shown, _ = asking("report", SLUG)
    assert "Was it worth your time, {{ name }}? 4 answers to 8 letters" in shown
    assert re.search(r"Yes +3  75\.0 %  █+", shown)
    assert re.search(r"Some of it +0   0\.0 % *\n", shown)
    table = list(csv.reader(io.StringIO(asking("report", SLUG, "--csv")[1])))
    assert [row[1:] for row in table if row[1].startswith("question")] == [
        ["question worth", "Yes", "3"],
        ["question worth", "Some of it", "0"],
        ["question worth", "No", "1"],
    ]
    assert "question" not in asking("report", "--all", "--json")[1]


def test_what_looks_like_the_markup_of_a_terminal_is_shown_as_it_is(asking: Editor) -> None:
    asking.people(3)
    (asking.root / "issues" / SLUG / "issue.sv.md").unlink()
    issue = asking.root / "issues" / SLUG / "issue.md"
    issue.write_text(issue.read_text().replace("- Yes\n", "- Yes [all]\n").replace("- No\n", "- No [/b]\n"))
    with Server() as server:
        asking.to(server)
        assert asking("send", SLUG, "--yes")[0] == 0
    give(asking, (1, 1), (2, 1), (3, 3))
    code, shown, _ = asking("report", SLUG)
    assert code == 0
    assert re.search(r"Yes \[all\] +2 ", shown)
    assert re.search(r"No \[/b\] +1 ", shown)


def test_fewer_than_three_answers_tell_no_count(asking: Editor) -> None:
    asking.people(4)
    with Server() as server:
        asking.to(server)
        assert asking("send", SLUG, "--yes")[0] == 0
    for given in ([], [(1, 1)], [(2, 3)]):
        give(asking, *given)
        found = told(asking)
        assert found["answered"] is None
        assert {each["count"] for each in found["answers"]} == {None}
        assert "fewer than 3 answers so far to 4 letters" in asking("report", SLUG)[1]
        assert "question" not in asking("report", SLUG, "--csv")[1]
        asking("report", SLUG, "--html", str(asking.root / "report.html"))
        page = (asking.root / "report.html").read_text(encoding="utf-8")
        assert "Fewer than 3 answers so far to 4 letters that arrived" in page
        assert "Some of it</" not in re.sub(r"srcdoc=\"[^\"]*\"", "", page)
    give(asking, (4, 2))
    assert told(asking)["answered"] == 3


def test_a_question_for_some_readers_is_told_with_those_who_got_it(asking: Editor) -> None:
    asking.people(6)
    few = "email in ('reader2@example.org', 'reader4@example.org')"
    (asking.root / "subscribers" / "segments.toml").write_text(f'few = "{few}"\n')
    for path in (asking.root / "issues" / SLUG).glob("issue*.md"):
        path.write_text(path.read_text().replace('{name="worth"}', '{name="worth" segment="few"}'))
    with Server() as server:
        asking.to(server)
        assert asking("send", SLUG, "--yes")[0] == 0
    assert told(asking)["arrived"] == 2


def test_a_report_reads_no_file_of_the_issue(asking: Editor) -> None:
    asking.people(3)
    with Server() as server:
        asking.to(server)
        assert asking("send", SLUG, "--yes")[0] == 0
    give(asking, (1, 1), (2, 1), (3, 1))
    for path in (asking.root / "issues" / SLUG).glob("issue*.md"):
        path.unlink()
    assert [each["words"] for each in told(asking)["answers"]] == ["Yes", "Some of it", "No"]


def test_an_erased_reader_is_counted_no_more(asking: Editor) -> None:
    asking.people(4)
    with Server() as server:
        asking.to(server)
        assert asking("send", SLUG, "--yes")[0] == 0
    give(asking, (1, 1), (2, 1), (3, 1), (4, 2))
    assert asking("keys", "rotate", "--yes")[0] == 0
    assert asking("subscribers", "erase", "reader1@example.org", "--yes")[0] == 0
    assert told(asking)["answered"] == 3


def test_an_issue_that_asks_freezes_what_it_asks_and_one_that_does_not_freezes_as_before(asking: Editor) -> None:
    asking.people(2)
    with Server() as server:
        asking.to(server)
        assert asking("send", SLUG, "--yes")[0] == 0
    with wiring.people(asking.workspace) as connection:
        content = {name: sends.variant(connection, 1, name) for name in sends.variants(connection, 1)}
    assert all(b'"questions": [{"answers": ["' in each for each in content.values())


def test_public_copies_show_a_question_that_nobody_can_answer(asking: Editor, tmp_path) -> None:
    asking.people(2)
    assert asking("preview", SLUG, "--html", str(tmp_path / "june.html"))[0] == 0
    with Server() as server:
        asking.to(server)
        assert asking("send", SLUG, "--yes")[0] == 0
    assert asking("archive", str(tmp_path / "public"))[0] == 0
    pages = [tmp_path / "june.html", *(tmp_path / "public").rglob("*.html")]
    asked = [page for page in pages if "worth your time" in html.unescape(page.read_text(encoding="utf-8"))]
    assert len(asked) >= 2
    for page in pages:
        assert "/answer" not in html.unescape(page.read_text(encoding="utf-8")), page


@pytest.mark.browser
@pytest.mark.parametrize("look", ["letter", "plain"])
def test_answers_are_large_and_fit_in_every_theme_on_every_screen(asking: Editor, look: str, tmp_path) -> None:
    asking.settings('theme = "letter"', f'theme = "{look}"')
    issue = asking.root / "issues" / SLUG / "issue.md"
    issue.write_text(issue.read_text().replace("- No\n", f"- {'No, and here is why: ' * 5}\n"))
    assert asking("render", SLUG, "--out", str(tmp_path))[0] == 0
    page = next(tmp_path.glob("*.en.html")).as_uri()
    with browser(tmp_path / "profile") as driver:
        for width in (375, 600):
            for scheme in ("light", "dark"):
                driver.execute_cdp_cmd(
                    "Emulation.setDeviceMetricsOverride",
                    {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
                )
                media = [{"name": "prefers-color-scheme", "value": scheme}]
                driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
                driver.get(page)
                assert driver.execute_script("return document.documentElement.scrollWidth") <= width
                shown = driver.execute_script(ANSWERS)
                assert [one["place"] for one in shown] == ["1", "2", "3"]
                assert all(one["height"] >= 44 and one["width"] > 0.7 * width for one in shown)
                grounds = {one["ground"] for one in shown}
                assert len(grounds) == 1
                assert (sum(map(int, re.findall(r"\d+", grounds.pop())[:3])) > 384) is (scheme == "light")


ANSWERS = """
return [...document.querySelectorAll('a[href*="/answer/"]')].map(one => {
  const box = one.getBoundingClientRect();
  return {place: one.href.split("/").pop(), height: box.height, width: box.width,
    ground: getComputedStyle(one).backgroundColor};
});
"""


def test_the_gate_finds_no_fault_in_a_letter_that_asks(asking: Editor) -> None:
    (asking.root / "issues" / SLUG / "issue.sv.md").unlink()
    for look in ("letter", "plain"):
        asking.settings(r'theme = "\w+"', f'theme = "{look}"')
        _, found = asking.json("check", SLUG, "--offline", "--no-spam")
        asked = [one for one in found["findings"] if not one["id"].startswith(("base-url", "leftover-sample"))]
        assert asked == [], look


def test_a_further_send_with_other_answers_is_told_before_they_are_counted_together(asking: Editor) -> None:
    asking.people(2)
    with Server() as server:
        asking.to(server)
        assert asking("send", SLUG, "--yes")[0] == 0
    issue = asking.root / "issues" / SLUG / "issue.md"
    asked = issue.read_text()

    def told(answers: str) -> list[str]:
        issue.write_text(asked.replace("- Yes\n- Some of it\n- No\n", answers))
        found = asking.json("check", SLUG, "--offline", "--no-spam")[1]["findings"]
        return [f"{one['level']} {one['place']}" for one in found if one["id"] == "question-changed"]

    line = asked.splitlines().index('::: question {name="worth"}') + 1
    assert told("- No\n- Some of it\n- Yes\n") == [f"warning issues/{SLUG}/issue.md:{line}"]
    assert told("- Yes\n- Some of it\n- No\n") == []
    assert told("- Yes\n- Some of it\n- No\n- Who knows\n") == []
    issue.write_text(asked := asked.replace('"worth"', '"again"'))
    assert told("- No\n- Yes\n") == []


def test_what_compose_and_pull_do_leaves_a_question_as_it_is(asking: Editor) -> None:
    (asking.root / "issues" / "frame.md").write_text(f"Hello.\n\n<!-- articles -->\n{ENGLISH}")
    assert asking("fetch")[0] == 0
    assert asking("compose", "2026-12")[0] == 0
    issue = asking.root / "issues" / "2026-12" / "issue.md"
    assert ENGLISH.strip() in issue.read_text()
    before = issue.read_text()
    assert asking("pull", "2026-12")[0] in (0, 7)
    assert issue.read_text() == before
