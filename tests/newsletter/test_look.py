"""Laws of the look, for every sample in both themes: whole HTML, light pages, fit for Outlook and spam filters."""

import re
from datetime import UTC, datetime
from html import unescape
from itertools import pairwise
from pathlib import Path

import html5lib
import pytest

from newsletter import config, issue, message, personal, preflight, render
from newsletter.cli.look import spam
from newsletter.mail.letterhead import Letterhead
from newsletter.model import Issue, Level, Picture
from newsletter.rendering import prose
from tests.editor import Editor
from tests.pictures import browser, png
from tests.samples import LETTER, SETTINGS, VALUES, rendered, sample

THEMES = ("letter", "plain")
SAMPLES = [("0001-hello", "en"), ("0002-everything", "en"), ("0002-everything", "sv")]
EVERYTHING = SETTINGS + '[[list]]\nslug = "monthly"\n[[smtp]]\nname="c"\nhost="127.0.0.1"\ntls="none"\n'
HEAD = Letterhead(
    sender_name="The bay",
    sender="news@example.org",
    reply_to="editor@example.org",
    base_url=LETTER.base_url,
    list="monthly",
    list_title="The monthly letter",
)
STORY = """
::: story {{src="https://bay.example.org/en/story-{0}"}}
## Warmth from the data hall grows tomatoes, part {0}
![Round leaves in greens, and ripe tomatoes](assets/greenhouse-{0}.jpg)
What the servers give off used to leave through a chimney. Now it heats four greenhouses, and the canteen has its
own tomatoes. There will be more of them in spring, when the second hall is ready and the pipes reach the quay.

[Inside the greenhouses](https://bay.example.org/en/story-{0})
:::
"""


def twelve() -> Issue:
    """Return an issue of twelve stories, each with a picture, its words and a link."""
    text = f"---\nsubject: Twelve stories\nlist: monthly\n---\n{''.join(map(STORY.format, range(12)))}"
    return issue.parse(text, slug="2025-11", language="en", zone=LETTER.timezone)


@pytest.mark.parametrize("look", THEMES)
@pytest.mark.parametrize(("slug", "language"), SAMPLES)
def test_a_sample_is_whole_html_and_passes_the_gate(slug: str, language: str, look: str) -> None:
    one = sample(slug, language)
    for segments in (frozenset(), render.segments_in([one])):
        made = rendered(one, segments=segments, look=look)
        parser = html5lib.HTMLParser()
        parser.parse(render.fill(made, VALUES).html)
        assert parser.errors == []
        found = preflight.check(made, one, config.parse(EVERYTHING))
        assert [finding for finding in found if finding.level == Level.ERROR] == []


TABLE = """---
subject: What is for lunch
preheader: Soup on Monday, and fish on Tuesday, and what they cost at the quay
list: monthly
---
| Day    | Lunch                                   | Price |
|--------|:---------------------------------------:|------:|
| Monday | [Soup](https://bay.example.org/soup) & bread | 45 kr |
"""


@pytest.mark.parametrize("look", THEMES)
@pytest.mark.parametrize(("language", "start"), [("en", "left"), ("ar", "right")])
def test_a_table_is_one_to_eyes_and_ears(look: str, language: str, start: str) -> None:
    one = issue.parse(TABLE, slug="1", language=language, zone=LETTER.timezone)
    made = rendered(one, look=look)
    heads = re.findall(r'<th (?=[^>]*scope="col")[^>]*align="(\w+)"[^>]*>([^<]*)', made.html)
    assert heads == [(start, "Day"), ("center", "Lunch"), ("right", "Price")]
    assert "Monday   Soup <https://bay.example.org/soup> & bread   45 kr" in made.text
    codes = {finding.id for finding in preflight.check(made, one, config.parse(EVERYTHING))}
    assert not codes & {
        "table-role",
        "leftover-markup",
        "text-different",
        "text-lost",
        "contrast",
        "contrast-dark",
    }


WIDE = """---
subject: Rents
---
| | Kokoustilavarausjärjestelmä | Kuukausihinta arvonlisäveroineen | Lisätietopyyntölomake |
|---|---|---:|---|
| Vesijohtoverkostokunnossapito | 12 000 kr | 1 200 000 kr | kaukolampolaitos@kunnossapito.se |

::: cta {href="https://bay.example.org"}
| A | B |
|---|---|
| Lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppilas | Käsittelylaitosautomaatiojärjestelmä |

[Book](https://bay.example.org)
:::
"""


@pytest.mark.browser
def test_no_table_makes_the_letter_wider_than_a_phone(tmp_path: Path) -> None:
    one = issue.parse(WIDE, slug="1", language="en", zone=LETTER.timezone)
    driver = browser(str(tmp_path / "profile"))
    try:
        for look in THEMES:
            page = tmp_path / f"{look}.html"
            page.write_text(render.fill(rendered(one, look=look), VALUES).html, encoding="utf-8")
            for width in (600, 375, 320):
                metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
                driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
                driver.get(page.as_uri())
                assert driver.execute_script("return document.documentElement.scrollWidth") <= width
                rows = driver.find_elements("css selector", ".moves")
                assert [bool(row.get_property("scrollWidth") > row.size["width"]) for row in rows] == [True, True]
    finally:
        driver.quit()


def test_the_digits_of_a_number_stay_together_and_a_column_without_a_head_has_none() -> None:
    html = rendered(issue.parse(WIDE, slug="1", language="en", zone=LETTER.timezone)).html
    assert "1&nbsp;200&nbsp;000 kr" in html
    assert html.count("<th ") == 5
    for words in ("In 2025 300 people", "08-123 45 67", "1.5 200", "12 0000"):
        assert "nbsp" not in prose.html(words)


#: Text of twice the size, as a reader with weak eyes has it.
LARGE = """
const all = [...document.body.querySelectorAll("*")].map(one => [one, parseFloat(getComputedStyle(one).fontSize)]);
for (const [one, size] of all) one.style.setProperty("font-size", 2 * size + "px", "important");
"""
HOURS = """---
subject: When the bath is open
---
::: story {src="https://bay.example.org/bath"}
## The bath opens again
![Steam over the water](assets/bath.jpg)
| Day | Hours | A visit |
|---|---|---:|
| Monday | 10–18 | 1–2 kr |
| Saturday | kl. **08:30–16:00** | [50–60 kr](https://bay.example.org/10–18 "10–18") |
:::
"""


@pytest.mark.browser
def test_a_table_has_the_whole_width_even_if_its_story_has_a_picture(tmp_path: Path) -> None:
    one = issue.parse(HOURS, slug="1", language="en", zone=LETTER.timezone)
    driver = browser(str(tmp_path / "profile"))
    try:
        for look in THEMES:
            page = tmp_path / f"{look}.html"
            page.write_text(render.fill(rendered(one, look=look), VALUES).html, encoding="utf-8")
            metrics = {"width": 600, "height": 800, "deviceScaleFactor": 1, "mobile": False}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            driver.get(page.as_uri())
            driver.execute_script(LARGE)
            table = driver.find_element("css selector", ".moves")
            assert table.size["width"] > 540
            assert table.get_property("scrollWidth") <= table.size["width"]
            assert len(driver.find_elements("css selector", ".photo img")) == 1
            spans = driver.find_elements("css selector", ".whole")
            lines = "return arguments[0].getClientRects().length"
            assert [driver.execute_script(lines, each) for each in spans] == [1, 1, 1, 1]
    finally:
        driver.quit()


def test_the_numbers_of_a_span_stay_together_in_a_table_only() -> None:
    html = prose.html(HOURS.partition("jpg)")[2].partition(":::")[0])
    assert re.findall(r'<span class="whole">(.*?)</span>', html) == [
        "10–18",
        "1–2",
        "08:30–16:00",
        "50–60",
    ]
    rent = prose.html("| Rent |\n|---|\n| 1 000–1 200 kr |")
    assert '<span class="whole">1&nbsp;000–1&nbsp;200</span> kr' in rent
    assert "span" not in prose.html("Open 10–18")


@pytest.mark.parametrize("look", THEMES)
def test_twelve_stories_weigh_less_than_fifty_five_kilobytes(look: str) -> None:
    assert len(render.fill(rendered(twelve(), look=look), VALUES).html.encode()) < 55_000


@pytest.mark.parametrize("look", THEMES)
def test_outlook_finds_whole_pictures_and_columns_that_fit_the_paper(look: str) -> None:
    html = rendered(sample("0002-everything", "en"), look=look).html
    widths = re.findall(r'<img[^>]* width="([^"]*)"', html)
    assert widths
    assert all(width.isdecimal() and int(width) <= 600 for width in widths)
    for row in re.findall(r"<!--\[if mso \| IE\]>.*?<!\[endif\]-->", html, re.DOTALL):
        assert all(int(width) <= 600 for width in re.findall(r"width[:=]\"?(\d+)(?:px)?", row))
    # Two columns share what the sides of the paper leave.
    pairs = [float(width) for width in re.findall(r"vertical-align:top;width:([\d.]+)px", html)]
    assert any(one + other == pytest.approx(600 - 2 * side) for one, other in pairwise(pairs) for side in (28, 24))


@pytest.mark.parametrize("look", THEMES)
def test_every_ground_says_its_colour_twice_for_old_programs(look: str) -> None:
    html = rendered(sample("0002-everything", "en"), look=look).html
    assert "background-image" not in html
    assert "url(" not in html
    assert re.search(r'<table[^>]* bgcolor="#[0-9a-f]{6}"', html)


@pytest.mark.spamassassin
def test_spam_filters_think_well_of_the_samples() -> None:
    links = {name: value for name, value in VALUES.items() if name != "name"}
    messages = {}
    for look in THEMES:
        for slug, language in SAMPLES:
            plan = message.compile(rendered(sample(slug, language), look=look), HEAD, datetime.now(UTC))
            own = personal.ends({**links, "name": "Åsa"})
            to = message.Recipient("asa@example.org", "Åsa", "<1.a@example.org>", "bounce+1-a@example.org", own)
            messages[f"{look} {slug} {language}"] = plan.fill(to).data
    scores = spam.scores(messages)
    assert set(scores) == set(messages)
    assert {name: score for name, score in scores.items() if score.points >= 1.0} == {}


#: How far an element stands out of the page to the right, and what it says.
OUTSIDE = """
const edge = document.documentElement.clientWidth + 1;
return [...document.body.querySelectorAll("h1, h2, h3, p, li, a, img, td")]
  .filter(one => one.getBoundingClientRect().right > edge && !one.closest(".preheader"))
  .map(one => one.textContent.slice(0, 60));
"""


@pytest.mark.browser
def test_the_real_page_is_a_letter_that_fits_a_phone(editor: Editor, seed_page: Path, tmp_path: Path) -> None:
    assert editor("articles", "add", str(seed_page))[0] == 0
    assert editor("compose", "2025-06")[0] == 0
    driver = browser(str(tmp_path / "profile"))
    try:
        for look in THEMES:
            editor.settings(r'theme = "\w+"', f'theme = "{look}"')
            _, found = editor.json("render", "2025-06", "--out", str(tmp_path / look))
            page = Path(found["files"][0]["html"])
            parser = html5lib.HTMLParser()
            tree = parser.parse(page.read_text(encoding="utf-8"))
            assert parser.errors == []
            assert tree is not None
            for width in (600, 375, 320):
                metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
                driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
                driver.get(page.as_uri())
                assert driver.execute_script(OUTSIDE) == [], f"{look} at {width}"
                assert driver.execute_script("return document.documentElement.scrollWidth") <= width
            heads = [head.text for head in driver.find_elements("css selector", "h1")]
            assert len(heads) == 1
            assert "Flemingsberg" in heads[0]
    finally:
        driver.quit()


TITLES = """---
subject: Titlar
---
::: lead
## Innovationsstationens entréhall
Ord.
:::
::: story
## Innovationsstationens entréhall
Ord.
:::
::: brief
## Innovationsstationens entréhall
Ord.
:::
::: toc
:::
::: events
- 2027-12-13 18:00 | Luciatåg i Innovationsstationens entréhall | Parken | https://bay.example.org/lucia
:::
"""
#: Chromium draws no hyphen where it balances lines.
HYPHENLESS = """
return [...document.querySelectorAll('*')].filter(one =>
  [...one.childNodes].some(each => each.nodeType === 3 && each.data.includes('\u00ad'))
  && getComputedStyle(one).textWrapStyle === 'balance' && getComputedStyle(one).hyphens !== 'none'
).map(one => one.outerHTML)
"""


@pytest.mark.browser
def test_no_title_is_parted_without_a_hyphen(tmp_path: Path) -> None:
    one = issue.parse(TITLES, slug="1", language="sv", zone=LETTER.timezone)
    driver = browser(str(tmp_path / "profile"))
    try:
        for look in THEMES:
            page = tmp_path / f"{look}.html"
            page.write_text(render.fill(rendered(one, look=look), VALUES).html, encoding="utf-8")
            for width in (600, 375):
                metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 500}
                driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
                driver.get(page.as_uri())
                assert driver.execute_script("return document.body.innerHTML.split('\u00ad').length") > 4
                assert driver.execute_script(HYPHENLESS) == [], f"{look} at {width}"
    finally:
        driver.quit()


GROUNDS = "return [...document.querySelectorAll('.photo img')].map(one => getComputedStyle(one).backgroundColor)"


@pytest.mark.browser
def test_a_tall_picture_leaves_room_on_a_phone_and_a_sheer_one_lies_on_paper_in_the_dark(
    editor: Editor, tmp_path: Path
) -> None:
    assets = editor.root / "issues" / "2025-06" / "assets"
    assets.mkdir(parents=True)
    (assets / "tall.png").write_bytes(png(700, bytes(3), bytes(700 * 1200)))
    (assets / "photo.jpg").write_bytes(png(700, bytes(3), bytes(700 * 1200)))
    blocks = "".join(
        f"::: {kind}\n## A {kind}\n![A {name}](assets/{name})\nWords.\n:::\n"
        for kind, name in (("lead", "tall.png"), ("story", "tall.png"), ("story", "photo.jpg"))
    )
    text = f"---\nsubject: Tall\n---\n{blocks}::: image\n![An image](assets/tall.png)\n:::\n"
    (assets.parent / "issue.md").write_text(text, encoding="utf-8")
    driver = browser(str(tmp_path / "profile"))
    try:
        for look, paper in (("letter", "rgb(255, 253, 250)"), ("plain", "rgb(255, 255, 255)")):
            editor.settings(r'theme = "\w+"', f'theme = "{look}"')
            _, found = editor.json("render", "2025-06", "--out", str(tmp_path / look))
            metrics = {"width": 375, "height": 800, "deviceScaleFactor": 1, "mobile": True}
            driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
            dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
            driver.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
            driver.get(Path(found["files"][0]["html"]).as_uri())
            shown = driver.find_elements("css selector", ".photo img")
            assert [one.size["height"] for one in shown] == [400] * 4
            assert driver.execute_script(GROUNDS) == [paper, paper, "rgba(0, 0, 0, 0)", paper]
    finally:
        driver.quit()


@pytest.mark.parametrize(
    ("size", "shown"),
    [((1200, 600), 600), ((600, 300), 600), ((300, 200), 300), ((800, 1200), 400), ((0, 0), 600), ((3, 9000), 1)],
)
def test_a_picture_is_shown_whole_and_never_blown_up(size: tuple[int, int], shown: int) -> None:
    assert Picture("a.jpg", "A", *size).within(600, 600) == shown


def test_a_small_picture_beside_the_issue_keeps_its_size(editor: Editor) -> None:
    folder = editor.root / "issues" / "2025-06"
    (folder / "assets").mkdir(parents=True)
    header = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (240).to_bytes(4, "big") + (160).to_bytes(4, "big")
    (folder / "assets" / "små hus.png").write_bytes(header)
    (folder / "issue.md").write_text(
        "---\nsubject: Small\n---\n::: lead\n## Small\n![A house](<assets/små hus.png>)\nWords.\n:::\n",
        encoding="utf-8",
    )
    _, found = editor.json("render", "2025-06", "--out", str(editor.root / "out"))
    html = Path(found["files"][0]["html"]).read_text(encoding="utf-8")
    assert re.search(r'<img alt="A house"[^>]* width="240"', html)


@pytest.mark.parametrize("look", THEMES)
def test_words_stay_apart_for_what_only_takes_the_tags_away(look: str) -> None:
    """As Emacs, Claws Mail and the lines under a subject do, and the tables in them are no tables."""
    text = """---
subject: Words
list: monthly
---
Hello **you**
*and* [one](https://bay.example.org/1)
[two](https://bay.example.org/2)

| Year | Visitors |
|---|---|
| 2025 | 9 000 |

> Said before

    code = after

::: events
- 2025-12-01 | A walk | Quay 4
:::
"""
    one = rendered(issue.parse(text, slug="2025-11", language="en", zone=LETTER.timezone), look=look)
    bare = " ".join(unescape(re.sub(r"<[^>]+>", "", one.html)).split())
    assert "Hello you and one two Year Visitors 2025 9 000 Said before code = after" in bare
    assert "A walk Mon" in bare


@pytest.mark.parametrize("look", THEMES)
def test_the_frame_around_a_letter_has_the_colour_of_its_page(look: str) -> None:
    """Evolution leaves a strip of it free at the right, and makes that white where nothing insists."""
    html = rendered(sample("0001-hello", "en"), look=look).html
    light, dark = re.findall(r"html(?:, body)? \{ background-color: (#\w+) !important", html)
    assert f'<body style="word-spacing:normal;background-color:{light}' in html
    assert light != dark


@pytest.mark.browser
def test_a_button_has_a_shape_where_readers_choose_all_colours_themselves(tmp_path: Path) -> None:
    driver = browser(str(tmp_path / "profile"))
    try:
        media = {"features": [{"name": "forced-colors", "value": "active"}]}
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
        for look in THEMES:
            page = tmp_path / f"{look}.html"
            page.write_text(rendered(sample("0002-everything", "en"), look=look).html, encoding="utf-8")
            driver.get(page.as_uri())
            drawn = [
                one.value_of_css_property("outline-style")
                for one in driver.find_elements("css selector", ".button a")
            ]
            assert drawn
            assert set(drawn) == {"solid"}
    finally:
        driver.quit()
