"""Laws of pages of text that are lists: of news, of events, of what one has written. Each story is an article."""

import pytest

from newsletter.model import RawItem
from newsletter.reading.texts import textpage

STORIES = (
    ("An arm that mends satellites is sold", "Orbit Tools has sold two of its small arms to a firm in Norrvik."),
    ("Four villages bake through the night", "Bakers from the coast filled the square before it opened at eight."),
    ("New ferry waits for its captain", "The boat lies at the pier since May and nobody has the right papers."),
)
TEXTS = dict(STORIES)


def read(page: str) -> tuple[RawItem, ...]:
    return textpage.parse(page, "page")


def listed(form: str, stories: tuple[tuple[str, str], ...] = STORIES) -> str:
    return "\n\n".join(form.format(title=title, text=text, day=n + 11) for n, (title, text) in enumerate(stories))


def told(items: tuple[RawItem, ...]) -> dict[str, str]:
    return {one.title: one.text for one in items}


@pytest.mark.parametrize(
    "name",
    [
        "Nyheter och pressmeddelanden",
        "Association News",
        "Press releases",
        "Nyheter fra 2011",
        "Stikkord: havn",
        "Etikett: hamn",
        "Inlägg av Ida Strand",
        "Kategori: Boats and quays",
    ],
)
@pytest.mark.parametrize("intro", ["", "Here you find what the park has told the papers since the spring.\n\n"])
def test_a_page_that_is_called_as_lists_are_is_its_stories_and_what_it_says_of_itself_is_none(
    name: str, intro: str
) -> None:
    assert told(read(f"{name}\n\n{intro}{listed(f'{{title}}{chr(10) * 2}{{text}}')}\n")) == TEXTS


@pytest.mark.parametrize(
    "name", ["Our harbour", "Hamnen", "Ida Strand", "Three evenings on the quay in May", "Tag der offenen Tür"]
)
def test_the_sections_of_a_page_that_is_called_otherwise_stay_together(name: str) -> None:
    sections = tuple(zip(("History", "The boats", "Who we are"), TEXTS.values(), strict=True))
    [one] = read(f"{name}\n\n{listed(f'{{title}}{chr(10) * 2}{{text}}', sections)}\n")
    assert one.text.count("## ") == 3


def test_stories_that_a_program_cut_short_are_articles_under_a_few_words_too() -> None:
    cut = tuple((title, f"{text} It has been so for years.\n\nNow the board{'.' * 3}") for title, text in STORIES)
    items = read(f"From the coast\n\n{listed(f'{{title}}{chr(10) * 2}{{text}}', cut)}\n")
    assert [one.title for one in items] == list(TEXTS)


@pytest.mark.parametrize("gap", ["\n\n", "\n\n\n", "\n\n  A harbour in May.\n\n"])
def test_a_story_of_a_list_may_have_any_lines_between_its_bullet_and_its_text(gap: str) -> None:
    items = read(f"News\n\n{listed(f' • {{title}}{gap}   {{text}}{chr(10) * 2}   Read more')}\n")
    assert [one.title for one in items] == list(TEXTS)
    assert all(text in one.text and not one.tags for one, text in zip(items, TEXTS.values(), strict=True))


@pytest.mark.parametrize("above", ["{day} May 2025", "Monday, May {day}, 2025", "{day} May 2025\n\nHarbour"])
@pytest.mark.parametrize("name", ["", "Events & News\n\n", "What happens here\n\n"])
def test_the_day_above_each_title_is_of_the_story_under_it(name: str, above: str) -> None:
    items = read(f"{name}{listed(f'{above}{chr(10) * 2}{{title}}{chr(10) * 2}{{text}}')}\n")
    assert [(one.title, one.published and one.published.day) for one in items] == list(
        zip(TEXTS, (11, 12, 13), strict=True)
    )


def test_the_day_under_the_text_of_each_story_is_of_that_story() -> None:
    items = read(f"News\n\n{listed(f'{{title}}{chr(10) * 2}{{text}}{chr(10) * 2}{{day}} May 2025')}\n")
    assert [(one.title, one.published and one.published.day) for one in items] == list(
        zip(TEXTS, (11, 12, 13), strict=True)
    )


def test_a_line_over_each_of_the_titles_is_where_they_are_filed() -> None:
    items = read(f"{listed(f'Harbour{chr(10) * 2}{{title}}{chr(10) * 2}{{text}}')}\n")
    assert told(items) == TEXTS
    assert {one.tags for one in items[1:]} == {("Harbour",)}
    items = read(
        f"{listed(f'Kinds of event{chr(10)}• Boats{chr(10)}• Bread{chr(10) * 2}{{title}}{chr(10) * 2}{{text}}')}\n"
    )
    assert told(items) == TEXTS
    assert {one.tags for one in items} == {("Boats", "Bread")}


def test_a_heading_that_stands_over_the_text_of_several_sections_stays_one() -> None:
    decided = "\n\n".join(f"{text}\n\nThe board decides\n\n{text[::-1].capitalize()}." for text in TEXTS.values())
    [one] = read(f"What was decided on the quay in the first days of May\n\n{decided}\n")
    assert one.text.count("## The board decides") == 3


def test_what_leads_on_and_the_title_of_the_next_story_have_written_nothing() -> None:
    story = "An Arm\n\n12 May 2025\n\nOrbit Tools has sold two of its small arms to a firm in Norrvik."
    for line in ("Weitere Informationen…", "Boat Days\n\n8:00 PM – Great Hall, Harbour House"):
        assert {one.author for one in read(f"{story}\n\n{line}\n")} == {""}
    under = f"Author Archive\n\nA boat – and its quay\n\n12 May 2025\n\n{STORIES[1][1]}"
    page = f"News\n\nAll Boats\n\n{STORIES[0][1]}\n\n{under}"
    assert {one.author for one in read(page)} == {""}


def days(items: tuple[RawItem, ...]) -> list[int | None]:
    return [one.published.day if one.published else None for one in items]


CUT = tuple(
    (title, f"{text} It has been so for years, and now the board has sent a letter to the")
    for title, text in STORIES
)


@pytest.mark.parametrize(
    "end", ["", "...", "… Read more", " […] Continue reading “A quay for the whole town”", "…\n\nLäs mer"]
)
@pytest.mark.parametrize("over", ["", "Skribent\n\n"])
@pytest.mark.parametrize("name", ["", "Aktuellt\n\nHere you find what the park has told.\n\n"])
def test_paragraphs_that_a_program_cut_are_articles_without_titles_too(name: str, over: str, end: str) -> None:
    items = read(f"{name}{listed(f'{over}{{text}}{end}', CUT)}\n")
    assert [one.title for one in items] == [text.removesuffix(".") for text in TEXTS.values()]
    assert not any("Read more" in one.text or "Continue" in one.text for one in items)


def test_paragraphs_with_the_day_of_each_over_or_under_it_are_articles() -> None:
    for form in ("Published {day} May 2025\n\n{text}", "{text}\n\nPublished on: 2025-05-{day}"):
        long = tuple((title, f"{text} It has been so for years.") for title, text in STORIES)
        items = read(f"News of 2025\n\n{listed(form, long)}\n")
        assert ([one.title for one in items], days(items)) == (
            [text.removesuffix(".") for text in TEXTS.values()],
            [11, 12, 13],
        )


def test_an_article_whose_last_paragraph_was_cut_is_one() -> None:
    first, *_, last = (text for _, text in CUT)
    [one] = read(f"A quay for the whole town\n\n{first} board.\n\n{STORIES[1][1]} It has been so.\n\n{last}\n")
    assert one.title == "A quay for the whole town"


@pytest.mark.parametrize(
    "button",
    [
        "Läs hela nyheten här",
        "Läs hela artikeln i Norrviks Blad",
        "Läs utredningen",
        "Länk till programmet",
        "Hela programmet finns att läsa här",
        "Read the full story",
        "Lue lisää",
        "Lees verder",
    ],
)
def test_what_leads_on_and_does_not_say_where_is_neither_heading_nor_button(button: str) -> None:
    text = "\n\n".join(TEXTS.values())
    assert [one.text for one in read(f"A quay for the whole town\n\n{text}\n\n{button}\n")] == [text]
    assert button not in read(f"A quay for the whole town\n\n{text}\n\n{button}\n\nThe boats\n\n{text}\n")[0].text


def test_what_leads_on_and_says_where_is_a_button() -> None:
    [one] = read(f"A quay for the whole town\n\n{STORIES[0][1]}\n\nRead more: https://example.org/quay\n")
    assert one.url == "https://example.org/quay"
    told = (
        "It was sold in May to three firms, by the people who made it. Read more about the arm at Norrvik Library."
    )
    [one] = read(f"A quay for the whole town\n\n{STORIES[0][1]}\n\n{told}\n")
    assert "Read more about the arm at Norrvik Library" in one.text


def test_what_a_list_says_of_itself_at_length_is_no_story_of_it() -> None:
    intro = "Here you find everything that the park has told the papers since the first house stood on the hill."
    items = read(f"Aktuellt\n\n{intro}\n\n{listed(f'Skribent{chr(10) * 2}{{text}}', CUT)}\n")
    assert [one.title for one in items] == [text.removesuffix(".") for text in TEXTS.values()]


def test_a_heading_over_each_of_several_texts_is_the_title_of_none() -> None:
    whole = tuple((title, f"{text} It has been so for years.") for title, text in STORIES)
    items = read(f"Aktuellt\n\n{listed(f'Skribent{chr(10) * 2}{{text}}', whole)}\n")
    assert "Skribent" not in {one.title for one in items}


def test_a_story_of_a_list_with_days_may_open_with_what_somebody_says() -> None:
    said = (
        (
            "",
            "– We mend what others leave, and have done so for years without anybody who noticed it, says Ida Ek.",
        ),
        *CUT[1:],
    )
    form = "Published {day} May 2025 13:45\n\n{text} board."
    items = read(f"Nyheter\n\n{listed(form, said)}\n")
    assert days(items) == [11, 12, 13]
