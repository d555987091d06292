"""Laws of how a letter is set: what stays on one line, where a picture stands, and what is drawn only once."""

import re
from pathlib import Path

import pytest

from newsletter import issue, render
from newsletter.model import Picture, Story
from newsletter.rendering import prose
from tests.pictures import browser, png
from tests.samples import LETTER, VALUES, an_issue, rendered

THEMES = ("letter", "plain")


def letter(blocks: str, look: str, language: str = "en") -> str:
    """Return the HTML of a letter of *blocks*."""
    one = issue.parse(f"---\nsubject: June\n---\n{blocks}", slug="1", language=language, zone=LETTER.timezone)
    return render.fill(rendered(one, look=look, assets_url=""), VALUES).html


@pytest.mark.parametrize(
    "whole", ["e-post", "E-Mail", "IT-chef", "5-åring", "covid-19", "08-123 45 67", "010-123 45 67", "2026-12-24"]
)
def test_no_line_breaks_at_a_hyphen_beside_a_letter_or_two_or_in_a_number(whole: str) -> None:
    kept = f'<span class="whole">{whole}</span>'
    for words in (f"({whole}).", f'"{whole}"', f"**{whole}**", f"[{whole}](https://bay.example.org/a-b)"):
        assert prose.html(words).count(kept) == 1
    assert kept in prose.inline(f"Skicka {whole}")
    assert re.search(r'<span class="whole" style="[^"]*white-space:nowrap', letter(f"Ring {whole}", "letter"))


@pytest.mark.parametrize(
    "words",
    ["Bo Holm-Lindqvist", "a-b-c", "<https://a-b.example.org/x-y>", '![1-2 > e-post](a-b.png "a-b")', "- e"],
)
def test_other_hyphens_and_those_of_addresses_are_as_they_were(words: str) -> None:
    assert "span" not in prose.html(words)


#: From the top down on a phone: each title, picture and link or button, by its first letter.
ORDER = """
const seen = [...document.querySelectorAll(".prose h1, .prose h2, .photo img, .more a, .button a")];
const top = one => one.getBoundingClientRect().top;
return seen.sort((a, b) => top(a) - top(b)).map(one => one.tagName[0]).join("");
"""


@pytest.mark.browser
def test_on_a_phone_the_link_is_what_an_article_ends_with(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(png(700, bytes(3), bytes(700 * 400)))
    blocks = "".join(
        f"::: {kind}\n## A {kind}\n![A photo](photo.png)\nWords.\n\n[Read on](https://bay.example.org)\n:::\n"
        for kind in ("lead", "story", "story")
    )
    driver = browser(str(tmp_path / "profile"))
    try:
        for look, opening in (("letter", "IHA"), ("plain", "HIA")):
            (tmp_path / "letter.html").write_text(letter(blocks, look), encoding="utf-8")
            metrics = {"width": 375, "height": 800, "deviceScaleFactor": 1, "mobile": True}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            driver.get((tmp_path / "letter.html").as_uri())
            assert driver.execute_script(ORDER) == opening + "IHA" * 2
            wide = [one.size["width"] for one in driver.find_elements("css selector", ".photo img")]
            assert min(wide) > 300
    finally:
        driver.quit()


@pytest.mark.parametrize(
    ("look", "size", "width", "share"),
    [
        ("letter", (1200, 800), 190, 39.34),
        ("plain", (1200, 800), 128, 27.54),
        # A small or narrow one leaves its place to the words, a broad one stands above them.
        ("letter", (40, 30), 40, 11.77),
        ("plain", (300, 2400), 35, 10.69),
        ("letter", (2400, 200), 544, 100),
        ("plain", (2400, 200), 552, 100),
    ],
)
def test_a_picture_beside_words_takes_the_room_that_it_fills(
    look: str, size: tuple[int, int], width: int, share: float
) -> None:
    html = rendered(an_issue(Story(title="A", text="Words.", image=Picture("a.jpg", "A", *size))), look=look).html
    assert f'width="{width}"' in html[html.index("<img") :].partition(">")[0]
    shares = {float(found) for found in re.findall(r"column-per-[\d-]+ \{ width:([\d.]+)%", html)}
    assert shares == ({100} if share == 100 else {100, share, round(100 - share, 2)})


#: What stands between the greeting and the footer of a plain letter, with a line above or below it.
LINED = """
::: question {name="worth"}
Was it?

- Yes
- No
:::

::: divider
:::

::: cta {href="https://bay.example.org" label="Come"}
Come?
:::

## Coming up

Nothing.

::: divider
:::

## In brief

Nothing.
"""


def test_between_two_parts_of_a_plain_letter_one_line_is_drawn() -> None:
    drawn = re.findall(r'class="rule"|Was it\?<|Come\?<|Coming up<|In brief<|Nothing', letter(LINED, "plain"))
    lines = "".join("-" if one == 'class="rule"' else "w" for one in drawn)
    assert lines == "--w-w-ww-ww-"


@pytest.mark.parametrize("look", THEMES)
def test_a_line_ends_what_somebody_paid_for_where_running_text_follows(look: str) -> None:
    paid = '::: story {sponsor="The bank" src="a"}\n## Loans\nCheap.\n:::\n\n'
    lines = letter(f"{paid}Ours.", look).count('class="rule"')
    assert letter(f'{paid}::: prose {{src="a"}}\nMore of it.\n:::\n', look).count('class="rule"') == lines - 1


def test_letters_that_nobody_slants_stand_upright_and_titles_of_them_are_balanced() -> None:
    blocks = "::: quote\n{0}\n:::\n::: story\n## {0}\n{0}\n:::\n"
    english = letter(blocks.format("We did not expect so many to come"), "letter")
    japanese = letter(blocks.format("これほど多くの方にお越しいただけるとは思いませんでした"), "letter", "ja")
    assert "font-style:italic" in english
    assert "font-style:italic" not in japanese
    assert 'class="long"' not in japanese
    assert 'class="long"' in letter("::: story\n## Mitgliederversammlungsprotokoll\n:::\n", "letter", "de")


@pytest.mark.parametrize("comma", [", ", "، ", "、"])
def test_a_name_and_a_title_are_parted_by_the_comma_of_their_language(comma: str) -> None:
    quote = f'::: quote {{by="Anna Holm{comma}VD, Kajen"}}\nWe did not expect so many.\n:::\n'
    assert re.search(r"<cite[^>]*>Anna Holm</cite><br ?/?>VD, Kajen<", letter(quote, "letter"))
    one = issue.parse(f"---\nsubject: June\n---\n{quote}", slug="1", language="en", zone=LETTER.timezone)
    assert f"— Anna Holm{comma}VD, Kajen\n" in rendered(one).text


@pytest.mark.browser
def test_no_link_of_the_footer_is_set_in_where_it_begins_a_line(tmp_path: Path) -> None:
    (tmp_path / "letter.html").write_text(letter("Words.", "plain", "sv"), encoding="utf-8")
    driver = browser(str(tmp_path / "profile"))
    try:
        for width in (600, 375, 320):
            metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            driver.get((tmp_path / "letter.html").as_uri())
            lines: dict[int, int] = {}
            for one in driver.find_elements("css selector", ".ways span, .ways a"):
                lines[one.rect["y"]] = min(one.rect["x"], lines.get(one.rect["y"], width))
            assert set(lines.values()) == {24}
    finally:
        driver.quit()


def test_a_story_without_words_leaves_no_gap_in_the_text_part() -> None:
    blocks = "::: story\n## A pier\n\n[Read on](https://bay.example.org)\n:::\n"
    one = issue.parse(f"---\nsubject: June\n---\n{blocks}", slug="1", language="en", zone=LETTER.timezone)
    assert "A pier\n------\n\nRead on:\nhttps://bay.example.org\n" in rendered(one).text
