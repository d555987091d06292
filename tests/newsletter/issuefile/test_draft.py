"""What compose writes: for a person to read and go on with, and as the parser reads it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter import article, issue, pick
from newsletter.issuefile import draft
from newsletter.issuefile.blocks import block, blocktext
from newsletter.model import Article, Candidate, Cta, Events, Lead, Picture, Prose, Quote, Story
from newsletter.picking.wish import Wish
from newsletter.reading.texts import textpage

NOW = datetime(2025, 6, 15, 9, 0, tzinfo=UTC)
TEXT = """\
For eleven years the pump house kept nothing but rain out.

Since Monday it keeps microscopes in.

::: quote {by="Samira Lindqvist"}
That is the half I hoped for.
:::

## Built for neighbours

The hall is open until ten at night.

::: quote {by="Jonas"}
Come in.
:::

::: cta {href="" label="Book a bench"}
The first hours are free.
:::"""


def an(**more: object) -> Article:
    values = {
        "key": "text:pump-house",
        "title": "The pump house *opens*",
        "url": "",
        "text": TEXT,
        "summary": "For eleven years it kept nothing but rain out. Since Monday it keeps microscopes in.",
        "source": "page",
        "language": "en",
        "published": NOW,
    }
    return Article(**{**values, **more})


def picked(*articles: Article, block: str = "lead", name: str = "") -> list[draft.Piece]:
    return [draft.Piece(one, block, name) for one in articles]


def new(picks, *, slug="2025-06", language="en", letter="What's new at the quay?", say=str):
    return draft.issue(picks, slug=slug, language=language, letter=letter, mailing_list="monthly", say=say)


def test_an_article_without_an_address_is_there_as_a_whole():
    src = "text:pump-house"
    assert draft.blocks(an(), "lead", "Read on", "en") == (
        Lead(
            src=src,
            title="The pump house \\*opens\\*",
            text="\n\n".join(TEXT.split("\n\n")[:2]),
        ),
        Quote(src=src, by="Samira Lindqvist", text="That is the half I hoped for."),
        Prose(src=src, text="## Built for neighbours\n\nThe hall is open until ten at night."),
        Quote(src=src, by="Jonas", text="Come in."),
        Cta(src=src, text="The first hours are free.", label="Book a bench", href=""),
    )


def test_an_article_with_a_picture_keeps_those_in_its_text():
    one = an(text="It opens.\n\n![The hall](hall.jpg)\n\nCome in.", image=Picture("door.jpg", "The door"))
    [lead] = draft.blocks(one, "lead", "Read on", "en")
    assert (lead.image, lead.text) == (one.image, one.text)
    [again] = block.parse(blocktext.write(lead).split("\n"), "")
    assert (again.image, again.text) == (one.image, one.text)


def test_an_article_with_an_address_is_a_summary_and_a_button():
    url = "https://park.example.org/pump-house"
    one = an(key=url, url=url, image=Picture("hall.jpg", "The hall"))
    lead, quote = draft.blocks(one, "lead", "Read on", "en")
    assert (lead.text, lead.link, lead.label, lead.image) == (one.summary, url, "Read on", one.image)
    assert quote == Quote(src=url, by="Samira Lindqvist", text="That is the half I hoped for.")
    assert len(draft.blocks(one, "story", "Read on", "en")) == 1
    assert draft.blocks(one, "brief", "Read on", "en")[0].image is None


def test_sections_have_their_headings_once():
    first, second = an(), an(key="text:b", title="B")
    blocks = new(
        [*picked(first), *picked(second, replace(second, key="text:c"), block="brief", name="In brief")]
    ).blocks
    assert [one.text for one in blocks if isinstance(one, Prose) and not one.src][1:] == ["## In brief"]


def test_the_greeting_is_in_the_letters_language_and_personal():
    one = new(picked(an()), say=lambda words: words.replace("Dear", "Hej"))
    assert one.blocks[0] == Prose(text='Hej {{ name or "reader" }},\n\nHere is what is new.')


@pytest.mark.parametrize(
    ("slug", "language", "letter", "subject"),
    [
        ("2025-06", "en", "What's new at the quay?", "What's new at the quay? June 2025"),
        ("2025-06", "sv", "Kajen", "Kajen, juni 2025"),
        ("2025-06", "sv", "Vad händer på kajen?", "Vad händer på kajen? Juni 2025"),
        ("2025-06", "de", "Verein am Kai e. V.", "Verein am Kai e. V., Juni 2025"),
        ("2025-06", "sv", "Vad händer nu.", "Vad händer nu. Juni 2025"),
        ("2025-06-12", "en", "The quay", "The quay, June 2025"),
        ("summer", "en", "The quay", "The pump house *opens*"),
        ("2025-13", "en", "The quay", "The pump house *opens*"),
        ("2025-06", "xx", "The quay", "The pump house *opens*"),
        ("2025-06", "en", "A letter whose name is so long that nobody would read it in any subject", None),
    ],
)
def test_the_subject_is_short_and_says_what_it_is(slug, language, letter, subject):
    made = new(picked(an()), slug=slug, language=language, letter=letter).subject
    assert made == subject or (subject is None and len(made) <= 60)


def test_the_preheader_is_as_long_as_mail_programs_show():
    short = an(summary="Short.", key="text:s")
    one = new(picked(short, an(title="Kelp for bakers"), an(title="A choir in the rain")))
    assert one.preheader == "Short. Kelp for bakers. A choir in the rain."
    assert 40 <= len(new(picked(an(summary="word " * 80))).preheader) <= 110


def test_the_preheader_is_in_the_letters_language_where_any_article_is():
    words = "Tre kontor blir lediga i den gamla kabelfabriken från och med januari."
    swedish = an(language="sv", summary=words, key="text:sv")
    told = an().summary
    assert new(picked(swedish, an(title="Kelp"))).preheader == told
    assert new(picked(swedish, an(language=""))).preheader == told
    assert new(picked(swedish)).preheader == words
    assert new(picked(an(), swedish), language="sv").preheader == words


@pytest.mark.parametrize(
    ("summary", "end"),
    [
        ("A room that any company can book by the hour opened on Thursday in the {}", "opened on Thursday…"),
        ("Ett renrum som alla företag kan boka per timme invigdes i torsdags i den {}", "invigdes i torsdags…"),
        ("Forty companies came to the fair in Kista, and the jury chose, for {}", "the jury chose…"),
        ("The region pays for a data centre that warms the hall with 240 {}", "with 240…"),
    ],
)
def test_a_preheader_that_is_cut_ends_with_a_word_that_says_something(summary, end):
    told = new(picked(an(summary=summary.format("cablefactory" * 10)))).preheader
    assert told.endswith(end)
    assert 40 <= len(told) <= 110


def test_an_article_cannot_ask_for_a_readers_name():
    trap = an(
        title="{{ email }}", summary="{{ email }} is yours and forty more characters", text="\\{\\{ email }}"
    )
    text = issue.write(new(picked(trap), slug="trap"))
    assert text.count("{{") == 1
    assert text.count('{{ name or "reader" }}') == 1


@pytest.mark.parametrize(
    "text",
    [
        "::: story",
        ":::",
        "```\n::: lead",
        "<!-- gone",
        "::: nothing {x\n:::\nAfter",
        "::: lead\n## Title\n:::",
        "![a](b.jpg)\n\n[only](https://park.example.org)",
        "## Heading first\n\nText",
        "a\0b\x0b\u2028c\x85d\rE",
        "",
    ],
)
def test_any_text_of_an_article_stays_in_the_issue(text):
    one = new(picked(an(text=text)), slug="x")
    read = issue.parse(issue.write(one, said="en"), slug="x", language="en")
    assert read == one
    written = issue.write(one)
    assert all(word in written for word in ("Title", "After", "Text", "gone") if word in text)


MARKS = st.sampled_from([*"#*_`[](){}<>!-=:|\\&;~\n\"' ab\x00\u2028", ":::", "```", "## ", "{{", "](", "<!--"])
STRANGE = st.lists(MARKS, max_size=25).map("".join)


@example("", "", "a <!-- pier --> at dusk", "lead", False, True)
@given(STRANGE, STRANGE, STRANGE, st.sampled_from(["lead", "story", "brief"]), st.booleans(), st.booleans())
def test_what_was_meant_is_what_is_read(title, text, alt, kind, linked, pictured):
    url = "https://park.example.org/a_(b)?x=1&amp;y" if linked else ""
    image = Picture("assets/a b.jpg", " ".join(alt.replace("\0", "").split())) if pictured else None
    stranger = an(title=title, text=text, summary=text, url=url, key=url or "text:x", image=image)
    one = new(picked(stranger, block=kind), slug="x")
    read = issue.parse(issue.write(one, said="en"), slug="x", language="en")
    assert (read.subject, read.preheader, read.blocks) == (one.subject, one.preheader, one.blocks)


def test_the_real_page_becomes_a_lead_with_its_parts_and_three_stories(seed_page):
    page = seed_page.read_text(encoding="utf-8")
    articles = [article.normalize(raw, NOW) for raw in textpage.parse(page, "page")]
    candidates = [
        Candidate(one.key, one.title, one.source, "en", one.published, size=len(one.text), linked=bool(one.url))
        for one in articles
    ]
    picks, lefts = pick.pick(candidates, Wish(now=NOW, languages=("en", "sv")))
    assert not lefts
    by_key = {one.key: one for one in articles}
    pieces = [draft.Piece(by_key[one.article.key], one.section.block, one.section.name) for one in picks]
    one = new(pieces, letter="The quay")
    assert issue.parse(issue.write(one, said="en"), slug="2025-06", language="en") == one
    kinds = [type(each) for each in one.blocks]
    assert kinds == [Prose, Lead, Quote, Prose, Quote, Cta, Story, Story, Story]
    assert [row for each in one.blocks for row in blocktext.body(each).split("\n") if row.startswith("## ")] == [
        f"## {title}"
        for title in (
            articles[0].title,
            page.split("\n")[8],
            page.split("\n")[14],
            *(other.title for other in articles[1:]),
        )
    ]
    assert one.blocks[5].href == ""
    paragraphs = {line.strip() for line in page.split("\n") if len(line) > 200}
    said = "\n".join(block.text_of(blocktext.body(each).split("\n")) for each in one.blocks)
    assert all(paragraph in said for paragraph in paragraphs if not paragraph.startswith("-"))


def test_an_event_and_nothing_more_is_told_once_and_one_that_is_pinned_says_when_it_is() -> None:
    row = "2025-06-20 08:30 | Breakfast | Main hall | https://p.example/e"
    one = an(title="Breakfast", url="https://p.example/e", text=f"::: events\n- {row}\n:::", summary=row)
    [events] = block.parse(one.text.split("\n"), one.key)
    made = draft.issue(
        picked(one), slug="2025-06", language="en", letter="L", mailing_list="", say=str, events=events
    )
    assert [type(each) for each in made.blocks] == [Prose, Events]
    assert made.preheader == "Breakfast."
    assert new([*picked(one), *picked(one)]).preheader == "Breakfast."
    assert draft.blocks(one, "story", "Read on", "en")[0].text == "2025-06-20 08:30, Main hall"
    both = draft.issue(
        picked(an(), one), slug="2025-06", language="en", letter="L", mailing_list="", say=str, events=events
    )
    assert isinstance(both.blocks[1], Lead)
