"""Laws of pieces that only a title or a file's name tells: a column of each month, one file written anew."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.cli.collect import fetching
from newsletter.files.pool.offer import Window
from newsletter.files.pool.pool import Added, Pool
from newsletter.files.workspace import Workspace
from tests.shell import Shell

MAY = "The ferry goes until midnight from now on, and the summer timetable lies in every shop by the harbour."
JUNE = "Nobody found the anchor of the old dredger, so the divers come back with a longer rope on Sunday."
JULY = "A hundred and four children learnt to swim at the north pier, and all of them got their badge."


def column(workspace: Path, name: str, words: str, title: str = "From the chair") -> None:
    (workspace / "articles" / name).write_text(f"# {title}\n\n{words}\n", encoding="utf-8")


def sent(run: Shell, slug: str) -> None:
    """Compose an issue and schedule it: from then on it stands as it is."""
    assert run("compose", slug) == 0, run.err
    assert run("subscribers", "add", "ida@example.org", "--list", "monthly", "--consent", "test") == 0
    assert run("send", slug, "--at", "2099-01-01T09:00", "--force", "test", "--yes") == 0, run.err


def texts(workspace: Path) -> dict[str, str]:
    with Pool(workspace / "articles.db") as pool:
        return {one.key: one.text for one in pool.articles()}


@pytest.fixture
def chair(run: Shell, workspace: Path) -> Shell:
    """A workspace whose issue 2025-05 went out with a column."""
    (workspace / "articles" / "welcome.md").unlink()
    column(workspace, "chair.md", MAY)
    assert run("fetch") == 0
    sent(run, "2025-05")
    return run


def test_a_file_that_is_written_anew_after_it_was_sent_is_another_piece(chair: Shell, workspace: Path) -> None:
    column(workspace, "chair.md", JUNE)
    for came in ((1, 0), (0, 0)):
        [told] = chair.json("fetch")["sources"]
        assert (told["new"], told["updated"]) == came
    [picked] = chair.json("compose", "2025-06")["picked"]
    assert picked["key"] == "text:from-the-chair-2"
    assert JUNE in (workspace / "issues/2025-06/issue.md").read_text()


def test_a_file_that_gets_another_title_too_is_another_piece(chair: Shell, workspace: Path) -> None:
    column(workspace, "chair.md", JUNE, "The anchor")
    assert chair("fetch") == 0
    assert texts(workspace) == {"text:from-the-chair": MAY, "text:the-anchor": JUNE}


def test_a_correction_of_what_was_sent_stays_the_piece_and_is_told(chair: Shell, workspace: Path) -> None:
    column(workspace, "chair.md", MAY.replace("midnight", "one o'clock"))
    assert chair("fetch") == 0
    assert "“From the chair” was changed; issue 2025-05 was sent with what it said before" in chair.err
    assert list(texts(workspace)) == ["text:from-the-chair"]


def test_what_was_not_sent_yet_may_be_written_anew(chair: Shell, workspace: Path) -> None:
    column(workspace, "chair.md", JUNE)
    assert chair("fetch") == 0
    assert chair("compose", "2025-06") == 0
    column(workspace, "chair.md", JULY)
    assert chair("fetch") == 0
    assert "“From the chair” was changed; `newsletter pull 2025-06` renews its issue" in chair.err
    assert "newsletter compose" not in chair.err, "nothing is new"
    assert texts(workspace) == {"text:from-the-chair": MAY, "text:from-the-chair-2": JULY}


def test_files_of_one_title_are_pieces_of_their_own_in_any_order(chair: Shell, workspace: Path) -> None:
    # The new one's name comes first.
    column(workspace, "a.md", JUNE)
    assert chair("fetch") == 0
    column(workspace, "0.md", JULY)
    assert chair("fetch") == 0
    kept = {"text:from-the-chair": MAY, "text:from-the-chair-2": JUNE, "text:from-the-chair-3": JULY}
    assert texts(workspace) == kept
    (workspace / "articles" / "chair.md").rename(workspace / "articles" / "z.md")
    [told] = chair.json("fetch")["sources"]
    assert (told["new"], texts(workspace)) == (0, kept)


def test_a_pool_that_is_made_anew_knows_what_was_sent(chair: Shell, workspace: Path) -> None:
    column(workspace, "a.md", JUNE)
    assert chair("fetch") == 0
    sent(chair, "2025-06")
    for path in workspace.glob("articles.db*"):
        path.unlink()
    assert chair("fetch") == 0
    assert texts(workspace) == {"text:from-the-chair": MAY, "text:from-the-chair-2": JUNE}


def test_a_file_added_by_hand_under_a_title_that_was_sent_is_another_piece(
    chair: Shell, workspace: Path, tmp_path: Path
) -> None:
    for words in (JUNE, JULY):
        (tmp_path / "chair.md").write_text(f"# From the chair\n\n{words}\n")
        assert chair("articles", "add", str(tmp_path / "chair.md")) == 0
    assert texts(workspace) == {"text:from-the-chair": MAY, "text:from-the-chair-2": JULY}


def test_a_number_in_a_title_is_no_number_of_a_piece(chair: Shell, workspace: Path) -> None:
    column(workspace, "two.md", JULY, "From the chair 2")
    assert chair("fetch") == 0
    column(workspace, "chair.md", JUNE)
    assert chair("fetch") == 0
    assert texts(workspace) == {
        "text:from-the-chair": MAY,
        "text:from-the-chair-2": JULY,
        "text:from-the-chair-3": JUNE,
    }


def test_the_same_event_line_on_other_days_is_another_piece(run: Shell, workspace: Path) -> None:
    (workspace / "articles" / "welcome.md").unlink()
    words = "Everybody is welcome, and there is soup.\n\n::: events\n- 2099-06-{} | Open house | Pier 4\n:::"
    column(workspace, "open.md", words.format("04"), "Open house")
    assert run("fetch") == 0
    assert run("articles", "pin", "open house") == 0
    sent(run, "2025-05")
    column(workspace, "open.md", words.format(18), "Open house")
    assert run("fetch") == 0
    assert list(texts(workspace)) == ["text:open-house-2", "text:open-house"]


def test_a_calendar_whose_days_have_passed_is_no_story_and_none_of_next_year(workspace: Path) -> None:
    (workspace / "articles" / "welcome.md").unlink()
    days = "- 4 March at 18:00: Practice, Pier 4\n- 11 March at 18:00: Practice, Pier 4"
    place = Workspace(workspace)

    def fetched(month: int, day: int) -> Added:
        at = datetime(2026, month, day, 9, tzinfo=UTC)
        [outcome] = asyncio.run(fetching.fetch(place, place.settings.sources, at))
        return outcome.added

    column(workspace, "dates.md", days, "Dates")
    assert [fetched(3, 1), fetched(3, 20), fetched(5, 20)] == [
        Added(new=1),
        Added(unchanged=1),
        Added(unchanged=1),
    ]
    column(workspace, "dates.md", f"{days}\n- 3 June at 18:00: Concert, Pier 4", "Dates")
    assert fetched(5, 21).updated == 1
    rows = texts(workspace)["text:dates"].split("\n")[1:-1]
    assert [row[2:12] for row in rows] == ["2026-03-04", "2026-03-11", "2026-06-03"]


def test_a_calendar_that_is_written_anew_for_a_year_is_always_told(workspace: Path) -> None:
    (workspace / "articles" / "welcome.md").unlink()
    place = Workspace(workspace)
    for month, name in enumerate(
        ["March", "April", "May", "June", "July", "August", "September", "October", "November"], 3
    ):
        at = datetime(2026, month, 1, 9, tzinfo=UTC)
        column(workspace, "dates.md", f"- 4 {name} at 18:00: Practice\n- 18 {name} at 18:00: Practice", "Dates")
        asyncio.run(fetching.fetch(place, place.settings.sources, at))
        with Pool(workspace / "articles.db") as pool:
            window = Window(at, at - timedelta(days=30), ("notes",))
            [one] = pool.candidates(window)
        assert one.eventful
        assert re.findall(r"2026-(\d\d)-", texts(workspace)["text:dates"]) == [f"{month:02}"] * 2


def test_twins_may_have_one_title(run: Shell, workspace: Path) -> None:
    (workspace / "articles" / "welcome.md").unlink()
    column(workspace, "hydra.en.md", MAY, "Hydra")
    column(
        workspace,
        "hydra.sv.md",
        "Färjan går till midnatt från och med nu, och tidtabellen finns i affären.",
        "Hydra",
    )
    assert run("fetch") == 0
    twins = {str(one["language"]): one["twins"] for one in run.json("articles", "list")["articles"]}
    assert twins == {"en": ["text:hydra-2"], "sv": ["text:hydra"]}


SVENSKA = "Färjan går till midnatt från och med nu, och sommarens tidtabell ligger i varje affär i hamnen."
SKOLAN = "Skolan vid torget får en ny matsal till hösten, och då ska alla barnen kunna äta på en och samma gång."


def test_a_translation_that_comes_later_is_told_and_pull_takes_it(run: Shell, workspace: Path) -> None:
    settings = workspace / "newsletter.toml"
    spoken = re.sub(r"(?m)^languages = .*$", 'languages = ["en", "sv"]', settings.read_text())
    settings.write_text(f'{spoken}\n[compose]\nuntranslated = "mark"\n')
    for number in range(4):
        column(
            workspace,
            f"skolan-{number}.sv.md",
            f"{SKOLAN} Det är den {number + 5}:e matsalen.",
            f"Matsal {number}",
        )
    column(workspace, "ferry.en.md", MAY, "The ferry")
    assert run("fetch") == 0
    assert "translation" not in run.err
    assert run("compose", "2025-06") == 0
    column(workspace, "ferry.sv.md", SVENSKA, "Färjan")
    assert run("fetch") == 0
    told = "“Färjan” is a translation that issue 2025-06 waits for; `newsletter pull 2025-06` takes it"
    assert f"  {told}" in run.err.splitlines()
    assert run("pull", "2025-06") == 0
    assert SVENSKA in (workspace / "issues/2025-06/issue.sv.md").read_text()
    column(workspace, "later.en.md", JULY, "Swimmers")
    assert run("fetch") == 0
    column(workspace, "later.sv.md", f"{SKOLAN} {SVENSKA}", "Simmare")
    [both] = run.json("fetch")["sources"]
    assert both["translated"] == [{"key": "text:simmare", "title": "Simmare", "of": "text:swimmers"}]
    assert "is a translation of what you had" in run.err


def test_translations_that_come_together_are_nothing_to_tell(run: Shell, workspace: Path) -> None:
    column(workspace, "ferry.en.md", MAY, "The ferry")
    column(workspace, "ferry.sv.md", SVENSKA, "Färjan")
    assert run.json("fetch")["sources"][0]["translated"] == []
    assert "translation" not in run.err
