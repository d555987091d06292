"""A pull renews what changed in the articles, and leaves what is the editor's own."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter import issue
from newsletter.issuefile import addition, calendar, draft, splice
from newsletter.issuefile.draft import Piece
from newsletter.issuefile.refreshing import refresh, written
from newsletter.model import Article, Event, Events, Issue, Section

NOW = datetime(2025, 6, 15, 9, 0, tzinfo=UTC)


def an(key: str, title: str, text: str = "Text.", **more: object) -> Article:
    values = {"url": "", "summary": "Sum.", "source": "page", "language": "en", "published": NOW}
    return Article(**{"key": key, "title": title, "text": text, **values, **more})


HOUSE = an(
    "text:house", "The house", 'It opens.\n\n::: quote {by="Maja"}\nAt last.\n:::\n\n## Later\n\nIt closes again.'
)
KELP = an("https://park.example.org/kelp", "Kelp", url="https://park.example.org/kelp", summary="It grows.")


def composed() -> tuple[Issue, written.Written]:
    picks = [Piece(HOUSE, "lead"), Piece(KELP, "brief", "In brief")]
    made = draft.issue(picks, slug="x", language="en", letter="L", mailing_list="", say=str)
    return read(issue.write(made, said="en")), written.of(made.blocks)


def read(text: str) -> Issue:
    return issue.parse(text, slug="x", language="en")


def pull(text: str, *articles: Article, was: written.Written | None = None) -> refresh.Refreshed:
    found = {one.key: one for one in articles or (HOUSE, KELP)}
    return refresh.refresh(read(text), composed()[1] if was is None else was, found.get, "Read on")


def reasons(done: refresh.Refreshed) -> list[str]:
    return [note.reason for note in done.notes]


@pytest.mark.parametrize("first", [0, 1])
def test_an_event_that_several_tell_of_leads_to_the_page_of_any_of_them(first: int):
    line = "::: events\n- 2025-06-20 18:00 | The party{}\n:::"
    bare, page = an("text:party", "The party", line.format("")), "https://park.example.org/party"
    told = [bare, an(page, "The party", line.format(" | Aula"), url=page)]
    made = calendar.gather([told[first], told[1 - first]], NOW, UTC)
    assert made
    assert [(one.title, one.place, one.url) for one in made.items] == [("The party", "Aula", page)]


def test_nothing_changes_while_the_articles_do_not():
    one, was = composed()
    done = pull(one.source)
    assert done.text == one.source
    assert done.written == was
    assert reasons(done) == ["kept: its article did not change"] * 2


def test_what_a_killed_pull_wrote_or_an_editor_wrote_alike_is_nobody_s_other_words():
    one, was = composed()
    changed = replace(HOUSE, text=HOUSE.text.replace("At last.", "At long last."))
    first = pull(one.source, changed, KELP)
    again = pull(first.text, changed, KELP, was=was)
    assert reasons(again)[0] == "kept: it stands there already"
    assert (again.text, again.written) == (first.text, first.written)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_only_the_lines_of_a_changed_block_change(end):
    text = composed()[0].source.replace("\n", end)
    done = pull(text, replace(HOUSE, text=HOUSE.text.replace("At last", "Finally")), KELP)
    assert done.text == text.replace("At last", "Finally")
    assert reasons(done)[0] == "refreshed: 1 block"
    again = refresh.refresh(read(done.text), done.written, {HOUSE.key: HOUSE, KELP.key: KELP}.get, "Read on")
    assert again.text == text


def test_what_an_editor_rewrote_stays():
    text = composed()[0].source.replace("At last.", "At long last!").replace("Dear", "Hello")
    done = pull(text, replace(HOUSE, text=HOUSE.text.replace("At last", "Finally")), KELP)
    assert done.text == text
    assert reasons(done)[0] == "kept: you rewrote what changed in its article"


def test_a_rewritten_block_keeps_its_neighbours_fresh():
    text = composed()[0].source.replace("At last.", "At long last!")
    new = replace(HOUSE, text=HOUSE.text.replace("At last", "Finally").replace("It closes", "Then it shuts"))
    done = pull(text, new, KELP)
    assert done.text == text.replace("It closes", "Then it shuts")
    assert reasons(done)[0] == "refreshed: 1 block; you rewrote the rest"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('::: lead {src="text:house"}', '::: lead {src="text:house" pin}', "kept: pinned"),
        ("At last.", "At last.\n<!-- ask Maja -->", "kept: you rewrote what changed in its article"),
    ],
)
def test_a_pin_and_a_comment_are_the_editors(old, new, reason):
    text = composed()[0].source.replace(old, new)
    done = pull(text, replace(HOUSE, text=HOUSE.text.replace("At last", "Finally")), KELP)
    assert (done.text, reasons(done)[0]) == (text, reason)


def test_a_pinned_block_is_renewed_once_its_pin_is_gone():
    text = composed()[0].source.replace('::: lead {src="text:house"}', '::: lead {src="text:house" pin}')
    new = replace(HOUSE, text=HOUSE.text.replace("It opens", "It opened"))
    pinned = pull(text, new, KELP)
    freed = pull(pinned.text.replace(" pin}", "}"), new, KELP, was=pinned.written)
    assert "It opened" in freed.text


def test_a_link_that_the_editor_gave_stays():
    visit = replace(HOUSE, text='Come.\n\n::: cta {href="" label="Visit"}\nNeed a desk?\n:::')
    made = draft.issue([Piece(visit, "lead")], slug="x", language="en", letter="L", mailing_list="", say=str)
    text = issue.write(made, said="en").replace('href=""', 'href="https://park.example.org/desk"')
    changed = replace(visit, text=visit.text.replace("Need a desk?", "Need a bench?"))
    fresh = text.replace("Need a desk?", "Need a bench?")
    assert pull(text, changed, was=written.of(made.blocks)).text == fresh


def test_a_speaker_that_the_editor_corrected_stays_while_the_quote_is_renewed():
    text = composed()[0].source.replace('by="Maja"', 'by="Maja Ek"')
    done = pull(text, replace(HOUSE, text=HOUSE.text.replace("At last", "Finally")), KELP)
    assert done.text == text.replace("At last", "Finally")
    both = replace(HOUSE, text=HOUSE.text.replace('by="Maja"', 'by="Maja Berg"'))
    [clash] = pull(text, both, KELP).notes[0].conflicts
    assert (clash.own, clash.other) == (("Maja Ek",), ("Maja Berg",))


def test_a_paragraph_that_the_editor_left_alone_is_renewed_beside_one_that_was_rewritten():
    long = replace(HOUSE, text="One.\n\nTwo.\n\nThree.")
    made = draft.issue([Piece(long, "lead")], slug="x", language="en", letter="L", mailing_list="", say=str)
    text = issue.write(made, said="en").replace("Two.", "My two.").replace("## The house", "## My house")
    new = replace(long, title="The home", text="One!\n\nTwo!\n\nThree!\n\nFour!")
    done = pull(text, new, was=written.of(made.blocks))
    assert "## My house\nOne!\n\nMy two.\n\nThree!\n\nFour!\n:::" in done.text
    assert [(one.own, one.other) for one in done.notes[0].conflicts] == [
        (("## My house",), ("## The home",)),
        (("My two.",), ("Two!",)),
    ]
    assert pull(done.text, new, was=done.written).text == done.text


def test_kind_place_and_segment_are_the_editors_and_the_text_is_fresh():
    text = composed()[0].source
    own = '::: story {segment="business" src="https://park.example.org/kelp"}'
    text = text.replace('::: brief {src="https://park.example.org/kelp"}', own)
    assert pull(text).text == text
    done = pull(text, HOUSE, replace(KELP, summary="It grew."))
    assert done.text == text.replace("It grows.", "It grew.")


def test_parts_that_an_article_lost_or_got_go_and_come():
    text = composed()[0].source
    lost = pull(text, replace(HOUSE, text="It opens.\n\nThat is all."), KELP)
    assert "It opens.\n\nThat is all.\n:::\n\n## In brief" in lost.text
    assert [type(one).__name__ for one in read(lost.text).blocks] == ["Prose", "Lead", "Prose", "Brief"]
    more = HOUSE.text.replace("## Later", '::: quote {by="Bo"}\nMe too.\n:::\n\n## Later')
    got = pull(text, replace(HOUSE, text=more), KELP)
    assert 'At last.\n:::\n\n::: quote {by="Bo" src="text:house"}\nMe too.\n:::\n\n::: prose' in got.text
    assert reasons(got)[0] == "refreshed: 1 block"


def test_a_part_that_the_editor_changed_stays_though_its_article_lost_it():
    text = composed()[0].source.replace("At last.", "At long last!")
    done = pull(text, replace(HOUSE, text="It opens."), KELP)
    assert "At long last!" in done.text
    assert "It closes again" not in done.text
    assert reasons(done)[0] == "refreshed: 1 block; you rewrote the rest"


def test_a_part_that_the_editor_took_out_stays_out():
    text = composed()[0].source
    start, end = text.index("::: quote"), text.index("::: prose")
    done = pull(text[:start] + text[end:], replace(HOUSE, text=HOUSE.text.replace("At last", "Finally")), KELP)
    assert "Finally" not in done.text


def test_without_was_and_without_its_article_nothing_is_touched():
    text = composed()[0].source
    new = replace(HOUSE, text="Other.")
    assert pull(text, new, KELP, was={}).text == text
    gone = pull(text, KELP)
    assert gone.text == text
    assert reasons(gone)[0] == "kept: its article is not in the pool"


def in_swedish(*articles: Article) -> tuple[Issue, written.Written]:
    """Return a Swedish issue of these articles."""
    pieces = [Piece(one, "story") for one in articles]
    made = draft.issue(pieces, slug="x", language="sv", letter="L", mailing_list="", say=str)
    return issue.parse(issue.write(made, said="sv"), slug="x", language="sv"), written.of(made.blocks)


@pytest.mark.parametrize("article", [KELP, HOUSE])
def test_a_translation_that_comes_later_takes_the_place_of_what_was_marked(article):
    one, was = in_swedish(article, an("text:last", "Sist", language="sv"))
    twin = an("text:tang", "Tång", "Den växer.", language="sv", twins=(article.key,))
    found = {article.key: replace(article, twins=(twin.key,)), twin.key: twin}.get
    done = refresh.refresh(one, was, found, "Read on")
    wanted = in_swedish(twin, an("text:last", "Sist", language="sv"))[0].source
    assert done.text.partition(":::")[2] == wanted.partition(":::")[2]
    assert reasons(done)[0] == "refreshed: its translation came"
    again = refresh.refresh(issue.parse(done.text, slug="x", language="sv"), done.written, found, "Read on")
    assert again.text == done.text
    for mine in (one.source.replace("## ", "## Om "), one.source.replace("lang=", "pin lang=")):
        kept = refresh.refresh(issue.parse(mine, slug="x", language="sv"), was, found, "Read on")
        assert kept.text == mine


def test_what_an_editor_took_out_is_known():
    one, was = composed()
    text = one.source[: one.source.index("## In brief")]
    assert refresh.removed(read(text), was) == {KELP.key}


NEW = an("https://park.example.org/new", "New", url="https://park.example.org/new")


def added(text: str, section: Section) -> list[str]:
    text = addition.add(read(text), Piece(NEW, section.block, section.name), "Read on")
    assert "\n\n\n" not in text
    assert text.endswith("\n")
    return [row for row in text.split("\n") if row.startswith(("::: ", "## "))]


def test_a_new_pick_stands_at_the_end_of_its_section():
    text = composed()[0].source
    rows = [row for row in text.split("\n") if row.startswith(("::: ", "## "))]
    new = 'src="https://park.example.org/new"'
    assert added(text, Section("In brief", "brief")) == [*rows, f"::: brief {{{new}}}", "## New"]
    assert added(text, Section("Culture", "story")) == [*rows, "## Culture", f"::: story {{{new}}}", "## New"]
    at = rows.index("## In brief")
    assert added(text, Section("", "story")) == [*rows[:at], f"::: story {{{new}}}", "## New", *rows[at:]]
    assert added(text, Section("", "lead"))[-5:-3] == [f"::: lead {{{new}}}", "## New"]


def test_a_lead_goes_first_where_there_is_none():
    text = composed()[0].source.replace("::: lead", "::: story")
    assert added(text, Section("", "lead"))[:2] == ['::: lead {src="https://park.example.org/new"}', "## New"]


def test_articles_are_counted_where_they_stand():
    one = composed()[0]
    counts = [
        addition.count(one, s) for s in (Section("", "lead"), Section("In brief", "brief"), Section("", "brief"))
    ]
    assert counts == [1, 1, 0]


@pytest.mark.parametrize("text", ["a\nb\nc", "a\nb\nc\n", "a\r\nb\r\nc\r\n"])
def test_rows_are_replaced_and_put_in_without_touching_others(text):
    end = "\r\n" if "\r" in text else "\n"
    assert splice.apply(text, [splice.Change(1, 2, "x\ny")]) == text.replace("b", f"x{end}y")
    assert splice.apply(text, [splice.Change(1, 1, "x")]) == text.replace("b", f"x{end}b")
    assert splice.apply(text, [splice.Change(0, 1, "x"), splice.Change(2, 3, "z")]) == text.replace(
        "a", "x"
    ).replace("c", "z")


#: Lines that only an editor would write.
OWN = st.text("abc xyz", min_size=1, max_size=12).map(lambda words: f"Editor {words.strip()}")
SAID = st.lists(st.sampled_from(["One.", "Two.", "Three.", "Four.", "## A heading", "Five, at last."]), max_size=6)
EDITS = st.lists(st.tuples(st.sampled_from(["insert", "replace", "delete"]), st.integers(0, 40), OWN), max_size=6)


def rewritten(text: str, edits: list[tuple[str, int, str]]) -> str:
    """Do what an editor does inside of blocks: put in, rewrite and take out lines, but no fences."""
    rows = text.split("\n")
    first = next(at for at, row in enumerate(rows) if row.startswith(":::"))
    for what, place, words in edits:
        inside = [at for at in range(first + 1, len(rows)) if not rows[at].startswith(":::")]
        at = inside[place % len(inside)]
        rows[at : at + (what != "insert")] = [] if what == "delete" else [words]
    return "\n".join(rows)


@given(SAID, SAID, EDITS)
def test_no_line_of_an_editors_is_lost_whatever_changed(before, after, edits):
    one, other = (replace(HOUSE, text="\n\n".join(text) + "\n") for text in (before, after))
    made = draft.issue([Piece(one, "lead"), Piece(KELP, "brief")], slug="x", language="en", letter="L",
                       mailing_list="", say=str)  # fmt: skip
    was = written.of(made.blocks)
    text = rewritten(issue.write(made, said="en"), edits)
    new = (other, replace(KELP, summary="It grew."))
    done = pull(text, *new, was=was)
    rows = iter(done.text.split("\n"))
    assert all(row in rows for row in text.split("\n") if row.startswith("Editor")), "a line is lost, or moved"
    assert pull(done.text, *new, was=done.written).text == done.text, "a second pull changes something"
    if not edits:
        fresh = draft.issue([Piece(new[0], "lead"), Piece(new[1], "brief")], slug="x", language="en", letter="L",
                            mailing_list="", say=str)  # fmt: skip
        assert read(done.text).blocks == read(issue.write(replace(fresh, subject="", preheader=""))).blocks


def test_a_calendar_follows_what_is_coming_and_goes_when_nothing_is():
    party, fair = (
        Event("2025-07-01 18:00", "Party"),
        Event("2025-07-02", "Fair", url="https://park.example.org/fair"),
    )
    before = Events(items=(party, fair), src=calendar.KEY)
    made = draft.issue(
        [Piece(KELP, "brief")], slug="x", language="en", letter="L", mailing_list="", say=str, events=before
    )
    text, was = issue.write(made, said="en"), written.of(made.blocks)

    def renewed(text: str, events: Events | None) -> str:
        return refresh.refresh(read(text), was, {KELP.key: KELP}.get, "Read on", events).text

    assert renewed(text, before) == text
    later = Events(items=(fair, Event("2025-08-01", "Regatta")), src=calendar.KEY)
    assert "Party" not in renewed(text, later)
    assert "- 2025-08-01 | Regatta\n:::" in renewed(text, later)
    own = text.replace("| Party", "| The party of the year")
    assert "The party of the year" in renewed(own, later)
    gone = renewed(text, None)
    assert "::: events" not in gone
    assert [type(one).__name__ for one in read(gone).blocks] == ["Prose", "Brief"]
    assert "The party of the year" in renewed(own, None)
