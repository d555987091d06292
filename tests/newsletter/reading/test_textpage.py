"""Laws of reading a plain-text page. Pages of many kinds lie in tests/data/pages, each with what it says."""

import json
import re
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter import article as articles
from newsletter.errors import SourceError
from newsletter.issuefile.blocks import fence
from newsletter.model import RawItem, Source
from newsletter.personal import BRACES
from newsletter.reading import document
from newsletter.reading.charset import decode
from newsletter.reading.texts import oneline, textpage
from newsletter.reading.words import dates, furniture
from tests.effort import assert_grows_alone

NOW = datetime(2025, 5, 10, 9, 0, tzinfo=UTC)
PAGES = Path(__file__).parents[2] / "data" / "pages"


@dataclass
class Parts:
    """An article's text taken apart by the issue's own reader of blocks."""

    headings: list[str]
    quotes: list[tuple[str, str]]
    ctas: list[tuple[str, str, str]]
    events: list[str]


def parts(item: RawItem) -> Parts:
    found = Parts(re.findall(r"^## (.*)$", item.text, re.MULTILINE), [], [], [])
    for block in fence.scan(item.text.split("\n"), "article"):
        words = "\n".join(block.rows).strip()
        if block.kind == "quote":
            found.quotes.append((words, block.attributes["by"] or ""))
        elif block.kind == "cta":
            found.ctas.append((words, block.attributes["label"] or "", block.attributes["href"] or ""))
        elif block.kind == "events":
            found.events += (row.removeprefix("- ") for row in block.rows if row.strip())
    return found


def read(name: str) -> tuple[RawItem, ...]:
    return textpage.parse(decode((PAGES / f"{name}.txt").read_bytes()), "page", where=f"{name}.txt")


def article_of(item: RawItem) -> RawItem:
    """Return *item* with its text and summary as they stand in the pool."""
    made = articles.normalize(item, NOW)
    return replace(item, text=made.text, summary=made.summary)


@pytest.mark.parametrize(
    "path", sorted(PAGES.glob("*.txt")) + sorted(PAGES.glob("*.html")), ids=lambda one: one.name
)
def test_a_page_says_what_stands_beside_it(path: Path) -> None:
    wanted = json.loads((path.parent / f"{path.name.removesuffix('.txt')}.json").read_text(encoding="utf-8"))
    page = Source("page", "page", path.name)
    url = f"https://park.example.org/{path.stem}" if path.suffix == ".html" else ""
    read_ = document.read(path.read_bytes(), page, kind=path.suffix, where=path.name, url=url)
    items = tuple(map(article_of, read_))
    assert [item.title for item in items] == [article["title"] for article in wanted["articles"]]
    for item, article in zip(items, wanted["articles"], strict=True):
        holds(item, article)
        for words in wanted.get("absent", []):
            assert words not in item.text


def holds(item: RawItem, article: dict[str, object]) -> None:
    found = parts(item)
    for field in ("language", "author", "url"):
        assert getattr(item, field) == article.get(field, getattr(item, field))
    if "published" in article:
        assert item.published
        assert item.published.date().isoformat() == article["published"]
    assert list(item.tags) == article.get("tags", list(item.tags))
    assert found.headings == article.get("headings", found.headings)
    assert [list(one) for one in found.ctas] == article.get("ctas", [list(one) for one in found.ctas])
    assert found.events == article.get("events", found.events)
    quotes = article.get("quotes")
    if quotes is not None:
        assert [by for _, by in found.quotes] == [by for _, by in quotes]
        for (said, _), (start, _) in zip(found.quotes, quotes, strict=True):
            assert said.startswith(start)
    for words in article.get("lacks", []):
        assert words not in f"{item.text}\n{item.summary}"
    for words in article.get("holds", []):
        assert words in item.text


def test_the_real_page_is_one_article_and_three_teasers(seed_page: Path) -> None:
    lead, *teasers = textpage.parse(decode(seed_page.read_bytes()), "seed")
    found = parts(lead)
    assert len(found.headings) == 2
    assert [by.partition(",")[0] for _, by in found.quotes] == ["Johan Bornebusch", "Johan Bornebusch"]
    assert [bool(by.partition(",")[2]) for _, by in found.quotes] == [True, False]
    [(text, label, href)] = found.ctas
    assert text.endswith("?")
    assert label.startswith("Visit")
    assert href == ""
    assert len(teasers) == 3
    assert all(len(teaser.text.split("\n\n")) == 1 for teaser in teasers)
    whole = "".join(item.text for item in (lead, *teasers))
    assert "Go to Top" not in whole
    assert "Högberg" in whole
    assert "they´re" in whole


def test_line_ends_and_encodings_change_nothing(seed_page: Path) -> None:
    text = decode(seed_page.read_bytes())
    same = textpage.parse(text, "seed")
    for other in (
        text.replace("\n", "\r\n").encode(),
        ("\ufeff" + text).encode(),
        text.encode("utf-16"),
        text.encode("cp1252"),
        text.replace("\n\n", "\n").encode(),
        text.replace("\n\n", "\n\n\n\n").encode(),
        text.replace(" ", "\u00a0").encode(),
        text.replace("\n\n", "\r\r").encode(),
    ):
        assert textpage.parse(decode(other), "seed") == same


@pytest.mark.parametrize("text", ["", "   \n\n \t", "\ufeff", "\u200b\u200b\n"])
def test_an_empty_page_is_told(text: str) -> None:
    with pytest.raises(SourceError, match=r"page\.txt: this page is empty; save"):
        textpage.parse(text, "page", where="page.txt")


@pytest.mark.parametrize("data", [bytes(range(256)) * 4, b"\x00\x01\x02" * 100, b"\x7fELF" + b"\x00\x03\x90" * 50])
def test_rubbish_is_told(data: bytes) -> None:
    with pytest.raises(SourceError, match="this is not text"):
        textpage.parse(decode(data), "page", where="page.txt")


@pytest.mark.parametrize("text", ["Only a title", "Go to Top\n\nShare", "Title\n\nAnother title\n\nA third"])
def test_a_page_without_text_is_told(text: str) -> None:
    with pytest.raises(SourceError, match="here"):
        textpage.parse(text, "page")


@pytest.mark.parametrize(
    "notice",
    [
        "Home\nNews\n\n404\n\nPage not found\n\nWhat you look for is not here. Go home, or search for it.\n",
        "Sidan kunde inte hittas\n\nTyvärr är det du letar efter borta, eller så har det flyttat.\n",
        "403 Forbidden\n\nserver/1.18.0\n",
        "Just a moment...\n\nquay.example\n\nIs this safe\n\nIt takes a few seconds until we know.\n",
        "We value your privacy\n\nWe and 700 others store what you read here, and show you what you may buy.\n",
        "Site under maintenance\n\nWe are mending the quay page, and come back before the evening.\n",
        "Index of /news\n\nquay.html 2026-11-12 10:00 12K\n",
    ],
)
def test_what_a_site_shows_in_place_of_an_article_is_none(notice: str) -> None:
    with pytest.raises(
        SourceError, match=r"page\.txt: no article here, only a notice of its site; save the page's"
    ):
        textpage.parse(notice, "page", where="page.txt")


def test_an_article_may_be_called_as_a_notice_is() -> None:
    told = "The old lock at the end of the quay is closed all week, and boats have to wait outside of it."
    for notes in ("12 May 2025\n\n", "By Anna Holm\n\n"):
        [one] = textpage.parse(f"Maintenance\n\n{notes}{told}\n", "page")
        assert (one.title, one.text) == ("Maintenance", told)
    long = "\n\n".join(f"Boat {number}. {told}" for number in range(11))
    [one] = textpage.parse(f"Maintenance\n\n{long}\n", "page")
    assert one.title == "Maintenance"


def test_a_page_takes_no_longer_than_it_is_long() -> None:
    def read(count: int) -> None:
        sentences = "\n\n".join(f"Sentence number {n} goes on. It ends here." for n in range(count))
        [item] = textpage.parse(f"A title of some kind\n\n{sentences}", "page")
        assert item.text.endswith("It ends here.")

    assert_grows_alone(read, 2_400)


def test_one_long_line_becomes_an_article_with_a_title_from_its_first_sentence() -> None:
    [item] = textpage.parse("The tide table is now a song. " * 400, "page")
    assert item.title == "The tide table is now a song"


LINE = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=80)
HOSTILE = st.sampled_from(
    ["{{ name }}", "::: lead", ":::", "<b>", "# x", "- y", "“a,” says B C.", "– a, säger B.", "1. z"]
)


@settings(max_examples=200)
@given(st.lists(st.one_of(LINE, HOSTILE), min_size=1, max_size=12))
def test_no_page_opens_a_block_or_a_personal_field(lines: list[str]) -> None:
    try:
        items = textpage.parse("\n\n".join(lines), "page")
    except SourceError:
        return
    for item in items:
        assert not BRACES.search(item.text)
        kinds = {block.kind for block in fence.scan(item.text.split("\n"), "article")}
        assert kinds <= {"", "quote", "cta"}


def test_a_greeting_is_no_summary() -> None:
    [one] = read("members-en")
    assert articles.normalize(one, datetime(2026, 11, 27, tzinfo=UTC)).summary.startswith(
        "After a winter in the dock"
    )


def test_a_teaser_without_a_date_is_as_old_as_its_page() -> None:
    page = PAGES / "hall-sv.txt"
    lead, *teasers = textpage.parse(decode(page.read_bytes()), "page")
    assert len(teasers) == 2
    assert {one.published for one in teasers} == {lead.published}
    assert lead.published


@pytest.mark.parametrize("title", ["Nyhetsbrev november 2026", "Harbour News, June 2026", "What’s new? Issue 12"])
def test_the_name_of_a_letter_is_no_article_but_what_stands_under_it_is(title: str) -> None:
    page = (
        f"{title}\n\n12 November 2026\n\nA laboratory for the sea\n\n"
        "The ribbon of the laboratory was cut on Wednesday. Twenty people will work there.\n\n"
        "It opens in January.\n\nStudents build a drone\n\nThe drone counts seals from above.\n"
    )
    found = textpage.parse(page, "page")
    assert [one.title for one in found] == ["A laboratory for the sea", "Students build a drone"]
    assert {one.published for one in found} == {datetime(2026, 11, 12, 12, tzinfo=UTC)}


def dated(page: str) -> list[tuple[str, str, str]]:
    items = textpage.parse(page, "s")
    now = datetime(2026, 11, 28, tzinfo=UTC)
    found = [articles.normalize(item, now) for item in items]
    return [(one.title, f"{one.published:%Y-%m-%d}" if one.published else "", one.author) for one in found]


LONG = "Aldrig har så många simmat i simhallen som i år, och över hundratusen besök räknades redan i april."


@pytest.mark.parametrize(
    ("lines", "day", "author"),
    [
        ("12 maj", "2026-05-12", ""),
        ("Publicerad 12 december", "2025-12-12", ""),
        ("12 maj -25", "2025-05-12", ""),
        ("12 maj 2026\nText: Anna Holm", "2026-05-12", "Anna Holm"),
        ("12 maj 2026 Text: Anna Holm", "2026-05-12", "Anna Holm"),
        ("Av Anna Holm\n12 maj", "2026-05-12", "Anna Holm"),
        ("2026-05-12\nText & foto: Anna Holm", "2026-05-12", "Anna Holm"),
        ("Veröffentlicht am 12. Mai 2026 von Petra Vogt", "2026-05-12", "Petra Vogt"),
        ("Julkaistu 12.5.2026", "2026-05-12", ""),
        ("Publié le 12 mai 2026 à 10h15 par Anna Holm", "2026-05-12", "Anna Holm"),
        ("Tirsdag den 12. maj 2026 kl. 10.15", "2026-05-12", ""),
        ("Dienstag, 12. Mai 2026", "2026-05-12", ""),
        ("12 مايو 2026", "2026-05-12", ""),
    ],
)
def test_the_lines_under_a_title_say_when_and_by_whom(lines: str, day: str, author: str) -> None:
    page = f"Rekord i simhallen\n\n{lines}\n\n{LONG}\n"
    assert dated(page) == [("Rekord i simhallen", day, author)]
    assert textpage.parse(page, "s")[0].text == LONG


def test_a_day_without_a_year_is_near_to_when_the_page_was_changed() -> None:
    page = f"Rekord i simhallen\n\n12 maj\n\n{LONG}\n\nSenast uppdaterad: 14 maj 2024\n"
    assert dated(page) == [("Rekord i simhallen", "2024-05-12", "")]


def test_days_that_head_the_parts_of_a_text_stay() -> None:
    page = f"Resan\n\n12 maj\n\n{LONG}\n\n14 maj\n\n{LONG}\n"
    [one] = textpage.parse(page, "s")
    assert one.text == f"## 12 maj\n\n{LONG}\n\n## 14 maj\n\n{LONG}"


@pytest.mark.parametrize(
    "event",
    [
        "{title}\n{day} kl. 13.00–15.00\n{place}",
        "{title}\n{day}\n13.00–15.00, {place}",
        "{day}\n{title}\n13.00–15.00, {place}",
    ],
)
def test_events_on_several_lines_are_a_calendar(event: str) -> None:
    told = [("Öppet hus", "12 december", "Aulan"), ("Frukost: AI", "15 december", "Novum, entré B")]
    page = "Kalendarium\n\n" + "\n\n".join(event.format(title=t, day=d, place=p) for t, d, p in told) + "\n"
    [item] = textpage.parse(page, "s")
    assert articles.normalize(item, datetime(2026, 11, 28, tzinfo=UTC)).text == (
        "::: events\n- 2026-12-12 13:00–15:00 | Öppet hus | Aulan\n"
        "- 2026-12-15 13:00–15:00 | Frukost: AI | Novum, entré B\n:::"
    )


@pytest.mark.parametrize(
    "lines",
    ["12 december\nkl. 13.00\nAulan", "12 december 2026\n13.00, Aulan", "lördag 12 december\nkl 13\nAulan"],
)
def test_the_day_of_an_invitation_is_no_date_of_the_article(lines: str) -> None:
    [item] = textpage.parse(f"Välkommen på öppet hus\n\n{lines}\n\n{LONG}\n", "s")
    one = articles.normalize(item, datetime(2026, 11, 28, tzinfo=UTC))
    assert one.title == "Välkommen på öppet hus"
    assert one.text == f"::: events\n- 2026-12-12 13:00 | Välkommen på öppet hus | Aulan\n:::\n\n{LONG}"
    assert item.published is None


def test_titles_that_each_have_a_day_under_them_are_articles() -> None:
    page = f"Ny order\n3 nov\n{LONG}\n\nNy chef\n28 okt\n{LONG}\n\nVi flyttar\n12 okt\n{LONG}\n"
    assert dated(page) == [
        ("Ny order", "2026-11-03", ""),
        ("Ny chef", "2026-10-28", ""),
        ("Vi flyttar", "2026-10-12", ""),
    ]


def test_a_day_between_two_paragraphs_heads_the_second() -> None:
    [one] = textpage.parse(f"Kvarnen\n\n{LONG}\n\n12 maj 1945\n\n{LONG}\n", "s")
    assert one.text == f"{LONG}\n\n## 12 maj 1945\n\n{LONG}"


def test_a_letter_called_greetings_is_not_closed_by_its_title() -> None:
    [one] = textpage.parse(f"Greetings from the harbour\n\n{LONG}\n", "s")
    assert (one.title, one.text) == ("Greetings from the harbour", LONG)


def test_a_list_of_thousands_of_short_lines_is_read_in_seconds() -> None:
    rows = "\n".join(f"[{n}]Rubrik nummer {n}" for n in range(1, 6000))
    addresses = "\n".join(f"  {n}. https://park.example.org/{n}" for n in range(1, 6000))
    started = time.process_time()
    with pytest.raises(SourceError):
        textpage.parse(f"{rows}\n\nReferences\n\n{addresses}\n", "page")
    assert time.process_time() - started < 12


def test_a_number_in_brackets_stays_where_no_list_of_addresses_is() -> None:
    [item] = textpage.parse(
        f"Ny rapport\n\nSe [1] om labbet i hamnen, som öppnar i maj. {'Det blir bra. ' * 4}", "page"
    )
    assert "\\[1\\]" in item.text


def test_a_row_of_a_table_is_no_date_of_the_article() -> None:
    rows = "| 15 maj 2027 | Sista dag |\n| 1 juni 2027 | Besked |"
    page = f"Utlysning\n\nSök senast den dag som står här nedan i listan.\n\n{rows}"
    [item] = textpage.parse(page, "page")
    assert item.published is None
    assert "Sista dag" in item.text


def test_a_list_of_sources_that_somebody_wrote_stays() -> None:
    text = "Ny rapport\n\nLabbet är störst i landet[1] och öppnar i maj[2], enligt kommunen. Det blir bra.\n\n"
    text += "Källor\n\n 1. https://park.example.org/a\n 2. https://park.example.org/b\n"
    [item] = textpage.parse(text, "page")
    assert "\\[1\\]" in item.text
    assert "park.example.org/b" in item.text


def test_the_title_of_a_page_stands_under_its_long_menu() -> None:
    menu = "\n".join(f"   * {words}" for words in [*"abcdefghijkl", "Home", "News", "Contact", "Events"])
    page = f"   #[1]alternate\n\n   Saved stories can be seen when you visit your page.\n{menu}\n   Business\n\n"
    page += f"A park gets its own railway station\n\n12 October 2026\n\n{'The trains begin to run in May. ' * 8}\n"
    [item] = textpage.parse(page, "page")
    assert item.title == "A park gets its own railway station"


SAID = "For the first time a whole fishing boat stands inside the museum. It took nine days to bring it in.\n\n"
#: What a browser copies: the points of a menu are lines, and nothing stands between them.
COPIED = {
    "long": (
        "Skip to content\nHarbour Museum\nVisit\nShop\nLearn\nLog in\nStories\nThe sea comes indoors\n"
        "By Hanna Wik, 21 May 2025\n"
    ),
    "again": (
        "Lyssna\nSök\nEkeby kommun\nBarn och utbildning\nBygga, bo och miljö\nUppleva och göra\nStart\n"
        "Nyheter\nThe sea comes indoors\nThe sea comes indoors\n"
    ),
    "crumbs": (
        "Deutsch\nInstitute of the Sea\nInstitute\nStudy\nVisit\n"
        "You are here: Home > News > The sea comes indoors\n11.09.2025 | Press release\n"
        "The sea comes indoors\n"
    ),
    "nav": "Nav: Home\nThe sea comes indoors\nMay 21, 2025\n",
    "under": (
        "Erbjudande\nVåra bolag\nAktuellt\nOm oss\nIn English\nAktuellt / Intervju\n"
        "The sea comes indoors\nFive words stand below it\n21 May 2025\n"
    ),
    "told": (
        "Harbour Hub\nEstablish\nEstablish here\nFind labs and offices for your company.\nLabs\n"
        "Offices\nGrow\nGrow with us\nNEWS\n21 May 2025\nThe sea comes indoors\n"
    ),
    "counted": (
        "Harbour Hub\nAbout\nMembers\nJournal\nBook a desk\n0\nMEMBERS\nAPR 3\nThe sea comes indoors\nApr 3\n"
        "Written by Ida Moe\n"
    ),
}


@pytest.mark.parametrize("above", COPIED)
def test_a_title_stands_under_the_menu_that_a_browser_copied(above: str) -> None:
    [item] = textpage.parse(f"{COPIED[above]}\n{SAID}Built in 1911\n\n{SAID}", "page")
    assert item.title == "The sea comes indoors"
    assert item.text.startswith(("For the first", "## Five"))
    assert "Book" not in item.text
    assert "Apr" not in item.text


def test_the_short_title_of_a_menu_that_a_browser_copied_is_that_with_the_day() -> None:
    above = (
        "Skip to content\nHarbour Museum\nVisit\nShop\nLearn\nStories\nSea indoors\nBy Hanna Wik, 21 May 2025\n"
    )
    [item] = textpage.parse(f"{above}\n{SAID}", "page")
    assert (item.title, item.author) == ("Sea indoors", "Hanna Wik")


def test_lines_of_chinese_and_a_list_of_words_are_no_menu() -> None:
    chinese = [
        "港口博物馆新展览开幕",
        "海港博物馆首次在室内展出一整艘渔船" * 3,
        "渔船",
        *["馆长说我们量了四次还是很紧张" * 4] * 6,
    ]
    [item] = textpage.parse("\n\n".join([*chinese, "展览将持续到明年春天。" * 14]), "page")
    assert item.title == chinese[0]
    words = "\n".join(["Oak", "Elm", "Ash", "Lime", "Pine", "Fir", "Trees of the park by number"])
    [item] = textpage.parse(f"{words}\n\n{SAID}", "page")
    assert item.title == "Oak"


def test_a_title_that_comes_first_stays_above_short_lines() -> None:
    page = "A week for everybody in the park\n\nMonday\n\nBoats\n\nTuesday\n\nTrees\n\nWednesday\n\nStones\n\n"
    [item] = textpage.parse(f"{page}And then a longer line of five\n\n{SAID}", "page")
    assert item.title == "A week for everybody in the park"
    assert "## Boats" in item.text


ANSWERED = {
    "wordpress": (
        "2 thoughts on “Three startups to watch”\n\nBo\n3 May 2025 at 8:14 am\n\n{0}\n\nReply\n"
        "Leave a Comment Cancel Reply\n\nRequired fields are marked *\n\nType here..\n"
    ),
    "swedish": (
        "Kommentarer\n2 svar på ”Tre bolag”\nLisa\n13 juni 2025\n\n{0}\n\nSvara\n"
        "Lämna ett svar Avbryt svar\n\nObligatoriska fält är märkta *\n"
    ),
    "counted": "3 kommentarer\n\nLisa\n\n{0}\n\nLämna en kommentar\n\nNamn *\n\nE-post *\n",
    "drupal": (
        "Comments\nAnonymous (not verified)\n3 days ago\nLovely\n\n{0}\n\nReply\nAdd new comment\n"
        "Your name\nSubject\nComment\n"
    ),
    "below": "Leave a Reply\n\nName *\n\nLisa says:\n\n{0}\n",
}


@pytest.mark.parametrize("below", ANSWERED)
def test_what_readers_answered_is_no_part_of_the_article(below: str) -> None:
    answer = "My grandfather sailed on her, and I still have the letters that he wrote on board."
    page = f"The sea comes indoors\n\n{SAID}Built in 1911\n\n{SAID}" + ANSWERED[below].format(answer)
    items = textpage.parse(
        f"{page}\nMore news\n\nMuseum gets a roof\n\nThe work begins in May and ends in June.\n", "page"
    )
    assert [item.title for item in items] == ["The sea comes indoors", "Museum gets a roof"]
    assert "grandfather" not in items[0].text + items[1].text
    assert items[0].text.endswith("bring it in.")


@pytest.mark.parametrize(
    ("line", "day", "author", "tags"),
    [
        (
            "2 Comments / News, Startups / By Nora Quist / May 2, 2025",
            "2025-05-02",
            "Nora Quist",
            ("News", "Startups"),
        ),
        ("Lämna en kommentar / Båtar / Av Nora Quist", "", "Nora Quist", ("Båtar",)),
        ("12 juni 2025\nav Nora Quist\ni Nyheter", "2025-06-12", "Nora Quist", ("Nyheter",)),
        ("Detaljer\nSkriven av: Nora Quist\nKategori: Nyheter\nTräffar: 412", "", "Nora Quist", ("Nyheter",)),
        ("Publicerad 25-06-12", "2025-06-12", "", ()),
        ("25-06-12", "2025-06-12", "", ()),
    ],
)
def test_the_line_of_a_theme_tells_who_wrote_and_when(
    line: str, day: str, author: str, tags: tuple[str, ...]
) -> None:
    said = (
        "I dag öppnar det nya labbet i parken, och det är det största i landet. Alla är välkomna att se det.\n\n"
    )
    [item] = textpage.parse(f"Ett labb för alla\n{line}\n\n{said}{said}", "page")
    told = item.published.date().isoformat() if item.published else ""
    assert (told, item.author, item.tags) == (day, author, tags)
    assert item.text.startswith("I dag öppnar")


def test_only_a_swede_writes_the_year_first_and_short() -> None:
    [item] = textpage.parse(f"The sea comes indoors\n25-06-12\n\n{SAID}", "page")
    assert item.published is None


def test_titles_of_others_without_a_text_are_no_sections() -> None:
    others = "Related Posts\nMuseum gets a roof\nMay 30th, 2025\nBoats for all\nJune 1st, 2025\n"
    page = f"The sea comes indoors\n\n{SAID}{others}"
    [item] = textpage.parse(f"{page}©2025 Harbour Museum\n", "page")
    assert (item.text, item.published) == (SAID.strip(), None)


def test_the_links_of_markdown_in_a_text_stay_links() -> None:
    page = f"The sea comes indoors\n\n{SAID}Do you want to come? [Book a tour](https://a.example/tour)\n\n"
    page += (
        "Read more in [the report](https://a.example/r), which came in May.\n\n[Sign up](https://a.example/join)\n"
    )
    [item] = textpage.parse(page, "page")
    found = [
        ("Do you want to come?", "Book a tour", "https://a.example/tour"),
        ("", "Sign up", "https://a.example/join"),
    ]
    assert parts(item).ctas == found
    assert "\n\nRead more in [the report](https://a.example/r), which" in item.text


@pytest.mark.parametrize("end", ["säger Yasmin Tal och skrattar", "säger Yasmin Tal med ett leende"])
def test_what_a_speaker_does_meanwhile_is_no_part_of_the_name(end: str) -> None:
    [item] = textpage.parse(f"The sea comes indoors\n\n{SAID}– Så vi byggde ett eget, {end}.\n", "page")
    assert parts(item).quotes == [("Så vi byggde ett eget.", "Yasmin Tal")]


@pytest.mark.parametrize(
    ("above", "headings", "points"),
    [
        ("I huset finns:\n", [], ["Kontor", "Två våtlabb", "Kafé"]),
        ("Fakta: Huset\n", ["Fakta: Huset"], ["Kontor", "Två våtlabb", "Kafé"]),
        ("Det nya huset\nPlan ett\n", ["Det nya huset", "Kafé"], ["Plan ett", "Kontor", "Två våtlabb"]),
    ],
)
def test_a_list_that_a_browser_copied_is_a_list(above: str, headings: list[str], points: list[str]) -> None:
    page = f"The sea comes indoors\n\n{SAID}{above}Kontor\nTvå våtlabb\nKafé\n\n{SAID}"
    [item] = textpage.parse(page, "page")
    assert parts(item).headings == headings
    assert "\n\n" + "\n".join(f"- {point}" for point in points) + "\n\n" in item.text


def test_a_heading_and_the_one_under_it_stay() -> None:
    page = f"The sea comes indoors\n\n{SAID}The house\n\nFloor one\n\n{SAID}Floor two\n\n{SAID}"
    [item] = textpage.parse(page, "page")
    assert parts(item).headings == ["The house", "Floor one", "Floor two"]


def test_a_button_that_stands_twice_is_one_and_likes_are_no_article() -> None:
    likes = "Latest posts\nA day of demos\n40\n0\nHow to find money\n31\n0\n"
    page = f"The sea comes indoors\n\nRegister now\n\n{SAID}{SAID}Register now\n\n{likes}"
    [item] = textpage.parse(page, "page")
    assert (parts(item).headings, parts(item).ctas) == ([], [("", "Register now", "")])


def test_an_article_may_speak_of_responses_and_comments() -> None:
    page = f"The sea comes indoors\n\n{SAID}Two responses to the storm\n\n{SAID}Comments\n\n{SAID}"
    [item] = textpage.parse(page, "page")
    assert item.text.count("For the first time") == 3


def test_a_programme_above_its_text_keeps_its_title() -> None:
    rows = "\n".join(f"* {hour}.00 Pass {hour}" for hour in range(8, 22))
    page = f"Höstens stora konferensdag i parken\n\nHome\n\nNews\n\nContact\n\n{rows}\n\nOm dagen\n\n"
    page += "Alla är välkomna. " * 10
    assert textpage.parse(page, "page")[0].title == "Höstens stora konferensdag i parken"


def test_what_a_documentation_program_adds_is_no_text() -> None:
    page = f"A new laboratory[6]¶\n\n{'It opens in May. ' * 6}\n\nHow to book[7]¶\n\n"
    page += "Write to the park, by letter or by mail.\n\n"
    page += "Previous: [8]Three companies share the prize\n\nReferences\n\n"
    page += "\n".join(f" {n}. https://park.example.org/lab#{n}" for n in range(1, 9))
    [item] = textpage.parse(f"[1]Home\n\n{page}\n", "page")
    assert (item.title, item.url) == ("A new laboratory", "https://park.example.org/lab")
    assert "## How to book\n" in item.text
    assert "prize" not in item.text


@pytest.mark.parametrize(
    ("above", "title"), [("Hem Om oss", "Nytt labb"), ("Home About us", "A new lab"), ("", "Start for the lab")]
)
def test_a_menu_of_two_points_is_no_title(above: str, title: str) -> None:
    page = f"{above}\n\n{title}\n\n{'It took twenty people and three months, and is seen from this week. ' * 3}"
    [one] = document.read(page.encode(), Source("page", "page", "x"), kind=".txt", where="page")
    assert (one.title, one.text.count("It took")) == (title, 3)


def test_a_page_on_which_the_same_person_says_everything_is_read_in_time() -> None:
    said = "\n\n".join(["– Vi växer och har det bra här, säger Berg."] * 3000)
    started = time.perf_counter()
    [item] = textpage.parse(f"Hamnen\n\nAnna Berg leder hamnen, och hon har mycket att säga.\n\n{said}", "page")
    assert time.perf_counter() - started < 20
    assert {by for _, by in parts(item).quotes} == {"Anna Berg"}


TEXT = "It took twenty people and three months, and is seen from this week on by whoever comes. " * 3


def test_the_name_of_a_page_above_its_menu_ends_with_its_site() -> None:
    menu = "\n\n".join(["Norrvik Park", "Meet us here", "Rooms", "Labs", "Our people", "Community Videos"])
    page = f"A new quay for all | Norrvik Park\n\n{menu}\n\nA new quay for all\n\n12 May 2025\n\n{TEXT}"
    [one] = textpage.parse(page, "page")
    assert (one.title, one.text.partition(".")[0]) == ("A new quay for all", TEXT.partition(".")[0])
    assert one.published == datetime(2025, 5, 12, 12, tzinfo=UTC)


def test_a_section_may_be_called_as_the_title_begins() -> None:
    page = f"A new quay – for whom it was built\n\n{TEXT}\n\nA new quay\n\n{TEXT}"
    [one] = textpage.parse(page, "page")
    assert (one.title, one.text.count("It took")) == ("A new quay – for whom it was built", 6)


def test_a_menu_that_is_a_list_is_no_text_wherever_it_stands() -> None:
    menu = "\n".join(f"* {words}" for words in ["Home", "About us", "The harbour", "Contact", "Privacy policy"])
    kept = "* Oak\n* Ash\n* Elm\n* Home\n* Lime"
    page = f"A new quay for all\n\n{menu}\n\n{TEXT}\n\n{kept}\n\n{TEXT}\n\n{menu}\n"
    [one] = textpage.parse(page, "page")
    assert "harbour" not in one.text
    assert "- Elm\n- Home\n- Lime" in one.text


@pytest.mark.parametrize(
    "above",
    [
        "Newer Post Older Post Home",
        "Mo Tu We Th Fr Sa Su",
        "Må Ti On To Fr Lö Sö",
        "Home Blog A new quay for all",
        "På den här webbplatsen används cookies för att den ska fungera. Läs om dem.",
    ],
)
def test_what_a_page_shows_above_its_title_is_none(above: str) -> None:
    [one] = textpage.parse(f"{above}\n\nA new quay for all\n\n{TEXT}", "page")
    assert (one.title, one.text.count("##")) == ("A new quay for all", 0)


def test_the_links_under_a_post_are_no_writer() -> None:
    [one] = textpage.parse(f"A new quay for all\n\n{TEXT}\n\nNeuerer Post Älterer Post Startseite\n", "page")
    assert one.author == ""


@pytest.mark.parametrize(
    "closing", ["Liebe Grüße", "Mit freundlichen Grüssen", "Med venlig hilsen", "Beste hilsen"]
)
def test_neighbours_sign_their_letters_too(closing: str) -> None:
    [one] = textpage.parse(f"A new quay for all\n\n{TEXT}\n\n{closing}\n\nAnna Holm\n", "page")
    assert (one.author, one.text.endswith(f"{closing}\\\nAnna Holm")) == ("Anna Holm", True)


@pytest.mark.parametrize(
    "line",
    [
        "June 3, 2026 · 4 min · 812 words · Anna Holm | Suggest Changes",
        "Av Anna Holm | 3 juni 2026 | 4 min",
        "3 June 2026 · Anna Holm",
    ],
)
def test_a_line_in_parts_under_a_title_tells_day_and_writer(line: str) -> None:
    [one] = textpage.parse(f"A new quay for all\n\n{line}\n\nTable of Contents\n\n{TEXT}", "page")
    assert one.published
    assert (one.published.date().isoformat(), one.author, one.tags) == ("2026-06-03", "Anna Holm", ())
    assert one.text == TEXT.strip()


def test_a_question_after_an_address_alone_is_read() -> None:
    [one] = textpage.parse(f"A new quay for all\n\n{TEXT}\n\nexample.org Insider more?\n", "page")
    assert "example.org Insider more?" in one.text


@pytest.mark.parametrize(
    ("points", "kept"),
    [
        (("Home", "About us", "Harbour prices", "Contact", "Search"), False),
        (("Home", "Contact", "Two new cranes", "A slip for forty boats", "Water on all piers"), True),
    ],
)
def test_a_list_of_which_several_points_are_words_of_a_menu_is_no_text(
    points: tuple[str, ...], kept: bool
) -> None:
    listed = "".join(f"- {point}\n" for point in points)
    [one] = textpage.parse(f"A new quay for all\n\n{TEXT}\n\n{listed}\n{TEXT.replace('quay', 'pier')}", "page")
    assert (points[2] in one.text) is kept
    assert one.text.endswith(TEXT.replace("quay", "pier").strip())


def test_what_a_line_is_is_found_out_once_however_many_ask() -> None:
    lines = [f"Quay number {number} opens on {number % 28 + 1} May 2025, and is of oak." for number in range(300)]
    for asked in (dates.line, furniture.is_navigation, oneline.aside):
        asked.cache_clear()
        textpage.parse("\n\n".join(("A quay for the whole town", *lines)), "page")
        assert asked.cache_info().misses < 3 * len(lines)
